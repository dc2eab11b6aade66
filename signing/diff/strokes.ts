import type { Rect } from "../pdf/geometry.ts";
import type { Matrix } from "./matrix.ts";

type Point = readonly [number, number];

/** A line as it is drawn: from one point to another, in the coordinates of the canvas. */
export type Segment = readonly [Point, Point];

/** Most squares that one segment is cut into; longer ones get larger squares. */
const mostPieces = 400;
/** Thinner lines are drawn with a width that can be seen (8.4.3.2). */
const thinnest = 0.3;

/** How wide a line becomes at most where a matrix stretches one direction more than the other. */
export function strokeWidth(lineWidth: number, [a, b, c, d]: Matrix): number {
  return Math.max(thinnest, Math.abs(lineWidth) * Math.max(Math.hypot(a, b), Math.hypot(c, d)));
}

/**
 * Squares along a line that together are as large as the line is: many thin lines side by side hide a word as a filled
 * area does.
 */
export function* strokePieces([[x1, y1], [x2, y2]]: Segment, width: number): Generator<Rect> {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!Number.isFinite(length)) return;
  const pieces = Math.min(mostPieces, Math.max(1, Math.ceil(length / Math.max(width, 2))));
  // A line of no length is a dot where its ends are not cut off (8.4.3.3).
  const half = Math.sqrt(Math.max(length / pieces, length === 0 ? width : 0) * width) / 2;
  for (let i = 0; i < pieces; i++) {
    const share = (i + 0.5) / pieces;
    const [x, y] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
    yield [x - half, y - half, x + half, y + half];
  }
}
