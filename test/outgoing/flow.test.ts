import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { verifyPdf } from "../../signing/index.ts";
import { type Shown } from "./office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { opensslAccepts, pdfsigVerdicts, qpdfComplaints, rawSignatures } from "../signing/pdf-judges.ts";
import { act, type Colleague, colleague, decision, draft, letter, number, seal, sign, submit } from "./office.ts";
import { readWords } from "../forms/poppler.ts";

let app: TestApp;
let root: Buffer;
beforeAll(async () => {
  app = await startApp();
  root = new X509Certificate(readFileSync(join(app.dataDirectory, "trust", "demo-root.pem"))).raw;
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Team {
  readonly officer: Colleague;
  readonly head: Colleague;
  readonly deputy: Colleague;
  readonly clerk: Colleague;
}

const team = async (agency: string): Promise<Team> => ({
  officer: await colleague(app, `chuyenvien.${agency}`),
  head: await colleague(app, `giamdoc.${agency}`),
  deputy: await colleague(app, `phogiamdoc.${agency}`),
  clerk: await colleague(app, `vanthu.${agency}`),
});

/** From draft to dispatch; gives the document after each act. */
async function issue({ officer, clerk, head }: Team, input: Record<string, unknown>, signer = head): Promise<Shown[]> {
  const { id, ...first } = await draft(officer, input);
  const steps = [{ id, ...first }];
  steps.push(await act(officer, "submitForReview", { outgoingDocumentId: id, reviewerId: head.appointmentId }));
  steps.push(await act(head, "reviewDraft", { outgoingDocumentId: id, decision: "APPROVED" }));
  steps.push(await submit(officer, id, signer), await sign(signer, id), await number(clerk, id), await seal(clerk, id));
  steps.push(await act(clerk, "dispatchOutgoingDocument", { outgoingDocumentId: id }));
  return steps;
}

/** All that independent judges say against the final file of a document, and whether our validator trusts it. */
async function judge(clerk: Colleague, document: Shown): Promise<Buffer> {
  const files = await Promise.all(document.revisions.map(({ file }) => clerk.client.download(file.url)));
  const [forSignature, signed, sealed] = files.slice(-3) as [Buffer, Buffer, Buffer];
  expect(signed.subarray(0, forSignature.length).equals(forSignature)).toBe(true);
  expect(sealed.subarray(0, signed.length).equals(signed)).toBe(true);
  expect(qpdfComplaints(sealed)).toBe("");
  expect(pdfsigVerdicts(sealed)).toEqual(["Signature is Valid", "Signature is Valid"]);
  expect(rawSignatures(sealed).map((signature) => opensslAccepts(signature, root))).toEqual([true, true]);
  const verdict = verifyPdf(sealed, { anchors: [root] });
  expect(verdict.indication).toBe("TOTAL-PASSED");
  expect(verdict.signatures.map(({ field, level, modificationLevel }) => [field, level, modificationLevel])).toEqual([
    ["Leader", "B-B", "FORM_FILLING"],
    ["Seal", "B-B", "NONE"],
  ]);
  return sealed;
}

const keyKinds = (pdf: Buffer) => verifyPdf(pdf, { anchors: [root] }).signatures.map(({ signer }) => signer?.subject);

describe("from draft to dispatch", () => {
  test("a letter under an RSA key of the head and an EC seal", async () => {
    const snv = await team("snv");
    const steps = await issue(snv, letter);
    expect(steps.map(({ status }) => status)).toEqual([
      "DRAFT",
      "IN_REVIEW",
      "DRAFT",
      "AWAITING_SIGNATURE",
      "SIGNED",
      "NUMBERED",
      "SEALED",
      "DISPATCHED",
    ]);
    const document = steps.at(-1)!;
    expect(document).toMatchObject({ number: 1, referenceCode: "01/SNV-CCHC", notation: "SNV-CCHC" });
    expect(document.signatureBlock).toMatchObject({
      lines: ["GIÁM ĐỐC"],
      fullName: "Nguyễn Thị Thanh Hà",
      delegation: null,
    });
    expect(document.revisions.map(({ kind }) => kind)).toEqual(["DRAFT", "FOR_SIGNATURE", "SIGNED", "SEALED"]);
    expect(document.signatures.map(({ field, credential }) => [field, credential.isAgencySeal])).toEqual([
      ["Leader", false],
      ["Seal", true],
    ]);
    const pdf = await judge(snv.clerk, document);
    expect(keyKinds(pdf).join()).toMatch(/CN=Nguyễn Thị Thanh Hà.*CN=Sở Nội vụ tỉnh Mẫu Sơn/s);
    const words = readWords(pdf)
      .words.map(({ text }) => text)
      .join(" ");
    const [year, month, day] = document.issuedOn!.split("-");
    expect(words).toContain("Số: 01 /SNV-CCHC");
    expect(words).toContain(`Mẫu Sơn, ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`);
  });

  test("a decision under an EC key and an RSA seal, signed by the deputy for the head", async () => {
    const stc = await team("stc");
    const document = (await issue(stc, decision, stc.deputy)).at(-1)!;
    expect(document).toMatchObject({ referenceCode: "01/QĐ-STC", status: "DISPATCHED" });
    expect(document.signatureBlock).toMatchObject({
      lines: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
      delegation: { kind: "KT" },
    });
    const pdf = await judge(stc.clerk, document);
    const words = readWords(pdf)
      .words.map(({ text }) => text)
      .join(" ");
    expect(words).toContain("QUYẾT ĐỊNH:");
    expect(words).toContain("KT. GIÁM ĐỐC");
    expect(words).toContain("/QĐ-STC");
  });
});
