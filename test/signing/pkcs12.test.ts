import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicKey, verify } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { SigningError } from "../../signing/errors.ts";
import { openPkcs12, pkcs12Limits, writePkcs12 } from "../../signing/keys/pkcs12.ts";
import { issueSigner, root, subordinate, toPem } from "./authorities.ts";
import { needs } from "../support/judges.ts";

const password = "Mật khẩu số 1";
const folder = mkdtempSync(join(tmpdir(), "p12-"));
afterAll(() => rmSync(folder, { recursive: true }));
const openssl = (...options: string[]) => {
  needs("openssl");
  return execFileSync("openssl", options, { cwd: folder, stdio: "pipe" });
};

describe.each(["rsa-2048", "ec-p256", "ec-p384"] as const)("%s", (kind) => {
  const person = issueSigner(kind);
  const file = writePkcs12({ ...person, chain: [subordinate, root], password, friendlyName: "Nguyễn Thị Ước" });

  test("our file opens again, and its signer signs", async () => {
    const signer = openPkcs12(file, password);
    expect(signer.certificate).toEqual(person.certificate);
    expect(signer.chain).toEqual([subordinate, root]);
    const data = Buffer.from("dữ liệu");
    expect(verify(signer.digest, data, createPublicKey(person.key), await signer.sign(data))).toBe(true);
  });

  test("openssl opens our file", () => {
    writeFileSync(join(folder, "ours.p12"), file);
    openssl("pkcs12", "-in", "ours.p12", "-passin", `pass:${password}`, "-nodes", "-out", "ours.pem");
    expect(readFileSync(join(folder, "ours.pem"), "utf8").match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  });

  test.each([
    ["modern", []],
    ["legacy (RC2-40, 3DES)", ["-legacy"]],
    ["legacy with 3DES alone", ["-legacy", "-descert"]],
    ["unencrypted bags", ["-keypbe", "NONE", "-certpbe", "NONE"]],
  ])("opens what openssl writes: %s", (_, options) => {
    writeFileSync(
      join(folder, "in.pem"),
      person.key.export({ type: "pkcs8", format: "pem" }) + toPem(person.certificate) + toPem(subordinate),
    );
    openssl("pkcs12", "-export", ...options, "-in", "in.pem", "-passout", `pass:${password}`, "-out", "theirs.p12");
    const signer = openPkcs12(readFileSync(join(folder, "theirs.p12")), password);
    expect(signer.certificate).toEqual(person.certificate);
    expect(signer.chain).toEqual([subordinate]);
  });

  test("a wrong password is told apart", () => {
    expect(() => openPkcs12(file, "sai")).toThrow(expect.objectContaining({ code: "BAD_PASSWORD" }));
  });
});

test("bounds: size, and rounds of key derivation", () => {
  expect(() => openPkcs12(Buffer.alloc(pkcs12Limits.bytes + 1), "x")).toThrow(
    expect.objectContaining({ code: "PKCS12_TOO_LARGE" }),
  );
  const file = writePkcs12({ ...issueSigner(), chain: [], password });
  // The last INTEGER of the file is the number of rounds of the MAC: 100,000 is 01 86 A0.
  expect(file.subarray(-3).toString("hex")).toBe("0186a0");
  const greedy = Buffer.concat([file.subarray(0, -3), Buffer.from("7fffff", "hex")]);
  expect(() => openPkcs12(greedy, password)).toThrow(expect.objectContaining({ code: "PKCS12_MALFORMED" }));
});

test("300 damaged files: typed errors alone", () => {
  const file = writePkcs12({ ...issueSigner(), chain: [], password });
  for (let i = 0; i < 300; i++) {
    const bytes = Buffer.from(file);
    // The tail holds salt and rounds: other rounds would only make the test slow.
    bytes[(i * 7919) % (file.length - 40)]! ^= 1 << (i % 8);
    const open = () => openPkcs12(i % 10 ? bytes.subarray(0, (i * 104729) % file.length) : bytes, password);
    expect(open).toThrow(SigningError);
  }
});
