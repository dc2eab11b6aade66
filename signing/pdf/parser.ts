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
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** Reads objects from bytes at a moving position; every error is a SigningError, every loop ends with the bytes. */
export class Parser {
  readonly bytes: Buffer;
  position: number;
  readonly budget: Budget;
  /** Whether positions are offsets in the file, hence worth keeping. */
  readonly #inFile: boolean;

  constructor(bytes: Buffer, position: number, budget: Budget, inFile = true) {
    this.bytes = bytes;
    this.position = position;
    this.budget = budget;
    this.#inFile = inFile;
  }

  /** Moves past white space and comments. */
  skip(): void {
    const { bytes } = this;
    let at = this.position;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === 0x25) while (at + 1 < bytes.length && bytes[at + 1] !== 10 && bytes[at + 1] !== 13) at++;
      else if (CLASS[byte] !== WHITE) break;
    }
    this.position = at;
  }

  /** Whether the keyword stands here as a whole token; moves past it if so. */
  accept(keyword: string): boolean {
    const end = this.position + keyword.length;
    if (end > this.bytes.length || this.bytes.toString("latin1", this.position, end) !== keyword) return false;
    if (end < this.bytes.length && CLASS[this.bytes[end]!] === REGULAR) return false;
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
    if (value === undefined) throw this.error("Expected an integer");
    return value;
  }

  /** The object here, after white space; throws MALFORMED_PDF or LIMIT_EXCEEDED. */
  object(depth = 0): PdfObject {
    if (depth > MAX_DEPTH) throw exceeded("Objects are nested too deep.", { offset: this.position });
    this.skip();
    const start = this.position;
    const value = this.#value(depth);
    this.budget.value(typeof value === "object" && value instanceof PdfString ? this.position - start : 0);
    return value;
  }

  #value(depth: number): PdfObject {
    const { bytes } = this;
    const byte = bytes[this.position];
    switch (byte) {
      case 0x2f:
        return this.#name();
      case 0x28:
        return this.#literal();
      case 0x5b:
        return this.#array(depth);
      case 0x3c:
        return bytes[this.position + 1] === 0x3c ? this.#dictionary(depth) : this.#hexadecimal();
      case 0x74:
        if (this.accept("true")) return true;
        break;
      case 0x66:
        if (this.accept("false")) return false;
        break;
      case 0x6e:
        if (this.accept("null")) return null;
        break;
      default:
        if (byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e)) {
          return this.#numberOrReference();
        }
    }
    throw this.error("Expected an object");
  }

  #numberOrReference(): number | PdfRef {
    const start = this.position;
    const number = this.#digits(10);
    if (number === undefined) return this.#number(start);
    const next = this.bytes[this.position];
    if (next !== undefined && CLASS[next] === REGULAR) return this.#number(start);
    const end = this.position;
    this.skip();
    const generation = this.#digits(5);
    if (generation !== undefined) {
      this.skip();
      if (this.accept("R") && number <= MAX_OBJECT_NUMBER) return new PdfRef(number, generation);
    }
    this.position = end;
    return number;
  }

  /** Up to `most` digits ending a token or not; undefined, and not moved, when there is none or there are more. */
  #digits(most: number): number | undefined {
    const { bytes } = this;
    let at = this.position;
    let value = 0;
    for (; at < bytes.length; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === this.position || at - this.position > most) return undefined;
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
    return at;
  }

  #name(): PdfName {
    const start = this.position + 1;
    this.position = this.#tokenEnd(start);
    const text = this.bytes.toString("latin1", start, this.position);
    if (!text.includes("#")) return new PdfName(text);
    const decode = (_: string, hex: string): string => String.fromCharCode(parseInt(hex, 16));
    return new PdfName(text.replace(/#([0-9A-Fa-f]{2})/g, decode));
  }

  #hexadecimal(): PdfString {
    const start = this.position;
    const close = this.bytes.indexOf(0x3e, start);
    if (close < 0) throw this.error("A hexadecimal string has no end");
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
    const start = this.position;
    let open = 1;
    let plain = true;
    let at = start + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === 0x5c) at++;
      else if (byte === 0x28) open++;
      else if (byte === 0x29 && --open === 0) break;
      if (byte === 0x5c || byte === 13) plain = false;
    }
    if (at >= bytes.length) throw this.error("A string has no end");
    this.position = at + 1;
    const inside = bytes.subarray(start + 1, at);
    return new PdfString(plain ? inside : unescape(inside), false, this.#span(start));
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
      if (entries.has(key)) (repeated ??= []).push(key);
      entries.set(key, value);
    }
    this.position += 2;
    return new PdfDict(entries, this.#span(start), repeated);
  }

  #span(start: number): { start: number; end: number } | undefined {
    return this.#inFile ? { start, end: this.position } : undefined;
  }

  /** MALFORMED_PDF at this position. */
  error(message: string): Error {
    return malformed(`${message} at byte ${this.position}.`, { offset: this.position });
  }
}

/** The bytes of a literal string: escapes undone, line ends as LF (7.3.4.2). */
function unescape(text: Buffer): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let byte = text[at]!;
    if (byte === 13) {
      if (text[at + 1] === 10) at++;
      byte = 10;
    } else if (byte === 0x5c) {
      byte = text[++at]!;
      const escape = ESCAPES[String.fromCharCode(byte)];
      if (escape !== undefined) byte = escape;
      else if (byte === 10) continue;
      else if (byte === 13) {
        if (text[at + 1] === 10) at++;
        continue;
      } else if (byte >= 0x30 && byte <= 0x37) {
        let code = byte - 0x30;
        for (let more = 0; more < 2; more++) {
          const digit = (text[at + 1] ?? 0) - 0x30;
          if (digit < 0 || digit > 7) break;
          code = code * 8 + digit;
          at++;
        }
        byte = code & 0xff;
      }
    }
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
