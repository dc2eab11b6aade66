import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";
import { appearancePainting, appearanceStreams, shownRect } from "./appearance.ts";
import type { Word } from "./painting.ts";
import { pagePainting } from "./text-places.ts";

/** 12.5.3, table 167: hidden, not viewed. */
const hidden = 2 | 32;

/**
 * The words that the pages of a document show, in their content and in their annotations. They are read once: the rules
 * let no content of a page change, and of annotations only those that are forgotten when they do.
 */
export class SignedText {
  readonly #document: PdfDocument;
  readonly #pages = new Map<number, readonly Word[]>();
  readonly #annotations = new Map<number, readonly Word[]>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** The words of a page in one state, without those of one annotation. Throws MALFORMED_PDF, LIMIT_EXCEEDED. */
  *words(view: PdfView, page: PdfRef, except: number): Generator<Word> {
    let content = this.#pages.get(page.number);
    if (!content) {
      content = wordsOf(pagePainting(this.#document, view, page));
      this.#pages.set(page.number, content);
    }
    yield* content;
    for (const annotation of view.array(view.dict(page)?.get("Annots"))) {
      if (!(annotation instanceof PdfRef && annotation.number === except)) yield* this.#annotation(view, annotation);
    }
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

function wordsOf(items: ReturnType<typeof pagePainting>): Word[] {
  return items.filter((item) => item.kind === "word" && !item.isFiller) as Word[];
}
