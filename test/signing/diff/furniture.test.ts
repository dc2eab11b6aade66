import { expect, test } from "vitest";
import { isFurniture } from "../../../signing/diff/furniture.ts";
import { around } from "../../../signing/diff/matrix.ts";

type Point = readonly [number, number];
const shape = (corners: readonly Point[], isDrawing?: true) => ({
  kind: "area" as const,
  rect: around(corners),
  corners,
  ...(isDrawing && { isDrawing }),
});
const rectangle = (left: number, bottom: number, right: number, top: number): Point[] => [
  [left, bottom],
  [left, top],
  [right, top],
  [right, bottom],
];

/** A field of 100 × 20 points, away from the origin: its margins are 4 points wide. */
test.each<[string, readonly Point[], boolean]>([
  ["the field", rectangle(10, 10, 110, 30), true],
  ["an area with margins", rectangle(14, 14, 106, 26), true],
  ["an area with wider margins at the side", rectangle(15, 14, 106, 26), false],
  ["an area with wider margins above", rectangle(14, 14, 106, 25), false],
  ["an area in one corner", rectangle(10, 10, 14, 14), false],
  ["a bar at the bottom", rectangle(10, 10, 90, 14), true],
  ["a bar that is too short", rectangle(10, 10, 89, 14), false],
  ["a bar that is too thick", rectangle(10, 10, 90, 15), false],
  ["a bar at the side", rectangle(106, 10, 110, 22), true],
  ["a bar at the side that is too short", rectangle(106, 10, 110, 21.9), false],
  ["a bar in the middle", rectangle(10, 18, 110, 22), false],
  ["a bar outside of the field", rectangle(10, 0, 110, 5), false],
  ["a line of a comb", rectangle(50, 10, 52, 26), true],
  ["a line of a comb that is too thick", rectangle(50, 10, 52.1, 26), false],
  ["a line of a comb that is too short", rectangle(50, 10, 52, 25.9), false],
  ["a row", rectangle(10, 15, 90, 22), false],
])("%s: %j", (_, corners, expected) => {
  expect(isFurniture(shape(corners), [10, 10, 110, 30])).toBe(expected);
});

test.each<[string, readonly Point[], true | undefined, boolean]>([
  ["a row", rectangle(10, 15, 90, 22), undefined, true],
  ["a short row", rectangle(10, 15, 89, 22), undefined, false],
  ["a drawing as long", rectangle(10, 15, 90, 22), true, false],
  ["a row of two areas", [...rectangle(10, 15, 90, 17), ...rectangle(10, 19, 90, 22)], undefined, false],
])("in a list, %s", (_, corners, isDrawing, expected) => {
  expect(isFurniture(shape(corners, isDrawing), [10, 10, 110, 30], true)).toBe(expected);
});

const bar: Point[] = [
  [10, 10],
  [110, 10],
  [110, 12],
  [60, 13],
  [10, 12],
  [10, 10],
];
test("a side of a border has six corners at most", () => {
  expect(isFurniture(shape(bar, true), [10, 10, 110, 30])).toBe(true);
  expect(isFurniture(shape([...bar, [12, 11]], true), [10, 10, 110, 30])).toBe(false);
});

test("a line of a comb has four corners at most", () => {
  expect(isFurniture(shape([...rectangle(50, 10, 52, 30), [50, 10]]), [10, 10, 110, 30])).toBe(false);
});

test("a ring goes along the sides, as far as twice the margin", () => {
  const ring = (top: number): Point[] => [
    [10, 10],
    [110, 10],
    [110, 30],
    [14, 30],
    [10, top],
  ];
  expect(isFurniture(shape(ring(26), true), [10, 10, 110, 30])).toBe(true);
  const diagonal: Point[] = [
    [10, 10],
    [110, 30],
    [110, 10],
  ];
  expect(isFurniture(shape(diagonal, true), [10, 10, 110, 30])).toBe(false);
});

test("nothing is known of a shape without corners", () => {
  const all = { kind: "area" as const, rect: [10, 10, 110, 30] as const };
  expect(isFurniture(all, [10, 10, 110, 30])).toBe(false);
  expect(isFurniture({ ...all, corners: [] }, [10, 10, 110, 30])).toBe(false);
});
