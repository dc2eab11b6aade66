import { describe, expect, test } from "vitest";
import { glyphMeanings } from "../../../signing/diff/glyph-meanings.ts";
import { groups, program, words } from "./font-programs.ts";

/** Format 4 with the segments 49…50, by a list at the end, and 65…66, by a difference; 0xffff ends it. */
const segments = Buffer.concat([
  words(4, 0, 0, 6, 0, 0, 0, 50, 66, 0xffff),
  words(0, 49, 65, 0xffff),
  words(1, -60, 1),
  words(6, 0, 0, 7, 0),
]);
const read = (bytes: Buffer) => Object.fromEntries(glyphMeanings(bytes));

describe("what a font program draws", () => {
  test("by segments, with a difference or a list", () => {
    expect(read(program([3, 1, segments]))).toEqual({ 8: [49], 0: [50, 0xffff], 5: [65], 6: [66] });
  });

  test("by groups, several characters with one glyph", () => {
    const table = groups([49, 51, 7], [0x1f600, 0x1f600, 8]);
    expect(read(program([3, 10, table]))).toEqual({ 7: [49], 8: [50, 0x1f600], 9: [51] });
  });

  test("by groups that go beyond Unicode", () => {
    expect(read(program([3, 10, groups([0x10ffff, 0x110000, 7])]))).toEqual({ 7: [0x10ffff] });
  });

  test("by all tables in Unicode, and by no others", () => {
    const one = (first: number) => groups([first, first, 1]);
    const all = program([0, 3, one(49)], [1, 0, one(50)], [3, 0, one(51)], [3, 1, one(52)], [3, 2, one(53)]);
    expect(read(all)).toEqual({ 1: [49, 52] });
  });

  test("by no table of another format", () => {
    expect(read(program([3, 1, words(6, 0, 0, 49, 1, 7)]))).toEqual({});
  });

  test.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["tables that are not there", words(0, 1, 9, 0, 0, 0)],
    ["a table behind the end", program([3, 1, Buffer.alloc(0)])],
    ["segments that are cut off", program([3, 1, segments.subarray(0, 30)])],
    ["groups that are cut off", program([3, 10, groups([49, 51, 7]).subarray(0, 20)])],
    ["groups without an end", program([3, 10, groups([0, 0xffffffff, 0])])],
    [
      "more tables than there should be",
      program(
        ...Array.from({ length: 60_000 }, () => [3, 1, groups([2, 1, 0])] as const),
        [3, 1, segments],
        [3, 1, groups([0, 99_999, 0])],
      ),
    ],
  ])("cannot be told of %s", (_, bytes) => {
    expect(read(bytes)).toEqual({});
  });

  test("as much as a font has is read", () => {
    expect(glyphMeanings(program([3, 10, groups([0, 199_997, 0])])).size).toBe(199_998);
    expect(glyphMeanings(program([3, 10, groups([0, 199_998, 0])])).size).toBe(0);
  });

  test("with two tables of the kind the first counts", () => {
    const one = program([3, 10, groups([49, 49, 7])]);
    const twice = Buffer.from(one);
    twice.write("cmap", 12, "latin1");
    twice.writeUInt32BE(44, 20);
    expect(read(twice)).toEqual({ 7: [49] });
  });
});
