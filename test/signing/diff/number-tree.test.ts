import { describe, expect, test } from "vitest";
import { numberTree } from "../../../signing/diff/number-tree.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfRef } from "../../../signing/pdf/objects.ts";
import { Raw, ref, text, type Value } from "../attacks/values.ts";
import { fileOf } from "./scene.ts";

/** The entries of the tree that object 30 of a file of the given objects is the root of. */
const entriesOf = (objects: Record<number, Value>) =>
  Object.fromEntries(numberTree(readPdf(fileOf(objects).bytes).latest, new PdfRef(30, 0)));

describe("a number tree", () => {
  test("holds the pairs of all its nodes", () => {
    const nodes = { 30: { Kids: [ref(31), ref(32)], Nums: [7, 1] }, 31: { Nums: [1, 2, 3, 4] }, 32: { Kids: [] } };
    expect(entriesOf(nodes)).toEqual({ 1: 2, 3: 4, 7: 1 });
  });

  test("holds nothing where there is none, and nothing under a number without a value", () => {
    expect(entriesOf({})).toEqual({});
    expect(entriesOf({ 30: { Kids: [null, ref(99)] } })).toEqual({});
    expect(entriesOf({ 30: { Nums: [1, 2, 3] } })).toStrictEqual({ 1: 2 });
  });

  test.each<[string, Value]>([
    ["names a number twice", { Nums: [1, 2, 1, 2] }],
    ["names something else than numbers", { Nums: [text("x"), 2] }],
    ["has a node that is none", { Kids: [1] }],
  ])("is malformed when it %s", (_, root) => {
    expect(() => entriesOf({ 30: root })).toThrow(expect.objectContaining({ code: "MALFORMED_PDF" }));
  });

  test("has 100 000 nodes at most", () => {
    const nodes = (kids: number) => ({ 30: new Raw(`<</Kids[${"31 0 R ".repeat(kids)}]>>`), 31: {} });
    expect(entriesOf(nodes(99_999))).toEqual({});
    expect(() => entriesOf(nodes(100_000))).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });
});
