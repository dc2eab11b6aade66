import type { PdfDocument } from "./document.ts";
import { type ScannedObject, scan } from "./scan.ts";
import { isBlank } from "./search.ts";

/** Bytes of a file that no part of its structure accounts for. */
export interface Stray {
  readonly start: number;
  readonly end: number;
}

/** An object that stands in the file and that no cross-reference section lists at this place. */
export interface UnlistedObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
  /** The revision in whose bytes it stands; undefined behind the last one. */
  readonly revision: number | undefined;
  /**
   * Whether its number is used by another object: one that could take its place as soon as a section names it, which
   * is how shadow attacks are prepared.
   */
  readonly numberIsUsed: boolean;
}

/** An object in use that a later revision exchanges for bytes which stand in an earlier one already. */
export interface RedirectedObject {
  readonly number: number;
  readonly offset: number;
  readonly revision: number;
}

/** What a validator has to know of a file besides its objects. */
export interface StructureFacts {
  /** Bytes in front of the header `%PDF`. */
  readonly beforeHeader: number;
  /** What follows the last revision; blank when it is only white space (7.2.3). */
  readonly behindEnd: { readonly start: number; readonly length: number; readonly blank: boolean };
  readonly unlisted: readonly UnlistedObject[];
  readonly redirected: readonly RedirectedObject[];
  /** Offsets of cross-reference tables' trailers and streams that are in no chain. */
  readonly unlistedSections: readonly number[];
  readonly stray: readonly Stray[];
}

/** Most of each kind that are named. */
const MOST_NAMED = 100;
const BLANK = new Set([0, 9, 10, 12, 13, 32]);

/** Looks at the file from end to end, once. Throws LIMIT_EXCEEDED for a file that is made to cost too much. */
export function structureFacts(document: PdfDocument): StructureFacts {
  const { source, revisions } = document;
  const found = scan(source);
  const end = revisions.at(-1)?.end ?? 0;
  const listed = listedOffsets(document);
  const { history } = document;
  const unlisted: UnlistedObject[] = [];
  let revision = 0;
  for (const object of found.objects) {
    while (revision < revisions.length && object.offset >= revisions[revision]!.end) revision++;
    if (unlisted.length === MOST_NAMED) break;
    if (listed.has(object.offset) || isSection(object)) continue;
    const entry = history.entry(object.number, revisions.length - 1);
    unlisted.push({
      number: object.number,
      generation: object.generation,
      offset: object.offset,
      revision: revision < revisions.length ? revision : undefined,
      numberIsUsed: entry !== undefined && entry.type !== "free",
    });
  }
  const chained = new Set(revisions.flatMap(({ sections }) => sections));
  const ends = new Set(revisions.map((each) => each.end));
  return {
    beforeHeader: headerOffset(document),
    behindEnd: { start: end, length: source.length - end, blank: isBlank(source, end) },
    unlisted,
    redirected: redirected(document),
    unlistedSections: found.trailers
      // A table's trailer stands behind its table; it belongs to the end that follows it.
      .filter(({ offset, table }) => (table ? !belongsToEnd(offset, found.ends, ends) : !chained.has(offset)))
      .slice(0, MOST_NAMED)
      .map(({ offset }) => offset),
    stray: found.stray,
  };
}

function isSection({ type }: ScannedObject): boolean {
  return type === "XRef";
}

/** Offsets as they are listed; one that points at white space before its object is moved on to it. */
function listedOffsets({ revisions, source }: PdfDocument): Set<number> {
  const listed = new Set<number>();
  for (const { entries } of revisions) {
    for (const entry of entries.values()) {
      if (entry.type !== "offset") continue;
      let { offset } = entry;
      listed.add(offset);
      if (offset >= source.length) continue;
      const { bytes, start } = source.window(offset, 16);
      while (BLANK.has(bytes[offset - start]!)) offset++;
      listed.add(offset);
    }
  }
  return listed;
}

function belongsToEnd(
  offset: number,
  all: readonly { readonly end: number; readonly startxref?: number | undefined }[],
  known: ReadonlySet<number>,
): boolean {
  const own = firstBehind(all, offset);
  // Annex F: `startxref 0` ends the first part of a linearized file, whose chain begins in it.
  return own !== undefined && (known.has(own.end) || own.startxref === 0);
}

function firstBehind<T extends { readonly end: number }>(rising: readonly T[], offset: number): T | undefined {
  let [from, to] = [0, rising.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rising[middle]!.end <= offset) from = middle + 1;
    else to = middle;
  }
  return rising[from];
}

function redirected({ revisions, history }: PdfDocument): RedirectedObject[] {
  const found: RedirectedObject[] = [];
  for (const { index, entries } of revisions.slice(1)) {
    const before = revisions[index - 1]!.end;
    for (const [number, entry] of entries) {
      if (entry.type !== "offset" || entry.offset >= before || entry.offset === 0) continue;
      const earlier = history.entry(number, index - 1);
      // 7.5.8.4: the table of a hybrid file may show as free what the section behind it shows.
      if (earlier === undefined || earlier.type === "free") continue;
      if (earlier.type === "offset" && earlier.offset === entry.offset) continue;
      if (found.length < MOST_NAMED) found.push({ number, offset: entry.offset, revision: index });
    }
  }
  return found;
}

function headerOffset({ source }: PdfDocument): number {
  const found = source.read(0, Math.min(source.length, 1_024)).indexOf("%PDF-", 0, "latin1");
  return Math.max(0, found);
}
