import { constants, createHash, privateEncrypt, sign as signBytes, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digest } from "../../signing/algorithms/digests.ts";
import { der, readBer } from "../../signing/asn1.ts";
import { signatureSubFilters, verifyPdfSignature, type CoveredBytes } from "../../signing/cms/pdf-signature.ts";
import { readSignedData } from "../../signing/cms/signed-data.ts";
import { attribute, withUnsignedAttribute } from "../../signing/cms/write.ts";
import { Oid } from "../../signing/oids.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { issueSigner, subordinate } from "./authorities.ts";
import { buildCms, toIndefinite } from "./cms-builder.ts";

const rsa = issueSigner("rsa-2048");
const ec = issueSigner("ec-p256");
const bytes = Buffer.from("%PDF-1.7 Quyết định về việc ban hành quy chế");
const covering = (all: Buffer): CoveredBytes => ({
  digest: (oid) => digest(oid, all),
  chunks: () => [all.subarray(0, 9), all.subarray(9)],
});
const covered = covering(bytes);
const changed = covering(Buffer.from("%PDF-1.7 Quyết định khác"));
const hole = (cms: Buffer) => Buffer.concat([cms, Buffer.alloc(100)]);
const verify = (subFilter: string, contents: Buffer, certificates?: readonly Buffer[], over = covered) =>
  verifyPdfSignature({ subFilter, contents, ...(certificates ? { certificates } : {}) }, over);
const parts = { key: ec.key, certificate: ec.certificate, content: bytes };

test("the kinds of signature that are judged", () => {
  expect(signatureSubFilters).toEqual([
    "ETSI.CAdES.detached",
    "adbe.pkcs7.detached",
    "adbe.pkcs7.sha1",
    "adbe.x509.rsa_sha1",
  ]);
});

describe("an unknown SubFilter", () => {
  const note = "UNSUPPORTED_SUBFILTER adbe.pkcs7.md5";
  const signer = readCertificate(ec.certificate);

  test.each<[string, Buffer, object]>([
    ["over a detached CMS", buildCms(parts), { certificate: signer, notes: [note] }],
    [
      "over one that signs the content itself",
      buildCms({ ...parts, attributes: () => undefined }),
      { certificate: signer, notes: [note, "NO_SIGNED_ATTRIBUTES"] },
    ],
    [
      "over a CMS that encloses something",
      buildCms({ ...parts, enclosed: bytes }),
      { certificate: undefined, notes: [note] },
    ],
    ["over something else", Buffer.from("04020102", "hex"), { data: undefined, notes: [note] }],
  ])("%s is unknown", (_, cms, more) => {
    expect(verify("adbe.pkcs7.md5", hole(cms))).toMatchObject({
      result: "unknown",
      subIndication: "FORMAT_FAILURE",
      ...more,
    });
  });

  test("over a detached CMS that does not fit the bytes is wrong all the same", () => {
    expect(verify("adbe.pkcs7.md5", hole(buildCms(parts)), undefined, changed)).toMatchObject({
      result: "invalid",
      subIndication: "HASH_FAILURE",
      notes: [],
    });
  });
});

test.each(["adbe.pkcs7.detached", "adbe.pkcs7.sha1", "adbe.pkcs7.md5"])(
  "%s: the signer's certificate may come from elsewhere",
  (subFilter) => {
    const enclosed = subFilter === "adbe.pkcs7.sha1" ? { enclosed: digest(Oid.sha1, bytes) } : {};
    const contents = hole(buildCms({ ...parts, ...enclosed, certificates: [] }));
    const certificate = readCertificate(ec.certificate);
    expect(verifyPdfSignature({ subFilter, contents }, covered).certificate).toBeUndefined();
    expect(verifyPdfSignature({ subFilter, contents }, covered, [certificate]).certificate).toBe(certificate);
  },
);

test.each(["adbe.pkcs7.detached", "adbe.pkcs7.sha1"])("%s: what stands beside the signature is named", (subFilter) => {
  const enclosed = subFilter === "adbe.pkcs7.sha1" ? { enclosed: digest(Oid.sha1, bytes) } : {};
  const { issuer, serialNumber } = readCertificate(rsa.certificate);
  const counter = (value: Buffer) =>
    der.sequence(
      der.integer(1),
      der.sequence(issuer.der, der.integer(serialNumber)),
      der.sequence(der.oid(Oid.sha256)),
      der.sequence(der.oid(Oid.sha256WithRsa), der.null()),
      der.octets(signBytes("sha256", value, rsa.key)),
    );
  const cms = buildCms({ ...parts, ...enclosed, unsigned: [attribute(Oid.archiveTimeStampV3, der.null())] });
  const contents = hole(withUnsignedAttribute(cms, Oid.counterSignature, counter(readSignedData(cms).signature)));
  const { result, notes } = verifyPdfSignature({ subFilter, contents }, covered, [readCertificate(rsa.certificate)]);
  expect(result).toBe("valid");
  expect(notes).toEqual([
    ...(subFilter === "adbe.pkcs7.sha1" ? ["WEAK_DIGEST_SHA1"] : []),
    "ARCHIVE_TIMESTAMP_V3",
    `COUNTERSIGNATURE_VALID ${readCertificate(rsa.certificate).subject.text}`,
  ]);
});

