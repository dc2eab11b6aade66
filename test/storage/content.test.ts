import { deflateSync } from "node:zlib";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { PDFDocument } from "pdf-lib";
import { describe, expect, test } from "vitest";
import { contentEnds, inspectContent, mediaTypeOf, openFileStore } from "../../storage/index.ts";
import { plantBug } from "./mutant.ts";

const text = (content: string): Buffer => Buffer.from(content);
const whole = (content: Buffer, judge = mediaTypeOf) => {
  const [head, tail] = [content.subarray(0, contentEnds.head), content.subarray(-contentEnds.tail)];
  const { extension, problems } = judge(head, tail);
  return [extension, ...[...problems].sort()];
};
const zip = (...names: string[]): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(names.map((name) => [name, text(`content of ${name}`)]))));

const pdf = Buffer.from(await (await PDFDocument.create()).save());
const docx = zip("[Content_Types].xml", "_rels/.rels", "word/document.xml");
const jpeg = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");
const png = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010800000000", "hex"),
  deflateSync(Buffer.alloc(2)),
  Buffer.from("0000000049454e44ae426082", "hex"),
]);
const oneFile = zip("a.txt");
const renamed = Buffer.from(oneFile);
renamed.write("b.txt", renamed.indexOf("a.txt"), "latin1");
const encrypted = Buffer.from(oneFile);
encrypted.writeUInt8(encrypted.readUInt8(encrypted.indexOf("PK\x01\x02") + 8) | 1, encrypted.indexOf("PK\x01\x02") + 8);
const odt = Buffer.from(
  zipSync({ mimetype: [text("application/vnd.oasis.opendocument.text"), { level: 0 }], "content.xml": text("<a/>") }),
);
const namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
const edxml = `<?xml version="1.0"?>\n<!-- QCVN 102 --><edXML:edXML xmlns:edXML="${namespace}"/>`;
const macros = zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin");
const pageAndPdf = text("<html><!-- %PDF-1.4\n%%EOF -->");

