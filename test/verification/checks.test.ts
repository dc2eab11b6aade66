import { randomBytes, X509Certificate } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addFields, signPdf } from "../../signing/index.ts";
import { PdfVerifier } from "../../src/files/pdf-verification.ts";
import { readWords } from "../forms/poppler.ts";
import { type AuthorityServers, startAuthorityServers } from "../support/authority-servers.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

let app: TestApp;
let servers: AuthorityServers;
let clerk: Client, other: Client;
let plain: Buffer, signed: Buffer, tampered: Buffer;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  servers = await startAuthorityServers();
  stack.defer(() => servers.close());
  app = stack.use(await startApp({ env: { VALIDATION_HOSTS: `${servers.host}+private` } }));
  await writeFile(
    join(app.dataDirectory, "trust", "nation.pem"),
    new X509Certificate(servers.root.certificate).toString(),
  );
  clerk = await app.signIn("vanthu.snv");
  other = await app.signIn("vanthu.stc");
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText("Cong van den");
  plain = Buffer.from(await pdf.save());
  const { signer } = servers.issue();
  signed = await signPdf(addFields(plain, [{ name: "Leader", type: "signature", page: 0, rect: [50, 50, 200, 120] }]), {
    field: "Leader",
    signer,
    at: new Date(),
  });
  tampered = Buffer.from(signed);
  const at = tampered.indexOf("FlateDecode");
  const stream = tampered.indexOf("stream", at) + 12;
  tampered[stream] = tampered[stream]! ^ 1;
});
afterAll(() => stack.disposeAsync());

const checkFields = `{ state checkedAt materialNote material suggestedReturnReason reportUrl file { id name }
  report { indication integrity words { vi en notesVi } warnings { code vi en } trustStores validatedAt signatures { field kind level integrity indication signerSerial
    certificates { subject trustedBy revocation { status source } } } } }`;

async function register(pdf: Buffer, name = "cong-van.pdf"): Promise<string> {
  const fileId = await clerk.upload(pdf, name);
  const { incomingDocument } = await clerk.act<any>(
    "registerIncomingDocument",
    {
      senderName: "Bộ Nội vụ",
      referenceCode: `${Math.floor(Math.random() * 1e6)}/BNV`,
      typeName: "Công văn",
      subject: "Về chữ ký số",
      attachments: [{ role: "MAIN", fileId }],
    },
    `{ incomingDocument { id signatureChecks ${checkFields} } }`,
  );
  expect(incomingDocument.signatureChecks).toMatchObject([{ state: "PENDING", report: null, file: { name } }]);
  await app.settle();
  return incomingDocument.id;
}
const checkOf = async (id: string, who = clerk) =>
  (
    await who.call<any>(
      `query ($id: ID!) { node(id: $id) { ... on IncomingDocument { status returnReason signatureChecks ${checkFields} } } }`,
      { id },
    )
  ).node?.signatureChecks[0];

test("a signed PDF is checked when it is registered, and what the verdict rests on is fetched and kept", async () => {
  const check = await checkOf(await register(signed));
  expect(check).toMatchObject({ state: "DONE", suggestedReturnReason: null });
  expect(check.report).toMatchObject({ integrity: "PASS", signatures: [{ field: "Leader", integrity: "PASS" }] });
  expect(check.report.signatures[0].certificates[0].revocation).toMatchObject({ status: "GOOD" });
  expect(check.material).toMatch(/^[0-9a-f]{64}$/);
  const material = JSON.parse((await app.services.store.read(check.material, 1 << 20)).toString());
  expect(material.certificates.length).toBeGreaterThanOrEqual(2);
  expect(material.crls.length + material.ocsp.length).toBeGreaterThanOrEqual(2);
});

test("a changed file is found out, and can be returned with the reason that is suggested", async () => {
  const id = await register(tampered);
  const check = await checkOf(id);
  expect(check.report).toMatchObject({ indication: "TOTAL_FAILED", integrity: "FAIL" });
  expect(check.suggestedReturnReason).toMatch(/^Chữ ký số không hợp lệ – /);
  const { incomingDocument } = await clerk.act<any>(
    "returnIncomingDocument",
    { incomingDocumentId: id, reason: check.suggestedReturnReason },
    "{ incomingDocument { status returnReason } }",
  );
  expect(incomingDocument).toEqual({ status: "RETURNED", returnReason: check.suggestedReturnReason });
});

test("a file without signatures has its verdict too, and nothing is kept for it", async () => {
  const unsigned = await checkOf(await register(plain));
  expect(unsigned).toMatchObject({ state: "DONE", material: null, suggestedReturnReason: null });
  expect(unsigned.report).toMatchObject({ indication: "INDETERMINATE", signatures: [] });
});

test("what in a signed file could mislead its readers is told with the verdict", async () => {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText("Cong van den");
  pdf.addJavaScript("mo", "app.alert(1)");
  const base = addFields(Buffer.from(await pdf.save()), [
    { name: "Leader", type: "signature", page: 0, rect: [50, 50, 200, 120] },
  ]);
  const scripted = await signPdf(base, { field: "Leader", signer: servers.issue().signer, at: new Date() });
  const { report, reportUrl } = await checkOf(await register(scripted));
  expect(report.integrity).toBe("PASS");
  const [warning] = report.warnings.filter(({ code }: { code: string }) => code.startsWith("RUNS_BY_ITSELF"));
  expect(warning.vi).toMatch(/^Tài liệu có hành động tự chạy/);
  const words = readWords(await clerk.download(reportUrl)).words.map(({ text }) => text);
  expect(words.join(" ")).toContain("Cần lưu ý khi đọc");
  expect((await checkOf(await register(signed))).report.warnings).toEqual([]);
});

