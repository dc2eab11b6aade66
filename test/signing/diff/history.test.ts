import { describe, expect, test } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { differencesSince } from "../../../signing/diff/differences.ts";
import { findSignatures } from "../../../signing/validate/signature-fields.ts";
import { type GrowingFile, type Layout, type Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, styles, text, type Dict, type Value } from "../attacks/values.ts";
import {
  afterwards,
  allowed,
  at,
  clean,
  fileOf,
  judge,
  refused,
  scene,
  sign,
  signedScene,
  widget,
  writing,
} from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const content = (value: string): Objects => ({ [at.content]: new Stream({}, value) });
const packed: Layout = { style: styles[0]!, section: "stream", packed: true, complete: false };

describe("equal values, written otherwise", () => {
  const layouts = styles.flatMap((style) =>
    (["table", "stream", "hybrid"] as const).flatMap((section) =>
      [true, false].map((complete): Layout => ({ style, section, packed: section !== "table", complete })),
    ),
  );
  test.each(layouts)("$style.name, $section, complete: $complete", async (layout) => {
    const file = await signedScene();
    file.append({ ...scene, [at.leader]: file.dict(at.leader) }, layout);
    expect(judge(file)["Leader"]).toEqual(clean);
  });

  test.each<[string, Value, Value, boolean]>([
    ["numbers", [1, 2.5, -0], [new Raw("+1.0"), new Raw("2.50"), 0], true],
    ["other numbers", [1, 2.5], [1, 2.51], false],
    ["strings", [text("a(b)\n")], [new Raw("<612862290A>")], true],
    ["other strings", [text("a")], [text("A")], false],
    ["names", ["/ABC"], [new Raw("/A#42C")], true],
    ["other names", ["/ABC"], ["/ABc"], false],
    ["a name and a string", ["/ABC"], [text("ABC")], false],
    ["a string and a name", [text("ABC")], ["/ABC"], false],
    ["truths", [true, false, null], [true, false, null], true],
    ["other truths", [true], [false], false],
    ["nothing and a lie", [null], [false], false],
    ["lists", [[1], { A: 1 }], [[1], { A: 1, B: null }], true],
    ["a shorter list", [1, 2], [1], false],
    ["a list and a dictionary", [[1]], [{ A: 1 }], false],
    ["a dictionary and a list", [{ A: 1 }], [[1]], false],
    ["a dictionary with one key more", [{ A: 1 }], [{ A: 1, B: 1 }], false],
    ["a dictionary with one key less", [{ A: 1, B: 1 }], [{ A: 1 }], false],
    ["a reference and its value", [ref(at.info)], [{ Title: text("Quyet dinh") }], true],
    ["a value and a reference to it", [{ Title: text("Quyet dinh") }], [ref(at.info)], true],
    ["a reference to an equal object", [ref(at.image)], [ref(61)], true],
    ["a reference to another object", [ref(at.image)], [ref(62)], false],
    ["a reference to a page and the page", [ref(at.other)], [dict(at.other)], false],
    ["references to two pages", [ref(at.other)], [ref(at.page)], false],
    ["references to a page and an equal object", [ref(at.other)], [ref(63)], false],
    ["a stream and its dictionary", [ref(at.image)], [ref(64)], false],
    ["a dictionary and a stream", [ref(64)], [ref(at.image)], false],
    ["another generation", [ref(at.info)], [new Raw(`${at.info} 1 R`)], false],
    ["references to nothing", [ref(98)], [ref(99)], true],
  ])("%s", async (_, a, b, equal) => {
    const image = scene[at.image] as Stream;
    const more = { 61: image, 62: new Stream(image.dict, "y"), 63: dict(at.other), 64: image.dict };
    const own = (value: Value): Objects => ({ [at.page]: { ...dict(at.page), PieceInfo: value } });
    const verdict = await afterwards([own(b)], { ...more, ...own(a) });
    if (equal) expect(verdict).toEqual(clean);
    else
      expect(verdict).toMatchObject({ level: "OTHER", reasons: [expect.stringMatching(/^CHANGED page 1\/PieceInfo/)] });
  });

  test("values in circles", async () => {
    const circle = (last: Value): Objects => ({ 61: { Next: ref(62) }, 62: { Next: ref(61), Last: last } });
    const own = { [at.page]: { ...dict(at.page), PieceInfo: ref(61) } };
    expect(await afterwards([circle(1)], { ...own, ...circle(1) })).toEqual(clean);
    expect(await afterwards([circle(2)], { ...own, ...circle(1) })).toEqual(
      refused("CHANGED page 1/PieceInfo/Next/Last"),
    );
  });

  test("two changes below one place are told apart by where they are met", async () => {
    const own = { [at.page]: { ...dict(at.page), PieceInfo: ref(61), Thumb: ref(61) }, 61: { A: 1 } };
    const { reasons } = await afterwards([{ 61: { A: 2 } }], own);
    expect(reasons).toEqual(["CHANGED page 1/PieceInfo/A", "CHANGED page 1/Thumb/A"]);
  });

  test("a long way to a change is told in short", async () => {
    let deep = (last: Value): Value => last;
    for (let i = 0; i < 20; i++) {
      const inner = deep;
      deep = (last) => ({ PieceInformation: inner(last) });
    }
    const own = (last: Value): Objects => ({ [at.page]: { ...dict(at.page), PieceInfo: deep(last) } });
    const { reasons } = await afterwards([own(2)], own(1));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]!.length).toBeLessThan(120);
  });
});

