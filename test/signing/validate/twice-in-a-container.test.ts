import { expect, test } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { hiddenObjects } from "../../../signing/validate/hidden-objects.ts";
import { Stream, ref, styles, written } from "../attacks/values.ts";
import { fileOf } from "../diff/scene.ts";

/** The scene, and an update whose object stream holds object 11 twice; the cross-reference stream names one of them. */
function withTwice(first: string, second: string, index: number) {
  const file = fileOf();
  const from = file.bytes.length;
  let bytes = file.bytes;
  const put = (number: number, stream: Stream) => {
    const at = bytes.length;
    bytes = Buffer.concat([bytes, Buffer.from(`${number} 0 obj\n${written(stream, styles[0]!)}\nendobj\n`, "latin1")]);
    return at;
  };
  const head = `11 0 11 ${first.length + 1} `;
  const packed = put(83, new Stream({ Type: "/ObjStm", N: 2, First: head.length }, `${head}${first} ${second} `));
  const rows = Buffer.alloc(3 * 7);
  const row = (at: number, type: number, value: number, last = 0) => {
    rows.writeUInt8(type, at);
    rows.writeUInt32BE(value, at + 1);
    rows.writeUInt16BE(last, at + 5);
  };
  const section = bytes.length;
  row(0, 2, 83, index);
  row(7, 1, packed);
  row(14, 1, section);
  const keys = { Type: "/XRef", W: [1, 4, 2], Index: [11, 1, 83, 1, 90, 1], Size: 91, Root: ref(1), Info: ref(10) };
  put(90, new Stream({ ...keys, Prev: file.startxref }, rows));
  bytes = Buffer.concat([bytes, Buffer.from(`startxref\n${section}\n%%EOF\n`)]);
  return hiddenObjects(readPdf(bytes), from);
}

// MuPDF takes the first of a number, pdf.js the last, and whoever goes by the index that which is named.
test.each([
  ["<</A 1>>", "<</A 2>>", 0],
  ["<</A 1>>", "<</A 2>>", 1],
])("two values %s and %s of one number, of which %i is named, mislead", (first, second, index) => {
  expect(withTwice(first, second, index)).toEqual(["MISLEADING_STREAM 83"]);
});

test("the same value twice misleads nobody", () => {
  expect(withTwice("<</A 1>>", "<</A 1>>", 1)).toEqual([]);
});
