import { box } from "../pdf/geometry.ts";
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import type { Comparison } from "./comparison.ts";

/** What the form rules need to know besides the two states. */
export interface FormContext {
  /** Sound signatures made after the base, by the number of their field. */
  readonly later: ReadonlyMap<number, FoundSignature>;
  /** Whether a lock closes the field of this name. */
  readonly isLocked: (name: string) => boolean;
}

interface Node {
  readonly ref: PdfRef;
  readonly name: string;
  readonly type: string;
}

const maximumFields = 20_000;
const formKeys = new Set(["Fields", "SigFlags", "DR", "DA", "NeedAppearances"]);
/** What signing may write into a field that waited for it; its place, name and lock stay. */
const signingKeys = new Set(["V", "AP", "AS", "M", "F", "P"]);
/** What filling in may write into a field. */
const fillingKeys = new Set(["V", "AP", "AS", "M", "I", "RV", "Ff"]);
const readOnlyFlag = 1;

/** The form: only fields that were waiting may be filled or signed, and only signed signature fields may be new. */
export function compareForm(comparison: Comparison, context: FormContext): Map<number, FoundSignature> {
  const { base, final } = comparison;
  const newWidgets = new Map<number, FoundSignature>();
  const before = base.dict(base.catalog.get("AcroForm"));
  const after = final.dict(final.catalog.get("AcroForm"));
  if (!before && !after) return newWidgets;
  if (!after) {
    comparison.refuse("REMOVED catalog/AcroForm");
    return newWidgets;
  }
  const a = before ?? new PdfDict(new Map());
  comparison.equalExcept(a, after, formKeys, "AcroForm");
  compareFormDictionary(comparison, a, after);

  const waiting: Node[] = [];
  const seen = new Set<number>();
  const children = (
    a: PdfObject | undefined,
    b: PdfObject | undefined,
    parent: Omit<Node, "ref">,
    parentRef?: PdfRef,
  ) => {
    const old = references(base.resolve(a));
    const current = references(final.resolve(b));
    if (!old || !current) return comparison.refuse(`CHANGED field tree ${parent.name}`);
    const kept = new Set(current.map(({ number }) => number));
    for (const ref of old) {
      if (!kept.has(ref.number)) comparison.refuse(`REMOVED field in ${parent.name || "AcroForm"}`);
      else waiting.push({ ref, ...parent });
    }
    const known = new Set(old.map(({ number }) => number));
    for (const ref of current) {
      if (!known.has(ref.number)) newField(comparison, context, ref, parent, parentRef, newWidgets);
    }
  };
  children(a.get("Fields"), after.get("Fields"), { name: "", type: "" });
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { ref } = node;
    if (seen.has(ref.number) || seen.size > maximumFields) {
      comparison.refuse("FIELD_TREE_BROKEN");
      break;
    }
    seen.add(ref.number);
    comparison.nodes.add(ref.number);
    const [old, current] = [base.get(ref), final.get(ref)];
    if (!(old instanceof PdfDict) || !(current instanceof PdfDict)) {
      comparison.refuse(`CHANGED field ${node.name}`);
      continue;
    }
    const here = identify(base.resolve(old.get("T")), base.resolve(old.get("FT")), node);
    compareField(comparison, context, { ...here, ref }, old, current);
    if (old.get("Kids") !== undefined || current.get("Kids") !== undefined) {
      children(old.get("Kids"), current.get("Kids"), here, ref);
    }
  }
  return newWidgets;
}

function identify(partial: PdfObject, type: PdfObject, parent: Omit<Node, "ref">): Omit<Node, "ref"> {
  const own = partial instanceof PdfString ? decodeText(partial) : "";
  return {
    name: parent.name && own ? `${parent.name}.${own}` : parent.name + own,
    type: type instanceof PdfName ? type.name : parent.type,
  };
}

function references(value: PdfObject): PdfRef[] | undefined {
  if (value === null) return [];
  return Array.isArray(value) && value.every((item) => item instanceof PdfRef) ? value : undefined;
}

