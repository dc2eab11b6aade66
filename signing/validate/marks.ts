import { SigningError } from "../errors.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { box, pageGeometry, type Rect } from "../pdf/geometry.ts";
import { PdfRef, PdfStream, type PdfDict, type PdfObject } from "../pdf/objects.ts";
import type { SignatureMark } from "./report.ts";
import { shownText, type ShownText } from "./shown-text.ts";
import type { FoundSignature } from "./signature-fields.ts";

/** A signature that is but a number on the page, as agencies' tools put one into the gap left in the text. */
export interface Mark {
  readonly mark: SignatureMark;
  /** What its appearance shows. */
  readonly text: string;
}

/** Largest widget, in points, that is taken for a mark: the gaps are about 30 × 20. */
const largest = { width: 110, height: 42 } as const;
/** How far from a widget's line, and how far to the left of it, the words may stand that say what it is. */
const near = { lines: 14, left: 90 } as const;

interface Candidate {
  readonly signature: FoundSignature;
  readonly text: string;
  readonly rect: Rect;
  readonly page: PdfRef;
}

/**
 * Which signatures are marks: a small widget in a field that did not exist before, whose appearance is a number alone.
 * The words in front of it tell which ("Số:", "ngày", "tháng"); where they cannot be read, its place and value do.
 */
export function findMarks(document: PdfDocument, signatures: readonly FoundSignature[]): Map<FoundSignature, Mark> {
  const candidates = signatures.flatMap((signature) => attempt(() => candidateOf(document, signature)) ?? []);
  const pages = new Map<number, readonly ShownText[]>();
  const marks = new Map<FoundSignature, Mark>();
  for (const candidate of candidates) {
    const { signature, text, page } = candidate;
    let shown = pages.get(page.number);
    if (!shown) pages.set(page.number, (shown = attempt(() => textOfPage(document.latest, page)) ?? []));
    const mark = byWords(shown, candidate) ?? attempt(() => byPlace(document.latest, candidate, candidates));
    if (mark) marks.set(signature, { mark, text });
  }
  return marks;
}

function candidateOf(document: PdfDocument, signature: FoundSignature): Candidate[] {
  const { revision, widgets, fieldRef, kind } = signature;
  if (revision === undefined || kind === "DOCUMENT_TIMESTAMP" || widgets.length !== 1) return [];
  const view = document.at(revision);
  const widget = view.dict(widgets[0]);
  const rect = box(view, widget?.get("Rect"));
  const page = widget?.get("P");
  if (!widget || !rect || !(page instanceof PdfRef)) return [];
  const [width, height] = [rect[2] - rect[0], rect[3] - rect[1]];
  if (!(width > 0 && height > 0 && width <= largest.width && height <= largest.height)) return [];
  const waited = revision > 0 && (document.entry(fieldRef.number, revision - 1)?.type ?? "free") !== "free";
  if (waited) return [];
  const text = textOfAppearance(view, widget);
  // Numbers may carry a letter: "15a".
  return /^\d{1,6}[a-zđ]?$/i.test(text) ? [{ signature, text, rect, page }] : [];
}

function textOfAppearance(view: PdfView, widget: PdfDict): string {
  const form = view.resolve(view.dict(widget.get("AP"))?.get("N"));
  if (!(form instanceof PdfStream)) return "";
  const shown = shownText(view, view.document.decode(form, view), view.dict(form.dict.get("Resources")));
  return shown
    .map(({ text }) => text)
    .join("")
    .replace(/\s+/g, "");
}

function textOfPage(view: PdfView, page: PdfRef): ShownText[] {
  const dictionary = view.dict(page);
  const contents = view.resolve(dictionary?.get("Contents"));
  const streams = (Array.isArray(contents) ? contents : [contents]).map((item: PdfObject) => view.resolve(item));
  const newline = Buffer.from("\n");
  const parts = streams.flatMap((item) =>
    item instanceof PdfStream ? [view.document.decode(item, view), newline] : [],
  );
  let resources = dictionary;
  for (let up = 0; up < 50 && resources && resources.get("Resources") === undefined; up++) {
    resources = view.dict(resources.get("Parent"));
  }
  return shownText(view, Buffer.concat(parts), view.dict(resources?.get("Resources")));
}

/** By the words that stand just in front of the gap, on its line. */
function byWords(shown: readonly ShownText[], { rect }: Candidate): SignatureMark | undefined {
  const line = shown
    .filter(({ x, y }) => y > rect[1] - near.lines && y < rect[3] + near.lines / 2 && x < rect[0] + 2)
    .toSorted((a, b) => a.x - b.x);
  const words = line
    .filter(({ x, text }) => x + text.length * 7 > rect[0] - near.left)
    .map(({ text }) => text)
    .join("")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s.…_:]+$/, "")
    .slice(-12);
  if (/tháng$|thang$/.test(words)) return "MONTH";
  if (/ngày$|ngay$/.test(words)) return "DAY";
  return /số$|so$/.test(words) ? "NUMBER" : undefined;
}

/** By the layout of Decree 30/2020, Annex I: the number in the left half of the head, day and month in the right. */
function byPlace(view: PdfView, candidate: Candidate, all: readonly Candidate[]): SignatureMark | undefined {
  const { rect, page, text } = candidate;
  const { width, height } = pageGeometry(view, page);
  const middle = width / 2;
  // The head is on the first page, above its middle.
  if (view.pages()[0]?.number !== page.number || rect[1] < height / 2) return undefined;
  const isRight = ({ rect: other, page: its }: Candidate) => its.number === page.number && other[0] >= middle;
  if (!isRight(candidate)) return "NUMBER";
  const date = all.filter(isRight).toSorted((a, b) => a.rect[0] - b.rect[0]);
  const value = Number(text);
  const isFirst = date[0] === candidate;
  if (isFirst && value >= 1 && value <= 31) return "DAY";
  return !isFirst && value >= 1 && value <= 12 && rect[0] > middle ? "MONTH" : undefined;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
