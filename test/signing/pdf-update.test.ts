import { describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { dict, PdfDict, type PdfObject, PdfRef, PdfStream, PdfString } from "../../signing/pdf/objects.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { blankDocument } from "./pdf-documents.ts";
import { installed, qpdfComplaints } from "./pdf-judges.ts";

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
