import { describe, expect, test } from "vitest";
import { Raw, ref, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, refused, scene } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const page = (keys: Dict) => ({ [at.page]: { ...dict(at.page), ...keys } });
const number = (keys: Dict) => ({ [at.number]: { ...dict(at.number), ...keys } });
const boxed = (...MediaBox: number[]) => page({ MediaBox });
const placed = (...Rect: number[]) => number({ Rect });

describe("a page's box", () => {
  const moved = refused("CHANGED page 1/MediaBox");
  test.each<[string, number[], number[], unknown]>([
    ["cut to ten decimals", [0, 0, 594.992125984252, 842.003149606299], [0, 0, 594.9921259843, 842.0031496063], clean],
    ["rounded to five", [0, 0, 594.992125984252, 842.003149606299], [0, 0, 594.992126, 842.00315], clean],
    ["rounded to four", [0, 0, 594.992125984252, 842.003149606299], [0, 0, 594.9921, 842.0031], clean],
    ["rounded to none", [0, 0, 594.9995, 842], [0, 0, 595, 842], clean],
    ["rounded too far", [0, 0, 594.9985, 842], [0, 0, 595, 842], moved],
    ["rounded to something else", [0, 0, 594.99212, 842], [0, 0, 594.9925, 842], moved],
    ["rounded to as many decimals", [0, 0, 594.9921, 842], [0, 0, 594.9922, 842], moved],
    ["rounded to more", [0, 0, 594.992, 842], [0, 0, 594.9921, 842], moved],
    ["moved from where it was whole", [0, 0, 595, 842], [0, 0, 595, 842.0001], moved],
    ["too small for that", [0, 0, 0.5949, 0.842], [0, 0, 0.595, 0.842], moved],
    ["empty, and no more so", [0, 400.0001, 595, 400], [0, 400, 595, 400.1], moved],
    ["that becomes empty", [0, 400, 595, 400.0001], [0, 400, 595, 400], moved],
    ["turned round", [595, 0, 0.0001, 842], [595, 0, 0, 842], moved],
    ["of fewer numbers", [0, 0, 594.9921259, 842], [0, 0, 594.9921], moved],
    ["of more numbers", [0, 0, 594.9921259, 842, 1], [0, 0, 594.9921, 842, 1], moved],
  ])("%s", async (_, before, after, expected) => {
    expect(await afterwards([boxed(...after)], boxed(...before))).toEqual(expected);
  });

  test("of numbers that stand elsewhere", async () => {
    const box = (value: Value) => ({ ...page({ MediaBox: [0, 0, ref(31), 842] }), 31: value });
    expect(await afterwards([{ 31: 594.9921 }], box(594.9921259))).toMatchObject({ level: "OTHER" });
  });

  test("with a tiny part", async () => {
    const tiny = page({ MediaBox: [new Raw("0.0000001"), 0, 595, 842] });
    expect(await afterwards([boxed(0, 0, 595, 842)], tiny)).toEqual(clean);
    expect(await afterwards([tiny], boxed(0, 0, 595, 842))).toEqual(moved);
  });

  test("of a page that is cropped", async () => {
    const crop = { CropBox: [0, 0, 594.9921259, 842] };
    const before = page({ MediaBox: [0, 0, 594.9921259, 842], ...crop });
    expect(await afterwards([page({ MediaBox: [0, 0, 594.9921, 842], ...crop })], before)).toEqual(moved);
    const cropped = page({ CropBox: [0, 0, 594.9921, 842] });
    expect(await afterwards([cropped], page(crop))).toEqual(refused("CHANGED page 1/CropBox"));
  });

  test("and its unit", async () => {
    expect(await afterwards([page({ UserUnit: 1 })], page({ UserUnit: 1.0001 }))).toEqual(
      refused("CHANGED page 1/UserUnit"),
    );
  });
});

describe("a field's place", () => {
  test("rounded, again and again", async () => {
    const updates = [placed(76.1234, 728, 106, 744), placed(76.123, 728, 106, 744)];
    expect(await afterwards(updates, placed(76.12341, 728, 106, 744))).toEqual(clean);
  });

  test("rounded while it is filled in", async () => {
    const filled = number({ Rect: [76.123, 728, 106, 744], V: text("15") });
    expect(await afterwards([filled], placed(76.1234, 728, 106, 744))).toEqual(
      allowed("FORM_FILLING", "FILLED Number"),
    );
  });

  test("moved while it is filled in", async () => {
    const filled = number({ Rect: [76.1, 728, 106, 744], V: text("15") });
    expect(await afterwards([filled], placed(76.1234, 728, 106, 744))).toEqual(refused("CHANGED field Number/Rect"));
  });
});

describe("a button's colours", () => {
  const looks = { N: { On: ref(at.looks), Off: ref(at.looks) } };
  const button = (state: string | undefined, MK: Value): Record<number, Value> =>
    number({ FT: "/Btn", AP: looks, AS: `/${state ?? "Off"}`, V: state && `/${state}`, MK });
  const ticked = allowed("FORM_FILLING", "FILLED Number");
  const other = refused("CHANGED field Number/MK/BG");
  test.each<[string, Value, Value, unknown]>([
    ["rounded", { BC: [0.1], BG: [0.8, 0.843, 1] }, { BC: [0.1019607843], BG: [0.8, 0.8431372549, 1] }, ticked],
    ["rounded twice", { BG: [0.1019607843] }, { BG: [0.1058823529] }, other],
    ["rounded to no step", { BG: [0.1] }, { BG: [0.101] }, other],
    ["rounded too far", { BG: [0.1] }, { BG: [0.1058823529] }, other],
    ["more of them", { BG: [0.1] }, { BG: [0.1019607843, 0] }, other],
    ["none any more", { BG: [0.1] }, {}, other],
    ["of something else", { R: 0.1 }, { R: 0.1019607843 }, refused("CHANGED field Number/MK/R")],
    ["that are none", { BG: [text("x")] }, { BG: [0.1019607843] }, other],
    ["that stand nowhere", { BG: [0.1] }, 1, refused("CHANGED field Number/MK")],
  ])("%s", async (_, before, after, expected) => {
    expect(await afterwards([button("On", after)], button(undefined, before))).toEqual(expected);
  });

  test("and those of anything else", async () => {
    const state = (BC: number) => page({ Resources: { ExtGState: { G: { SMask: { S: "/Luminosity", BC: [BC] } } } } });
    expect(await afterwards([state(0.1019607843)], state(0.1))).toMatchObject({ level: "OTHER" });
  });
});