describe("what is shared", () => {
  test("a stream that a field may change is not changed where a page shows it, too", async () => {
    const shared = { [at.number]: { ...dict(at.number), AP: { N: ref(61) } }, 61: writing("....") };
    const onPage = {
      ...shared,
      [at.page]: { ...dict(at.page), Resources: { XObject: { X: ref(61) }, Font: { F1: ref(at.font) } } },
    };
    const fill = { [at.number]: { ...dict(at.number), V: text("15"), AP: { N: ref(61) } }, 61: writing("15") };
    expect(await afterwards([fill], shared)).toEqual(allowed("FORM_FILLING", "FILLED Number"));
    expect(await afterwards([fill], onPage)).toMatchObject({
      level: "OTHER",
      reasons: ["CHANGED page 1/Resources/XObject/X"],
    });
  });

  test("an array of fields that is used elsewhere may not grow", async () => {
    const base = { [at.catalog]: { ...dict(at.catalog), Blah: ref(61) }, [at.form]: { Fields: ref(61) }, 61: fields };
    const file = await signedScene(base);
    await sign(file, { 61: [...fields, ref(41)], 41: widget("Sig", "New", [0, 0, 0, 0]) }, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toEqual(refused("CHANGED catalog/Blah"));
  });

  test("a length apart that is changed", async () => {
    const shown = "BT /F1 9 Tf 9 9 Td (a) Tj ET\n\n";
    const base = { [at.content]: new Raw(`<</Length 61 0 R>>\nstream\n${shown}endstream`), 61: shown.length };
    expect(await afterwards([{ 61: shown.length }], base)).toEqual(clean);
    expect(await afterwards([{ 61: shown.length - 1 }], base)).toEqual(refused("CHANGED page 1/Contents"));
  });
});

test("a file that has no form has none later on, either", async () => {
  const [signature] = findSignatures(readPdf((await signedScene()).bytes));
  const all = [{ ...signature!, revision: 0 }];
  const file = fileOf({ [at.catalog]: { Type: "/Catalog", Pages: ref(at.tree) } });
  file.append({ [at.free]: text("x") });
  expect(differencesSince(readPdf(file.bytes), all[0]!, all)).toMatchObject(clean);
  file.append({ [at.page]: { ...dict(at.page), Rotate: 90 } });
  expect(differencesSince(readPdf(file.bytes), all[0]!, all)).toMatchObject({ reasons: ["CHANGED page 1/Rotate"] });
});

describe("objects that nobody asks for", () => {
  test("come, change and go", async () => {
    expect(await afterwards([{ 61: text("a") }, { 61: text("b") }, { 61: null }], { 62: text("x") })).toEqual(clean);
    expect(await afterwards([{ 62: null }], { 62: text("x") })).toEqual(clean);
  });

  test("become part of the document only by its own change", async () => {
    const update = { [at.page]: { ...dict(at.page), Thumb: ref(62) } };
    expect(await afterwards([update], { 62: scene[at.image]! })).toEqual(refused("CHANGED page 1/Thumb"));
  });

  test("are found by the document when it referred to nothing before", async () => {
    const base = { [at.page]: { ...dict(at.page), PieceInfo: ref(61) } };
    expect(await afterwards([{ 61: { A: 1 } }], base)).toEqual(refused("CHANGED page 1/PieceInfo"));
  });
});

describe("object streams", () => {
  test("that are overridden change what is in them", async () => {
    const file = await packedScene();
    const other = `${at.font} 0 <</Type /Font /Subtype /Type1 /BaseFont /Other>>`;
    file.append({ [containerOf(file, at.font)]: new Stream({ Type: "/ObjStm", N: 1, First: 4 }, other) });
    expect(judge(file)["Seal"]).toEqual(refused("CHANGED page 1/Resources/Font/F1/BaseFont"));
  });

  test("that are written again with the same objects change nothing", async () => {
    const file = await packedScene();
    file.append({ [at.font]: dict(at.font), [at.info]: dict(at.info) }, packed);
    expect(judge(file)["Seal"]).toEqual(clean);
  });
});

/** The scene with its font alone in an object stream, signed by both. */
async function packedScene(): Promise<GrowingFile> {
  const file = await signedScene({}, { layout: packed });
  file.append({ [at.font]: dict(at.font) }, packed);
  await sign(file, {}, { field: at.seal, number: 40 });
  return file;
}

/** The number of the object stream that holds an object. */
function containerOf(file: GrowingFile, number: number): number {
  const entry = readPdf(file.bytes).latest.entry(number);
  if (entry?.type !== "compressed") throw new Error("not packed");
  return entry.stream;
}

describe("revision by revision", () => {
  test("what is taken back was shown in between", async () => {
    expect(await afterwards([content("(x) Tj"), { [at.content]: scene[at.content]! }])).toEqual(
      refused("CHANGED page 1/Contents"),
    );
    const notes = [{ [at.info]: { Title: ["/x"] } }, { [at.info]: { Title: text("Quyet dinh") } }];
    expect(await afterwards(notes)).toEqual(refused("CHANGED Info/Title"));
  });

  test("only signatures before a change object to it", async () => {
    const file = await signedScene();
    file.append(content("(x) Tj"));
    await sign(file, {}, { field: at.seal, number: 40 });
    file.append({ [at.number]: { ...dict(at.number), V: text("15"), AP: { N: ref(61) } }, 61: writing("15") });
    expect(judge(file)).toEqual({
      Leader: refused("CHANGED page 1/Contents"),
      Seal: allowed("FORM_FILLING", "FILLED Number"),
    });
  });

  test("after a change that no signature survives, only what later ones cover is looked at", async () => {
    const file = await signedScene();
    file.append(content("(x) Tj"));
    file.append({ [at.other]: { ...dict(at.other), Rotate: 90 } });
    await sign(file, {}, { field: at.seal, number: 40 });
    file.append({ [at.tree]: { ...dict(at.tree), Rotate: 90 } });
    file.append({ [at.other]: { ...dict(at.other), Rotate: 180 } });
    expect(judge(file)).toEqual({
      Leader: refused("CHANGED page 1/Contents", "CHANGED page tree/Rotate"),
      Seal: refused("CHANGED page tree/Rotate"),
    });
  });

  test("the same signature that changes too much fails those before it, and those after it go on", async () => {
    const file = await signedScene();
    await sign(file, content("(x) Tj"), { field: at.seal, number: 40 });
    file.append({ [at.catalog]: { ...dict(at.catalog), Version: "/1.7" } });
    expect(judge(file)).toEqual({ Leader: refused("CHANGED page 1/Contents"), Seal: allowed("LTA_UPDATES") });
  });

  test("a tree that breaks is a change, and so is all that follows it", async () => {
    const file = await signedScene();
    const all = findSignatures(readPdf(file.bytes));
    file.append({ [at.tree]: { ...dict(at.tree), Kids: [ref(at.page), ref(at.page)] } });
    await sign(file, {}, { field: at.seal, number: 40 });
    file.append({ 70: text("x") });
    const seal = { ...all[0]!, field: "Seal", revision: 3 };
    const document = readPdf(file.bytes, { repair: true });
    expect(differencesSince(document, all[0]!, [...all, seal]).reasons[0]).toBe("CHANGED page tree/Kids");
    expect(differencesSince(document, seal, [...all, seal]).reasons).toEqual([
      "CANNOT_COMPARE MALFORMED_PDF The page tree is broken.",
    ]);
  });

  test("an object that is two things at once cannot be judged", async () => {
    const twice = { [at.form]: { Fields: [...fields, ref(at.other)] } };
    expect((await afterwards([{ 61: text("x") }], twice)).reasons).toEqual([
      "CANNOT_COMPARE MALFORMED_PDF Object 11 is page and field.",
    ]);
  });

  test("a document without a catalog's number cannot be judged", async () => {
    const file = await signedScene();
    const all = findSignatures(readPdf(file.bytes));
    file.append({ 61: text("x") });
    const document = readPdf(file.bytes);
    const trailer = document.revisions[1]!.trailer.with({ Root: document.latest.catalog });
    Object.assign(document.revisions[1]!, { trailer });
    expect(differencesSince(document, all[0]!, all).reasons).toEqual([
      "CANNOT_COMPARE MALFORMED_PDF The trailer does not refer to a catalog.",
    ]);
  });

  test("a form or a structure without an end cannot be judged", async () => {
    const circle = { [at.form]: { Fields: [...fields, ref(61)] }, 61: { T: text("A"), Kids: [ref(61)] } };
    const all = findSignatures(readPdf((await signedScene()).bytes));
    const judged = async (base: Objects) => {
      const file = await signedScene(base);
      file.append({ 99: text("x") });
      return differencesSince(readPdf(file.bytes), all[0]!, all).reasons;
    };
    expect(await judged(circle)).toEqual(["CANNOT_COMPARE MALFORMED_PDF Object 61 is field and field."]);
    let deep: Objects = { 200: { T: text("A") } };
    for (let i = 1; i <= 102; i++) deep = { ...deep, [200 + i]: { T: text("A"), Kids: [ref(199 + i)] } };
    const nested = { ...deep, [at.form]: { Fields: [...fields, ref(302)] } };
    expect(await judged(nested)).toEqual(["CANNOT_COMPARE LIMIT_EXCEEDED The form has too many fields."]);
    const many: Value[] = Array.from({ length: 500_001 }, () => new Raw("<<>>"));
    const structure = { [at.catalog]: { ...dict(at.catalog), StructTreeRoot: { K: many } } };
    expect(await judged(structure)).toEqual(["CANNOT_COMPARE LIMIT_EXCEEDED The structure tree is too large."]);
    const twice = {
      [at.catalog]: { ...dict(at.catalog), StructTreeRoot: ref(61) },
      61: { K: [ref(62), ref(62)] },
      62: { S: "/P", K: [ref(61), ref(63), 0] },
      63: [1],
    };
    expect(await judged(twice)).toEqual([]);
  });

  test("without any revision that a signature closes there is nothing to compare", async () => {
    const file = await signedScene();
    file.append({ 61: text("x") });
    const all = findSignatures(readPdf(file.bytes));
    const nowhere = all.map((each) => ({ ...each, revision: undefined }));
    expect(differencesSince(readPdf(file.bytes), all[0]!, nowhere)).toMatchObject({ level: "NONE", changes: [] });
  });

  test("a signature that closes no revision has nothing to say", async () => {
    const file = await signedScene();
    const all = findSignatures(readPdf(file.bytes)).map((each) => ({ ...each, revision: undefined }));
    expect(differencesSince(readPdf(file.bytes), all[0]!, all)).toEqual({
      level: "OTHER",
      reasons: ["NO_SIGNED_REVISION"],
      doubts: [],
      notes: [],
      changes: [],
    });
  });

  test("a faulty signature signs no field", async () => {
    const file = await signedScene();
    await sign(file, {}, { field: at.seal, number: 40 });
    const document = readPdf(file.bytes);
    const all = findSignatures(document).map((each) => (each.field === "Seal" ? { ...each, faults: ["X"] } : each));
    expect(differencesSince(document, all[0]!, all).reasons).toEqual(["SIGNATURE_CLOSES_NO_REVISION Seal"]);
  });

  test("changes are told with their revisions, once for all signatures", async () => {
    const file = await signedScene();
    await sign(file, {}, { field: at.seal, number: 40 });
    file.append({ [at.catalog]: { ...dict(at.catalog), Version: "/1.7" } });
    const document = readPdf(file.bytes);
    const all = findSignatures(document);
    expect(differencesSince(document, all[0]!, all).changes).toEqual([
      { revision: 2, level: "FORM_FILLING", note: "SIGNED Seal", field: "Seal" },
      { revision: 3, level: "LTA_UPDATES" },
    ]);
    expect(differencesSince(document, all[1]!, all).changes).toEqual([{ revision: 3, level: "LTA_UPDATES" }]);
  });

  test("no more reasons are given than can be read", async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`Key${i}`, 1]));
    const { reasons } = await afterwards([{ [at.catalog]: { ...dict(at.catalog), ...many } }]);
    expect(reasons).toHaveLength(20);
  });
});

