import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { PdfRef, PdfStream } from "../../signing/pdf/objects.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { blankDocument, codeOf, craftedTable, crudeUpdate } from "./pdf-documents.ts";
import { plain } from "./pdf-plain.ts";

const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
const LARGER = PAGE.replace("100 100", "200 200");
const STREAM = "<< /Length 5 >>\nstream\nabcde\nendstream";

const first = craftedTable([CATALOG, PAGES, PAGE, STREAM]);
const start = readPdf(first).latest.revision.startxref;
const both = crudeUpdate(first, { 3: LARGER }, start);

const edited = (pdf: Buffer, from: string | RegExp, to: string): Buffer => {
  const text = pdf.toString("latin1");
  const changed = text.replace(from, to);
  if (changed === text) throw new Error("The edit changes nothing.");
  return Buffer.from(changed, "latin1");
};

/** Codes without their places. */
const codes = (repairs: readonly string[]): string[] => repairs.map((repair) => repair.replace(/ at byte \d+$/, ""));

describe("what every reader takes in the same way is named, and harmless", () => {
  test.each([
    ["entries of 19 bytes", edited(first, / n \n/g, " n\n"), "XREF_LINES_OF_ANOTHER_LENGTH"],
    ["a table numbered from one", edited(first, "xref\n0 5", "xref\n1 5"), "XREF_NUMBERED_FROM_ONE"],
    ["a startxref that points at white space", edited(first, `\n${start}\n`, `\n${start - 1}\n`), "SPACE_BEFORE_XREF"],
    ["a /Prev of 0 without anything before", edited(first, "/Size", "/Prev 0 /Size"), "PREV_ZERO"],
  ])("%s", (_, file, code) => {
    const document = readPdf(file, { repair: true });
    expect(plain(document.latest.get(new PdfRef(3)))).toContain("[0 0 100 100]");
    expect([codes(document.repairs), document.rebuilt]).toEqual([[code], false]);
  });

  test("a missing endobj, when the object is read", () => {
    const file = edited(first, "endobj\n4 0 obj", "4 0 obj");
    const document = readPdf(moved(file), { repair: true });
    expect(document.repairs).toEqual([]);
    expect(document.latest.pages()).toHaveLength(1);
    expect([codes(document.repairs), document.rebuilt]).toEqual([["MISSING_ENDOBJ"], false]);
  });

  test("sections cut off by a /Prev of 0, where all else fits", () => {
    const cut = edited(both, `/Prev ${start}`, "/Prev 0");
    const document = readPdf(moved(cut), { repair: true });
    expect(document.revisions).toHaveLength(2);
    expect(plain(document.at(0).get(new PdfRef(3)))).toContain("[0 0 100 100]");
    expect(plain(document.latest.get(new PdfRef(3)))).toContain("[0 0 200 200]");
    expect([codes(document.repairs), document.rebuilt]).toEqual([["PREV_ZERO", "EARLIER_SECTIONS_REBUILT"], false]);
    expect(codeOf(() => readPdf(moved(cut)))).toBe("MALFORMED_PDF");
    expect(codeOf(() => new PdfUpdate(document))).toBe("MALFORMED_PDF");
  });

  test.each([
    [
      "an object that stands there twice",
      (file: Buffer) => edited(file, "3 0 obj", `3 0 obj\n${LARGER}\nendobj\n3 0 obj`),
    ],
    ["stray bytes", (file: Buffer) => edited(file, "endobj\n3 0 obj", "endobj\nstray\n3 0 obj")],
    ["a stream of a wrong length", (file: Buffer) => edited(file, "/Length 5", "/Length 3")],
  ])("but not with %s", (_, damage) => {
    const document = readPdf(moved(damage(edited(both, `/Prev ${start}`, "/Prev 0"))), { repair: true });
    expect(document.rebuilt).toBe(true);
  });
});

/** The file with the last startxref where its section is now, and the offsets of the last table put right. */
function moved(file: Buffer): Buffer {
  const text = file.toString("latin1");
  const at = text.lastIndexOf("\nxref\n") + 1;
  const [head, table] = [text.slice(0, at), text.slice(at)];
  let number = 0;
  const lines = table.split("\n").map((line) => {
    const subsection = /^(\d+) \d+$/.exec(line);
    if (subsection) number = Number(subsection[1]);
    if (!/^\d{10} \d{5} [nf] $/.test(line)) return line;
    const offset = head.lastIndexOf(`\n${number++} 0 obj`) + 1;
    return line.endsWith("n ") ? `${String(offset).padStart(10, "0")} 00000 n ` : line;
  });
  return Buffer.from(head + lines.join("\n").replace(/startxref\n\d+/, `startxref\n${at}`), "latin1");
}

