import { expect, test } from "vitest";
import { wordsFor } from "../../signing/index.ts";
import { signatureReport } from "../../src/forms/signature-report.ts";
import type { SignatureVerdict, SignatureVerification } from "../../src/graphql/types.ts";
import { readWords } from "./poppler.ts";

type Indication = SignatureVerification["indication"];

async function printed(indication: Indication, language: "vi" | "en", more: Partial<SignatureVerdict> = {}) {
  const codes = { TOTAL_PASSED: "PASS", TOTAL_FAILED: "FAIL", INDETERMINATE: "PASS" } as const;
  const integrity = codes[indication as keyof typeof codes] as SignatureVerification["integrity"];
  const verdict = {
    ...{ field: "Leader", indication, subIndication: null, integrity, coverage: "ENTIRE_REVISION" },
    ...{ modificationLevel: "NONE", level: "B-LT", signerName: "CN=Nguyễn Văn A", signerSerial: "01", notes: [] },
    ...more,
  } as unknown as SignatureVerdict;
  const report = { sha256: "ab".repeat(32), indication, integrity, signatures: [verdict], notes: [] };
  const at = new Date("2026-11-27T08:00:00Z");
  const { bytes } = await signatureReport(
    {
      ...{ language, fileName: "cong-van.pdf", agency: "Sở Nội vụ", checkedAt: at, madeAt: at },
      report: report as unknown as SignatureVerification,
    },
    wordsFor,
  );
  return readWords(Buffer.from(bytes))
    .words.map(({ text }) => text)
    .join(" ");
}

test("what is not decided is never printed as valid, of the file and of each signature", async () => {
  const vi = await printed("INDETERMINATE", "vi");
  expect(vi.match(/Kết luận: [^:]*?Chưa được coi là hợp lệ/g)).toHaveLength(2);
  expect(vi).not.toMatch(/Kết luận: Hợp lệ/i);
  const en = await printed("INDETERMINATE", "en");
  expect(en.match(/Conclusion: [^:]*?Not to be taken as valid/g)).toHaveLength(2);
  expect(en).not.toMatch(/Conclusion: valid/i);
});

test("valid and invalid are told apart in words", async () => {
  expect((await printed("TOTAL_PASSED", "vi")).match(/Kết luận: hợp lệ/gi)).toHaveLength(2);
  expect((await printed("TOTAL_FAILED", "vi")).match(/Kết luận: không hợp lệ/gi)).toHaveLength(2);
});

test("revocation and time-stamps are told in the reader's language, with whether they are trusted", async () => {
  const revocation = {
    status: "REVOKED",
    revokedAt: "2026-01-02T00:00:00Z",
    source: "CRL",
    asOf: "2026-01-03T00:00:00Z",
  };
  const certificate = { issuer: "CN=CA", notBefore: new Date(0), notAfter: new Date(0), revocation };
  const stamp = {
    kind: "SIGNATURE",
    result: "PASS",
    time: "2026-01-04T00:00:00Z",
    authority: "CN=TSA",
    isTrusted: false,
  };
  const more = { certificates: [certificate], timestamps: [stamp] } as unknown as Partial<SignatureVerdict>;
  const text = await printed("TOTAL_FAILED", "vi", more);
  expect(text).toContain("đã bị thu hồi 2026-01-02 07:00:00 +07:00, theo CRL 2026-01-03 07:00:00 +07:00");
  expect(text).toContain("2026-01-04 07:00:00 +07:00, CN=TSA (chưa được tin cậy)");
});
