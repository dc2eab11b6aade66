import { SigningError } from "../errors.ts";
import type { EncryptionInfo, Security } from "./encryption.ts";
import { openSecurity } from "./encryption-opening.ts";
import { decodeStream } from "./filters.ts";
import { type IndirectObject, readIndirect } from "./indirect.ts";
import { Kept } from "./kept.ts";
import { Budget, malformed } from "./limits.ts";
import { ObjectStream } from "./object-stream.ts";
import { isName, PdfDict, PdfRef, PdfStream } from "./objects.ts";
import type { Reading } from "./reading.ts";
import { agrees, type Container, listContents, rebuild, type Rebuilt } from "./rebuild.ts";
import { Repairs } from "./repairs.ts";
import { History, type Revision, toRevisions } from "./revisions.ts";
import { type ScannedObject, scan } from "./scan.ts";
import { joinedSource, memorySource, type PdfSource } from "./source.ts";
import { readStructure } from "./structure.ts";
import { PdfView } from "./view.ts";
import { readSections, STRICT, type XrefEntry } from "./xref.ts";

export type { Revision } from "./revisions.ts";
export { PdfView } from "./view.ts";
export type { XrefEntry } from "./xref.ts";

export interface ReadOptions {
  /**
   * Whether a file that is not as the standard says is put right as well as can be, now and whenever an object is
   * read. What was done stands in `document.repairs`; if `document.rebuilt`, other readers may see another document.
   */
  readonly repair?: boolean;
}

/**
 * Reads a file's structure: strictly, or with repairs. A file on disk is given as a source and is never held in
 * memory as a whole. Throws MALFORMED_PDF, LIMIT_EXCEEDED or ENCRYPTED_PDF (a password is needed).
 */
export function readPdf(file: Buffer | PdfSource, options: ReadOptions = {}): PdfDocument {
  const source = Buffer.isBuffer(file) ? memorySource(file) : file;
  const reading = { source, budget: new Budget(source.length), repairs: new Repairs(options.repair === true) };
  const document = build(reading, readStructure(reading));
  if (!reading.repairs.has("PREV_ZERO") || isWhole(document.at(0))) return document;
  // The chain was cut: `/Prev 0` was written by one who had not found the sections before.
  const rebuilt = reading.repairs.tolerant ? rebuild(reading, 0) : undefined;
  if (rebuilt === undefined) throw malformed("/Prev says 0, but there is more to the file.");
  if (rebuilt.unambiguous === true && agrees(rebuilt, document.revisions)) {
    // Nobody can show the file by its sections, and all who look for its objects find the same.
    reading.repairs.harmless("EARLIER_SECTIONS_REBUILT", 0);
  } else {
    reading.repairs.guessed("STRUCTURE_REBUILT (/Prev says 0)", 0);
  }
  return build(reading, rebuilt);
}

function build(reading: Reading, { revisions, containers }: Rebuilt): PdfDocument {
  const document = new PdfDocument(reading, revisions);
  for (const container of containers) document.list(container);
  return document;
}

/** Whether a revision can stand alone. */
function isWhole(view: PdfView): boolean {
  try {
    view.pages();
    return true;
  } catch (error) {
    if (error instanceof SigningError && error.code === "MALFORMED_PDF") return false;
    throw error;
  }
}

/** Up to so many revisions it is quicker to ask them one after the other. */
const FEW_REVISIONS = 12;
/** Bytes of decoded streams that are kept. */
const MOST_DECODED = 16 * 2 ** 20;
/** Bytes of object streams that are kept of a file on disk. */
const MOST_UNPACKED = 64 * 2 ** 20;

/** A file as a pile of revisions. Objects are parsed when asked for, once, and shared by all views. */
export class PdfDocument {
  readonly reading: Reading;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  readonly latest: PdfView;
  /** Opens what is encrypted; for updates. */
  readonly security: Security | undefined;
  /** The document that this one extends. */
  readonly #base: PdfDocument | undefined;
  readonly #objects = new Map<number, IndirectObject>();
  readonly #objectStreams = new Kept<number, ObjectStream>(MOST_UNPACKED);
  readonly #decoded = new Kept<PdfStream, Buffer>(MOST_DECODED);
  #history: History | undefined;
  #scanned: Map<number, ScannedObject[]> | undefined;

  constructor(reading: Reading, revisions: readonly Revision[], base?: PdfDocument) {
    this.reading = reading;
    this.revisions = revisions;
    this.#base = base;
    this.latest = new PdfView(this, revisions.length - 1);
    this.security = base === undefined ? openSecurity(this.latest, revisions) : base.security;
    // What was read before the key was known stands in the cache as it is in the file.
    if (this.security !== undefined) this.#objects.clear();
  }

  get source(): PdfSource {
    return this.reading.source;
  }

  /** The whole file; for files in memory. */
  get bytes(): Buffer {
    return this.source.read(0, this.source.length);
  }

  /**
   * What is not as the standard says, with its place: a code and `at byte n`. More may be found while objects are read.
   * Empty for a file that is as it should be.
   */
  get repairs(): readonly string[] {
    return this.reading.repairs.named;
  }

  /** Whether anything was put right that other readers may read otherwise. Objects that are read later may change it. */
  get rebuilt(): boolean {
    return this.reading.repairs.rebuilt;
  }

  /** Present when the file is encrypted. */
  get encryption(): EncryptionInfo | undefined {
    return this.security?.info;
  }

