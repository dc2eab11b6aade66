import { expect, test } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfStream } from "../../../signing/pdf/objects.ts";
import { readCodeMap } from "../../../signing/validate/code-map.ts";
import { shownText } from "../../../signing/validate/shown-text.ts";
import { append, decision, stream } from "../verify-documents.ts";

const map = `/CIDInit /ProcSet findresource begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0010> <0110> <0011> <01B001A1> endbfchar
2 beginbfrange <0020> <0029> <0030> <0030> <0032> [<0061> <0062> <0063>] endbfrange
endcmap`;

test("codes are read by single entries, ranges and lists", () => {
  const { size, textOf } = readCodeMap(Buffer.from(map));
  expect(size).toBe(2);
  expect([0x10, 0x11, 0x20, 0x29, 0x31, 0x99].map(textOf)).toEqual(["Đ", "ươ", "0", "9", "b", undefined]);
});

test("a range without an end in sight is cut short", () => {
  const huge = readCodeMap(Buffer.from("1 beginbfrange <00000000> <FFFFFFFF> <0030> endbfrange"));
  expect(huge.textOf(5)).toBe("5");
});

test("text is found with its place, in fonts of two bytes, in forms inside of forms, and after kerning", () => {
  const pdf = append(Buffer.alloc(0), {
    ...decision,
    50: stream("", map),
    51: "<</Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Tinos /Encoding /Identity-H /ToUnicode 50 0 R>>",
    52: stream(
      "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Matrix [1 0 0 1 100 0] /Resources <</Font <</F2 51 0 R>>>>",
      "BT /F2 10 Tf 5 7 Td [<0021> -120 <0025>] TJ ET",
    ),
    53: stream(
      "/Resources <</XObject <</X 52 0 R>> /Font <</F1 5 0 R>>>>",
      "q 1 0 0 1 0 50 cm /X Do Q BT /F1 9 Tf 1 2 Td (So: ) Tj ET",
    ),
  });
  const view = readPdf(pdf).latest;
  const form = view.object(53)!.value as PdfStream;
  const runs = shownText(view, view.document.decode(form, view), view.dict(form.dict.get("Resources")));
  expect(runs).toEqual([
    { text: "15", x: 105, y: 57 },
    { text: "So: ", x: 1, y: 2 },
  ]);
});
