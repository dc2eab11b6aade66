import { malformed } from "./limits.ts";
import type { PdfDict } from "./objects.ts";
import type { XrefEntry, XrefSection } from "./xref.ts";

/** One state of the file: what a single save wrote. A linearized save has two sections, which count as one. */
export interface Revision {
  readonly index: number;
  /** Offset just after the line of this revision's %%EOF. */
  readonly end: number;
  readonly startxref: number;
  readonly kind: "table" | "stream" | "hybrid";
  /** The objects that this revision (re)defines or frees. */
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly trailer: PdfDict;
  /** Offsets of its cross-reference tables and streams. */
  readonly sections: readonly number[];
}

/** Sections, newest first, to revisions, oldest first; `before` are those known already. Throws MALFORMED_PDF. */
export function toRevisions(sections: readonly XrefSection[], before: readonly Revision[] = []): Revision[] {
  const fresh: Omit<Revision, "index">[] = [];
  for (let at = 0; at < sections.length; at++) {
    const section = sections[at]!;
    let { entries, tail } = section;
    const offsets = offsetsOf(section);
    if (tail?.startxref !== section.offset) {
      // Annex F: a linearized file's first section says `startxref 0`; the one named by its /Prev closes the file.
      const rest = sections[++at];
      if (rest?.tail?.startxref !== section.offset) throw malformed("A startxref does not name its section.");
      entries = new Map([...rest.entries, ...section.entries]);
      tail = rest.tail;
      offsets.push(...offsetsOf(rest));
    }
    const { offset: startxref, kind, trailer } = section;
    if (offsets.some((offset) => offset >= tail.end)) throw malformed("A section lies behind the end of its revision.");
    fresh.push({ startxref, kind, trailer, entries, end: tail.end, sections: offsets });
  }
  const revisions = [...before, ...fresh.reverse().map((each, at) => ({ ...each, index: before.length + at }))];
  for (let at = Math.max(1, before.length); at < revisions.length; at++) {
    if (revisions[at]!.end <= revisions[at - 1]!.end) throw malformed("A later revision ends before an earlier one.");
  }
  return revisions;
}

function offsetsOf({ offset, hidden }: XrefSection): number[] {
  return hidden === undefined ? [offset] : [offset, hidden];
}

/** In which revisions each object is listed, so that one of a thousand revisions need not ask all others. */
export class History {
  /** Rising indexes of revisions; a bare one where there is only one. */
  readonly #listed = new Map<number, number | number[]>();
  readonly #revisions: readonly Revision[];

  constructor(revisions: readonly Revision[]) {
    this.#revisions = revisions;
    for (const { index, entries } of revisions) {
      for (const number of entries.keys()) {
        const known = this.#listed.get(number);
        if (known === undefined) this.#listed.set(number, index);
        else if (typeof known === "number") this.#listed.set(number, [known, index]);
        else known.push(index);
      }
    }
  }

  /** The newest entry up to a revision. */
  entry(number: number, revision: number): XrefEntry | undefined {
    const known = this.#listed.get(number);
    if (known === undefined) return undefined;
    const index = typeof known === "number" ? known : lastUpTo(known, revision);
    return index === undefined || index > revision ? undefined : this.#revisions[index]!.entries.get(number);
  }

  /** Each object's number, once, with its newest entry up to a revision. */
  *entries(revision: number): Iterable<[number, XrefEntry]> {
    for (const number of this.#listed.keys()) {
      const entry = this.entry(number, revision);
      if (entry !== undefined) yield [number, entry];
    }
  }
}

function lastUpTo(rising: readonly number[], most: number): number | undefined {
  let [from, to] = [0, rising.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rising[middle]! <= most) from = middle + 1;
    else to = middle;
  }
  return rising[from - 1];
}
