import type { PdfView } from "../pdf/document.ts";
import { box, type Rect } from "../pdf/geometry.ts";
import { isName, PdfString, type PdfDict, type PdfObject, type PdfRef } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { attempt } from "./attempt.ts";
import { appearanceStreams } from "./appearance.ts";
import { operations } from "./content.ts";
import { fillColour, initialState } from "./graphics-state.ts";
import { common, identity } from "./matrix.ts";
import { paintedBy, type Canvas, type Painted } from "./painting.ts";
import type { Step } from "./step.ts";
import { widgetsOf } from "./visible.ts";

/** Whether a text field shows what it holds, certainly something else, or something that nobody can tell. */
export type Showing = "shown" | "otherwise" | "unclear";

/** 12.7.5.3, table 231: password, rich text. */
const otherLooks = (1 << 13) | (1 << 25);
/** 12.7.5.4, table 233: a combo box shows what is chosen; a list shows all, and marks it. */
const comboFlag = 1 << 17;
/** A border that is drawn as a shape goes along this share of the field's side at least. */
const border = 0.8;
/** How far from the field's edge its corners lie at most: in units, and as a share of the side. */
const [margin, marginShare] = [4, 0.25];

/**
 * What a text field or a combo box shows of its value. Where a script or a flag gives the value another look, or where readers draw it
 * anew by themselves, other words may be right; pictures, text that cannot be seen or read, and no text at all are not.
 */
export function showingOf(step: Step, ref: PdfRef, field: PdfDict): Showing {
  const { final } = step;
  // A reference to nothing shows nothing.
  const widgets = widgetsOf(final, ref, field).flatMap((widget) => final.dict(widget) ?? []);
  return worst(widgets.map((widget) => showingOn(step, widget)));
}

function showingOn({ final, context }: Step, widget: PdfDict): Showing {
  const above = final.dict(widget.get("Parent"));
  const form = final.dict(final.catalog.get("AcroForm"));
  const inherited = (key: string) => final.resolve(widget.get(key) ?? above?.get(key));
  const flags = inherited("Ff");
  const isChoice = isName(inherited("FT"), "Ch");
  if (isChoice && !(typeof flags === "number" && (flags & comboFlag) !== 0)) return "shown";
  const held = inherited("V");
  // What is chosen may be a list of one.
  const value = isChoice && Array.isArray(held) && held.length === 1 ? final.resolve(held[0]) : held;
  if (value !== null && !(value instanceof PdfString)) return "unclear";
  const chosen = value === null ? "" : decodeText(value);
  const expected = plain(isChoice ? displayed(final, inherited("Opt"), chosen) : chosen);
  const formats = final.dict(widget.get("AA"))?.get("F") ?? final.dict(above?.get("AA"))?.get("F");
  const isFormatted = (typeof flags === "number" && (flags & otherLooks) !== 0) || formats !== undefined;
  const isRedrawn = final.resolve(form?.get("NeedAppearances")) === true;
  const looks = appearanceStreams(final, widget, "normal");
  if (expected !== "" && (isRedrawn || looks.length === 0)) {
    const defaults = inherited("DA") ?? final.resolve(form?.get("DA"));
    if (isFaintByDefault(defaults)) return "unclear";
  }
  const showings = looks.map((look): Showing => {
    const frame = box(final, look.dict.get("BBox")) ?? [0, 0, 0, 0];
    const paint = (clip: Canvas["clip"]) => {
      const content = context.document.decode(look, final);
      const resources = final.dict(look.dict.get("Resources"));
      return paintedBy(context.document, final, content, resources, { matrix: identity, clip });
    };
    const painted = attempt(
      () => paint("none"),
      () => undefined,
    );
    const text = painted && textOf(painted);
    if (text === undefined) return "unclear";
    if (text !== "" && text !== expected && !isFormatted) return "otherwise";
    if (text === "" && expected !== "" && !isRedrawn) return "unclear";
    return isSeen(painted!, frame) && textOf(paint(frame)) === text ? "shown" : "unclear";
  });
  return worst(showings);
}

/** How a choice is shown: an option is its own text, or a pair of its value and its text (12.7.5.4, table 234). */
function displayed(view: PdfView, options: PdfObject, chosen: string): string {
  for (const option of Array.isArray(options) ? options : []) {
    const pair = view.resolve(option);
    const [value, shown] = (Array.isArray(pair) ? pair : []).map((each) => view.resolve(each));
    if (value instanceof PdfString && shown instanceof PdfString && decodeText(value) === chosen) {
      return decodeText(shown);
    }
  }
  return chosen;
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
function isSeen(painted: readonly Painted[], frame: Rect): boolean {
  const words: Painted[] = [];
  for (const item of painted) {
    if (item.kind === "image" || (item.kind === "word" && item.isFaint)) return false;
    if (item.kind === "word") words.push(item);
    else if (words.some(({ rect }) => common(rect, item.rect)) || (item.isDrawing && !isBorder(item, frame))) {
      return false;
    }
  }
  return true;
}

/** Whether a shape may be a border or a side of one: it has few corners, all at the edge that it goes along. */
function isBorder({ rect, corners }: Painted & { kind: "area" }, frame: Rect): boolean {
  if (corners === undefined) return false;
  const [width, height] = [0, 1].map((side) => frame[side + 2]! - frame[side]!) as [number, number];
  const isAlong = (side: number, length: number) => rect[side + 2]! - rect[side]! >= border * length;
  const near = (side: number, length: number) => (edge: number) => (point: readonly number[]) =>
    Math.abs(point[side]! - edge) <= Math.min(margin, marginShare * length);
  const acrossFrom = [near(0, width)(frame[0]), near(0, width)(frame[2])];
  const aboveFrom = [near(1, height)(frame[1]), near(1, height)(frame[3])];
  const goesRound = isAlong(0, width) && isAlong(1, height);
  if (goesRound) return corners.every((point) => [...acrossFrom, ...aboveFrom].some((isNear) => isNear(point)));
  const edges = [...(isAlong(0, width) ? aboveFrom : []), ...(isAlong(1, height) ? acrossFrom : [])];
  return edges.some((isNear) => corners.every(isNear));
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
