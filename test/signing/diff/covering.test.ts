import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, Stream, text, type Dict } from "../attacks/values.ts";
import { allowed, at, helvetica, judge, looks, refused, scene, sign, signedScene, widget, writing } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
/** The title stands at 57…160, 770…778; it is four words. */
const overTitle = [57, 764, 157, 784];
const come = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New");
const covers = refused("NEW_WIDGET_OVER_TEXT page 1");
const doubted = (...notes: string[]) => ({ ...allowed("FORM_FILLING", ...notes), doubts: ["FIELD_OVER_TEXT page 1"] });
const seenThrough = { ...come, notes: [...come.notes, "SEE_THROUGH_OVER_TEXT page 1"] };

const added = (rect: readonly number[], drawn: Stream | null, more: Dict = {}, objects: Objects = {}): Objects => ({
  [at.form]: { Fields: [...fields, ref(41)] },
  [at.page]: { ...dict(at.page), Annots: [...fields, ref(41)] },
  41: widget("Sig", "New", rect, { AP: drawn ? { N: ref(42) } : undefined, ...more }),
  42: drawn,
  ...objects,
});
const after = async (objects: Objects, base: Objects = {}) => {
  const file = await signedScene(base);
  await sign(file, objects, { field: 41, number: 40 });
  return judge(file)["Leader"];
};
const area = looks("0 0 100 20 re f");

