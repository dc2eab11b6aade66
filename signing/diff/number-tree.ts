import type { PdfView } from "../pdf/document.ts";
import { exceeded, malformed } from "../pdf/limits.ts";
import { PdfDict, type PdfObject } from "../pdf/objects.ts";

const mostNodes = 100_000;

/** The entries of a number tree (7.9.7). Throws MALFORMED_PDF for a broken one, LIMIT_EXCEEDED for an endless one. */
export function numberTree(view: PdfView, object: PdfObject | undefined): Map<number, PdfObject> {
  const entries = new Map<number, PdfObject>();
  const waiting: PdfObject[] = [object ?? null];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = view.resolve(next);
    if (node === null) continue;
    if (!(node instanceof PdfDict)) throw malformed("A number tree holds something else.");
    if (++count > mostNodes) throw exceeded("A number tree is too large.");
    for (const kid of view.array(node.get("Kids"))) waiting.push(kid);
    const pairs = view.array(node.get("Nums"));
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const key = view.resolve(pairs[i]);
      if (typeof key !== "number" || entries.has(key)) throw malformed("A number tree names a number twice.");
      entries.set(key, pairs[i + 1]!);
    }
  }
  return entries;
}
