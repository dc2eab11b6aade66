import { describe, expect, test } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { differencesSince, strictPolicy } from "../../../signing/diff/differences.ts";
import { findSignatures } from "../../../signing/validate/signature-fields.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, judge, looks, scene, sign, signedScene, widget, writing } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
/** The title stands at 57…160, 770…778; it is four words. */
const overTitle = [57, 764, 157, 784];
const beside = [57, 600, 157, 620];
const area = looks("0 0 100 20 re f");
const signed = (...doubts: string[]) => ({ ...allowed("FORM_FILLING", "SIGNED Seal"), doubts });
const filled = (...doubts: string[]) => ({ ...allowed("FORM_FILLING", "FILLED Number"), doubts });
const overAnnotation = "FIELD_OVER_ANNOTATION page 1";
const overText = "FIELD_OVER_TEXT page 1";
const overPicture = "COVERS_PICTURE page 1";

const seal = (rect: readonly number[], keys: Dict = {}): Objects => ({
  [at.seal]: widget("Sig", "Seal", rect, keys),
});
/** What the leader's signature says to the seal being signed with other looks. */
async function sealed(before: Objects, keys: Dict, objects: Objects = {}) {
  const file = await signedScene(before);
  await sign(file, { [at.seal]: { ...file.dict(at.seal), ...keys }, ...objects }, { field: at.seal, number: 40 });
  return judge(file)["Leader"];
}
const shown = { AP: { N: ref(31) } };

describe("a seal that waited over the title", () => {
  test.each<[string, Objects, Dict, Objects, unknown]>([
    ["shows nothing", seal(overTitle), {}, {}, signed()],
    ["paints an area", seal(overTitle), shown, { 31: area }, signed(overText)],
    ["paints an area beside it", seal(beside), shown, { 31: area }, signed()],
    ["writes", seal(overTitle), shown, { 31: writing("CONG TY XYZ AB") }, signed(overText)],
    [
      "paints what it had painted",
      { ...seal(overTitle, { AP: { N: ref(32) } }), 32: area },
      shown,
      { 31: area },
      signed(),
    ],
    [
      "uncovers what it had covered",
      { ...seal(overTitle, { AP: { N: ref(32) } }), 32: area },
      shown,
      { 31: looks("") },
      signed(overText),
    ],
    [
      "paints what it would have painted, had it not been hidden",
      { ...seal(overTitle, { AP: { N: ref(32) }, F: 2 }), 32: area },
      { F: 4 },
      {},
      signed(overText),
    ],
    [
      "paints what it would have painted, had it been for the screen",
      { ...seal(overTitle, { AP: { N: ref(32) }, F: 32 }), 32: area },
      { F: 4 },
      {},
      signed(overText),
    ],
    ["has a background", seal(overTitle), { MK: { BG: [1] } }, {}, signed(overText)],
    [
      "paints an area when pressed",
      seal(overTitle),
      { AP: { N: ref(31), D: ref(32) } },
      { 31: looks(""), 32: area },
      signed(overText),
    ],
    [
      "paints another of its states",
      { ...seal(overTitle, { AP: { N: { A: ref(32), B: ref(33) } }, AS: "/B" }), 32: area, 33: looks("") },
      { AS: "/A" },
      {},
      signed(overText),
    ],
  ])("%s", async (_, before, keys, objects, expected) => {
    expect(await sealed(before, keys, objects)).toEqual(expected);
  });

  test.each<[string, Dict, Dict, unknown]>([
    ["out of its place", {}, { F: 12 }, signed("WIDGET_OUT_OF_ITS_PLACE page 1")],
    ["out of its place as before", { F: 12 }, { F: 140 }, signed()],
  ])("is shown %s", async (_, before, keys, expected) => {
    expect(await sealed(seal(beside, before), keys)).toEqual(expected);
  });
});

