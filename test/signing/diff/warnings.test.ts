import { expect, test } from "vitest";
import { warningsOf } from "../../../signing/diff/warnings.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, text, type Dict } from "../attacks/values.ts";
import { at, fileOf, looks, scene, writing } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const catalog = (keys: Dict): Objects => ({ [at.catalog]: { ...dict(at.catalog), ...keys } });
const annotated = (more: Objects): Objects => ({
  [at.page]: { ...dict(at.page), Annots: [...fields, ref(60)] },
  ...more,
});
const drawn = (rect: readonly number[], form: Stream, keys: Dict = {}): Objects =>
  annotated({ 60: { Subtype: "/Stamp", Rect: rect, AP: { N: ref(61) }, ...keys }, 61: form });
const link = (action: Dict): Objects => annotated({ 60: { Subtype: "/Link", Rect: [1, 1, 2, 2], A: action } });
const content = (more: string): Objects => ({
  [at.content]: new Stream({}, `${(scene[at.content] as Stream).data.toString("latin1")} ${more}`),
});
const layers = (usual: Dict): Objects =>
  catalog({ OCProperties: { OCGs: [{ Usage: { Print: { PrintState: "/OFF" } } }, {}], D: usual } });
const hiddenField = (keys: Dict): Objects => ({ [at.number]: { ...dict(at.number), V: text("15"), ...keys } });

test.each<[string, Objects, string[]]>([
  ["nothing", {}, []],
  [
    "a script on opening",
    catalog({ OpenAction: { S: "/JavaScript", JS: text("1") } }),
    ["RUNS_BY_ITSELF catalog/OpenAction", "SCRIPT object 1"],
  ],
  ["a place to begin at", catalog({ OpenAction: [ref(at.page), "/Fit"] }), []],
  ["an action that goes to a place", catalog({ OpenAction: { S: "/GoTo", D: [ref(at.page), "/Fit"] } }), []],
  ["an action of no kind on opening", catalog({ OpenAction: text("x") }), ["RUNS_BY_ITSELF catalog/OpenAction"]],
  ["no names", catalog({ Names: { Dests: {} } }), []],
  [
    "scripts by name",
    catalog({ Names: { JavaScript: { Names: [text("a"), { S: "/JavaScript" }] } } }),
    ["RUNS_BY_ITSELF catalog/Names/JavaScript", "SCRIPT object 1"],
  ],
  [
    "an action when the page is shown",
    { [at.page]: { ...dict(at.page), AA: { O: { S: "/GoTo" } } } },
    [`RUNS_BY_ITSELF object ${at.page}`],
  ],
  [
    "a key that stands there twice",
    { [at.info]: new Raw("<</Title (a) /Title (b)>>") },
    [`REPEATED_KEY object ${at.info}`],
  ],
  [
    "a key that stands there twice, deep inside",
    { [at.form]: { ...dict(at.form), DR: { Font: [new Raw("<</A 1 /A 2>>")] } } },
    [`REPEATED_KEY object ${at.form}`],
  ],
  ["a program to be launched", link({ S: "/Launch", F: text("x") }), ["LAUNCHES_A_PROGRAM object 60"]],
  ["a link", link({ S: "/URI", URI: text("x") }), ["LEADS_OUTSIDE object 60"]],
  ["a form to be sent", link({ S: "/SubmitForm" }), ["SENDS_DATA object 60"]],
  [
    "data to be imported, one action after the other",
    link({ S: "/GoTo", Next: [{ S: "/ImportData" }, { S: "/GoToR" }] }),
    ["IMPORTS_DATA object 60", "LEADS_OUTSIDE object 60"].toReversed(),
  ],
  ["a style that is no action", link({ S: "/D" }), []],
  ["layers", catalog({ OCProperties: { OCGs: [], D: { ON: [] } } }), []],
  ["a layer that is off", catalog({ OCProperties: { OCGs: [{}], D: { OFF: [{}, {}] } } }), ["HIDDEN_LAYERS 2"]],
  ["layers that are off", catalog({ OCProperties: { OCGs: [{}], D: { BaseState: "/OFF" } } }), ["HIDDEN_LAYERS all"]],
  ["a layer for the screen that nothing asks for", layers({}), []],
  ["layers that readers show or hide", layers({ AS: [{ Event: "/Print", OCGs: [] }] }), ["CHANGING_LAYERS 1"]],
  ["layers of no use that readers ask for", catalog({ OCProperties: { OCGs: [{}], D: { AS: [{}] } } }), []],
  [
    "layers that another configuration shows or hides",
    catalog({ OCProperties: { OCGs: [{}], D: {}, Configs: [{}, {}] } }),
    ["CHANGING_LAYERS 2"],
  ],
  ["a filled field", hiddenField({}), []],
  ["an empty hidden field", { [at.number]: { ...dict(at.number), V: text(""), F: 2 } }, []],
  ["a hidden field", hiddenField({ F: 2 }), ["HIDDEN_FIELD Number"]],
  ["a field without an area", hiddenField({ Rect: [1, 1, 1, 1] }), ["HIDDEN_FIELD Number"]],
  ["a field not to be viewed", hiddenField({ F: 32 }), ["HIDDEN_FIELD Number"]],
  ["an area over the text", content("50 760 200 30 re f"), ["TEXT_UNDER_PICTURE page 1"]],
  [
    "an area under the text",
    { [at.content]: new Stream({}, "50 760 200 30 re f BT /F1 12 Tf 57 770 Td (UY BAN) Tj ET") },
    [],
  ],
  ["an area beside the text", content("50 60 200 30 re f"), []],
  [
    "an area over dots",
    { [at.content]: new Stream({}, "BT /F1 12 Tf 57 770 Td (.....) Tj ET 50 760 200 30 re f") },
    [],
  ],
  ["a picture over the text", content("q 300 0 0 300 50 600 cm /Im Do Q"), ["TEXT_UNDER_PICTURE page 1"]],
  ["a stamp over the text", drawn([50, 760, 250, 790], looks("0 0 100 20 re f")), ["TEXT_UNDER_ANNOTATION page 1"]],
  ["a stamp that only writes", drawn([50, 760, 250, 790], writing("Hoa toc")), []],
  ["a stamp of no size", drawn([50, 760, 50, 790], looks("0 0 100 20 re f")), []],
  ["an object that nobody uses", { 60: { Type: "/Font" } }, ["UNUSED_OBJECT object 60"]],
  [
    "objects that nobody uses, named in part",
    Object.fromEntries([60, 61, 62, 63, 64, 65].map((n) => [n, {}])),
    [60, 61, 62, 63, 64].map((n) => `UNUSED_OBJECT object ${n}`),
  ],
  [
    "parts of the file itself",
    { 60: { Linearized: 1 }, 61: new Stream({ Type: "/ObjStm" }, ""), 62: new Stream({ Type: "/XRef" }, "") },
    [],
  ],
])("%s", (_, objects, expected) => {
  const document = readPdf(fileOf(objects).bytes);
  const found = warningsOf(document, 0).filter(
    (warning) => !warning.startsWith("UNUSED_OBJECT") || expected.includes(warning),
  );
  expect(found).toEqual(expected);
});