describe("what has to be guessed is named, and never harmless", () => {
  test.each([
    ["a startxref that points elsewhere", edited(both, /startxref\n\d+\n%%EOF\n$/, "startxref\n7\n%%EOF\n"), 2],
    ["a /Prev that points elsewhere", edited(both, `/Prev ${start}`, "/Prev 17"), 2],
    ["a chain that runs in a circle", edited(both, /\/Prev \d+/, `/Prev ${both.lastIndexOf("xref\n3 1")}`), 2],
    ["bytes before the header", Buffer.concat([Buffer.from("<html></html>\n"), both]), 2],
    ["the end cut off", both.subarray(0, both.length - 3), 2],
    ["line ends that became longer", edited(both, /\n/g, "\r\n"), 2],
    ["no table at all", Buffer.from(first.toString("latin1").replace(/xref\n[^]*/, ""), "latin1"), 1],
  ])("%s", (_, file, revisions) => {
    expect(codeOf(() => readPdf(file))).toBe("MALFORMED_PDF");
    const document = readPdf(file, { repair: true });
    expect(document.rebuilt).toBe(true);
    expect(document.repairs.length).toBeGreaterThan(0);
    expect(document.revisions).toHaveLength(revisions);
    expect(document.latest.pages()).toHaveLength(1);
    const size = revisions === 2 ? "[0 0 200 200]" : "[0 0 100 100]";
    expect(plain(document.latest.get(new PdfRef(3)))).toContain(size);
    expect(plain(document.at(0).get(new PdfRef(3)))).toContain("[0 0 100 100]");
    expect(codeOf(() => new PdfUpdate(document))).toBe("MALFORMED_PDF");
  });

  test.each([
    ["without its end", edited(both, /startxref\n\d+\n%%EOF\n$/, "")],
    ["without its table", both.subarray(0, both.lastIndexOf("xref\n3 1"))],
    ["far behind", Buffer.concat([first, Buffer.alloc(5_000), both.subarray(first.length, first.length + 60)])],
  ])("objects of a revision %s", (_, file) => {
    const document = readPdf(file, { repair: true });
    expect(document.revisions).toHaveLength(1);
    expect([codes(document.repairs), document.rebuilt]).toEqual([["OBJECTS_BEHIND_END"], true]);
    expect(codeOf(() => new PdfUpdate(document))).toBe("MALFORMED_PDF");
  });

  test("a stream of a wrong length, when it is read", () => {
    for (const length of ["3", "9", "4 0 R", "null"]) {
      const file = moved(edited(first, "/Length 5", `/Length ${length}`));
      expect(codeOf(() => readPdf(file).latest.get(new PdfRef(4)))).toBe("MALFORMED_PDF");
      const document = readPdf(file, { repair: true });
      expect(document.rebuilt).toBe(false);
      expect((document.latest.get(new PdfRef(4)) as PdfStream).raw.toString()).toBe("abcde");
      expect([codes(document.repairs), document.rebuilt]).toEqual([["WRONG_STREAM_LENGTH"], true]);
    }
  });

  test("an object that stands elsewhere, in each revision its own", () => {
    const lost = edited(
      edited(
        both,
        /\n\d{10} 00000 n \n\d{10} 00000 n \ntrailer/,
        "\n0000000012 00000 n \n0000000012 00000 n \ntrailer",
      ),
      /(?<=3 1\n)\d{10}/,
      "0000000013",
    );
    const document = readPdf(lost, { repair: true });
    expect(plain(document.at(0).get(new PdfRef(3)))).toContain("[0 0 100 100]");
    expect(plain(document.latest.get(new PdfRef(3)))).toContain("[0 0 200 200]");
    expect(document.rebuilt).toBe(true);
    expect(new Set(codes(document.repairs))).toEqual(new Set(["OBJECT_NOT_IN_ITS_PLACE 3"]));
  });

  test("object streams are found again", async () => {
    const sound = await blankDocument("stream", [0, 90, 0]);
    const document = readPdf(edited(sound, /startxref\n\d+/, "startxref\n7"), { repair: true });
    expect(document.rebuilt).toBe(true);
    const { latest } = readPdf(sound);
    for (const number of latest.numbers()) {
      const value = latest.object(number)!.value;
      if (!(value instanceof PdfStream)) expect(plain(document.latest.object(number)?.value)).toBe(plain(value));
    }
  });
});