function compareFormDictionary(comparison: Comparison, a: PdfDict, b: PdfDict): void {
  const { base, final } = comparison;
  const flags = final.resolve(b.get("SigFlags"));
  const oldFlags = base.resolve(a.get("SigFlags"));
  if (oldFlags !== null && flags === null) comparison.refuse("REMOVED AcroForm/SigFlags");
  if (flags !== null && typeof flags !== "number") comparison.refuse("CHANGED AcroForm/SigFlags");
  // With NeedAppearances a reader draws the fields anew: what is seen is then no longer what was signed.
  if (final.resolve(b.get("NeedAppearances")) === true && base.resolve(a.get("NeedAppearances")) !== true) {
    comparison.refuse("CHANGED AcroForm/NeedAppearances");
  }
  if (a.get("DA") !== undefined) comparison.equal(a.get("DA"), b.get("DA"), "AcroForm/DA");
  const resources = base.dict(a.get("DR"));
  const newResources = final.dict(b.get("DR"));
  for (const [kind, entries] of resources?.entries ?? []) {
    const old = base.resolve(entries);
    const current = final.resolve(newResources?.get(kind));
    if (!(old instanceof PdfDict) || !(current instanceof PdfDict)) {
      comparison.equal(entries, newResources?.get(kind), `AcroForm/DR/${kind}`);
      continue;
    }
    // New names are harmless: no appearance that was signed uses them.
    for (const [key, value] of old.entries) comparison.equal(value, current.get(key), `AcroForm/DR/${kind}/${key}`);
  }
}

function compareField(comparison: Comparison, context: FormContext, node: Node, a: PdfDict, b: PdfDict): void {
  const { base, final } = comparison;
  const where = `field ${node.name}`;
  const kids = new Set(["Kids"]);
  const signed = base.resolve(a.get("V")) === null && final.resolve(b.get("V")) !== null;
  if (node.type === "Sig" && signed) {
    const signature = context.later.get(node.ref.number);
    if (!signature) return comparison.refuse(`SIGNATURE_CLOSES_NO_REVISION ${node.name}`);
    if (context.isLocked(node.name) && signature.kind !== "DOCUMENT_TIMESTAMP") {
      return comparison.refuse(`LOCKED ${where}`);
    }
    comparison.equalExcept(a, b, new Set([...kids, ...signingKeys]), where);
    checkAppearance(comparison, b, where);
    return comparison.allow(levelOf(signature, comparison, b));
  }
  if (node.type === "Sig") {
    // A signed field and its picture stay as they are; so does one that nobody has signed.
    return comparison.equalExcept(a, b, kids, where);
  }
  const changed = ["V", "AS", "I", "RV"].some((key) => !comparison.isEqual(a.get(key), b.get(key)));
  const widgetOfChanged = a.get("T") === undefined && isFilled(comparison, a, b);
  if (!changed && !widgetOfChanged) return comparison.equalExcept(a, b, kids, where);
  if (context.isLocked(node.name)) return comparison.refuse(`LOCKED ${where}`);
  // A read-only field waits for the system: it takes one value, once.
  if (isReadOnly(comparison, a) && !isEmpty(comparison, a)) return comparison.refuse(`FILLED_AGAIN ${where}`);
  const flags = final.resolve(b.get("Ff")) ?? 0;
  const oldFlags = base.resolve(a.get("Ff")) ?? 0;
  const numbers = typeof flags === "number" && typeof oldFlags === "number";
  if (!numbers || (flags | readOnlyFlag) !== (oldFlags | readOnlyFlag)) {
    comparison.refuse(`CHANGED ${where}/Ff`);
  }
  // The looks of buttons are fixed beforehand; filling in chooses one of them (12.7.5.2).
  const except = node.type === "Btn" ? ["V", "AS", "M"] : [...fillingKeys];
  comparison.equalExcept(a, b, new Set([...kids, ...except]), where);
  if (node.type !== "Btn") checkAppearance(comparison, b, where);
  comparison.allow("FORM_FILLING", `FILLED ${node.name}`);
}