describe.each(["ETSI.CAdES.detached", "adbe.pkcs7.detached"])("%s", (subFilter) => {
  test("over the bytes covered, in DER and BER", () => {
    const cms = buildCms(parts);
    for (const each of [cms, toIndefinite(readBer(cms))]) {
      const verdict = verify(subFilter, hole(each));
      expect(verdict).toMatchObject({ result: "valid", signingCertificate: true });
      expect(verdict.certificates.map(({ der: own }) => own)).toEqual([ec.certificate]);
      expect(verdict.data!.contentType).toBe(Oid.data);
      expect(verify(subFilter, hole(each), undefined, changed)).toMatchObject({
        result: "invalid",
        subIndication: "HASH_FAILURE",
      });
    }
  });

  test("the content itself may be signed", () => {
    const cms = hole(buildCms({ ...parts, attributes: () => undefined }));
    expect(verify(subFilter, cms)).toMatchObject({ result: "valid", notes: ["NO_SIGNED_ATTRIBUTES"] });
    expect(verify(subFilter, cms, undefined, changed)).toMatchObject({
      result: "invalid",
      subIndication: "SIG_CRYPTO_FAILURE",
    });
  });

  test.each<[string, Buffer]>([
    ["enclosed content", hole(buildCms({ ...parts, enclosed: bytes }))],
    ["content of another type", hole(buildCms({ ...parts, contentType: Oid.tstInfo }))],
    ["two signers", hole(buildCms({ ...parts, signers: 2 }))],
    ["bytes behind the CMS", Buffer.concat([hole(buildCms(parts)), Buffer.from([1])])],
    ["a cut-off CMS", buildCms(parts).subarray(0, -1)],
    ["nothing but zeros", Buffer.alloc(100)],
    ["nothing", Buffer.alloc(0)],
  ])("is of no form with %s", (_, contents) => {
    expect(verify(subFilter, contents)).toMatchObject({
      result: "invalid",
      subIndication: "FORMAT_FAILURE",
      certificate: undefined,
      data: undefined,
    });
  });
});

describe("adbe.pkcs7.sha1", () => {
  const sha1 = createHash("sha1").update(bytes).digest();
  const subFilter = "adbe.pkcs7.sha1";

  test("encloses the SHA-1 of the bytes covered, and signs it", () => {
    const cms = hole(buildCms({ ...parts, enclosed: sha1 }));
    expect(verify(subFilter, cms)).toMatchObject({ result: "valid", notes: ["WEAK_DIGEST_SHA1"] });
    expect(verify(subFilter, cms, undefined, changed)).toMatchObject({
      result: "invalid",
      subIndication: "HASH_FAILURE",
      notes: ["WEAK_DIGEST_SHA1"],
    });
    const unattributed = hole(buildCms({ ...parts, enclosed: sha1, attributes: () => undefined }));
    expect(verify(subFilter, unattributed)).toMatchObject({
      result: "valid",
      notes: ["NO_SIGNED_ATTRIBUTES", "WEAK_DIGEST_SHA1"],
    });
  });

  test("signed with SHA-1 too, the weakness is told once", () => {
    const cms = hole(buildCms({ ...parts, enclosed: sha1, digest: "sha1" }));
    expect(verify(subFilter, cms)).toMatchObject({ result: "valid", notes: ["WEAK_DIGEST_SHA1"] });
  });

  test.each<[string, Buffer]>([
    ["detached", hole(buildCms(parts))],
    ["of another type", hole(buildCms({ ...parts, enclosed: sha1, contentType: Oid.tstInfo }))],
  ])("is of no form %s", (_, contents) => {
    expect(verify(subFilter, contents)).toMatchObject({ result: "invalid", subIndication: "FORMAT_FAILURE" });
  });

  test("a digest of another kind is not taken for it", () => {
    const enclosed = createHash("sha256").update(bytes).digest();
    expect(verify(subFilter, hole(buildCms({ ...parts, enclosed })))).toMatchObject({ subIndication: "HASH_FAILURE" });
  });

  test("an enclosed digest that was not signed fails", () => {
    const cms = buildCms({ ...parts, enclosed: sha1, sign: () => signBytes("sha256", Buffer.from("khác"), ec.key) });
    expect(verify(subFilter, hole(cms))).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });
});

