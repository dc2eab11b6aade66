import { attempt } from "../diff/attempt.ts";
import { Comparison } from "../diff/comparison.ts";
import { SigningError } from "../errors.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import type { IndirectObject } from "../pdf/indirect.ts";
import { exceeded } from "../pdf/limits.ts";
import { isName, PdfStream } from "../pdf/objects.ts";
import type { PdfSource } from "../pdf/source.ts";
import { lastUpTo, readable } from "./stray.ts";

const piece = 1 << 20;
/** What is looked at in front of `obj`: two numbers, white space, and what stands before them. */
const lead = 64;
const mostPlaces = 100_000;
const mostNamed = 10;
/** For all copies of a file. */
const mostCompared = 100_000;
/** 7.5.5, note: many readers look for `startxref` in the last 1024 bytes, and search the file for objects otherwise. */
const farFromEnd = 1_000;

/**
 * Objects that no cross-reference section knows, though a reader that puts a file right by searching it would show
 * them: what was appended after a signature must look the same to such a reader. `from` is the end of what the first
 * signature covers. In the signed part such objects matter only where what was appended makes readers search; and so do
 * bare words in the data of streams, which the text of a page may hold.
 */
export function hiddenObjects(document: PdfDocument, from: number): string[] {
  const { source } = document;
  const isOdd = makesReadersSearch(document, from);
  const start = isOdd ? 0 : from;
  if (start >= source.length) return [];
  const listed = new Listed(document);
  const found = new Set<string>();
  for (const { number, offset, hasValue } of objectHeads(source, start)) {
    if (found.size >= mostNamed) break;
    if (listed.has(offset) || (offset < from && !isUsed(document, number))) continue;
    if (!isOdd && !hasValue && listed.isStreamData(offset)) continue;
    found.add(`UNLISTED_OBJECT ${number} at byte ${offset}`);
  }
  for (const offset of trailers(source, from)) {
    if (found.size >= mostNamed) break;
    if (!listed.hasTrailer(offset)) found.add(`UNLISTED_TRAILER at byte ${offset}`);
  }
  for (const number of misleadingStreams(document, from, listed)) {
    if (found.size < mostNamed) found.add(`MISLEADING_STREAM ${number}`);
  }
  return [...found];
}

/**
 * Whether readers may have to search for what was appended. What is odd in the signed part was so when it was signed:
 * whoever searches for that saw then what he sees now.
 */
function makesReadersSearch({ source, revisions, repairs, rebuilt }: PdfDocument, from: number): boolean {
  if (rebuilt || source.length - revisions.at(-1)!.end > farFromEnd) return true;
  return repairs.some((repair) => Number(/ at byte (\d+)$/.exec(repair)?.[1]) >= from);
}

function isUsed(document: PdfDocument, number: number): boolean {
  return (document.entry(number, document.revisions.length - 1)?.type ?? "free") !== "free";
}

/** Where sections say that objects are, and where the sections themselves are. */
class Listed {
  readonly #document: PdfDocument;
  readonly #source: PdfSource;
  readonly #offsets = new Set<number>();
  readonly #sections = new Set<number>();
  readonly #trailers: readonly number[];
  /** The objects, by offset; made when first asked for. */
  #objects: readonly ListedObject[] | undefined;

  constructor(document: PdfDocument) {
    const { source, revisions } = document;
    this.#document = document;
    this.#source = source;
    for (const { entries, sections, startxref } of revisions) {
      for (const entry of entries.values()) if (entry.type === "offset") this.#offsets.add(entry.offset);
      for (const section of [...sections, startxref]) this.#sections.add(section);
    }
    this.#trailers = revisions.flatMap(({ trailer }) => trailer.span?.start ?? []);
  }

  /** Whether a byte is one of the data of a stream that a section lists. */
  isStreamData(place: number): boolean {
    this.#objects ??= listedObjects(this.#document);
    const object = this.#objects[lastUpTo(this.#objects, place)];
    if (!object) return false;
    const value = readable(() => this.#document.at(object.revision).object(object.number)?.value);
    const stored = value instanceof PdfStream ? value.stored : undefined;
    return stored !== undefined && stored.start <= place && place < stored.start + stored.length;
  }

  /** Whether an object, or a section that is one, stands here. */
  has(offset: number): boolean {
    return this.#isNamed(this.#offsets, offset) || this.hasSection(offset);
  }

  hasSection(offset: number): boolean {
    return this.#isNamed(this.#sections, offset);
  }

  /** An offset may also name the white space before an object. */
  #isNamed(offsets: ReadonlySet<number>, offset: number): boolean {
    const before = this.#source.read(Math.max(0, offset - lead), offset).toString("latin1");
    const blank = /\s*$/.exec(before)![0].length;
    for (let back = 0; back <= blank; back++) if (offsets.has(offset - back)) return true;
    return false;
  }