const judgements: [what: string, content: Buffer, ...judgement: string[]][] = [
  ["a PDF", pdf, "pdf"],
  ["a PDF with an end of line after it", Buffer.concat([pdf, text("\r\n\0 ")]), "pdf"],
  ["a PDF with bytes before it", Buffer.concat([Buffer.from([0, 1, 2]), pdf]), "pdf", "LEADING_BYTES"],
  ["a PDF with bytes after it", Buffer.concat([pdf, text("<script>")]), "pdf", "TRAILING_BYTES"],
  ["half a PDF", pdf.subarray(0, pdf.length / 2), "pdf", "TRUNCATED"],
  ["a PDF that is also a ZIP", Buffer.concat([pdf, docx]), "pdf", "POLYGLOT", "TRAILING_BYTES"],
  ["a PDF that is also a ZIP and ends as a PDF", Buffer.concat([pdf, oneFile, text("\n%%EOF\n")]), "pdf", "POLYGLOT"],
  ["a web page that is also a PDF", Buffer.concat([text("<html><!--"), pdf]), "pdf", "LEADING_BYTES"],
  ["a web page that is also a PDF in text", pageAndPdf, "html", "ACTIVE_CONTENT", "POLYGLOT"],
  ["a PNG", png, "png"],
  ["a PNG that is also a ZIP", Buffer.concat([png, oneFile]), "png", "POLYGLOT", "TRAILING_BYTES"],
  ["a JPEG", jpeg, "jpg"],
  ["a JPEG without end", jpeg.subarray(0, -2), "jpg", "TRUNCATED"],
  ["a Word document", docx, "docx"],
  ["a spreadsheet", zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"],
  ["a presentation", zip("[Content_Types].xml", "ppt/presentation.xml"), "pptx"],
  ["an OpenDocument text", odt, "odt"],
  ["a Word document with macros", macros, "docx", "MACROS"],
  ["a ZIP", oneFile, "zip"],
  ["an empty ZIP", Buffer.from(zipSync({})), "zip"],
  ["a ZIP with something after it", Buffer.concat([oneFile, text("x")]), "zip", "TRAILING_BYTES"],
  ["half a ZIP", oneFile.subarray(0, 40), "zip", "TRUNCATED"],
  ["a ZIP that two readers see differently", renamed, "zip", "POLYGLOT"],
  ["a ZIP that leaves its folder", zip("../../etc/passwd"), "zip", "UNSAFE_NAMES"],
  ["a ZIP with an absolute name", zip("/etc/passwd"), "zip", "UNSAFE_NAMES"],
  ["a ZIP with a drive in a name", zip("C:\\x"), "zip", "UNSAFE_NAMES"],
  ["an encrypted ZIP", encrypted, "zip", "ENCRYPTED"],
  ["a Java archive", zip("META-INF/MANIFEST.MF", "A.class"), "zip", "EXECUTABLE"],
  ["a ZIP with 10,001 names", zip(...Array.from({ length: 10_001 }, (_, n) => `${n}`)), "zip", "TOO_MANY_ENTRIES"],
  ["a Linux program", Buffer.from("7f454c4602010100", "hex"), "elf", "EXECUTABLE"],
  ["a Windows program", Buffer.from("4d5a900003000000", "hex"), "exe", "EXECUTABLE"],
  ["a macOS program", Buffer.from("cffaedfe07000001", "hex"), "bin", "EXECUTABLE"],
  ["a shell script", text("#!/bin/sh\nrm -rf /\n"), "sh", "EXECUTABLE"],
  ["an old Office document", Buffer.from("d0cf11e0a1b11ae100", "hex"), "ole", "LEGACY_FORMAT"],
  ["rich text", text("{\\rtf1 x}"), "rtf", "LEGACY_FORMAT"],
  ["Vietnamese text", text("Kính gửi: Ủy ban nhân dân tỉnh Đắk Lắk\r\n"), "txt"],
  ["text that begins as a program does", text("MZ là hai chữ cái"), "txt"],
  ["text with a mark of byte order", text("\ufeffSố: 12/QĐ-UBND"), "txt"],
  ["a web page", text("\n<!doctype html><title>x</title>"), "html", "ACTIVE_CONTENT", "DOCTYPE"],
  ["a script where a page begins", text("<script>alert(1)</script>"), "html", "ACTIVE_CONTENT"],
  ["a drawing with scripts", text(`<?xml version="1.0"?><svg xmlns="…"/>`), "svg", "ACTIVE_CONTENT"],
  ["XML", text(`<?xml version="1.0"?><register/>`), "xml"],
  ["XML with entities", text(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`), "xml", "DOCTYPE"],
  ["a message of the axis", text(edxml), "edxml"],
  ["nothing", Buffer.alloc(0), "bin", "EMPTY"],
  ["noise", Buffer.from("00ff00ff8081", "hex"), "bin", "UNKNOWN"],
  ["text with control characters", text("a\u0007b"), "bin", "UNKNOWN"],
];

describe("says by its bytes what a content is:", () => {
  test.each(judgements)("%s", (_what, content, ...judgement) => expect(whole(content)).toEqual(judgement));
});

test("reads a text whose head ends inside a character", () => {
  const long = text("ế".repeat(30_000));
  for (const length of [1_000, 1_001, 1_002]) expect(mediaTypeOf(long.subarray(0, length)).extension).toBe("txt");
});

test("looks no further than its bounds, whatever the bytes say", () => {
  const ends = Buffer.alloc(contentEnds.tail, "PK\x05\x06", "latin1");
  const deep = text("<?xml version='1.0'?>" + "<!-- -->".repeat(8_000));
  const started = performance.now();
  for (const hostile of [ends, Buffer.concat([pdf, ends]), Buffer.concat([oneFile, ends]), deep]) whole(hostile);
  for (const [, content] of judgements) {
    for (let cut = 0; cut < Math.min(content.length, 300); cut++) whole(content.subarray(0, cut));
    for (let at = 0; at < Math.min(content.length, 300); at++) {
      const changed = Buffer.from(content.subarray(0, 100_000));
      changed.writeUInt8(changed.readUInt8(at) ^ 0xff, at);
      whole(changed);
    }
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("inspects a stored object by its two ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "congvan-content-"));
  try {
    await using store = await openFileStore(folder);
    const inspect = async (bytes: Buffer) => inspectContent(store, await store.put(bytes));
    const filler = Buffer.alloc(3_000_000, "%\n");
    expect(await inspect(pdf)).toEqual({ mediaType: "application/pdf", extension: "pdf", problems: [] });
    expect((await inspect(Buffer.concat([pdf, filler, text("%%EOF")]))).problems).toEqual([]);
    expect((await inspect(Buffer.concat([pdf, filler, oneFile]))).problems).toContain("POLYGLOT");
    expect((await inspect(Buffer.alloc(0))).problems).toEqual(["EMPTY"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["bytes after the end allowed", "content.ts", `? ["TRAILING_BYTES"] : [];\n}\n\nconst`, "? [] : [];\n}\n\nconst"],
  ["a second format not looked for", "content.ts", "zipDirectory(tail) !== undefined", "false"],
  ["names in archives not looked at", "zip.ts", "isUnsafe(entry.name)", "false"],
  ["two directories not compared", "zip.ts", "atStart !== first[0]?.name", "false"],
  ["document types allowed", "text.ts", "/<!DOCTYPE/i.test(begin) ?", "false ?"],
])("a planted bug is caught: %s", async (_bug, file, passage, replacement) => {
  await using mutant = await plantBug(file, passage, replacement);
  const { mediaTypeOf: broken } = await mutant.content();
  const caught = judgements.filter(([, content, ...right]) => String(whole(content, broken)) !== String(right));
  expect(caught.length).toBeGreaterThan(0);
});
