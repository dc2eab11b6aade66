import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fontkit, { type Font, type Glyph } from "@pdf-lib/fontkit";

/** A style of Tinos, which has the metrics of Times New Roman (NĐ 30/2020, Phụ lục I) and a free licence. */
export type Face = "regular" | "bold" | "italic" | "boldItalic";

const files: Record<Face, string> = {
  regular: "400Regular/Tinos_400Regular.ttf",
  bold: "700Bold/Tinos_700Bold.ttf",
  italic: "400Regular_Italic/Tinos_400Regular_Italic.ttf",
  boldItalic: "700Bold_Italic/Tinos_700Bold_Italic.ttf",
};

/** Height above and below the baseline of every face, in ems. */
export const ascent = 1825 / 2048;
export const descent = 443 / 2048;
/** Height of a capital letter without accents, in ems. */
export const capHeight = 1341 / 2048;

/** One parsed font file, shared by all documents of the process. */
export class Typeface {
  readonly file: Buffer;
  readonly font: Font;
  readonly #glyphs = new Map<number, Glyph>();
  readonly #supported: Set<number>;

  constructor(file: Buffer) {
    this.file = file;
    this.font = fontkit.create(file);
    this.#supported = new Set(this.font.characterSet);
  }

  /** Whether the font can draw a code point. */
  has(codePoint: number): boolean {
    return this.#supported.has(codePoint);
  }

  /** The glyph of one code point; letters map one to one, without ligatures, so that text extracts as written. */
  glyph(codePoint: number): Glyph {
    let glyph = this.#glyphs.get(codePoint);
    if (!glyph) {
      glyph = this.font.glyphForCodePoint(codePoint);
      // Only the font's own characters are kept: a hostile text cannot make the map grow without end.
      if (this.has(codePoint)) this.#glyphs.set(codePoint, glyph);
    }
    return glyph;
  }

  /** Width of a text in points at a size in points. */
  width(text: string, size: number): number {
    let units = 0;
    for (const character of text) units += this.glyph(character.codePointAt(0)!).advanceWidth;
    return (units * size) / this.font.unitsPerEm;
  }
}

const parsed = new Map<Face, Typeface>();

/** The parsed font of a face: read once in a process, at first use. */
export function typeface(face: Face): Typeface {
  let found = parsed.get(face);
  if (!found) {
    const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/tinos/${files[face]}`));
    found = new Typeface(readFileSync(path));
    parsed.set(face, found);
  }
  return found;
}