describe("a file that wants to cost too much", () => {
  const timed = (file: Buffer): number => {
    const before = performance.now();
    expect(["", "MALFORMED_PDF", "LIMIT_EXCEEDED"]).toContain(
      codeOf(() => {
        const document = readPdf(file, { repair: true });
        for (const number of document.latest.numbers()) codeOf(() => document.latest.object(number));
      }),
    );
    return performance.now() - before;
  };

  test.each([
    ["objects that never end", "1 0 obj (".repeat(100_000)],
    ["streams that never end", "1 0 obj <</Length 9>> stream\n".repeat(30_000)],
    ["nothing but words", "obj trailer startxref endobj %%EOF".repeat(30_000)],
    ["numbers without a word", "1 0 ".repeat(250_000)],
    ["deep nesting again and again", `1 0 obj ${"[".repeat(90)}`.repeat(10_000)],
    ["a comment without an end", `1 0 obj %${"x".repeat(1_000_000)}`],
    ["tables without an end", "xref 0 1 ".repeat(100_000)],
  ])("%s", (_, text) => {
    const catalog = `1 0 obj ${CATALOG} endobj\n`;
    expect(timed(Buffer.from(`%PDF-1.7\n${catalog}${text}`, "latin1"))).toBeLessThan(3_000);
  });
});

const corpus = "../shared/data/pdf-corpus/";
describe.skipIf(!existsSync(corpus))("broken files of other makers (where the corpus is present)", () => {
  const read = (file: string) => readPdf(readFileSync(corpus + file), { repair: true });

  test("five signatures and a time-stamp whose earlier sections are cut off", () => {
    const document = read("multi-11-pades-5-signatures-and-1-document-timestamp.pdf");
    expect([document.revisions.length, document.rebuilt]).toEqual([8, false]);
    expect(codes(document.repairs)).toEqual(["PREV_ZERO", "EARLIER_SECTIONS_REBUILT"]);
    expect(document.latest.pages()).toHaveLength(1);
  });

  test("a chain without an end", () => {
    const before = performance.now();
    const document = read("robust-59-pades_infinite_loop.pdf");
    expect([document.rebuilt, document.latest.pages().length]).toEqual([true, 1]);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe("a look at whether the file says that it is linearized", () => {
  const pages = "<< /Type /Pages /Kids [4 0 R] /Count 1 >>";
  const page = "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 100 100] >>";
  const withFirst = (body: string, ...more: string[]) =>
    craftedTable([body, "<< /Type /Catalog /Pages 3 0 R >>", pages, page, ...more], "/Root 2 0 R");
  const read = (file: Buffer) => {
    const { repairs, rebuilt } = readPdf(file, { repair: true });
    return { repairs, rebuilt };
  };
  const nothing = { repairs: [], rebuilt: false };

  test("leaves no trace of a stream whose length stands elsewhere", () => {
    expect(read(withFirst("<< /Length 5 0 R >>\nstream\nabc\nendstream", "3"))).toEqual(nothing);
  });

  test("leaves no trace of an object that cannot be read", () => {
    expect(read(withFirst("<< /A"))).toEqual(nothing);
  });

  test("names the length of the whole file, where the last section stands at its end", () => {
    const { length } = withFirst("<< /Linearized 1 /L 0000 >>");
    const says = (value: number) => withFirst(`<< /Linearized 1 /L ${String(value).padStart(4, "0")} >>`);
    expect(read(says(length))).toEqual({ repairs: ["LINEARIZED_LENGTH_AFTER_UPDATES at byte 0"], rebuilt: true });
    expect(read(says(length - 1))).toEqual(nothing);
    expect(read(withFirst(`<< /Linearised 1 /L ${String(length).padStart(4, "0")} >>`))).toEqual(nothing);
  });
});
