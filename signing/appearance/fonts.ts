import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fontkit from "@pdf-lib/fontkit";
import type { PDFDocument, PDFFont } from "pdf-lib";

export interface FontStyle {
  readonly bold?: boolean;
  readonly italic?: boolean;
}

/** Embeds a subset of Tinos, which has the metrics of Times New Roman and all Vietnamese letters. */
export function embedTinos(file: PDFDocument, style: FontStyle): Promise<PDFFont> {
  const font = `${style.bold ? "700Bold" : "400Regular"}${style.italic ? "_Italic" : ""}`;
  let bytes = fontFiles.get(font);
  if (bytes === undefined) {
    const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${font}/Tinos_${font}.ttf`);
    fontFiles.set(font, (bytes = readFileSync(path)));
  }
  file.registerFontkit({ create: parsedFont } as typeof fontkit);
  return file.embedFont(bytes, { subset: true });
}

type ParsedFont = ReturnType<typeof fontkit.create>;

const fontFiles = new Map<string, Buffer>();
const parsedFonts = new WeakMap<Uint8Array, ParsedFont>();

/** Parses a font once in the life of the process; each document takes its own subset of it. */
function parsedFont(bytes: Uint8Array): ParsedFont {
  let font = parsedFonts.get(bytes);
  if (font === undefined) {
    font = fontkit.create(bytes);
    // fontkit remembers for what letter it first met a glyph: for none, if as a part of another letter (U of Ủ), and
    // then the text could not be copied out of the PDF. So each glyph is met on its own first.
    for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
    const createSubset = font.createSubset.bind(font);
    font.createSubset = () => withLongOffsets(createSubset());
    parsedFonts.set(bytes, font);
  }
  return font;
}

/** What a TrueType subset keeps while it is written; not in fontkit's types. */
interface SubsetInProgress {
  readonly loca: { version?: number };
  _addGlyph(glyph: number): number;
}

/** fontkit would write short `loca` offsets, which count in words: glyphs behind one of odd length would vanish. */
function withLongOffsets<Subset>(subset: Subset): Subset {
  const inProgress = subset as SubsetInProgress;
  const addGlyph = inProgress._addGlyph;
  inProgress._addGlyph = function (glyph) {
    this.loca.version = 1;
    return addGlyph.call(this, glyph);
  };
  return subset;
}
