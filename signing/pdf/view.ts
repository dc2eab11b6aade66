import { SigningError } from "../errors.ts";
import type { PdfDocument } from "./document.ts";
import type { IndirectObject } from "./indirect.ts";
import { MAX_DEPTH, MAX_PAGES, exceeded, malformed } from "./limits.ts";
import { PdfDict, type PdfObject, PdfRef, PdfStream } from "./objects.ts";
import type { Revision } from "./revisions.ts";
import type { XrefEntry } from "./xref.ts";

/** The document as it was after one revision: each object in its newest definition up to there. */
export class PdfView {
  readonly document: PdfDocument;
  readonly revision: Revision;
  #following = 0;

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
    return this.document.entry(number, this.revision.index);
  }

  /** The numbers of all objects in use. */
  *numbers(): Iterable<number> {
    for (const [number, entry] of this.document.history.entries(this.revision.index)) {
      if (entry.type !== "free") yield number;
    }
  }

  /** The indirect object with its place in the file; undefined if free, absent or of another generation (7.3.10). */
  object(number: number, generation?: number): IndirectObject | undefined {
    const entry = this.entry(number);
    if (entry === undefined || entry.type === "free") return undefined;
    const { repairs } = this.document.reading;
    const wanted = entry.type === "compressed" ? 0 : entry.generation;
    if (generation !== undefined && generation !== wanted) {
      // 7.3.10 makes this null, but some readers look at the number alone and show what stands there.
      if (repairs.tolerant) repairs.guessed(`OTHER_GENERATION ${number}`, entry.type === "offset" ? entry.offset : 0);
      return undefined;
    }
    if (repairs.tolerant && entry.type === "offset" && entry.offset === 0) {
      // Nothing but the header can be there: what every reader takes for an object that does not exist.
      repairs.harmless(`OBJECT_AT_ZERO ${number}`, 0);
      return undefined;
    }
    try {
      return entry.type === "compressed" ? this.#compressed(entry, number) : this.#plain(entry, number);
    } catch (error) {
      if (!repairs.tolerant || !(error instanceof SigningError) || error.code === "LIMIT_EXCEEDED") throw error;
      const found = this.document.search(number, this);
      if (found === undefined) throw error;
      return found;
    }
  }

  #plain({ offset, generation }: XrefEntry & { type: "offset" }, number: number): IndirectObject {
    const object = this.document.objectAt(this.#inRevision(offset), this);
    if (object.number !== number || object.generation !== generation) {
      throw malformed(`Object ${number} is not where the cross-reference section says.`, { offset });
    }
    // Were its end in a later one, what it says could be chosen after it was signed.
    this.#inRevision(object.span!.end - 1);
    return object;
  }

  #compressed({ stream, index }: XrefEntry & { type: "compressed" }, number: number): IndirectObject {
    const container = this.entry(stream)?.type === "offset" ? this.object(stream) : undefined;
    if (container === undefined) throw malformed(`Object ${number} is in an object stream that does not exist.`);
    return this.document.objectStream(container, this).object(index, number);
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
  length(ref: PdfRef): number {
    // The object that holds a length may itself be in a stream with an indirect length, and so on in a circle.
    if (++this.#following > 8) throw malformed("Lengths of streams hang on each other.");
    try {
      const length = this.resolve(ref);
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
      else {
        const kids = this.array(node.get("Kids"));
        for (let at = kids.length - 1; at >= 0; at--) waiting.push(kids[at]!);
      }
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
