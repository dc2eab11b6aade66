import { randomBytes } from "node:crypto";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import { documentVerifier, validateOwn } from "../../src/files/own-documents.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, type Colleague, colleague, letter, number, seal, sign, submit } from "./office.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk] = (await Promise.all(
    ["chuyenvien", "giamdoc", "vanthu"].map((name) => colleague(app, `${name}.snv`)),
  )) as [Colleague, Colleague, Colleague];
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** A scan of so many bytes that cannot be compressed. */
async function scan(size: number): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  const image = {
    Type: "XObject",
    Subtype: "Image",
    Width: 8,
    Height: 8,
    ColorSpace: "DeviceGray",
    BitsPerComponent: 8,
  };
  page.node.newXObject("Scan", pdf.context.register(pdf.context.stream(randomBytes(size), image)));
  return Buffer.from(await pdf.save());
}

test("a large file is judged in a thread and a small one at once, both alike", async () => {
  const options = { anchors: [], at: new Date("2026-11-27T00:00:00Z") };
  const small = await scan(1_000);
  expect(validateOwn(small, options)).toEqual(verifyPdf(small, options));
  const large = await scan(5 << 20);
  const judged = validateOwn(large, options);
  expect(judged).toBeInstanceOf(Promise);
  expect(await judged).toEqual(verifyPdf(large, options));
});

test("a scan of 15 MB is signed and sealed; every look of the validator at it is in a thread", async () => {
  const fileId = await officer.client.upload(await scan(15 << 20), "quyet-dinh.pdf");
  const { typeCode, subject, recipients } = letter;
  const { id } = await act(officer, "draftOutgoingDocument", { typeCode, subject, recipients, fileId });
  const verify = documentVerifier.verify.bind(documentVerifier);
  let looks = 0;
  documentVerifier.verify = (bytes, options) => (looks++, verify(bytes, options));
  try {
    await submit(officer, id, head);
    await sign(head, id);
    await number(clerk, id);
    const { file, status } = await seal(clerk, id);
    expect(status).toBe("SEALED");
    const { signatures } = verifyPdf(await clerk.client.download(file.url), { anchors: [] });
    expect(signatures.map(({ field, integrity }) => [field, integrity])).toEqual([
      ["Leader", "PASS"],
      ["Seal", "PASS"],
    ]);
  } finally {
    documentVerifier.verify = verify;
  }
  // Made and again before storing, for each of the two; and before the seal, whether all have signed.
  expect(looks).toBe(5);
}, 30_000);
