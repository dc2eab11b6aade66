import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, text, type Dict } from "../attacks/values.ts";
import { afterwards, at, looks, scene, widget } from "./scene.ts";

const resources: Dict = { Font: { F1: ref(at.font) }, XObject: { Fm: ref(32) } };
/** A field of 100 × 20 points that holds `15` and has the given looks. */
const number = (keys: Dict): Objects => ({ [at.number]: widget("Tx", "Number", [300, 300, 400, 320], keys) });
const shows = (content: string, more: Dict = {}, own: Dict = resources, objects: Objects = {}): Objects => ({
  ...number({ V: text("15"), AP: { N: ref(31) } }),
  31: looks(content, own, more),
  ...objects,
});
const said = async (update: Objects, base: Objects = number({})) => {
  const { level, reasons, doubts } = await afterwards([update], base);
  if (level === "OTHER") return reasons.join();
  return doubts.length > 0 ? doubts.join() : "shown";
};
const unclear = "VALUE_MAY_NOT_BE_WHAT_IS_SHOWN Number";
const value = (at = "2 4") => `BT /F1 12 Tf ${at} Td (15) Tj ET`;

describe("what stands around the text of a field", () => {
  test.each<[string, string, string]>([
    ["a background", "0 0 100 20 re f", "shown"],
    ["a background within a border", "3 3 94 14 re f", "shown"],
    ["a small area in a corner", "0 0 3 3 re f", unclear],
    ["an area in the middle", "30 8 40 4 re f", unclear],
    ["an area in the middle, from side to side", "0 8 100 4 re f", unclear],
    ["a border", ".5 .5 99 19 re s", "shown"],
    ["a border of lines", "0 0 m 0 20 l S 0 20 m 100 20 l 100 0 l 0 0 l s", "shown"],
    ["a border of a curve", "2 0 m 98 0 l 100 0 100 0 100 2 c 100 20 l 0 20 l 0 2 l 0 0 2 0 v S", "shown"],
    ["curves as letters", "2 0 m 50 20 60 0 98 0 c S 60 0 m 70 20 80 0 y S", unclear],
    ["a line at the bottom", "0 1 m 100 1 l S", "shown"],
    ["short lines at the bottom", "0 1 m 40 1 l S", unclear],
    ["a line through the middle", "0 9 m 100 9 l S", unclear],
    ["lines of a comb", "50 0 m 50 20 l 75 0 m 75 20 l S", "shown"],
    ["areas as lines of a comb", "50 0 1 20 re f 75 0 1 20 re f", "shown"],
    ["thick lines of a comb", "3 w 50 0 m 50 20 l S", unclear],
    ["half a line of a comb", "50 0 m 50 10 l S", unclear],
    ["letters of lines", "60 2 m 66 18 l 72 2 l S", unclear],
    ["letters of areas", "60 2 2 16 re 60 16 10 2 re f", unclear],
    ["letters along the edge", "0 0 m 1 2 l 2 0 l 50 0 l 51 2 l 52 0 l 100 0 l f", unclear],
    ["a letter as large as the field", "0 20 m 100 20 l 4 0 l 0 0 l 96 16 l 0 16 l f", unclear],
    ["a ring", "0 0 m 100 0 l 100 20 l 0 20 l h 2 2 m 2 18 l 98 18 l 98 2 l h f*", "shown"],
    ["a pattern", "/Pattern cs /P scn 0 0 100 20 re f", unclear],
    ["a shading", "/Sh sh", unclear],
    ["a picture in place", "q 100 0 0 20 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q", unclear],
  ])("%s", async (_, around, expected) => {
    expect(await said(shows(`q ${around} Q ${value()}`))).toBe(expected);
  });

  test("lines after the text", async () => {
    expect(await said(shows(`${value()} 50 0 m 50 20 l S`))).toBe("shown");
    expect(await said(shows(`${value()} 5 0 m 5 20 l S`))).toBe(unclear);
  });
});

test.each([
  [1_900, "shown"],
  [2_100, unclear],
])("looks of %i shapes and more", async (count, expected) => {
  expect(await said(shows(`${"0 0 100 20 re f ".repeat(count)}${value()}`))).toBe(expected);
});

describe("a font that every reader has", () => {
  const font = (keys: Dict) => ({
    Font: { F1: { Type: "/Font", Subtype: "/Type1", BaseFont: "/Helvetica", ...keys } },
  });
  const narrow = "li".repeat(17);
  const filled = (own: Dict): Objects => ({
    ...shows(value().replace("15", narrow), {}, own),
    ...number({ V: text(narrow), AP: { N: ref(31) } }),
  });
  test.each<[string, Dict, string]>([
    ["is as wide as it is", {}, "shown"],
    ["is as wide as it says", { FirstChar: 105, LastChar: 108, Widths: [500, 0, 0, 500] }, unclear],
    ["is unknown under another name", { BaseFont: "/Georgia" }, unclear],
    ["is unknown without a name", { BaseFont: undefined }, unclear],
    ["is unknown where a file of it comes along", { FontDescriptor: { FontFile: ref(32) } }, unclear],
    ["has no width for what says nothing", { Encoding: { Differences: [105, "/g7"] } }, unclear],
  ])("%s", async (_, keys, expected) => {
    expect(await said(filled(font(keys)))).toBe(expected);
  });
});

