import { PdfName, PdfRef, type PdfDict, type PdfObject } from "../pdf/objects.ts";
import { compareCovering, isHarmlessComment } from "./covering.ts";
import type { Step } from "./step.ts";
import { isInvisible } from "./visible.ts";

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

/** Puts newly signed widgets and new ones that no page lists against the page that they name. */
export function compareUnlisted(step: Step): void {
  const { final, context } = step;
  for (const widget of [...step.newWidgets.values(), ...step.signedWidgets]) {
    if (widget.page) continue;
    const named = final.dict(widget.ref)?.get("P");
    const nodes = named instanceof PdfRef ? [context.nodes.get(named.number)] : context.nodes.values();
    for (const node of nodes) {
      if (node?.kind !== "page") continue;
      const lists = final.array(final.dict(node.ref)?.get("Annots"));
      const isListed = lists.some((item) => item instanceof PdfRef && item.number === widget.ref.number);
      if (isListed || named instanceof PdfRef) compareCovering(step, widget, node.ref, `page ${node.number}`);
    }
  }
}

/** The annotations of a page: those of the fields stay, the widgets of new signatures may come, comments may change. */
export function compareAnnotations(step: Step, page: PdfRef, number: number): void {
  const { base, final } = step;
  const where = `page ${number}`;
  const before = base.array(base.dict(page)?.get("Annots"));
  const after = final.array(final.dict(page)?.get("Annots"));
  // Thousands of pages may show one long list of annotations; a thousand signatures on one page stay well below that.
  step.context.charge(8 * (before.length + after.length));
  const places = new Map<number, number>();
  for (const [i, item] of before.entries()) if (item instanceof PdfRef) places.set(item.number, i);
  let at = 0;
  for (const annotation of after) {
    const known = annotation instanceof PdfRef ? places.get(annotation.number) : undefined;
    const place = known ?? directPlace(step, before[at], annotation, at);
    if (place !== undefined && place >= at) {
      while (at < place) removeComment(step, before[at++]!, where);
      keepAnnotation(step, before[at++]!, annotation, page, where);
    } else newAnnotation(step, annotation, page, where);
  }
  while (at < before.length) removeComment(step, before[at++]!, where);
}

/** An annotation without a number is the next one if that has none either, or says the same. */
function directPlace(step: Step, next: PdfObject | undefined, annotation: PdfObject, at: number): number | undefined {
  if (next === undefined || (next instanceof PdfRef && annotation instanceof PdfRef)) return undefined;
  const bothDirect = !(next instanceof PdfRef) && !(annotation instanceof PdfRef);
  return bothDirect || step.same(next, annotation) ? at : undefined;
}

function removeComment(step: Step, annotation: PdfObject, where: string): void {
  if (isComment(step.base.dict(annotation), step.base)) {
    step.allow({ level: "ANNOTATIONS", note: `REMOVED_COMMENT ${where}` });
  } else step.refuse(`REMOVED ${where}/Annots`);
}

function keepAnnotation(step: Step, old: PdfObject, annotation: PdfObject, page: PdfRef, where: string): void {
  if (step.same(old, annotation)) return;
  const current = step.final.dict(annotation);
  if (isComment(step.base.dict(old), step.base) && isComment(current, step.final)) {
    allowComment(step, annotation, current, "CHANGED_COMMENT", page, where);
  } else step.equal(old, annotation, `${where}/Annots`);
}

function newAnnotation(step: Step, annotation: PdfObject, page: PdfRef, where: string): void {
  const { base, final, context } = step;
  const dictionary = final.dict(annotation);
  if (!(annotation instanceof PdfRef) || !dictionary) return step.refuse(`NEW_ANNOTATION ${where}`);
  const widget = step.newWidgets.get(annotation.number);
  if (widget) {
    // One signature shown in many places would draw over other parts of the document.
    if (widget.page) return step.refuse(`WIDGET_SHOWN_TWICE ${where}`);
    widget.page = page;
    return compareCovering(step, widget, page, where);
  }
  if (context.nodes.get(annotation.number)?.kind === "field") {
    // A field that waited outside of any page may only be invisible: shown, it could cover anything.
    if (!isInvisible(final, dictionary)) step.refuse(`WIDGET_MOVED ${where}`);
    return;
  }
  if (!isComment(dictionary, final) || base.object(annotation.number) !== undefined) {
    return step.refuse(`NEW_ANNOTATION ${where}`);
  }
  allowComment(step, annotation, dictionary, "NEW_COMMENT", page, where);
}

function isComment(annotation: PdfDict | undefined, view: Step["final"]): annotation is PdfDict {
  const subtype = view.resolve(annotation?.get("Subtype"));
  return subtype instanceof PdfName && commentTypes.has(subtype.name);
}

function allowComment(
  step: Step,
  annotation: PdfObject,
  comment: PdfDict,
  code: string,
  page: PdfRef,
  where: string,
): void {
  const runs = comment.get("A") !== undefined || comment.get("AA") !== undefined;
  if (runs) return step.refuse(`COMMENT_WITH_ACTION ${where}`);
  const number = annotation instanceof PdfRef ? annotation.number : -1;
  if (isHarmlessComment(step, comment, number, page, where)) {
    step.allow({ level: "ANNOTATIONS", note: `${code} ${where}` });
  }
}
