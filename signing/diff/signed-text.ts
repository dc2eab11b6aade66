import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";
import { appearancePainting, appearanceStreams, shownRect } from "./appearance.ts";
import type { Painted, Word } from "./painting.ts";
import { pagePainting } from "./text-places.ts";

/** 12.5.3, table 167: hidden, not viewed. */
const hidden = 2 | 32;

/**
 * The words that the pages of a document show, in their content and in their annotations, and pictures that may show
 * words, too. They are read once: the rules let no content of a page change, and of annotations only those that are
 * forgotten when they do.
 */
export class SignedText {
  readonly #document: PdfDocument;
  readonly #pages = new Map<number, PageContent>();
  readonly #annotations = new Map<number, readonly Word[]>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** The words of a page in one state, without those of some annotations. Throws MALFORMED_PDF, LIMIT_EXCEEDED. */
  *words(view: PdfView, page: PdfRef, isLeftOut: (annotation: number) => boolean): Generator<Word> {
    yield* this.contentWords(view, page);
    yield* this.annotationWords(view, page, isLeftOut);
  }

  /** The words of a page's content alone. Throws as `words`. */
  contentWords(view: PdfView, page: PdfRef): readonly Word[] {
    return this.#content(view, page).words;
  }

  /** The words of a page's annotations alone. Throws as `words`. */
  *annotationWords(view: PdfView, page: PdfRef, isLeftOut: (annotation: number) => boolean): Generator<Word> {
    for (const annotation of view.array(view.dict(page)?.get("Annots"))) {
      if (!(annotation instanceof PdfRef && isLeftOut(annotation.number))) yield* this.#annotation(view, annotation);
    }
  }

  /** Where the content of a page has images and drawings: scanned pages, or letters as outlines. Throws as `words`. */
  pictures(view: PdfView, page: PdfRef): readonly Painted[] {
    return this.#content(view, page).pictures;
  }

  #content(view: PdfView, page: PdfRef): PageContent {
    let content = this.#pages.get(page.number);
    if (!content) {
      const painted = pagePainting(this.#document, view, page);
      const pictures = painted.filter((item) => item.kind === "image" || (item.kind === "area" && item.isDrawing));
      this.#pages.set(page.number, (content = { words: wordsOf(painted), pictures }));
    }
    return content;
  }

  /** Forgets what changed annotations show. */
  forget(numbers: Iterable<number>): void {
    for (const number of numbers) this.#annotations.delete(number);
  }

  #annotation(view: PdfView, object: PdfObject): readonly Word[] {
    const number = object instanceof PdfRef ? object.number : undefined;
    const known = number === undefined ? undefined : this.#annotations.get(number);
    if (known) return known;
    const words = this.#shownBy(view, view.resolve(object));
    if (number !== undefined) this.#annotations.set(number, words);
    return words;
  }

  #shownBy(view: PdfView, annotation: PdfObject): readonly Word[] {
    if (!(annotation instanceof PdfDict)) return [];
    const rect = shownRect(view, annotation);
    const flags = view.resolve(annotation.get("F"));
    if (!rect || (typeof flags === "number" && (flags & hidden) !== 0)) return [];
    const streams = appearanceStreams(view, annotation, "normal");
    return streams.flatMap((stream) => wordsOf(appearancePainting(this.#document, view, stream, rect)));
  }
}

interface PageContent {
  readonly words: readonly Word[];
  readonly pictures: readonly Painted[];
}

function wordsOf(items: readonly Painted[]): Word[] {
  return items.filter((item) => item.kind === "word" && !item.isFiller) as Word[];
}
