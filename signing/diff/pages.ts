import type { PdfDocument } from "../pdf/document.ts";
import { box } from "../pdf/geometry.ts";
import { PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import type { Comparison } from "./comparison.ts";
import { compareCovering } from "./covering.ts";

/** Comments that DocMDP level 3 allows (12.5.6): they show, but neither run nor lead anywhere. */
const commentTypes = new Set([
  "Text",
  "FreeText",
  "Line",
  "Square",
  "Circle",
  "Polygon",
  "PolyLine",
  "Highlight",
  "Underline",
  "Squiggly",
  "StrikeOut",
  "Caret",
  "Stamp",
  "Ink",
  "Popup",
]);

/** The pages: all there, in order, unchanged; only /Annots may grow, by the widgets of new signatures. */
export function comparePages(
  comparison: Comparison,
  document: PdfDocument,
  newWidgets: ReadonlyMap<number, FoundSignature>,
): void {
  const { base, final } = comparison;
  const [before, after] = [base.pages(), final.pages()];
  const leaves = new Set(before.map(({ number }) => number));
  const inner = innerNodes(comparison, leaves);
  for (const number of [...leaves, ...inner]) comparison.nodes.add(number);
  comparison.equal(base.catalog.get("Pages"), final.catalog.get("Pages"), "catalog/Pages");
  if (before.length !== after.length || before.some(({ number }, i) => number !== after[i]!.number)) {
    return comparison.refuse("CHANGED order or number of pages");
  }
  for (const number of inner) {
    const ref = new PdfRef(number, comparison.base.object(number)?.generation ?? 0);
    comparePlain(comparison, ref, new Set(), "page tree");
  }
  const placed = new Map<number, PdfRef>();
  const covering = new Set<number>();
  for (const [i, ref] of before.entries()) {
    const where = `page ${i + 1}`;
    comparePlain(comparison, ref, new Set(["Annots", "LastModified"]), where);
    compareAnnotations(comparison, ref, newWidgets, placed, where);
    const added = [...placed.values()].filter(({ number }) => newWidgets.has(number) && !covering.has(number));
    for (const { number } of added) covering.add(number);
    compareCovering(comparison, document, ref, added, where);
  }
}

/** The nodes between the catalog and the pages. */
function innerNodes({ base }: Comparison, leaves: ReadonlySet<number>): Set<number> {
  const inner = new Set<number>();
  const waiting = [base.catalog.get("Pages")];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!(node instanceof PdfRef) || leaves.has(node.number) || inner.has(node.number)) continue;
    inner.add(node.number);
    waiting.push(...base.array(base.dict(node)?.get("Kids")));
  }
  return inner;
}

function comparePlain(comparison: Comparison, ref: PdfRef, except: ReadonlySet<string>, where: string): void {
  const [a, b] = [comparison.base.get(ref), comparison.final.get(ref)];
  if (!(a instanceof PdfDict) || !(b instanceof PdfDict)) return comparison.refuse(`CHANGED ${where}`);
  comparison.equalExcept(a, b, except, where);
  const modified = comparison.final.resolve(b.get("LastModified"));
  if (except.has("LastModified") && modified !== null && !(modified instanceof PdfString)) {
    comparison.refuse(`CHANGED ${where}/LastModified`);
  }
}

function compareAnnotations(
  comparison: Comparison,
  page: PdfRef,
  newWidgets: ReadonlyMap<number, FoundSignature>,
  placed: Map<number, PdfRef>,
  where: string,
): void {
  const { base, final } = comparison;
  const before = base.array(base.dict(page)?.get("Annots"));
  const after = final.array(final.dict(page)?.get("Annots"));
  let at = 0;
  for (const annotation of after) {
    const old = before[at];
    if (old !== undefined && isSame(old, annotation)) {
      comparison.equal(old, annotation, `${where}/Annots`);
      at++;
    } else newAnnotation(comparison, annotation, newWidgets, placed, where);
  }
  if (at < before.length) comparison.refuse(`REMOVED ${where}/Annots`);
}

function isSame(a: PdfObject, b: PdfObject): boolean {
  return a instanceof PdfRef ? b instanceof PdfRef && a.number === b.number : !(b instanceof PdfRef);
}

function newAnnotation(
  comparison: Comparison,
  annotation: PdfObject,
  newWidgets: ReadonlyMap<number, FoundSignature>,
  placed: Map<number, PdfRef>,
  where: string,
): void {
  const { base, final } = comparison;
  const dictionary = final.dict(annotation);
  if (!(annotation instanceof PdfRef) || !dictionary) return comparison.refuse(`NEW_ANNOTATION ${where}`);
  // One signature shown in many places would draw over other parts of the document.
  if (placed.has(annotation.number)) return comparison.refuse(`WIDGET_SHOWN_TWICE ${where}`);
  placed.set(annotation.number, annotation);
  if (newWidgets.has(annotation.number)) return;
  if (comparison.nodes.has(annotation.number)) {
    // A field that waited outside of any page may only be invisible: shown, it could cover anything.
    const rect = box(final, dictionary.get("Rect"));
    if (rect && (rect[2] > rect[0] || rect[3] > rect[1])) comparison.refuse(`WIDGET_MOVED ${where}`);
    return;
  }
  const subtype = final.resolve(dictionary.get("Subtype"));
  const comment = subtype instanceof PdfName && commentTypes.has(subtype.name);
  const runs = dictionary.get("A") !== undefined || dictionary.get("AA") !== undefined;
  if (!comment || runs || base.object(annotation.number) !== undefined) comparison.refuse(`NEW_ANNOTATION ${where}`);
  else comparison.allow("ANNOTATIONS", `NEW_COMMENT ${where}`);
}