test.each<[string, Stream, boolean]>([
  ["shows nothing", looks(""), false],
  ["shows something", looks("0 0 10 10 re f"), true],
  ["cannot be read", looks("("), true],
  ["is of no kind", new Stream({}, ""), true],
])("a look that is not used and %s", (_, look, isWorthAWord) => {
  const found = warningsOf(readPdf(fileOf({ 60: look }).bytes), 0);
  expect(found.includes("UNUSED_OBJECT object 60")).toBe(isWorthAWord);
});

test("an object in reserve, which nothing lists", () => {
  const reserve = new Stream({}, `${at.content} 0 obj\n<<>>\nendobj\n 9999 0 obj`);
  const file = fileOf({ [at.image]: reserve });
  const place = file.bytes.indexOf(`${at.content} 0 obj\n<<>>`);
  expect(warningsOf(readPdf(file.bytes), 0)).toEqual([`UNLISTED_OBJECT object ${at.content} at byte ${place}`]);
});

test("an object that was listed by an earlier revision is no reserve", () => {
  const file = fileOf();
  file.append({ [at.font]: dict(at.font) });
  expect(warningsOf(readPdf(file.bytes), 1)).toEqual([]);
});

test("each revision has its own warnings", () => {
  const file = fileOf();
  file.append(hiddenField({ F: 2 }));
  const document = readPdf(file.bytes);
  expect([warningsOf(document, 0), warningsOf(document, 1)]).toEqual([[], ["HIDDEN_FIELD Number"]]);
});

test("an object that is listed and does not exist is no more than unused", () => {
  const { bytes } = fileOf();
  const [, previous] = /startxref\s+(\d+)/.exec(bytes.toString("latin1"))!;
  const trailer = `trailer\n<</Size 91 /Root ${at.catalog} 0 R /Prev ${previous}>>\nstartxref\n${bytes.length}\n%%EOF\n`;
  const update = Buffer.from(`xref\n90 1\n0000000000 00000 n \n${trailer}`);
  const document = readPdf(Buffer.concat([bytes, update]), { repair: true });
  expect(warningsOf(document, 1)).toContain("UNUSED_OBJECT object 90");
});

test("what cannot be looked at is said", () => {
  const broken = { [at.content]: new Stream({}, "(") };
  const [warning] = warningsOf(readPdf(fileOf(broken).bytes), 0);
  expect(warning).toMatch(/^NOT_LOOKED_AT MALFORMED_PDF /);
  const unreadable = { [at.image]: new Raw("<</Length 5>>\nstream\nx\nendstream") };
  expect(warningsOf(readPdf(fileOf(unreadable).bytes), 0)[0]).toMatch(/^NOT_LOOKED_AT MALFORMED_PDF /);
});
