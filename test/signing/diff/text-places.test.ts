import { describe, expect, test } from "vitest";
import { pagePainting, textPlaces } from "../../../signing/diff/text-places.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { Raw, ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { groups, program, words as numbers } from "./font-programs.ts";
import { at, fileOf, scene } from "./scene.ts";

/** The words of a page of the given content, with the left and the right end of each, and what else is painted. */
function words(content: string, font: Dict = {}, objects: Record<number, Value> = {}) {
  const base = { Type: "/Font", Subtype: "/Type1", BaseFont: "/Times-Roman" };
  const file = fileOf({ [at.content]: new Stream({}, content), [at.font]: { ...base, ...font }, ...objects });
  const document = readPdf(file.bytes);
  const [page] = document.latest.pages();
  return pagePainting(document, document.latest, page!).map((item) => {
    if (item.kind !== "word") return item.kind === "area" && item.isDrawing ? "drawing" : item.kind;
    const ends = [item.rect[0], item.rect[2]].map((n) => Math.round(n * 100) / 100).join("–");
    return `${item.text ?? "?"}${item.isFiller ? " (filler)" : ""}${item.isFaint ? " (faint)" : ""} ${ends}`;
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
      ["abcd (faint) -0.01–11.99"],
    ],
    ["too many operands", `${"1 ".repeat(400)} ${show("(ab) Tj")}`, ["ab 100–110"]],
    ["after an inline image", `BI /W 1 /H 1 ID \x00EI\x01 EI ${show("(ab) Tj")}`, ["drawing", "ab 100–110"]],
    ["after an inline image without an end", `BI /W 1 ID xx ${show("(ab) Tj")}`, ["drawing"]],
    ["around an area", show("(ab) Tj") + " 0 0 9 9 re f " + show("(cd) Tj"), ["ab 100–110", "area", "cd 100–110"]],
    ["under an image", `${show("(ab) Tj")} q 9 0 0 9 0 0 cm /Im Do Q /Nothing Do 1 Do`, ["ab 100–110", "image"]],
  ])("%s", (_, content, expected) => {
    expect(words(content)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ["a rectangle", "0 0 9 9 re f", ["area"]],
    ["nothing: an image that is clipped away", "0 0 1 1 re W n 9 0 0 9 50 50 cm /Im Do", []],
    ["a rectangle that is closed and stroked", "0 0 9 9 re h b", ["area"]],
    ["a line", "0 0 m 9 9 l f", ["drawing"]],
    ["a curve", "0 0 m 1 1 2 2 9 9 c f", ["drawing"]],
    ["curves with fewer points", "0 0 m 1 1 9 9 v f 0 0 m 1 1 9 9 y f", ["drawing", "drawing"]],
    ["a rectangle after a drawing", "0 0 m 9 9 l f 0 0 9 9 re f", ["drawing", "area"]],
    ["a rectangle with a drawing", "0 0 9 9 re 9 9 l f", ["drawing"]],
  ])("what may be letters drawn as shapes: %s", (_, content, expected) => {
    expect(words(content)).toEqual(expected);
  });

  const states = (keys: Dict): Record<number, Value> => ({
    [at.page]: {
      ...(scene[at.page] as Dict),
      Resources: { Font: { F1: ref(at.font) }, ExtGState: { G: keys } },
    },
  });
  const [plain, faint] = [["a 100–105"], ["a (faint) 100–105"]];
  test.each<[string, string, string[]]>([
    ["black", "0 g", plain],
    ["gray", "0.79 g", plain],
    ["nearly white", "0.8 g", faint],
    ["white, by the last operand", "0 1 g", faint],
    ["white and then black", "1 g 0 g", plain],
    ["yellow", "1 1 0 rg", faint],
    ["red", "1 0 0 rg", plain],
    ["blue and green", "0 1 1 rg", plain],
    ["light green", "0.8 1 0 rg", faint],
    ["white of three", "1 1 1 rg", faint],
    ["light blue", "0.7 0.7 1 rg", plain],
    ["lighter blue", "0.8 0.8 1 rg", faint],
    ["no ink", "0 0 0 0 k", faint],
    ["black ink", "0 0 0 1 k", plain],
    ["little black ink", "0 0 0 0.1 k", faint],
    ["some black ink", "0 0 0 0.3 k", plain],
    ["yellow ink", "0 0 1 0 k", faint],
    ["magenta ink", "0 1 0 0 k", plain],
    ["cyan ink", "1 0 0 0 k", plain],
    ["a colour of another space", "/X cs", faint],
    ["a colour of the space", "0 0 0 sc", faint],
    ["a pattern", "/P scn", faint],
    ["a colour for lines", "1 G", plain],
    ["outlines", "1 Tr", faint],
    ["filled outlines", "2 Tr", plain],
    ["outlines that clip", "5 Tr", faint],
    ["filled outlines that clip", "6 Tr", plain],
    ["nothing but a clip", "7 Tr", faint],
    ["white that is put back", "q 1 g Q", plain],
  ])("seen or not: %s", (_, operators, expected) => {
    expect(words(`${operators} ${show("(a) Tj")}`)).toEqual(expected);
  });
  test.each<[string, Dict, string[]]>([
    ["half transparent", { ca: 0.5 }, faint],
    ["opaque", { ca: 1 }, plain],
    ["masked", { SMask: { S: "/Alpha" } }, faint],
    ["masked by nothing", { SMask: "/None" }, plain],
    ["blended", { BM: "/Screen" }, faint],
    ["blended by a list", { BM: ["/Screen"] }, faint],
    ["blended as usual", { BM: "/Normal" }, plain],
    ["blended as before", { BM: "/Compatible" }, plain],
    ["with a font and transparent", { ca: 0, Font: [ref(at.font), 10] }, faint],
  ])("seen or not, by a state: %s", (_, keys, expected) => {
    expect(words(`/G gs ${show("(a) Tj")}`, {}, states(keys))).toEqual(expected);
  });
  test("seen or not: tiny letters, one faint letter in a word, and a state that does not end another", () => {
    expect(words("BT /F1 2.8 Tf 100 500 Td (a) Tj ET")).toEqual(["a (faint) 100–101.4"]);
    expect(words("BT /F1 2.9 Tf 100 500 Td (a) Tj ET")).toEqual(["a 100–101.45"]);
    expect(words(show("(a) Tj 1 g (b) Tj 0 g (c) Tj"))).toEqual(["abc (faint) 100–115"]);
    const both = {
      [at.page]: {
        ...(scene[at.page] as Dict),
        Resources: { Font: { F1: ref(at.font) }, ExtGState: { G: { ca: 0.5 }, H: { LW: 1 } } },
      },
    };
    expect(words(`/G gs /H gs ${show("(a) Tj")}`, {}, both)).toEqual(faint);
    expect(words(`/No gs ${show("(a) Tj")}`)).toEqual(plain);
  });

  const told = (meaning: string) => new Stream({}, `1 beginbfchar <61> <${meaning}> endbfchar`);
  const embedded: Dict = { FontDescriptor: { FontFile2: ref(62) } };
  test.each<[string, Dict, string, string]>([
    ["as it is", {}, "0061", "a"],
    ["as another", {}, "0062", "?"],
    ["as another, by names", { Encoding: { Differences: [97, "/one"] } }, "0061", "?"],
    ["as its name says", { Encoding: { Differences: [97, "/one"] } }, "0031", "1"],
    ["by a name that says nothing", { Encoding: { Differences: [97, "/g7"] } }, "0031", "1"],
    ["by a font that is all there is", embedded, "0062", "b"],
    ["by a font of one file", { FontDescriptor: { FontFile: ref(62) } }, "0062", "b"],
    ["by a font of another file", { FontDescriptor: { FontFile3: ref(62) } }, "0062", "b"],
    ["by a font without a file", { FontDescriptor: {} }, "0062", "?"],
    ["by a font with an encoding", { ...embedded, Encoding: "/WinAnsiEncoding" }, "0062", "?"],
    ["as the same in two parts", { Encoding: { Differences: [97, "/uni00E1"] } }, "00610301", "á"],
    ["as a dash for another", { Encoding: { Differences: [97, "/hyphen"] } }, "00AD", "\u00ad"],
    ["as a long dash for another", { Encoding: { Differences: [97, "/hyphen"] } }, "2013", "–"],
    ["by a font that draws", { Subtype: "/Type3" }, "0061", "?"],
  ])("a letter that a font tells %s", (_, font, meaning, expected) => {
    const objects = { 61: told(meaning), 62: new Stream({}, "") };
    const [word] = words(show("(a) Tj"), { ...font, ToUnicode: ref(61) }, objects);
    expect(word!.normalize("NFC").split(" ")[0]).toBe(expected);
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
    [
      "names of glyphs among other things",
      { Encoding: { Differences: [97, "/one", text("x"), "/two"] } },
      "(ab) Tj",
      ["12 100–110"],
    ],
    [
      "drawings named among other things",
      { Subtype: "/Type3", Encoding: { Differences: [97, "/one", text("x")] } },
      "(a) Tj",
      ["? 100–105"],
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
    ["the codes of Windows", { Encoding: "/WinAnsiEncoding" }, "(\\223\\200a\\363) Tj", ["“€aó 100–120"]],
    [
      "them below names",
      { Encoding: { BaseEncoding: "/WinAnsiEncoding", Differences: [97, "/one"] } },
      "(a\\200) Tj",
      ["1€ 100–110"],
    ],
    [
      "the codes of a Mac, as far as ASCII",
      { Encoding: "/MacRomanEncoding" },
      "(a) Tj 20 0 Td (\\363) Tj",
      ["a 100–105", "? 120–125"],
    ],
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
    [
      "a width among others that is none",
      composite({}, { W: [1, [text("x"), 250]], DW: 700 }),
      null,
      "<00010002> Tj",
      ["? 100–109.5"],
    ],
    [
      "widths of the same codes over and over",
      composite({}, { W: [0, 60_000, 100, 0, 60_000, 200], DW: 700 }),
      null,
      "<0001> Tj",
      ["? 100–101"],
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

  const programmed = (descriptor: Value, keys: Dict = {}, more: Dict = {}) =>
    composite(more, { FontDescriptor: { FontFile2: descriptor }, ...keys });
  const nine = program([3, 10, groups([0x39, 0x39, 1], [0x61, 0x61, 2], [0x1e, 0x1e, 2])]);
  const untold = { ToUnicode: undefined };
  const two = program([3, 10, groups([0x39, 0x39, 1], [0x31, 0x32, 0x31], [0x41, 0x41, 0x32])]);
  const mapped = (...glyphs: number[]) => ({ 61: new Stream({}, numbers(...glyphs)) });
  test.each<[string, Dict, string, Record<number, Value>, string]>([
    ["the only character of its glyph", programmed(ref(62), {}, untold), "0001", {}, "9"],
    ["itself, among others", programmed(ref(62), {}, untold), "0032", {}, "2"],
    [
      "itself, among others, by a map",
      programmed(ref(62), { CIDToGIDMap: ref(61) }, untold),
      "0002",
      mapped(0, 0, 1),
      "9",
    ],
    [
      "nothing, for its glyph is of two others",
      programmed(ref(62), { CIDToGIDMap: ref(61) }, untold),
      "0001",
      mapped(0, 0x32),
      "?",
    ],
    ["nothing, for its glyph is of none", programmed(ref(62), {}, untold), "0007", {}, "?"],
    [
      "nothing, for the map ends before it",
      programmed(ref(62), { CIDToGIDMap: ref(61) }, untold),
      "0001",
      mapped(1),
      "?",
    ],
    [
      "nothing, for half of it is in the map",
      programmed(ref(62), { CIDToGIDMap: ref(61) }, untold),
      "0001",
      { 61: new Stream({}, Buffer.from([0, 1, 0])) },
      "?",
    ],
    ["nothing, by a map of an unknown name", programmed(ref(62), { CIDToGIDMap: "/Other" }, untold), "0001", {}, "?"],
    [
      "what it is told by a map",
      programmed(ref(62), { CIDToGIDMap: ref(60) }),
      "0001",
      { 60: new Stream({}, numbers(0, 2)), 61: cmap("1 beginbfchar <0001> <0061> endbfchar") },
      "a",
    ],
    [
      "nothing, told other than by a map",
      programmed(ref(62), { CIDToGIDMap: ref(60) }),
      "0001",
      { 60: new Stream({}, numbers(0, 2)), 61: cmap("1 beginbfchar <0001> <0062> endbfchar") },
      "?",
    ],
  ])("in a composite font without meanings a code means %s", (_, font, code, more, expected) => {
    const [word] = words(show(`<${code}> Tj`), font, {
      62: new Stream({}, code === "0032" || (61 in more && !(60 in more)) ? two : nine),
      ...more,
    });
    expect(word?.split(" ")[0]).toBe(expected);
  });
  const one = "<0001> <0031>";
  test.each<[string, Dict, Value, string, string]>([
    ["draws another digit", programmed(ref(62)), new Stream({}, nine), one, "?"],
    [
      "draws another digit, by an explicit map",
      programmed(ref(62), { CIDToGIDMap: "/Identity" }),
      new Stream({}, nine),
      one,
      "?",
    ],
    ["draws that letter, among others", programmed(ref(62)), new Stream({}, nine), "<0001> <0039> <0002> <0061>", "9"],
    ["draws something that is no letter", programmed(ref(62)), new Stream({}, nine), "<0001> <1EC7>", "ệ"],
    ["draws a glyph of another number", programmed(ref(62), { CIDToGIDMap: ref(61) }), new Stream({}, nine), one, "1"],
    ["draws by another encoding", programmed(ref(62), {}, { Encoding: "/Identity-V" }), new Stream({}, nine), one, "1"],
    ["says nothing of it", programmed(ref(62)), new Stream({}, program([3, 10, groups([0x39, 0x39, 7])])), one, "1"],
    ["says nothing", programmed(ref(62)), new Stream({}, ""), one, "1"],
    ["cannot be unpacked", programmed(ref(62)), new Stream({ Filter: "/FlateDecode" }, "x"), one, "1"],
    ["is none", programmed(text("x")), null, one, "1"],
    [
      "says other than a letter",
      programmed(ref(62)),
      new Stream({}, program([3, 10, groups([0x2d, 0x2d, 1])])),
      one,
      "1",
    ],
  ])("in a composite font whose program %s", (_, font, file, told, expected) => {
    const meanings = cmap(`1 beginbfchar ${told} endbfchar`);
    const [word] = words(show("<0001> Tj"), font, { 61: meanings, 62: file });
    expect(word?.split(" ")[0]).toBe(expected);
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
    expect(words("600 0 9 9 re W n /X Do", {}, objects)).toEqual([]);
    const free = { ...objects, 61: form("BT /F1 10 Tf 590 500 Td (ab) Tj ET", { BBox: undefined }) };
    expect(words("/X Do", {}, free)).toEqual(["ab 600–610"]);
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
