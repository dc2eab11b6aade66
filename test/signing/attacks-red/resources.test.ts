import { expect, test } from "vitest";
import { addSignature, append, at, decision, waiting, type Objects } from "../verify-documents.ts";
import { judge, leader, looks, newWidget, overTitle, packed, signedWith, signInNew } from "./bases.ts";

const signed = await signedWith();
const numbered = (count: number, body: (i: number) => string): Objects =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [1_000 + i, body(i)]));
const references = (count: number) => Array.from({ length: count }, (_, i) => `${1_000 + i} 0 R`).join(" ");

/** Files of less than a megabyte that want to cost minutes. */
const files: readonly (readonly [string, () => Promise<Buffer>])[] = [
  [
    "a form drawn again and again",
    () =>
      signInNew(
        newWidget(overTitle),
        {
          42: looks("/A Do ".repeat(490), "/XObject <</A 46 0 R>>"),
          46: packed("/Subtype /Form /BBox [0 0 1 1]", "q Q ".repeat(1_000_000)),
        },
        signed,
      ),
  ],
  [
    "one look for 20,000 states",
    () => {
      const states = Array.from({ length: 20_000 }, (_, i) => `/S${i} 42 0 R`).join(" ");
      return signInNew(
        newWidget(overTitle, `/AP <</N <<${states}>>>>`),
        { 42: looks("300 300 1 1 re f ".repeat(3_000)) },
        signed,
      );
    },
  ],
  [
    "endless lines",
    () =>
      signInNew(
        newWidget(overTitle),
        { 42: packed("/Subtype /Form /BBox [0 0 9 9]", "0 w 0 0 m 99999 88888 l S ".repeat(60_000)) },
        signed,
      ),
  ],
  [
    "a large mask drawn 50,000 times",
    () =>
      signInNew(
        newWidget(overTitle),
        {
          42: packed("/Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</I 44 0 R>>>>", "/I Do ".repeat(50_000)),
          44: packed(
            "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 45 0 R",
            "x",
          ),
          45: packed(
            "/Subtype /Image /Width 4000 /Height 1000 /BitsPerComponent 8 /ColorSpace /DeviceGray",
            "\0".repeat(4_000_000),
          ),
        },
        signed,
      ),
  ],
  [
    "a font that tells the meaning of its codes 50,000 times",
    async () => {
      const map = packed("", `1 beginbfrange ${"<0000> <ffff> <0041> ".repeat(100)}endbfrange `.repeat(500));
      const base = await signedWith({
        [at.font]: "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 77 0 R>>",
        77: map,
      });
      return signInNew(
        newWidget("75 698 105 718"),
        { 42: looks("BT /F1 9 Tf (15) Tj ET", "/Font <</F1 5 0 R>>") },
        base,
      );
    },
  ],
  [
    "a font that tells the widths of its codes 9,000 times",
    async () => {
      const widths = "0 65535 500 ".repeat(9_000);
      const base = await signedWith({
        [at.font]: `<</Type /Font /Subtype /Type0 /DescendantFonts [<</W [${widths}]>>]>>`,
      });
      return signInNew(newWidget(overTitle), { 42: looks("0 0 1 1 re f") }, base);
    },
  ],
  [
    "thousands of fields in hundreds of states",
    async () => {
      const form = decision[at.form]!.replace("8 0 R]", `8 0 R ${references(9_900)}]`);
      const fields = numbered(9_900, (i) => `<</T (f${i}) /FT /Tx>>`);
      const base = append(Buffer.alloc(0), { ...decision, [at.form]: form, ...fields });
      let pdf = await addSignature(base, {
        signer: leader,
        number: 20,
        objects: { [at.leader]: waiting.leader("/V 20 0 R") },
      });
      for (let i = 0; i < 400; i++) pdf = append(pdf, { 60: "null" });
      return pdf;
    },
  ],
  [
    "thousands of pages with one long list of annotations",
    async () => {
      const pages = numbered(4_000, () => "<</Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] /Annots 990 0 R>>");
      const list = `[${"991 0 R ".repeat(20_000)}]`;
      const tree = `<</Type /Pages /Count 4001 /Kids [3 0 R ${references(4_000)}]>>`;
      const base = await signedWith({ ...pages, [at.pages]: tree, 990: list, 991: "<</Subtype /Link>>" });
      return append(base, { 990: list.replace("]", " 991 0 R]") });
    },
  ],
];

test.each(files)("%s: a verdict in less than three seconds", async (_, make) => {
  const pdf = await make();
  // Time of the processor, for other tests may want it, too.
  const start = process.cpuUsage();
  judge(pdf);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});
