import { SigningError } from "../errors.ts";
import { readIndirect } from "./indirect.ts";
import { malformed } from "./limits.ts";
import { PdfDict } from "./objects.ts";
import type { Reading } from "./reading.ts";
import { Repairs } from "./repairs.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";
import { type Revision, toRevisions } from "./revisions.ts";
import { findForward, isBlank } from "./search.ts";
import type { PdfSource } from "./source.ts";
import { readAt } from "./reading.ts";
import { type Leniency, readSections, type XrefSection } from "./xref.ts";

/** The object that makes a file a linearized one stands within its first 1024 bytes (annex F.3.3). */
const LONGEST_HEAD = 2_048;

/**
 * The file's revisions: as the standard says; or, where `reading` is tolerant, with what is wrong in the
 * cross-reference sections put right if every offset in them proves right; or rebuilt from what stands in the file.
 * Throws MALFORMED_PDF, LIMIT_EXCEEDED.
 */
export function readStructure(reading: Reading): Rebuilt {
  const { source, repairs } = reading;
  const header = headerOffset(source, repairs.tolerant);
  let cause: SigningError;
  try {
    if (header === 0) return read(reading, toRevisions(readSections(reading)));
    cause = malformed("The file does not begin with %PDF.");
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    cause = error;
  }
  if (!repairs.tolerant || header === undefined || cause.code === "LIMIT_EXCEEDED") throw cause;
  if (header > 0) repairs.guessed("BYTES_BEFORE_HEADER", 0);
  for (const shift of new Set([0, header])) {
    const revisions = readLeniently(reading, { lenient: true, shift });
    if (revisions !== undefined) return read(reading, revisions);
  }
  const rebuilt = rebuild(reading, header);
  if (rebuilt === undefined) throw cause;
  repairs.guessed(`STRUCTURE_REBUILT (${cause.message})`, header);
  return rebuilt;
}

/** Revisions by their own sections, and a look at what stands behind the last one. */
function read(reading: Reading, revisions: Revision[]): Rebuilt {
  const { source, repairs } = reading;
  const { end } = revisions.at(-1)!;
  if (!isBlank(source, end)) {
    // Objects there may be those of a revision whose end was cut off: some readers would show them.
    if (findForward(source, " obj", end) === undefined) repairs.harmless("BYTES_BEHIND_END", end);
    else repairs.guessed("OBJECTS_BEHIND_END", end);
  }
  if (looksLinearized(reading, revisions.at(-1)!)) repairs.guessed("LINEARIZED_LENGTH_AFTER_UPDATES", 0);
  return { revisions, containers: [] };
}

/**
 * Annex F.3.3: whether the first object says that the file is linearized and just as long as it is, though its last
 * section stands elsewhere. Some readers then begin with the section behind that object and see another document.
 */
function looksLinearized(reading: Reading, { startxref }: Revision): boolean {
  const { source, repairs } = reading;
  // A look only: the stream that stands first may have its length in an object that cannot be followed yet.
  const unnamed = new Repairs(repairs.tolerant);
  const head = source.read(0, Math.min(source.length, LONGEST_HEAD)).toString("latin1");
  const first = /^%PDF[^\r\n]*[\r\n]+(?:%[^\r\n]*[\r\n]+|\s+)*(?=\d)/.exec(head)?.[0].length;
  if (first === undefined) return false;
  try {
    const { value, span } = readIndirect({ ...reading, repairs: unnamed }, first, () => -1);
    if (!(value instanceof PdfDict) || value.get("Linearized") === undefined) return false;
    const isBehind = startxref >= span!.end && /^[\s\0]*$/.test(head.slice(span!.end, startxref));
    return value.get("L") === source.length && !(isBehind && startxref < LONGEST_HEAD);
  } catch (error) {
    if (error instanceof SigningError) return false;
    throw error;
  }
}

/** The offset of the header; only a tolerant reader looks for it behind the first byte. */
function headerOffset(source: PdfSource, tolerant: boolean): number | undefined {
  const text = source.read(0, Math.min(source.length, tolerant ? 1_024 : 9)).toString("latin1");
  const found = /%PDF-[12]\.\d/.exec(text)?.index;
  if (found === undefined || (found > 0 && !tolerant)) throw malformed("The file does not begin with %PDF.");
  return found;
}

function readLeniently(reading: Reading, how: Leniency): Revision[] | undefined {
  const repairs = new Repairs(true);
  const attempt = { ...reading, repairs };
  try {
    const sections = readSections(attempt, how);
    if (!sections.every((section) => offsetsAreRight(attempt, section))) return undefined;
    const revisions = toRevisions(sections);
    reading.repairs.adopt(repairs);
    return revisions;
  } catch (error) {
    if (error instanceof SigningError && error.code !== "LIMIT_EXCEEDED") return undefined;
    throw error;
  }
}

/** Whether every object stands where its section says. */
function offsetsAreRight(reading: Reading, { entries }: XrefSection): boolean {
  for (const [number, entry] of entries) {
    if (entry.type !== "offset" || entry.offset === 0) continue;
    if (entry.offset >= reading.source.length) return false;
    const right = readAt(reading, entry.offset, (parser) => {
      parser.need(40);
      const head = parser.bytes.toString("latin1", parser.position, parser.position + 40);
      const words = /^\s{0,4}(\d{1,10})\s{1,4}(\d{1,5})\s{1,4}obj/.exec(head);
      return words !== null && Number(words[1]) === number && Number(words[2]) === entry.generation;
    });
    if (!right) return false;
  }
  return true;
}
