import type { PdfDocument, PdfView } from "../pdf/document.ts";
import type { Rect } from "../pdf/geometry.ts";
import { PdfName, type PdfDict, type PdfStream } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { appearancePainting, appearanceStreams, shownRect } from "./appearance.ts";
import { areaOf, common, coveredShare, type Matrix } from "./matrix.ts";
import type { Painted, Word } from "./painting.ts";
import { opacityOf, type Opacity } from "./transparency.ts";

/** From this share on a word counts as covered. */
const coveredWord = 0.5;
/** A see-through image is one with at most this share opaque; a word under it may be this much under opaque parts. */
const seeThrough = { whole: 0.6, word: 0.75 } as const;
/** See-through images one over the other hide what is under them from this density on. */
const dense = 0.8;
/** A stretch of a word counts as hidden when it is an em long; letters are taken to be 0.7 em high. */
const stretch = { length: 1 / 0.7, height: 0.8 } as const;
/** What may hide a letter of a picture: square points, points across; or that share of what lies over it, in pieces. */
const overPicture = { area: 40, across: 4, share: 0.25 } as const;
/** Comparisons with what is painted over something, with images above all: each takes hundreds of samples. */
const mostComparisons = { all: 4_000_000, images: 40_000 } as const;

/** What the looks of an annotation, or the chosen ones, paint over the page; undefined where they paint nothing. */
export function coverOf(document: PdfDocument, view: PdfView, annotation: PdfDict, only?: "chosen"): Cover | undefined {
  const rect = shownRect(view, annotation);
  if (!rect) return undefined;
  const whole: Painted = { kind: "area", rect };
  const forms = appearanceStreams(view, annotation, only);
  const paints = attempt(
    () => forms.flatMap((form) => appearancePainting(document, view, form, rect)),
    () => [whole], // What cannot be read may be anything, all over the rectangle.
  );
  if (forms.length === 0 && isDrawnByReaders(view, annotation)) paints.push(whole);
  if (paints.length === 0) return undefined;
  const known = new Map<PdfStream, Opacity>();
  const opacity = (image: PdfStream): Opacity => {
    const found = known.get(image) ?? opacityOf(document, view, image);
    known.set(image, found);
    return found;
  };
  return new Cover(
    rect,
    paints.map((item) => new Ink(item, opacity)),
  );
}

/** Whether readers fill the rectangle of an annotation that brings no looks of its own. */
function isDrawnByReaders(view: PdfView, annotation: PdfDict): boolean {
  const subtype = view.resolve(annotation.get("Subtype"));
  const background = view.dict(annotation.get("MK"))?.get("BG") !== undefined || annotation.get("IC") !== undefined;
  return background || (subtype instanceof PdfName && ["FreeText", "Stamp"].includes(subtype.name));
}

/** How far the looks of an annotation hide what is under them. */
export class Cover {
  readonly #rect: Rect;
  #inks: readonly Ink[];
  readonly #images: number;
  readonly #left: { all: number; images: number } = { ...mostComparisons };

  constructor(rect: Rect, inks: readonly Ink[]) {
    this.#rect = rect;
    this.#inks = inks;
    this.#images = inks.filter(({ isImage }) => isImage).length;
  }

  /** What becomes of a word under it. */
  over(word: Word): { readonly isHidden: boolean; readonly isSeenThrough: boolean } {
    if (!coveredShare(word.rect, this.#rect)) return { isHidden: false, isSeenThrough: false };
    this.#charge();
    let [covered, seen, hidden, isSeenThrough] = [0, 1, false, false];
    for (const ink of this.#inks) {
      const { hides, density, seenThrough } = ink.over(word);
      covered += hides;
      seen *= 1 - density;
      hidden ||= hides > 0 && ink.hidesStretch(word);
      isSeenThrough ||= seenThrough;
    }
    return { isHidden: covered >= coveredWord || 1 - seen >= dense || hidden, isSeenThrough };
  }

  /** Whether as much of a picture is under something solid as a letter or digit needs, that may be part of it. */
  hidesPicture(pictures: readonly Painted[]): boolean {
    return pictures.some(({ rect }) => {
      const shared = common(rect, this.#rect);
      if (!shared) return false;
      this.#charge();
      let inPieces = 0;
      for (const ink of this.#inks) {
        const part = ink.solidOver(shared);
        if (!part) continue;
        const across = Math.min(part[2] - part[0], part[3] - part[1]);
        if (across >= overPicture.across && areaOf(part) >= overPicture.area) return true;
        inPieces += areaOf(part);
      }
      return inPieces > areaOf(shared) * overPicture.share;
    });
  }

  /** More than anybody's signature looks like counts as one solid area. */
  #charge(): void {
    this.#left.all -= this.#inks.length;
    this.#left.images -= this.#images;
    if (this.#left.all >= 0 && this.#left.images >= 0) return;
    this.#inks = [new Ink({ kind: "area", rect: this.#rect })];
  }
}

/** Something that an appearance paints, and how far it hides words. */
class Ink {
  readonly #rect: Rect;
  readonly #image: { readonly opacity: Opacity; readonly matrix: Matrix } | undefined;
  readonly #isWord: boolean;

  constructor(item: Painted, opacityOf?: (image: PdfStream) => Opacity) {
    this.#rect = item.rect;
    this.#isWord = item.kind === "word";
    if (item.kind !== "image") return;
    const opacity = opacityOf!(item.image);
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
    const shared = this.solidOver(rect);
    if (!shared) return false;
    const [width, height] = [rect[2] - rect[0], rect[3] - rect[1]];
    const [across, up] = [shared[2] - shared[0], shared[3] - shared[1]];
    const isUpright = width >= height;
    const [size, high, long] = isUpright ? [height, up, across] : [width, across, up];
    return size > 0 && high >= size * stretch.height && long >= size * stretch.length;
  }

  /** What of a rectangle lies under it, unless one sees through it as between the lines of letters. */
  solidOver(rect: Rect): Rect | undefined {
    return this.#isWord || this.#image ? undefined : common(rect, this.#rect);
  }
}
