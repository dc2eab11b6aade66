import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, looks, refused, scene, sign, signedScene, widget } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const shown = (...annotations: Value[]): Objects => ({
  [at.page]: { ...dict(at.page), Annots: [...fields, ...annotations] },
});
const come = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New");

describe("a new field's widget", () => {
  const place = [57, 600, 157, 620];
  /** A second page with words where the widget is on the page that it names. */
  const words: Objects = {
    [at.other]: { ...dict(at.other), Contents: ref(50), Resources: dict(at.page)["Resources"]! },
    50: new Stream({}, "BT /F1 12 Tf 57 604 Td (UY BAN NHAN DAN) Tj ET"),
  };
  const after = async (keys: Dict, objects: Objects = {}) => {
    const file = await signedScene(words);
    const added = {
      [at.form]: { ...file.dict(at.form), Fields: [...fields, ref(41)] },
      41: widget("Sig", "New", place, { AP: { N: ref(42) }, ...keys }),
      42: looks("0 0 100 20 re f"),
    };
    await sign(file, { ...added, ...objects }, { field: 41, number: 40 });
    return judge(file)["Leader"];
  };
  const covers = refused("NEW_WIDGET_OVER_TEXT page 2");

  test("that no page lists stands on the page that it names", async () => {
    expect(await after({ P: ref(at.page) })).toEqual(come);
    expect(await after({ P: ref(at.other) })).toEqual(covers);
  });

  test("that no page lists and that names none, or no page, stands nowhere", async () => {
    expect(await after({ P: undefined })).toEqual(come);
    expect(await after({ P: ref(at.tree) })).toEqual(come);
    expect(await after({ P: ref(99) })).toEqual(come);
  });

  test("stands on the page that lists it, whichever it names", async () => {
    expect(await after({ P: ref(at.other) }, shown(ref(41)))).toEqual(come);
  });

  test("may come while a page is broken, which is another fault", async () => {
    const broken = { [at.other]: [] };
    expect(await after({ P: undefined }, broken)).toEqual(refused("CHANGED page 2"));
  });
});

describe("the annotations of a page", () => {
  const link: Dict = { Type: "/Annot", Subtype: "/Link", Rect: [10, 10, 30, 30], Dest: [ref(at.page), "/Fit"] };

  test.each<[string, Objects, Objects, unknown]>([
    [
      "may not be exchanged for equal ones of other numbers",
      { ...shown(ref(31)), 31: link },
      { ...shown(ref(32)), 32: link },
      refused("NEW_ANNOTATION page 1", "REMOVED page 1/Annots"),
    ],
    ["may not lose a reference to nothing", shown(ref(99)), shown(), refused("REMOVED page 1/Annots")],
    ["may keep a reference to nothing", shown(ref(99)), shown(ref(99)), clean],
    ["may not lose what is none", shown(1), shown(), refused("REMOVED page 1/Annots")],
  ])("%s", async (_, before, now, expected) => {
    expect(await afterwards([now], before)).toEqual(expected);
  });

  test("that many pages share are too much to compare when they are very many", async () => {
    const many = new Raw(`[7 0 R ${"null ".repeat(100_000)}]`);
    const pages = Array.from({ length: 7 }, (_, i) => 60 + i);
    const base = {
      [at.tree]: { ...dict(at.tree), Kids: [ref(at.page), ...pages.map(ref)], Count: 8 },
      ...Object.fromEntries(pages.map((number) => [number, { Type: "/Page", Parent: ref(at.tree), Annots: ref(50) }])),
      50: many,
    };
    const { reasons } = await afterwards([{ 50: many }], base);
    expect(reasons).toEqual([expect.stringMatching(/^CANNOT_COMPARE LIMIT_EXCEEDED /)]);
  });
});