describe("what cannot be read", () => {
  const broken = new Raw("<</Length 5>>\nstream\nx\nendstream");
  const base: Objects = { [at.page]: { ...dict(at.page), Thumb: ref(61) }, 61: broken };

  test("is no harm while nothing changes that it could show", async () => {
    expect(
      await afterwards([{ [at.catalog]: { ...dict(at.catalog), Version: "/1.7" }, 70: text("new"), 71: null }], base),
    ).toEqual(allowed("LTA_UPDATES"));
  });

  test("is too much when it is nested without an end", async () => {
    const deep = new Raw(`${"[".repeat(150)}${"]".repeat(150)}`);
    const { reasons } = await afterwards([{ 62: text("x") }], { ...base, 61: deep });
    expect(reasons).toEqual([expect.stringMatching(/^CANNOT_COMPARE LIMIT_EXCEEDED /)]);
  });

  test.each<[string, Objects, Objects]>([
    ["an object that nobody else refers to", { 62: text("a") }, { 62: text("b") }],
    ["an object that goes", { 62: text("a") }, { 62: null }],
    [
      "a stream",
      { [at.number]: { ...dict(at.number), AP: { N: ref(62) } }, 62: writing("..") },
      { [at.number]: { ...dict(at.number), V: text("15"), AP: { N: ref(62) } }, 62: writing("15") },
    ],
  ])("leaves a doubt where it could show what changed: %s", async (_, more, update) => {
    expect(await afterwards([update], { ...base, ...more })).toMatchObject({
      reasons: [],
      doubts: ["UNREADABLE_OBJECT 61"],
    });
  });

  test("is not doubted for metadata, which nobody shows", async () => {
    const xmp = (xml: string) => new Stream({ Subtype: "/XML" }, xml);
    const metadata = { ...base, [at.catalog]: { ...dict(at.catalog), Metadata: ref(62) }, 62: xmp("<x/>") };
    expect(await afterwards([{ 62: xmp("<y/>") }], metadata)).toEqual(allowed("LTA_UPDATES"));
  });

  test("is a change when it comes", async () => {
    expect(await afterwards([{ [at.image]: broken }])).toMatchObject({ level: "OTHER" });
    expect(await afterwards([{ 61: broken }], base)).toMatchObject({ level: "OTHER" });
    expect(await afterwards([{ [at.page]: { ...dict(at.page), Thumb: ref(61) } }], base)).toEqual(clean);
  });
});

