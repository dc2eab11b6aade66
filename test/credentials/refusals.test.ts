import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { remoteRefusals, SigningError } from "../../signing/index.ts";
import { refusalOf, sentenceFor } from "../../src/credentials/refusals.ts";
import { AppError } from "../../src/errors.ts";

const library = join(import.meta.dirname, "../../signing");
const sourcesIn = (...folders: string[]) =>
  folders.flatMap((folder) =>
    readdirSync(join(library, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(library, folder, name), "utf8")),
  );
/** What is told as a wrong secret, what is a fault of the program's or of its settings, and what only lowers a level. */
const wrongSecrets = ["WRONG_OTP", "WRONG_PIN", "WRONG_AUTHORIZATION"];
const ownFaults = ["BAD_INPUT", "BAD_STATE", "BAD_DIGEST", "NOT_DRAWABLE", "SIGNING_FAILED", "FETCH_REFUSED"];
const toldElsewhere = [...wrongSecrets, ...ownFaults];

test("whatever a service, a device or a document is refused for is told in Vietnamese", () => {
  for (const code of Object.keys(remoteRefusals))
    if (!toldElsewhere.includes(code)) expect(sentenceFor(code), code).toMatch(/\p{L}/u);
  const thrown = sourcesIn("keys/pkcs11", "sign").flatMap((source) =>
    [...source.matchAll(/(?:new SigningError\(|failed\()\s*"([A-Z_]+)"/g)].map(([, code]) => code!),
  );
  const reasons = sourcesIn("sign")
    .flatMap((source) => [...source.matchAll(/^  \| "([A-Z_]+)";?$/gm)])
    .map(([, reason]) => reason!);
  expect(reasons.length).toBeGreaterThan(10);
  expect(thrown.length).toBeGreaterThan(5);
  const untold = [...new Set(thrown)].filter((code) => !toldElsewhere.includes(code) && !sentenceFor(code));
  expect(untold).toEqual([]);
  for (const reason of reasons) expect(sentenceFor("REFUSE_SIGN", reason), reason).not.toBe(sentenceFor("REFUSE_SIGN"));
});

test("the reason of a refusal decides the sentence, and anything unknown is told in general", () => {
  const told = (code: string, reason?: string) => {
    const error = refusalOf(new SigningError(code, "English", reason ? { reason } : undefined));
    return error instanceof AppError ? `${error.code}: ${error.vi}` : "";
  };
  expect(told("REFUSE_SIGN", "LOCKED")).toBe("SIGNING_REFUSED: Trường ký đã bị một chữ ký trước khóa lại.");
  expect(told("LOCKED")).toBe("SIGNING_REFUSED: Khóa đã bị tạm khóa vì nhập sai nhiều lần.");
  expect(told("UNAVAILABLE")).toMatch(/^UNAVAILABLE: Dịch vụ/);
  expect(told("WRONG_OTP")).toMatch(/^BAD_PIN: /);
  expect(told("REFUSED", "STALE")).toBe("SIGNING_REFUSED: Dịch vụ ký số từ chối yêu cầu.");
  expect(told("constructor")).toBe("SIGNING_REFUSED: Không ký được văn bản này.");
});
