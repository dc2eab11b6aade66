import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { modificationLevels, subIndications } from "../../../signing/validate/report.ts";
import { hasWords, wordsFor, wordsOfNote } from "../../../signing/validate/words.ts";

const signing = fileURLToPath(new URL("../../../signing/", import.meta.url));

/** What looks like a code in these folders but never comes into a note: errors thrown at callers, kinds, parts. */
const notInNotes = new Set(
  (
    "BAD_DIGEST BAD_INPUT CERTIFICATE CONTENT CUSTOM DOCUMENT ERR_BUFFER_TOO_LARGE EXCLUDE FAILED FETCH_FAILED INCLUDE " +
    "OCSP_RESPONSE PASSED SIGNATURE SIGNER_KEY SIGNER_UNAUTHORISED TIMESTAMP_CERTIFICATE_EXPIRED " +
    "TIMESTAMP_NONCE_DIFFERS TIMESTAMP_POLICY_DIFFERS TIMESTAMP_PURPOSE TIMESTAMP_REFUSED TIMESTAMP_SKEW " +
    "TIMESTAMP_UNAVAILABLE TIMESTAMP_WEAK UNKNOWN"
  ).split(" "),
);

test("every code that a verdict can name has a sentence in Vietnamese and in English", () => {
  const codes = new Map<string, string>();
  for (const folder of ["algorithms", "cms", "diff", "pdf", "tsp", "validate", "x509"]) {
    for (const file of globSync(`${signing}${folder}/*.ts`)) {
      for (const [, code] of readFileSync(file, "utf8").matchAll(
        /["`]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{6,})(?=["` ])/g,
      )) {
        codes.set(code!, file);
      }
    }
  }
  expect(codes.size).toBeGreaterThan(150);
  const wordless = [...codes.keys()].filter((code) => !notInNotes.has(code) && !hasWords(code) && !wordsFor(code));
  expect(wordless).toEqual([]);
});

test("every sub-indication, level of change and outcome has words, and the undecided is never worded as valid", () => {
  const outcomes = ["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED", "PASS", "FAIL"];
  for (const code of [...subIndications, ...modificationLevels, ...outcomes]) {
    const words = wordsFor(code);
    expect(words?.vi).toBeTruthy();
    expect(words?.en).toBeTruthy();
    expect(words?.vi).not.toBe(words?.en);
  }
  const undecided = wordsFor("INDETERMINATE")!;
  expect(undecided.vi).toBe("chưa đủ căn cứ / không xác định");
  expect(undecided.vi.replace("không hợp lệ", "")).not.toContain("hợp lệ");
  expect(undecided.en).not.toMatch(/\bvalid\b/);
});

test("a note is told with its details; what is said of certificates is said of those of time-stamps too", () => {
  expect(wordsOfNote("FILLED Number")).toEqual({
    vi: "Một trường được điền sau khi ký: Number",
    en: "A field was filled in after the signature: Number",
  });
  expect(wordsOfNote("TIMESTAMP_EXPIRED")).toEqual({
    vi: "Dấu thời gian – Chứng thư đã hết hạn",
    en: "Time-stamp – The certificate has expired",
  });
  expect(wordsOfNote("LATER_MARK NUMBER 15 Signature4")).toEqual({
    vi: "Khi ký, văn bản chưa có: số văn bản 15 (trường Signature4)",
    en: "When this was signed, the document did not yet have: document number 15 (field Signature4)",
  });
  expect(wordsOfNote("A_CODE_OF_TOMORROW x")).toEqual({ vi: "A_CODE_OF_TOMORROW x", en: "A_CODE_OF_TOMORROW x" });
});