test("what links to itself over and over is not compared for ever", async () => {
  // Each object holds the next one twice, on the other side in another object: there are 2^60 ways down.
  const chain = (from: number, last: Value): Objects =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [from + i, i === 59 ? [last] : [ref(from + i + 1), ref(from + i + 1)]]),
    );
  const base = { [at.page]: { ...dict(at.page), PieceInfo: ref(200) }, ...chain(200, 1) };
  const update = { [at.page]: { ...dict(at.page), PieceInfo: ref(300) }, ...chain(300, 1) };
  expect(await afterwards([update], base)).toEqual(clean);
  // Aliases of one long list, each to be compared by itself.
  const aliases = Array.from({ length: 3_600 }, (_, i) => 1_000 + i);
  const list = { 500: Array.from({ length: 3_000 }, () => 1), 501: Array.from({ length: 3_000 }, () => 1) };
  const wide = { ...list, ...Object.fromEntries(aliases.map((number) => [number, ref(500)])) };
  const owner = (value: Value): Objects => ({ [at.page]: { ...dict(at.page), PieceInfo: value } });
  const large = await afterwards([owner(aliases.map(() => ref(501)))], { ...wide, ...owner(aliases.map(ref)) });
  expect(large).toEqual(refused("CANNOT_COMPARE LIMIT_EXCEEDED There is too much to compare."));
});