/** Whether the field above a widget has another value now. */
function isFilled(comparison: Comparison, a: PdfDict, b: PdfDict): boolean {
  const before = comparison.base.dict(a.get("Parent"));
  const after = comparison.final.dict(b.get("Parent"));
  return before !== undefined && after !== undefined && !comparison.isEqual(before.get("V"), after.get("V"));
}

function isReadOnly({ base }: Comparison, field: PdfDict): boolean {
  const flags = base.resolve(field.get("Ff"));
  return typeof flags === "number" && (flags & readOnlyFlag) !== 0;
}

function isEmpty({ base }: Comparison, field: PdfDict): boolean {
  const value = base.resolve(field.get("V") ?? base.dict(field.get("Parent"))?.get("V"));
  return value === null || (value instanceof PdfString && value.bytes.length === 0);
}

/** An appearance is a dictionary of form XObjects: those are clipped and fitted into the rectangle of the widget. */
function checkAppearance(comparison: Comparison, widget: PdfDict, where: string): void {
  const { final } = comparison;
  const appearance = final.resolve(widget.get("AP"));
  if (appearance === null) return;
  const states = appearance instanceof PdfDict ? [...appearance.entries.values()] : [null];
  for (const state of states) {
    const value = final.resolve(state);
    const streams = value instanceof PdfDict ? [...value.entries.values()].map((each) => final.resolve(each)) : [value];
    if (!streams.every((stream) => stream instanceof PdfStream)) comparison.refuse(`APPEARANCE_MALFORMED ${where}`);
  }
}

function newField(
  comparison: Comparison,
  context: FormContext,
  ref: PdfRef,
  parent: Omit<Node, "ref">,
  parentRef: PdfRef | undefined,
  newWidgets: Map<number, FoundSignature>,
): void {
  const { final } = comparison;
  const field = final.get(ref);
  const signature = context.later.get(ref.number);
  if (!(field instanceof PdfDict)) return comparison.refuse("NEW_FIELD_MALFORMED");
  const { name, type } = identify(final.resolve(field.get("T")), final.resolve(field.get("FT")), parent);
  if (type !== "Sig" || !signature || field.get("T") === undefined) return comparison.refuse(`NEW_FIELD ${name}`);
  if (context.isLocked(name) && signature.kind !== "DOCUMENT_TIMESTAMP") {
    return comparison.refuse(`LOCKED field ${name}`);
  }
  const owner = field.get("Parent");
  if (parentRef ? !(owner instanceof PdfRef && owner.number === parentRef.number) : owner !== undefined) {
    return comparison.refuse(`NEW_FIELD ${name}`);
  }
  const widgets = references(final.resolve(field.get("Kids")));
  if (!widgets) return comparison.refuse(`NEW_FIELD ${name}`);
  for (const widget of widgets.length ? widgets : [ref]) {
    const dictionary = final.dict(widget);
    // An action would run, or lead away, on a click (12.6.3).
    if (!dictionary || dictionary.get("A") !== undefined || dictionary.get("AA") !== undefined) {
      return comparison.refuse(`NEW_FIELD_WITH_ACTION ${name}`);
    }
    checkAppearance(comparison, dictionary, `field ${name}`);
    newWidgets.set(widget.number, signature);
    comparison.allow(levelOf(signature, comparison, dictionary), `NEW_SIGNATURE_FIELD ${name}`);
  }
}

/** An invisible document time-stamp only lengthens the life of signatures; anything else is signing. */
function levelOf(signature: FoundSignature, { final }: Comparison, widget: PdfDict): "LTA_UPDATES" | "FORM_FILLING" {
  const rect = box(final, widget.get("Rect"));
  const invisible = !rect || rect[2] === rect[0] || rect[3] === rect[1];
  return signature.kind === "DOCUMENT_TIMESTAMP" && invisible ? "LTA_UPDATES" : "FORM_FILLING";
}