describe("a seal that waited over what others show", () => {
  test("may hide a signature's words, as a seal does", async () => {
    const over = seal([300, 100, 400, 160]);
    expect(await sealed(over, shown, { 31: area })).toEqual(signed());
  });

  test("may not hide the words of another field or of a comment", async () => {
    const words = { 32: writing("15 thang 8") };
    const number = { [at.number]: widget("Tx", "Number", beside, { V: text("15 thang 8"), AP: { N: ref(32) } }) };
    expect(await sealed({ ...seal(beside), ...number, ...words }, shown, { 31: area })).toEqual(signed(overAnnotation));
    const note = {
      [at.page]: { ...dict(at.page), Annots: [...(dict(at.page)["Annots"] as Value[]), ref(33)] },
      33: { Subtype: "/FreeText", Rect: beside, AP: { N: ref(32) } },
    };
    expect(await sealed({ ...seal(beside), ...note, ...words }, shown, { 31: area })).toEqual(signed(overAnnotation));
  });

  test("may be on no page, or on one that cannot be read", async () => {
    const nowhere = { [at.page]: { ...dict(at.page), Annots: [ref(at.leader), ref(at.number)] } };
    expect(await sealed({ ...seal(overTitle), ...nowhere }, shown, { 31: area })).toEqual(signed());
    const broken = { [at.content]: new Stream({}, "(") };
    const unreadable = signed("UNREADABLE_CONTENT page 1");
    expect(await sealed({ ...seal(overTitle), ...broken }, shown, { 31: area })).toEqual(unreadable);
  });

  test("is looked at on each page that shows it", async () => {
    const both = {
      [at.other]: {
        ...dict(at.other),
        Annots: [ref(at.seal)],
        Contents: ref(34),
        Resources: dict(at.page)["Resources"]!,
      },
      34: new Stream({}, "BT /F1 12 Tf 57 604 Td (UY BAN NHAN DAN) Tj ET"),
    };
    expect(await sealed({ ...seal(beside), ...both }, shown, { 31: area })).toEqual(signed("FIELD_OVER_TEXT page 2"));
  });

  test("with a widget of its own", async () => {
    const base = {
      [at.seal]: { FT: "/Sig", T: text("Seal"), Kids: [ref(35)] },
      [at.page]: { ...dict(at.page), Annots: [ref(at.leader), ref(35), ref(at.number)] },
      35: { Type: "/Annot", Subtype: "/Widget", Parent: ref(at.seal), Rect: overTitle, P: ref(at.page) },
    };
    const update = { 35: { ...base[35], ...shown }, 31: area };
    expect(await sealed(base, {}, update)).toEqual(signed(overText));
  });
});

describe("a text field that waited over the title", () => {
  const number = (keys: Dict): Objects => ({ [at.number]: widget("Tx", "Number", overTitle, keys) });
  test("hides it when it is filled in, or not", async () => {
    const update = (drawn: Stream) => ({ ...number({ V: text("15"), AP: { N: ref(31) } }), 31: drawn });
    const font = { Font: { F1: ref(at.font) } };
    const written = "BT /F1 12 Tf 2 4 Td (15) Tj ET";
    expect(await afterwards([update(looks(`0 0 100 20 re f ${written}`, font))], number({}))).toEqual(filled(overText));
    const small = "BT /F1 4 Tf 2 0 Td (15) Tj ET";
    expect(await afterwards([update(looks(small, font))], number({}))).toEqual(filled());
  });

  test("as a box to be ticked, by its state alone", async () => {
    const button = (state: string) => ({
      [at.number]: widget("Btn", "Number", overTitle, {
        AP: { N: { On: ref(32), Off: ref(33) } },
        ...(state === "Off" ? { AS: "/Off" } : { AS: `/${state}`, V: `/${state}` }),
      }),
      32: area,
      33: looks(""),
    });
    expect(await afterwards([button("On")], button("Off"))).toEqual(filled(overText));
    expect(await afterwards([button("Other")], button("Off"))).toEqual(filled("VALUE_MAY_NOT_BE_WHAT_IS_SHOWN Number"));
  });
});

