import { decodeStream } from "./filters.ts";
import { readIndirect } from "./indirect.ts";
import { MAX_OBJECT_NUMBER, MAX_OBJECTS, MAX_SECTIONS, exceeded, malformed } from "./limits.ts";
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream } from "./objects.ts";
import type { Parser } from "./parser.ts";
import { readAt, type Reading } from "./reading.ts";
import { findBackward } from "./search.ts";
import { readTable } from "./xref-table.ts";

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
  /** The hidden stream of a hybrid section (7.5.8.4). */
  readonly hidden?: number;
  /** Absent only behind the first stream of a linearized file, where some writers leave it out. */
  readonly tail: Tail | undefined;
}

/** Offset of the keyword `startxref`, the number after it, and the offset behind the line of `%%EOF`. */
interface Tail {
  readonly keyword: number;
  readonly startxref: number;
  readonly end: number;
}

/** How the sections are read: strictly, or with lines put right and offsets that count from the header. */
export interface Leniency {
  readonly lenient: boolean;
  /** What offsets in the file are short of: the bytes in front of the header. */
  readonly shift: number;
}

export const STRICT: Leniency = { lenient: false, shift: 0 };

const SEARCHED_TAIL = 2_048;
/** So far into a trailer /Prev is looked for as it is written. */
const LONGEST_TRAILER = 4_096;

/**
 * All sections from the last `startxref` through every `/Prev`, newest first; only those behind `known`, if given, the
 * section that an earlier reading ended with. Throws MALFORMED_PDF, LIMIT_EXCEEDED.
 */
export function readSections(reading: Reading, how: Leniency = STRICT, known?: number): XrefSection[] {
  const { source } = reading;
  const least = how.lenient ? 0 : Math.max(0, source.length - SEARCHED_TAIL);
  const keyword = findBackward(source, "startxref", source.length, least);
  if (keyword === undefined) throw malformed("The file does not end with startxref.");
  const last = readAt(reading, keyword + "startxref".length, (parser) => parser.integer());
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let size = 0;
  let offset: number | undefined = last + how.shift;
  while (offset !== undefined && offset !== known) {
    if (seen.has(offset)) throw malformed("The chain of cross-reference sections runs in a circle.", { offset });
    if (seen.size === MAX_SECTIONS) throw exceeded("The chain of cross-reference sections is too long.");
    seen.add(offset);
    const section = readSection(reading, offset, how);
    checkZero(section, how);
    if ((size += section.entries.size) > MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    sections.push(section);
    offset = previous(reading, section, how);
  }
  if (known !== undefined && offset === undefined) throw malformed("The update does not continue the file.");
  // Annex F: the end of a linearized file stands behind the section that its first one names.
  const [first, rest] = sections;
  const closing = first?.tail?.startxref === first?.offset ? first : rest;
  if (closing?.tail?.keyword !== keyword) throw malformed("The last startxref does not follow its section.");
  return sections;
}

/** 7.3.10: no object has the number 0; some readers show one nevertheless. */
function checkZero({ entries, offset }: XrefSection, { shift }: Leniency): void {
  const zero = entries.get(0);
  if (zero?.type === "compressed" || (zero?.type === "offset" && zero.offset !== shift)) {
    throw malformed("A cross-reference section lists an object 0.", { offset });
  }
}

function previous(
  { repairs, source }: Reading,
  { trailer, offset }: XrefSection,
  { shift }: Leniency,
): number | undefined {
  const prev = trailer.get("Prev");
  if (prev === undefined || prev === null) return undefined;
  if (typeof prev !== "number" || !Number.isSafeInteger(prev)) throw malformed("/Prev is not an offset.");
  const { start = 0, end = 0 } = trailer.span ?? {};
  // 7.5.5 asks for an integer; readers that find a real number search the file for objects instead.
  if (/\/Prev\s*[+-]?\d*\./.test(source.read(start, Math.min(end, start + LONGEST_TRAILER)).toString("latin1"))) {
    throw malformed("/Prev is not an integer.");
  }
  // No section can stand where the header is: many writers mean that there is none before.
  if (prev === 0) repairs.harmless("PREV_ZERO", offset);
  return prev === 0 ? undefined : prev + shift;
}

function readSection(reading: Reading, offset: number, how: Leniency): XrefSection {
  const { source, repairs } = reading;
  if (offset < 0 || offset >= source.length) {
    throw malformed("A cross-reference offset is outside the file.", { offset });
  }
  const section = readAt(reading, offset, (parser): XrefSection | undefined => {
    parser.skip();
    if (parser.offset !== offset) repairs.harmless("SPACE_BEFORE_XREF", offset);
    if (!parser.accept("xref")) return undefined;
    const entries = readTable(reading, parser, how);
    const trailer = parser.object();
    if (!(trailer instanceof PdfDict)) throw parser.error("A trailer is not a dictionary");
    const tail = readTail(parser, how);
    if (tail === undefined) throw parser.error('Expected "startxref"');
    const hidden = trailer.get("XRefStm");
    if (hidden === undefined) return { offset, kind: "table", entries, trailer, tail };
    if (!isCount(hidden) || hidden + how.shift >= source.length) throw malformed("/XRefStm is not an offset.");
    // 7.5.8.4: the table hides compressed objects as free; a table's own entry in use goes before the stream's.
    const { entries: others, end } = readXrefStream(reading, hidden + how.shift, how);
    if (end > tail.end) throw malformed("A hidden section does not end in its revision.", { offset: hidden });
    for (const [number, entry] of others) {
      if ((entries.get(number)?.type ?? "free") === "free") entries.set(number, entry);
    }
    return { offset, kind: "hybrid", entries, trailer, hidden: hidden + how.shift, tail };
  });
  if (section !== undefined) return section;
  const { entries, trailer, end } = readXrefStream(reading, offset, how);
  const tail = readAt(reading, end, (parser) => readTail(parser, how));
  return { offset, kind: "stream", entries, trailer, tail };
}

const direct = (object: PdfObject | undefined): PdfObject => {
  // 7.5.8.2: a cross-reference stream's own values are direct, for references cannot be followed before it is read.
  if (object instanceof PdfRef) throw malformed("A cross-reference stream refers to another object.");
  return object ?? null;
};

/** A cross-reference stream's entries, its dictionary, and the offset behind it. */
export function readXrefStream(
  reading: Reading,
  offset: number,
  { shift }: Leniency,
): { entries: Map<number, XrefEntry>; trailer: PdfDict; end: number } {
  const { value: stream, span } = readIndirect(reading, offset, direct as () => never);
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
  const data = decodeStream(stream, reading.budget, direct);
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
      entries.set(number, streamEntry(type, type === 1 ? second + shift : second, third));
    }
  }
  return { entries, trailer, end: span!.end };
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

function readTail(parser: Parser, { shift }: Leniency): Tail | undefined {
  const { bytes } = parser;
  parser.skip();
  const keyword = parser.offset;
  if (!parser.accept("startxref")) return undefined;
  // A comment here makes some readers search the file for objects instead.
  parser.skipWhite();
  if (bytes[parser.position] === 0x25) throw parser.error("A comment stands behind startxref");
  const startxref = parser.integer();
  while ([10, 13, 32].includes(bytes[parser.position]!)) parser.position++;
  const at = parser.position;
  parser.need(7);
  if (bytes.toString("latin1", at, at + 5) !== "%%EOF") throw parser.error("Expected %%EOF");
  let end = at + 5;
  if (bytes[end] === 13) end++;
  if (bytes[end] === 10) end++;
  parser.position = Math.min(end, bytes.length);
  return { keyword, startxref: startxref + shift, end: parser.offset };
}
