import type { Rect } from "../pdf/geometry.ts";
import { around } from "./matrix.ts";

/** A word: what is shown without a gap. `text` is undefined where a font does not tell. */
export interface Word {
  readonly kind: "word";
  readonly rect: Rect;
  readonly text: string | undefined;
  /** Dots, dashes and the like that lead to a place to be filled in, or white space. */
  readonly isFiller: boolean;
  /** Whether a glyph of it may not be seen on white paper: pale, transparent, tiny, not filled. */
  readonly isFaint: boolean;
}

const filler = /^[\s._\-–—‑…·•*:/]*$/;

/** A word to which glyphs are still added. */
export class OpenWord {
  #rect: Rect | undefined;
  #text: string | undefined = "";
  readonly #codes = new Set<number>();
  #count = 0;
  #isFaint = false;

  isNear(rect: Rect, tolerance: number): boolean {
    const own = this.#rect!;
    const apart = Math.max(rect[0] - own[2], own[0] - rect[2], rect[1] - own[3], own[1] - rect[3]);
    return apart <= tolerance;
  }

  add(rect: Rect, code: number, text: string | undefined, isFaint: boolean): void {
    const own = this.#rect ?? rect;
    this.#rect = around([
      [own[0], own[1]],
      [own[2], own[3]],
      [rect[0], rect[1]],
      [rect[2], rect[3]],
    ]);
    this.#text = this.#text === undefined || text === undefined ? undefined : this.#text + text;
    this.#codes.add(code);
    this.#count++;
    this.#isFaint ||= isFaint;
  }

  close(): Word {
    const text = this.#text;
    // Without meanings, one character over and over is taken for a dotted line.
    const isFiller = text === undefined ? this.#count > 1 && this.#codes.size === 1 : filler.test(text);
    return { kind: "word", rect: this.#rect!, text, isFiller, isFaint: this.#isFaint };
  }
}
