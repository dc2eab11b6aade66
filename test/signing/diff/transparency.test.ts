import { describe, expect, test } from "vitest";
import { opacityOf } from "../../../signing/diff/transparency.ts";
import { identity, type Matrix } from "../../../signing/diff/matrix.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import type { Rect } from "../../../signing/pdf/geometry.ts";
import { PdfRef, PdfStream } from "../../../signing/pdf/objects.ts";
import { ref, Stream, type Dict, type Value } from "../attacks/values.ts";
import { fileOf } from "./scene.ts";

const number = { image: 30, mask: 31 } as const;

function opacity(image: Stream, mask: Value = null) {
  const document = readPdf(fileOf({ [number.image]: image, [number.mask]: mask }).bytes);
  const stream = document.latest.get(new PdfRef(number.image, 0));
  if (!(stream instanceof PdfStream)) throw new Error("The image is no stream.");
  return opacityOf(document, document.latest, stream);
}

/** An image of one byte or more in rows of the given size. */
const image = (width: Value, height: Value, data: readonly number[] | Buffer, keys: Dict = {}): Stream =>
  new Stream({ Subtype: "/Image", Width: width, Height: height, ...keys }, Buffer.from(data));
const stencil = (width: Value, height: Value, data: readonly number[] | Buffer, keys: Dict = {}): Stream =>
  image(width, height, data, { ImageMask: true, ...keys });
/** One pixel under a soft mask of the given pixels. */
const softly = (width: number, height: number, data: readonly number[], keys: Dict = {}, bits: Value = 8) =>
  opacity(
    image(1, 1, [0], { BitsPerComponent: 8, SMask: ref(number.mask) }),
    image(width, height, data, { BitsPerComponent: bits, ...keys }),
  );
const everything: Rect = [0, 0, 1, 1];
const outside: Rect = [5, 5, 6, 6];
/** What cannot be told is taken for opaque wherever it may be. */
const isSolid = (found: ReturnType<typeof opacity>): void => {
  expect(found.whole).toBe(1);
  expect(found.within(outside, identity)).toBe(1);
  expect(found.density(outside, identity)).toBe(1);
};

describe("the share of an image that is opaque", () => {
  test("is all of one without any mask, whatever its pixels are", () => {
    isSolid(opacity(image(8, 1, [0xff], { BitsPerComponent: 1 })));
    isSolid(opacity(image(8, 1, [0xff], { BitsPerComponent: 1, ImageMask: false })));
  });

  test("is where a stencil is low, or high when decoded the other way round", () => {
    expect(opacity(stencil(8, 1, [0b0001_1111])).whole).toBe(3 / 8);
    expect(opacity(stencil(8, 1, [0b0001_1111], { Decode: [0, 1] })).whole).toBe(3 / 8);
    expect(opacity(stencil(8, 1, [0b0001_1111], { Decode: [1, 0] })).whole).toBe(5 / 8);
  });

  test("is where a mask apart is low, and where a soft mask is half high or more", () => {
    const masked = image(1, 1, [0], { BitsPerComponent: 8, Mask: ref(number.mask) });
    expect(opacity(masked, stencil(8, 1, [0b0001_1111])).whole).toBe(3 / 8);
    expect(softly(4, 1, [0, 127, 128, 255]).whole).toBe(2 / 4);
    expect(softly(4, 1, [0, 127, 128, 129], { Decode: [1, 0] }).whole).toBe(2 / 4);
    expect(softly(4, 1, [255, 255, 128, 0], { Decode: [1, 0] }).whole).toBe(1 / 4);
  });

  test.each([
    [1, [0b1010_0000], 2 / 3],
    [2, [0b0001_1000], 1 / 3],
    [4, [0x07, 0x80], 1 / 3],
    [8, [0, 127, 128], 1 / 3],
  ])("is read in samples of %i bits", (bits, data, whole) => {
    expect(softly(3, 1, data, {}, bits).whole).toBe(whole);
  });

  test.each<[string, Value]>([
    ["a lower top", [0, 0.5]],
    ["a higher bottom", [0.5, 1]],
    ["a higher bottom, turned round", [1, 0.5]],
    ["a lower top, turned round", [0.5, 0]],
    ["no range at the bottom", [0, 0]],
    ["no range at the top", [1, 1]],
  ])("is all of one whose mask is decoded with %s", (_, decode) => {
    isSolid(softly(2, 1, [0, 255], { Decode: decode }));
  });

  test.each<[string, Value, Value]>([
    ["no width", 0, 1],
    ["no height", 1, 0],
    ["a size below nothing", -8, -1],
    ["half a width", 0.5, 1],
    ["a height that is no number", 1, "/One"],
    ["more rows than it has bytes", 8, 3],
  ])("is all of one with %s", (_, width, height) => {
    isSolid(opacity(stencil(width, height, [0xff, 0xff])));
  });

  test.each<[string, Value]>([
    ["that are none", 3],
    ["of sixteen bits", 16],
    ["of a name", "/Eight"],
    ["of nothing", null],
  ])("is all of one whose mask has samples %s", (_, bits) => {
    isSolid(softly(1, 1, [0, 0], {}, bits));
  });

  test("is all of one with too many pixels to count", () => {
    const [width, height] = [65_536, 1_025];
    isSolid(opacity(stencil(width, height, Buffer.alloc((width / 8) * height, 0xff))));
  });

  test("is all of one that cannot be unpacked", () => {
    isSolid(opacity(stencil(8, 1, [0xff], { Filter: "/FlateDecode" })));
  });
});