describe("a new signature's looks", () => {
  test.each<[string, Objects, unknown]>([
    ["an area beside the text", added([57, 600, 157, 620], area), come],
    ["an area over the text", added(overTitle, area), covers],
    ["nothing over the text", added(overTitle, null), come],
    ["nothing but a background over the text", added(overTitle, null, { MK: { BG: [1] } }), covers],
    ["a frame over the text", added(overTitle, looks("0 0 100 20 re S")), come],
    [
      "a curve over the text",
      added(overTitle, looks("0 0 m 0 20 100 20 100 0 c 0 20 100 0 v 0 0 100 20 y h f*")),
      covers,
    ],
    ["a line beside, a point over the text", added(overTitle, looks("0 0 m 1 1 l b")), come],
    ["an area that is clipped away", added(overTitle, looks("0 0 1 1 re W n 0 0 100 20 re f")), come],
    ["an area in a clip of no size", added(overTitle, looks("500 500 1 1 re W* n 0 0 100 20 re f")), come],
    ["an area after the clip", added(overTitle, looks("q 0 0 1 1 re W n Q 0 0 100 20 re F")), covers],
    ["an area outside the form", added(overTitle, looks("200 0 100 20 re B")), come],
    ["an area blown up", added(overTitle, looks("100 0 0 20 0 0 cm 0 0 1 1 re B*")), covers],
    ["a shading over the text", added(overTitle, looks("/Sh sh")), covers],
    [
      "an inline image over the text",
      added(overTitle, looks("q 100 0 0 20 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q")),
      covers,
    ],
    ["words over the text", added(overTitle, looks("BT /F1 12 Tf 0 6 Td (CONG TY XYZ AB) Tj ET", helvetica)), covers],
    ["words beside the text", added(overTitle, looks("BT /F1 1 Tf 0 0 Td (CONG TY) Tj ET", helvetica)), come],
    ["looks that cannot be read", added(overTitle, looks("(")), covers],
    ["a picture when pressed", added(overTitle, looks(""), { AP: { N: ref(42), D: ref(43) } }, { 43: area }), covers],
    ["another state", added(overTitle, null, { AP: { N: { A: ref(43) } } }, { 43: area }), covers],
    ["a form in a form", added(overTitle, looks("/X Do", { XObject: { X: ref(43) } }), {}, { 43: area }), covers],
    [
      "a form in a form that clips",
      added(
        overTitle,
        looks("/X Do", { XObject: { X: ref(43) } }),
        {},
        { 43: looks("0 0 100 20 re f", {}, { BBox: [0, 0, 1, 1] }) },
      ),
      come,
    ],
    [
      "a form without a box",
      added(overTitle, looks("0 0 100 20 re f", {}, { BBox: undefined })),
      refused("APPEARANCE_MALFORMED field New", "NEW_WIDGET_OVER_TEXT page 1"),
    ],
    ["a form moved away", added(overTitle, looks("0 0 100 20 re f", {}, { Matrix: [1, 0, 0, 1, 500, 0] })), covers],
    ["a form of a flat box", added(overTitle, looks("0 0 100 20 re f", {}, { BBox: [0, 0, 0, 20] })), come],
    ["a form with a senseless matrix", added(overTitle, looks("0 0 100 20 re f", {}, { Matrix: [1, 0] })), covers],
    ["a form in itself", added(overTitle, looks("/X Do", { XObject: { X: ref(42) } })), covers],
    ["less than half of a word", added([57, 760, 62, 790], area), come],
    ["half of a word", added([57, 760, 63, 790], area), covers],
    ["most of a word", added([57, 760, 69, 790], area), covers],
    ["two thirds of a word in two pieces", added([57, 760, 69, 790], looks("0 0 33 20 re f 60 0 33 20 re f")), covers],
    ["the gap for the number", added([74, 720, 104, 745], area), come],
  ])("%s", async (_, objects, expected) => {
    expect(await after(objects)).toEqual(expected);
  });

  const drawing = (code: string): Dict => ({
    Font: {
      T: {
        Subtype: "/Type3",
        FontMatrix: [1, 0, 0, 1, 0, 0],
        Encoding: { Differences: [97, code] },
        CharProcs: { x: ref(43) },
      },
    },
  });
  const circular: Dict = {
    Subtype: "/Type3",
    Encoding: { Differences: [97, "/x"] },
    CharProcs: { x: ref(43) },
    Resources: { Font: { T: ref(44) } },
  };
  test.each<[string, Objects, unknown]>([
    [
      "many thin lines",
      added(overTitle, looks(Array.from({ length: 40 }, (_, i) => `0 ${i / 2} m 100 ${i / 2} l`).join(" ") + " S")),
      covers,
    ],
    ["one thin line", added(overTitle, looks("0 10 m 100 10 l S")), come],
    ["a broad line", added(overTitle, looks("20 w 0 10 m 100 10 l s")), covers],
    [
      "a line made broad by a state",
      added(overTitle, looks("/G gs 0 10 m 100 10 l S", { ExtGState: { G: { LW: 20 } } })),
      covers,
    ],
    ["a line made broad by a matrix", added(overTitle, looks("1 0 0 20 0 0 cm 0 0.5 m 100 0.5 l S")), covers],
    ["a state that is none", added(overTitle, looks("1 gs /G gs 0 10 m 100 10 l S")), come],
    ["a line closed", added(overTitle, looks("20 w 0 10 m 1 10 l 100 10 m 100 10 l h S")), come],
    ["a broad triangle closed", added(overTitle, looks("20 w 100 10 m 50 10 l 0 10 l h S")), covers],
    ["a triangle closed by stroking", added(overTitle, looks("20 w 100 100 m 0 10 l 100 10 l s")), covers],
    ["a triangle left open", added(overTitle, looks("20 w 0 100 m 0 300 l 100 300 l S")), come],
    ["a triangle closed by painting", added(overTitle, looks("20 w 100 10 m 50 10 l 0 10 l b*")), covers],
    ["closing of nothing", added(overTitle, looks("h 1 1 l 1 1 1 1 1 1 c 1 1 1 1 v S")), come],
    ["a dot", added(overTitle, looks("20 w 5 10 m 5 10 l S")), covers],
    ["spikes", added(overTitle, looks("30 M 0 0 m 1 0 l S")), covers],
    ["spikes of nothing", added(overTitle, looks("30 M S")), come],
    [
      "a line beyond all measure",
      added(overTitle, looks(`${`1${"0".repeat(60)} 0 0 1${"0".repeat(60)} 0 0 cm `.repeat(6)} 0 1 m 1 1 l S`)),
      come,
    ],
    [
      "a line longer than numbers go",
      added(
        overTitle,
        looks(`${`1${"0".repeat(60)} 0 0 1 0 0 cm `.repeat(5)} 100000000 0 0 1 0 0 cm -1 10 m 1 10 l S`),
      ),
      come,
    ],
    ["lines without an end", added([57, 600, 157, 620], looks("-1000 10 m 1000 10 l S ".repeat(300))), come],
    ["lines without an end over the text", added(overTitle, looks("-1000 10 m 1000 10 l S ".repeat(300))), covers],
    ["operands too many", added(overTitle, looks("7 7 7 0 0 100 20 re f")), covers],
    [
      "letters with a broad outline",
      added(overTitle, looks("BT /F1 1 Tf 1 Tr 40 w 10 10 Td (aaaaa) Tj ET", helvetica)),
      covers,
    ],
    [
      "letters with a thin outline",
      added(overTitle, looks("BT /F1 1 Tf 1 Tr 1 w 10 10 Td (aaaaa) Tj ET", helvetica)),
      come,
    ],
    [
      "a font by a state",
      added(
        overTitle,
        looks("/G gs BT 0 6 Td (CONG TY XYZ AB) Tj ET", { ExtGState: { G: { Font: [ref(at.font), 12] } } }),
      ),
      covers,
    ],
    [
      "a font by a state, too small",
      added(
        overTitle,
        looks("/G gs BT 0 6 Td (CONG TY XYZ AB) Tj ET", { ExtGState: { G: { Font: [ref(at.font), 1] } } }),
      ),
      come,
    ],
    [
      "a font by a state, without a size",
      added(
        overTitle,
        looks("/G gs BT /F1 1 Tf (C) Tj ET", { ...helvetica, ExtGState: { G: { Font: [ref(at.font)] } } }),
      ),
      come,
    ],
    [
      "drawings instead of letters",
      added(overTitle, looks("BT /T 1 Tf (a) Tj ET", drawing("/x")), {}, { 43: new Stream({}, "0 0 100 20 re f") }),
      covers,
    ],
    [
      "drawings that are not there",
      added(overTitle, looks("BT /T 1 Tf (a) Tj ET", drawing("/y")), {}, { 43: new Stream({}, "0 0 100 20 re f") }),
      come,
    ],
    [
      "drawings of a letter that has no name",
      added(overTitle, looks("BT /T 1 Tf (b) Tj ET", drawing("/x")), {}, { 43: new Stream({}, "0 0 100 20 re f") }),
      come,
    ],
    [
      "drawings that draw themselves",
      added(
        overTitle,
        looks("BT /T 1 Tf (a) Tj ET", { Font: { T: ref(44) } }),
        {},
        { 43: new Stream({}, "BT /T 1 Tf (a) Tj ET"), 44: circular },
      ),
      covers,
    ],
    ["states without an end", added(overTitle, looks("q ".repeat(5_001))), covers],
    ["content without an end", added(overTitle, looks(" ".repeat(16 * 1024 * 1024 + 1))), covers],
  ])("%s", async (_, objects, expected) => {
    expect(await after(objects)).toEqual(expected);
  });

  test("a stretch of a long word, which may be a digit or two of an amount", async () => {
    const base = { [at.content]: new Stream({}, "BT /F1 12 Tf 57 770 Td (1234567890123456) Tj ET") };
    expect(await after(added([69, 764, 87, 784], area), base)).toEqual(covers);
    expect(await after(added([69, 764, 74, 784], area), base)).toEqual(come);
    expect(await after(added([69, 764, 87, 773], area), base)).toEqual(come);
  });

  test("a stretch of a long word that stands upright", async () => {
    const base = { [at.content]: new Stream({}, "BT /F1 12 Tf 0 1 -1 0 70 600 Tm (1234567890123456) Tj ET") };
    expect(await after(added([60, 612, 72, 630], area), base)).toEqual(covers);
    expect(await after(added([60, 612, 72, 618], area), base)).toEqual(come);
    expect(await after(added([66, 612, 72, 630], area), base)).toEqual(come);
  });

  test("more paint than a signature has, on more words than a page has", async () => {
    const text = Array.from({ length: 300 }, () => "ab").join(" ");
    const base = { [at.content]: new Stream({}, `BT /F1 1 Tf 57 770 Td (${text}) Tj ET`) };
    const dots = looks("0 0 0.001 0.001 re f ".repeat(20_000), {}, { BBox: [0, 0, 1000, 20] });
    expect(await after(added([57, 764, 557, 784], dots), base)).toEqual(covers);
    const few = looks("0 0 0.001 0.001 re f ".repeat(10), {}, { BBox: [0, 0, 1000, 20] });
    expect(await after(added([57, 764, 557, 784], few), base)).toEqual(come);
  });

  const turned = (keys: Dict, tree: Dict = {}): Objects => ({
    [at.page]: { ...dict(at.page), ...keys },
    [at.tree]: { ...dict(at.tree), ...tree },
  });
  const outOfPlace = refused("WIDGET_OUT_OF_ITS_PLACE page 1");
  test.each<[string, number, Objects, unknown]>([
    ["not made smaller with the page", 12, {}, outOfPlace],
    ["not turned with the page, which is not", 20, {}, come],
    ["not turned with the page", 20, turned({ Rotate: 90 }), outOfPlace],
    ["not turned with the tree", 20, turned({}, { Rotate: 90 }), outOfPlace],
    ["not turned with the page, which is once round", 20, turned({ Rotate: 360 }), come],
    ["not turned with the page, nobody knows how", 20, turned({ Rotate: text("x") }), outOfPlace],
  ])("a widget %s", async (_, flags, base, expected) => {
    const page = { ...dict(at.page), ...(base[at.page] as Dict | undefined), Annots: [...fields, ref(41)] };
    const objects = { ...added([57, 600, 157, 620], area, { F: flags }), [at.page]: page };
    expect(await after(objects, base)).toEqual(expected);
    const invisible = { ...objects, 41: widget("Sig", "New", [0, 0, 0, 0], { F: flags }) };
    expect(await after(invisible, base)).toEqual(come);
  });

  test("over words that an earlier signature shows", async () => {
    expect(await after(added([300, 100, 400, 160], area))).toEqual(covers);
    expect(await after(added([300, 140, 400, 160], area))).toEqual(come);
  });

  test("over words that cannot be read", async () => {
    const broken = { [at.content]: new Stream({}, "(") };
    expect(await after(added(overTitle, area), broken)).toEqual({ ...come, doubts: ["UNREADABLE_CONTENT page 1"] });
  });

  test("over words that a hidden annotation would show", async () => {
    const hidden = {
      [at.seal]: { ...dict(at.seal), AP: { N: ref(43) }, F: 2, Rect: [10, 10, 110, 30] },
      43: writing("Dau moc"),
    };
    expect(await after(added([10, 10, 110, 30], area), hidden)).toEqual(come);
  });

  test("over words of direct and of broken annotations", async () => {
    const note = { Subtype: "/FreeText", Rect: [10, 10, 110, 30], AP: { N: ref(43) } };
    const base = { [at.page]: { ...dict(at.page), Annots: [null, note, ...fields] }, 43: writing("Dau moc") };
    const update = {
      ...added([10, 10, 110, 30], area),
      [at.page]: { ...dict(at.page), Annots: [null, note, ...fields, ref(41)] },
    };
    expect(await after(update, base)).toEqual(covers);
  });

  test("without a place on a page, but with one that they name", async () => {
    const unlisted = { ...added(overTitle, area), [at.page]: dict(at.page) };
    expect(await after(unlisted)).toEqual(covers);
    const nowhere = { ...unlisted, 41: widget("Sig", "New", overTitle, { AP: { N: ref(42) }, P: undefined }) };
    expect(await after(nowhere)).toEqual(come);
  });
});

