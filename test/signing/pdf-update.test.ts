import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { dict, PdfDict, type PdfObject, PdfRef, PdfStream, PdfString } from "../../signing/pdf/objects.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { needs } from "../support/judges.ts";
import { blankDocument, craftedTable } from "./pdf-documents.ts";
import { installed, qpdfComplaints } from "./pdf-judges.ts";
import { everything } from "./pdf-plain.ts";

function idOf(bytes: Buffer): string[] {
  const { latest } = readPdf(bytes);
  return latest.array(latest.trailer.get("ID")).map((part) => (part as PdfString).bytes.toString("hex"));
}

describe.each(["table", "stream"] as const)("an update of a file with a cross-reference %s", (kind) => {
  async function updated(): Promise<{ base: Buffer; result: Buffer; added: PdfRef; page: PdfRef }> {
    const base = await blankDocument(kind);
    const document = readPdf(base);
    const update = new PdfUpdate(document);
    const added = update.add(new PdfStream(dict({ Kind: 1 }), Buffer.from("một hai ba")));
    const page = document.latest.pages()[0]!;
    update.set(page, document.latest.dict(page)!.with({ PieceInfo: added }));
    return { base, result: update.finish().bytes, added, page };
  }

  test("is appended, in the file's own kind, and holds only what changed", async () => {
    const { base, result, added, page } = await updated();
    expect(result.subarray(0, base.length).equals(base)).toBe(true);
    const { revisions } = readPdf(result);
    expect(revisions.map((revision) => revision.kind)).toEqual([kind, kind]);
    expect(revisions[1]!.end).toBe(result.length);
    const own = kind === "stream" ? [added.number + 1] : [];
    expect(new Set(revisions[1]!.entries.keys())).toEqual(new Set([page.number, added.number, ...own]));
  });

  test("shows the new objects, and the old ones to those who look back", async () => {
    const { result, added, page } = await updated();
    const document = readPdf(result);
    expect((document.latest.get(added) as PdfStream).raw.toString()).toBe("một hai ba");
    expect(document.latest.dict(page)?.get("PieceInfo")).toBeInstanceOf(PdfRef);
    expect(document.at(0).dict(page)?.get("PieceInfo")).toBeUndefined();
    expect(document.at(0).get(added)).toBe(null);
  });

  test("keeps /Root and /Info and the first part of /ID, and renews the second", async () => {
    const { result } = await updated();
    const second = new PdfUpdate(readPdf(result)).finish().bytes;
    const [before, after] = [readPdf(result).latest.trailer, readPdf(second).latest.trailer];
    for (const key of ["Root", "Info"]) expect(after.get(key)).toEqual(before.get(key));
    expect(idOf(second)[0]).toBe(idOf(result)[0]);
    expect(idOf(second)[1]).not.toBe(idOf(result)[1]);
  });

  test("gives no number away twice, even where /Size lies", async () => {
    const { result, added } = await updated();
    const document = readPdf(result);
    const entries = document.latest.trailer as PdfDict & { entries: Map<string, PdfObject> };
    entries.entries.set("Size", 2);
    expect(new PdfUpdate(document).allocate().number).toBeGreaterThan(added.number);
  });

  test.skipIf(!installed("qpdf"))("pleases qpdf, and a damaged one does not", async () => {
    const { result } = await updated();
    expect(qpdfComplaints(result)).toBe("");
    const text = result.toString("latin1").replace(/startxref\n(\d+)\n%%EOF\n$/, "startxref\n7\n%%EOF\n");
    const damaged = Buffer.from(text, "latin1");
    expect(qpdfComplaints(damaged)).not.toBe("");
  });
});

test("the first revision that we make has one section without gaps", async () => {
  const file = (await blankDocument("table", [0, 90])).toString("latin1");
  const [, first, count] = /xref\n(\d+) (\d+)\n(?:\d{10} \d{5} [nf] ?[\r\n]{1,2})+trailer/.exec(file)!;
  expect([first, file.split("\nxref\n").length]).toEqual(["0", 2]);
  expect(Number(count)).toBe(readPdf(Buffer.from(file, "latin1")).latest.trailer.get("Size"));
});