describe("adbe.x509.rsa_sha1", () => {
  const subFilter = "adbe.x509.rsa_sha1";
  const contents = (signature: Buffer) => hole(der.octets(signature));
  const block = (key: KeyObject, info: Buffer) => privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  const cert = [rsa.certificate, subordinate];

  test.each([
    ["sha1", ["WEAK_DIGEST_SHA1"]],
    ["sha256", []],
    ["sha384", []],
    ["sha512", []],
    ["ripemd160", ["WEAK_DIGEST_RIPEMD160"]],
  ])("a signature by RSA with %s, certificates beside it", (name, notes) => {
    const signature = contents(signBytes(name, bytes, rsa.key));
    const verdict = verify(subFilter, signature, cert);
    expect(verdict).toMatchObject({
      result: "valid",
      subIndication: undefined,
      notes,
      data: undefined,
      signingCertificate: false,
    });
    expect(verdict.certificate!.der).toEqual(rsa.certificate);
    expect(verdict.certificates).toHaveLength(2);
    expect(verify(subFilter, signature, cert, changed)).toMatchObject({
      result: "invalid",
      subIndication: "SIG_CRYPTO_FAILURE",
      notes: ["SIGNATURE_MISMATCH"],
    });
  });

  test("a DigestInfo without parameters is right, and noted; a third form is not", () => {
    const hash = der.octets(createHash("sha256").update(bytes).digest());
    const info = (...parameters: Buffer[]) => der.sequence(der.sequence(der.oid(Oid.sha256), ...parameters), hash);
    expect(verify(subFilter, contents(block(rsa.key, info())), cert)).toMatchObject({
      result: "valid",
      notes: ["DIGEST_INFO_WITHOUT_PARAMETERS"],
    });
    expect(verify(subFilter, contents(block(rsa.key, info(der.integer(0)))), cert).result).toBe("invalid");
  });

  test("certificates that cannot be read stand in nobody's way, but the signer's must be", () => {
    const signature = contents(signBytes("sha256", bytes, rsa.key));
    const verdict = verify(subFilter, signature, [rsa.certificate, Buffer.from("rác"), subordinate]);
    expect(verdict).toMatchObject({ result: "valid" });
    expect(verdict.certificates).toHaveLength(2);
    expect(verify(subFilter, signature, [Buffer.from("rác")])).toMatchObject({
      result: "invalid",
      subIndication: "FORMAT_FAILURE",
    });
  });

  test("without a certificate nothing is known", () => {
    const signature = contents(signBytes("sha256", bytes, rsa.key));
    for (const certificates of [undefined, []]) {
      expect(verify(subFilter, signature, certificates)).toMatchObject({
        result: "unknown",
        subIndication: "NO_SIGNING_CERTIFICATE_FOUND",
      });
    }
  });

  test.each<[string, Buffer, readonly Buffer[], string, string]>([
    [
      "the key is none of RSA",
      contents(Buffer.alloc(256)),
      [ec.certificate],
      "SIG_CRYPTO_FAILURE",
      "KEY_OF_ANOTHER_KIND",
    ],
    ["the length is another", contents(Buffer.alloc(255)), cert, "SIG_CRYPTO_FAILURE", "SIGNATURE_LENGTH"],
    ["the number is too large", contents(Buffer.alloc(256, 255)), cert, "SIG_CRYPTO_FAILURE", "SIGNATURE_OUT_OF_RANGE"],
  ])("fails where %s", (_, value, certificates, subIndication, note) => {
    expect(verify(subFilter, value, certificates)).toMatchObject({ result: "invalid", subIndication, notes: [note] });
  });

  test("is of no form with other bytes behind it, or as another element", () => {
    const signature = signBytes("sha256", bytes, rsa.key);
    for (const value of [
      Buffer.concat([contents(signature), Buffer.from([1])]),
      der.sequence(der.octets(signature)),
      signature,
    ]) {
      expect(verify(subFilter, value, cert)).toMatchObject({ result: "invalid", subIndication: "FORMAT_FAILURE" });
    }
  });

  test("a key that nobody reads is unknown", () => {
    const at = rsa.certificate.indexOf(der.oid(Oid.rsaEncryption));
    const strange = Buffer.from(rsa.certificate);
    strange[at + 10]! ^= 0x40;
    expect(verify(subFilter, contents(Buffer.alloc(256)), [strange])).toMatchObject({
      result: "unknown",
      subIndication: "CRYPTO_CONSTRAINTS_FAILURE",
      notes: ["UNSUPPORTED_KEY"],
    });
  });
});

test("an error of ours is not taken for one of the file's", () => {
  const broken: CoveredBytes = {
    digest: () => {
      throw new TypeError("ours");
    },
    chunks: () => [],
  };
  expect(() => verify("adbe.pkcs7.detached", hole(buildCms(parts)), undefined, broken)).toThrow(TypeError);
});
