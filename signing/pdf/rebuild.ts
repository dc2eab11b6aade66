import { SigningError } from "../errors.ts";
import { MAX_SECTIONS, exceeded } from "./limits.ts";
import { dict, PdfDict, PdfRef } from "./objects.ts";
import type { Reading } from "./reading.ts";
import type { Revision } from "./revisions.ts";
import { type Scan, type ScannedObject, scan } from "./scan.ts";
import type { XrefEntry } from "./xref.ts";

/** Revisions, and the object streams whose objects are still to be listed in them (when rebuilt). */
export interface Rebuilt {
  readonly revisions: readonly Revision[];
  readonly containers: readonly Container[];
  /** Whether nothing in the file could be taken in two ways, so that all who rebuild it get the same. */
  readonly unambiguous?: boolean;
}

/** An object stream that stands in a revision. */
export interface Container {
  readonly object: ScannedObject;
  readonly revision: number;
  readonly entries: Map<number, XrefEntry>;
}

/**
 * Revisions made up from what stands in the file: each `%%EOF` ends one, the last object of a number in it counts.
 * Undefined when there is nothing that could be a document.
 */
export function rebuild({ source }: Reading, header: number): Rebuilt | undefined {
  let found: Scan;
  try {
    found = scan(source, header);
  } catch (error) {
    if (error instanceof SigningError && error.code === "MALFORMED_PDF") return undefined;
    throw error;
  }
  const ends = endsOf(found, source.length);
  if (ends.length > MAX_SECTIONS) throw exceeded("The file has too many revisions.");
  const revisions: Revision[] = [];
  const containers: Container[] = [];
  let [object, trailer] = [0, 0];
  let latest: PdfDict | undefined;
  for (const { end, startxref } of ends) {
    const index = revisions.length;
    const entries = new Map<number, XrefEntry>();
    for (; (found.objects[object]?.offset ?? end) < end; object++) {
      const each = found.objects[object]!;
      if (!each.whole) continue;
      entries.set(each.number, { type: "offset", offset: each.offset, generation: each.generation });
      if (each.type === "ObjStm") containers.push({ object: each, revision: index, entries });
      // Without a trailer the catalog says what the document is.
      if (each.type === "Catalog" && latest?.get("Root") === undefined) {
        latest = (latest ?? dict({})).with({ Root: new PdfRef(each.number, each.generation) });
      }
    }
    let table = true;
    for (; (found.trailers[trailer]?.offset ?? end) < end; trailer++) {
      const each = found.trailers[trailer]!;
      if (each.dict.get("Root") === undefined) continue;
      latest = each.dict;
      table = each.table;
    }
    if (latest === undefined && entries.size === 0) continue;
    const kind = table ? "table" : "stream";
    revisions.push({ index, end, startxref, kind, entries, trailer: latest ?? dict({}), sections: [] });
  }
  if (!(latest?.get("Root") instanceof PdfRef)) return undefined;
  return { revisions, containers, unambiguous: isUnambiguous(found, revisions) };
}

function isUnambiguous({ objects, stray }: Scan, revisions: readonly Revision[]): boolean {
  const listed = revisions.reduce((count, { entries }) => count + entries.size, 0);
  const simple = objects.every(({ sound, generation, type }) => sound && generation === 0 && type !== "ObjStm");
  // Two objects of one number in one revision would leave fewer entries than objects.
  return simple && stray.length === 0 && listed === objects.length;
}

/**
 * Whether the newest revisions are as their own sections have them: `chain` is what could be read of those. Where
 * earlier sections are out of reach, the objects in them then are the only thing that was found otherwise.
 */
export function agrees({ revisions }: Rebuilt, chain: readonly Revision[]): boolean {
  return chain.every((section, at) => {
    const found = revisions[revisions.length - chain.length + at];
    if (found?.end !== section.end) return false;
    return [...section.entries].every(([number, entry]) => {
      const other = found.entries.get(number);
      if (entry.type === "free") return number === 0 && other === undefined;
      return entry.type === "offset" && other?.type === "offset" && other.offset === entry.offset;
    });
  });
}

/** Annex F: the first end of a linearized file says `startxref 0`, and the next one closes the same revision. */
function endsOf({ ends, objects }: Scan, length: number): { end: number; startxref: number }[] {
  const closing = ends.filter(({ startxref }) => startxref !== 0);
  const behind = objects.at(-1);
  const known = closing.map(({ end, startxref }) => ({ end, startxref: startxref ?? 0 }));
  const last = known.at(-1)?.end ?? 0;
  return behind !== undefined && behind.offset >= last ? [...known, { end: length, startxref: 0 }] : known;
}

/** Lists the objects of an object stream, unless the revision defines them behind it. */
export function listContents({ object, entries }: Container, numbers: readonly number[]): void {
  for (const [index, number] of numbers.entries()) {
    const known = entries.get(number);
    if (known?.type === "offset" && known.offset > object.offset) continue;
    entries.set(number, { type: "compressed", stream: object.number, index });
  }
}
