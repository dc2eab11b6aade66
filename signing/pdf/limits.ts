import { SigningError } from "../errors.ts";

/** Nesting of arrays and dictionaries, and of the page and field trees. */
export const MAX_DEPTH = 100;
/** Indirect objects in a file, and the largest object number (ISO 32000-1 Annex C: 8,388,607). */
export const MAX_OBJECTS = 1_000_000;
export const MAX_OBJECT_NUMBER = 8_388_607;
/** Cross-reference sections in one chain of `/Prev`. */
export const MAX_SECTIONS = 1_000;
/** Pages of one document. */
export const MAX_PAGES = 5_000;
/** Bytes that an object other than a stream's data may take in the file. */
export const MAX_OBJECT_SIZE = 64 * 2 ** 20;
const MAX_INFLATED_STREAM = 128 * 2 ** 20;
const MAX_INFLATED_TOTAL = 512 * 2 ** 20;
const MAX_INFLATED_RATIO = 20;
/** So that honest small files have room: object streams and blank images may shrink to a hundredth and less. */
const FREE_INFLATED = 4 * 2 ** 20;
const MAX_VALUES = 20_000_000;
const MAX_VALUES_RATIO = 30;
const MAX_SEARCHED_RATIO = 64;
const FREE_SEARCHED = 2 ** 24;
const MAX_PAINTED_RATIO = 8;
const FREE_PAINTED = 2 ** 22;
/** So that the smallest files have room, too. */
const FREE_VALUES = 10_000;

/** An error for a file that breaks the format. */
export function malformed(message: string, details?: Record<string, unknown>): SigningError {
  return new SigningError("MALFORMED_PDF", message, details);
}

/** An error for a file that keeps the format but asks for more than we give. */
export function exceeded(message: string, details?: Record<string, unknown>): SigningError {
  return new SigningError("LIMIT_EXCEEDED", message, details);
}

/** What reading one file may still cost: bytes inflated and values parsed, over all of its objects and revisions. */
export class Budget {
  #inflatable: number;
  #values: number;
  #searchable: number;
  #paintable: number;

  constructor(fileSize: number) {
    this.#inflatable = Math.min(FREE_INFLATED + MAX_INFLATED_RATIO * fileSize, MAX_INFLATED_TOTAL);
    // A value takes a byte at least, and every byte, inflated or not, is read about once.
    this.#values = Math.min(FREE_VALUES + MAX_VALUES_RATIO * fileSize, MAX_VALUES);
    this.#searchable = FREE_SEARCHED + MAX_SEARCHED_RATIO * fileSize;
    this.#paintable = FREE_PAINTED + MAX_PAINTED_RATIO * fileSize;
  }

  /** Charges content that is read for what it paints, as often as it is painted; throws LIMIT_EXCEEDED. */
  painted(bytes: number): void {
    this.#paintable -= bytes;
    if (this.#paintable < 0) throw exceeded("The pages paint the same content too many times.");
  }

  /** Charges bytes that were searched through to put something right; throws LIMIT_EXCEEDED. */
  searched(bytes: number): void {
    this.#searchable -= bytes;
    if (this.#searchable < 0) throw exceeded("The file is too broken to be put right.");
  }

  /** The most bytes that the next stream may inflate to; always ≥ 1, as zlib demands. */
  get nextStream(): number {
    return Math.max(1, Math.min(this.#inflatable, MAX_INFLATED_STREAM));
  }

  /** Charges inflated bytes; throws LIMIT_EXCEEDED. */
  inflated(bytes: number): void {
    this.#inflatable -= bytes;
    if (this.#inflatable < 0) throw exceeded("Streams inflate to more than a file of this size may hold.");
  }

  /** Charges one parsed value of `length` bytes; throws LIMIT_EXCEEDED. Long strings count for many values. */
  value(length: number): void {
    this.#values -= 1 + (length >>> 6);
    if (this.#values < 0) throw exceeded("The file holds too many values, or shows the same bytes too many times.");
  }

  /** What is left for values, to be given back by `restore` when the same bytes are read again in a larger piece. */
  get mark(): number {
    return this.#values;
  }

  restore(mark: number): void {
    this.#values = mark;
  }
}
