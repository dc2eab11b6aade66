import { describe, expect, test } from "vitest";
import { at, decision, stream } from "../verify-documents.ts";
import { judge, looks, newWidget, overTitle, signedWith, signInNew } from "./bases.ts";

const signed = await signedWith();
const lines = (width: number, each: (i: number) => string) =>
  `1 G ${width} w ${Array.from({ length: 130 }, (_, i) => each(i)).join(" ")}`;
const image = (mask: string, more = "") => ({
  44: stream(
    "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 45 0 R",
    "\xff",
  ),
  45: stream(
    `/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray ${more}`,
    mask,
  ),
});
const picture = "/XObject <</I 44 0 R>>";
const type3 = "/Font <</T 43 0 R>>";
const drawn =
  "<</Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [1] " +
  "/Encoding <</Differences [97 /a]>> /CharProcs <</a 46 0 R>> /Resources <<>>>>";

describe("a later signature that hides what was signed", () => {
  test.each([
    [
      "by a glyph that is a box",
      looks("BT /T 1 Tf (a) Tj ET", type3),
      { 43: drawn, 46: stream("", "1 0 d0 1 g 0 0 255 30 re f") },
    ],
    ["by a line whose width a state sets", looks("/G gs 1 G 0 15 m 255 15 l S", "/ExtGState <</G <</LW 30>>>>"), {}],
    ["by a line that a matrix makes thick", looks("0.01 0 0 30 0 0 cm 1 w 1 G 0 .5 m 25500 .5 l S"), {}],
    ["by many thin lines", looks(lines(2.9, (i) => `0 ${i * 2.8} m 255 ${i * 2.8} l S`)), {}],
    ["by one path of thin lines", looks(`${lines(2.9, (i) => `0 ${i * 2.8} m 255 ${i * 2.8} l`)} S`), {}],
    ["by many oblique lines", looks(lines(2.9, (i) => `${i * 2.5 - 30} 0 m ${i * 2.5} 30 l S`)), {}],
    [
      "by a stop drawn with a thick line",
      looks("BT 200 w 1 G 1 Tr /F1 1 Tf 120 15 Td (.) Tj ET", "/Font <</F1 5 0 R>>"),
      {},
    ],
    ["behind an empty clipping path", looks("W n 1 g 0 0 255 30 re f"), {}],
    ["with more operands than are wanted", looks("1 g 99 0 0 255 30 re f"), {}],
    ["behind an inline image of one byte", looks("BI /W 1 /H 1 /CS /G /BPC 8 ID \xff\nEI1 g 0 0 255 30 re f"), {}],
    [
      "by an inline image with an unclear end",
      looks("q .01 0 0 .01 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xffEI Q 1 g 0 0 255 30 re f"),
      {},
    ],
    ["by a see-through image, ten times", looks(`255 0 0 30 0 0 cm ${"/I Do ".repeat(10)}`, picture), image("\x7f")],
    [
      "by an image whose mask is decoded to opaque",
      looks("255 0 0 30 0 0 cm /I Do", picture),
      image("\x00", "/Decode [0.9 1]"),
    ],
  ])("%s fails", async (_, look, others) => {
    const pdf = await signInNew(newWidget(overTitle), { 42: look, ...others }, signed);
    expect(judge(pdf).integrity).toBe("FAIL");
  });

  test("in part: two letters of a word", async () => {
    const pdf = await signInNew(newWidget("150 695 175 712"), { 42: looks("1 g 0 0 255 30 re f") }, signed);
    expect(judge(pdf).integrity).toBe("FAIL");
  });

  test("from elsewhere, for its looks have no frame", async () => {
    const free = looks("1 g -400 350 400 50 re f", "", "");
    expect(judge(await signInNew(newWidget("400 400 410 410"), { 42: free }, signed)).integrity).toBe("FAIL");
  });

  test("on a turned page, for it does not turn", async () => {
    const page = decision[at.page]!.replace("/MediaBox", "/Rotate 90 /MediaBox");
    const base = await signedWith({ [at.page]: page });
    const widget = newWidget("46 560 306 590").replace("/F 4", "/F 20");
    expect(judge(await signInNew(widget, { 42: looks("1 g 0 0 255 30 re f") }, base, page)).integrity).toBe("FAIL");
  });

  test.each(["Text", "FileAttachment", "RichMedia", "Screen"])("as a note of type %s without an area", async (type) => {
    const widget = newWidget("50 760 50 760", "/Contents (KHAC) /Open true").replace("/Widget", `/${type}`);
    expect(judge(await signInNew(widget, {}, signed)).integrity).toBe("FAIL");
  });
});

describe("a later signature that hides nothing passes", () => {
  test.each([
    ["a signature by hand beside the text", "400 500 500 560", looks("1 w 5 5 m 60 25 l 90 3 l 200 20 l S")],
    ["a number in the gap", "75 698 105 718", looks("BT /F1 12 Tf 8 8 Td (15) Tj ET", "/Font <</F1 5 0 R>>")],
    ["a thin frame round the title", overTitle, looks(".5 w 0 0 255 30 re S")],
  ])("%s", async (_, rect, look) => {
    expect(judge(await signInNew(newWidget(rect), { 42: look }, signed)).integrity).toBe("PASS");
  });
});
