import { SigningError } from "../errors.ts";
import { decodeStream } from "./filters.ts";
import { type IndirectObject, readIndirect } from "./indirect.ts";
import { Budget, MAX_DEPTH, MAX_OBJECTS, MAX_PAGES, exceeded, malformed } from "./limits.ts";
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream } from "./objects.ts";
import { Parser } from "./parser.ts";
import { readSections, type XrefEntry, type XrefSection } from "./xref.ts";

export type { XrefEntry } from "./xref.ts";

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
}

/** Reads a file's structure strictly: nothing is repaired. Throws MALFORMED_PDF, LIMIT_EXCEEDED or ENCRYPTED_PDF. */
export function readPdf(bytes: Buffer): PdfDocument {
  if (!/^%PDF-[12]\.\d/.test(bytes.toString("latin1", 0, 9))) throw malformed("The file does not begin with %PDF.");
  const budget = new Budget(bytes.length);
  const revisions = toRevisions(readSections(bytes, budget));
  if (revisions.some((revision) => revision.trailer.get("Encrypt") !== undefined)) {
    throw new SigningError("ENCRYPTED_PDF", "The file is encrypted.");
  }
  return new PdfDocument(bytes, revisions, budget);
}

/** Sections, newest first, to revisions, oldest first. */
function toRevisions(sections: readonly XrefSection[]): Revision[] {
  const groups: { section: XrefSection; entries: ReadonlyMap<number, XrefEntry>; end: number }[] = [];
  for (let at = 0; at < sections.length; at++) {
    const section = sections[at]!;
    let { entries, tail } = section;
    if (tail.startxref !== section.offset) {
      // Annex F: a linearized file's first section says `startxref 0`; the one named by its /Prev closes the file.
      const rest = sections[++at];
      if (rest?.tail.startxref !== section.offset) throw malformed("A startxref does not name its section.");
      entries = new Map([...rest.entries, ...section.entries]);
      tail = rest.tail;
    }
    groups.push({ section, entries, end: tail.end });
  }
  groups.reverse();
  return groups.map(({ section, entries, end }, index) => {
    if (index > 0 && end <= groups[index - 1]!.end) throw malformed("A later revision ends before an earlier one.");
    return { index, end, startxref: section.offset, kind: section.kind, entries, trailer: section.trailer };
  });
}

/** A file as a pile of revisions. Objects are parsed when asked for, once, and shared by all views. */
export class PdfDocument {
  readonly bytes: Buffer;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  readonly latest: PdfView;
  readonly #budget: Budget;
  readonly #objects = new Map<number, IndirectObject>();
  readonly #objectStreams = new Map<number, ObjectStream>();

  constructor(bytes: Buffer, revisions: readonly Revision[], budget: Budget) {
    this.bytes = bytes;
    this.revisions = revisions;
    this.#budget = budget;
    this.latest = new PdfView(this, revisions.length - 1);
  }

  /** The file as it was after the revision with this index. */
  at(revision: number): PdfView {
    if (this.revisions[revision] === undefined) throw new RangeError(`There is no revision ${revision}.`);
    return new PdfView(this, revision);
  }