describe("pictures and drawings, which may be words", () => {
  const page = (content: string): Objects => ({ [at.content]: new Stream({}, content) });
  const scan = page("q 595 0 0 842 0 0 cm /Im Do Q");
  const letters = page("60 604 m 62 612 l 64 604 l f 70 604 m 72 612 l 150 604 l f");
  const frame = looks(".5 w 0 0 100 20 re S");
  test.each<[string, Objects, Stream | null, unknown]>([
    ["an area over a scanned page", scan, area, signed(overPicture)],
    ["an area over letters as shapes", letters, area, signed(overPicture)],
    ["an area over a drawing that is a rectangle", page("60 604 80 8 re f"), area, signed()],
    ["an area over nothing", page("60 504 m 62 512 l 150 504 l f"), area, signed()],
    ["nothing over a scanned page", scan, null, signed()],
    ["a frame over a scanned page", scan, frame, signed()],
    ["words over a scanned page", scan, writing("CONG TY XYZ AB"), signed()],
    ["as much as a digit", scan, looks("0 0 5 8 re f"), signed(overPicture)],
    ["less than a digit", scan, looks("0 0 5 7.9 re f"), signed()],
    ["less than a digit across", scan, looks("0 0 3.9 20 re f"), signed()],
    ["as much as a digit across", scan, looks("0 0 4 20 re f"), signed(overPicture)],
    [
      "a quarter in pieces",
      scan,
      looks(Array.from({ length: 10 }, (_, i) => `0 ${2 * i} 50 1 re f`).join(" ")),
      signed(),
    ],
    [
      "more than a quarter in pieces",
      scan,
      looks(Array.from({ length: 10 }, (_, i) => `0 ${2 * i} 51 1 re f`).join(" ")),
      signed(overPicture),
    ],
  ])("%s", async (_, base, drawn, expected) => {
    const objects = { 31: drawn };
    expect(await sealed({ ...seal(beside), ...base }, drawn ? shown : {}, objects)).toEqual(expected);
  });

  test("that were covered before are no news", async () => {
    const before = { ...scan, ...seal(beside, { AP: { N: ref(32) } }), 32: area };
    expect(await sealed(before, shown, { 31: area })).toEqual(signed());
    expect(await sealed(before, shown, { 31: frame })).toEqual(signed());
  });

  const image = (mask: number, keys: Dict = {}) =>
    new Stream(
      {
        Subtype: "/Image",
        Width: 1,
        Height: 1,
        BitsPerComponent: 8,
        ColorSpace: "/DeviceGray",
        SMask: ref(mask),
        ...keys,
      },
      "x",
    );
  const mask = (alpha: number) =>
    new Stream(
      { Subtype: "/Image", Width: 1, Height: 1, BitsPerComponent: 8, ColorSpace: "/DeviceGray" },
      Buffer.from([alpha]),
    );
  test("by a picture, which may be seen through", async () => {
    const drawn = looks("100 0 0 20 0 0 cm /I Do", { XObject: { I: ref(32) } });
    const before = { ...scan, ...seal(beside) };
    expect(await sealed(before, shown, { 31: drawn, 32: image(33), 33: mask(255) })).toEqual(signed(overPicture));
    expect(await sealed(before, shown, { 31: drawn, 32: image(33), 33: mask(0) })).toEqual(signed());
  });

  test("by a new field, and by a comment", async () => {
    const annotations = [...(dict(at.page)["Annots"] as Value[]), ref(41)];
    const come = (file: { dict(number: number): Dict }): Objects => ({
      [at.page]: { ...file.dict(at.page), Annots: annotations },
      [at.form]: { ...file.dict(at.form), Fields: annotations },
      41: widget("Sig", "New", beside, { AP: { N: ref(31) } }),
      31: area,
    });
    const file = await signedScene(scan);
    await sign(file, come(file), { field: 41, number: 40 });
    const expected = { ...allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New"), doubts: [overPicture] };
    expect(judge(file)["Leader"]).toEqual(expected);

    const all = findSignatures(readPdf(file.bytes));
    const since = (policy: object) =>
      differencesSince(readPdf(file.bytes), all[0]!, all, { ...strictPolicy, ...policy });
    expect(since({ drawn: true })).toMatchObject({ ...expected, doubts: [] });
    expect(since({ drawn: false })).toMatchObject(expected);
  });

  test("drawn pages leave other doubts", async () => {
    const file = await signedScene({ ...seal(overTitle), [at.content]: new Stream({}, "(") });
    await sign(file, { [at.seal]: { ...file.dict(at.seal), ...shown }, 31: area }, { field: at.seal, number: 40 });
    const all = findSignatures(readPdf(file.bytes));
    const { doubts } = differencesSince(readPdf(file.bytes), all[0]!, all, { ...strictPolicy, drawn: true });
    expect(doubts).toEqual(["UNREADABLE_CONTENT page 1"]);
  });
});

test("pages with too many annotations for a field are too much to compare", async () => {
  const many = Array.from({ length: 300_000 }, () => "null").join(" ");
  const long = { [at.page]: { ...dict(at.page), Annots: ref(50) }, 50: new Raw(`[7 0 R ${many}]`) };
  const pages = Array.from({ length: 40 }, (_, i) => 60 + i);
  const tree = { ...dict(at.tree), Kids: [ref(at.page), ...pages.map(ref)], Count: 41 };
  const others = Object.fromEntries(
    pages.map((number) => [number, { Type: "/Page", Parent: ref(at.tree), Resources: {}, Annots: ref(50) }]),
  );
  const found = await sealed({ ...seal(beside), ...long, ...others, [at.tree]: tree }, shown, { 31: area });
  expect(found?.reasons).toEqual([expect.stringMatching(/^CANNOT_COMPARE LIMIT_EXCEEDED /)]);
});
