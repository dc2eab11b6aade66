import { isName, PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { isElement, kids } from "./nodes.ts";
import { numberTree } from "./number-tree.ts";
import type { Step } from "./step.ts";

/** What a new element may say of itself (14.7.2, table 355): words for it, not actions. */
const elementKeys = new Set(["Type", "S", "P", "Pg", "K", "ID", "T", "Lang", "Alt", "E", "A", "C", "R", "NS"]);

const parentKeys = ["ParentTree", "ParentTreeNextKey"];

/** The structure tree of a tagged document: it may only grow by elements that hang up the widgets of new signatures. */
export function compareStructure(step: Step, a: PdfObject | undefined, b: PdfObject | undefined): void {
  const { base, final, context } = step;
  if (!step.same(a, b)) return step.equal(a, b, "catalog/StructTreeRoot");
  for (const number of context.dependents) {
    const node = context.nodes.get(number);
    if (node?.kind !== "element") continue;
    const [old, current] = [base.get(node.ref), final.get(node.ref)];
    if (!(old instanceof PdfDict) || !(current instanceof PdfDict)) {
      step.refuse("CHANGED structure");
      continue;
    }
    const isRoot = a instanceof PdfRef && number === a.number;
    // An empty map of roles where there was none says nothing; some writers always put one there.
    const map = old.get("RoleMap") === undefined ? final.dict(current.get("RoleMap")) : undefined;
    const harmless = isRoot ? ["K", ...parentKeys, ...(map?.entries.size === 0 ? ["RoleMap"] : [])] : ["K"];
    step.equalExcept(old, current, new Set(harmless), "structure");
    compareKids(step, node.ref, old, current);
  }
  // A root in the catalog's own dictionary was compared with it as a whole.
  if (!(a instanceof PdfRef)) return;
  const [root, newRoot] = [base.dict(a), final.dict(b)];
  // The new elements are known now, to which new numbers may lead.
  if (step.touched(a.number) && root && newRoot) compareParents(step, root, newRoot);
}

function compareParents(step: Step, a: PdfDict, b: PdfDict): void {
  const { base, final } = step;
  const [next, newNext] = [base.resolve(a.get("ParentTreeNextKey")), final.resolve(b.get("ParentTreeNextKey"))];
  const grows = typeof newNext === "number" && newNext >= (typeof next === "number" ? next : 0);
  if (next === null ? newNext !== null && !grows : !grows) step.refuse("CHANGED structure/ParentTreeNextKey");
  if (!step.same(a.get("ParentTree"), b.get("ParentTree"))) compareParentTree(step, a, b);
}

/** From numbers of content and objects to elements: all stay, and what comes leads to new elements. */
function compareParentTree(step: Step, a: PdfDict, b: PdfDict): void {
  const before = numberTree(step.base, a.get("ParentTree"));
  const after = numberTree(step.final, b.get("ParentTree"));
  const added = new Set(step.newNodes.filter(({ kind }) => kind !== "catalog").map(({ ref }) => ref.number));
  for (const [key, value] of before) step.equal(value, after.get(key), "structure/ParentTree");
  for (const [key, value] of after) {
    const isNew = value instanceof PdfRef && added.has(value.number);
    if (!before.has(key) && !isNew) step.refuse("CHANGED structure/ParentTree");
  }
}

function compareKids(step: Step, parent: PdfRef, a: PdfDict, b: PdfDict): void {
  const before = kids(step.base, a.get("K"));
  let at = 0;
  for (const kid of kids(step.final, b.get("K"))) {
    const old = before[at];
    if (old !== undefined && step.same(old, kid)) at++;
    else if (!isForNewWidgets(step, kid, parent, 0)) return step.refuse("CHANGED structure/K");
  }
  if (at < before.length) step.refuse("CHANGED structure/K");
}

/** Whether a kid is a new element with nothing below it but widgets of new signatures. */
function isForNewWidgets(step: Step, kid: PdfObject, parent: PdfRef, depth: number): boolean {
  const { final, context } = step;
  const element = final.resolve(kid);
  if (!(element instanceof PdfDict) || depth > MAX_DEPTH) return false;
  if (!isElement(final, element)) {
    const widget = element.get("Obj");
    return isName(final.resolve(element.get("Type")), "OBJR") && isNewWidget(step, widget);
  }
  if (!(kid instanceof PdfRef) || context.nodes.has(kid.number) || step.base.object(kid.number)) return false;
  const owner = element.get("P");
  const isOwned = owner instanceof PdfRef && owner.number === parent.number;
  if (!isOwned || [...element.entries.keys()].some((key) => !elementKeys.has(key))) return false;
  step.newNodes.push({ kind: "element", ref: kid });
  const below = kids(final, element.get("K"));
  return below.length > 0 && below.every((each) => isForNewWidgets(step, each, kid, depth + 1));
}

function isNewWidget(step: Step, widget: PdfObject | undefined): boolean {
  return widget instanceof PdfRef && step.newWidgets.has(widget.number);
}
