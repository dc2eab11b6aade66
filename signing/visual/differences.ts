import { fieldsOf, type FieldInfo } from "../sign/fields.ts";
import { readPdf } from "../pdf/document.ts";
import type { Rect } from "../pdf/geometry.ts";
import { type DrawnPage, openDrawn } from "./renderer.ts";

/** Where a page looks otherwise than when it was signed, outside of the fields that were signed or filled since. */
export interface VisualDifference {
  /** Counted from 1. */
  readonly page: number;
  /** Around all that differs, in points on the page as people see it, from its lower left corner. */
  readonly area: Rect;
  readonly pixels: number;
}

/** From this distance of a colour on a pixel counts; from so many pixels on a page. */
const distance = 48;
const fewest = 4;
/** In points: edges of a widget are drawn softly. */
const seam = 2;

/**
 * A second opinion on what was changed after a signature: the signed revision and the whole file are drawn by PDFium
 * and compared, page by page, leaving out fields that are new, or were signed or filled since. It sees what analysis
 * of objects may have missed; it proves nothing alone. Throws NOT_DRAWABLE, and what `readPdf` throws.
 */
export async function visualDifferences(signed: Buffer, whole: Buffer): Promise<VisualDifference[]> {
  const cleared = changedFields(
    fieldsOf(readPdf(signed, { repair: true }).latest),
    fieldsOf(readPdf(whole, { repair: true }).latest),
  );
  const [before, after] = [await openDrawn(signed), await openDrawn(whole)];
  try {
    const found: VisualDifference[] = [];
    for (let page = 0; page < Math.max(before.pageCount, after.pageCount); page++) {
      if (page >= before.pageCount || page >= after.pageCount) {
        const { width, height, scale, pixels } = (page < after.pageCount ? after : before).draw(page);
        found.push({ page: page + 1, area: [0, 0, width / scale, height / scale], pixels: pixels.length / 4 });
        continue;
      }
      const areas = cleared.filter((field) => field.page === page).map((field) => field.rect);
      const difference = compare(before.draw(page), after.draw(page), areas);
      if (difference) found.push({ page: page + 1, ...difference });
    }
    return found;
  } finally {
    before.close();
    after.close();
  }
}

/** Fields whose looks may differ: signed or filled since, or new. */
function changedFields(before: readonly FieldInfo[], after: readonly FieldInfo[]): { page: number; rect: Rect }[] {
  const known = new Map(before.map((field) => [field.name, field]));
  return after.flatMap(({ name, signed, value, page, rect }) => {
    const old = known.get(name);
    const changed = !old || old.signed !== signed || old.value !== value;
    return changed && page !== undefined && rect ? [{ page, rect }] : [];
  });
}

function compare(a: DrawnPage, b: DrawnPage, cleared: readonly Rect[]): Omit<VisualDifference, "page"> | undefined {
  const { width, height, scale } = a;
  if (width !== b.width || height !== b.height) {
    return { area: [0, 0, width / scale, height / scale], pixels: width * height };
  }
  if (a.pixels.equals(b.pixels)) return undefined;
  let [left, right, top, bottom, pixels] = [width, 0, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const up = (height - y - 0.5) / scale;
    const row = cleared.filter((rect) => up >= rect[1] - seam && up <= rect[3] + seam);
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (!differs(a.pixels, b.pixels, at)) continue;
      const along = (x + 0.5) / scale;
      if (row.some((rect) => along >= rect[0] - seam && along <= rect[2] + seam)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      pixels++;
    }
  }
  if (pixels < fewest) return undefined;
  return { area: [left / scale, (height - bottom) / scale, right / scale, (height - top) / scale], pixels };
}

function differs(a: Buffer, b: Buffer, at: number): boolean {
  for (let channel = at; channel < at + 3; channel++) {
    if (Math.abs(a[channel]! - b[channel]!) >= distance) return true;
  }
  return false;
}