/** A signed file with so many bytes that cannot be compressed. */
async function signedOf(size: number): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const image = {
    Type: "XObject",
    Subtype: "Image",
    Width: 8,
    Height: 8,
    ColorSpace: "DeviceGray",
    BitsPerComponent: 8,
  };
  page.node.newXObject("Scan", pdf.context.register(pdf.context.stream(randomBytes(size), image)));
  const base = addFields(Buffer.from(await pdf.save()), [
    { name: "Leader", type: "signature", page: 0, rect: [50, 50, 200, 120] },
  ]);
  return signPdf(base, { field: "Leader", signer: servers.issue().signer, at: new Date() });
}

test("a file that is too large for memory is checked from the disk, its material kept, and nothing is left there", async () => {
  const large = await signedOf(25 << 20);
  const check = await checkOf(await register(large, "quét.pdf"));
  expect(check.report).toMatchObject({ integrity: "PASS", signatures: [{ field: "Leader", integrity: "PASS" }] });
  expect(check.report.signatures[0].certificates[0].revocation).toMatchObject({ status: "GOOD" });
  expect(check.material).toMatch(/^[0-9a-f]{64}$/);
  large[10 << 20]! ^= 1;
  const broken = await checkOf(await register(large, "quét bị sửa.pdf"));
  expect(broken.report).toMatchObject({ indication: "TOTAL_FAILED", integrity: "FAIL" });
  expect(await readdir(join(app.dataDirectory, "checking"))).toEqual([]);
  const words = readWords(await clerk.download(broken.reportUrl)).words.map(({ text }) => text);
  expect(words.join(" ")).toContain("Kết luận: Không hợp lệ");
}, 30_000);

test("a file that takes too long is undecided, never valid, with what a person can do", async () => {
  const { examine } = PdfVerifier.prototype;
  const hurried = new PdfVerifier({ milliseconds: 1 });
  PdfVerifier.prototype.examine = (bytes, options) => examine.call(hurried, bytes, options);
  try {
    const check = await checkOf(await register(signed, "cham.pdf"));
    expect(check).toMatchObject({
      state: "DONE",
      suggestedReturnReason: null,
      report: { indication: "INDETERMINATE", integrity: "INDETERMINATE", signatures: [] },
    });
    expect(check.report.words.vi).toContain("congvan verify");
    expect(check.report.words.en).toContain("congvan verify");
  } finally {
    PdfVerifier.prototype.examine = examine;
  }
});

test("a check is repeated by what is known later: what was kept speaks when the servers are gone", async () => {
  const id = await register(signed, "giu-lai.pdf");
  const before = await checkOf(id);
  for (const path of ["/ocsp/authority", "/ocsp/root", "/crl/authority", "/crl/root"] as const)
    servers.fault(path, "down");
  try {
    const { refreshSignatureCheck } = await clerk.call<any>(
      `mutation ($input: RefreshSignatureCheckInput!) { refreshSignatureCheck(input: $input) { check ${checkFields} } }`,
      { input: { idempotencyKey: `lai-${before.file.id}`, fileId: before.file.id } },
    );
    const { check } = refreshSignatureCheck;
    expect(check.report.signatures[0].certificates[0].revocation).toMatchObject({ status: "GOOD" });
    expect(Date.parse(check.checkedAt)).toBeGreaterThan(Date.parse(before.checkedAt));
  } finally {
    for (const path of ["/ocsp/authority", "/ocsp/root", "/crl/authority", "/crl/root"] as const)
      servers.fault(path, undefined);
  }
});

test("the report is printed in Vietnamese and in English, for who may read the file", async () => {
  const { reportUrl, report } = await checkOf(await register(tampered, "bị sửa.pdf"));
  expect(report.words.vi).toMatch(/^Không hợp lệ/);
  const printed = async (path: string) =>
    readWords(await clerk.download(path))
      .words.map(({ text }) => text)
      .join(" ");
  const vietnamese = await printed(reportUrl);
  expect(vietnamese).toContain("BÁO CÁO KIỂM TRA CHỮ KÝ SỐ");
  expect(vietnamese).toContain("Kết luận: Không hợp lệ");
  const english = await printed(`${reportUrl}?lang=en`);
  expect(english).toContain("REPORT ON DIGITAL SIGNATURES");
  expect(english).toContain("Conclusion: Invalid");
  const forPrograms = JSON.parse((await clerk.download(reportUrl.replace(/pdf$/, "json"))).toString());
  expect(forPrograms).toMatchObject({ file: "bị sửa.pdf", checkedAt: expect.any(String), ...report });
  await expect(other.download(reportUrl.replace(/pdf$/, "json"))).rejects.toMatchObject({ code: "HTTP_404" });
  await expect(other.download(reportUrl)).rejects.toMatchObject({ code: "HTTP_404" });
  await expect(app.anonymous.download(reportUrl)).rejects.toMatchObject({ code: "HTTP_401" });
});

test("checks are for who may read the file", async () => {
  const id = await register(signed, "rieng.pdf");
  const { file } = await checkOf(id);
  expect(await checkOf(id, other)).toBeUndefined();
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => "done",
      (error) => error.code,
    );
  expect(
    await refused(other.call(`query ($id: ID!) { fileSignatures(fileId: $id) { integrity } }`, { id: file.id })),
  ).toBe("NOT_FOUND");
  const { fileSignatures } = await clerk.call<any>(
    `query ($id: ID!) { fileSignatures(fileId: $id) { integrity signatures { field level } } }`,
    { id: file.id },
  );
  expect(fileSignatures).toMatchObject({ integrity: "PASS", signatures: [{ field: "Leader" }] });
});
