import type { PdfSource } from "./source.ts";

const PIECE = 2 ** 18;
/** What is looked for is mostly near: a large piece would be read anew for each of many objects. */
const FIRST_PIECE = 2 ** 14;

/** The offset of the first `text` at or behind `from`; undefined when there is none. */
export function findForward(source: PdfSource, text: string, from: number): number | undefined {
  for (let at = from, size = FIRST_PIECE; at < source.length; at += size, size = Math.min(2 * size, PIECE)) {
    const { bytes, start } = source.window(at, size + text.length);
    const found = bytes.indexOf(text, at - start, "latin1");
    if (found >= 0) return start + found;
    if (start + bytes.length >= source.length) return undefined;
  }
  return undefined;
}

/** The offset of the last `text` that ends at or before `end` and begins at or behind `least`; else undefined. */
export function findBackward(source: PdfSource, text: string, end: number, least = 0): number | undefined {
  for (let to = end; to >= least + text.length;) {
    const from = Math.max(least, to - PIECE);
    const found = source.read(from, to).lastIndexOf(text, undefined, "latin1");
    if (found >= 0) return from + found;
    if (from === least) return undefined;
    to = from + text.length - 1;
  }
  return undefined;
}

/** 7.2.3, table 1. */
const WHITE = new Set([0, 9, 10, 12, 13, 32]);

/** Whether there is nothing but white space from an offset to the end. */
export function isBlank(source: PdfSource, from: number): boolean {
  for (let at = from; at < source.length; at += PIECE) {
    const piece = source.read(at, Math.min(source.length, at + PIECE));
    if (!piece.every((byte) => WHITE.has(byte))) return false;
  }
  return true;
}

/** Finds one text again and again from rising offsets; over all calls each byte is looked at about once. */
export class Finder {
  readonly #source: PdfSource;
  readonly #text: string;
  #searched = -1;
  #found: number | undefined;

  constructor(source: PdfSource, text: string) {
    this.#source = source;
    this.#text = text;
  }

  /** The first place at or behind `from`, which must not be less than at the call before. */
  next(from: number): number | undefined {
    if (this.#searched < 0 || (this.#found !== undefined && this.#found < from)) {
      this.#found = findForward(this.#source, this.#text, from);
      this.#searched = from;
    }
    return this.#found;
  }
}
