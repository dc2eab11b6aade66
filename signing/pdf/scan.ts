import { SigningError } from "../errors.ts";
import { Budget, MAX_OBJECTS, exceeded } from "./limits.ts";
import { PdfDict, PdfName, type PdfObject, PdfRef } from "./objects.ts";
import { Parser } from "./parser.ts";
import { Finder } from "./search.ts";
import type { PdfSource } from "./source.ts";

/** An object that begins at an offset, whether or not anything refers to it. */
export interface ScannedObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
  /** The offset behind `endobj`, or behind `obj` when the rest cannot be read. */
  readonly end: number;
  readonly whole: boolean;
  /** Whether it is as it should be, the length of its stream above all, as far as that stands in the object itself. */
  readonly sound: boolean;
  /** /Type, where it is a name. */
  readonly type?: string;
}

/** What stands in a file one behind the other, found without following any offset. */
export interface Scan {
  readonly objects: readonly ScannedObject[];
  /** Trailers of tables and dictionaries of cross-reference streams. */
  readonly trailers: readonly { readonly offset: number; readonly dict: PdfDict; readonly table: boolean }[];
  /** Each `%%EOF`: the offset behind its line, and the number after the `startxref` before it. */
  readonly ends: readonly { readonly end: number; readonly startxref: number | undefined }[];
  /** Runs of bytes that are no part of a file's structure, the first few of them. */
  readonly stray: readonly { readonly start: number; readonly end: number }[];
}

/** An object's head, its dictionary above all, is looked at up to this size. */
const LONGEST_HEAD = 4 * 2 ** 20;
const MOST_STRAY = 50;
const MOST_ENDS = 10_000;
const MOST_BROKEN = 10_000;
const WORDS = ["obj", "trailer", "startxref", "%%EOF"];

/**
 * Goes through the file once, from the header on. Streams are skipped by their /Length where it is right, else to their
 * `endstream`. Time is linear in the file's length. Throws LIMIT_EXCEEDED.
 */
export function scan(source: PdfSource, from = 0): Scan {
  return new Scanner(source).run(from);
}

class Scanner {
  readonly #source: PdfSource;
  readonly #budget: Budget;
  /** Integers that are objects, and streams whose /Length refers to one: compared when all have been seen. */
  readonly #integers = new Map<number, number[]>();
  readonly #waiting: { readonly at: number; readonly start: number; readonly end: number; readonly ref: number }[] = [];
  readonly #words: readonly Finder[];
  readonly #endstream: Finder;
  readonly #objects: ScannedObject[] = [];
  readonly #trailers: { offset: number; dict: PdfDict; table: boolean }[] = [];
  readonly #ends: { end: number; startxref: number | undefined }[] = [];
  readonly #stray: { start: number; end: number }[] = [];
  #position = 0;
  #startxref: number | undefined;
  #broken = 0;

  constructor(source: PdfSource) {
    this.#source = source;
    this.#budget = new Budget(source.length);
    this.#words = WORDS.map((word) => new Finder(source, word));
    this.#endstream = new Finder(source, "endstream");
  }

