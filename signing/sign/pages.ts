import type { PdfView } from "../pdf/document.ts";
import { MAX_PAGES, malformed } from "../pdf/limits.ts";
import { PdfDict, type PdfObject, PdfRef } from "../pdf/objects.ts";

/**
 * The page at an index from 0, or undefined behind the last one. Reads no page behind it: signing most often touches
 * the first page of many. Throws MALFORMED_PDF for a broken tree.
 */
export function pageAt(view: PdfView, index: number): PdfRef | undefined {
  const seen = new Set<number>();
  const waiting: PdfObject[] = [view.catalog.get("Pages") ?? null];
  for (let left = index; waiting.length > 0;) {
    const ref = waiting.pop()!;
    const node = ref instanceof PdfRef ? view.get(ref) : null;
    if (!(ref instanceof PdfRef) || !(node instanceof PdfDict) || seen.has(ref.number)) {
      throw malformed("The page tree is broken.");
    }
    if (seen.add(ref.number).size > 4 * MAX_PAGES) throw malformed("The page tree has too many nodes.");
    const kids = node.get("Kids");
    if (kids !== undefined) for (const kid of view.array(kids).toReversed()) waiting.push(kid);
    else if (left-- === 0) return ref;
  }
  return undefined;
}
