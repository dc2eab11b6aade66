import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { isName, PdfDict, PdfName, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { attempt } from "./attempt.ts";
import { operations } from "./content.ts";
import { glyphMeanings } from "./glyph-meanings.ts";
import { glyphText } from "./glyph-names.ts";
import { standardWidths } from "./standard-widths.ts";
import type { Matrix } from "./matrix.ts";

/** What is needed of a font to know where its text is and what it says. */
export interface Font {
  readonly bytesPerCode: 1 | 2;
  /** Advance of a code in em. */
  width(code: number): number;
  /** What a code says; undefined where the font does not tell. */
  text(code: number): string | undefined;
  /** The same, where the dictionary leaves out what every reader knows: for the looks of fields, which have to fit. */
  exactWidth?(code: number): number | undefined;
  /** How a Type 3 font draws its glyphs (9.6.4). */
  readonly drawing?: Drawing;
}

interface Drawing {
  readonly matrix: Matrix;
  readonly resources: PdfDict | undefined;
  glyph(code: number): PdfStream | undefined;
}

/** A half em for each character: what is assumed of a font that tells nothing. */
export const unknownFont: Font = { bytesPerCode: 1, width: () => 0.5, text: latin };

const mostCodes = 65_536;
/** Entries of one font's tables that are looked at: some name the same codes over and over. */
const mostEntries = 100_000;

/** Reads widths and meanings of a font's codes (9.6, 9.7, 9.10); what is broken counts as not told. */
export function readFont(document: PdfDocument, view: PdfView, font: PdfDict): Font {
  const composite = isName(view.resolve(font.get("Subtype")), "Type0");
  const meanings = readToUnicode(document, view, view.resolve(font.get("ToUnicode")));
  if (composite) {
    const descendant = view.dict(listOf(view, font.get("DescendantFonts"))[0]);
    const usual = view.resolve(descendant?.get("DW"));
    const widths = compositeWidths(view, listOf(view, descendant?.get("W")));
    const otherwise = typeof usual === "number" ? usual : 1000;
    const drawn = drawnCharacters(document, view, font, descendant);
    const isTold = font.get("ToUnicode") !== undefined;
    return {
      bytesPerCode: 2,
      width: (code) => (widths.get(code) ?? otherwise) / 1000,
      text: (code) => {
        if (!isTold) return onlyMeaning(code, drawn(code));
        const meaning = meanings.get(code);
        const letters =
          meaning !== undefined && letter.test(meaning) ? drawn(code).filter((each) => letter.test(each)) : [];
        return letters.length > 0 && !letters.includes(meaning!) ? undefined : meaning;
      },
    };
  }
  const first = view.resolve(font.get("FirstChar"));
  const widths = listOf(view, font.get("Widths")).map((item) => view.resolve(item));
  const differences = readDifferences(view, view.dict(font.get("Encoding")));
  // A font of its own making draws what it likes, whatever it says.
  const symbolic = isName(view.resolve(font.get("Subtype")), "Type3");
  const encoding = view.resolve(font.get("Encoding"));
  const base = encoding instanceof PdfDict ? view.resolve(encoding.get("BaseEncoding")) : encoding;
  const basic = isName(base, "WinAnsiEncoding") ? windows : isName(base, "MacRomanEncoding") ? ascii : latin;
  const named = (code: number) => (differences.has(code) ? differences.get(code) : basic(code));
  const isEmbedded = ["FontFile", "FontFile2", "FontFile3"].some(
    (key) => view.dict(font.get("FontDescriptor"))?.get(key) !== undefined,
  );
  // Without an encoding an embedded font's codes mean what the font has there.
  let known: ReturnType<typeof standardWidths>;
  const isNamed = encoding !== null || !isEmbedded;
  return {
    bytesPerCode: 1,
    width: (code) => {
      const width = typeof first === "number" ? widths[code - first] : undefined;
      return typeof width === "number" && !symbolic ? width / 1000 : 0.5;
    },
    text: (code) => {
      const [meaning, drawn] = [meanings.get(code), named(code)];
      if (symbolic || meaning === undefined) return symbolic ? undefined : drawn;
      return isNamed && drawn !== undefined && !isAlike(meaning, drawn) ? undefined : meaning;
    },
    exactWidth: (code) => {
      const character = widths.length === 0 && !isEmbedded ? named(code) : undefined;
      if (character === undefined) return undefined;
      return (known ??= standardWidths(nameOf(view, font)))?.(character);
    },
    ...(symbolic && { drawing: drawingOf(view, font) }),
  };
}

function nameOf(view: PdfView, font: PdfDict): string {
  const name = view.resolve(font.get("BaseFont"));
  return name instanceof PdfName ? name.name : "";
}

/** What can be told apart whatever the font: letters and digits that no other looks like. */
const letter = /^[0-9A-Za-z]$/;

/** What a program alone tells of a code: poppler's font for fields has characters as codes, and says no more. */
function onlyMeaning(code: number, characters: readonly string[]): string | undefined {
  const own = String.fromCharCode(code);
  if (characters.includes(own)) return own;
  return characters.length === 1 ? characters[0] : undefined;
}

/**
 * What characters the program of a composite font draws with the glyph of a code, by its own table: the code is the
 * number of the glyph, or of its place in a map (9.7.4.2).
 */
function drawnCharacters(
  document: PdfDocument,
  view: PdfView,
  font: PdfDict,
  descendant: PdfDict | undefined,
): (code: number) => readonly string[] {
  const program = view.resolve(view.dict(descendant?.get("FontDescriptor"))?.get("FontFile2"));
  const map = view.resolve(descendant?.get("CIDToGIDMap"));
  const isKnown = map === null || map instanceof PdfStream || isName(map, "Identity");
  if (!(program instanceof PdfStream) || !isKnown || !isName(view.resolve(font.get("Encoding")), "Identity-H")) {
    return () => [];
  }
  const read = () =>
    attempt(
      () => ({
        meanings: glyphMeanings(document.decode(program, view)),
        numbers: map instanceof PdfStream ? document.decode(map, view) : undefined,
      }),
      () => ({ meanings: new Map<number, number[]>(), numbers: undefined }),
    );
  let glyphs: ReturnType<typeof read> | undefined;
  return (code) => {
    const { meanings, numbers } = (glyphs ??= read());
    const place = 2 * code;
    const glyph = numbers === undefined ? code : place + 2 <= numbers.length ? numbers.readUInt16BE(place) : 0;
    return (meanings.get(glyph) ?? []).map((each) => String.fromCodePoint(each));
  };
}

/** Whether two meanings of a code can be of one glyph: spaces and dashes look alike, composed letters are the same. */
function isAlike(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .replace(/[\s\u00a0]/g, " ")
      .replace(/[\u00ad\u2010-\u2015\u2212]/g, "-");
  return plain(a) === plain(b);
}

function drawingOf(view: PdfView, font: PdfDict): Drawing {
  const glyphs = view.dict(font.get("CharProcs"));
  const names = new Map<number, string>();
  let next = 0;
  for (const item of listOf(view, view.dict(font.get("Encoding"))?.get("Differences")).map((each) =>
    view.resolve(each),
  )) {
    if (typeof item === "number") next = item;
    else if (item instanceof PdfName) names.set(next++, item.name);
  }
  const numbers = listOf(view, font.get("FontMatrix")).map((item) => view.resolve(item));
  const sane = numbers.length === 6 && numbers.every((item) => typeof item === "number");
  return {
    matrix: sane ? (numbers as unknown as Matrix) : [0.001, 0, 0, 0.001, 0, 0],
    resources: view.dict(font.get("Resources")),
    glyph: (code) => {
      const content = view.resolve(glyphs?.get(names.get(code) ?? ""));
      return content instanceof PdfStream ? content : undefined;
    },
  };
}

/** Windows' code page has dashes, quotation marks and the like where Latin-1 has nothing. */
const codePage = new TextDecoder("windows-1252");
function windows(code: number): string | undefined {
  return code < 128 || code >= 160 ? latin(code) : codePage.decode(Uint8Array.of(code));
}

function ascii(code: number): string | undefined {
  return code < 128 ? latin(code) : undefined;
}

/** What a code says in the encodings that agree with Latin-1 (annex D.2). */
function latin(code: number): string | undefined {
  return (code >= 32 && code < 127) || code >= 160 ? String.fromCharCode(code) : undefined;
}

/** 9.7.4.3: `c [w1 w2 …]` and `first last w`. */
function compositeWidths(view: PdfView, list: readonly PdfObject[]): Map<number, number> {
  const widths = new Map<number, number>();
  let left = mostEntries;
  for (let i = 0; i + 1 < list.length;) {
    const [first, next, width] = [view.resolve(list[i]), view.resolve(list[i + 1]), view.resolve(list[i + 2])];
    if (typeof first !== "number") break;
    if (Array.isArray(next)) {
      for (const [n, item] of next.entries()) if (typeof item === "number") widths.set(first + n, item);
      i += 2;
    } else {
      if (typeof next !== "number" || typeof width !== "number" || next - first > mostCodes) break;
      if ((left -= Math.max(1, next - first)) < 0) break;
      for (let code = first; code <= next; code++) widths.set(code, width);
      i += 3;
    }
  }
  return widths;
}

/** 9.10.3: bfchar and bfrange of a ToUnicode CMap. */
function readToUnicode(document: PdfDocument, view: PdfView, stream: PdfObject): Map<number, string> {
  const meanings = new Map<number, string>();
  if (!(stream instanceof PdfStream)) return meanings;
  let left = mostEntries;
  const read = () => {
    for (const { operator, operands } of operations(document.decode(stream, view))) {
      if (operator === "endbfchar") {
        for (let i = 0; i + 1 < operands.length; i += 2) put(meanings, operands[i], operands[i + 1], 0);
      } else if (operator === "endbfrange") {
        for (let i = 0; i + 2 < operands.length && left > 0; i += 3) {
          left -= putRange(meanings, operands.slice(i, i + 3));
        }
      }
    }
  };
  attempt(read, () => undefined);
  return meanings;
}

/** Gives the number of codes looked at. */
function putRange(meanings: Map<number, string>, [from, to, target]: readonly PdfObject[]): number {
  const [first, last] = [codeOf(from), codeOf(to)];
  if (first === undefined || last === undefined) return 1;
  for (let code = first; code <= last && code - first < mostCodes; code++) {
    const meaning = Array.isArray(target) ? target[code - first] : target;
    put(meanings, code, meaning, Array.isArray(target) ? 0 : code - first);
  }
  return Math.max(1, Math.min(last - first, mostCodes));
}

function put(
  meanings: Map<number, string>,
  code: PdfObject | number | undefined,
  target: PdfObject | undefined,
  add: number,
) {
  const number = typeof code === "number" ? code : codeOf(code);
  if (number === undefined || !(target instanceof PdfString) || meanings.size > mostCodes) return;
  const text = decodeText(new PdfString(Buffer.concat([Buffer.from([0xfe, 0xff]), target.bytes])));
  const last = text.codePointAt(text.length - 1);
  meanings.set(number, add === 0 || last === undefined ? text : text.slice(0, -1) + String.fromCodePoint(last + add));
}

function codeOf(value: PdfObject | undefined): number | undefined {
  if (!(value instanceof PdfString) || value.bytes.length === 0 || value.bytes.length > 4) return undefined;
  return value.bytes.readUIntBE(0, value.bytes.length);
}

/** 9.6.5.1: names of the glyphs that differ from the base encoding, as far as they are letters, digits or `uniXXXX`. */
function readDifferences(view: PdfView, encoding: PdfDict | undefined): Map<number, string | undefined> {
  const found = new Map<number, string | undefined>();
  let code = 0;
  for (const item of listOf(view, encoding?.get("Differences")).map((each) => view.resolve(each))) {
    if (typeof item === "number") code = item;
    else if (item instanceof PdfName) found.set(code++, glyphText(item.name));
  }
  return found;
}

function listOf(view: PdfView, object: PdfObject | undefined): PdfObject[] {
  const value = view.resolve(object);
  return Array.isArray(value) ? value : [];
}
