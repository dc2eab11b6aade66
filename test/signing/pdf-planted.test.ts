import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import * as documents from "../../signing/pdf/document.ts";
import * as facts from "../../signing/pdf/facts.ts";
import { blankDocument, craftedTable, crudeUpdate } from "./pdf-documents.ts";

const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
const first = craftedTable([CATALOG, PAGES, PAGE, "<< /Length 3 >>\nstream\nabc\nendstream"]);
const blank = await blankDocument("stream", [0]);

interface Reader {
  readonly readPdf: typeof documents.readPdf;
  readonly structureFacts: typeof facts.structureFacts;
}

const ours: Reader = { readPdf: documents.readPdf, structureFacts: facts.structureFacts };

const refuses = (act: () => unknown): boolean => {
  try {
    act();
    return false;
  } catch (error) {
    return (error as Error).name === "SigningError";
  }
};

/** A file whose section lists object 4 where another one stands. */
const misdirected = Buffer.from(
  first.toString("latin1").replace(/\d{10}(?= 00000 n \ntrailer)/, "0000000009"),
  "latin1",
);
/** Two objects of one number in one revision, and a chain cut off behind it. */
const twice = ((): Buffer => {
  const { startxref } = documents.readPdf(first).latest.revision;
  const text = crudeUpdate(first, { 3: PAGE }, startxref)
    .toString("latin1")
    .replace(/\/Prev \d+/, "/Prev 0");
  const at = text.indexOf("3 0 obj");
  const more = "4 0 obj\n(other)\nendobj\n";
  const moved = text.slice(0, at) + more + text.slice(at);
  const grown = moved.replace(/(?<=xref\n3 1\n)\d{10}/, (n) => String(Number(n) + more.length).padStart(10, "0"));
  return Buffer.from(
    grown.replace(/startxref\n(\d+)\n%%EOF\n$/, (_, n) => `startxref\n${Number(n) + more.length}\n%%EOF\n`),
    "latin1",
  );
})();

/** Each check holds for our reader and must fail for one with the bug. */
describe("planted bugs in the reader are caught", () => {
  const folder = mkdtempSync(join(tmpdir(), "planted-pdf-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const project = fileURLToPath(new URL("../../", import.meta.url));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');

  const cases: readonly (readonly [string, string, string, string, (reader: Reader) => boolean])[] = [
    [
      "an object is taken for another",
      "view.ts",
      "object.number !== number || object.generation !== generation",
      "false",
      ({ readPdf }) => refuses(() => readPdf(misdirected).latest.object(4)),
    ],
    [
      "a repair keeps silent",
      "repairs.ts",
      "this.#rebuilt = true;",
      "",
      ({ readPdf }) => {
        const document = readPdf(misdirected, { repair: true });
        return document.latest.object(4) !== undefined && document.rebuilt;
      },
    ],
    [
      "an ambiguous file passes for a clear one",
      "rebuild.ts",
      "listed === objects.length",
      "true",
      ({ readPdf }) => readPdf(twice, { repair: true }).rebuilt,
    ],
    [
      "hidden objects are not named",
      "facts.ts",
      "listed.has(object.offset) || isSection(object)",
      "true",
      ({ readPdf, structureFacts }) => structureFacts(readPdf(misdirected, { repair: true })).unlisted.length === 1,
    ],
    [
      "an inflated stream is not charged",
      "limits.ts",
      "if (this.#inflatable < 0)",
      "if (false)",
      ({ readPdf }) => {
        const document = readPdf(blank);
        return refuses(() => {
          for (let round = 0; round < 10; round++) document.reading.budget.inflated(2 ** 20);
        });
      },
    ],
    [
      "a section may lie behind its revision",
      "view.ts",
      "if (offset >= this.revision.end)",
      "if (false)",
      ({ readPdf }) => {
        const document = readPdf(crudeUpdate(first, { 4: "(later)" }, readPdf(first).latest.revision.startxref));
        const earlier = document.revisions[0]!.entries as Map<number, documents.XrefEntry>;
        earlier.set(4, document.latest.entry(4)!);
        return refuses(() => document.at(0).object(4));
      },
    ],
  ];

  test.each(cases)("%s", async (bug, file, code, broken, holds) => {
    expect(holds(ours)).toBe(true);
    const copy = join(folder, bug.replaceAll(" ", "-"));
    cpSync(join(project, "signing"), copy, { recursive: true });
    const path = join(copy, "pdf", file);
    const source = readFileSync(path, "utf8");
    expect(source.split(code)).toHaveLength(2);
    writeFileSync(path, source.replace(code, broken));
    const load = (name: string): Promise<Reader> =>
      import(pathToFileURL(join(copy, "pdf", name)).href) as Promise<Reader>;
    const { readPdf } = await load("document.ts");
    const { structureFacts } = await load("facts.ts");
    expect(holds({ readPdf, structureFacts })).toBe(false);
  });
});
