import { existsSync, readdirSync, readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { addFields } from "../../signing/sign/fields.ts";
import { SigningError } from "../../signing/errors.ts";
import { type PdfDocument, readPdf } from "../../signing/pdf/document.ts";
import { structureFacts } from "../../signing/pdf/facts.ts";
import { PdfDict, PdfRef, PdfStream } from "../../signing/pdf/objects.ts";
import { blankDocument, codeOf, craftedTable, craftedXrefStream, crudeUpdate, seeded } from "./pdf-documents.ts";

const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";

/** Reads everything there is: all revisions, all objects, the pages. */
function readAll(bytes: Buffer): PdfDocument {
  const document = readPdf(bytes);
  for (const { index } of document.revisions) {
    const view = document.at(index);
    for (const number of view.numbers()) {
      const value = view.object(number)?.value;
      if (value instanceof PdfStream && value.dict.get("Filter") !== undefined) view.resolve(value.dict.get("Length"));
    }
  }
  document.latest.pages();
  return document;
}

/** How long the act takes, in milliseconds. */
function duration(act: () => unknown): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

describe("files of both kinds", () => {
  test.each(["table", "stream"] as const)("with a cross-reference %s", async (kind) => {
    const bytes = await blankDocument(kind, [0, 90, 0]);
    const document = readAll(bytes);
    expect(document.revisions.map((revision) => revision.kind)).toEqual([kind]);
    expect(document.latest.pages()).toHaveLength(3);
    expect(document.latest.dict(document.latest.trailer.get("Info"))).toBeInstanceOf(PdfDict);
  });

  test("each revision shows the objects of its time", () => {
    const first = craftedTable([CATALOG, PAGES, PAGE]);
    const { startxref } = readPdf(first).latest.revision;
    const both = crudeUpdate(first, { 3: PAGE.replace("100 100", "200 200") }, startxref);
    const document = readAll(both);
    expect(document.revisions.map((revision) => revision.end)).toEqual([first.length, both.length]);
    expect([...document.revisions[1]!.entries.keys()]).toEqual([3]);
    const boxes = [0, 1].map((index) => document.at(index).dict(new PdfRef(3))?.get("MediaBox"));
    expect(boxes).toEqual([
      [0, 0, 100, 100],
      [0, 0, 200, 200],
    ]);
    expect(document.latest.object(3)?.span?.start).toBe(first.length);
  });
});

describe("broken files are refused, never repaired", () => {
  const sound = craftedTable([CATALOG, PAGES, PAGE]).toString("latin1");
  const withPage = (page: string): string => craftedTable([CATALOG, PAGES, page]).toString("latin1");
  test.each([
    ["junk before the header", `x${sound}`],
    ["no startxref", sound.replace("startxref", "startxxxx")],
    ["a startxref beside its section", sound.replace(/startxref\n(\d+)/, (_, n) => `startxref\n${Number(n) + 3}`)],
    ["an entry of 19 bytes", sound.replace("65535 f \n", "65535 f\n")],
    ["a second startxref that goes back", `${sound}startxref\n${/startxref\n(\d+)/.exec(sound)![1]}\n%%EOF\n`],
    ["a chain that runs in a circle", sound.replace("/Size", `/Prev ${/startxref\n(\d+)/.exec(sound)![1]} /Size`)],
    ["an object at a wrong offset", sound.replace("1 0 obj", "7 0 obj")],
    ["a page tree in a circle", craftedTable([CATALOG, "<< /Kids [2 0 R] >>", PAGE]).toString("latin1")],
    ["a stream that is too long", withPage("<< /Length 9 >>\nstream\nabc\nendstream")],
    ["lengths in a circle", withPage("<< /Length 3 0 R >>\nstream\nabc\nendstream")],
    ["a catalog that refers to itself", craftedTable(["1 0 R", PAGES, PAGE]).toString("latin1")],
  ])("%s", (_, text) => {
    expect(codeOf(() => readAll(Buffer.from(text, "latin1")))).toBe("MALFORMED_PDF");
  });

  test("an encrypted file", () => {
    const file = craftedTable([CATALOG, PAGES, PAGE], "/Root 1 0 R /Encrypt << /Filter /Standard >>");
    expect(codeOf(() => readPdf(file))).toBe("ENCRYPTED_PDF");
  });
});

describe("bombs are refused within milliseconds", () => {
  test.each([
    ["a field of a gigabyte", "/W [1 1000000000 1] /Size 5 /Root 1 0 R", 100, "MALFORMED_PDF"],
    ["a thousand million entries", "/W [1 2 1] /Index [0 1000000000] /Size 5 /Root 1 0 R", 100, "LIMIT_EXCEEDED"],
    ["entries without bytes", "/W [0 0 0] /Size 8000000 /Root 1 0 R", 100, "MALFORMED_PDF"],
    ["data that inflates a thousandfold", "/W [1 2 1] /Size 5 /Root 1 0 R", 10_000_000, "LIMIT_EXCEEDED"],
  ])("%s", (_, keys, size, code) => {
    const file = craftedXrefStream(keys, Buffer.alloc(size));
    expect(duration(() => expect(codeOf(() => readPdf(file))).toBe(code))).toBeLessThan(200);
  });

  test("an object stream that inflates a thousandfold", async () => {
    const sound = await blankDocument("stream");
    const document = readPdf(sound);
    const container = [...document.latest.numbers()]
      .map((number) => document.latest.entry(number)!)
      .find((entry) => entry.type === "compressed")!;
    const bomb = deflateSync(Buffer.alloc(50_000_000, 32));
    const keys = `/Type /ObjStm /N 9 /First 99 /Filter /FlateDecode /Length ${bomb.length}`;
    const header = `${container.stream} 0 obj\n<< ${keys} >>\nstream\n`;
    const at = sound.length;
    const tail = Buffer.concat([Buffer.from(header), bomb, Buffer.from("\nendstream\nendobj\n")]);
    const startxref = at + tail.length;
    const root = document.latest.trailer.get("Root") as PdfRef;
    const previous = document.latest.revision.startxref;
    const section =
      `xref\n${container.stream} 1\n${String(at).padStart(10, "0")} 00000 n \ntrailer\n` +
      `<< /Size 50 /Root ${root.number} 0 R /Prev ${previous} >>\nstartxref\n${startxref}\n%%EOF\n`;
    const file = Buffer.concat([sound, tail, Buffer.from(section)]);
    expect(duration(() => expect(codeOf(() => readAll(file))).toBe("LIMIT_EXCEEDED"))).toBeLessThan(500);
  });

  test("one long array shown as a hundred objects", () => {
    const count = 100;
    const pairs = Array.from({ length: count }, (_, index) => `${index + 10} 0`).join(" ");
    const data = deflateSync(Buffer.from(`${pairs} [${"0 ".repeat(20_000)}]`));
    const sizes = `/N ${count} /First ${pairs.length + 1} /Length ${data.length}`;
    const body = `<< /Type /ObjStm /Filter /FlateDecode ${sizes} >>\nstream\n${data.toString("latin1")}\nendstream`;
    const padding = `(${"x".repeat(4_000)})`;
    const table = craftedTable([CATALOG, PAGES, PAGE, body, padding]);
    const entries = Array.from({ length: count }, (_, index) => [2, 4, index]).flat();
    const previous = readPdf(table).latest.revision.startxref;
    const keys = `/W [1 1 1] /Index [10 ${count}] /Size 200 /Root 1 0 R /Prev ${previous} /Length ${entries.length}`;
    const raw = Buffer.from(entries).toString("latin1");
    const section = `150 0 obj\n<< /Type /XRef ${keys} >>\nstream\n${raw}\nendstream\nendobj\n`;
    const file = Buffer.concat([table, Buffer.from(`${section}startxref\n${table.length}\n%%EOF\n`, "latin1")]);
    expect(readPdf(file).latest.object(10)?.value).toHaveLength(20_000);
    expect(duration(() => expect(codeOf(() => readAll(file))).toBe("LIMIT_EXCEEDED"))).toBeLessThan(500);
  });
});

describe("mutated files", () => {
  let seeds: Buffer[];
  beforeAll(async () => {
    const blank = await Promise.all([blankDocument("table", [0, 90]), blankDocument("stream", [0, 90])]);
    const field = { type: "signature", name: "a", page: 0, rect: [1, 1, 90, 90], lock: { action: "ALL" } } as const;
    seeds = blank.map((file) => addFields(file, [field]));
  });

  function mutate(seed: Buffer, random: () => number): Buffer {
    const bytes = Buffer.from(seed);
    const position = (): number => Math.floor(random() * bytes.length);
    for (let count = 1 + random() * 4; count > 0; count--) {
      const at = position();
      switch (Math.floor(random() * 5)) {
        case 0:
          bytes[at] = random() * 256;
          break;
        case 1:
          bytes[at] = "0123456789[]<>()/ R"[Math.floor(random() * 19)]!.charCodeAt(0);
          break;
        case 2:
          bytes.copy(bytes, at, position(), position());
          break;
        case 3:
          bytes.fill(random() * 256, at, Math.min(bytes.length, at + Math.floor(random() * 40)));
          break;
        default:
          return bytes.subarray(0, at);
      }
    }
    return bytes;
  }

  /** The mutants that break the promise: an error of our own within a second, or a document. */
  function failures(read: (bytes: Buffer) => unknown, rounds: number): number {
    const random = seeded(7);
    let failed = 0;
    for (let round = 0; round < rounds; round++) {
      const mutant = mutate(seeds[round % seeds.length]!, random);
      const start = performance.now();
      try {
        read(mutant);
      } catch (error) {
        if (!(error instanceof SigningError)) failed++;
      }
      if (performance.now() - start > 1_000) failed++;
    }
    return failed;
  }

  test("end in a document or in an error of our own, soon", () => {
    expect(failures((bytes) => [readAll(bytes), addFields(bytes, [])], 3_000)).toBe(0);
  });

  test("end so with repairs, too", () => {
    const repaired = (bytes: Buffer): void => {
      const document = readPdf(bytes, { repair: true });
      structureFacts(document);
      for (const { index } of document.revisions) {
        const view = document.at(index);
        for (const number of view.numbers()) {
          codeOf(() => {
            const value = view.object(number)?.value;
            if (value instanceof PdfStream) document.decode(value, view);
          });
        }
      }
    };
    expect(failures(repaired, 2_000)).toBe(0);
  });

  test("catch a reader that trusts an offset", () => {
    const trusting = (bytes: Buffer): unknown => {
      const offset = Number(/startxref\n(\d+)/.exec(bytes.toString("latin1", bytes.length - 50))?.[1]);
      return bytes.readUInt32BE(offset);
    };
    expect(failures(trusting, 500)).toBeGreaterThan(0);
  });
});

const corpus = "../shared/data/pdf-corpus/";
describe.skipIf(!existsSync(corpus))("signed files of other makers (where the corpus is present)", () => {
  /** Attacks and damage that the strict reader refuses, and one file whose /Prev points to nowhere. */
  const refused: Record<string, string> = {
    "coverage-23-siwa.pdf": "MALFORMED_PDF",
    "integrity-17-pdf-signed-corrupted.pdf": "MALFORMED_PDF",
    "multi-11-pades-5-signatures-and-1-document-timestamp.pdf": "MALFORMED_PDF",
    "robust-59-pades_infinite_loop.pdf": "MALFORMED_PDF",
    "shadow-27-hide.pdf": "MALFORMED_PDF",
  };
  const files = existsSync(corpus) ? readdirSync(corpus).filter((file) => file.endsWith(".pdf")) : [];
  test.each(files)("%s", (file) => {
    const bytes = readFileSync(corpus + file);
    expect(duration(() => expect(codeOf(() => readAll(bytes))).toBe(refused[file] ?? ""))).toBeLessThan(1_000);
  });
});
