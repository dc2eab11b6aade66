import { describe, expect, test } from "vitest";
import { operations } from "../../../signing/diff/content.ts";
import { PdfDict, PdfName } from "../../../signing/pdf/objects.ts";

/** Each operator with what stands before it, numbers and truths as they are. */
const read = (content: string | Buffer) =>
  [...operations(Buffer.isBuffer(content) ? content : Buffer.from(content, "latin1"))].map(({ operator, operands }) => [
    operator,
    ...operands.map((item) => (item instanceof PdfName ? item.name : item)),
  ]);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("operators of a content stream", () => {
  test("come with what stands before them", () => {
    expect(read("q 1 0 0 1 5 6.5 cm /X Do f* T* Q")).toEqual([
      ["q"],
      ["cm", 1, 0, 0, 1, 5, 6.5],
      ["Do", "X"],
      ["f*"],
      ["T*"],
      ["Q"],
    ]);
  });

  test("are not the truths and the null, which stand before them", () => {
    expect(read("/A true false null DP true BX")).toEqual([
      ["DP", "A", true, false, null],
      ["BX", true],
    ]);
    // What only begins like them is an operator.
    expect(read("1 nulls")).toEqual([["nulls", 1]]);
  });

  test("have a long list of operands, as CMaps have, or the last ones of a longer one", () => {
    expect(read(`${numbers(300).join(" ")} endbfrange`)).toEqual([["endbfrange", ...numbers(300)]]);
    expect(read(`${numbers(301).join(" ")} cm`)).toEqual([["cm", ...numbers(301).slice(-6)]]);
    expect(read(`${numbers(303).join(" ")} cm`)).toEqual([["cm", ...numbers(303).slice(-8)]]);
  });

  test("that nothing follows are the last, and operands without one are nothing", () => {
    expect(read("q 1 2")).toEqual([["q"]]);
    expect(read("  % only a comment")).toEqual([]);
  });

  test("have dictionaries, which have no place in the file", () => {
    const [operation] = [...operations(Buffer.from("/P << /MCID 0 >> BDC"))];
    const [, properties] = operation!.operands;
    expect(properties).toBeInstanceOf(PdfDict);
    expect((properties as PdfDict).span).toBeUndefined();
  });

  test("are refused where there is something else", () => {
    expect(() => read("1 0 <")).toThrow(expect.objectContaining({ code: "MALFORMED_PDF" }));
    expect(() => read("]")).toThrow(expect.objectContaining({ code: "MALFORMED_PDF" }));
  });

  test("may take 16 MiB and no more", () => {
    const longest = Buffer.alloc(16 * 1024 * 1024, " ");
    expect(read(longest)).toEqual([]);
    const longer = Buffer.concat([longest, Buffer.from(" ")]);
    expect(() => read(longer)).toThrow("A content stream is too long.");
  });
});

describe("an inline image", () => {
  test.each<[string, string, string[]]>([
    ["ends with EI", "q BI /W 1 ID \x00\x01\nEI Q", ["q", "BI", "Q"]],
    ["ends with the content", "q BI /W 1 ID \x00\x01\nEI", ["q", "BI"]],
    ["ends with the content when it has no end", "q BI /W 1 ID \x00\x01 Q", ["q", "BI"]],
    ["does not end at letters inside its data", "BI ID xEI Q\nEIx\nEI Q", ["BI", "Q"]],
    ["does not end where data follow", "BI ID \x00\nEI \xff\x00\nEI Q", ["BI", "Q"]],
    ["does not end where data follow soon", "BI ID \x00\nEI Q \xff\x00\nEI Q", ["BI", "Q"]],
    [
      "ends where text follows",
      "BI ID \x00\nEI\nQ q Q q Q q Q q Q",
      ["BI", "Q", "q", "Q", "q", "Q", "q", "Q", "q", "Q"],
    ],
  ])("%s", (_, content, expected) => {
    expect(read(content).map(([operator]) => operator)).toEqual(expected);
  });
});
