import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import type { Rect } from "../pdf/geometry.ts";
import { PdfStream, type PdfRef } from "../pdf/objects.ts";
import { paintedBy, type Painted } from "./painting.ts";

/**
 * Where a page shows text, one rectangle for each word, in the page's own coordinates. Dots and dashes that lead to a
 * place to be filled in are left out, and so is invisible text. Throws MALFORMED_PDF, LIMIT_EXCEEDED.
 */
export function textPlaces(document: PdfDocument, view: PdfView, ref: PdfRef): Rect[] {
  return pagePainting(document, view, ref).flatMap((item) =>
    item.kind === "word" && !item.isFiller ? [item.rect] : [],
  );
}

/** What the content of a page paints, in order; its annotations are left out. Throws MALFORMED_PDF, LIMIT_EXCEEDED. */
export function pagePainting(document: PdfDocument, view: PdfView, ref: PdfRef): Painted[] {
  const page = view.dict(ref);
  const contents = view.resolve(page?.get("Contents"));
  const streams = (Array.isArray(contents) ? contents : [contents]).map((item) => view.resolve(item));
  const newline = Buffer.from("\n");
  const parts = streams.flatMap((item) => (item instanceof PdfStream ? [document.decode(item, view), newline] : []));
  let node = page;
  for (let up = 0; up < MAX_DEPTH && node && node.get("Resources") === undefined; up++) {
    node = view.dict(node.get("Parent"));
  }
  return paintedBy(document, view, Buffer.concat(parts), view.dict(node?.get("Resources")));
}