describe("a colour key", () => {
  const keyed = (mask: Value, width: number, height: number, data: readonly number[], bits: Value = 8) =>
    opacity(image(width, height, data, { BitsPerComponent: bits, Mask: mask }));

  test("leaves out what lies between its bounds, both of them included", () => {
    expect(keyed([10, 20], 5, 1, [9, 10, 15, 20, 21]).whole).toBe(2 / 5);
    expect(keyed([10, 10], 2, 2, [10, 10, 10, 10]).whole).toBe(0);
  });

  test("leaves out only what lies between them in every component", () => {
    const pixels = [1, 2, 3, 1, 2, 9, 1, 9, 3, 9, 2, 3, 1, 2, 3, 3, 2, 1];
    expect(keyed([1, 1, 2, 2, 3, 3], 3, 2, pixels).whole).toBe(4 / 6);
    const found = keyed([1, 1, 2, 2, 3, 3], 3, 2, pixels);
    const pixel = (x: number, y: number): Rect => [x / 3, 1 - (y + 1) / 2, (x + 1) / 3, 1 - y / 2];
    const shares = [0, 1].map((y) => [0, 1, 2].map((x) => found.within(pixel(x, y), identity)));
    expect(shares).toEqual([
      [0, 1, 1],
      [1, 0, 1],
    ]);
    expect(found.density(pixel(1, 0), identity)).toBe(1);
    expect(found.density(pixel(0, 0), identity)).toBe(0);
  });

  test("begins each row at a whole byte", () => {
    // Three pixels of three components of four bits are 36 bits: five bytes.
    const rows = [0x12, 0x31, 0x23, 0x12, 0x3f, 0x12, 0x31, 0x23, 0x12, 0x4f];
    expect(keyed([1, 1, 2, 2, 3, 3], 3, 2, rows, 4).whole).toBe(1 / 6);
  });

  test("may be one of four components, but not of five or of half a one", () => {
    expect(keyed([0, 0, 0, 0, 0, 0, 0, 0], 1, 1, [0, 0, 0, 0]).whole).toBe(0);
    isSolid(keyed([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1, 1, [0, 0, 0, 0, 0]));
    isSolid(keyed([0, 0, 0], 1, 1, [0, 0]));
    isSolid(keyed([], 1, 1, [0]));
  });

  test("counts for nothing with a bound that is no number, or over pixels that cannot be read", () => {
    isSolid(keyed([0, null], 1, 1, [0]));
    isSolid(keyed([0, 0], 1, 2, [0]));
  });
});

describe("the share inside a rectangle", () => {
  const full = opacity(stencil(8, 2, [0, 0]));

  test.each<[string, Rect, number]>([
    ["all of the image", everything, 1],
    ["a part of it", [0.25, 0.25, 0.75, 0.75], 1],
    ["half beyond the left", [-1, 0, 1, 1], 0.5],
    ["half beyond the right", [0, 0, 2, 1], 0.5],
    ["half below", [0, -1, 1, 1], 0.5],
    ["half above", [0, 0, 1, 2], 0.5],
    ["all outside", outside, 0],
  ])("%s", (_, rect, share) => {
    expect(full.within(rect, identity)).toBe(share);
    expect(full.density(rect, identity)).toBe(share);
  });

  test("the edges at the left and at the top belong to the image, those at the right and at the bottom do not", () => {
    // One sample to each unit: at 0, 1, 2 … and at 1, 2, 3 …
    const matrix: Matrix = [24, 0, 0, 12, 0, 0];
    expect(full.within([-0.5, 0, 23.5, 12], matrix)).toBe(1);
    expect(full.within([0.5, 0, 24.5, 12], matrix)).toBeCloseTo(23 / 24);
    expect(full.within([0, -0.5, 24, 11.5], matrix)).toBeCloseTo(11 / 12);
    expect(full.within([0, 0.5, 24, 12.5], matrix)).toBe(1);
  });

  test("is taken where the matrix puts the image, its first row at the top", () => {
    const found = opacity(stencil(8, 2, [0x0f, 0xff]));
    const matrix: Matrix = [100, 0, 0, 40, 200, 300];
    expect(found.whole).toBe(4 / 16);
    expect(found.within([200, 320, 250, 340], matrix)).toBe(1);
    expect(found.within([250, 320, 300, 340], matrix)).toBe(0);
    expect(found.within([200, 300, 300, 320], matrix)).toBe(0);
    expect(found.within([200, 300, 300, 340], matrix)).toBe(0.25);
    expect(found.within([225, 310, 275, 330], matrix)).toBe(0.25);
  });

  test("is nothing where the matrix flattens the image", () => {
    expect(full.within(everything, [1, 0, 0, 0, 0, 0])).toBe(0);
  });

  test("counts half-opaque pixels half only where the density is asked for", () => {
    const found = softly(2, 1, [51, 204]);
    const halves: Rect[] = [
      [0, 0, 0.5, 1],
      [0.5, 0, 1, 1],
    ];
    expect(halves.map((half) => found.within(half, identity))).toEqual([0, 1]);
    expect(found.density(halves[0]!, identity)).toBeCloseTo(0.2);
    expect(found.density(halves[1]!, identity)).toBeCloseTo(0.8);
    expect(found.density(everything, identity)).toBeCloseTo(0.5);
  });
});
