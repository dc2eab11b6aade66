import { SigningError } from "../errors.ts";
import type { PdfView } from "../pdf/document.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { isName, PdfName, type PdfDict, type PdfObject, type PdfRef, type PdfStream } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { appearancePainting, appearanceStreams, shownRect } from "./appearance.ts";
import { operations } from "./content.ts";
import { common, coveredShare, type Matrix } from "./matrix.ts";
import type { Painted, Word } from "./painting.ts";
import type { ShownWidget, Step } from "./step.ts";
import { opacityOf, type Opacity } from "./transparency.ts";

/** From this share on a word counts as covered. */
const coveredWord = 0.5;
/** A see-through image is one with at most this share opaque; a word under it may be this much under opaque parts. */
const seeThrough = { whole: 0.6, word: 0.75 } as const;
/** See-through images one over the other hide what is under them from this density on. */
const dense = 0.8;
/** A stretch of a word counts as hidden when it is an em long; letters are taken to be 0.7 em high. */
const stretch = { length: 1 / 0.7, height: 0.8 } as const;
/** Comparisons of words with what is painted over them, of images above all: each takes hundreds of samples. */
const mostComparisons = { all: 4_000_000, images: 40_000 } as const;
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
  const verdict = isOutOfPlace(step, widget, page)
    ? { reason: `WIDGET_OUT_OF_ITS_PLACE ${where}` }
    : coveringOf(step, widget, ref.number, page, where);
  const covering = verdict.reason === undefined ? undefined : { born: field.born, reason: verdict.reason };
  if (covering || verdict.note) step.allow({ level: "FORM_FILLING", ...verdict, ...(covering && { covering }) });
}

/** Whether readers show it elsewhere than in its rectangle. */
function isOutOfPlace({ final }: Step, widget: PdfDict, page: PdfRef): boolean {
  const flags = final.resolve(widget.get("F"));
  if (typeof flags !== "number" || !shownRect(final, widget)) return false;
  return (flags & noZoom) !== 0 || ((flags & noRotate) !== 0 && isTurned(final, page));
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
  const rect = shownRect(final, annotation);
  if (!rect) return {};
  const whole: Painted = { kind: "area", rect };
  const forms = appearanceStreams(final, annotation);
  const paints = attempt(
    () => forms.flatMap((form) => appearancePainting(context.document, final, form, rect)),
    () => [whole], // What cannot be read may be anything, all over the rectangle.
  );
  if (forms.length === 0 && isDrawnByReaders(final, annotation)) paints.push(whole);
  const opacities = new Map<PdfStream, Opacity>();
  let inks = paints.map((item) => new Ink(step, item, opacities));
  if (inks.length === 0) return {};
  let note: string | undefined;
  try {
    const left = { ...mostComparisons };
    const images = inks.filter(({ isImage }) => isImage).length;
    for (const word of context.text.words(base, page, number)) {
      if (!coveredShare(word.rect, rect)) continue;
      left.all -= inks.length;
      left.images -= images;
      // More than anybody's signature looks like.
      if (left.all < 0 || left.images < 0) inks = [new Ink(step, { kind: "area", rect }, opacities)];
      let [covered, seen, hidden] = [0, 1, false];
      for (const ink of inks) {
        const { hides, density, seenThrough } = ink.over(word);
        covered += hides;
        seen *= 1 - density;
        hidden ||= hides > 0 && ink.hidesStretch(word);
        if (seenThrough) note = `SEE_THROUGH_OVER_TEXT ${where}`;
      }
      if (covered >= coveredWord || 1 - seen >= dense || hidden) return { reason: `NEW_WIDGET_OVER_TEXT ${where}` };
    }
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    step.doubt(`UNREADABLE_CONTENT ${where}`);
  }
  return note === undefined ? {} : { note };
}

/** Whether readers fill the rectangle of an annotation that brings no looks of its own. */
function isDrawnByReaders(view: PdfView, annotation: PdfDict): boolean {
  const subtype = view.resolve(annotation.get("Subtype"));
  const background = view.dict(annotation.get("MK"))?.get("BG") !== undefined || annotation.get("IC") !== undefined;
  return background || (subtype instanceof PdfName && ["FreeText", "Stamp"].includes(subtype.name));
}

/** Something that an appearance paints, and how far it hides words. */
class Ink {
  readonly #rect: Painted["rect"];
  readonly #image: { readonly opacity: Opacity; readonly matrix: Matrix } | undefined;
  readonly #isWord: boolean;

  constructor({ context, final }: Step, item: Painted, known: Map<PdfStream, Opacity>) {
    this.#rect = item.rect;
    this.#isWord = item.kind === "word";
    if (item.kind !== "image") return;
    const opacity = known.get(item.image) ?? opacityOf(context.document, final, item.image);
    known.set(item.image, opacity);
    if (opacity.whole <= seeThrough.whole) this.#image = { opacity, matrix: item.matrix };
  }

  /** Whether it is an image that shows what is under it. */
  get isImage(): boolean {
    return this.#image !== undefined;
  }

  over({ rect }: Word): { readonly hides: number; readonly density: number; readonly seenThrough: boolean } {
    const share = coveredShare(rect, this.#rect);
    if (share === 0 || !this.#image) return { hides: share, density: 0, seenThrough: false };
    const { opacity, matrix } = this.#image;
    const hidden = opacity.within(rect, matrix) >= seeThrough.word;
    return { hides: hidden ? share : 0, density: opacity.density(rect, matrix), seenThrough: true };
  }

  /** Whether something solid lies on two or more letters of a word: an amount may become another by that. */
  hidesStretch({ rect }: Word): boolean {
    const shared = this.#isWord || this.#image ? undefined : common(rect, this.#rect);
    if (!shared) return false;
    const [width, height] = [rect[2] - rect[0], rect[3] - rect[1]];
    const [across, up] = [shared[2] - shared[0], shared[3] - shared[1]];
    const isUpright = width >= height;
    const [size, high, long] = isUpright ? [height, up, across] : [width, across, up];
    return size > 0 && high >= size * stretch.height && long >= size * stretch.length;
  }
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
  if (operator === "k") return Math.min(...numbers.slice(0, 3)) <= 0.4 && (numbers[3] ?? 1) <= 0.4;
  return (operator === "g" || operator === "rg") && Math.max(...numbers) >= 0.6;
}
