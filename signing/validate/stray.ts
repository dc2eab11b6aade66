import { formFields } from "../pdf/acroform.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { isName, PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { SigningError } from "../errors.ts";
import type { EarlierSignatures } from "./signature-fields.ts";

const marker = Buffer.from("/ByteRange");
/** Most places and pages that are looked at. */
const mostPlaces = 2000;
const mostAnnotations = 100_000;

/** Collects where `/ByteRange` stands in a file that passes by in pieces. */
export class MarkerScan {
  readonly places: number[] = [];
  #tail = Buffer.alloc(0);

  look(piece: Buffer, start: number): void {
    if (this.#tail.length > 0) {
      // A marker may lie across two pieces.
      const joint = Buffer.concat([this.#tail, piece.subarray(0, marker.length - 1)]);
      this.#collect(joint, start - this.#tail.length);
    }
    this.#collect(piece, start);
    const kept = Buffer.concat([this.#tail, piece.subarray(Math.max(0, piece.length - marker.length + 1))]);
    this.#tail = kept.subarray(Math.max(0, kept.length - marker.length + 1));
  }

  #collect(piece: Buffer, start: number): void {
    for (let at = piece.indexOf(marker); at >= 0; at = piece.indexOf(marker, at + 1)) {
      if (this.places.length >= mostPlaces) return;
      this.places.push(start + at);
    }
  }
}

/**
 * Numbers of live objects that are signature dictionaries but that no field shows, in any state; usage rights
 * (12.8.2.3) are no signatures of persons. `places` are where `/ByteRange` was seen.
 */
export function strayDictionaries(
  document: PdfDocument,
  places: readonly number[],
  { spans }: EarlierSignatures,
): number[] {
  const known = [...spans];
  const unknown = places.filter((place) => !known.some(([start, end]) => start <= place && place < end));
  if (unknown.length === 0) return [];
  const view = document.latest;
  const rights = view.dict(view.catalog.get("Perms"));
  const exempt = new Set(["UR", "UR3"].map((key) => numberOf(rights?.get(key))));
  const starts = liveObjects(document);
  const found = new Set<number>();
  for (const place of unknown) {
    const number = starts[lastUpTo(starts, place)]?.number;
    if (number === undefined || exempt.has(number)) continue;
    const value = readable(() => view.object(number)?.value);
    // In a stream or a string the marker is but data.
    if (value instanceof PdfDict && value.span && place < value.span.end && looksSigned(value)) found.add(number);
  }
  return [...found];
}

/** A widget that a page shows as signed although the form does not know it. */
export interface HiddenSignature {
  readonly name: string;
  readonly object: number;
  /** Counted from 1. */
  readonly page: number;
}

/** Signed widgets on pages of the latest state that belong to no field of the form. */
export function hiddenSignatures(document: PdfDocument): HiddenSignature[] {
  const view = document.latest;
  const known = new Set(formFields(view).flatMap(({ ref, widgets }) => [ref.number, ...widgets.map((w) => w.number)]));
  const hidden: HiddenSignature[] = [];
  let looked = 0;
  for (const [index, page] of view.pages().entries()) {
    const annotations = readable(() => view.array(view.dict(page)?.get("Annots"))) ?? [];
    for (const annotation of annotations) {
      if (++looked > mostAnnotations) return hidden;
      if (!(annotation instanceof PdfRef) || known.has(annotation.number)) continue;
      const widget = readable(() => view.dict(annotation));
      if (!widget || !isName(widget.get("Subtype"), "Widget")) continue;
      const field = readable(() => inherited(document, widget));
      if (field && isName(field.type, "Sig") && field.value instanceof PdfDict) {
        hidden.push({ name: field.name, object: annotation.number, page: index + 1 });
      }
    }
  }
  return hidden;
}

/** Whether a widget was there already after a revision. */
export function existedIn(document: PdfDocument, revision: number, { object }: HiddenSignature): boolean {
  const entry = document.at(revision).entry(object);
  return entry !== undefined && entry.type !== "free";
}

function inherited(document: PdfDocument, widget: PdfDict) {
  const view = document.latest;
  let type: PdfObject = null;
  let value: PdfObject = null;
  const names: string[] = [];
  let node: PdfDict | undefined = widget;
  for (let depth = 0; node && depth < MAX_DEPTH; depth++) {
    type ??= view.resolve(node.get("FT"));
    value ??= view.resolve(node.get("V"));
    const name = view.resolve(node.get("T"));
    if (name instanceof PdfString) names.unshift(decodeText(name));
    node = view.dict(node.get("Parent"));
  }
  return { type, value, name: names.join(".") };
}

/** The live objects that stand by themselves in the file, by offset. */
function liveObjects(document: PdfDocument): { readonly offset: number; readonly number: number }[] {
  const objects: { offset: number; number: number }[] = [];
  for (const [number, entry] of document.history.entries(document.latest.revision.index)) {
    if (entry.type === "offset") objects.push({ offset: entry.offset, number });
  }
  return objects.sort((a, b) => a.offset - b.offset);
}

/** The index of the last object that begins at or before a place; -1 where there is none. */
export function lastUpTo(objects: readonly { readonly offset: number }[], place: number): number {
  let [from, to] = [0, objects.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (objects[middle]!.offset <= place) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

function looksSigned(dictionary: PdfDict): boolean {
  const { entries } = dictionary;
  return entries.has("ByteRange") && entries.has("Contents") && entries.get("SubFilter") instanceof PdfName;
}

function numberOf(object: PdfObject | undefined): number | undefined {
  return object instanceof PdfRef ? object.number : undefined;
}

/** What can be read; what cannot is judged elsewhere. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
