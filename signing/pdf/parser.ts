import { unescapeLiteral } from "./literal.ts";
import { MAX_DEPTH, MAX_OBJECT_NUMBER, type Budget, exceeded, malformed } from "./limits.ts";
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from "./objects.ts";

const REGULAR = 0;
const WHITE = 1;
const DELIMITER = 2;
/** ISO 32000-2, 7.2.3, tables 1 and 2. */
const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE;
for (const character of "()<>[]{}/%") CLASS[character.charCodeAt(0)] = DELIMITER;

const LONGEST_NUMBER = 64;

/** Names that were read lately, by a hash of their bytes, so that they need not be made anew. */
const RECENT = new Array<PdfName | undefined>(2_048);
const LONGEST_RECENT = 32;

/** Reads objects from bytes at a moving position; every error is a SigningError, every loop ends with the bytes. */
export class Parser {
  readonly bytes: Buffer;
  position: number;
  readonly budget: Budget;
  /** Offset in the file of the first byte. */
  readonly base: number;
  /** Whether positions are offsets in the file, hence worth keeping. */
  readonly #inFile: boolean;
  /** Whether the bytes are only a piece of the file, which nothing that is kept may hold on to. */
  readonly #piece: boolean;
  #ended = false;

  constructor(bytes: Buffer, position: number, budget: Budget, inFile = true, base = 0, piece = false) {
    this.bytes = bytes;
    this.position = position;
    this.budget = budget;
    this.base = base;
    this.#inFile = inFile;
    this.#piece = piece;
  }

  /** The position as an offset in the file. */
  get offset(): number {
    return this.base + this.position;
  }

  /** Whether more bytes behind these could have led to another result. */
  get ranOut(): boolean {
    return this.#ended || this.position + 2 >= this.bytes.length;
  }

  /** Says that what comes looks up to `count` bytes ahead by itself. */
  need(count: number): void {
    if (this.position + count > this.bytes.length) this.#ended = true;
  }

