import { isDeepStrictEqual } from "node:util";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { box, pageGeometry, type Rect } from "../pdf/geometry.ts";
import { isName, PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";

/** Places on one page as people see it, in shares of its width and height from the lower left corner. */
export type Places = readonly Rect[];

/** In points: notes without looks of their own are drawn as icons, which no rectangle holds (12.5.6.4). */
const icon = 24;

/**
 * Where each page shows annotations, fields among them, that are new, gone or written anew since a revision: there it
 * may look otherwise. Throws MALFORMED_PDF, LIMIT_EXCEEDED.
 */
export function changedPlaces(document: PdfDocument, revision: number): Places[] {
  const [before, after] = [document.at(revision), document.latest];
  const pages = before.pages();
  return after.pages().map((page, index) => {
    const old = pages[index] ? before.array(before.dict(pages[index])?.get("Annots")) : [];
    const current = after.array(after.dict(page)?.get("Annots"));
    const known = new Set(old.flatMap((item) => (item instanceof PdfRef ? [item.number] : [])));
    const kept = new Set(current.flatMap((item) => (item instanceof PdfRef ? [item.number] : [])));
    const isAnew = (item: PdfObject) =>
      !(item instanceof PdfRef && known.has(item.number) && isKept(before, after, item));
    const gone = old.filter((item) => !(item instanceof PdfRef && kept.has(item.number)));
    const anew = current.filter(isAnew);
    const { width, height, toSeen } = pageGeometry(after, page);
    const placesIn = (view: PdfView, annotations: readonly PdfObject[]) =>
      annotations.flatMap((annotation): Rect[] => {
        const dict = view.dict(annotation);
        const rect = box(view, dict?.get("Rect"));
        if (!rect || rect[0] === rect[2] || rect[1] === rect[3]) return [];
        const isIcon = dict!.get("AP") === undefined && !isName(view.resolve(dict!.get("Subtype")), "Widget");
        const more = isIcon ? icon : 0;
        const [left, bottom, right, top] = toSeen([rect[0] - more, rect[1] - more, rect[2] + more, rect[3] + more]);
        return [[left / width, bottom / height, right / width, top / height]];
      });
    return [...placesIn(before, [...gone, ...anew]), ...placesIn(after, anew)];
  });
}

/** Whether an annotation, its field and what it shows are the same objects in both states. */
function isKept(before: PdfView, after: PdfView, annotation: PdfRef): boolean {
  const dict = after.dict(annotation);
  const looks = after.dict(dict?.get("AP"));
  const states = [...(looks?.entries.values() ?? [])].map((look) => after.resolve(look));
  const inside = states.flatMap((state) => (state instanceof PdfDict ? [...state.entries.values()] : []));
  const parts = [annotation, dict?.get("Parent"), dict?.get("AP"), ...(looks?.entries.values() ?? []), ...inside];
  return parts.every(
    (part) => !(part instanceof PdfRef) || isDeepStrictEqual(before.entry(part.number), after.entry(part.number)),
  );
}