  run(from: number): Scan {
    this.#position = from;
    while (this.#position < this.#source.length) {
      const parser = this.#parser(256);
      const start = this.#position;
      if (!this.#blank(parser) && !this.#known(parser)) this.#astray(parser);
      // Each step moves on, whatever the bytes are.
      if (this.#position <= start) this.#position = start + 1;
    }
    for (const { at, start, end, ref } of this.#waiting) {
      const sound = this.#integers.get(ref)?.some((length) => this.#streamEnd(start, length) === end) ?? false;
      if (sound) this.#objects[at] = { ...this.#objects[at]!, sound };
    }
    return { objects: this.#objects, trailers: this.#trailers, ends: this.#ends, stray: this.#stray };
  }

  #parser(size: number): Parser {
    const { bytes, start } = this.#source.window(this.#position, size);
    const at = this.#position - start;
    return new Parser(bytes.subarray(0, at + size), at, this.#budget, true, start);
  }

  /** White space and comments, `%%EOF` among them. */
  #blank(parser: Parser): boolean {
    parser.skipWhite();
    if (parser.offset > this.#position) {
      this.#position = parser.offset;
      return true;
    }
    if (parser.bytes[parser.position] !== 0x25) return false;
    const line = parser.bytes.toString("latin1", parser.position, parser.position + 5);
    if (line === "%%EOF") {
      const rest = parser.bytes.toString("latin1", parser.position + 5, parser.position + 7);
      const lineEnd = rest === "\r\n" ? 2 : /^[\r\n]/.test(rest) ? 1 : 0;
      this.#position = Math.min(this.#source.length, parser.offset + 5 + lineEnd);
      if (this.#ends.length === MOST_ENDS) throw exceeded("The file has too many revisions.");
      this.#ends.push({ end: this.#position, startxref: this.#startxref });
      this.#startxref = undefined;
    } else {
      this.#position = this.#lineEnd(this.#position);
    }
    return true;
  }

  #lineEnd(from: number): number {
    for (let at = from; at < this.#source.length; at += 256) {
      const found = this.#source
        .read(at, Math.min(this.#source.length, at + 256))
        .findIndex((b) => b === 10 || b === 13);
      if (found >= 0) return at + found;
    }
    return this.#source.length;
  }

  /** Whether one of the parts of a file stands here; moves behind it if so. */
  #known(parser: Parser): boolean {
    const byte = parser.bytes[parser.position]!;
    if (byte >= 0x30 && byte <= 0x39) return this.#object(parser);
    if (parser.accept("xref")) return this.#table(parser.offset);
    if (parser.accept("trailer")) {
      const dict = this.#value(parser.offset)?.value;
      if (!(dict instanceof PdfDict)) return false;
      this.#trailers.push({ offset: parser.offset, dict, table: true });
      return true;
    }
    if (!parser.accept("startxref")) return false;
    const number = /^\s*(\d{1,15})/.exec(parser.bytes.toString("latin1", parser.position, parser.position + 32));
    this.#startxref = number === null ? undefined : Number(number[1]);
    this.#position = parser.offset + (number?.[0].length ?? 0);
    return true;
  }

  /** The numbers of a table, which may be very many. */
  #table(from: number): boolean {
    this.#position = from;
    for (let size = 64; ; size = Math.min(2 * size, 65_536)) {
      const parser = this.#parser(size);
      const text = /^[\s\dnf]*/.exec(parser.bytes.toString("latin1", parser.position))![0];
      this.#position += text.length;
      if (text.length < size) return true;
    }
  }

  #object(parser: Parser): boolean {
    const { offset } = parser;
    const head = /^(\d{1,10})\s{1,20}(\d{1,5})\s{1,20}obj(?![^\s()<>[\]{}/%])/.exec(
      parser.bytes.toString("latin1", parser.position, parser.position + 64),
    );
    if (head === null) return false;
    const [number, generation] = [Number(head[1]), Number(head[2])];
    if (this.#objects.length === MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    const behind = offset + head[0].length;
    const read = this.#value(behind);
    if (read === undefined) {
      if (++this.#broken > MOST_BROKEN) throw exceeded("The file is too broken to be put right.");
      this.#position = behind;
      this.#objects.push({ number, generation, offset, end: behind, whole: false, sound: false });
      return true;
    }
    const type = read.value instanceof PdfDict ? read.value.get("Type") : undefined;
    if (typeof read.value === "number") {
      const others = this.#integers.get(number);
      if (others === undefined) this.#integers.set(number, [read.value]);
      else if (others.length < 8) others.push(read.value);
    }
    const { end, sound } = this.#objectEnd(read.value);
    this.#position = end;
    const named = type instanceof PdfName ? { type: type.name } : {};
    this.#objects.push({ number, generation, offset, end, whole: true, sound, ...named });
    if (type instanceof PdfName && type.name === "XRef") {
      this.#trailers.push({ offset, dict: read.value as PdfDict, table: false });
    }
    return true;
  }

  /** The value here, if it can be read; moves behind it. What could not be read is charged, lest it is tried often. */
  #value(offset: number): { value: PdfObject } | undefined {
    for (let size = 4_096; ; size *= 32) {
      this.#position = offset;
      const parser = this.#parser(Math.min(size, LONGEST_HEAD));
      const { mark } = this.#budget;
      try {
        const value = parser.object();
        if (!parser.ranOut || size >= LONGEST_HEAD || parser.offset >= this.#source.length) {
          this.#position = parser.offset;
          return { value };
        }
      } catch (error) {
        if (!(error instanceof SigningError)) throw error;
        const more = parser.ranOut && parser.base + parser.bytes.length < this.#source.length;
        if (!more || size >= LONGEST_HEAD) {
          this.#budget.searched(size);
          return undefined;
        }
      }
      this.#budget.restore(mark);
      this.#budget.searched(size);
    }
  }

  /** The offset behind the object whose value ends here: behind its stream, if it has one, and its `endobj`. */
  #objectEnd(value: PdfObject): { end: number; sound: boolean } {
    let parser = this.#parser(128);
    let sound = true;
    parser.skip();
    if (value instanceof PdfDict && parser.accept("stream")) {
      const after = parser.bytes[parser.position] === 13 ? 2 : 1;
      const [start, length] = [parser.offset + after, value.get("Length")];
      let end = this.#streamEnd(start, length);
      sound = end !== undefined;
      if (end === undefined) {
        const found = this.#endstream.next(start);
        if (found === undefined) return { end: this.#position, sound };
        end = found + "endstream".length;
        if (length instanceof PdfRef) this.#waiting.push({ at: this.#objects.length, start, end, ref: length.number });
      }
      this.#position = end;
      parser = this.#parser(128);
      parser.skip();
    }
    const closed = parser.accept("endobj");
    if (!closed && this.#waiting.at(-1)?.at === this.#objects.length) this.#waiting.pop();
    return { end: closed ? parser.offset : this.#position, sound: sound && closed };
  }

  /** The offset behind a stream's `endstream`, if it stands where /Length says. */
  #streamEnd(start: number, length: PdfObject | undefined): number | undefined {
    const { length: most } = this.#source;
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0 || start + length >= most) {
      return undefined;
    }
    const end = start + length;
    const behind = this.#source.read(end, Math.min(most, end + 32)).toString("latin1");
    const keyword = /^\s{0,16}endstream/.exec(behind);
    return keyword === null ? undefined : end + keyword[0].length;
  }

  /** Something else: goes on at the next word that could be a part of a file. */
  #astray(parser: Parser): void {
    const start = parser.offset;
    const candidates = this.#words.flatMap((word) => word.next(start + 1) ?? []);
    let next = Math.min(this.#source.length, ...candidates);
    const before = this.#source.read(Math.max(start, next - 40), next).toString("latin1");
    // `obj` is the third word of what it begins; as a part of `endobj` it begins nothing.
    const numbers = /\d{1,10}\s{1,20}\d{1,5}\s{1,20}$/.exec(before);
    if (numbers !== null && next - numbers[0].length > start) next -= numbers[0].length;
    else if (next < this.#source.length && !WORDS.slice(1).some((word) => this.#standsAt(word, next))) next += 3;
    this.#position = Math.min(next, this.#source.length);
    const last = this.#stray.at(-1);
    if (last?.end === start) last.end = this.#position;
    else if (this.#stray.length < MOST_STRAY) this.#stray.push({ start, end: this.#position });
  }

  #standsAt(word: string, offset: number): boolean {
    const end = Math.min(this.#source.length, offset + word.length);
    return this.#source.read(offset, end).toString("latin1") === word;
  }
}