  hasTrailer(offset: number): boolean {
    return this.#trailers.some((start) => start > offset && this.#isBlank(offset + "trailer".length, start));
  }

  #isBlank(start: number, end: number): boolean {
    return end - start <= lead && this.#source.read(start, end).toString("latin1").trim() === "";
  }
}

interface ListedObject {
  readonly offset: number;
  readonly number: number;
  readonly revision: number;
}

function listedObjects({ revisions }: PdfDocument): ListedObject[] {
  const objects: ListedObject[] = [];
  for (const { index: revision, entries } of revisions) {
    for (const [number, entry] of entries) {
      if (entry.type === "offset") objects.push({ offset: entry.offset, number, revision });
    }
  }
  return objects.sort((a, b) => a.offset - b.offset);
}

/** Everything that looks like the head of an object, wherever it stands. */
function* objectHeads(
  source: PdfSource,
  from: number,
): Generator<{ readonly number: number; readonly offset: number; readonly hasValue: boolean }> {
  for (const place of placesOf(source, "obj", from)) {
    const start = Math.max(from, place - lead);
    const head = /(\d{1,10})\s+\d{1,5}\s*$/.exec(source.read(start, place).toString("latin1"));
    if (!head) continue;
    const behind = source.read(place, Math.min(source.length, place + lead)).toString("latin1");
    const hasValue = /^obj\s*(?:[<[(/%+\-.\d]|true|false|null|$)/.test(behind);
    yield { number: Number(head[1]), offset: start + head.index, hasValue };
  }
}

function* trailers(source: PdfSource, from: number): Generator<number> {
  for (const place of placesOf(source, "trailer", from)) {
    const text = source.read(place, Math.min(source.length, place + lead)).toString("latin1");
    if (/^trailer\s*<</.test(text)) yield place;
  }
}

function* placesOf(source: PdfSource, word: string, from: number): Generator<number> {
  let count = 0;
  for (let at = from; at < source.length; at += piece) {
    const bytes = source.read(at, Math.min(source.length, at + piece + word.length - 1));
    for (let found = bytes.indexOf(word, 0, "latin1"); found >= 0; found = bytes.indexOf(word, found + 1, "latin1")) {
      if (++count > mostPlaces) return;
      yield at + found;
    }
  }
}

/** Streams of later revisions that look like a section or a container of objects but are not read as such. */
function misleadingStreams(document: PdfDocument, from: number, listed: Listed): number[] {
  const found: number[] = [];
  let left = mostCompared;
  const charge = (weight = 1) => {
    if ((left -= weight) < 0) throw exceeded("There is too much to compare.");
  };
  for (const { index, end, entries } of document.revisions) {
    if (end <= from) continue;
    const view = document.at(index);
    const start = document.revisions[index - 1]?.end ?? 0;
    for (const [number, entry] of entries) {
      // Some writers list everything anew, what earlier revisions hold included.
      if (entry.type !== "offset" || entry.offset < start) continue;
      try {
        const object = view.object(number);
        if (!(object?.value instanceof PdfStream)) continue;
        const type = view.resolve(object.value.dict.get("Type"));
        if (isName(type, "XRef") && !listed.hasSection(object.span!.start)) found.push(number);
        if (!isName(type, "ObjStm")) continue;
        const stream = document.objectStream(object, view);
        const isHarmless = stream.numbers.every((each, i) => {
          const place = document.entry(each, index);
          if (place?.type === "compressed" && place.stream === number && place.index === i) return true;
          return [view, document.latest].every((state) => isCopy(() => stream.object(i, each), state, charge));
        });
        if (!isHarmless) found.push(number);
      } catch (error) {
        // What cannot be read is judged elsewhere.
        if (!(error instanceof SigningError)) throw error;
      }
    }
  }
  return found;
}

/** Whether an object is as it stands elsewhere: some programs (Aspose) leave copies of what they moved. */
function isCopy(read: () => IndirectObject, view: PdfView, charge: (weight?: number) => void): boolean {
  const comparison = new Comparison({ base: view, final: view, dependents: new Set(), isNode: () => false, charge });
  const isSame = () => {
    charge(10);
    const copy = read();
    const object = view.object(copy.number);
    return object !== undefined && comparison.difference(copy.value, object.value, "") === undefined;
  };
  return attempt(isSame, () => false);
}
