/** The object model of PDF (ISO 32000-2, 7.3): plain immutable values, each knowing where in the file it was read. */

import type { StoredBytes } from "./stored.ts";

/** Any PDF object. Numbers do not keep apart `1` and `1.0`; a missing key and `null` mean the same (7.3.9). */
export type PdfObject = null | boolean | number | PdfName | PdfString | PdfRef | PdfObject[] | PdfDict | PdfStream;

/** Byte offsets [start, end) in the file; absent for objects made in memory or read from an object stream. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name without its slash; one character per byte, `#xx` already decoded. */
export class PdfName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A string's bytes, and whether it is written `<hex>` or `(literal)`; the span covers the delimiters too. */
export class PdfString {
  readonly bytes: Buffer;
  readonly hex: boolean;
  readonly span: Span | undefined;

  constructor(bytes: Buffer, hex = false, span?: Span) {
    this.bytes = bytes;
    this.hex = hex;
    this.span = span;
  }
}

/** A reference to an indirect object. */
export class PdfRef {
  readonly number: number;
  readonly generation: number;

  constructor(number: number, generation = 0) {
    this.number = number;
    this.generation = generation;
  }
}

/** A dictionary. A key with two different values keeps the last and is named in `repeated`, for a validator to judge. */
export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfObject>;
  readonly span: Span | undefined;
  readonly repeated: readonly string[];

  constructor(entries: ReadonlyMap<string, PdfObject>, span?: Span, repeated: readonly string[] = []) {
    this.entries = entries;
    this.span = span;
    this.repeated = repeated;
  }

  /** The value of `key` as written: maybe a reference, undefined when absent. */
  get(key: string): PdfObject | undefined {
    return this.entries.get(key);
  }

  /** A copy in which the given keys are set, or removed where the value is undefined. */
  with(changes: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    const entries = new Map(this.entries);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
    }
    return new PdfDict(entries);
  }
}

/** A stream: its dictionary and its bytes, deciphered where the file is encrypted, filters not yet undone. */
export class PdfStream {
  readonly dict: PdfDict;
  readonly #bytes: Buffer | StoredBytes;

  constructor(dict: PdfDict, bytes: Buffer | StoredBytes) {
    this.dict = dict;
    this.#bytes = bytes;
  }

  /** The bytes; a stream that is still in its file is read now. Throws LIMIT_EXCEEDED if it is too long for memory. */
  get raw(): Buffer {
    return Buffer.isBuffer(this.#bytes) ? this.#bytes : this.#bytes.read();
  }

  /** Where the bytes are as long as they are still in their file. */
  get stored(): StoredBytes | undefined {
    return Buffer.isBuffer(this.#bytes) ? undefined : this.#bytes;
  }

  /** Whether both streams' bytes are the same; cheap for the same place in the file, and for streams of any length. */
  sameBytes(other: PdfStream): boolean {
    const [own, others] = [this.#bytes, other.#bytes];
    if (own === others) return true;
    if (!Buffer.isBuffer(own) && !Buffer.isBuffer(others)) return own.equals(others);
    return this.raw.equals(other.raw);
  }
}

/** A dictionary from a literal; keys with an undefined value are left out. */
export function dict(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
  const map = new Map<string, PdfObject>();
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) map.set(key, value);
  return new PdfDict(map);
}

const names = new Map<string, PdfName>();

/** The name `value`; use for the fixed names of the standard, which are kept for the life of the process. */
export function name(value: string): PdfName {
  let known = names.get(value);
  if (known === undefined) names.set(value, (known = new PdfName(value)));
  return known;
}

/** Whether `object` is the name `value`. */
export function isName(object: PdfObject | undefined, value: string): boolean {
  return object instanceof PdfName && object.name === value;
}
