import type { PdfView } from "../pdf/document.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { isName, PdfName, type PdfDict, type PdfObject, type PdfRef } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { appearanceStreams, shownRect } from "./appearance.ts";
import { operations } from "./content.ts";
import { coverOf } from "./cover.ts";
import type { ShownWidget, Step } from "./step.ts";

/** 12.5.3, table 167: such an annotation is not where its rectangle says, where the page is turned or made smaller. */
const [noZoom, noRotate] = [8, 16];
/** Types of comments that mark text, and that readers draw by themselves (12.5.6.10). */
const textMarks = new Set(["Highlight", "Underline", "Squiggly", "StrikeOut"]);

/**
 * A widget whose place nobody signed could hide or replace what was signed (sneaky signature attack): nothing that it
 * paints may lie on a word, except for a see-through image, as a seal on a title is.
 */
export function compareCovering(step: Step, { field, ref }: ShownWidget, page: PdfRef, where: string): void {
  const widget = step.final.dict(ref);
  if (!widget) return;
  const verdict = isOutOfPlace(step.final, widget, page)
    ? { reason: `WIDGET_OUT_OF_ITS_PLACE ${where}` }
    : coveringOf(step, widget, ref.number, page, where);
  const covering = verdict.reason === undefined ? undefined : { born: field.born, reason: verdict.reason };
  if (covering || verdict.note) step.allow({ level: "FORM_FILLING", ...verdict, ...(covering && { covering }) });
}

/** Whether readers show it elsewhere than in its rectangle. */
export function isOutOfPlace(view: PdfView, widget: PdfDict, page: PdfRef): boolean {
  const flags = view.resolve(widget.get("F"));
  if (typeof flags !== "number" || !shownRect(view, widget)) return false;
  return (flags & noZoom) !== 0 || ((flags & noRotate) !== 0 && isTurned(view, page));
}

function isTurned(view: PdfView, page: PdfRef): boolean {
  let node = view.dict(page);
  for (let level = 0; node && level < MAX_DEPTH; level++) {
    const turn = view.resolve(node.get("Rotate"));
    if (turn !== null) return typeof turn !== "number" || turn % 360 !== 0;
    node = view.dict(node.get("Parent"));
  }
  return false;
}

interface CoveringVerdict {
  readonly reason?: string;
  readonly note?: string;
}

function coveringOf(step: Step, annotation: PdfDict, number: number, page: PdfRef, where: string): CoveringVerdict {
  const { base, final, context } = step;
  const cover = coverOf(context.document, final, annotation);
  if (!cover) return {};
  const compare = (): CoveringVerdict => {
    let note: string | undefined;
    for (const word of context.text.words(base, page, (other) => other === number)) {
      const { isHidden, isSeenThrough } = cover.over(word);
      if (isHidden) return { reason: `NEW_WIDGET_OVER_TEXT ${where}` };
      if (isSeenThrough) note = `SEE_THROUGH_OVER_TEXT ${where}`;
    }
    if (cover.hidesPicture(context.text.pictures(base, page))) step.doubt(`COVERS_PICTURE ${where}`);
    return note === undefined ? {} : { note };
  };
  return attempt(compare, () => {
    step.doubt(`UNREADABLE_CONTENT ${where}`);
    return {};
  });
}

/** Whether a comment hides no word: even where comments are allowed, they may not replace text (evil annotation attack). */
export function isHarmlessComment(step: Step, comment: PdfDict, number: number, page: PdfRef, where: string): boolean {
  const { final } = step;
  const subtype = final.resolve(comment.get("Subtype"));
  if (subtype instanceof PdfName && textMarks.has(subtype.name) && isMarker(step, comment)) return true;
  const { reason } = coveringOf(step, comment, number, page, where);
  if (reason !== undefined) step.refuse(`COMMENT_OVER_TEXT ${where}`);
  return reason === undefined;
}

/**
 * Whether all that a mark paints is bright and multiplied with what is under it, as a marker pen's ink is
 * (11.3.5.2). Readers draw a mark without looks of its own in this way.
 */
function isMarker({ final, context }: Step, comment: PdfDict): boolean {
  return appearanceStreams(final, comment).every((form) => {
    const resources = final.dict(form.dict.get("Resources"));
    const states = [...(final.dict(resources?.get("ExtGState"))?.entries.values() ?? [])].map((each) =>
      final.dict(each),
    );
    if (!states.every((state) => isName(final.resolve(state?.get("BM")), "Multiply"))) return false;
    return attempt(
      () => paintsLikeMarker(context.document.decode(form, final)),
      () => false,
    );
  });
}

const fills = new Set(["f", "F", "f*", "B", "B*", "b", "b*"]);
const strokes = new Set(["S", "s", "B", "B*", "b", "b*"]);
const otherPaint = new Set(["Do", "BI", "sh", "Tj", "TJ", "'", '"']);
const fillColors = new Set(["g", "rg", "k", "cs", "sc", "scn"]);
const strokeColors = new Set(["G", "RG", "K", "CS", "SC", "SCN"]);

/** Whether content only fills and strokes, in bright colours, after it has set a state. */
function paintsLikeMarker(content: Buffer): boolean {
  let [blends, isFillBright, isStrokeBright] = [false, false, false];
  for (const { operator, operands } of operations(content)) {
    if (operator === "gs") blends = true;
    if (fillColors.has(operator)) isFillBright = isBright(operator, operands);
    if (strokeColors.has(operator)) isStrokeBright = isBright(operator.toLowerCase(), operands);
    if (otherPaint.has(operator)) return false;
    if (fills.has(operator) && !(blends && isFillBright)) return false;
    if (strokes.has(operator) && !(blends && isStrokeBright)) return false;
  }
  return true;
}

function isBright(operator: string, operands: readonly PdfObject[]): boolean {
  const numbers = operands.filter((item) => typeof item === "number");
  if (operator === "k") return Math.min(...numbers.slice(0, 3)) <= 0.4 && numbers[3]! <= 0.4;
  return (operator === "g" || operator === "rg") && Math.max(...numbers) >= 0.6;
}
