import { describe, expect, test } from "vitest";
import { pagePainting, textPlaces } from "../../../signing/diff/text-places.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { Raw, ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { at, fileOf, scene } from "./scene.ts";

/** The words of a page of the given content, with the left and the right end of each, and what else is painted. */
function words(content: string, font: Dict = {}, objects: Record<number, Value> = {}) {
  const base = { Type: "/Font", Subtype: "/Type1", BaseFont: "/Times-Roman" };
  const file = fileOf({ [at.content]: new Stream({}, content), [at.font]: { ...base, ...font }, ...objects });
  const document = readPdf(file.bytes);
  const [page] = document.latest.pages();
  return pagePainting(document, document.latest, page!).map((item) => {
    if (item.kind !== "word") return item.kind;
    const ends = [item.rect[0], item.rect[2]].map((n) => Math.round(n * 100) / 100).join("–");
    return `${item.text ?? "?"}${item.isFiller ? " (filler)" : ""} ${ends}`;
  });
}
const show = (operators: string) => `BT /F1 10 Tf 100 500 Td ${operators} ET`;

describe("words of a page", () => {
  test.each<[string, string, string[]]>([
    ["one", show("(abc) Tj"), ["abc 100–115"]],
    ["two", show("(ab cd) Tj"), ["ab 100–110", "cd 115–125"]],
    ["one in two pieces", show("(ab) Tj (cd) Tj"), ["abcd 100–120"]],
    ["one in pieces drawn together", show("[(ab) 100 (cd)] TJ"), ["abcd 100–119"]],
    ["two with a gap between", show("[(ab) -400 (cd)] TJ"), ["ab 100–110", "cd 114–124"]],
    ["spread characters", show("1 Tc (abc) Tj"), ["abc 100–117"]],
    ["spread words", show("5 Tw (ab cd) Tj"), ["ab 100–110", "cd 120–130"]],
    ["spread by the quote", show('12 TL (x) Tj 5 1 (a b) "'), ["x 100–105", "a 100–105", "b 117–122"]],
    ["stretched", show("200 Tz (abc) Tj"), ["abc 100–130"]],
    ["raised", show("5 Ts (abc) Tj"), ["abc 100–115"]],
    ["on the next line", show("12 TL (ab) Tj T* (cd) Tj (ef) '"), ["ab 100–110", "cd 100–110", "ef 100–110"]],
    ["moved with a leading", show("(ab) Tj 5 -20 TD (cd) Tj T* (ef) Tj"), ["ab 100–110", "cd 105–115", "ef 105–115"]],
    ["placed", "BT /F1 10 Tf 2 0 0 2 50 50 Tm (ab) Tj ET", ["ab 50–70"]],
    [
      "in a moved picture",
      "q 1 0 0 1 100 0 cm BT /F1 10 Tf (ab) Tj ET Q BT /F1 10 Tf (cd) Tj ET",
      ["ab 100–110", "cd 0–10"],
    ],
    ["dots to be filled in", show("(....) Tj"), [".... (filler) 100–120"]],
    ["a number between dots", show("(..15..) Tj"), ["..15.. 100–130"]],
    ["invisible", show("3 Tr (abc) Tj 0 Tr (d) Tj"), ["d 115–120"]],
    ["clipped away", `q 0 0 10 10 re W n ${show("(abc) Tj")} Q`, []],
    ["in no font at all", "BT (ab) Tj ET", ["ab 0–12"]],
    ["nothing", "BT ET q Q Q true false null /Name MP n f W n", []],
    [
      "with operators that lack what they take",
      "BT /F1 10 Tf Tj 1 Tj TJ (ab) Tj 1 2 Tf (cd) Tj ET",
      ["abcd -0.01–11.99"],
    ],
    ["too many operands", `${"1 ".repeat(400)} ${show("(ab) Tj")}`, ["ab 100–110"]],
    ["after an inline image", `BI /W 1 /H 1 ID \x00EI\x01 EI ${show("(ab) Tj")}`, ["area", "ab 100–110"]],
    ["after an inline image without an end", `BI /W 1 ID xx ${show("(ab) Tj")}`, ["area"]],
    ["around an area", show("(ab) Tj") + " 0 0 9 9 re f " + show("(cd) Tj"), ["ab 100–110", "area", "cd 100–110"]],
    ["under an image", `${show("(ab) Tj")} q 9 0 0 9 0 0 cm /Im Do Q /Nothing Do 1 Do`, ["ab 100–110", "image"]],
  ])("%s", (_, content, expected) => {
    expect(words(content)).toEqual(expected);
  });

  test.each<[string, Dict, string, string[]]>([
    ["widths", { FirstChar: 97, Widths: [1000, 250] }, "(abc) Tj", ["abc 100–117.5"]],
    ["a width that is none", { FirstChar: 97, Widths: [text("x")] }, "(a) Tj", ["a 100–105"]],
    [
      "names of glyphs",
      { Encoding: { Differences: [1, "/one", "/a", "/uni1EC7", "/u1F600", "/space", "/glyph7", "/uniFFFFFF"] } },
      "(\\001\\002\\003\\004) Tj",
      ["1aệ😀 100–120"],
    ],
    ["names of glyphs that say nothing", { Encoding: { Differences: [97, "/glyph7"] } }, "(ab) Tj", ["? 100–110"]],
    [
      "a glyph that is a space",
      { Encoding: { Differences: [1, "/space"] } },
      "(a\\001b) Tj",
      ["a 100–105", "b 110–115"],
    ],
    ["codes that say nothing", {}, "(a\\200) Tj", ["? 100–110"]],
    ["letters beyond ASCII", {}, "(\\363) Tj", ["ó 100–105"]],
    [
      "drawings instead of letters",
      { Subtype: "/Type3", FirstChar: 97, Widths: [1] },
      "(aa) Tj",
      ["? (filler) 100–110"],
    ],
  ])("in a simple font with %s", (_, font, operators, expected) => {
    expect(words(show(operators), font)).toEqual(expected);
  });

  const cmap = (body: string) =>
    new Stream(
      {},
      `/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange ${body}`,
    );
  const composite = (more: Dict = {}, descendant: Dict = {}): Dict => ({
    Subtype: "/Type0",
    Encoding: "/Identity-H",
    DescendantFonts: [{ Subtype: "/CIDFontType2", ...descendant }],
    ToUnicode: ref(61),
    ...more,
  });
  test.each<[string, Dict, Value, string, string[]]>([
    [
      "single codes",
      composite(),
      cmap("2 beginbfchar <0001> <0061> <0002> <1EC7> endbfchar"),
      "<00010002> Tj",
      ["aệ 100–120"],
    ],
    [
      "ranges",
      composite(),
      cmap("1 beginbfrange <0001> <0003> <0061> endbfrange"),
      "<000100020003> Tj",
      ["abc 100–130"],
    ],
    [
      "ranges with lists",
      composite(),
      cmap("1 beginbfrange <0001> <0002> [<0061> <0066006C>] endbfrange"),
      "<00010002> Tj",
      ["afl 100–120"],
    ],
    ["a range of nothing", composite(), cmap("1 beginbfrange <0001> <0002> <> endbfrange"), "<00010002> Tj", []],
    [
      "a space",
      composite(),
      cmap("2 beginbfchar <0001> <0061> <0003> <0020> endbfchar"),
      "<000100030001> Tj",
      ["a 100–110", "a 120–130"],
    ],
    [
      "widths",
      composite({}, { W: [1, [500, 250], 3, 4, 100], DW: 700 }),
      cmap("1 beginbfrange <0001> <0005> <0061> endbfrange"),
      "<00010002000300040005> Tj",
      ["abcde 100–116.5"],
    ],
    [
      "widths that break off",
      composite({}, { W: [1, 2, text("x"), 1], DW: 700 }),
      cmap("1 beginbfrange <0001> <0005> <0061> endbfrange"),
      "<0001> Tj",
      ["a 100–107"],
    ],
    ["widths that begin with nothing", composite({}, { W: [text("x"), 1, 2] }), null, "<0001> Tj", ["? 100–110"]],
    ["widths of too many codes", composite({}, { W: [0, 100000, 5] }), null, "<0001> Tj", ["? 100–110"]],
    ["no meanings", composite(), null, "<00010002> Tj", ["? 100–120"]],
    ["no meanings, one code over and over", composite(), null, "<00010001> Tj", ["? (filler) 100–120"]],
    ["meanings that are no stream", composite({ ToUnicode: "/Identity-H" }), null, "<00010002> Tj", ["? 100–120"]],
    [
      "meanings that cannot be read",
      composite(),
      new Stream({ Filter: "/FlateDecode" }, "x"),
      "<00010002> Tj",
      ["? 100–120"],
    ],
    [
      "senseless meanings",
      composite(),
      cmap("<61> 1 endbfchar 1 <0002> <0061> endbfrange <0001> 1 <0061> endbfrange <0001> <0002> 1 endbfrange"),
      "<00010002> Tj",
      ["? 100–120"],
    ],
    ["half a code", composite(), cmap("1 beginbfchar <0001> <0061> endbfchar"), "<000100> Tj", ["a 100–110"]],
  ])("in a composite font with %s", (_, font, meanings, operators, expected) => {
    expect(words(show(operators), font, { 61: meanings })).toEqual(expected);
  });

  test("in forms, with resources of their own or of the page", () => {
    const page = {
      [at.page]: {
        ...(scene[at.page] as Dict),
        Resources: { Font: { F1: ref(at.font) }, XObject: { X: ref(61), Y: ref(62) } },
      },
    };
    const form = (content: string, more: Dict = {}) =>
      new Stream({ Subtype: "/Form", BBox: [0, 0, 500, 800], Matrix: [1, 0, 0, 1, 10, 0], ...more }, content);
    const objects = { ...page, 61: form(show("(ab) Tj")), 62: form(show("(cd) Tj"), { Resources: { Font: {} } }) };
    expect(words("/X Do /Y Do", {}, objects)).toEqual(["ab 110–120", "cd 110–120"]);
  });

  test("forms without an end, and too many of them, are refused", () => {
    const page = { [at.page]: { ...(scene[at.page] as Dict), Resources: { XObject: { X: ref(61) } } } };
    const form = (content: string) =>
      new Stream({ Subtype: "/Form", BBox: [0, 0, 1, 1], Resources: { XObject: { X: ref(61) } } }, content);
    expect(() => words("/X Do", {}, { ...page, 61: form("/X Do") })).toThrow("A page draws too many forms.");
    expect(words("/X Do ".repeat(500), {}, { ...page, 61: form("") })).toEqual([]);
    expect(() => words("/X Do ".repeat(501), {}, { ...page, 61: form("") })).toThrow("A page draws too many forms.");
    expect(() => words("0 0 9 9 re f ".repeat(100_001))).toThrow(/too much|more than/);
  });
});

test("places of text leave out what is to be filled in", () => {
  const file = fileOf({ [at.content]: new Stream({}, show("(So: ..... /QD) Tj 0 0 9 9 re f")) });
  const document = readPdf(file.bytes);
  expect(
    textPlaces(document, document.latest, document.latest.pages()[0]!).map((rect) => rect.map(Math.round)),
  ).toEqual([
    [100, 500, 115, 507],
    [150, 500, 165, 507],
  ]);
});

test("content in several streams, resources from above, and a page without either", () => {
  const tree = { ...(scene[at.tree] as Dict), Resources: { Font: { F1: ref(at.font) } } };
  const page = { Type: "/Page", Parent: ref(at.tree), Contents: [ref(61), new Raw("99 0 R"), ref(62)] };
  const objects = {
    [at.tree]: tree,
    [at.page]: page,
    61: new Stream({}, "BT /F1 10 Tf 1 0"),
    62: new Stream({}, "0 1 9 9 Tm (ab) Tj ET"),
  };
  expect(words("", {}, objects)).toEqual(["ab 9–19"]);
  expect(words("", {}, { [at.page]: { Type: "/Page", Parent: ref(at.tree) } })).toEqual([]);
});
