import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateKeys, issueRoot, readCertificate } from "../../signing/index.ts";
import { issueTransmissionKeys, transmissionKeys } from "../../src/exchange/transmission-keys.ts";
import { judgeChain } from "../support/chains.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "congvan-keys-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const { privateKey: key } = generateKeys("ec-p256");
const authority = {
  key,
  certificate: issueRoot({
    key,
    subject: { C: "VN", CN: "CA thử nghiệm" },
    notBefore: new Date("2025-07-01"),
    notAfter: new Date(Date.now() + 10 * 365 * 86_400_000),
  }),
};
const agencies = [
  { code: "H99.02", name: "Sở Nội vụ" },
  { code: "H99.03", name: "Sở Tài chính" },
];

test("keys are made once, kept from others, and found again", async () => {
  const keys = await transmissionKeys(join(directory, "a"));
  expect(keys.codes()).toEqual([]);
  expect(() => keys.hub).toThrow("hub has no transmission key");
  await issueTransmissionKeys(join(directory, "a"), authority, agencies);
  expect(keys.for("H99.02"), "not before it is told").toBeNull();
  await keys.reload();
  expect(keys.codes()).toEqual(["H99.02", "H99.03"]);
  expect([keys.for("hub"), keys.for("H99.99")]).toEqual([null, null]);
  expect((await stat(join(directory, "a", "H99.02.key"))).mode & 0o777).toBe(0o600);

  for (const { key: own, certificateChain } of [keys.for("H99.02")!, keys.hub]) {
    expect(own.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
    const [certificate, ...pool] = certificateChain.map(readCertificate);
    const anchors = [readCertificate(authority.certificate)];
    expect(
      judgeChain({ certificate: certificate!, pool, anchors, at: new Date(), purpose: "signature" }).subIndication,
    ).toBeUndefined();
  }
  const before = await readFile(join(directory, "a", "H99.02.key"));
  await issueTransmissionKeys(join(directory, "a"), authority, [...agencies, { code: "H99.04", name: "Sở Xây dựng" }]);
  await keys.reload();
  expect(await readFile(join(directory, "a", "H99.02.key"))).toEqual(before);
  expect(keys.codes()).toEqual(["H99.02", "H99.03", "H99.04"]);
});

test("a key beside another's certificate is an error, and names that are no code are passed over", async () => {
  await issueTransmissionKeys(join(directory, "b"), authority, agencies);
  await writeFile(join(directory, "b", "notes..key"), "nothing");
  const keys = await transmissionKeys(join(directory, "b"));
  expect(keys.codes()).toEqual(["H99.02", "H99.03"]);
  expect(new X509Certificate(keys.for("H99.03")!.certificateChain[0]!).subject).toContain("CN=H99.03");
  await writeFile(join(directory, "b", "H99.02.pem"), await readFile(join(directory, "b", "H99.03.pem")));
  await expect(keys.reload()).rejects.toThrow("is not the certificate of H99.02.key");
  expect(keys.codes(), "what was read before stays").toEqual(["H99.02", "H99.03"]);
});
