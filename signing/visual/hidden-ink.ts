import type { DrawnPage } from "./renderer.ts";

/** A part of a drawn page: first and last column and row, from the upper left corner, the last ones left out. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The side of what is looked at as one, in points: less than a digit. It moves on by half of that. */
const cell = 5;
/** Darker than this, of 255, is ink. */
const dark = 160;
/** What is written fills at least this share of a cell, and is more than a line of these points. */
const written = { share: 0.06, extent: 2 } as const;
/** Writing counts as hidden where ink and paper are hardly darker, one than the other, than chance would have it. */
const readable = 0.2;

/**
 * The cells of a part of a page in which something was written that cannot be made out any more. Ink that comes to it
 * hides nothing as long as the old can be seen through it, as under a seal; lines and dots do not count.
 */
export function hiddenCells(before: DrawnPage, after: DrawnPage, part: PixelBox): PixelBox[] {
  // Not more pixels than the bits of a row below.
  const side = Math.min(30, Math.max(4, Math.round(cell * before.scale)));
  const found: PixelBox[] = [];
  for (let top = part.top; top + side <= part.bottom; top += side >> 1) {
    for (let left = part.left; left + side <= part.right; left += side >> 1) {
      if (isHidden(before, after, left, top, side)) {
        found.push({ left, top, right: left + side, bottom: top + side });
      }
    }
  }
  return found;
}

function isHidden(before: DrawnPage, after: DrawnPage, left: number, top: number, side: number): boolean {
  // Of pixels that were paper, and of those that were ink: how many, how many are dark now, in which rows and columns.
  const paper = { count: 0, dark: 0, rows: 0, columns: 0 };
  const ink = { count: 0, dark: 0, rows: 0, columns: 0 };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const kind = isDark(before, left + x, top + y) ? ink : paper;
      kind.count++;
      kind.rows |= 1 << y;
      kind.columns |= 1 << x;
      if (isDark(after, left + x, top + y)) kind.dark++;
    }
  }
  const lesser = ink.count <= paper.count ? ink : paper;
  if (lesser.count < written.share * side * side) return false;
  if (Math.min(bits(lesser.rows), bits(lesser.columns)) <= written.extent * before.scale) return false;
  return ink.dark / ink.count - paper.dark / paper.count < readable;
}

function bits(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}

function isDark({ pixels, width }: DrawnPage, x: number, y: number): boolean {
  const at = 4 * (y * width + x);
  // Blue, green, red (PDFium), by how bright people find them.
  return 0.11 * pixels[at]! + 0.59 * pixels[at + 1]! + 0.3 * pixels[at + 2]! < dark;
}
