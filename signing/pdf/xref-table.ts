import { MAX_OBJECT_NUMBER, MAX_OBJECTS, exceeded } from "./limits.ts";
import type { Parser } from "./parser.ts";
import { readAt, type Reading } from "./reading.ts";
import type { Leniency, XrefEntry } from "./xref.ts";

const ENTRY = 20;

/** The subsections of a cross-reference table (7.5.4) up to the keyword `trailer`. Throws MALFORMED_PDF. */
export function readTable(reading: Reading, parser: Parser, how: Leniency): Map<number, XrefEntry> {
  const { bytes } = parser;
  const entries = new Map<number, XrefEntry>();
  const start = parser.offset;
  for (;;) {
    parser.skip();
    if (parser.accept("trailer")) return entries;
    const at = parser.offset;
    let first = parser.integer();
    const count = parser.integer();
    if (first + count > MAX_OBJECT_NUMBER + 1) throw exceeded("An object number is too large.");
    if (count > MAX_OBJECTS) throw exceeded("The file holds too many objects.");
    const least = how.lenient ? ENTRY - 2 : ENTRY;
    parser.need(count * ENTRY);
    if (parser.position + count * least > bytes.length) {
      throw parser.error("A cross-reference table is cut off");
    }
    skipLineEnd(parser);
    for (let index = 0; index < count; index++) {
      const entry = fixedEntry(parser, how.shift) ?? looseEntry(reading, parser, how, start);
      if (index === 0 && isNumberedFromOne(reading, first, entry, parser, how)) {
        if (!how.lenient) throw parser.error("A cross-reference table is numbered from one");
        reading.repairs.harmless("XREF_NUMBERED_FROM_ONE", at);
        first = 0;
      }
      const number = first + index;
      if (entries.has(number)) throw parser.error(`Object ${number} is listed twice in one section`);
      entries.set(number, entry);
    }
  }
}

function skipLineEnd(parser: Parser): void {
  const { bytes } = parser;
  if (bytes[parser.position] === 32) parser.position++;
  if (bytes[parser.position] === 13) parser.position++;
  if (bytes[parser.position] === 10) parser.position++;
}

/** 7.5.4: exactly `nnnnnnnnnn ggggg n` and a line end of two bytes; undefined, and not moved, for anything else. */
function fixedEntry(parser: Parser, shift: number): XrefEntry | undefined {
  const { bytes, position: at } = parser;
  const offset = fixedDigits(bytes, at, 10);
  const generation = fixedDigits(bytes, at + 11, 5);
  const [kind, first, second] = [bytes[at + 17], bytes[at + 18], bytes[at + 19]];
  const lineEnd = (first === 32 && (second === 10 || second === 13)) || (first === 13 && second === 10);
  if (offset < 0 || generation < 0 || !lineEnd || bytes[at + 10] !== 32 || bytes[at + 16] !== 32) return undefined;
  if (kind !== 0x6e && kind !== 0x66) return undefined;
  parser.position += ENTRY;
  return kind === 0x6e
    ? { type: "offset", offset: offset + shift, generation }
    : { type: "free", next: offset, generation };
}

function fixedDigits(bytes: Buffer, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = bytes[at]! - 0x30;
    // An absent byte makes this NaN, which no comparison lets through.
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** An entry whose line is shorter or longer, taken by its words, if its offset is right. */
function looseEntry({ repairs }: Reading, parser: Parser, { lenient, shift }: Leniency, table: number): XrefEntry {
  if (!lenient) throw parser.error("Not an entry of a cross-reference table");
  const offset = parser.integer();
  const generation = parser.integer();
  parser.skipWhite();
  const used = parser.accept("n");
  if (!used && !parser.accept("f")) throw parser.error("Not an entry of a cross-reference table");
  parser.skipWhite();
  repairs.harmless("XREF_LINES_OF_ANOTHER_LENGTH", table);
  return used ? { type: "offset", offset: offset + shift, generation } : { type: "free", next: offset, generation };
}

/** A table that begins with the head of the free list, object 0, but says 1; the next entry's object tells. */
function isNumberedFromOne(
  reading: Reading,
  first: number,
  entry: XrefEntry,
  parser: Parser,
  { shift }: Leniency,
): boolean {
  if (first !== 1 || entry.type !== "free" || entry.generation !== 65_535) return false;
  const next = /^\s*(\d{10}) \d{5} n/.exec(parser.bytes.toString("latin1", parser.position, parser.position + 20));
  const offset = Number(next?.[1]) + shift;
  if (!(offset < reading.source.length)) return false;
  return readAt(reading, offset, (there) => {
    const digits = /^\s*(\d{1,7})\s/.exec(there.bytes.toString("latin1", there.position, there.position + 12));
    return digits?.[1] === "1";
  });
}
