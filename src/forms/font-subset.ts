import { PDFHexString, PDFName, PDFString, type PDFContext, type PDFRef } from "pdf-lib";
import { compressed } from "./compressed.ts";
import { subsetTrueType } from "./truetype-subset.ts";
import { ascent, capHeight, descent, typeface, type Face, type Typeface } from "./typeface.ts";

// ISO 32000-1, 9.6.4: six capital letters before the name mark a subset; different subsets of one file differ in them.
const tags: Record<Face, string> = { regular: "CVREGU", bold: "CVBOLD", italic: "CVITAL", boldItalic: "CVBOIT" };

/** The glyphs of one face that one document uses, to be embedded as a Type 0 font when the document is done. */
export class FontSubset {
  readonly #face: Face;
  readonly #typeface: Typeface;
  /** By glyph: the first character it was used for, and its width in thousandths of an em. */
  readonly #used = new Map<number, { codePoint: number; width: number }>();

  constructor(face: Face) {
    this.#face = face;
    this.#typeface = typeface(face);
  }

  /** A text as the hexadecimal string a content stream shows: four digits a glyph. */
  encode(text: string): string {
    let hex = "";
    for (const character of text) {
      const codePoint = character.codePointAt(0)!;
      const { id, advanceWidth } = this.#typeface.glyph(codePoint);
      if (!this.#used.has(id)) {
        this.#used.set(id, { codePoint, width: Math.round((advanceWidth * 1000) / this.#typeface.font.unitsPerEm) });
      }
      hex += fourDigits(id);
    }
    return hex;
  }

  /** Writes the font's objects; `ref` becomes the font dictionary. */
  embed(context: PDFContext, ref: PDFRef): void {
    const { font } = this.#typeface;
    const name = `${tags[this.#face]}+${font.postscriptName ?? "Tinos"}`;
    const scale = 1000 / font.unitsPerEm;
    const { minX, minY, maxX, maxY } = font.bbox;
    const italic = this.#face === "italic" || this.#face === "boldItalic";
    const bold = this.#face === "bold" || this.#face === "boldItalic";
    const file = subsetTrueType(this.#typeface.file, this.#used.keys());

    const descriptor = context.obj({
      Type: "FontDescriptor",
      FontName: name,
      Flags: 2 /* serif */ + 4 /* symbolic: its own encoding */ + (italic ? 64 : 0),
      FontBBox: [minX, minY, maxX, maxY].map((value) => Math.round(value * scale)),
      ItalicAngle: Math.round(font.italicAngle),
      Ascent: Math.round(ascent * 1000),
      Descent: -Math.round(descent * 1000),
      CapHeight: Math.round(capHeight * 1000),
      StemV: bold ? 140 : 80,
      FontFile2: context.register(compressed(context, file, { Length1: file.length })),
    });
    const widths = [...this.#used].sort(([a], [b]) => a - b).map(([id, { width }]) => [id, [width]]);
    const descendant = context.obj({
      Type: "Font",
      Subtype: "CIDFontType2",
      BaseFont: name,
      CIDSystemInfo: { Registry: PDFString.of("Adobe"), Ordering: PDFString.of("Identity"), Supplement: 0 },
      CIDToGIDMap: "Identity",
      FontDescriptor: context.register(descriptor),
      W: widths.flat() as (number | number[])[],
    });
    const dictionary = context.obj({
      Type: "Font",
      Subtype: "Type0",
      BaseFont: name,
      Encoding: "Identity-H",
      DescendantFonts: [context.register(descendant)],
      ToUnicode: context.register(compressed(context, Buffer.from(this.#toUnicode(), "latin1"))),
    });
    context.assign(ref, dictionary);
  }

  #toUnicode(): string {
    const entries = [...this.#used]
      .sort(([a], [b]) => a - b)
      .map(([id, { codePoint }]) => `<${fourDigits(id)}> <${utf16(codePoint)}>`);
    const sections: string[] = [];
    // A section holds at most 100 entries (Adobe technical note 5014).
    for (let start = 0; start < entries.length; start += 100) {
      const part = entries.slice(start, start + 100);
      sections.push(`${part.length} beginbfchar\n${part.join("\n")}\nendbfchar`);
    }
    return [
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
      "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
      ...sections,
      "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
    ].join("\n");
  }
}

/** A text string of PDF, in UTF-16BE. */
export function textString(text: string): PDFHexString {
  return PDFHexString.fromText(text);
}

/** The resource name of a face in content streams. */
export const resourceNames: Record<Face, PDFName> = {
  regular: PDFName.of("R"),
  bold: PDFName.of("B"),
  italic: PDFName.of("I"),
  boldItalic: PDFName.of("BI"),
};

function utf16(codePoint: number): string {
  return Buffer.from(String.fromCodePoint(codePoint), "utf16le").swap16().toString("hex");
}

function fourDigits(glyph: number): string {
  return glyph.toString(16).padStart(4, "0");
}