  /** Moves past white space and comments. */
  skip(): void {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.position;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === 0x25) while (at + 1 < length && bytes[at + 1] !== 10 && bytes[at + 1] !== 13) at++;
      else if (CLASS[byte] !== WHITE) break;
    }
    if (at >= length) this.#ended = true;
    this.position = at;
  }

  /** Moves past white space, but not past comments. */
  skipWhite(): void {
    const { bytes } = this;
    while (this.position < bytes.length && CLASS[bytes[this.position]!] === WHITE) this.position++;
    if (this.position >= bytes.length) this.#ended = true;
  }

  /** Whether the keyword stands here as a whole token; moves past it if so. */
  accept(keyword: string): boolean {
    const { bytes, position } = this;
    const end = position + keyword.length;
    if (end >= bytes.length) this.#ended = true;
    if (end > bytes.length) return false;
    for (let at = 0; at < keyword.length; at++) {
      if (bytes[position + at] !== keyword.charCodeAt(at)) return false;
    }
    if (end < bytes.length && CLASS[bytes[end]!] === REGULAR) return false;
    this.position = end;
    return true;
  }

  /** Moves past white space and the keyword; throws MALFORMED_PDF if it does not stand here. */
  expect(keyword: string): void {
    this.skip();
    if (!this.accept(keyword)) throw this.error(`Expected "${keyword}"`);
  }

  /** The non-negative integer here, after white space; throws MALFORMED_PDF. */
  integer(): number {
    this.skip();
    const value = this.#digits(15);
    if (value < 0) throw this.error("Expected an integer");
    return value;
  }

  /** The object here, after white space; throws MALFORMED_PDF or LIMIT_EXCEEDED. */
  object(depth = 0): PdfObject {
    if (depth > MAX_DEPTH) throw exceeded("Objects are nested too deep.", { offset: this.offset });
    this.skip();
    const { bytes, position: start } = this;
    const byte = bytes[start];
    switch (byte) {
      case 0x2f:
        this.budget.value(0);
        return this.#name();
      case 0x28: {
        const value = this.#literal();
        this.budget.value(this.position - start);
        return value;
      }
      case 0x5b:
        this.budget.value(0);
        return this.#array(depth);
      case 0x3c: {
        if (bytes[start + 1] === 0x3c) {
          this.budget.value(0);
          return this.#dictionary(depth);
        }
        const value = this.#hexadecimal();
        this.budget.value(this.position - start);
        return value;
      }
      case 0x74:
        if (this.accept("true")) return this.#charged(true);
        break;
      case 0x66:
        if (this.accept("false")) return this.#charged(false);
        break;
      case 0x6e:
        if (this.accept("null")) return this.#charged(null);
        break;
      default:
        if (byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e)) {
          this.budget.value(0);
          return this.#numberOrReference();
        }
    }
    throw this.error("Expected an object");
  }

  #charged<T>(value: T): T {
    this.budget.value(0);
    return value;
  }

  #numberOrReference(): number | PdfRef {
    const { bytes } = this;
    const start = this.position;
    const number = this.#digits(10);
    if (number < 0) return this.#number(start);
    const end = this.position;
    const next = bytes[end];
    if (next !== undefined && CLASS[next] === REGULAR) return this.#number(start);
    this.skip();
    const first = bytes[this.position];
    if (first !== undefined && first >= 0x30 && first <= 0x39) {
      const generation = this.#digits(5);
      if (generation >= 0) {
        this.skip();
        if (this.accept("R") && number <= MAX_OBJECT_NUMBER) return new PdfRef(number, generation);
      }
    }
    this.position = end;
    return number;
  }

  /** Up to `most` digits ending a token or not; −1, and not moved, when there is none or there are more. */
  #digits(most: number): number {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.position;
    let value = 0;
    for (; at < length; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at >= length) this.#ended = true;
    if (at === this.position || at - this.position > most) return -1;
    this.position = at;
    return value;
  }

  #number(start: number): number {
    const text = this.bytes.toString("latin1", start, this.#tokenEnd(start, LONGEST_NUMBER + 1));
    if (text.length > LONGEST_NUMBER || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) {
      this.position = start;
      throw this.error("Not a number");
    }
    this.position = start + text.length;
    return Number(text);
  }

  #tokenEnd(start: number, most = Number.POSITIVE_INFINITY): number {
    const { bytes } = this;
    const limit = Math.min(bytes.length, start + most);
    let at = start;
    while (at < limit && CLASS[bytes[at]!] === REGULAR) at++;
    if (at >= bytes.length) this.#ended = true;
    return at;
  }

  #name(): PdfName {
    const { bytes } = this;
    const { length } = bytes;
    const start = this.position + 1;
    let at = start;
    let hash = 0;
    let escaped = false;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (CLASS[byte] !== REGULAR) break;
      if (byte === 0x23) escaped = true;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (at >= length) this.#ended = true;
    this.position = at;
    if (escaped) {
      const decode = (_: string, hex: string): string => String.fromCharCode(parseInt(hex, 16));
      return new PdfName(bytes.toString("latin1", start, at).replace(/#([0-9A-Fa-f]{2})/g, decode));
    }
    const slot = (hash ^ (hash >>> 11)) & (RECENT.length - 1);
    const recent = RECENT[slot];
    if (recent !== undefined && isText(recent.name, bytes, start, at)) return recent;
    const made = new PdfName(bytes.toString("latin1", start, at));
    if (at - start <= LONGEST_RECENT) RECENT[slot] = made;
    return made;
  }

  #hexadecimal(): PdfString {
    const start = this.position;
    const close = this.bytes.indexOf(0x3e, start);
    if (close < 0) {
      this.#ended = true;
      throw this.error("A hexadecimal string has no end");
    }
    let digits = this.bytes.toString("latin1", start + 1, close);
    let value = Buffer.from(digits, "hex");
    if (value.length * 2 !== digits.length) {
      digits = digits.replace(/[\0\t\n\f\r ]+/g, "");
      if (digits.length % 2 === 1) digits += "0"; // 7.3.4.3: a missing last digit is 0
      value = Buffer.from(digits, "hex");
      if (value.length * 2 !== digits.length) throw this.error("A hexadecimal string holds something else");
    }
    this.position = close + 1;
    return new PdfString(value, true, this.#span(start));
  }

  #literal(): PdfString {
    const { bytes } = this;
    const { length } = bytes;
    const start = this.position;
    let open = 1;
    let plain = true;
    let at = start + 1;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (byte === 0x5c) at++;
      else if (byte === 0x28) open++;
      else if (byte === 0x29 && --open === 0) break;
      if (byte === 0x5c || byte === 13) plain = false;
    }
    if (at >= length) {
      this.#ended = true;
      throw this.error("A string has no end");
    }
    this.position = at + 1;
    const inside = bytes.subarray(start + 1, at);
    const value = plain ? (this.#piece ? Buffer.from(inside) : inside) : unescapeLiteral(inside);
    return new PdfString(value, false, this.#span(start));
  }

  #array(depth: number): PdfObject[] {
    this.position++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skip();
      if (this.bytes[this.position] === 0x5d) {
        this.position++;
        return items;
      }
      items.push(this.object(depth + 1));
    }
  }

  #dictionary(depth: number): PdfDict {
    const start = this.position;
    this.position += 2;
    const entries = new Map<string, PdfObject>();
    let repeated: string[] | undefined;
    for (;;) {
      this.skip();
      const byte = this.bytes[this.position];
      if (byte === 0x3e && this.bytes[this.position + 1] === 0x3e) break;
      if (byte !== 0x2f) throw this.error("Expected a key of a dictionary");
      const key = this.#name().name;
      const value = this.object(depth + 1);
      // Said twice in the same way it is the same for every reader.
      const known = entries.get(key);
      if (known !== undefined && !isSameAtom(known, value)) (repeated ??= []).push(key);
      entries.set(key, value);
    }
    this.position += 2;
    return new PdfDict(entries, this.#span(start), repeated);
  }

  #span(start: number): { start: number; end: number } | undefined {
    return this.#inFile ? { start: this.base + start, end: this.base + this.position } : undefined;
  }

  /** MALFORMED_PDF at this position. */
  error(message: string): Error {
    return malformed(`${message} at byte ${this.offset}.`, { offset: this.offset });
  }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

function isSameAtom(a: PdfObject, b: PdfObject): boolean {
  if (a instanceof PdfName) return b instanceof PdfName && a.name === b.name;
  if (a instanceof PdfRef) return b instanceof PdfRef && a.number === b.number && a.generation === b.generation;
  return a === b;
}
