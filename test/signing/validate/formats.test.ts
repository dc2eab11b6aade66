import { createHash, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signRaw } from "../../../signing/algorithms/identifiers.ts";
import { der, readBer } from "../../../signing/asn1.ts";
import { readSignedData } from "../../../signing/cms/signed-data.ts";
import { attribute, withUnsignedAttribute } from "../../../signing/cms/write.ts";
import { issueCertificate } from "../../../signing/issue/certificates.ts";
import { Oid } from "../../../signing/oids.ts";
import { addValidationMaterial } from "../../../signing/sign/dss.ts";
import { verifyPdf, type VerifyOptions } from "../../../signing/validate/verify.ts";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { authority, during, issueSigner, notAfter, notBefore, root, subordinate } from "../authorities.ts";
import { buildCms, usualAttributes, type CmsParts } from "../cms-builder.ts";
import { addSignature, append, at, decision, waiting } from "../verify-documents.ts";

const leader = issueSigner("ec-p256");
const unsigned = append(Buffer.alloc(0), decision);
const look = (pdf: Buffer, options: Partial<VerifyOptions> = {}) =>
  verifyPdf(pdf, { anchors: [root], at: during, ...options });

/** The leader's signature with a CMS that is built as the test wants it. */
const signedWith = (parts: Partial<CmsParts>, change = (cms: Buffer) => cms, subFilter?: string, more?: string) =>
  addSignature(unsigned, {
    signer: leader.signer,
    number: 20,
    objects: { [at.leader]: waiting.leader("/V 20 0 R") },
    ...(subFilter === undefined ? {} : { subFilter }),
    ...(more === undefined ? {} : { more }),
    cms: async (content) => change(buildCms({ key: leader.key, certificate: leader.certificate, content, ...parts })),
  });

describe("a signer's certificate that the signature does not bring", async () => {
  const pdf = await signedWith({ certificates: [] });
  const evidence = {
    certificates: [leader.certificate, subordinate].map(readCertificate),
    crls: [],
    ocsp: [],
  };

  test("is not known", () => {
    expect(look(pdf).signatures[0]).toMatchObject({
      integrity: "INDETERMINATE",
      subIndication: "NO_SIGNING_CERTIFICATE_FOUND",
      signer: undefined,
    });
  });

  test.each([
    ["in the security store", addValidationMaterial(pdf, evidence), {}],
    ["among the evidence given", pdf, { evidence }],
  ])("is found %s", (_, bytes, options) => {
    const [signature] = look(bytes, options).signatures;
    expect(signature).toMatchObject({ indication: "TOTAL-PASSED", integrity: "PASS" });
    expect(signature!.signer?.serial).toBe(readCertificate(leader.certificate).serial);
    // EN 319 142-1 §6.3: a baseline signature brings it.
    expect(signature!.level).toBe("CMS");
  });

  test("brought by the signature makes it a baseline signature", async () => {
    const whole = await signedWith({ certificates: [leader.certificate, subordinate] });
    expect(look(whole).signatures[0]).toMatchObject({ indication: "TOTAL-PASSED", level: "B-B" });
  });
});

describe("Ed448 with SHAKE256 (RFC 8419)", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed448");
  const subject = { C: "VN", CN: "Khóa Ed448" };
  const certificate = issueCertificate({ subject, publicKey, issuer: authority, usage: "person", notBefore, notAfter });
  const parts = (content: Buffer, length: number): CmsParts => ({
    key: privateKey,
    certificate,
    content,
    digestAlgorithm: der.sequence(der.oid(Oid.shake256)),
    signatureAlgorithm: der.sequence(der.oid(Oid.ed448)),
    attributes: () => {
      const hash = createHash("shake256", { outputLength: length }).update(content).digest();
      return usualAttributes(certificate, hash);
    },
    sign: (bytes) => signBytes(null, bytes, privateKey),
    certificates: [certificate, subordinate],
  });
  const signedBy = (length: number) =>
    addSignature(unsigned, {
      signer: leader.signer,
      number: 20,
      objects: { [at.leader]: waiting.leader("/V 20 0 R") },
      cms: async (content) => buildCms(parts(content, length)),
    });

  test("passes with the 64 bytes that CMS wants, and with no other number of them", async () => {
    const pdf = await signedBy(64);
    expect(look(pdf).signatures[0]).toMatchObject({ indication: "TOTAL-PASSED", integrity: "PASS", level: "B-B" });
    expect(look(await signedBy(32)).signatures[0]).toMatchObject({ integrity: "FAIL", subIndication: "HASH_FAILURE" });
    const altered = Buffer.from(pdf);
    altered[pdf.indexOf("/Rect") + 7]! ^= 1;
    expect(look(altered).signatures[0]).toMatchObject({ integrity: "FAIL", subIndication: "HASH_FAILURE" });
  });
});

