import { SigningError } from "../errors.ts";
import { readPdf } from "../pdf/document.ts";
import type { Rect } from "../pdf/geometry.ts";
import { changedPlaces, type Places } from "./changed-places.ts";
import { hiddenCells, type PixelBox } from "./hidden-ink.ts";
import { type DrawnFile, type DrawnPage, openDrawn } from "./renderer.ts";

/** Where a page looks otherwise than when it was signed. */
export interface VisualDifference {
  /**
   * OTHERWISE: outside of what was signed, filled in or annotated since. COVERED: there, so that what the page itself
   * said cannot be made out any more.
   */
  readonly kind: "OTHERWISE" | "COVERED";
  /** Counted from 1. */
  readonly page: number;
  /** Around all that differs, in points on the page as people see it, from its lower left corner. */
  readonly area: Rect;
}

/** What was seen, and how many pages there was no time for. */
export interface Look {
  readonly differences: readonly VisualDifference[];
  readonly skipped: number;
}

/** From this distance of a colour on a pixel counts; from so many pixels on a page. */
const distance = 48;
const fewest = 4;
/** In points: edges of a widget are drawn softly. */
const seam = 2;
/** Pages where something may look otherwise are drawn with so many pixels a point, for letters to be told apart. */
const fine = 2;
/** So many cells have to be hidden: one may be the edge of a picture. */
const fewestHidden = 2;
/** The longest file that is drawn: two copies of it and of all that is drawn lie in memory. */
const longest = 32 * 2 ** 20;
const usualMilliseconds = 8_000;

/**
 * A second opinion on what was changed after a signature: the signed revision, which is the beginning of the file up to
 * `end`, and the whole file are drawn by PDFium and compared, page by page, those first where something was filled or
 * signed. It sees what analysis of objects may have missed; it proves nothing alone. Throws NOT_DRAWABLE, and what
 * `readPdf` throws.
 */
export async function visualDifferences(
  whole: Buffer,
  end: number,
  milliseconds: number = usualMilliseconds,
): Promise<Look> {
  if (whole.length > longest) throw new SigningError("NOT_DRAWABLE", "The file is too large to be drawn.");
  const deadline = performance.now() + milliseconds;
  const document = readPdf(whole, { repair: true });
  // A line end may stand between what was signed and what the next revision begins with.
  const revision = document.revisions.findIndex((each) => Math.abs(each.end - end) <= 2);
  if (revision < 0) throw new SigningError("NOT_DRAWABLE", "No revision was signed.");
  const places = changedPlaces(document, revision);
  const before = await openDrawn(whole.subarray(0, document.revisions[revision]!.end));
  try {
    const after = await openDrawn(whole);
    try {
      return lookAt(before, after, places, deadline);
    } finally {
      after.close();
    }
  } finally {
    before.close();
  }
}

function lookAt(before: DrawnFile, after: DrawnFile, places: readonly Places[], deadline: number): Look {
  const differences: VisualDifference[] = [];
  const count = Math.max(before.pageCount, after.pageCount);
  const order = Array.from({ length: count }, (_, page) => page);
  order.sort((a, b) => (places[b]?.length ?? 0) - (places[a]?.length ?? 0));
  for (const [done, page] of order.entries()) {
    if (performance.now() > deadline) return { differences, skipped: count - done };
    differences.push(...lookAtPage(before, after, page, places[page] ?? []));
  }
  return { differences, skipped: 0 };
}

function lookAtPage(before: DrawnFile, after: DrawnFile, page: number, places: Places): VisualDifference[] {
  const found = (kind: VisualDifference["kind"], area: Rect): VisualDifference => ({ kind, page: page + 1, area });
  const last = Math.min(before.pageCount, after.pageCount);
  const scale = places.length > 0 ? fine : 1;
  const whole = ({ width, height, scale: drawn }: DrawnPage): Rect => [0, 0, width / drawn, height / drawn];
  if (page >= last) return [found("OTHERWISE", whole((page < after.pageCount ? after : before).draw(page, scale)))];
  const [old, current] = [before.draw(page, scale), after.draw(page, scale)];
  if (old.width !== current.width || old.height !== current.height) return [found("OTHERWISE", whole(current))];
  const boxes = places.map((place) => pixelsOf(place, current));
  const changed = changedPixels(old, current, boxes);
  const differences = changed ? [found("OTHERWISE", pointsOf(changed, current))] : [];
  if (boxes.length === 0) return differences;
  const bare = before.draw(page, scale, "without annotations");
  for (const box of within(boxes, current)) {
    const cells = hiddenCells(bare, current, box);
    if (cells.length >= fewestHidden) differences.push(found("COVERED", pointsOf(around(cells), current)));
  }
  return differences;
}

/** The same places, or the whole page for so many and so large ones that looking at each would take too long. */
function within(boxes: readonly PixelBox[], { width, height }: DrawnPage): readonly PixelBox[] {
  const area = boxes.reduce((all, { left, top, right, bottom }) => all + (right - left) * (bottom - top), 0);
  return area > 2 * width * height ? [{ left: 0, top: 0, right: width, bottom: height }] : boxes;
}

/** The box around all pixels that differ outside of some places; undefined where these are too few. */
function changedPixels(a: DrawnPage, b: DrawnPage, cleared: readonly PixelBox[]): PixelBox | undefined {
  const { width, height } = a;
  if (a.pixels.equals(b.pixels)) return undefined;
  const edge = seam * a.scale;
  let [left, right, top, bottom, pixels] = [width, 0, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = cleared.filter((box) => y >= box.top - edge && y < box.bottom + edge);
    for (let x = 0; x < width; x++) {
      if (!differs(a.pixels, b.pixels, 4 * (y * width + x))) continue;
      if (row.some((box) => x >= box.left - edge && x < box.right + edge)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      pixels++;
    }
  }
  return pixels < fewest ? undefined : { left, top, right, bottom };
}

function differs(a: Buffer, b: Buffer, at: number): boolean {
  for (let channel = at; channel < at + 3; channel++) {
    if (Math.abs(a[channel]! - b[channel]!) >= distance) return true;
  }
  return false;
}

function pixelsOf([left, bottom, right, top]: Rect, { width, height }: DrawnPage): PixelBox {
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return {
    left: clamp(left * width, width),
    right: clamp(right * width, width),
    top: clamp((1 - top) * height, height),
    bottom: clamp((1 - bottom) * height, height),
  };
}

function pointsOf({ left, top, right, bottom }: PixelBox, { height, scale }: DrawnPage): Rect {
  return [left / scale, (height - bottom) / scale, right / scale, (height - top) / scale];
}

function around(boxes: readonly PixelBox[]): PixelBox {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}
