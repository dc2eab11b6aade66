import { SigningError } from "../errors.ts";
import type { PdfView } from "./document.ts";
import { MAX_DEPTH, malformed } from "./limits.ts";
import { PdfDict, type PdfObject, PdfRef } from "./objects.ts";

/** A rectangle [left, bottom, right, top] in points. */
export type Rect = readonly [number, number, number, number];

/** A page as people see it: cropped, turned by /Rotate, in points (1/72 inch) from the lower left corner. */
export interface PageGeometry {
  readonly width: number;
  readonly height: number;
  /** Clockwise turn for showing: 0, 90, 180 or 270. */
  readonly rotate: 0 | 90 | 180 | 270;
  /** From the page as seen to the page's own coordinates. */
  toPage(seen: Rect): Rect;
  /** From the page's own coordinates to the page as seen. */
  toSeen(own: Rect): Rect;
}

/** Measures a page. Throws MALFORMED_PDF when it has no sane MediaBox. */
export function pageGeometry(view: PdfView, page: PdfRef): PageGeometry {
  const media = box(view, inherited(view, page, "MediaBox"));
  if (media === undefined) throw malformed("A page has no MediaBox.");
  const crop = box(view, inherited(view, page, "CropBox")) ?? media;
  // 14.11.2: a crop box counts only as far as it lies in the media box.
  const left = Math.max(media[0], crop[0]);
  const bottom = Math.max(media[1], crop[1]);
  const ownWidth = Math.min(media[2], crop[2]) - left;
  const ownHeight = Math.min(media[3], crop[3]) - bottom;
  if (!(ownWidth > 0 && ownHeight > 0)) throw malformed("A page has no area.");
  const turn = view.resolve(inherited(view, page, "Rotate"));
  const rotate = typeof turn === "number" && turn % 90 === 0 ? ((((turn % 360) + 360) % 360) as 0 | 90 | 180 | 270) : 0;
  const unit = view.resolve(view.dict(page)?.get("UserUnit"));
  const scale = typeof unit === "number" && unit > 0 ? unit : 1;
  const point = (x: number, y: number): [number, number] => {
    if (rotate === 90) return [ownWidth - y, x];
    if (rotate === 180) return [ownWidth - x, ownHeight - y];
    if (rotate === 270) return [y, ownHeight - x];
    return [x, y];
  };
  const unpoint = (x: number, y: number): [number, number] => {
    if (rotate === 90) return [y, ownWidth - x];
    if (rotate === 180) return [ownWidth - x, ownHeight - y];
    if (rotate === 270) return [ownHeight - y, x];
    return [x, y];
  };
  const sideways = rotate === 90 || rotate === 270;
  return {
    width: (sideways ? ownHeight : ownWidth) * scale,
    height: (sideways ? ownWidth : ownHeight) * scale,
    rotate,
    toPage: ([a, b, c, d]) => {
      const [x1, y1] = point(a / scale, b / scale);
      const [x2, y2] = point(c / scale, d / scale);
      return upright([x1 + left, y1 + bottom, x2 + left, y2 + bottom]);
    },
    toSeen: ([a, b, c, d]) => {
      const [x1, y1] = unpoint(a - left, b - bottom);
      const [x2, y2] = unpoint(c - left, d - bottom);
      return upright([x1 * scale, y1 * scale, x2 * scale, y2 * scale]);
    },
  };
}

/** The rectangle of an array of four numbers, whichever corners it names (7.9.5); undefined for anything else. */
export function box(view: PdfView, object: PdfObject | undefined): Rect | undefined {
  const value = view.resolve(object);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const numbers = value.map((item) => view.resolve(item));
  return numbers.every((n) => typeof n === "number") ? upright(numbers as unknown as Rect) : undefined;
}

/** Throws BAD_INPUT unless the rectangle has an area and finite corners in order. */
export function checkRect(rect: Rect): void {
  if (!rect.every(Number.isFinite) || rect[2] <= rect[0] || rect[3] <= rect[1]) {
    throw new SigningError("BAD_INPUT", "A rectangle must be [left, bottom, right, top] and have an area.", { rect });
  }
}

function upright([a, b, c, d]: Rect): Rect {
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** 7.7.3.4: an attribute of the page, or else of the nearest node above it. */
function inherited(view: PdfView, page: PdfRef, key: string): PdfObject | undefined {
  let node: PdfDict | undefined = view.dict(page);
  for (let level = 0; node !== undefined && level < MAX_DEPTH; level++) {
    const value = node.get(key);
    if (value !== undefined) return value;
    node = view.dict(node.get("Parent"));
  }
  return undefined;
}
