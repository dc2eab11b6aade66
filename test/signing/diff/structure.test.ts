import { expect, test } from "vitest";
import { MAX_DEPTH } from "../../../signing/pdf/limits.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { Raw, ref, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, refused, scene, sign, signedScene, widget } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const root = { Type: "/StructTreeRoot", K: ref(51), ParentTree: ref(53), ParentTreeNextKey: 1 };
const top = { Type: "/StructElem", S: "/Document", P: ref(50), K: [ref(52)] };
const paragraph = { Type: "/StructElem", S: "/P", P: ref(51), Pg: ref(at.page), K: 0 };
const parents = { Nums: [0, [ref(52)]] };
const tagged: Objects = {
  [at.catalog]: { ...dict(at.catalog), StructTreeRoot: ref(50), MarkInfo: { Marked: true } },
  50: root,
  51: top,
  52: paragraph,
  53: parents,
};

test.each<[string, Objects, unknown]>([
  ["written again", tagged, clean],
  ["with another kind of element", { 52: { ...paragraph, S: "/H1" } }, refused("CHANGED structure/S")],
  [
    "with other words for an element",
    { 52: { ...paragraph, ActualText: text("x") } },
    refused("CHANGED structure/ActualText"),
  ],
  ["with another content", { 52: { ...paragraph, K: 1 } }, refused("CHANGED structure/K")],
  ["with content in a list", { 52: { ...paragraph, K: [0] } }, clean],
  ["with less content", { 51: { ...top, K: [] } }, refused("CHANGED structure/K")],
  ["with no content", { 51: { ...top, K: undefined } }, refused("CHANGED structure/K")],
  [
    "with an element more",
    { 51: { ...top, K: [ref(52), ref(60)] }, 60: { S: "/P", P: ref(51), K: 0 } },
    refused("CHANGED structure/K"),
  ],
  ["with an element twice", { 51: { ...top, K: [ref(52), ref(52)] } }, refused("CHANGED structure/K")],
  ["with an element that is none", { 52: [1] }, refused("CHANGED structure")],
  ["with an empty map of roles", { 50: { ...root, RoleMap: {} } }, clean],
  ["with a map of roles that is none", { 50: { ...root, RoleMap: 1 } }, refused("CHANGED structure/RoleMap")],
  ["with an empty map of roles for an element", { 51: { ...top, RoleMap: {} } }, refused("CHANGED structure/RoleMap")],
  ["with another role", { 50: { ...root, RoleMap: { X: "/P" } } }, refused("CHANGED structure/RoleMap")],
  [
    "removed",
    { [at.catalog]: { ...dict(at.catalog), MarkInfo: { Marked: true } } },
    refused("CHANGED catalog/StructTreeRoot"),
  ],
  [
    "exchanged",
    { [at.catalog]: { ...(tagged[at.catalog] as Dict), StructTreeRoot: ref(60) }, 60: root },
    refused("CHANGED catalog/StructTreeRoot"),
  ],
  ["with a later next number", { 50: { ...root, ParentTreeNextKey: 2 } }, clean],
  [
    "with an earlier next number",
    { 50: { ...root, ParentTreeNextKey: 0 } },
    refused("CHANGED structure/ParentTreeNextKey"),
  ],
  [
    "without a next number",
    { 50: { ...root, ParentTreeNextKey: undefined } },
    refused("CHANGED structure/ParentTreeNextKey"),
  ],
  [
    "with numbers in other nodes",
    { 53: { Kids: [ref(60)] }, 60: { Limits: [0, 0], Nums: [0, ref(61)] }, 61: [ref(52)] },
    clean,
  ],
  ["with a number less", { 53: { Nums: [] } }, refused("CHANGED structure/ParentTree")],
  ["with a number for something else", { 53: { Nums: [0, [ref(51)]] } }, refused("CHANGED structure/ParentTree")],
  [
    "with a number for nothing new",
    { 53: { Nums: [0, [ref(52)], 1, ref(52)] } },
    refused("CHANGED structure/ParentTree"),
  ],
  ["with a number for a list", { 53: { Nums: [0, [ref(52)], 1, [ref(52)]] } }, refused("CHANGED structure/ParentTree")],
  [
    "with a number twice",
    { 53: { Nums: [0, [ref(52)], 0, [ref(52)]] } },
    refused("CANNOT_COMPARE MALFORMED_PDF A number tree names a number twice."),
  ],
  [
    "with a number that is none",
    { 53: { Nums: [text("x"), ref(52)] } },
    refused("CANNOT_COMPARE MALFORMED_PDF A number tree names a number twice."),
  ],
  [
    "with numbers that are none",
    { 53: [1] },
    refused("CANNOT_COMPARE MALFORMED_PDF A number tree holds something else."),
  ],
  [
    "with numbers in a circle",
    { 53: { Kids: [ref(53)] } },
    refused("CANNOT_COMPARE LIMIT_EXCEEDED A number tree is too large."),
  ],
  ["without numbers", { 50: { ...root, ParentTree: undefined } }, refused("CHANGED structure/ParentTree")],
  ["with a number behind which nothing stands", { 53: { Nums: [0, [ref(52)], 1] } }, clean],
  ["with a kid that is nothing", { 51: { ...top, K: [ref(52), null] } }, refused("CHANGED structure/K")],
  ["that is no dictionary any more", { 50: [1] }, refused("CHANGED structure")],
  ["with numbers for an element", { 51: { ...top, ParentTree: ref(53) } }, refused("CHANGED structure/ParentTree")],
])("the structure tree %s", async (_, update, expected) => {
  expect(await afterwards([update], tagged)).toEqual(expected);
});