  /** ISO/TS 32004: where the code that seals an encrypted file is said to be; undefined when the file has none. */
  get authCode(): "Standalone" | "AttachedToSig" | "unknown" | undefined {
    const code = this.latest.trailer.get("AuthCode");
    if (code === undefined || code === null) return undefined;
    const place = code instanceof PdfDict ? code.get("MACLocation") : undefined;
    return isName(place, "Standalone") ? "Standalone" : isName(place, "AttachedToSig") ? "AttachedToSig" : "unknown";
  }

  /** The file as it was after the revision with this index. */
  at(revision: number): PdfView {
    if (this.revisions[revision] === undefined) throw new RangeError(`There is no revision ${revision}.`);
    return revision === this.latest.revision.index ? this.latest : new PdfView(this, revision);
  }

  /** In which revisions each object is listed. */
  get history(): History {
    return (this.#history ??= new History(this.revisions));
  }

  /** The largest object number that any revision lists; 0 when there is none. */
  get highestNumber(): number {
    let highest = this.#base?.highestNumber ?? 0;
    for (let at = this.#base?.revisions.length ?? 0; at < this.revisions.length; at++) {
      for (const number of this.revisions[at]!.entries.keys()) if (number > highest) highest = number;
    }
    return highest;
  }

  /** Where an object is after a revision; for views. */
  entry(number: number, revision: number): XrefEntry | undefined {
    if (revision >= FEW_REVISIONS) return this.history.entry(number, revision);
    for (let at = revision; at >= 0; at--) {
      const entry = this.revisions[at]!.entries.get(number);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The stream's bytes with its filters undone, charged to the file's budget. Not to be written to. */
  decode(stream: PdfStream, view: PdfView = this.latest): Buffer {
    let known = this.#decoded.get(stream);
    if (known === undefined) {
      known = decodeStream(stream, this.reading.budget, (object) => view.resolve(object));
      // Data without filters is in the file already.
      if (stream.dict.get("Filter") !== undefined) this.#decoded.set(stream, known, known.length);
    }
    return known;
  }

  /** The document after an update, whose bytes are put behind this file's; this file is not read again. */
  extended(tail: Buffer): PdfDocument {
    const source = joinedSource(this.source, tail);
    const repairs = new Repairs(this.reading.repairs.tolerant);
    repairs.adopt(this.reading.repairs);
    const reading = { source, budget: new Budget(source.length), repairs };
    const { revision } = this.latest;
    const sections = readSections(reading, STRICT, revision.startxref);
    // A line end that the file's last line lacked belongs to its revision, though it came with the update.
    const end = revision.end === this.source.length && tail[0] === 10 ? lineEnd(source, revision.end) : revision.end;
    const before = [...this.revisions.slice(0, -1), end === revision.end ? revision : { ...revision, end }];
    return new PdfDocument(reading, toRevisions(sections, before), this);
  }

  /** The indirect object at a byte offset; for views. */
  objectAt(offset: number, view: PdfView): IndirectObject {
    if (this.#base !== undefined && offset < this.#base.source.length) return this.#base.objectAt(offset, view);
    const known = this.#objects.get(offset);
    // A length that stands elsewhere may be another one in another revision.
    if (known !== undefined && (known.length === undefined || view.length(known.length.ref) === known.length.value)) {
      return known;
    }
    let object = readIndirect(this.reading, offset, (ref) => view.length(ref));
    const { security } = this;
    if (security !== undefined && object.number !== this.#encryptionNumber) {
      const { number, generation, value } = object;
      object = { ...object, value: security.reveal(value, number, generation) };
    }
    this.#objects.set(offset, object);
    return object;
  }

  /** The objects inside an object stream; for views. */
  objectStream({ value, span, number }: IndirectObject, view: PdfView): ObjectStream {
    const offset = span!.start;
    if (this.#base !== undefined && offset < this.#base.source.length) {
      return this.#base.objectStream({ value, span, number, generation: 0 }, view);
    }
    let known = this.#objectStreams.get(offset);
    if (known === undefined) {
      if (!(value instanceof PdfStream) || !isName(view.resolve(value.dict.get("Type")), "ObjStm")) {
        throw malformed("An object is said to be in an object stream that is none.", { offset });
      }
      const { budget } = this.reading;
      const data = decodeStream(value, budget, (object) => view.resolve(object));
      known = new ObjectStream(value, data, budget);
      this.#objectStreams.set(offset, known, this.source.inMemory ? 0 : data.length);
    }
    return known;
  }

  /** The last object of a number that stands anywhere in the file up to a view's end; for a tolerant view. */
  search(number: number, view: PdfView): IndirectObject | undefined {
    if (this.#scanned === undefined) {
      this.#scanned = new Map();
      for (const each of scan(this.source).objects) {
        const others = this.#scanned.get(each.number);
        if (others === undefined) this.#scanned.set(each.number, [each]);
        else others.push(each);
      }
    }
    const found = this.#scanned.get(number)?.findLast(({ offset, whole }) => whole && offset < view.revision.end);
    if (found === undefined) return undefined;
    this.reading.repairs.guessed(`OBJECT_NOT_IN_ITS_PLACE ${number}`, found.offset);
    return this.objectAt(found.offset, view);
  }

  /** Lists the objects of an object stream in its rebuilt revision. */
  list(container: Container): void {
    const view = this.at(container.revision);
    const object = this.objectAt(container.object.offset, view);
    listContents(container, this.objectStream(object, view).numbers);
  }

  get #encryptionNumber(): number | undefined {
    const written = this.latest.trailer.get("Encrypt");
    return written instanceof PdfRef ? written.number : undefined;
  }
}

function lineEnd(source: PdfSource, end: number): number {
  const last = source.read(end - 1, end)[0];
  return last === 10 ? end : end + 1;
}
