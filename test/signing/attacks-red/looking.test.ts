import { describe, expect, test } from "vitest";
import { verifyAndLook } from "../../../signing/visual/second-opinion.ts";
import { during, root } from "../authorities.ts";
import { addSignature, at, stream, waiting, type Objects } from "../verify-documents.ts";
import { agency, judge, looks, newWidget, signedWith, signInNew } from "./bases.ts";

const look = (pdf: Buffer) => verifyAndLook(pdf, { anchors: [root], at: during, look: "where needed" });
const codes = (pdf: Awaited<ReturnType<typeof look>>) =>
  pdf.signatures[0]!.notes.map((note) => note.split(" ")[0]!).filter((code) =>
    /^(COVER|FIELD_OVER|LOOKS|NOT_DR)/.test(code),
  );

/** A page that is one image, as a scanner makes it: rows of dark strokes like letters between 60 and 80 % of its height. */
const [wide, high] = [298, 421];
const pixels = Buffer.alloc(wide * high, 0xf8);
for (let y = Math.round(high * 0.2); y < high * 0.4; y++) {
  for (let x = 20; x < 220; x++) {
    const isLine = y % 9 < 5;
    if (isLine && ((x * 7 + (y >> 1) * 3) % 5 < 2 || x % 6 === 0)) pixels[y * wide + x] = 0x20;
  }
}
const scanned: Objects = {
  [at.text]: stream("", "q 595 0 0 842 0 0 cm /Im Do Q"),
  [at.image]: stream(
    `/Type /XObject /Subtype /Image /Width ${wide} /Height ${high} /BitsPerComponent 8 /ColorSpace /DeviceGray`,
    pixels.toString("latin1"),
  ),
};
/** The title as outlines: a program has turned its letters to shapes. */
const letter = (x: number) =>
  `${x} 700 m ${x + 1} 709 l ${x + 3} 709 l ${x + 5} 703 l ${x + 7} 709 l ${x + 8} 700 l ${x + 6} 700 l ${x + 4} 705 l f`;
const outlined: Objects = {
  [at.text]: stream("", Array.from({ length: 20 }, (_, i) => letter(60 + 10 * i)).join(" ")),
};
const white = looks("1 g 0 0 255 30 re f");
const black = looks("0 g 0 0 255 30 re f");
const frame = looks(".5 w 0 0 255 30 re S");
const over = { scan: "60 560 200 600", outlines: "55 690 160 715" };

describe("what a later signature hides though no text says so", () => {
  test.each([
    ["a scanned page, by white", scanned, over.scan, white],
    ["a scanned page, by black", scanned, over.scan, black],
    [
      "a digit of a scanned page, by a patch in a field that shows nothing else",
      scanned,
      over.scan,
      looks("1 g 80 12 18 8 re f"),
    ],
    ["a digit of a scanned page, by a field of its size", scanned, "100 575 109 586", white],
    ["letters drawn as shapes, by white", outlined, over.outlines, white],
    ["letters drawn as shapes, by black", outlined, over.outlines, black],
  ])("%s", async (_, objects, rect, drawn) => {
    const pdf = await signInNew(newWidget(rect), { 42: drawn }, await signedWith(objects));
    const shape = judge(pdf);
    expect([shape.integrity, shape.signatures[0]!.notes.includes("COVERS_PICTURE page 1")]).toEqual([
      "INDETERMINATE",
      true,
    ]);
    const seen = await look(pdf);
    expect([seen.integrity, seen.indication, codes(seen)]).toEqual([
      "INDETERMINATE",
      "INDETERMINATE",
      ["COVERED_SINCE"],
    ]);
  });

  test.each([
    ["the white margin of a scanned page", scanned, "400 700 500 740", white],
    ["the paper below letters drawn as shapes", outlined, "55 660 160 690", white],
    ["a scanned text, by a frame", scanned, over.scan, frame],
    [
      "a scanned text, by words beside it",
      scanned,
      over.scan,
      looks("BT /F1 9 Tf 2 2 Td (15) Tj ET", "/Font <</F1 5 0 R>>"),
    ],
  ])("nothing: %s", async (_, objects, rect, drawn) => {
    const seen = await look(await signInNew(newWidget(rect), { 42: drawn }, await signedWith(objects)));
    expect([seen.integrity, codes(seen)]).toEqual(["PASS", []]);
  });
});

describe("a seal that waited", () => {
  const seal = (rect: string, drawn: string, base: Buffer) =>
    addSignature(base, {
      signer: agency,
      number: 30,
      objects: {
        [at.seal]: waiting.seal("/V 30 0 R /AP <</N 31 0 R>>").replace("260 100 320 160", rect),
        31: drawn,
      },
    });
  const base = (rect: string) => signedWith({ [at.seal]: waiting.seal().replace("260 100 320 160", rect) });

  test("over words that were signed is doubted when it hides them", async () => {
    const rect = "45 750 300 780";
    const pdf = await seal(rect, white, await base(rect));
    expect(judge(pdf).signatures[0]!.notes).toContain("FIELD_OVER_TEXT page 1");
    const seen = await look(pdf);
    expect([seen.integrity, codes(seen)]).toEqual(["INDETERMINATE", ["COVERED_SINCE"]]);
  });

  test("over a number that was filled in before is doubted when it hides it, however it is drawn", async () => {
    const rect = "70 690 150 725";
    const filled = {
      [at.seal]: waiting.seal().replace("260 100 320 160", rect),
      [at.number]: waiting.number("/V (15) /AP <</N 32 0 R>>"),
      32: looks("BT /F1 12 Tf 2 4 Td (15) Tj ET", "/Font <</F1 5 0 R>>"),
    };
    const seen = await look(await seal(rect, white, await signedWith(filled)));
    expect([seen.integrity, codes(seen)]).toEqual(["INDETERMINATE", ["FIELD_OVER_ANNOTATION"]]);
  });

  test("over the left third of the leader's signature is as it should be", async () => {
    const rect = "260 100 320 160";
    const seen = await look(await seal(rect, looks("1 0 0 rg 0 0 255 30 re f"), await base(rect)));
    expect([seen.integrity, seen.indication, codes(seen)]).toEqual(["PASS", "TOTAL-PASSED", []]);
  });

  test("over words that are seen through what it draws is as it should be", async () => {
    const rect = "45 750 300 780";
    // A line as a pen leaves it: a shape that is long and thin, whatever rectangle is around it.
    const pen = looks("0 0 .6 rg 2 2 m 250 27 l 250 28.5 l 2 3.5 l f");
    const pdf = await seal(rect, pen, await base(rect));
    expect(judge(pdf).integrity).toBe("INDETERMINATE");
    const seen = await look(pdf);
    expect([seen.integrity, codes(seen)]).toEqual(["PASS", []]);
  });
});