describe("the tail alone", () => {
  test.each(["table", "stream"] as const)("is what stands behind the file, with a %s", async (kind) => {
    const base = await blankDocument(kind);
    const update = new PdfUpdate(readPdf(base));
    const ref = update.add(Buffer.from("[1 2]"));
    const { bytes, tail, bodies } = update.finish();
    expect(Buffer.concat([base, tail]).equals(bytes)).toBe(true);
    expect(bytes.indexOf("[1 2]")).toBe(bodies.get(ref.number));
  });

  test.each(["table", "stream"] as const)("extends a document that was read before, with a %s", async (kind) => {
    let file = await blankDocument(kind);
    let document = readPdf(file);
    for (let round = 0; round < 4; round++) {
      const update = new PdfUpdate(document);
      const page = document.latest.pages()[0]!;
      update.set(page, document.latest.dict(page)!.with({ PieceInfo: update.add([round]) }));
      const { tail, bodies } = update.finish();
      file = Buffer.concat([file, tail]);
      for (const [number, offset] of bodies) {
        expect(file.toString("latin1", 0, offset)).toMatch(new RegExp(`\\n${number} 0 obj\\n$`));
      }
      document = document.extended(tail);
      const again = readPdf(file);
      expect(document.revisions).toEqual(again.revisions);
      for (const { index } of again.revisions) {
        for (const number of again.at(index).numbers()) {
          const [own, other] = [document.at(index).object(number)?.value, again.at(index).object(number)?.value];
          expect(own).toEqual(other);
        }
      }
    }
  });

  test("two extensions of one document do not see each other", async () => {
    const document = readPdf(await blankDocument("table"));
    const [one, two] = [1, 2].map((value) => {
      const update = new PdfUpdate(document);
      const ref = update.add([value]);
      return { ref, extended: document.extended(update.finish().tail) };
    });
    expect(one!.extended.latest.get(one!.ref)).toEqual([1]);
    expect(two!.extended.latest.get(two!.ref)).toEqual([2]);
    expect(document.latest.get(one!.ref)).toBe(null);
  });

  test("that continues another file is refused", async () => {
    const document = readPdf(await blankDocument("table"));
    const other = readPdf(craftedTable(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [] >>"]));
    expect(() => document.extended(new PdfUpdate(other).finish().tail)).toThrow();
  });
});

describe.skipIf(!installed("qpdf"))("files of other kinds are continued", () => {
  function qpdf(pdf: Buffer, ...options: readonly string[]): Buffer {
    needs("qpdf");
    const directory = mkdtempSync(join(tmpdir(), "congvan-update-"));
    try {
      writeFileSync(join(directory, "from.pdf"), pdf);
      execFileSync("qpdf", [...options, join(directory, "from.pdf"), join(directory, "to.pdf")]);
      return readFileSync(join(directory, "to.pdf"));
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  test.each([
    ["linearized", ["--linearize", "--object-streams=disable"], "table"],
    ["linearized with streams", ["--linearize", "--object-streams=generate"], "stream"],
    ["uncompressed streams", ["--object-streams=generate", "--stream-data=uncompress"], "stream"],
  ])("%s", async (_, options, kind) => {
    const base = qpdf(await blankDocument("table", [0, 90]), ...options);
    const document = readPdf(base);
    expect([document.revisions.length, document.latest.revision.kind, document.repairs]).toEqual([1, kind, []]);
    const update = new PdfUpdate(document);
    const page = document.latest.pages()[1]!;
    update.set(page, document.latest.dict(page)!.with({ PieceInfo: update.add([1]) }));
    const { bytes } = update.finish();
    expect(readPdf(bytes).latest.pages()).toHaveLength(2);
    expect(qpdfComplaints(bytes)).toBe("");
  });

  test("hybrid: a table behind a table with a hidden stream", async () => {
    const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>";
    const base = hybrid(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]);
    expect(qpdfComplaints(base)).toBe("");
    const document = readPdf(base);
    expect(document.latest.revision.kind).toBe("hybrid");
    expect(document.latest.get(new PdfRef(6))).toEqual([7, 8]);
    const update = new PdfUpdate(document);
    update.set(new PdfRef(6), [9]);
    const added = update.add([10]);
    const { bytes, tail } = update.finish();
    expect(tail.includes("/XRefStm")).toBe(false);
    expect(qpdfComplaints(bytes)).toBe("");
    const { latest, revisions } = readPdf(bytes);
    expect([latest.get(new PdfRef(6)), latest.get(added)]).toEqual([[9], [10]]);
    expect(readPdf(bytes).at(0).get(new PdfRef(6))).toEqual([7, 8]);
    expect(revisions.map(({ kind }) => kind)).toEqual(["hybrid", "table"]);
    expect(everything(bytes).some((line) => line.includes("MALFORMED"))).toBe(false);
  });
});

/** A hybrid-reference file (7.5.8.4): object 6 is in object stream 4, which only the hidden stream 5 tells. */
function hybrid(bodies: readonly string[]): Buffer {
  let file = "%PDF-1.5\n";
  const add = (number: number, body: string): number => {
    const offset = file.length;
    file += `${number} 0 obj\n${body}\nendobj\n`;
    return offset;
  };
  const digits = (offset: number): string => `${String(offset).padStart(10, "0")} 00000 n \n`;
  const offsets = bodies.map((body, at) => add(at + 1, body));
  const packed = "6 0 [7 8]";
  const container = add(4, `<< /Type /ObjStm /N 1 /First 4 /Length ${packed.length} >>\nstream\n${packed}\nendstream`);
  const hidden = file.length;
  const keys = "/Type /XRef /W [1 2 1] /Index [4 3] /Size 7 /Root 1 0 R /Length 12";
  const row = (type: number, second: number, third: number): number[] => [type, second >> 8, second & 255, third];
  const data = Buffer.from([row(1, container, 0), row(1, hidden, 0), row(2, 4, 0)].flat()).toString("latin1");
  add(5, `<< ${keys} >>\nstream\n${data}\nendstream`);
  const startxref = file.length;
  const free = (next: number): string => `${String(next).padStart(10, "0")} 65535 f \n`;
  file += `xref\n0 7\n${free(4)}${offsets.map(digits).join("")}${free(5)}${free(6)}${free(0)}`;
  file += `trailer\n<< /Size 7 /Root 1 0 R /XRefStm ${hidden} >>\nstartxref\n${startxref}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}