test.each<[string, Dict, Dict, unknown]>([
  ["no next number", { ParentTreeNextKey: undefined }, { ParentTreeNextKey: undefined, RoleMap: {} }, clean],
  ["a next number of nothing", { ParentTreeNextKey: undefined }, { ParentTreeNextKey: 0 }, clean],
  ["a next number of 0", { ParentTreeNextKey: 0 }, {}, clean],
  [
    "a next number of 0 that goes",
    { ParentTreeNextKey: 0 },
    { ParentTreeNextKey: undefined },
    refused("CHANGED structure/ParentTreeNextKey"),
  ],
  ["a next number that was none", { ParentTreeNextKey: "/X" }, {}, clean],
  [
    "a next number that is none",
    { ParentTreeNextKey: undefined },
    { ParentTreeNextKey: "/X" },
    refused("CHANGED structure/ParentTreeNextKey"),
  ],
  ["numbers that were none and are as they were", { ParentTree: [1] }, { ParentTree: [1], RoleMap: {} }, clean],
])("a root with %s", async (_, before, now, expected) => {
  const base = { ...tagged, 50: { ...root, ...before } };
  expect(await afterwards([{ 50: { ...root, ...now } }], base)).toEqual(expected);
});

test("a root that was broken and is left alone, or put right", async () => {
  const base = { ...tagged, 50: { ...root, ParentTreeNextKey: "/X" } };
  expect(await afterwards([{ 52: paragraph }], base)).toEqual(clean);
  expect(await afterwards([{ 50: root }], { ...tagged, 50: [1] })).toEqual(refused("CHANGED structure"));
});

test("comes to a document that had none", async () => {
  const update = { ...tagged, [at.catalog]: { ...dict(at.catalog), StructTreeRoot: ref(50) } };
  expect(await afterwards([update])).toEqual(refused("CHANGED catalog/StructTreeRoot"));
});

test("lies in the catalog and stays", async () => {
  const base = { [at.catalog]: { ...dict(at.catalog), StructTreeRoot: { K: null } } };
  expect(await afterwards([base], base)).toEqual(clean);
});

test("lies in the catalog, and the elements below it stay as they are", async () => {
  const base = { [at.catalog]: { ...dict(at.catalog), StructTreeRoot: { K: ref(51) } }, 51: top, 52: paragraph };
  expect(await afterwards([{ 52: paragraph }], base)).toEqual(clean);
  expect(await afterwards([{ 52: { ...paragraph, S: "/H1" } }], base)).toEqual(refused("CHANGED structure/S"));
  const out = { [at.catalog]: { ...dict(at.catalog), StructTreeRoot: ref(60) }, 60: { K: ref(51) } };
  expect(await afterwards([{ ...out, 52: { ...paragraph, S: "/H1" } }], base)).toEqual(refused("CHANGED structure/S"));
});

test("numbers in a node of very many kids", async () => {
  const many = new Raw(`<</Kids[${"null ".repeat(300_000)}]>>`);
  expect(await afterwards([{ 53: many }], tagged)).toEqual(refused("CHANGED structure/ParentTree"));
});

test("has elements in its own dictionaries", async () => {
  const direct = { ...tagged, 51: { ...top, K: [paragraph, ref(52)] } };
  expect(await afterwards([{ 52: paragraph }], direct)).toEqual(clean);
  const changed = { 51: { ...top, K: [{ ...paragraph, S: "/H1" }, ref(52)] } };
  expect(await afterwards([changed], direct)).toEqual(refused("CHANGED structure/K"));
});

const element = { Type: "/StructElem", S: "/Form", P: ref(51), K: [{ Type: "/OBJR", Obj: ref(41), Pg: ref(at.page) }] };
const hung: Objects = {
  50: { ...root, ParentTreeNextKey: 2 },
  51: { ...top, K: [ref(52), ref(60)] },
  53: { Nums: [0, [ref(52)], 1, ref(60)] },
  60: element,
};
const newWidget: Objects = {
  [at.form]: { Fields: [...fields, ref(41)] },
  [at.page]: { ...dict(at.page), Annots: [...fields, ref(41)] },
  41: widget("Sig", "New", [0, 0, 0, 0], { StructParent: 1 }),
};
const after = async (objects: Objects, base: Objects = tagged) => {
  const file = await signedScene(base);
  await sign(file, { ...newWidget, ...objects }, { field: 41, number: 40 });
  return judge(file)["Leader"];
};
const come = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New");

