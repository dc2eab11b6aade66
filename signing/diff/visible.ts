import type { PdfView } from "../pdf/document.ts";
import { box } from "../pdf/geometry.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { PdfDict, PdfRef, type PdfObject } from "../pdf/objects.ts";

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

/** What a field, or a widget of it, has of its own or from above (12.7.4.1). */
export function inheritedFrom(view: PdfView, widget: PdfDict, key: string): PdfObject {
  let node: PdfDict | undefined = widget;
  for (let level = 0; node && level < MAX_DEPTH; level++) {
    const own = node.get(key);
    if (own !== undefined) return view.resolve(own);
    node = view.dict(node.get("Parent"));
  }
  return null;
}
