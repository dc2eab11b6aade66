import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { box, type Rect } from "../pdf/geometry.ts";
import { PdfDict, PdfName, PdfStream, type PdfObject } from "../pdf/objects.ts";
import { bounds, multiply, type Matrix } from "./matrix.ts";
import { matrixOf, paintedBy, type Painted } from "./painting.ts";

/** The form XObjects that an annotation may show: all, the normal ones of every state, or that of its state now. */
export function appearanceStreams(view: PdfView, annotation: PdfDict, only?: "normal" | "chosen"): PdfStream[] {
  const appearance = view.dict(annotation.get("AP"));
  const looks = only ? [appearance?.get("N")] : [...(appearance?.entries.values() ?? [])];
  const found: PdfStream[] = [];
  for (const look of looks.map((each) => view.resolve(each))) {
    const states =
      look instanceof PdfDict
        ? only === "chosen"
          ? [chosen(view, annotation, look)]
          : [...look.entries.values()]
        : [look];
    for (const state of states.map((each) => view.resolve(each))) if (state instanceof PdfStream) found.push(state);
  }
  return [...new Set(found)];
}

function chosen(view: PdfView, annotation: PdfDict, looks: PdfDict): PdfObject | undefined {
  const state = view.resolve(annotation.get("AS"));
  return state instanceof PdfName ? looks.get(state.name) : undefined;
}

/** What a form XObject paints when it is fitted into the rectangle of an annotation (12.5.5). */
export function appearancePainting(document: PdfDocument, view: PdfView, form: PdfStream, rect: Rect): Painted[] {
  const frame: Rect = box(view, form.dict.get("BBox")) ?? [0, 0, rect[2] - rect[0], rect[3] - rect[1]];
  const own = matrixOf(view, form.dict.get("Matrix"));
  const matrix = multiply(own, fitting(bounds(own, frame), rect));
  const resources = view.dict(form.dict.get("Resources"));
  const canvas = { matrix, clip: bounds(matrix, frame), inks: true };
  return paintedBy(document, view, document.decode(form, view), resources, canvas);
}

/** Scales and moves one rectangle onto another; a flat one is only moved. */
function fitting(from: Rect, to: Rect): Matrix {
  const scale = (a: number, b: number) => (a === 0 ? 1 : b / a);
  const x = scale(from[2] - from[0], to[2] - to[0]);
  const y = scale(from[3] - from[1], to[3] - to[1]);
  return [x, 0, 0, y, to[0] - from[0] * x, to[1] - from[1] * y];
}

/** What an annotation dictionary's /Rect says; undefined where it has no area. */
export function shownRect(view: PdfView, annotation: PdfDict | undefined): Rect | undefined {
  const rect = box(view, annotation?.get("Rect") as PdfObject | undefined);
  return rect && rect[2] > rect[0] && rect[3] > rect[1] ? rect : undefined;
}