describe("fonts that are not in the resources", () => {
  const form = (keys: Dict) => ({ [at.form]: { ...(scene[at.form] as Dict), ...keys } });
  const bare: Objects = { ...shows(value()), 31: looks(value(), {}, { Resources: undefined }) };

  test("are those of the form where the looks have none", async () => {
    const withFonts = form({ DR: resources });
    expect(await said(bare, { ...number({}), ...withFonts })).toBe("shown");
  });

  test("say nothing", async () => {
    expect(await said(bare)).toBe(unclear);
    expect(await said(shows(value(), {}, {}))).toBe(unclear);
  });
});

describe("text in the looks of a field", () => {
  test.each<[string, string, string]>([
    ["in order", "BT /F1 12 Tf 2 4 Td (1) Tj 20 0 Td (5) Tj ET", "shown"],
    ["in lines", "BT /F1 8 Tf 2 11 Td (1) Tj 0 -9 Td (5) Tj ET", "shown"],
    ["painted from right to left", "BT /F1 12 Tf 22 4 Td (1) Tj -20 0 Td (5) Tj ET", unclear],
    ["close together, from right to left", "BT /F1 12 Tf 8 4 Td (1) Tj -6 0 Td (5) Tj ET", unclear],
    ["painted from the bottom up", "BT /F1 8 Tf 2 2 Td (1) Tj 0 9 Td (5) Tj ET", unclear],
    ["slanted", "BT /F1 12 Tf 1 0 .3 1 2 4 Tm (15) Tj ET", "shown"],
    ["upside down", "BT /F1 12 Tf -1 0 0 -1 90 16 Tm (15) Tj ET", unclear],
    ["mirrored", "BT /F1 12 Tf 1 0 0 -1 2 16 Tm (15) Tj ET", unclear],
    ["lying", "BT /F1 12 Tf 0 1 -1 0 30 4 Tm (15) Tj ET", unclear],
    ["in a form", "/Fm Do", "shown"],
    ["in a form, in white", "1 g /Fm Do", unclear],
  ])("%s", async (_, content, expected) => {
    const form = { 32: looks(value(), { Font: { F1: ref(at.font) } }) };
    expect(await said(shows(content, {}, resources, form))).toBe(expected);
  });

  test.each<[string, Dict, string]>([
    ["of the size of the field", {}, "shown"],
    ["much larger than the field", { BBox: [0, 0, 1000, 200] }, unclear],
    ["turned with the page", { BBox: [0, 0, 20, 100], Matrix: [0, 1, -1, 0, 20, 0] }, "shown"],
    ["mirrored", { Matrix: [-1, 0, 0, 1, 100, 0] }, unclear],
    ["flat", { BBox: [0, 0, 0, 0] }, unclear],
  ])("in looks that are %s", async (_, keys, expected) => {
    expect(await said(shows(value(), keys))).toBe(expected);
  });

  test.each<[string, Dict, string]>([
    ["a space of its own", { Cs1: "/DeviceRGB" }, "shown"],
    ["another gray", { DefaultGray: ref(33) }, unclear],
    ["another space of colours", { DefaultRGB: ref(33) }, unclear],
    ["a space under the name of the device's", { DeviceCMYK: ref(33) }, unclear],
  ])("with resources that define %s", async (_, ColorSpace, expected) => {
    const own = { ...resources, ColorSpace };
    expect(await said(shows(value(), {}, own, { 33: "/DeviceGray" }))).toBe(expected);
    expect(await said(shows(`0 g ${value()}`, {}, own, { 33: "/DeviceGray" }))).toBe(expected);
  });
});

describe("what a field has from far above", () => {
  const nested = (V: string, shown: string, kind: Dict): Objects => ({
    [at.number]: { ...kind, T: text("Number"), Kids: [ref(34)] },
    34: { T: text("a"), Parent: ref(at.number), Kids: [ref(35)], V: text(V) },
    35: {
      ...widget("Tx", "", [300, 300, 400, 320], { FT: undefined, T: undefined, Parent: ref(34) }),
      AP: { N: ref(31) },
    },
    31: looks(value().replace("15", shown), resources),
    [at.page]: { ...(scene[at.page] as Dict), Annots: [ref(at.leader), ref(at.seal), ref(35)] },
  });
  test.each<[string, Dict, string, string]>([
    ["a value", { FT: "/Tx" }, "15", "shown"],
    ["another value", { FT: "/Tx" }, "51", "VALUE_IS_NOT_WHAT_IS_SHOWN"],
    ["a choice", { FT: "/Ch", Ff: 1 << 17, Opt: [text("15")] }, "15", "shown"],
    ["another choice", { FT: "/Ch", Ff: 1 << 17, Opt: [text("15")] }, "51", "VALUE_IS_NOT_WHAT_IS_SHOWN"],
  ])("%s", async (_, kind, shown, expected) => {
    expect(await said(nested("15", shown, kind), nested("", "", kind))).toContain(expected);
  });

  test("but not from parents in a circle", async () => {
    const circle = (V: Dict[string]): Objects => ({
      [at.number]: widget("Tx", "Number", [300, 300, 400, 320], { V, Parent: ref(34) }),
      34: { Parent: ref(34) },
    });
    expect(await said(circle(text("15")), circle(undefined))).toEqual(expect.any(String));
  });
});
