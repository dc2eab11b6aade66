import { afterAll, beforeAll, expect, test } from "vitest";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { readPdf, verifyPdf } from "../../signing/index.ts";
import { uploadPlaces } from "../../src/outgoing/upload-places.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { pdfsigVerdicts, qpdfComplaints } from "../signing/pdf-judges.ts";
import { readWords } from "../forms/poppler.ts";
import { act, codeOf, type Colleague, colleague, draft, number, seal, sign, submit } from "./office.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk] = (await Promise.all(
    ["chuyenvien.stc", "giamdoc.stc", "vanthu.stc"].map((name) => colleague(app, name)),
  )) as [Colleague, Colleague, Colleague];
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** A document of a word processor: a head, a body, and title and name at the end with a gap for the signature. */
async function typed({ pages = 1, field = "" } = {}): Promise<Buffer> {
  const file = await PDFDocument.create();
  const font = await file.embedFont(StandardFonts.TimesRoman);
  for (let at = 0; at < pages; at++) {
    const page = file.addPage([595, 842]);
    page.drawText("SO TAI CHINH", { x: 100, y: 770, size: 13, font });
    for (let line = 0; line < 15; line++)
      page.drawText(`Body line ${line} of page ${at} with words over its whole width up to here`, {
        x: 85,
        y: 700 - 20 * line,
        size: 13,
        font,
      });
    if (at < pages - 1) continue;
    page.drawText("GIAM DOC", { x: 400, y: 370, size: 13, font });
    page.drawText("Phung Quang Vinh", { x: 380, y: 260, size: 13, font });
    if (field) file.getForm().createTextField(field).addToPage(page, { x: 100, y: 100, width: 100, height: 20 });
  }
  return Buffer.from(await file.save({ useObjectStreams: false }));
}

const fromUpload = async (who: Colleague, bytes: Buffer) => {
  const fileId = await who.client.upload(bytes, "van-ban.pdf");
  return draft(who, { typeCode: "BC", subject: "tình hình thực hiện dự toán", fileId });
};

test("an uploaded PDF is signed, numbered in full and sealed without touching its bytes or its text", async () => {
  const bytes = await typed({ pages: 2, field: "note" });
  const { id } = await fromUpload(officer, bytes);
  await submit(officer, id, head);
  await sign(head, id);
  await number(clerk, id);
  const document = await seal(clerk, id);
  const pdf = await clerk.client.download(document.file.url);
  expect(pdf.subarray(0, bytes.length).equals(bytes)).toBe(true);
  expect(qpdfComplaints(pdf)).toBe("");
  expect(pdfsigVerdicts(pdf)).toEqual(["Signature is Valid", "Signature is Valid"]);
  const verdict = verifyPdf(pdf, { anchors: [] });
  expect(verdict).toMatchObject({ integrity: "PASS" });
  expect(verdict.signatures[0]!.modificationLevel).toBe("FORM_FILLING");
  const words = readWords(pdf).words;
  const first = words
    .filter(({ page }) => page === 1)
    .map(({ text }) => text)
    .join(" ");
  expect(first).toContain("Số: 01/BC-STC");
  expect(first).toMatch(/Mẫu Sơn, ngày \d\d tháng \d\d? năm \d{4}/);
});

test("places for signature and number are free of text, the signature in the gap between title and name", async () => {
  const bytes = await typed();
  const places = uploadPlaces(readPdf(bytes))!;
  const [left, bottom, right, top] = places.leader.rect;
  expect(bottom).toBeGreaterThan(260);
  expect(top).toBeLessThan(370);
  expect(left).toBeGreaterThan(595 / 2);
  expect(right).toBeLessThan(595);
  for (const {
    rect: [x1, y1, x2, y2],
  } of [places.leader, places.number, places.date, places.arrival!])
    for (const { rect, text } of readWords(bytes).words)
      expect(rect[2] <= x1 || x2 <= rect[0] || rect[3] <= y1 || y2 <= rect[1], `${text} is covered`).toBe(true);

  const full = await PDFDocument.create();
  const page = full.addPage([595, 842]);
  const font = await full.embedFont(StandardFonts.TimesRoman);
  for (let y = 10; y < 835; y += 14)
    page.drawText("a line of text from the left edge to the right one ".repeat(2), { x: 10, y, size: 13, font });
  expect(uploadPlaces(readPdf(Buffer.from(await full.save())))).toBeNull();
});

/** A small file whose cross-reference stream asks for 8 million entries, of zero or one byte each, by /W and /Index. */
function widthBomb(widths: string): Buffer {
  const head =
    "%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n";
  const stream = `3 0 obj\n<</Type/XRef/Size 8388607/W[${widths}]/Index[0 8388607]/Root 1 0 R/Length 0>>\nstream\n\nendstream\nendobj\n`;
  return Buffer.from(`${head}${stream}startxref\n${head.length}\n%%EOF\n`, "latin1");
}

test("hostile and unfit files are refused quickly, by name, and leave no document", async () => {
  const signedOnce = async () => {
    const { id } = await submit(officer, (await draft(officer)).id, head);
    return officer.client.download((await sign(head, id)).file.url);
  };
  const script = await PDFDocument.load(await typed());
  script.addJavaScript("x", "app.alert(1)");
  const cases: [string, Buffer, string][] = [
    ["a bomb in /W", widthBomb("0 0 0"), "MALFORMED_PDF"],
    ["a wider bomb in /W", widthBomb("1 8 4294967295"), "MALFORMED_PDF"],
    [
      "not a PDF inside",
      Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(3_000, 65), Buffer.from("\n%%EOF\n")]),
      "MALFORMED_PDF",
    ],
    ["signed before", await signedOnce(), "SIGNED_BEFORE"],
    ["a script", Buffer.from(await script.save({ useObjectStreams: false })), "ACTIVE_CONTENT"],
    ["a field of our name", await typed({ field: "Seal" }), "NAME_TAKEN"],
  ];
  for (const [name, bytes, reason] of cases) {
    const began = performance.now();
    const refusal = await fromUpload(officer, bytes).then(
      () => null,
      (error: { code: string; extensions: Record<string, unknown> }) => error,
    );
    expect(refusal?.code, name).toBe("BAD_INPUT");
    expect(
      refusal?.extensions["reason"] ??
        (refusal?.extensions["details"] as Record<string, unknown> | undefined)?.["reason"],
      name,
    ).toBe(reason);
    expect(performance.now() - began, name).toBeLessThan(6_000);
  }
  const { outgoingDocuments } = await officer.client.call(
    `{ outgoingDocuments(filter: { draftedByMe: true, typeCode: "BC", status: [DRAFT] }) { nodes { id } } }`,
  );
  expect(outgoingDocuments.nodes).toEqual([]);
});

test("only one's own upload can be drafted from", async () => {
  const fileId = await clerk.client.upload(await typed(), "cua-van-thu.pdf");
  expect(await codeOf(draft(officer, { typeCode: "BC", subject: "tệp của người khác", fileId }))).toBe("NOT_FOUND");
  expect(await codeOf(draft(officer, { typeCode: "BC", subject: "cả hai", body: "Nội dung", fileId }))).toBe(
    "BAD_INPUT",
  );
  expect(await codeOf(draft(officer, { typeCode: "BC", subject: "không có gì" }))).toBe("BAD_INPUT");
  await act(clerk, "draftOutgoingDocument", { typeCode: "BC", subject: "của mình", fileId });
});
