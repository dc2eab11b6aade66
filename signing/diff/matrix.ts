import type { Rect } from "../pdf/geometry.ts";

/** A transformation [a, b, c, d, e, f] of the plane (8.3.4). */
export type Matrix = readonly [number, number, number, number, number, number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First the left one, then the right one. */
export function multiply([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix {
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

/** The rectangle around a transformed one. */
export function bounds([a, b, c, d, e, f]: Matrix, [left, bottom, right, top]: Rect): Rect {
  const points = [
    [left, bottom],
    [right, bottom],
    [left, top],
    [right, top],
  ] as const;
  return around(points.map(([x, y]) => [a * x + c * y + e, b * x + d * y + f] as const));
}

/** The rectangle around one point or more. */
export function around(points: readonly (readonly [number, number])[]): Rect {
  let [left, bottom] = points[0]!;
  let [right, top] = [left, bottom];
  for (const [x, y] of points) {
    [left, bottom] = [Math.min(left, x), Math.min(bottom, y)];
    [right, top] = [Math.max(right, x), Math.max(top, y)];
  }
  return [left, bottom, right, top];
}

/** What two rectangles share; undefined for nothing. */
export function common(a: Rect, b: Rect): Rect | undefined {
  const shared = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])] as const;
  return shared[0] <= shared[2] && shared[1] <= shared[3] ? shared : undefined;
}

/** What share of the first rectangle lies under the second. */
export function coveredShare(rect: Rect, over: Rect): number {
  const shared = common(rect, over);
  return shared && areaOf(rect) > 0 ? areaOf(shared) / areaOf(rect) : 0;
}

/** The area of a rectangle. */
export function areaOf([left, bottom, right, top]: Rect): number {
  return (right - left) * (top - bottom);
}

/** The point that a transformation takes here; undefined where it flattens the plane. */
export function unmap([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] | undefined {
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-12) return undefined;
  return [(d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant];
}
