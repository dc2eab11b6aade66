import { decodeStream } from "./filters.ts";
import { readIndirect } from "./indirect.ts";
import { type Budget, MAX_OBJECT_NUMBER, MAX_OBJECTS, MAX_SECTIONS, exceeded, malformed } from "./limits.ts";
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream } from "./objects.ts";
import { Parser } from "./parser.ts";

/** Where an object is: at a byte offset, at an index in an object stream, or nowhere. */
export type XrefEntry =
  | { readonly type: "free"; readonly next: number; readonly generation: number }
  | { readonly type: "offset"; readonly offset: number; readonly generation: number }
  | { readonly type: "compressed"; readonly stream: number; readonly index: number };

/** One cross-reference section with its trailer and the `startxref` lines behind it. */
export interface XrefSection {
  readonly offset: number;
  readonly kind: "table" | "stream" | "hybrid";
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly trailer: PdfDict;
  /** Offset of the keyword, the number after it, and the offset behind the line of `%%EOF`. */
  readonly tail: { readonly keyword: number; readonly startxref: number; readonly end: number };
}

const SEARCHED_TAIL = 2_048;

/** All sections from the last `startxref` through every `/Prev`, newest first; throws MALFORMED_PDF, LIMIT_EXCEEDED. */
export function readSections(bytes: Buffer, budget: Budget): XrefSection[] {
  const from = Math.max(0, bytes.length - SEARCHED_TAIL);
  const keyword = bytes.lastIndexOf("startxref");
  if (keyword < from) throw malformed("The file does not end with startxref.");
  const parser = new Parser(bytes, keyword + "startxref".length, budget);
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let size = 0;
  for (let offset: number | undefined = parser.integer(); offset !== undefined;) {
    if (seen.has(offset)) throw malformed("The chain of cross-reference sections runs in a circle.", { offset });
    if (seen.size === MAX_SECTIONS) throw exceeded("The chain of cross-reference sections is too long.");
    seen.add(offset);
    const section = readSection(bytes, offset, budget);
    if ((size += section.entries.size) > MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    sections.push(section);
    offset = previous(section.trailer);
  }
  if (sections[0]!.tail.keyword !== keyword) throw malformed("The last startxref does not follow its section.");
  return sections;
}

function previous(trailer: PdfDict): number | undefined {
  const prev = trailer.get("Prev");
  if (prev === undefined || prev === null) return undefined;
  if (typeof prev !== "number" || !Number.isSafeInteger(prev)) throw malformed("/Prev is not an offset.");
  return prev;
}

function readSection(bytes: Buffer, offset: number, budget: Budget): XrefSection {
  if (offset < 0 || offset >= bytes.length) {
    throw malformed("A cross-reference offset is outside the file.", { offset });
  }
  const parser = new Parser(bytes, offset, budget);
  parser.skip();
  if (!parser.accept("xref")) {
    const { entries, trailer } = readXrefStream(parser);
    return { offset, kind: "stream", entries, trailer, tail: readTail(parser) };
  }
  const entries = readTable(parser);
  const trailer = parser.object();
  if (!(trailer instanceof PdfDict)) throw parser.error("A trailer is not a dictionary");
  const tail = readTail(parser);
  const hidden = trailer.get("XRefStm");
  if (hidden === undefined) return { offset, kind: "table", entries, trailer, tail };
  if (!isCount(hidden) || hidden >= bytes.length) throw malformed("/XRefStm is not an offset.");
  // 7.5.8.4: the table hides compressed objects as free; a table's own entry in use goes before the stream's.
  for (const [number, entry] of readXrefStream(new Parser(bytes, hidden, budget)).entries) {
    if ((entries.get(number)?.type ?? "free") === "free") entries.set(number, entry);
  }
  return { offset, kind: "hybrid", entries, trailer, tail };
}

const ENTRY = 20;

function readTable(parser: Parser): Map<number, XrefEntry> {
  const { bytes } = parser;
  const entries = new Map<number, XrefEntry>();
  for (;;) {
    parser.skip();
    if (parser.accept("trailer")) return entries;
    const first = parser.integer();
    const count = parser.integer();
    if (bytes[parser.position] === 32) parser.position++;
    if (bytes[parser.position] === 13) parser.position++;
    if (bytes[parser.position] === 10) parser.position++;
    if (first + count > MAX_OBJECT_NUMBER + 1) throw exceeded("An object number is too large.");
    if (count > MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    if (parser.position + count * ENTRY > bytes.length) throw parser.error("A cross-reference table is cut off");
    for (let number = first; number < first + count; number++, parser.position += ENTRY) {
      if (entries.has(number)) throw parser.error(`Object ${number} is listed twice in one section`);
      entries.set(number, tableEntry(bytes, parser));
    }
  }
}

/** 7.5.4: exactly `nnnnnnnnnn ggggg n` and a line end of two bytes. */
function tableEntry(bytes: Buffer, parser: Parser): XrefEntry {
  const at = parser.position;
  const offset = fixedDigits(bytes, at, 10);
  const generation = fixedDigits(bytes, at + 11, 5);
  const [kind, first, second] = [bytes[at + 17], bytes[at + 18], bytes[at + 19]];
  const lineEnd = (first === 32 && (second === 10 || second === 13)) || (first === 13 && second === 10);
  const spaced = bytes[at + 10] === 32 && bytes[at + 16] === 32;
  if (offset >= 0 && generation >= 0 && spaced && lineEnd) {
    if (kind === 0x6e) return { type: "offset", offset, generation };
    if (kind === 0x66) return { type: "free", next: offset, generation };
  }
  throw parser.error("Not an entry of a cross-reference table");
}

function fixedDigits(bytes: Buffer, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const direct = (object: PdfObject | undefined): PdfObject => {
  // 7.5.8.2: a cross-reference stream's own values are direct, for references cannot be followed before it is read.
  if (object instanceof PdfRef) throw malformed("A cross-reference stream refers to another object.");
  return object ?? null;
};

function readXrefStream(parser: Parser): { entries: Map<number, XrefEntry>; trailer: PdfDict } {
  const offset = parser.position;
  const stream = readIndirect(parser, direct as () => never).value;
  if (!(stream instanceof PdfStream) || !isName(stream.dict.get("Type"), "XRef")) {
    throw malformed("There is no cross-reference section where one is said to be.", { offset });
  }
  const trailer = stream.dict;
  const size = direct(trailer.get("Size"));
  const widths = direct(trailer.get("W"));
  const index = direct(trailer.get("Index")) ?? [0, size];
  if (!Array.isArray(widths) || widths.length !== 3 || !widths.every((w) => isCount(w) && w <= 8)) {
    throw malformed("A cross-reference stream's /W is out of range.", { offset });
  }
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number];
  const width = typeWidth + secondWidth + thirdWidth;
  if (!Array.isArray(index) || index.length % 2 !== 0 || !index.every(isCount) || width === 0) {
    throw malformed("A cross-reference stream's /Index or /W is out of range.", { offset });
  }
  const data = decodeStream(stream, parser.budget, direct);
  const entries = new Map<number, XrefEntry>();
  let at = 0;
  for (let pair = 0; pair < index.length; pair += 2) {
    const first = index[pair] as number;
    const count = index[pair + 1] as number;
    if (first + count > MAX_OBJECT_NUMBER + 1) throw exceeded("An object number is too large.");
    if (at + count * width > data.length) throw malformed("A cross-reference stream is cut off.", { offset });
    if (entries.size + count > MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    for (let number = first; number < first + count; number++, at += width) {
      const type = typeWidth === 0 ? 1 : field(data, at, typeWidth);
      const second = field(data, at + typeWidth, secondWidth);
      const third = field(data, at + typeWidth + secondWidth, thirdWidth);
      if (entries.has(number)) throw malformed(`Object ${number} is listed twice in one section.`, { offset });
      entries.set(number, streamEntry(type, second, third));
    }
  }
  return { entries, trailer };
}

function isCount(value: PdfObject): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function field(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let end = at + width; at < end; at++) value = value * 256 + data[at]!;
  return value;
}

function streamEntry(type: number, second: number, third: number): XrefEntry {
  if (type === 1) return { type: "offset", offset: second, generation: third };
  if (type === 2) return { type: "compressed", stream: second, index: third };
  // 7.5.8.3: any other type is a reference to the null object, as a free one is.
  return { type: "free", next: type === 0 ? second : 0, generation: third };
}

function readTail(parser: Parser): XrefSection["tail"] {
  const { bytes } = parser;
  parser.skip();
  const keyword = parser.position;
  parser.expect("startxref");
  const startxref = parser.integer();
  while ([10, 13, 32].includes(bytes[parser.position]!)) parser.position++;
  if (bytes.toString("latin1", parser.position, parser.position + 5) !== "%%EOF") throw parser.error("Expected %%EOF");
  let end = parser.position + 5;
  if (bytes[end] === 13) end++;
  if (bytes[end] === 10) end++;
  return { keyword, startxref, end };
}
