import { execFileSync } from "node:child_process";
import { constants, createHash, privateEncrypt, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { der, readBer, type Asn1 } from "../../signing/asn1.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { attribute, prepareSignedData } from "../../signing/cms/write.ts";
import { SigningError } from "../../signing/errors.ts";
import type { KeyKind } from "../../signing/issue/certificates.ts";
import { Oid } from "../../signing/oids.ts";
import { digest } from "../../signing/algorithms/raw.ts";
import { readSignedData, verifySignedData } from "../../signing/cms/signed-data.ts";
import { issueSigner, root, subordinate, toPem } from "./authorities.ts";
import { needs } from "../support/judges.ts";

const content = Buffer.from("Quyết định về việc ban hành quy chế");
const rsa = issueSigner("rsa-2048");

async function sign({ signer }: Pick<ReturnType<typeof issueSigner>, "signer">, text = content): Promise<Buffer> {
  const prepared = prepareSignedData(signer, createHash(signer.digest).update(text).digest());
  return prepared.complete(await signer.sign(prepared.toBeSigned));
}

function verify(cms: Buffer, text = content, padded = false) {
  return verifySignedData(
    readSignedData(cms, padded),
    (oid) => digest(oid, text),
    () => text,
  );
}

/** The same values with every constructed element in the indefinite form. */
function toIndefinite(element: Asn1): Buffer {
  if (!element.constructed) return element.raw;
  const parts = element.children.map(toIndefinite);
  return Buffer.concat([Buffer.from([element.identifier, 0x80]), ...parts, Buffer.alloc(2)]);
}

/** A CMS whose RSA block holds what `block` makes of the hash of the signed attributes. */
function signBlock(
  key: KeyObject,
  block: (hash: Buffer) => Buffer,
  padding: number = constants.RSA_PKCS1_PADDING,
): Buffer {
  const prepared = prepareSignedData(rsa.signer, createHash("sha256").update(content).digest());
  const hash = createHash("sha256").update(prepared.toBeSigned).digest();
  return prepared.complete(privateEncrypt({ key, padding }, block(hash)));
}

const digestInfo = (hash: Buffer, ...parameters: Buffer[]) =>
  der.sequence(der.sequence(der.oid(Oid.sha256), ...parameters), der.octets(hash));

describe("signing", () => {
  test.each<KeyKind>(["rsa-2048", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ed25519"])(
    "%s: what we sign we verify, and a changed byte fails",
    async (kind) => {
      const cms = await sign(issueSigner(kind));
      expect(verify(cms)).toMatchObject({ result: "valid", signingCertificate: true, notes: [] });
      expect(verify(cms, Buffer.from("khác"))).toMatchObject({ result: "invalid", subIndication: "HASH_FAILURE" });
    },
  );

  // OpenSSL 3.0 does not verify Ed25519 in CMS with signed attributes.
  test.each<KeyKind>(["rsa-2048", "ec-p256", "ec-p384"])("openssl accepts %s as CAdES", async (kind) => {
    needs("openssl");
    const folder = mkdtempSync(join(tmpdir(), "cms-"));
    try {
      writeFileSync(join(folder, "content"), content);
      writeFileSync(join(folder, "cms"), await sign(issueSigner(kind)));
      writeFileSync(join(folder, "root.pem"), toPem(root));
      const options = ["-binary", "-inform", "DER", "-in", "cms", "-content", "content", "-CAfile", "root.pem"];
      const out = execFileSync("openssl", ["cms", "-verify", "-cades", ...options, "-purpose", "any", "-out", "out"], {
        cwd: folder,
        stdio: "pipe",
      });
      expect(out.toString()).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("signs content type, digest and signing certificate, in DER order, and no time", () => {
    const { toBeSigned } = prepareSignedData(rsa.signer, Buffer.alloc(32));
    const attributes = readBer(toBeSigned).set();
    const types = attributes.map((each) => each.sequence()[0]!.oid());
    expect(types.toSorted()).toEqual([Oid.contentType, Oid.messageDigest, Oid.signingCertificateV2].toSorted());
    expect(attributes.map((each) => each.raw)).toEqual(attributes.map((each) => each.raw).toSorted(Buffer.compare));
  });

  test("names the issuer with the bytes of the certificate", async () => {
    const cms = await sign(rsa);
    const { issuer } = readCertificate(rsa.certificate);
    expect(issuer.text).toContain("Ban Cơ yếu Chính phủ");
    expect(readSignedData(cms).signerIdentifier.sequence()[0]!.raw).toEqual(issuer.der);
  });

  test("carries the signer's certificate and its chain", async () => {
    const carried = readSignedData(await sign(rsa)).certificates.map((each) => each.der);
    expect(carried.toSorted(Buffer.compare)).toEqual([rsa.certificate, subordinate].toSorted(Buffer.compare));
  });
});

describe("verifying what others write", () => {
  test("BER of indefinite length", async () => {
    const twin = toIndefinite(readBer(await sign(rsa)));
    expect(twin.subarray(0, 2).toString("hex")).toBe("3080");
    expect(verify(twin)).toMatchObject({ result: "valid", notes: ["BER_ENCODING"] });
  });

  test("a DigestInfo without parameters is right, and noted", () => {
    const cms = signBlock(rsa.key, (hash) => digestInfo(hash));
    expect(verify(cms)).toMatchObject({ result: "valid", notes: ["DIGEST_INFO_WITHOUT_PARAMETERS"] });
    expect(verify(toIndefinite(readBer(cms)))).toMatchObject({ result: "valid" });
  });

  test.each<[string, (hash: Buffer) => Buffer]>([
    ["the bare hash", (hash) => hash],
    ["a byte behind the DigestInfo", (hash) => Buffer.concat([digestInfo(hash), Buffer.from([0])])],
    ["other parameters", (hash) => digestInfo(hash, der.integer(0))],
    ["parameters twice", (hash) => digestInfo(hash, der.null(), der.null())],
    ["another hash algorithm", (hash) => der.sequence(der.sequence(der.oid(Oid.sha384)), der.octets(hash))],
    ["a hash with one bit changed", (hash) => digestInfo(Buffer.from(hash.map((byte, i) => (i ? byte : byte ^ 1))))],
    [
      "BER lengths",
      (hash) => {
        const info = digestInfo(hash);
        return Buffer.concat([Buffer.from([0x30, 0x81, info[1]!]), info.subarray(2)]);
      },
    ],
  ])("fails: %s", (_, block) => {
    expect(verify(signBlock(rsa.key, block))).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });

  test.each<[string, (info: Buffer) => Buffer]>([
    [
      "short padding with garbage behind (Bleichenbacher 2006)",
      (info) => Buffer.concat([Buffer.from("0001ffffffffffffffff00", "hex"), info, Buffer.alloc(245 - info.length, 7)]),
    ],
    [
      "block type 2",
      (info) => Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(253 - info.length, 0xff), Buffer.from([0]), info]),
    ],
    [
      "a padding byte other than FF",
      (info) =>
        Buffer.concat([Buffer.from([0, 1, 0xfe]), Buffer.alloc(252 - info.length, 0xff), Buffer.from([0]), info]),
    ],
  ])("fails: %s", (_, pad) => {
    const cms = signBlock(rsa.key, (hash) => pad(digestInfo(hash)), constants.RSA_NO_PADDING);
    expect(verify(cms)).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });

  test("in the hole of a PDF only zeros may follow", async () => {
    const cms = await sign(rsa);
    expect(verify(Buffer.concat([cms, Buffer.alloc(500)]), content, true).result).toBe("valid");
    const dirty = Buffer.concat([cms, Buffer.alloc(500), Buffer.from([1])]);
    expect(() => readSignedData(dirty, true)).toThrow(expect.objectContaining({ code: "CMS_MALFORMED" }));
    expect(() => readSignedData(Buffer.concat([cms, Buffer.alloc(1)]))).toThrow(SigningError);
  });

  test("a signing-certificate attribute of another certificate fails", async () => {
    const other = issueSigner("rsa-2048");
    // Same key identifier and issuer are not at hand, so the attribute is the only thing that differs.
    const prepared = prepareSignedData(rsa.signer, createHash("sha256").update(content).digest());
    const strange = prepareSignedData(other.signer, createHash("sha256").update(content).digest());
    const signed = prepared.complete(await rsa.signer.sign(strange.toBeSigned));
    const exchanged = Buffer.from(
      signed
        .toString("hex")
        .replace(
          readBer(prepared.toBeSigned).content.toString("hex"),
          readBer(strange.toBeSigned).content.toString("hex"),
        ),
      "hex",
    );
    expect(verify(exchanged)).toMatchObject({ result: "invalid", notes: ["SIGNING_CERTIFICATE_DIFFERS"] });
  });

  test("an attribute that stands twice is malformed", async () => {
    const doubled = der.setOf([
      attribute(Oid.contentType, der.oid(Oid.data)),
      attribute(Oid.contentType, der.oid(Oid.data)),
    ]);
    const prepared = prepareSignedData(rsa.signer, createHash("sha256").update(content).digest());
    const cms = prepared.complete(await rsa.signer.sign(prepared.toBeSigned));
    const at = cms.indexOf(readBer(prepared.toBeSigned).content);
    expect(at).toBeGreaterThan(0);
    const info = readSignedData(cms);
    const replaced = { ...info, signedAttributes: readBer(doubled) };
    expect(() =>
      verifySignedData(
        replaced,
        (oid) => digest(oid, content),
        () => content,
      ),
    ).toThrow(SigningError);
  });
});

test("2,500 mutated CMS and certificates: a typed error or a verdict, and never a valid forgery", async () => {
  const cms = await sign(issueSigner("ec-p256"));
  let state = 20260801;
  const random = (below: number) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % below;
  let errors = 0;
  for (let i = 0; i < 2500; i++) {
    const bytes = Buffer.from(i % 2 ? cms : rsa.certificate);
    for (let n = random(4); n >= 0; n--) bytes[random(bytes.length)] = random(256);
    const input = random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    try {
      if (i % 2) verify(input, Buffer.from("khác"), true);
      else readCertificate(input);
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      errors++;
    }
    if (i % 2) {
      const forged = (() => {
        try {
          return verify(input, Buffer.from("khác")).result;
        } catch {
          return "error";
        }
      })();
      expect(forged).not.toBe("valid");
    }
  }
  expect(errors).toBeGreaterThan(500);
});