test("a file of many small signatures is compared in time that is linear in what was appended", async () => {
  const file = await signedScene();
  const added: Value[] = [];
  for (let i = 0; i < 120; i++) {
    added.push(ref(100 + 2 * i));
    const field = widget("Sig", `S${i}`, [0, 0, 0, 0]);
    const update = { [at.form]: { Fields: [...fields, ...added] }, [100 + 2 * i]: field };
    await sign(file, update, { field: 100 + 2 * i, number: 101 + 2 * i });
  }
  const document = readPdf(file.bytes);
  const all = findSignatures(document);
  const started = process.cpuUsage().user;
  const levels = new Set(all.map((signature) => differencesSince(document, signature, all).level));
  expect(levels).toEqual(new Set(["FORM_FILLING", "NONE"]));
  expect((process.cpuUsage().user - started) / 1000).toBeLessThan(1_500);
});

describe("objects that are not where their revision says", () => {
  /** What the leader's signature says of the file, read with repairs. */
  const look = (bytes: Buffer) => {
    const document = readPdf(bytes, { repair: true });
    const all = findSignatures(document);
    return differencesSince(document, all[0]!, all);
  };
  const unreadable = new Raw("<</A <</B 1>>");

  test("written anew so that nobody can read it, an object is not what it was before", async () => {
    const file = await signedScene();
    file.append({ [at.content]: unreadable });
    expect(look(file.bytes)).toEqual(refused(`CANNOT_COMPARE MALFORMED_PDF object ${at.content}`));
  });

  test("a new one of the kind that nothing refers to is nothing", async () => {
    const file = await signedScene();
    file.append({ [at.free]: unreadable, 31: text("orphan") });
    expect(look(file.bytes)).toMatchObject({ level: "NONE", reasons: [] });
  });

  test("one that stands beside its place is found there", async () => {
    const file = await signedScene();
    const before = file.bytes.length;
    file.append({ [at.content]: scene[at.content]! });
    const offset = String(before).padStart(10, "0");
    const bytes = Buffer.from(file.bytes);
    bytes.write(String(before + 3).padStart(10, "0"), bytes.lastIndexOf(offset), "latin1");
    expect(look(bytes)).toMatchObject({ level: "NONE", reasons: [] });
  });

  test("an earlier place may be named again", async () => {
    const file = await signedScene();
    const first = file.bytes.indexOf(`\n${at.content} 0 obj`) + 1;
    file.append({ [at.content]: scene[at.content]! });
    const start = file.bytes.length;
    const row = `${String(first).padStart(10, "0")} 00000 n \n`;
    const trailer = `<</Root ${at.catalog} 0 R /Info ${at.info} 0 R /Size 100 /Prev ${file.startxref}>>`;
    const tail = `xref\n${at.content} 1\n${row}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`;
    expect(look(Buffer.concat([file.bytes, Buffer.from(tail, "latin1")]))).toMatchObject({
      level: "NONE",
      reasons: [],
    });
  });
});