describe("an unknown SubFilter", () => {
  const certificates = [leader.certificate, subordinate];

  test("leaves open what the signature means", async () => {
    expect(look(await signedWith({ certificates }, undefined, "Zzzz.detached")).signatures[0]).toMatchObject({
      indication: "INDETERMINATE",
      subIndication: "FORMAT_FAILURE",
      integrity: "INDETERMINATE",
      level: "CMS",
      signer: { serial: readCertificate(leader.certificate).serial },
      notes: expect.arrayContaining(["UNSUPPORTED_SUBFILTER Zzzz.detached"]),
    });
    expect(look(await signedWith({}, () => Buffer.from("8001ff", "hex"), "Zzzz.raw")).signatures[0]).toMatchObject({
      integrity: "INDETERMINATE",
      subIndication: "FORMAT_FAILURE",
      notes: expect.arrayContaining(["UNSUPPORTED_SUBFILTER Zzzz.raw"]),
    });
  });

  test("written over a known one fails, for the bytes are others", async () => {
    const pdf = await signedWith({ certificates });
    pdf.write("/Zzzz", pdf.indexOf("/ETSI.CAdES"), "latin1");
    expect(look(pdf)).toMatchObject({
      indication: "TOTAL-FAILED",
      signatures: [{ integrity: "FAIL", subIndication: "HASH_FAILURE" }],
    });
  });
});

describe("what stands beside a signature is named", () => {
  const second = issueSigner("ec-p384");
  const { issuer, serialNumber } = readCertificate(second.certificate);
  const counter = (value: Buffer, bySha: "sha256" | "sha384" = "sha256") => {
    const signed = der.setOf([attribute(Oid.messageDigest, der.octets(createHash(bySha).update(value).digest()))]);
    return der.sequence(
      der.integer(1),
      der.sequence(issuer.der, der.integer(serialNumber)),
      der.sequence(der.oid(Oid[bySha])),
      der.implicit(0, readBer(signed).content),
      der.sequence(der.oid(bySha === "sha256" ? Oid.ecdsaWithSha256 : Oid.ecdsaWithSha384)),
      der.octets(signRaw(second.key, bySha, signed)),
    );
  };
  const certificates = [leader.certificate, subordinate, second.certificate];
  const withCounter = (over: (cms: Buffer) => Buffer) => (cms: Buffer) =>
    withUnsignedAttribute(cms, Oid.counterSignature, counter(over(cms)));
  const who = readCertificate(second.certificate).subject.text;
  const others = { certificates: [leader.certificate, subordinate] };

  test.each<[string, Partial<CmsParts>, (cms: Buffer) => Buffer, string]>([
    [
      "a countersignature over the value",
      { certificates },
      withCounter((cms) => readSignedData(cms).signature),
      `COUNTERSIGNATURE_VALID ${who}`,
    ],
    ["one over something else", { certificates }, withCounter((cms) => cms), `COUNTERSIGNATURE_INVALID ${who}`],
    [
      "one of somebody unknown",
      others,
      withCounter((cms) => readSignedData(cms).signature),
      "COUNTERSIGNATURE_UNKNOWN",
    ],
    [
      "an evidence record",
      others,
      (cms) => withUnsignedAttribute(cms, "1.2.840.113549.1.9.16.2.49", der.sequence()),
      "EVIDENCE_RECORD",
    ],
    [
      "an archive time-stamp of CAdES",
      others,
      (cms) => withUnsignedAttribute(cms, Oid.archiveTimeStampV3, der.sequence()),
      "ARCHIVE_TIMESTAMP_V3",
    ],
  ])("%s", async (_, parts, change, note) => {
    const [signature] = look(await signedWith(parts, change)).signatures;
    expect(signature).toMatchObject({ indication: "TOTAL-PASSED", integrity: "PASS" });
    expect(signature!.notes).toContain(note);
  });

  test("a countersigner's certificate may be in the security store", async () => {
    const pdf = await signedWith(
      others,
      withCounter((cms) => readSignedData(cms).signature),
    );
    const evidence = { certificates: [readCertificate(second.certificate)], crls: [], ocsp: [] };
    expect(look(addValidationMaterial(pdf, evidence)).signatures[0]!.notes).toContain(`COUNTERSIGNATURE_VALID ${who}`);
  });
});

test("an integrity code is named as not evaluated", async () => {
  const pdf = append(unsigned, {}, "/AuthCode <</MACLocation /Standalone>>");
  expect(look(pdf).notes).toEqual(["NO_SIGNATURES", "AUTH_CODE_NOT_EVALUATED"]);
  expect(look(unsigned).notes).toEqual(["NO_SIGNATURES"]);
});
