import type { PdfView } from "../pdf/document.ts";
import { box } from "../pdf/geometry.ts";
import { PdfDict, PdfRef } from "../pdf/objects.ts";

/** Whether neither the field nor a widget below it has an area. */
export function isInvisible(view: PdfView, field: PdfDict): boolean {
  const kids = view.resolve(field.get("Kids"));
  const widgets = Array.isArray(kids) ? kids.map((kid) => view.dict(kid)) : [];
  return [field, ...widgets].every((widget) => {
    const rect = box(view, widget?.get("Rect"));
    return !rect || rect[2] === rect[0] || rect[3] === rect[1];
  });
}

/** The widgets of a field: its kids, or itself where the two are one. */
export function widgetsOf(view: PdfView, ref: PdfRef, field: PdfDict): PdfRef[] {
  const kids = view.resolve(field.get("Kids"));
  const widgets = Array.isArray(kids) ? kids.filter((kid) => kid instanceof PdfRef) : [];
  return widgets.length ? widgets : [ref];
}
