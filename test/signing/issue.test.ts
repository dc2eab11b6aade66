import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { signRaw } from "../../signing/algorithms/identifiers.ts";
import { der } from "../../signing/asn1.ts";
import { prepareSignedData } from "../../signing/cms/write.ts";
import {
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type CertificateOptions,
} from "../../signing/issue/certificates.ts";
import { issueCrl } from "../../signing/issue/crl.ts";
import { generateKeys, type KeyKind } from "../../signing/issue/keys.ts";
import { certificateId, issueOcspFailure, issueOcspResponse } from "../../signing/issue/ocsp.ts";
import { issueTimestampResponse, issueTimestampToken } from "../../signing/issue/timestamps.ts";
import { Oid } from "../../signing/oids.ts";
import { writeTimestampRequest } from "../../signing/tsp/request.ts";
import { readToken } from "../../signing/tsp/token.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { readCrl } from "../../signing/x509/crl.ts";
import { ocspRequest, readOcspResponse } from "../../signing/x509/ocsp.ts";
import {
  authority,
  during,
  issueSigner,
  notAfter,
  notBefore,
  root,
  rootAuthority,
  subordinate,
  toPem,
} from "./authorities.ts";
import { needs } from "../support/judges.ts";

/** Runs openssl in a folder with these files; gives what it prints on both channels. */
function openssl(files: Record<string, Buffer | string>, ...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "issue-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return execFileSync("sh", ["-c", 'exec openssl "$@" 2>&1', "sh", ...options], { cwd: folder }).toString();
  } catch (error) {
    throw new Error(String((error as { stdout?: Buffer }).stdout));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const anchors = { "root.pem": toPem(root), "sub.pem": toPem(subordinate) };
const at = String(during.getTime() / 1000);
const person = (options: Partial<CertificateOptions> = {}) =>
  issueCertificate({
    subject: { CN: "Nguyễn Thị Ước" },
    publicKey: generateKeys("ec-p256").publicKey,
    issuer: authority,
    usage: "person",
    notBefore,
    notAfter,
    ...options,
  });

describe("certificates", () => {
  test.each<[KeyKind, "pkcs1" | "pss"]>([
    ["rsa-2048", "pkcs1"],
    ["rsa-2048", "pss"],
    ["ec-p256", "pkcs1"],
    ["ec-p384", "pkcs1"],
    ["ec-p521", "pkcs1"],
    ["ed25519", "pkcs1"],
  ])("openssl accepts a chain by %s (%s)", (kind, scheme) => {
    needs("openssl");
    const keys = generateKeys(kind);
    const own = issueRoot({ subject: { CN: "Gốc" }, key: keys.privateKey, notBefore, notAfter, signing: { scheme } });
    const issuer = { key: keys.privateKey, certificate: own };
    const leaf = person({ signing: { scheme }, ...{ issuer } } as Partial<CertificateOptions>);
    const files = { "root.pem": toPem(own), "leaf.pem": toPem(leaf) };
    expect(openssl(files, "verify", "-attime", at, "-CAfile", "root.pem", "leaf.pem")).toBe("leaf.pem: OK\n");
  });

  test("serial number, policies, addresses, and any extension", () => {
    const certificate = person({
      serialNumber: 0x1234567890n,
      policies: ["2.16.704.1.1.1.1.1", "1.2.3.4"],
      addresses: {
        crl: ["http://crl1.example.vn/a.crl", "http://crl2.example.vn/a.crl"],
        ocsp: "http://ocsp.example.vn",
        issuer: "http://ca.example.vn/a.cer",
      },
      extensions: [{ oid: "1.2.3.4.5", critical: true, value: der.null() }],
      without: [Oid.extendedKeyUsage],
    });
    const read = readCertificate(certificate);
    expect(read.serial).toBe("1234567890");
    expect(read.extensions.get("1.2.3.4.5")).toMatchObject({ critical: true, value: der.null() });
    expect(read.extendedKeyUsage).toBeUndefined();
    const judged = new X509Certificate(certificate);
    expect(judged.infoAccess).toContain("OCSP - URI:http://ocsp.example.vn");
    expect(judged.infoAccess).toContain("CA Issuers - URI:http://ca.example.vn/a.cer");
    expect(read.extensions.get(Oid.certificatePolicies)!.value.includes(der.oid("2.16.704.1.1.1.1.1"))).toBe(true);
    const points = read.extensions.get(Oid.crlDistributionPoints)!.value.toString("latin1");
    expect(points.match(/http:\/\/crl\d\.example\.vn\/a\.crl/g)).toHaveLength(2);
  });

  test("an extension given takes the place of the ordinary one", () => {
    const usage = { oid: Oid.keyUsage, critical: false, value: der.namedBits([4]) };
    const read = readCertificate(person({ extensions: [usage] }));
    expect([...read.keyUsage!]).toEqual(["keyAgreement"]);
    expect(read.extensions.get(Oid.keyUsage)!.critical).toBe(false);
  });

  test("authorities are bounded unless it is said that they are not", () => {
    const publicKey = generateKeys("ec-p256").publicKey;
    const issue = (more: object) =>
      readCertificate(
        issueSubordinate({ subject: { CN: "CA" }, publicKey, issuer: rootAuthority, notBefore, notAfter, ...more }),
      ).basicConstraints;
    expect(issue({})).toEqual({ ca: true, pathLength: 0 });
    expect(issue({ pathLength: 3 })).toEqual({ ca: true, pathLength: 3 });
    expect(issue({ pathLength: "unlimited" })).toEqual({ ca: true, pathLength: undefined });
  });

  test("nothing is issued by those who are no authority, for no time, or to nobody, unless that is the test", () => {
    const signer = issueSigner();
    const wrong = { issuer: { key: signer.key, certificate: signer.certificate } } as Partial<CertificateOptions>;
    expect(() => person(wrong)).toThrow(expect.objectContaining({ code: "NOT_AN_AUTHORITY" }));
    expect(readCertificate(person({ ...wrong, unchecked: true })).issuer.text).toContain("Nguyễn Thị Ước");
    const backwards = { notBefore: notAfter, notAfter: notBefore };
    expect(() => person(backwards)).toThrow(expect.objectContaining({ code: "BAD_VALIDITY" }));
    expect(() => person({ notAfter: notBefore })).toThrow(expect.objectContaining({ code: "BAD_VALIDITY" }));
    expect(readCertificate(person({ ...backwards, unchecked: true })).notBefore).toEqual(notAfter);
    expect(() => person({ subject: {} })).toThrow(expect.objectContaining({ code: "BAD_SUBJECT" }));
  });

  test("an e-mail address in the subject, and an issuer without a key identifier", () => {
    const read = readCertificate(person({ subject: { CN: "Ước", emailAddress: "uoc@example.vn", OU: ["A", "B"] } }));
    expect(read.subject.text).toBe("emailAddress=uoc@example.vn, CN=Ước, OU=B, OU=A");
    const keys = generateKeys("ec-p256");
    const bare = issueRoot({
      subject: { CN: "Gốc" },
      key: keys.privateKey,
      notBefore,
      notAfter,
      without: [Oid.subjectKeyIdentifier],
    });
    const issuer = { key: keys.privateKey, certificate: bare };
    expect(readCertificate(person({ issuer } as Partial<CertificateOptions>)).authorityKeyIdentifier).toBeUndefined();
    expect(readCrl(issueCrl({ issuer, thisUpdate: during })).authorityKeyIdentifier).toBeUndefined();
  });

  test("a time-stamping certificate has its purpose critical and alone, a responder's is not to be looked up", () => {
    const stamper = readCertificate(issueSigner("rsa-2048", "timestamp").certificate);
    expect(stamper.extendedKeyUsage).toEqual([Oid.timeStamping]);
    expect(stamper.extensions.get(Oid.extendedKeyUsage)!.critical).toBe(true);
    const responder = readCertificate(issueSigner("ec-p256", "ocsp").certificate);
    expect(responder.extensions.get(Oid.ocspNoCheck)).toEqual({ critical: false, value: der.null() });
    const elliptic = readCertificate(issueSigner("ec-p256").certificate);
    expect([...elliptic.keyUsage!]).toEqual(["digitalSignature", "nonRepudiation"]);
    expect(readCertificate(issueSigner("rsa-2048").certificate).keyUsage).toContain("keyEncipherment");
  });
});

describe("revocation lists", () => {
  const revoked = [
    { serialNumber: 5n, at: during, reason: "keyCompromise" as const, invalidFrom: new Date("2026-07-01T00:00:00Z") },
    { serialNumber: 0xffffffffffffffffn, at: during },
  ];

  test("openssl verifies and reads them", () => {
    needs("openssl");
    const list = issueCrl({ issuer: authority, thisUpdate: during, nextUpdate: notAfter, revoked, number: 0x77n });
    const files = { ...anchors, crl: list };
    const out = openssl(files, "crl", "-inform", "DER", "-in", "crl", "-CAfile", "sub.pem", "-noout", "-text");
    expect(out).toContain("verify OK");
    expect(out).toContain("Key Compromise");
    expect(out).toContain("Jul  1 00:00:00 2026 GMT");
    expect(out).toMatch(/X509v3 CRL Number: \n\s+119/);
  });

  test("our own reader finds the entries", () => {
    const list = readCrl(issueCrl({ issuer: authority, thisUpdate: during, nextUpdate: notAfter, revoked }));
    const { subject } = readCertificate(subordinate);
    expect(list.find(5n, subject)).toMatchObject([{ reason: "keyCompromise", revokedAt: during }]);
    expect(list.find(6n, subject)).toEqual([]);
    expect(list).toMatchObject({
      size: 2,
      number: 1n,
      baseNumber: undefined,
      thisUpdate: during,
      nextUpdate: notAfter,
    });
  });

  test("empty, without an end, as a delta, and with other extensions", () => {
    const empty = readCrl(issueCrl({ issuer: authority, thisUpdate: during }));
    expect(empty).toMatchObject({ size: 0, nextUpdate: undefined });
    const delta = readCrl(issueCrl({ issuer: authority, thisUpdate: during, number: 9n, baseNumber: 8n }));
    expect(delta).toMatchObject({ number: 9n, baseNumber: 8n });
    const bare = readCrl(
      issueCrl({ issuer: authority, thisUpdate: during, without: [Oid.crlNumber, Oid.authorityKeyIdentifier] }),
    );
    expect(bare).toMatchObject({ number: undefined, authorityKeyIdentifier: undefined });
    const odd = issueCrl({
      issuer: authority,
      thisUpdate: during,
      extensions: [{ oid: "1.2.3.4", critical: true, value: der.null() }],
      revoked: [{ serialNumber: 1n, at: during, extensions: [{ oid: "1.2.3.5", critical: true, value: der.null() }] }],
    });
    expect(readCrl(odd).unknownCritical.toSorted()).toEqual(["1.2.3.4", "1.2.3.5"]);
  });
});

describe("OCSP responses", () => {
  const { certificate } = issueSigner();
  const responder = issueSigner("rsa-2048", "ocsp");
  const about = { certificate, issuer: subordinate };

  test.each([
    ["good", "good" as const],
    ["unknown", "unknown" as const],
    ["revoked", { revokedAt: during, reason: "superseded" as const }],
  ])("openssl reads and verifies: %s", (word, status) => {
    needs("openssl");
    const response = issueOcspResponse({
      responder,
      answers: [{ about, status, thisUpdate: during, nextUpdate: notAfter }],
      producedAt: during,
    });
    const files = { ...anchors, response, "leaf.pem": toPem(certificate) };
    const question = ["-issuer", "sub.pem", "-cert", "leaf.pem", "-respin", "response", "-no_nonce"];
    const out = openssl(files, "ocsp", ...question, "-CAfile", "root.pem", "-verify_other", "sub.pem", "-attime", at);
    expect(out).toContain("Response verify OK");
    expect(out).toContain(`leaf.pem: ${word}`);
    if (word === "revoked") expect(out).toContain("Reason: superseded");
  });

  test("name or key of the responder, nonce, certificates, digest", () => {
    const request = {
      responder,
      answers: [{ about, status: "good" as const, thisUpdate: during }],
      producedAt: during,
    };
    const plain = readOcspResponse(issueOcspResponse(request)).basic!;
    expect(plain.responder).toHaveProperty("name");
    expect(plain.nonce).toBeUndefined();
    expect(plain.certificates.map((each) => each.der)).toEqual([responder.certificate]);
    expect(plain.singles[0]).toMatchObject({ status: "good", nextUpdate: undefined, id: { hashAlgorithm: Oid.sha1 } });
    const nonce = Buffer.from("0123456789abcdef");
    const other = readOcspResponse(
      issueOcspResponse({ ...request, byKey: true, nonce, certificates: [], hash: "sha256" }),
    ).basic!;
    expect(other.responder).toHaveProperty("keyHash");
    expect(other.nonce).toEqual(nonce);
    expect(other.certificates).toEqual([]);
    expect(other.singles[0]!.id.hashAlgorithm).toBe(Oid.sha256);
  });

  test("extensions of the response and of each answer, a revocation without a reason", () => {
    const extension = { oid: "1.2.3.4", critical: false, value: der.null() };
    const response = readOcspResponse(
      issueOcspResponse({
        responder,
        answers: [{ about, status: { revokedAt: during }, thisUpdate: during, extensions: [extension] }],
        producedAt: during,
        extensions: [extension],
      }),
    ).basic!;
    expect([...response.extensions.keys()]).toEqual(["1.2.3.4"]);
    expect([...response.singles[0]!.extensions.keys()]).toEqual(["1.2.3.4"]);
    expect(response.singles[0]).toMatchObject({ status: "revoked", reason: undefined, revokedAt: during });
  });

  test("the identifier is the one that is asked for", () => {
    const question = ocspRequest({ certificate: readCertificate(certificate), issuer: readCertificate(subordinate) });
    expect(question.includes(certificateId(certificate, subordinate))).toBe(true);
  });

  test.each([
    [1, "malformedRequest"],
    [2, "internalError"],
    [3, "tryLater"],
    [5, "sigRequired"],
    [6, "unauthorized"],
  ] as const)("a refusal: %i %s", (status, word) => {
    expect(readOcspResponse(issueOcspFailure(status))).toMatchObject({ status: word, basic: undefined });
  });
});

describe("time-stamp tokens", () => {
  const digest = createHash("sha256").update("Quyết định").digest();
  const question = { imprint: digest, imprintAlgorithm: "sha256" as const, nonce: 0xfedcba9876543210n };

  test.each<KeyKind>(["rsa-2048", "ec-p256", "ec-p384"])("openssl verifies one by %s", (kind) => {
    needs("openssl");
    const { key, certificate } = issueSigner(kind, "timestamp");
    const token = issueTimestampToken({
      ...question,
      authority: { key, certificate, chain: [subordinate] },
      at: during,
      accuracy: { seconds: 1, milliseconds: 500, microseconds: 20 },
      ordering: true,
    });
    const response = issueTimestampResponse({ status: 0, text: "được", token });
    const files = { ...anchors, request: writeTimestampRequest(question), response, token };
    const options = ["-CAfile", "root.pem", "-untrusted", "sub.pem", "-attime", at];
    expect(openssl(files, "ts", "-verify", "-queryfile", "request", "-in", "response", ...options)).toContain(
      "Verification: OK",
    );
    const text = openssl(files, "ts", "-reply", "-in", "response", "-text");
    expect(text).toContain("Ordering: yes");
    expect(text).toContain("Accuracy: 0x01 seconds, 0x01F4 millis, 0x14 micros");
    expect(text).toContain("Nonce: 0xFEDCBA9876543210");
    const inspected = openssl(files, "cms", "-cmsout", "-print", "-inform", "DER", "-in", "token");
    expect(inspected).toContain("id-smime-ct-TSTInfo");
  });

  test("openssl verifies the signature of one by RSASSA-PSS", () => {
    needs("openssl");
    const { key, certificate } = issueSigner("rsa-2048", "timestamp");
    const stamper = { key, certificate, chain: [subordinate], scheme: "pss" } as const;
    const token = issueTimestampToken({ ...question, authority: stamper, at: during });
    const options = ["-in", "token", "-CAfile", "root.pem", "-purpose", "timestampsign", "-attime", at, "-out", "out"];
    expect(openssl({ ...anchors, token }, "cms", "-verify", "-inform", "DER", ...options)).toMatch(/success/i);
  });

  test("the accuracy is written as far as it is given", () => {
    const { key, certificate } = issueSigner("ec-p256", "timestamp");
    const made = (accuracy: object) =>
      readToken({
        token: issueTimestampToken({ ...question, authority: { key, certificate }, at: during, accuracy }),
        imprint: () => digest,
      }).accuracy;
    expect([{}, { seconds: 2 }, { milliseconds: 3 }, { microseconds: 4 }].map(made)).toEqual([0, 2000, 3, 0.004]);
  });

  test("one costs less than a millisecond besides its signature", () => {
    const { key, certificate } = issueSigner("ec-p256", "timestamp");
    const make = () => issueTimestampToken({ ...question, authority: { key, certificate }, at: during });
    for (let i = 0; i < 50; i++) make();
    const start = performance.now();
    for (let i = 0; i < 200; i++) make();
    expect((performance.now() - start) / 200).toBeLessThan(1);
  });
});

describe("signatures by key and scheme", () => {
  // OpenSSL 3.0 does not verify Ed25519 in CMS with signed attributes.
  test.each<[KeyKind, "pkcs1" | "pss"]>([
    ["rsa-2048", "pss"],
    ["rsa-4096", "pss"],
    ["ec-p521", "pkcs1"],
  ])("openssl accepts %s (%s) with every optional attribute", (kind, scheme) => {
    needs("openssl");
    const { signer, key } = issueSigner(kind);
    const content = Buffer.from("Quyết định");
    const prepared = prepareSignedData({ ...signer, scheme }, createHash(signer.digest).update(content).digest(), {
      algorithmProtection: true,
      commitmentType: Oid.proofOfApproval,
      location: { country: "VN", locality: "Huế", postalAddress: ["16 Lê Lợi", "Huế"] },
      policy: {
        oid: "1.2.3.4",
        digestAlgorithm: "sha256",
        digest: Buffer.alloc(32, 1),
        uri: "http://policy.example.vn",
      },
    });
    const cms = prepared.complete(signRaw(key, signer.digest, prepared.toBeSigned, scheme));
    const files = { ...anchors, cms, content };
    const options = ["-binary", "-inform", "DER", "-in", "cms", "-content", "content", "-CAfile", "root.pem"];
    const out = openssl(files, "cms", "-verify", "-cades", ...options, "-purpose", "any", "-attime", at, "-out", "out");
    expect(out).toMatch(/success/i);
  });
});
