import { describe, expect, test } from "vitest";
import { common, identity, type Matrix, multiply, unmap } from "../../../signing/diff/matrix.ts";
import { paintedBy } from "../../../signing/diff/painting.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import type { Rect } from "../../../signing/pdf/geometry.ts";
import { PdfDict } from "../../../signing/pdf/objects.ts";
import { at, fileOf } from "./scene.ts";

/** What content paints, with its lines, as the looks of annotations are examined. */
function painted(content: string) {
  const document = readPdf(fileOf({}).bytes);
  const view = document.latest;
  const font = new PdfDict(new Map([["F1", view.object(at.font)!.value]]));
  const resources = new PdfDict(new Map([["Font", font]]));
  return paintedBy(document, view, Buffer.from(content), resources, {
    matrix: identity,
    clip: [0, 0, 1000, 1000],
    inks: true,
  });
}
const areas = (content: string) => painted(content).filter(({ kind }) => kind === "area");
/** Whether some area lies around a point. */
const covers = (content: string, x: number, y: number) =>
  areas(content).some(({ rect }) => common(rect, [x, y, x, y]) !== undefined);

describe("a path", () => {
  const corner = "100 100 m 200 100 l 200 200 l";

  test.each([
    ["s", true],
    ["S", false],
    ["h S", true],
    ["n", false],
  ])("painted by %s draws its way back to where it began: %s", (operator, isDrawn) => {
    expect(covers(`3 w ${corner} ${operator}`, 150, 150)).toBe(isDrawn);
    expect(covers(`3 w ${corner} ${operator}`, 150, 100)).toBe(operator !== "n");
    // Nothing fills what is inside.
    expect(covers(`3 w ${corner} ${operator}`, 185, 130)).toBe(false);
  });

  test.each(["b", "b*", "B", "B*", "f", "F", "f*"])("painted by %s is filled", (operator) => {
    expect(covers(`3 w ${corner} ${operator}`, 185, 130)).toBe(true);
  });

  test.each([
    ["b", true],
    ["b*", true],
    ["B", true],
    ["f", false],
  ])("painted by %s is drawn around as well: %s", (operator, isDrawn) => {
    expect(covers(`20 w ${corner} ${operator}`, 207, 150)).toBe(isDrawn);
  });

  test.each(["b", "b*", "s"])("painted by %s is closed for good", (operator) => {
    const [first, ...others] = areas(`3 w ${corner} ${operator} 300 300 m 300 400 l S`);
    expect(first).toBeDefined();
    expect(others.some(({ rect }) => common(rect, [300, 350, 300, 350]))).toBe(true);
    expect(covers(`3 w ${corner} ${operator} 300 300 m 300 400 l S`, 250, 250)).toBe(false);
  });
});

test.each(["c", "v", "y"])("a curve by %s reaches as far as its points", (operator) => {
  const points = operator === "c" ? "10 40 20 40 30 0" : "10 40 30 0";
  expect(areas(`0 0 m ${points} ${operator} f`)[0]!.rect).toEqual([0, 0, 30, 40]);
});

test.each([
  ["T*", "T* (b) Tj"],
  ["the quote", "(b) '"],
  ["the double quote", '0 0 (b) "'],
])("%s moves down by the leading", (_, next) => {
  const words = painted(`BT /F1 10 Tf 12 TL 100 500 Td (a) Tj ${next} ET`).filter(({ kind }) => kind === "word");
  expect(words.map(({ rect }) => rect[1])).toEqual([500, 488]);
});

test("what is no number counts as none", () => {
  const [word] = painted("BT /F1 10 Tf (x) /Y Td (a) Tj ET");
  expect(word!.rect.slice(0, 2)).toEqual([0, 0]);
});

test("one transformation after the other", () => {
  expect(multiply([2, 3, 5, 7, 11, 13], [17, 19, 23, 29, 31, 37])).toEqual([103, 125, 246, 298, 517, 623]);
});

test("letters drawn with a thick line cover half of it on each side", () => {
  const around = (width: number): readonly Rect[] =>
    areas(`1 Tr ${width} w BT /F1 10 Tf 100 500 Td (a) Tj ET`).map(({ rect }) => rect);
  expect(around(0.1)).toEqual([]);
  const [rect] = around(8);
  expect([rect![0], rect![1]].map(Math.round)).toEqual([96, 496]);
});

test("a path of hundreds of thousands of points is no more than a path", () => {
  const content = `0 0 m ${"1 1 l 9 5 l ".repeat(150_000)} f`;
  expect(areas(content).map(({ rect }) => rect)).toContainEqual([0, 0, 9, 5]);
});

describe("the point that a transformation takes to a place", () => {
  const slanted: Matrix = [2, 1, -3, 4, 50, 60];

  test.each([
    [0, 0],
    [7, -2],
    [-3.5, 11],
  ])("is found again: %d, %d", (x, y) => {
    const [a, b, c, d, e, f] = slanted;
    const [left, right] = unmap(slanted, a * x + c * y + e, b * x + d * y + f)!;
    expect(left).toBeCloseTo(x, 9);
    expect(right).toBeCloseTo(y, 9);
  });

  test("is none where the plane is flattened", () => {
    expect(unmap([1, 2, 2, 4, 0, 0], 1, 1)).toBeUndefined();
  });
});
