import type { PdfView } from "../pdf/document.ts";
import { box, type Rect } from "../pdf/geometry.ts";
import { isName, PdfString, type PdfDict, type PdfObject, type PdfRef, type PdfStream } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { attempt } from "./attempt.ts";
import { appearanceStreams, shownRect } from "./appearance.ts";
import { operations } from "./content.ts";
import { isFurniture } from "./furniture.ts";
import { fillColour, initialState } from "./graphics-state.ts";
import { bounds, common, identity, type Matrix } from "./matrix.ts";
import { matrixOf, paintedBy, type Canvas, type Painted } from "./painting.ts";
import type { Step } from "./step.ts";
import { inheritedFrom, widgetsOf } from "./visible.ts";

/** Whether a text field shows what it holds, certainly something else, or something that nobody can tell. */
export type Showing = "shown" | "otherwise" | "unclear";

/** 12.7.5.3, table 231: password, rich text. */
const otherLooks = (1 << 13) | (1 << 25);
/** 12.7.5.4, table 233: a combo box shows what is chosen; a list shows all, and marks it. */
const comboFlag = 1 << 17;
/** Looks of more shapes and words are not compared. */
const mostItems = 2_000;

/**
 * What a text field or a choice shows of its value. Where a script or a flag gives the value another look, or where
 * readers draw it anew by themselves, other words may be right; pictures, text that cannot be seen or read, and no text
 * at all are not.
 */
export function showingOf(step: Step, ref: PdfRef, field: PdfDict): Showing {
  const { final } = step;
  // A reference to nothing shows nothing.
  const widgets = widgetsOf(final, ref, field).flatMap((widget) => final.dict(widget) ?? []);
  return worst(widgets.map((widget) => showingOn(step, widget)));
}

function showingOn({ final, context }: Step, widget: PdfDict): Showing {
  const inherited = (key: string) => inheritedFrom(final, widget, key);
  const flags = inherited("Ff");
  const isFlagged = (flag: number) => typeof flags === "number" && (flags & flag) !== 0;
  const isChoice = isName(inherited("FT"), "Ch");
  const options = isChoice ? optionsOf(final, inherited("Opt")) : [];
  const held = inherited("V");
  // What is chosen may be a list of one.
  const value = isChoice && Array.isArray(held) && held.length === 1 ? final.resolve(held[0]) : held;
  const isList = isChoice && !isFlagged(comboFlag);
  if (!isList && value !== null && !(value instanceof PdfString)) return "unclear";
  const chosen = value instanceof PdfString ? decodeText(value) : "";
  const expected = isList ? "" : plain(options.find((option) => option.value === chosen)?.shown ?? chosen);
  // Some programs (MuPDF) show what an option stands for.
  const isExpected = (text: string) => text === expected || (isChoice && text === plain(chosen));
  const isFormatted = isFlagged(otherLooks) || final.dict(inherited("AA"))?.get("F") !== undefined;
  const form = final.dict(final.catalog.get("AcroForm"));
  const isRedrawn = final.resolve(form?.get("NeedAppearances")) === true;
  const looks = appearanceStreams(final, widget, "normal");
  if (expected !== "" && (isRedrawn || looks.length === 0)) {
    const defaults = inherited("DA") ?? final.resolve(form?.get("DA"));
    if (isFaintByDefault(defaults)) return "unclear";
  }
  const showings = looks.map((look): Showing => {
    const { matrix, frame } = placeOf(final, widget, look);
    const paint = (clip: Canvas["clip"]) => {
      const content = context.document.decode(look, final);
      const resources = final.dict(look.dict.get("Resources")) ?? final.dict(form?.get("DR"));
      return paintedBy(context.document, final, content, resources, { matrix, clip, looks: true });
    };
    const painted = attempt(
      () => paint("none"),
      () => undefined,
    );
    const text = painted && textOf(painted);
    if (text === undefined || painted!.length > mostItems) return "unclear";
    if (isList) return isOfOptions(painted!, options) && isSeen(painted!, frame, isList) ? "shown" : "unclear";
    if (text !== "" && !isExpected(text) && !isFormatted) return "otherwise";
    if (text === "" && expected !== "" && !isRedrawn) return "unclear";
    return isSeen(painted!, frame) && textOf(paint(frame)) === text ? "shown" : "unclear";
  });
  return worst(showings);
}