test.each<[string, Objects, unknown]>([
  ["in an element", hung, come],
  ["in an element in the middle", { ...hung, 51: { ...top, K: [ref(60), ref(52)] } }, come],
  ["in an element of a single kid", { ...hung, 60: { ...element, K: element.K[0]! } }, come],
  [
    "in an element below another",
    {
      ...hung,
      60: { S: "/Sect", P: ref(51), K: ref(61) },
      61: { ...element, P: ref(60) },
      53: { Nums: [0, [ref(52)], 1, ref(61)] },
    },
    come,
  ],
  [
    "in an element right below the root",
    { ...hung, 50: { ...root, ParentTreeNextKey: 2, K: [ref(51), ref(60)] }, 51: top, 60: { ...element, P: ref(50) } },
    come,
  ],
  ["with words for it", { ...hung, 60: { ...element, Alt: text("chu ky"), Lang: text("vi") } }, come],
  ["in an element with an unknown key", { ...hung, 60: { ...element, Zz: 1 } }, refused("CHANGED structure/K")],
  [
    "in an element with content of the page",
    { ...hung, 60: { ...element, K: [...element.K, 0] } },
    refused("CHANGED structure/K"),
  ],
  [
    "in an element with another widget",
    { ...hung, 60: { ...element, K: [{ Type: "/OBJR", Obj: ref(at.seal) }] } },
    refused("CHANGED structure/K"),
  ],
  [
    "in an element with content marked elsewhere",
    { ...hung, 60: { ...element, K: [{ Type: "/MCR", Obj: ref(41) }] } },
    refused("CHANGED structure/K"),
  ],
  ["in an element without anything", { ...hung, 60: { ...element, K: [] } }, refused("CHANGED structure/K")],
  ["in an element with another parent", { ...hung, 60: { ...element, P: ref(52) } }, refused("CHANGED structure/K")],
  [
    "in an element in the parent's dictionary",
    { ...hung, 51: { ...top, K: [ref(52), element] } },
    refused("CHANGED structure/K"),
  ],
  [
    "in an element that is no dictionary",
    { ...hung, 51: { ...top, K: [ref(52), text("x") as Value] } },
    refused("CHANGED structure/K"),
  ],
  [
    "in elements without an end",
    { ...hung, 60: { ...element, K: ref(61) }, 61: { ...element, P: ref(60), K: ref(60) } },
    refused("CHANGED structure/K"),
  ],
])("a new widget is hung up %s", async (_, objects, expected) => {
  const verdict = (await after(objects))!;
  // A number that leads to an element which may not come is refused as well.
  expect({ ...verdict, reasons: verdict.reasons.slice(0, 1) }).toEqual(expected);
});

test(`a new widget is hung up ${MAX_DEPTH} elements deep and no deeper`, async () => {
  const nested = (depth: number): Objects => {
    const number = (i: number) => (i < 0 ? 51 : 1_000 + i);
    const elements = Array.from({ length: depth }, (_, i) => {
      const inner = i + 1 === depth ? element.K : ref(number(i + 1));
      return [number(i), { S: "/Sect", P: ref(number(i - 1)), K: inner }];
    });
    const lowest = ref(number(depth - 1));
    const numbers = { 50: { ...root, ParentTreeNextKey: 2 }, 53: { Nums: [0, [ref(52)], 1, lowest] } };
    return { ...numbers, ...Object.fromEntries(elements), 51: { ...top, K: [ref(52), ref(1_000)] } };
  };
  expect(await after(nested(MAX_DEPTH))).toEqual(come);
  expect(await after(nested(MAX_DEPTH + 1))).toEqual(refused("CHANGED structure/K"));
});

test("an element that came with a widget stays as it came", async () => {
  const file = await signedScene(tagged);
  await sign(file, { ...newWidget, ...hung }, { field: 41, number: 40 });
  file.append({ 60: { ...element, S: "/H1" } });
  expect(judge(file)["Leader"]).toEqual(refused("CHANGED structure/S"));
});

test("over an object that was there", async () => {
  const base = { ...tagged, 60: text("x") };
  expect(await after(hung, base)).toEqual(refused("CHANGED structure/K", "CHANGED structure/ParentTree"));
});

test("a tree without numbers gets them", async () => {
  const bare = { ...tagged, 50: { Type: "/StructTreeRoot", K: ref(51) } };
  expect(await after(hung, bare)).toEqual(refused("CHANGED structure/ParentTree"));
  const numbered = { ...hung, 50: { ...root, ParentTreeNextKey: 2 }, 53: { Nums: [1, ref(60)] } };
  expect(await after(numbered, bare)).toEqual(come);
  const negative = { ...numbered, 50: { ...root, ParentTreeNextKey: -1 } };
  expect(await after(negative, bare)).toEqual(refused("CHANGED structure/ParentTreeNextKey"));
});

test("a map of roles may not become empty", async () => {
  const base = { ...tagged, 50: { ...root, RoleMap: { X: "/P" } } };
  expect(await afterwards([{ 50: { ...root, RoleMap: {} } }], base)).toEqual(refused("CHANGED structure/RoleMap/X"));
});
