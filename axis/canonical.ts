import { createHash } from "node:crypto";

const maxDepth = 32;

/**
 * The canonical form of a JSON value (RFC 8785).
 * Throws a `TypeError` for what JSON cannot carry: NaN, infinities, lone surrogates, undefined, functions, depth over
 * 32.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function write(value: unknown, depth: number): string {
  if (depth > maxDepth) throw new TypeError("JSON nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return writeString(value);
  // RFC 8785, 3.2.2.3: numbers are written as ECMAScript does, which turns -0 into 0.
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    // RFC 8785, 3.2.3: names in the order of their UTF-16 code units, which is what a plain sort does.
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([name, member]) => `${writeString(name)}:${write(member, depth + 1)}`).join(",")}}`;
  }
  throw new TypeError(`Not a JSON value: ${typeof value}`);
}

function writeString(text: string): string {
  // RFC 8785, 3.2.2.2: lone surrogates must be an error; JSON.stringify would escape them.
  if (!text.isWellFormed()) throw new TypeError("Lone surrogate in a JSON string");
  return JSON.stringify(text);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
