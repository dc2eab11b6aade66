import { PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";
import { compareField } from "./fields.ts";
import { compareNewField } from "./new-fields.ts";
import type { FieldNode } from "./nodes.ts";
import type { Step } from "./step.ts";

const formKeys = new Set(["Fields", "SigFlags", "DR", "DA", "Q", "NeedAppearances"]);

/** The form: waiting fields may be filled or signed, and new ones may come if a signature comes with them. */
export function compareForm(step: Step): void {
  const { base, final, context } = step;
  const before = base.dict(base.catalog.get("AcroForm"));
  const after = final.dict(final.catalog.get("AcroForm"));
  if (before && !after) return step.refuse("REMOVED catalog/AcroForm");
  if (after) {
    compareFormDictionary(step, before ?? new PdfDict(new Map()), after);
    compareKids(step, before?.get("Fields"), after.get("Fields"));
  }
  for (const number of context.dependents) {
    const node = context.nodes.get(number);
    if (node?.kind !== "field") continue;
    const [old, current] = [base.get(node.ref), final.get(node.ref)];
    if (!(old instanceof PdfDict) || !(current instanceof PdfDict)) {
      step.refuse(`CHANGED field ${node.name}`);
      continue;
    }
    compareField(step, node, old, current);
    compareKids(step, old.get("Kids"), current.get("Kids"), node);
  }
}

function compareFormDictionary(step: Step, a: PdfDict, b: PdfDict): void {
  const { base, final } = step;
  step.equalExcept(a, b, formKeys, "AcroForm");
  const flags = final.resolve(b.get("SigFlags"));
  if (flags === null ? base.resolve(a.get("SigFlags")) !== null : typeof flags !== "number") {
    step.refuse("CHANGED AcroForm/SigFlags");
  }
  // With NeedAppearances a reader draws the fields anew: what is seen is then no longer what was signed.
  if (final.resolve(b.get("NeedAppearances")) === true && base.resolve(a.get("NeedAppearances")) !== true) {
    step.refuse("CHANGED AcroForm/NeedAppearances");
  }
  // Defaults may come where there were none: what was signed has its appearances, unless readers draw it anew anyway.
  const isRedrawn = base.resolve(a.get("NeedAppearances")) === true;
  for (const key of ["DA", "Q"]) {
    if (isRedrawn || a.get(key) !== undefined) step.equal(a.get(key), b.get(key), `AcroForm/${key}`);
  }
  const resources = base.dict(a.get("DR"));
  const newResources = final.dict(b.get("DR"));
  for (const [kind, entries] of resources?.entries ?? []) {
    // Only default appearances (12.7.4.3) use these resources, and such a string selects fonts and colours: a form
    // XObject there draws nothing. Writers keep the last signature's template there under a fixed name.
    if (kind === "XObject") continue;
    const [old, current] = [base.resolve(entries), final.resolve(newResources?.get(kind))];
    if (old instanceof PdfDict && current instanceof PdfDict) {
      // New names are harmless: no appearance that was signed uses them.
      for (const [key, value] of old.entries) step.equal(value, current.get(key), `AcroForm/DR/${kind}/${key}`);
    } else step.equal(entries, newResources?.get(kind), `AcroForm/DR/${kind}`);
  }
}

/** The fields of the form, or the kids of one of them: all stay, and what is new must be a signature. */
function compareKids(step: Step, a: PdfObject | undefined, b: PdfObject | undefined, parent?: FieldNode): void {
  const { base, final, context } = step;
  const where = parent ? `field ${parent.name}/Kids` : "AcroForm/Fields";
  const [old, current] = [base.resolve(a), final.resolve(b)];
  if (old === current) return compareOthers(step, old, where);
  const before = references(old);
  const after = references(current);
  if (!before || !after || (old === null && after.length === 0)) return step.equal(a, b, where);
  const kept = new Set(after.map(({ number }) => number));
  // A reference to nothing is no field (7.3.10): it may go, but nothing may come in its place.
  for (const ref of before) if (!kept.has(ref.number) && base.get(ref) !== null) step.refuse(`REMOVED ${where}`);
  const known = new Set(before.map(({ number }) => number));
  for (const ref of after) {
    if (!known.has(ref.number)) compareNewField(step, ref, parent);
    else if (!context.nodes.has(ref.number)) step.equal(ref, ref, where);
  }
  // What stood there twice when it was signed may go on doing so.
  if (after.length - kept.size > before.length - known.size) step.refuse(`CHANGED ${where}`);
}

/** The same array in both states: only what is no node could be something else now. */
function compareOthers(step: Step, list: PdfObject, where: string): void {
  if (Array.isArray(list)) for (const item of list) step.equal(item, item, where);
}

function references(value: PdfObject): PdfRef[] | undefined {
  if (value === null) return [];
  return Array.isArray(value) && value.every((item) => item instanceof PdfRef) ? value : undefined;
}
