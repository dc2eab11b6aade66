import { deflateSync } from "node:zlib";
import { readPdf } from "../pdf/document.ts";
import type { PageGeometry } from "../pdf/geometry.ts";
import { box } from "../pdf/geometry.ts";
import { malformed } from "../pdf/limits.ts";
import { dict, name, PdfDict, type PdfObject, PdfRef, PdfStream } from "../pdf/objects.ts";
import type { PdfUpdate } from "../pdf/update.ts";

/** A drawing to be shown in a field's rectangle: a form XObject in points, with the objects it refers to. */
export interface Appearance {
  readonly width: number;
  readonly height: number;
  readonly xobject: PdfStream;
  /** By the numbers that references in here use; these get new numbers in each file. */
  readonly objects: ReadonlyMap<number, PdfObject>;
}

const FORM = dict({ Type: name("XObject"), Subtype: name("Form") });

/** Turns the only page of a file that we made ourselves into an appearance. */
export function appearanceOfPage(file: Buffer): Appearance {
  const document = readPdf(file);
  const view = document.latest;
  const page = view.dict(view.pages()[0]);
  const media = box(view, page?.get("MediaBox"));
  if (page === undefined || media === undefined) throw malformed("The page of an appearance has no MediaBox.");
  const written = view.resolve(page.get("Contents"));
  const streams = (Array.isArray(written) ? written : [written]).map((part) => view.resolve(part));
  const content = Buffer.concat(
    streams.flatMap((part) => (part instanceof PdfStream ? [document.decode(part), Buffer.from("\n")] : [])),
  );
  const resources = page.get("Resources") ?? null;
  const objects = new Map<number, PdfObject>();
  const waiting = [...references(resources)];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (objects.has(ref.number)) continue;
    const object = view.get(ref);
    objects.set(ref.number, object);
    for (const reference of references(object)) waiting.push(reference);
  }
  const keys = FORM.with({ Resources: resources, Filter: name("FlateDecode") });
  return {
    width: media[2] - media[0],
    height: media[3] - media[1],
    xobject: new PdfStream(keys, deflateSync(content)),
    objects,
  };
}

const NOTHING = new PdfStream(
  FORM.with({ Resources: dict({}), Filter: name("FlateDecode") }),
  deflateSync(Buffer.alloc(0)),
);

/**
 * An appearance that shows nothing, as large as the place that waits for what comes: its box and its filter are then
 * those of what replaces it, so that a validator sees nothing but new content.
 */
export function emptyAppearance(width: number, height: number): Appearance {
  return { width, height, xobject: NOTHING, objects: new Map() };
}

/**
 * Adds an appearance for a place of width × height points on the page as seen: upright however the page is turned,
 * in its own proportions and centred.
 */
export function embedAppearance(
  update: PdfUpdate,
  appearance: Appearance,
  place: { readonly width: number; readonly height: number; readonly rotate: PageGeometry["rotate"] },
): PdfRef {
  const renumbered = new Map<number, PdfRef>();
  for (const number of appearance.objects.keys()) renumbered.set(number, update.allocate());
  for (const [number, object] of appearance.objects) update.set(renumbered.get(number)!, renumber(object, renumbered));
  // 12.5.5 stretches the BBox to the annotation's rectangle: the BBox is widened to the same proportions first.
  const scale = Math.min(place.width / appearance.width, place.height / appearance.height);
  const x = (place.width / scale - appearance.width) / 2;
  const y = (place.height / scale - appearance.height) / 2;
  const form = renumber(appearance.xobject.dict, renumbered) as PdfDict;
  const turned = form.with({
    BBox: [-x, -y, appearance.width + x, appearance.height + y].map(rounded),
    Matrix: place.rotate === 0 ? undefined : MATRICES[place.rotate],
  });
  return update.add(new PdfStream(turned, appearance.xobject.raw));
}

/** Counter-clockwise turns that undo the page's clockwise ones. */
const MATRICES: Readonly<Record<90 | 180 | 270, number[]>> = {
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
};

/** To a 1/10,000 point, and never -0. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}

function* references(object: PdfObject): Iterable<PdfRef> {
  if (object instanceof PdfRef) yield object;
  else if (Array.isArray(object)) for (const item of object) yield* references(item);
  else if (object instanceof PdfDict) for (const value of object.entries.values()) yield* references(value);
  else if (object instanceof PdfStream) yield* references(object.dict);
}

function renumber(object: PdfObject, to: ReadonlyMap<number, PdfRef>): PdfObject {
  if (object instanceof PdfRef) return to.get(object.number) ?? null;
  if (Array.isArray(object)) return object.map((item) => renumber(item, to));
  if (object instanceof PdfDict) return new PdfDict(new Map([...object.entries].map(([k, v]) => [k, renumber(v, to)])));
  if (object instanceof PdfStream) return new PdfStream(renumber(object.dict, to) as PdfDict, object.raw);
  return object;
}
