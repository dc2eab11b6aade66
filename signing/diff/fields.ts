import { box } from "../pdf/geometry.ts";
import { isName, PdfDict, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { compareKnownPlace } from "./known-places.ts";
import type { FieldNode } from "./nodes.ts";
import { hasRoundedColours, isRoundedBox } from "./rounding.ts";
import { stateShownOf } from "./shown-state.ts";
import { showingOf } from "./shown-value.ts";
import type { Step } from "./step.ts";
import { isInvisible, widgetsOf } from "./visible.ts";

/** What signing may write into a field that waited for it; its place, name and lock stay. */
const signingKeys = ["V", "AP", "AS", "M", "F", "P", "Ff", "Type", "DA", "MK"];
/** What filling in may write into a field. */
const fillingKeys = ["V", "AP", "AS", "M", "I", "TI", "RV", "F", "Ff", "Type", "DA", "Q", "MK"];
/** The looks of buttons are fixed beforehand; filling in chooses one of them (12.7.5.2). */
const choosingKeys = ["V", "AS", "M", "F", "Ff", "Type"];
/** Where filling in can be seen. */
const valueKeys = ["V", "AS", "I", "RV"];
/** 12.7.4.1, table 227. */
const readOnlyFlag = 1;
/** 12.5.3, table 167: invisible, hidden, not viewed, toggling. */
const hidingFlags = 1 | 2 | 32 | 256;

/** A field that was there: signed or filled in if it waited for that, else unchanged. */
export function compareField(step: Step, node: FieldNode, a: PdfDict, b: PdfDict): void {
  const { base, final } = step;
  const where = `field ${node.name}`;
  if (node.type === "Sig") {
    if (base.resolve(a.get("V")) === null && final.resolve(b.get("V")) !== null) return compareSigned(step, node, a, b);
    if (a.get("T") === undefined && isFilledAbove(step, a, b)) {
      checkKeys(step, a, b, signingKeys.slice(1), where);
      checkAppearance(step, b, where);
      return compareKnownPlace(step, node, a, b);
    }
    if (isPreparedToBeSigned(step, node)) {
      checkKeys(step, a, b, signingKeys.slice(1), where);
      checkAppearance(step, b, where);
      compareKnownPlace(step, node, a, b);
      return step.allow({ level: "FORM_FILLING", field: node.name });
    }
    // A signed field and its picture stay as they are; so does one that nobody has signed.
    return compareUnfilled(step, a, b, where);
  }
  const isFilled = valueKeys.some((key) => !step.same(a.get(key), b.get(key)));
  const isWidgetOfFilled = a.get("T") === undefined && isFilledAbove(step, a, b);
  if (!isFilled && !isWidgetOfFilled) return compareUnfilled(step, a, b, where);
  compareFilled(step, node, a, b);
}

function compareSigned(step: Step, node: FieldNode, a: PdfDict, b: PdfDict): void {
  const where = `field ${node.name}`;
  const signature = step.context.signatures.get(node.ref.number);
  if (signature?.revision !== step.revision) return step.refuse(`SIGNATURE_CLOSES_NO_REVISION ${node.name}`);
  checkKeys(step, a, b, isWithoutArea(step, b) ? [...signingKeys, "Rect"] : signingKeys, where);
  checkAppearance(step, b, where);
  compareKnownPlace(step, node, a, b);
  if (node.born > step.context.first) {
    for (const ref of widgetsOf(step.final, node.ref, b)) step.signedWidgets.push({ field: node, ref });
  }
  const extending = signature.kind === "DOCUMENT_TIMESTAMP" && isInvisible(step.final, b);
  if (extending) return step.allow({ level: "LTA_UPDATES" });
  step.allow({ level: "FORM_FILLING", note: `SIGNED ${node.name}`, field: node.name });
}

/** Some programs (Aspose) draw the looks of a signature in updates of their own before the one that it closes. */
function isPreparedToBeSigned({ context, revision }: Step, { ref }: FieldNode): boolean {
  const own = context.signatures.get(ref.number)?.revision;
  if (own === undefined || own <= revision) return false;
  return ![...context.signatures.values()].some((other) => other.revision! >= revision && other.revision! < own);
}

function compareUnfilled(step: Step, a: PdfDict, b: PdfDict, where: string): void {
  step.equalExcept(a, b, new Set(["Kids", "Ff", "Type", "M", "Rect"]), where);
  compareRect(step, a, b, where);
  checkType(step, a, b, where);
  // Whoever chooses what is chosen already leaves nothing but the time (12.5.2, table 166).
  if (!step.same(a.get("M"), b.get("M"))) {
    if (step.final.resolve(b.get("M")) instanceof PdfString) step.allow({ level: "FORM_FILLING" });
    else step.refuse(`CHANGED ${where}/M`);
  }
  const [old, current] = [flagsOf(step.base.resolve(a.get("Ff"))), flagsOf(step.final.resolve(b.get("Ff")))];
  if (old === current) return;
  // A signature that locks fields may close them to viewers, too (12.8.2.4); nothing may open them.
  if (old !== undefined && current === (old | readOnlyFlag)) step.allow({ level: "FORM_FILLING" });
  else step.refuse(`CHANGED ${where}/Ff`);
}

function compareFilled(step: Step, node: FieldNode, a: PdfDict, b: PdfDict): void {
  const { base } = step;
  const where = `field ${node.name}`;
  const exchanged = !isEmpty(step, a);
  const flags = flagsOf(base.resolve(a.get("Ff"))) ?? readOnlyFlag;
  // A read-only field waits for the system: it takes one value, once, unless the form itself computes it.
  const computed = base.dict(a.get("AA"))?.get("C") !== undefined;
  if ((flags & readOnlyFlag) !== 0 && exchanged && !computed) return step.refuse(`FILLED_AGAIN ${where}`);
  checkKeys(step, a, b, node.type === "Btn" ? choosingKeys : fillingKeys, where);
  const hidden = [step.base.resolve(a.get("F")), step.final.resolve(b.get("F"))].map(flagsOf);
  if (hidden.some((each) => each === undefined) || ((hidden[0]! ^ hidden[1]!) & hidingFlags) !== 0) {
    step.refuse(`CHANGED ${where}/F`);
  }
  if (node.type !== "Btn") checkAppearance(step, b, where);
  compareKnownPlace(step, node, a, b);
  const showing = node.type === "Btn" ? stateShownOf(step, node.ref, b) : showingOf(step, node.ref, b);
  if (showing === "otherwise") step.refuse(`VALUE_IS_NOT_WHAT_IS_SHOWN ${node.name}`);
  if (showing === "unclear") step.doubt(`VALUE_MAY_NOT_BE_WHAT_IS_SHOWN ${node.name}`);
  step.allow({ level: "FORM_FILLING", note: `FILLED ${node.name}`, field: node.name, exchanged });
}

/** Equality but for the given keys, and sane values for those that could do harm. */
function checkKeys(step: Step, a: PdfDict, b: PdfDict, keys: readonly string[], where: string): void {
  const { base, final } = step;
  step.equalExcept(a, b, new Set(["Kids", "Rect", "MK", ...keys]), where);
  if (!keys.includes("Rect")) compareRect(step, a, b, where);
  const same = (old?: PdfObject, current?: PdfObject) => step.same(old, current);
  const isColoured = keys.includes("MK") || hasRoundedColours({ base, final, same }, a.get("MK"), b.get("MK"));
  if (!isColoured) step.equal(a.get("MK"), b.get("MK"), `${where}/MK`);
  checkType(step, a, b, where);
  const [old, current] = [flagsOf(base.resolve(a.get("Ff"))), flagsOf(final.resolve(b.get("Ff")))];
  if (old === undefined || (current !== old && current !== (old | readOnlyFlag))) step.refuse(`CHANGED ${where}/Ff`);
}

function compareRect(step: Step, a: PdfDict, b: PdfDict, where: string): void {
  const [old, current] = [a.get("Rect"), b.get("Rect")];
  if (!isRoundedBox(step.base, old, step.final, current)) step.equal(old, current, `${where}/Rect`);
}

/** An annotation's type says what is known without it (12.5.2, table 166); some programs add it wherever they find none. */
function checkType(step: Step, a: PdfDict, b: PdfDict, where: string): void {
  const [old, current] = [a.get("Type"), b.get("Type")];
  if (step.same(old, current)) return;
  if (old !== undefined || !isName(step.final.resolve(current), "Annot")) step.refuse(`CHANGED ${where}/Type`);
}

/** A signature may be made not to be seen (12.7.5.5), which shows no more than an empty appearance would. */
function isWithoutArea({ final }: Step, widget: PdfDict): boolean {
  const rect = box(final, widget.get("Rect"));
  return rect !== undefined && rect[0] === rect[2] && rect[1] === rect[3];
}

/** Flags as a number; undefined for anything else. */
function flagsOf(value: PdfObject): number | undefined {
  if (value === null) return 0;
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

/** Whether the field above a widget has another value now. */
function isFilledAbove(step: Step, a: PdfDict, b: PdfDict): boolean {
  const before = step.base.dict(a.get("Parent"));
  const after = step.final.dict(b.get("Parent"));
  return before !== undefined && after !== undefined && !step.same(before.get("V"), after.get("V"));
}

function isEmpty({ base }: Step, field: PdfDict): boolean {
  const value = base.resolve(field.get("V") ?? base.dict(field.get("Parent"))?.get("V"));
  return value === null || isName(value, "Off") || (value instanceof PdfString && decodesToNothing(value));
}

/** An empty text string may still hold a byte-order mark. */
function decodesToNothing({ bytes }: PdfString): boolean {
  return bytes.length === 0 || (bytes.length === 2 && bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** An appearance is a dictionary of form XObjects: those are clipped and fitted into the rectangle of the widget. */
export function checkAppearance(step: Step, widget: PdfDict, where: string): void {
  const { final } = step;
  const appearance = final.resolve(widget.get("AP"));
  if (appearance === null) return;
  const states = appearance instanceof PdfDict ? [...appearance.entries.values()] : [null];
  for (const state of states) {
    const value = final.resolve(state);
    const streams = value instanceof PdfDict ? [...value.entries.values()].map((each) => final.resolve(each)) : [value];
    // Without a frame some readers clip nothing (8.10.2, table 93).
    const isForm = (stream: PdfObject) =>
      stream instanceof PdfStream && box(final, stream.dict.get("BBox")) !== undefined;
    if (!streams.every(isForm)) step.refuse(`APPEARANCE_MALFORMED ${where}`);
  }
}
