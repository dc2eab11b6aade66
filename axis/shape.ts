import { AxisError } from "./errors.ts";

/** Turns an untrusted JSON value into a `T`, or throws `AxisError` "malformed" with the path of the first fault. */
export type Shape<T> = (value: unknown, path: string) => T;

/** Text of `min`…`max` UTF-16 code units that matches `pattern`. */
export function text(max: number, { min = 1, pattern }: { min?: number; pattern?: RegExp } = {}): Shape<string> {
  return (value, path) => {
    if (typeof value !== "string") throw malformed(path, "must be text");
    if (value.length < min || value.length > max) throw malformed(path, `must have ${min} to ${max} characters`);
    if (pattern && !pattern.test(value)) throw malformed(path, "has the wrong form");
    return value;
  };
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Shape<number> {
  return (value, path) => {
    if (!Number.isInteger(value)) throw malformed(path, "must be a whole number");
    if ((value as number) < min || (value as number) > max) throw malformed(path, `must be between ${min} and ${max}`);
    return value as number;
  };
}

/** One of a few words or numbers. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return (value, path) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw malformed(path, `must be one of ${values.join(", ")}`);
    return found;
  };
}

/** An instant in UTC as RFC 3339 with `Z`, as `Date.prototype.toISOString` writes it. */
export const instant: Shape<string> = (value, path) => {
  const time = typeof value === "string" && value.length === 24 ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString() !== value) throw malformed(path, "must be an instant in UTC");
  return value;
};

/** What `shape` takes, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** An array of `min`…`max` items. */
export function list<T>(item: Shape<T>, min: number, max: number): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw malformed(path, "must be a list");
    if (value.length < min || value.length > max) throw malformed(path, `must have ${min} to ${max} items`);
    return value.map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

/** An object with these members. Members it does not know are left out: a later version may add some. */
export function record<T extends object>(members: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(members);
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(path, "must be an object");
    const given = value as Record<string, unknown>;
    const own = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined);
    return Object.fromEntries(entries.map(([name, shape]) => [name, shape(own(name), `${path}.${name}`)])) as T;
  };
}

/** The error for a value of the wrong shape. */
export function malformed(path: string, fault: string): AxisError {
  return new AxisError("malformed", `${path} ${fault}`, { path });
}