describe("a field that came empty after the first signature", () => {
  const empty = { ...added(overTitle, null), 42: text("x") };

  test("may not cover text when it is signed", async () => {
    const file = await signedScene();
    file.append(empty);
    await sign(file, { 43: area, 41: { ...file.dict(41), AP: { N: ref(43) } } }, { field: 41, number: 40 });
    expect(judge(file)).toMatchObject({ Leader: covers });
  });

  test("may cover text for those who knew it", async () => {
    const file = await signedScene();
    file.append(empty);
    await sign(file, {}, { field: at.seal, number: 45 });
    await sign(
      file,
      { 43: area, 41: { ...file.dict(41), AP: { N: ref(43) }, P: undefined } },
      { field: 41, number: 40 },
    );
    const { Leader, Seal } = judge(file);
    expect([Leader, Seal]).toEqual([covers, doubted("SIGNED New")]);
  });

  test("may not lose its widget when it is signed", async () => {
    const file = await signedScene();
    const widgetOf = { Type: "/Annot", Subtype: "/Widget", Parent: ref(41), Rect: overTitle, P: ref(at.page) };
    file.append({
      [at.form]: { Fields: [...fields, ref(41)] },
      [at.page]: { ...dict(at.page), Annots: [...fields, ref(46)] },
      41: { FT: "/Sig", T: text("New"), Kids: [ref(46)] },
      46: widgetOf,
    });
    await sign(file, { 46: null }, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toMatchObject({ level: "OTHER" });
  });

  test("covers only words that are not its own", async () => {
    const place = [57, 600, 157, 620];
    const file = await signedScene();
    file.append({
      ...added(place, null),
      41: widget("Sig", "New", place, { AP: { N: ref(43) } }),
      43: writing("Ky vao day"),
    });
    await sign(file, { 44: area, 41: { ...file.dict(41), AP: { N: ref(44) } } }, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toEqual(allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New", "SIGNED New"));
  });

  test("leaves it in doubt whether it may cover text if it waited for the first signature", async () => {
    const file = await signedScene(empty);
    await sign(file, { 43: area, 41: { ...file.dict(41), AP: { N: ref(43) } } }, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toEqual(doubted("SIGNED New"));
  });
});

describe("a picture over the text", () => {
  const size = 20;
  const gray = Buffer.alloc(size * size, 128);
  /** A mask that is opaque where the test says so, x from the left and y from the top. */
  const mask = (isOpaque: (x: number, y: number) => boolean, high = 255, low = 0) =>
    Buffer.from(Array.from({ length: size * size }, (_, i) => (isOpaque(i % size, Math.floor(i / size)) ? high : low)));
  const bitMask = (isOpaque: (x: number, y: number) => boolean) => {
    const stride = Math.ceil(size / 8);
    const data = Buffer.alloc(stride * size, 0xff);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) if (isOpaque(x, y)) data[y * stride + (x >> 3)]! &= ~(0x80 >> (x & 7));
    }
    return data;
  };
  /** A third of the picture, and of each word. */
  const stripes = (x: number) => x % 3 === 0;
  const left = (x: number) => x < 8;
  const common: Dict = { Subtype: "/Image", Width: size, Height: size, BitsPerComponent: 8 };
  const image = (more: Dict, data: Buffer = gray, flags: Dict = { ColorSpace: "/DeviceGray" }) =>
    new Stream({ ...common, ...flags, ...more }, data);
  const soft = (data: Buffer, more: Dict = {}) => new Stream({ ...common, ColorSpace: "/DeviceGray", ...more }, data);
  const picture = (drawn: Stream, second: Stream | null = null): Objects => ({
    ...added(overTitle, looks("q 100 0 0 20 0 0 cm /Im Do Q", { XObject: { Im: ref(44) } })),
    44: drawn,
    45: second,
  });
  const masked = (second: Stream): Objects => picture(image({ SMask: ref(45) }), second);
  const stenciled = (second: Stream): Objects => picture(image({ Mask: ref(45) }), second);
  const stencil = (data: Buffer, more: Dict = {}) =>
    new Stream({ ...common, BitsPerComponent: 1, ImageMask: true, ...more }, data);
  const keyed = (bounds: readonly number[], data: Buffer = mask(stripes)) => picture(image({ Mask: bounds }, data));

  test.each<[string, Objects, unknown]>([
    ["opaque", picture(image({})), covers],
    ["soft stripes", masked(soft(mask(stripes))), seenThrough],
    ["soft stripes, packed", masked(soft(deflateSync(mask(stripes)), { Filter: "/FlateDecode" })), seenThrough],
    ["soft stripes, turned round", masked(soft(mask(stripes, 0, 255), { Decode: [1, 0] })), seenThrough],
    ["soft stripes, decoded as usual", masked(soft(mask(stripes), { Decode: [0, 1] })), seenThrough],
    ["a full soft mask", masked(soft(mask(() => true))), covers],
    [
      "a soft mask turned to full",
      masked(
        soft(
          mask(() => false),
          { Decode: [1, 0] },
        ),
      ),
      covers,
    ],
    ["faint all over", masked(soft(mask(() => true, 127))), seenThrough],
    ["half faint all over", masked(soft(mask(() => true, 128))), covers],
    ["opaque exactly over the first words", masked(soft(mask(left))), covers],
    ["opaque exactly over the first words, seen from below", masked(soft(mask((x, y) => left(x) && y > 2))), covers],
    ["opaque only above the words", masked(soft(mask((_, y) => y < 5))), seenThrough],
    ["a soft mask of one bit", masked(soft(Buffer.alloc(60, 0), { BitsPerComponent: 1 })), seenThrough],
    ["a full soft mask of one bit", masked(soft(Buffer.alloc(60, 0xff), { BitsPerComponent: 1 })), covers],
    ["a soft mask of four bits", masked(soft(Buffer.alloc(200, 0x77), { BitsPerComponent: 4 })), seenThrough],
    ["a full soft mask of four bits", masked(soft(Buffer.alloc(200, 0x88), { BitsPerComponent: 4 })), covers],
    ["a soft mask of sixteen bits", masked(soft(Buffer.alloc(800), { BitsPerComponent: 16 })), covers],
    ["a soft mask that is cut off", masked(soft(Buffer.alloc(399))), covers],
    ["a soft mask of no size", masked(soft(Buffer.alloc(400), { Width: 0 })), covers],
    ["a soft mask of no height", masked(soft(Buffer.alloc(400), { Height: text("x") })), covers],
    ["a soft mask of half a pixel", masked(soft(Buffer.alloc(400), { Width: 0.5 })), covers],
    ["a soft mask too large", masked(soft(Buffer.alloc(400), { Width: 1e5, Height: 1e5 })), covers],
    ["a soft mask that cannot be unpacked", masked(soft(mask(stripes), { Filter: "/FlateDecode" })), covers],
    ["a stencil's stripes", stenciled(stencil(bitMask(stripes))), seenThrough],
    ["a full stencil", stenciled(stencil(bitMask(() => true))), covers],
    [
      "a stencil turned to full",
      stenciled(
        stencil(
          bitMask(() => false),
          { Decode: [1, 0] },
        ),
      ),
      covers,
    ],
    ["stripes that are a stencil themselves", picture(stencil(bitMask(stripes))), seenThrough],
    ["a full one that is a stencil itself", picture(stencil(bitMask(() => true))), covers],
    ["stripes cut out by colour", keyed([0, 0]), seenThrough],
    ["all but the stripes", keyed([255, 255]), covers],
    ["a range of colours", keyed([0, 254]), seenThrough],
    ["bounds that are odd in number", keyed([0, 0, 0]), covers],
    ["no bounds", keyed([]), covers],
    ["bounds for more components than there are", keyed([0, 0, 0, 0]), covers],
    ["bounds for five components", keyed([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), covers],
    [
      "three components",
      picture(
        image({ Mask: [0, 0, 0, 0, 0, 0] }, Buffer.concat([...mask(stripes)].map((v) => Buffer.from([v, 0, 0]))), {
          ColorSpace: "/DeviceRGB",
        }),
      ),
      seenThrough,
    ],
    [
      "three components, one of them off the key",
      picture(
        image({ Mask: [0, 0, 9, 9, 0, 0] }, Buffer.concat([...mask(stripes)].map((v) => Buffer.from([v, 0, 0]))), {
          ColorSpace: "/DeviceRGB",
        }),
      ),
      covers,
    ],
    [
      "smaller than the word",
      { ...masked(soft(mask(() => true))), 42: looks("q 4 0 0 20 0 0 cm /Im Do Q", { XObject: { Im: ref(44) } }) },
      come,
    ],
    [
      "smaller than the word and striped",
      { ...masked(soft(mask(stripes))), 42: looks("q 4 0 0 20 0 0 cm /Im Do Q", { XObject: { Im: ref(44) } }) },
      seenThrough,
    ],
    [
      "folded to a line",
      { ...masked(soft(mask(stripes))), 42: looks("q 100 20 0 0 0 0 cm /Im Do Q", { XObject: { Im: ref(44) } }) },
      seenThrough,
    ],
    ["soft, just see-through", masked(soft(mask((_, y) => y >= 10 || y < 2))), seenThrough],
    ["soft, just not see-through", masked(soft(mask((_, y) => y >= 10 || y < 3))), covers],
    ["a soft mask of another range", masked(soft(mask(stripes), { Decode: [0.5, 1] })), covers],
    [
      "flattened to nothing",
      { ...masked(soft(mask(stripes))), 42: looks("q 100 0 0 0 0 8 cm /Im Do Q", { XObject: { Im: ref(44) } }) },
      come,
    ],
  ])("%s", async (_, objects, expected) => {
    expect(await after(objects)).toEqual(expected);
  });

  test("four components", async () => {
    const data = Buffer.concat([...mask(stripes)].map((v) => Buffer.from([0, 0, 0, v])));
    const update = picture(image({ Mask: [0, 0, 0, 0, 0, 0, 0, 0] }, data, { ColorSpace: "/DeviceCMYK" }));
    expect(await after(update)).toEqual(seenThrough);
  });

  test("a bound that is no number", async () => {
    const update = picture(image({ Mask: [text("x"), 0] }, mask(stripes)));
    expect(await after(update)).toEqual(covers);
  });
});
