import type { Rect } from "../pdf/geometry.ts";
import type { Painted } from "./painting.ts";

/** In points: how far from the field's edge a border reaches; a low field has thinner ones. */
const [margin, marginShare] = [4, 0.25];
/** What goes along this share of a side goes along it. */
const wholeSide = 0.8;
/** More corners than a side of a border has may be letters along the edge. */
const mostOfBar = 6;
/** In points. */
const thinLine = 2;

type Shape = Painted & { readonly kind: "area" };

/**
 * Whether a shape in the looks of a field is no more than what stands around and under its text: a background or a
 * border, a side of one, a line from top to bottom between the letters of a comb, or a row of a list that is marked.
 * Anything else may be writing.
 */
export function isFurniture({ rect, corners, isDrawing }: Shape, frame: Rect, hasRows = false): boolean {
  if (corners === undefined || corners.length === 0) return false;
  const [width, height] = [frame[2] - frame[0], frame[3] - frame[1]];
  const near = [width, height].map((side) => Math.min(margin, marginShare * side)) as [number, number];
  const edges = [
    { side: 0, at: frame[0] },
    { side: 0, at: frame[2] },
    { side: 1, at: frame[1] },
    { side: 1, at: frame[3] },
  ] as const;
  const isNear = (point: readonly number[], { side, at }: (typeof edges)[number]) =>
    Math.abs(point[side]! - at) <= near[side];
  const [acrossAll, upAll] = [rect[2] - rect[0] >= wholeSide * width, rect[3] - rect[1] >= wholeSide * height];
  // Between the other two sides a side may be shorter by as much as they are wide.
  const isLong = (side: 0 | 1, length: number) =>
    rect[side + 2]! - rect[side]! >= Math.min(wholeSide * length, length - 2 * near[side]);
  const isBar = edges.some(
    (edge) =>
      (edge.side === 1 ? isLong(0, width) : isLong(1, height)) && corners.every((corner) => isNear(corner, edge)),
  );
  if (isBar && corners.length <= mostOfBar) return true;
  if (upAll && rect[2] - rect[0] <= thinLine && corners.length <= 4) return true;
  if (hasRows && acrossAll && !isDrawing && corners.length === 4) return true;
  const isInCorner = (point: readonly number[]) =>
    edges.some((edge) => edge.side === 0 && isNear(point, edge)) &&
    edges.some((edge) => edge.side === 1 && isNear(point, edge));
  // From corner to corner along the sides: a diagonal would make a letter of it.
  const goesStraight = corners.every((point, i) => {
    const next = corners[(i + 1) % corners.length]!;
    return [0, 1].some((side) => Math.abs(point[side]! - next[side]!) <= 2 * near[side]!);
  });
  const goesRound = rect[2] - rect[0] >= width / 2 && rect[3] - rect[1] >= height / 2;
  return goesRound && corners.every(isInCorner) && goesStraight;
}