/** Where looks are on the page, as far as their size goes: in points, upright, from their own origin (12.5.5). */
function placeOf(view: PdfView, widget: PdfDict, look: PdfStream): { matrix: Matrix; frame: Rect } {
  const own = box(view, look.dict.get("BBox")) ?? [0, 0, 0, 0];
  const [a, b, c, d] = matrixOf(view, look.dict.get("Matrix"));
  const [left, bottom, right, top] = bounds([a, b, c, d, 0, 0], own);
  const rect = shownRect(view, widget) ?? [left, bottom, right, top];
  const [x, y] = [(rect[2] - rect[0]) / (right - left || 1), (rect[3] - rect[1]) / (top - bottom || 1)];
  // Looks that are mirrored are read by nobody.
  const mirrored = a * d - b * c > 0 ? 1 : -1;
  const matrix: Matrix = [mirrored * Math.hypot(a * x, b * y), 0, 0, Math.hypot(c * x, d * y), 0, 0];
  return { matrix, frame: bounds(matrix, own) };
}

interface Option {
  readonly value: string;
  readonly shown: string;
}

/** An option is its own text, or a pair of its value and its text (12.7.5.4, table 234). */
function optionsOf(view: PdfView, list: PdfObject): Option[] {
  return (Array.isArray(list) ? list : []).flatMap((item) => {
    const option = view.resolve(item);
    const [value, shown = value] = (Array.isArray(option) ? option : [option]).map((each) => view.resolve(each));
    const isPair = value instanceof PdfString && shown instanceof PdfString;
    return isPair ? [{ value: decodeText(value), shown: decodeText(shown) }] : [];
  });
}

/** A list shows what there is to choose. */
function isOfOptions(painted: readonly Painted[], options: readonly Option[]): boolean {
  const shown = options.map((option) => plain(option.shown));
  return painted.every((item) => item.kind !== "word" || shown.some((each) => each.includes(plain(item.text!))));
}

function worst(showings: readonly Showing[]): Showing {
  if (showings.includes("otherwise")) return "otherwise";
  return showings.includes("unclear") ? "unclear" : "shown";
}

/** The text of looks; undefined where a font does not tell. */
function textOf(painted: readonly Painted[]): string | undefined {
  const texts = painted.map((item) => (item.kind === "word" ? item.text : ""));
  return texts.includes(undefined) ? undefined : plain(texts.join(""));
}

/** Whether all that is written can be seen, and nothing else can be that says something. */
function isSeen(painted: readonly Painted[], frame: Rect, hasRows = false): boolean {
  const words: Painted[] = [];
  for (const item of painted) {
    // The marked row of a list is pale on dark with some programs (poppler).
    if (item.kind === "image" || (item.kind === "word" && item.isFaint && !hasRows)) return false;
    if (item.kind === "word") words.push(item);
    else if (words.some(({ rect }) => common(rect, item.rect)) || !isFurniture(item, frame, hasRows)) return false;
  }
  return true;
}

/** Whether the text that readers draw themselves may not be seen, by the default appearance (12.7.4.3). */
function isFaintByDefault(defaults: PdfObject): boolean {
  if (!(defaults instanceof PdfString)) return false;
  return attempt(
    () => {
      let { space, isPale } = initialState(identity, [0, 0, 0, 0]);
      for (const { operator, operands } of operations(defaults.bytes)) {
        ({ space, isPale } = fillColour(operator, operands, space) ?? { space, isPale });
      }
      return isPale;
    },
    () => true,
  );
}

function plain(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, "");
}
