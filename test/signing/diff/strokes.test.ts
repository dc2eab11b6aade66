import { describe, expect, test } from "vitest";
import { strokePieces, strokeWidth, type Segment } from "../../../signing/diff/strokes.ts";

const pieces = (segment: Segment, width: number) => [...strokePieces(segment, width)];
const area = (rects: ReturnType<typeof pieces>) =>
  rects.reduce((sum, [left, bottom, right, top]) => sum + (right - left) * (top - bottom), 0);

describe("a line as squares", () => {
  test("lies along the line", () => {
    const across: Segment = [
      [10, 20],
      [20, 20],
    ];
    expect(pieces(across, 5)).toEqual([
      [10, 17.5, 15, 22.5],
      [15, 17.5, 20, 22.5],
    ]);
    const upwards: Segment = [
      [10, 20],
      [10, 30],
    ];
    expect(pieces(upwards, 5)).toEqual([
      [7.5, 20, 12.5, 25],
      [7.5, 25, 12.5, 30],
    ]);
  });

  test("lies along a slanted line, in the direction in which it is drawn", () => {
    const slanted: Segment = [
      [40, 0],
      [0, 30],
    ];
    const centres = pieces(slanted, 25).map(([left, bottom, right, top]) => [(left + right) / 2, (bottom + top) / 2]);
    expect(centres).toEqual([
      [30, 7.5],
      [10, 22.5],
    ]);
  });

  test("is cut into squares of two points or more, and into 400 at most", () => {
    const line = (length: number): Segment => [
      [0, 0],
      [length, 0],
    ];
    expect(pieces(line(10), 0.5)).toHaveLength(5);
    expect(pieces(line(10), 4)).toHaveLength(3);
    expect(pieces(line(1), 4)).toHaveLength(1);
    expect(pieces(line(800), 2)).toHaveLength(400);
    expect(pieces(line(8_000), 2)).toHaveLength(400);
  });

  test.each([
    [10, 0.5],
    [100, 3],
    [8_000, 2],
    [1, 4],
  ])("is as large as the line of %i points that is %d wide", (length, width) => {
    const line: Segment = [
      [3, 4],
      [3 + 0.6 * length, 4 + 0.8 * length],
    ];
    expect(area(pieces(line, width))).toBeCloseTo(length * width);
  });

  test("is a dot where the line has no length", () => {
    const dot: Segment = [
      [5, 5],
      [5, 5],
    ];
    expect(pieces(dot, 4)).toEqual([[3, 3, 7, 7]]);
  });

  test.each([Number.POSITIVE_INFINITY, Number.NaN])("is nothing with an end at %d", (end) => {
    const endless: Segment = [
      [0, 0],
      [end, 0],
    ];
    expect(pieces(endless, 1)).toEqual([]);
  });
});

test("a line is as wide as the matrix stretches it at most, and never too thin to be seen", () => {
  expect(strokeWidth(2, [1, 0, 0, 1, 0, 0])).toBe(2);
  expect(strokeWidth(-2, [1, 0, 0, 1, 0, 0])).toBe(2);
  expect(strokeWidth(2, [3, 4, 0, 1, 9, 9])).toBe(10);
  expect(strokeWidth(2, [1, 0, 3, 4, 9, 9])).toBe(10);
  expect(strokeWidth(0, [1, 0, 0, 1, 0, 0])).toBe(0.3);
});
