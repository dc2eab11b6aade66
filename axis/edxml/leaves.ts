import type { XmlElement } from "./parse.ts";
import { element, wrongType, type Codec, type Place } from "./codec.ts";
import { formatDay, formatTimestamp, parseDay, parseTimestamp } from "./dates.ts";

interface LeafOptions {
  /** Reported when there is nothing. */
  readonly required?: boolean;
  /** Left out of the message, instead of written as an empty element, when there is nothing. */
  readonly sparse?: boolean;
}

interface Form<T extends string | number | boolean | null> {
  readonly empty: T;
  /** Undefined for text that is no such value. */
  parse(text: string): T | undefined;
  format(value: T & {}): string;
  /** Whether the value is in bounds. */
  fits(value: T & {}): boolean;
}

// XML 1.0, production 2: what no document may contain, escaped or not.
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Text of at most `max` characters, exactly as it stands; blank is "". */
export function text(name: string, max: number, options: LeafOptions = {}): Codec<string> {
  const fits = (value: string) => value.length <= max;
  return leaf(name, { empty: "", parse: (given) => given, format: (value) => value, fits }, options);
}

/** A name for something, of at most `max` characters, without blanks around it. */
export function identifier(name: string, max: number, options: LeafOptions = {}): Codec<string> {
  const fits = (value: string) => value.length <= max && value.trim() === value;
  return leaf(name, { empty: "", parse: (given) => given.trim(), format: (value) => value, fits }, options);
}

/** A day: "2026-03-02" here, 2026/03/02 on the wire, other orders taken when read. */
export function day(name: string, options: LeafOptions = {}): Codec<string> {
  const fits = (value: string) => parseDay(value) === value;
  return leaf(name, { empty: "", parse: parseDay, format: formatDay, fits }, options);
}

/** An instant in Vietnam's time. */
export function timestamp(name: string, options: LeafOptions = {}): Codec<string> {
  const fits = (value: string) => parseTimestamp(value) === value;
  return leaf(name, { empty: "", parse: parseTimestamp, format: formatTimestamp, fits }, options);
}

/** A whole number from 0 to `max`. */
export function integer(name: string, max: number, options: LeafOptions = {}): Codec<number | null> {
  const parse = (given: string) => (/^\d{1,9}$/.test(given.trim()) ? Number(given) : undefined);
  const fits = (value: number) => Number.isInteger(value) && value >= 0 && value <= max;
  return leaf<number | null>(name, { empty: null, parse, format: String, fits }, options);
}

/** true or false, read also from 1 and 0. */
export function flag(name: string): Codec<boolean | null> {
  const words: Record<string, boolean> = { true: true, "1": true, false: false, "0": false };
  const parse = (given: string) => words[given.trim().toLowerCase()];
  return leaf<boolean | null>(name, { empty: null, parse, format: String, fits: () => true }, {});
}

/** One of the given words. */
export function word<const W extends string>(
  name: string,
  words: readonly W[],
  options: LeafOptions = {},
): Codec<W | ""> {
  const parse = (given: string) => words.find((candidate) => candidate === given.trim());
  const fits = (value: string) => words.some((candidate) => candidate === value);
  return leaf<W | "">(name, { empty: "", parse, format: (value) => value, fits }, options);
}

function leaf<T extends string | number | boolean | null>(name: string, form: Form<T>, options: LeafOptions): Codec<T> {
  const inspect = (value: T, place: Place): T => {
    if (value === form.empty || value === null) {
      if (options.required) place.report("N", "missing");
      return form.empty;
    }
    if (!form.fits(value)) place.report("R", "out_of_range", String(value));
    return value;
  };
  return {
    name,
    read(elements, place) {
      const given = ownText(elements, place);
      const value = given === "" ? form.empty : form.parse(given);
      if (value === undefined) place.report("T", "bad_value", given);
      return inspect(value ?? form.empty, place);
    },
    check(value, place) {
      const blank = typeof value === "string" && value.trim() === "";
      const expected = form.empty === null ? typeof form.parse("1") : "string";
      if (value === form.empty || blank) return inspect(form.empty, place);
      if (typeof value !== expected) throw wrongType(place, expected);
      if (illegal.test(String(value))) place.report("M", "illegal_character", JSON.stringify(value));
      return inspect(value as T, place);
    },
    write(value) {
      if (value === form.empty || value === null) return options.sparse ? [] : [element(name)];
      return [element(name, form.format(value))];
    },
  };
}

function ownText(elements: readonly XmlElement[], place: Place): string {
  const filled = elements.filter((found) => found.text.trim() !== "");
  const [first, ...others] = filled.map((found) => found.text);
  // Two values for one question: the first counts, and the reader is told.
  for (const other of others) if (other !== first) place.report("M", "duplicate", other);
  const [child] = elements.flatMap(({ children }) => children);
  if (child) place.report("M", "unexpected_content", child.name);
  return first ?? "";
}