  /** The stream's bytes with its filters undone, charged to the file's budget. */
  decode(stream: PdfStream, view: PdfView = this.latest): Buffer {
    return decodeStream(stream, this.#budget, (object) => view.resolve(object));
  }

  /** The indirect object at a byte offset; for views. */
  objectAt(offset: number, view: PdfView): IndirectObject {
    const known = this.#objects.get(offset);
    if (known !== undefined) return known;
    const object = readIndirect(new Parser(this.bytes, offset, this.#budget), (ref) => view.length(ref));
    if (!object.dependent) this.#objects.set(offset, object);
    return object;
  }

  /** The object stream at a byte offset; for views. */
  objectStreamAt(offset: number, view: PdfView): ObjectStream {
    let known = this.#objectStreams.get(offset);
    if (known === undefined) {
      const { value } = this.objectAt(offset, view);
      if (!(value instanceof PdfStream) || !isName(view.resolve(value.dict.get("Type")), "ObjStm")) {
        throw malformed("An object is said to be in an object stream that is none.", { offset });
      }
      known = new ObjectStream(value, this.decode(value, view), this.#budget);
      this.#objectStreams.set(offset, known);
    }
    return known;
  }
}

/** The objects inside one object stream (7.5.7). */
class ObjectStream {
  readonly #data: Buffer;
  readonly #budget: Budget;
  readonly #numbers: number[] = [];
  readonly #offsets: number[] = [];
  readonly #objects = new Map<number, IndirectObject>();

  constructor(stream: PdfStream, data: Buffer, budget: Budget) {
    this.#data = data;
    this.#budget = budget;
    const count = stream.dict.get("N");
    const first = stream.dict.get("First");
    if (typeof count !== "number" || typeof first !== "number" || count > MAX_OBJECTS || !(first >= 0)) {
      throw malformed("An object stream's /N or /First is out of range.");
    }
    const parser = new Parser(data, 0, budget, false);
    for (let index = 0; index < count; index++) {
      this.#numbers.push(parser.integer());
      this.#offsets.push(first + parser.integer());
    }
  }

  object(index: number, number: number): IndirectObject {
    if (this.#numbers[index] !== number) throw malformed(`Object ${number} is not where the object stream says.`);
    let object = this.#objects.get(index);
    if (object === undefined) {
      const value = new Parser(this.#data, this.#offsets[index]!, this.#budget, false).object();
      this.#objects.set(index, (object = { number, generation: 0, value }));
    }
    return object;
  }
}

/** The document as it was after one revision: each object in its newest definition up to there. */
export class PdfView {
  readonly document: PdfDocument;
  readonly revision: Revision;
  #following = 0;
  readonly #dependent = new Map<number, IndirectObject>();

  constructor(document: PdfDocument, revision: number) {
    this.document = document;
    this.revision = document.revisions[revision]!;
  }

  get trailer(): PdfDict {
    return this.revision.trailer;
  }

  get catalog(): PdfDict {
    const catalog = this.resolve(this.trailer.get("Root"));
    if (!(catalog instanceof PdfDict)) throw malformed("The document has no catalog.");
    return catalog;
  }

  /** Where object `number` is; undefined if no revision up to this one names it. */
  entry(number: number): XrefEntry | undefined {
    for (let at = this.revision.index; at >= 0; at--) {
      const entry = this.document.revisions[at]!.entries.get(number);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The numbers of all objects in use. */
  *numbers(): Iterable<number> {
    const seen = new Set<number>();
    for (let at = this.revision.index; at >= 0; at--) {
      for (const [number, entry] of this.document.revisions[at]!.entries) {
        if (seen.has(number)) continue;
        seen.add(number);
        if (entry.type !== "free") yield number;
      }
    }
  }

  /** The indirect object with its place in the file; undefined if free, absent or of another generation (7.3.10). */
  object(number: number, generation?: number): IndirectObject | undefined {
    const entry = this.entry(number);
    if (entry === undefined || entry.type === "free") return undefined;
    if (entry.type === "compressed") {
      if (generation !== undefined && generation !== 0) return undefined;
      const container = this.entry(entry.stream);
      if (container?.type !== "offset") throw malformed(`Object ${number} is in an object stream that does not exist.`);
      return this.document.objectStreamAt(this.#inRevision(container.offset), this).object(entry.index, number);
    }
    if (generation !== undefined && generation !== entry.generation) return undefined;
    const known = this.#dependent.get(number);
    if (known !== undefined) return known;
    const object = this.document.objectAt(this.#inRevision(entry.offset), this);
    if (object.number !== number || object.generation !== entry.generation) {
      throw malformed(`Object ${number} is not where the cross-reference section says.`, { offset: entry.offset });
    }
    if (object.dependent) this.#dependent.set(number, object);
    return object;
  }

  get(ref: PdfRef): PdfObject {
    return this.object(ref.number, ref.generation)?.value ?? null;
  }

  /** The object itself: references are followed, absent is null. */
  resolve(object: PdfObject | undefined): PdfObject {
    for (let steps = 0; object instanceof PdfRef; steps++) {
      if (steps === MAX_DEPTH) throw malformed("References run in a circle.");
      object = this.get(object);
    }
    return object ?? null;
  }

  /** Resolves to a dictionary (a stream's own included) or undefined. */
  dict(object: PdfObject | undefined): PdfDict | undefined {
    const value = this.resolve(object);
    return value instanceof PdfDict ? value : value instanceof PdfStream ? value.dict : undefined;
  }

  /** Resolves to an array; an absent one is empty. Throws MALFORMED_PDF for anything else. */
  array(object: PdfObject | undefined): PdfObject[] {
    const value = this.resolve(object);
    if (value === null) return [];
    if (!Array.isArray(value)) throw malformed("Expected an array.");
    return value;
  }

  /** A stream's indirect /Length; for the reader of indirect objects. */
  length(ref: PdfObject): number {
    // The object that holds a length may itself be in a stream with an indirect length, and so on in a circle.
    if (++this.#following > 8) throw malformed("Lengths of streams hang on each other.");
    try {
      const length = ref instanceof PdfRef ? this.resolve(ref) : null;
      if (typeof length !== "number") throw malformed("A stream has no length.");
      return length;
    } finally {
      this.#following--;
    }
  }

  /** References to the pages in order. Throws MALFORMED_PDF for a tree with a circle, LIMIT_EXCEEDED for too many. */
  pages(): PdfRef[] {
    const pages: PdfRef[] = [];
    const seen = new Set<number>();
    const waiting: PdfObject[] = [this.catalog.get("Pages") ?? null];
    while (waiting.length > 0) {
      const ref = waiting.pop()!;
      if (!(ref instanceof PdfRef)) throw malformed("The page tree holds something other than references.");
      const node = this.get(ref);
      if (seen.has(ref.number) || !(node instanceof PdfDict)) throw malformed("The page tree is broken.");
      seen.add(ref.number);
      if (node.get("Kids") === undefined) pages.push(ref);
      else waiting.push(...this.array(node.get("Kids")).toReversed());
      if (pages.length > MAX_PAGES || seen.size > 4 * MAX_PAGES || waiting.length > 4 * MAX_PAGES) {
        throw exceeded("The document has too many pages.");
      }
    }
    return pages;
  }

  #inRevision(offset: number): number {
    if (offset >= this.revision.end) throw malformed("An object lies behind the revision that names it.", { offset });
    return offset;
  }
}
