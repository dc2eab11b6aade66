import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { structureFacts } from "../../signing/pdf/facts.ts";
import { PdfString } from "../../signing/pdf/objects.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { blankDocument, craftedTable, crudeUpdate } from "./pdf-documents.ts";

const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
const first = craftedTable([CATALOG, PAGES, PAGE, "(kept)"]);
const { startxref } = readPdf(first).latest.revision;

const factsOf = (file: Buffer) => structureFacts(readPdf(file, { repair: true }));
const nothing = { beforeHeader: 0, unlisted: [], redirected: [], unlistedSections: [], stray: [] };

/** A file in which bytes stand in front of an object, and a table that knows of it. */
function withBytes(bytes: string): Buffer {
  const text = first.toString("latin1");
  const at = text.indexOf("4 0 obj");
  const offset = (value: number): string => String(value + bytes.length).padStart(10, "0");
  const changed = (text.slice(0, at) + bytes + text.slice(at))
    .replace(String(at).padStart(10, "0"), offset(at))
    .replace(`startxref\n${startxref}`, `startxref\n${startxref + bytes.length}`);
  return Buffer.from(changed, "latin1");
}

describe("nothing is said of a sound file", () => {
  test.each(["table", "stream"] as const)("with a cross-reference %s, updated twice", async (kind) => {
    let file = await blankDocument(kind, [0, 90]);
    for (let round = 0; round < 3; round++) {
      expect(factsOf(file)).toEqual({ ...nothing, behindEnd: { start: file.length, length: 0, blank: true } });
      const document = readPdf(file);
      const update = new PdfUpdate(document);
      const page = document.latest.pages()[0]!;
      update.set(
        page,
        document.latest.dict(page)!.with({ PieceInfo: update.add(new PdfString(Buffer.from("endobj 5 0 obj"))) }),
      );
      file = update.finish().bytes;
    }
  });

  const corpus = "../shared/data/pdf-corpus/";
  const files = existsSync(corpus) ? readdirSync(corpus).filter((file) => file.endsWith(".pdf")) : [];
  if (files.length === 0) console.warn("SKIPPED: facts about files of other makers, for the corpus is absent");
  /** A signature wrapping attack, and nothing else: even most attacks keep to the file's structure. */
  test.each(files.filter((file) => !file.includes("siwa")))("%s", (file) => {
    const facts = factsOf(readFileSync(corpus + file));
    expect(facts).toMatchObject({ ...nothing, behindEnd: { blank: true } });
  });
});

describe("what no section accounts for is named", () => {
  test("an object that waits to take another one's place", () => {
    const file = withBytes("4 0 obj\n(hidden)\nendobj\n");
    expect(readPdf(file).latest.object(4)?.span?.start).toBe(file.indexOf("4 0 obj\n(kept)"));
    expect(factsOf(file)).toMatchObject({
      ...nothing,
      unlisted: [{ number: 4, offset: file.indexOf("4 0 obj"), revision: 0, numberIsUsed: true }],
    });
  });

  test("and the revision that puts it there", () => {
    const file = withBytes("4 0 obj\n(hidden)\nendobj\n");
    const hidden = file.indexOf("4 0 obj");
    const previous = readPdf(file).latest.revision.startxref;
    const section = `xref\n4 1\n${String(hidden).padStart(10, "0")} 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev ${previous} >>\n`;
    const exchanged = Buffer.from(`${file.toString("latin1")}${section}startxref\n${file.length}\n%%EOF\n`, "latin1");
    const facts = factsOf(exchanged);
    expect(facts.redirected).toEqual([{ number: 4, offset: hidden, revision: 1 }]);
  });

  test("an object of a number that nobody uses", () => {
    expect(factsOf(withBytes("9 0 obj\n(alone)\nendobj\n")).unlisted).toMatchObject([
      { number: 9, numberIsUsed: false },
    ]);
  });

  test("not an object inside a stream's data", () => {
    const inner = "4 0 obj\n(data)\nendobj\n";
    const file = craftedTable([CATALOG, PAGES, PAGE, `<< /Length ${inner.length} >>\nstream\n${inner}\nendstream`]);
    expect(factsOf(file)).toMatchObject(nothing);
  });

  test("stray bytes", () => {
    const file = withBytes("<script>alert(1)</script>\n");
    const start = file.indexOf("<script>");
    expect(factsOf(file).stray).toEqual([{ start, end: file.indexOf("4 0 obj") }]);
    expect(factsOf(withBytes("% a comment\n")).stray).toEqual([]);
  });

  test("a section that no chain leads to", () => {
    const update = crudeUpdate(first, { 3: PAGE }, startxref);
    const second = crudeUpdate(update, { 4: "(other)" }, startxref);
    const skipped = update.indexOf("trailer", first.length) + "trailer".length;
    expect(factsOf(second).unlistedSections).toEqual([skipped]);
  });

  test("bytes before the header and behind the end", () => {
    const before = Buffer.concat([Buffer.from("GIF89a\n"), first]);
    expect(factsOf(before).beforeHeader).toBe(7);
    const behind = Buffer.concat([first, Buffer.from("<html>")]);
    expect(factsOf(behind).behindEnd).toEqual({ start: first.length, length: 6, blank: false });
    const padded = Buffer.concat([first, Buffer.from("\n \0\0")]);
    expect(factsOf(padded).behindEnd).toEqual({ start: first.length, length: 4, blank: true });
  });
});

test("a thousand revisions cost no more than their bytes", () => {
  let file = first;
  let previous = startxref;
  const chunks = [first];
  let length = first.length;
  for (let round = 0; round < 990; round++) {
    const tail = crudeUpdate(Buffer.alloc(0), { 3: PAGE.replace("100", String(round + 101)) }, previous).toString(
      "latin1",
    );
    const table = tail.indexOf("xref\n");
    const own = tail
      .replace(/\d{10} 00000 n/, `${String(length).padStart(10, "0")} 00000 n`)
      .replace(/startxref\n\d+/, `startxref\n${length + table}`);
    chunks.push(Buffer.from(own, "latin1"));
    previous = length + table;
    length += own.length;
  }
  file = Buffer.concat(chunks);
  const before = performance.now();
  const document = readPdf(file);
  expect(document.revisions).toHaveLength(991);
  for (const { index } of document.revisions) {
    const view = document.at(index);
    for (let number = 1; number <= 4; number++) view.object(number);
    expect(view.pages()).toHaveLength(1);
  }
  structureFacts(document);
  expect(performance.now() - before).toBeLessThan(2_000);
});
