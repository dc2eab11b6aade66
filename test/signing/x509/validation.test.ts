import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { generateKeyPairSync } from "node:crypto";
import { Oid } from "../../../signing/oids.ts";
import { algorithmsByDate, digestOf } from "../../../signing/x509/algorithm-policy.ts";
import { readAlgorithm, type Certificate } from "../../../signing/x509/certificates.ts";
import { readDer } from "../../../signing/x509/der.ts";
import { SigningError } from "../../../signing/errors.ts";
import { caught } from "../../../signing/x509/caught.ts";
import { joinEvidence, noEvidence, type Evidence } from "../../../signing/x509/evidence.ts";
import { byGravity } from "../../../signing/x509/faults.ts";
import { isTrustedAt } from "../../../signing/x509/trust.ts";
import { maximumPaths, validateCertificate, type CertificateRequest } from "../../../signing/x509/validation.ts";
import {
  anchor,
  ca,
  caExtensions,
  caParty,
  certificate,
  crl,
  day,
  ecdsa,
  end,
  ext,
  extension,
  keyOf,
  now,
  ocsp,
  party,
  person,
  personParty,
  plus,
  root,
  rootParty,
  start,
  type CrlSpec,
} from "./pki.ts";

const caList = (extra: Partial<CrlSpec> = {}) => crl({ issuer: caParty, ...extra });
const rootList = (extra: Partial<CrlSpec> = {}) => crl({ issuer: rootParty, ...extra });
const evidence: Evidence = { certificates: [ca], crls: [caList(), rootList()], ocsp: [] };

function judge(request: Partial<CertificateRequest> = {}) {
  return validateCertificate({
    certificate: person,
    evidence,
    anchors: [anchor],
    at: now,
    purpose: "signature",
    revocation: "required",
    ...request,
  });
}
const outcome = (request: Partial<CertificateRequest> = {}) => {
  const { indication, subIndication, faults } = judge(request);
  expect(indication === "PASSED").toBe(subIndication === undefined);
  return [subIndication, ...faults.map(({ note, index }) => `${note} ${index}`)];
};
const entry = (certificate: Certificate, reason?: number) => ({
  entries: [{ serial: certificate.serialNumber, at: plus(now, -1000), ...(reason !== undefined && { reason }) }],
});
const withLists = (...crls: Evidence["crls"]): Evidence => ({ ...evidence, crls });

describe("a certificate passes", () => {
  test("with a path and news of every certificate on it but the anchor's", () => {
    const verdict = judge();
    expect(verdict).toMatchObject({
      indication: "PASSED",
      subIndication: undefined,
      path: { certificates: [person, ca, root], anchor },
      faults: [],
      notes: [],
    });
    expect(verdict.revocation.map(({ status, source }) => [status, source!.issuer])).toEqual([
      ["GOOD", "CN=Authority, C=VN"],
      ["GOOD", "CN=Root, C=VN"],
    ]);
  });

  test("without news where they are not required", () => {
    const bare: Evidence = { ...noEvidence, certificates: [ca] };
    expect(outcome({ evidence: bare, revocation: "if-available" })).toEqual([undefined]);
    expect(outcome({ evidence: bare, revocation: "none" })).toEqual([undefined]);
    expect(judge({ evidence: bare, revocation: "none" }).revocation).toEqual([]);
    expect(judge({ evidence: bare, revocation: "if-available" }).notes).toEqual([]);
  });

  test("that is an anchor itself", () => {
    expect(
      outcome({ certificate: person, anchors: [{ certificate: person, store: "X" }], evidence: noEvidence }),
    ).toEqual([undefined]);
  });

  test("under the policies it is asked for", () => {
    expect(outcome({ policies: ["1.2.3"], explicitPolicy: true })).toEqual([
      "CHAIN_CONSTRAINTS_FAILURE",
      "NO_VALID_POLICY 1",
      "NO_VALID_POLICY 0",
      "NO_VALID_POLICY 0",
    ]);
    expect(outcome({ policies: ["1.2.3"] })).toEqual([undefined]);
  });
});

describe("a certificate does not pass", () => {
  test("without a path", () => {
    expect(judge({ evidence: noEvidence })).toEqual({
      indication: "INDETERMINATE",
      subIndication: "NO_CERTIFICATE_CHAIN_FOUND",
      path: undefined,
      revocation: [],
      policies: [],
      faults: [],
      notes: [],
    });
    const later = { ...anchor, from: plus(now, 1) };
    expect(outcome({ anchors: [later] })).toEqual(["NO_CERTIFICATE_CHAIN_FOUND", "ANCHOR_NOT_TRUSTED_AT_THIS_TIME 2"]);
  });

  test("that is revoked, or whose authority is", () => {
    expect(outcome({ evidence: withLists(caList(entry(person, 1)), rootList()) })).toEqual([
      "REVOKED_NO_POE",
      "REVOKED 0",
    ]);
    expect(outcome({ evidence: withLists(caList(), rootList(entry(ca))) })).toEqual([
      "REVOKED_CA_NO_POE",
      "AUTHORITY_REVOKED 1",
    ]);
    expect(outcome({ evidence: withLists(caList(entry(person)), rootList(entry(ca))) })).toEqual([
      "REVOKED_CA_NO_POE",
      "AUTHORITY_REVOKED 1",
      "REVOKED 0",
    ]);
    const revoked = withLists(caList(entry(person)));
    expect(outcome({ evidence: revoked, revocation: "if-available" })).toEqual(["REVOKED_NO_POE", "REVOKED 0"]);
    expect(outcome({ evidence: revoked, revocation: "none" })).toEqual([undefined]);
    expect(outcome({ evidence: withLists(caList(entry(person)), rootList()), at: plus(now, -2000) })).toEqual([
      undefined,
    ]);
  });

  test("on hold, without news, or with old news: later it may", () => {
    expect(outcome({ evidence: withLists(caList(entry(person, 6)), rootList()) })).toEqual(["TRY_LATER", "ON_HOLD 0"]);
    expect(outcome({ evidence: withLists(rootList()) })).toEqual(["TRY_LATER", "REVOCATION_STATUS_UNKNOWN 0"]);
    expect(outcome({ evidence: withLists(caList()) })).toEqual(["TRY_LATER", "REVOCATION_STATUS_UNKNOWN 1"]);
    const old = caList({ nextUpdate: plus(now, -1000) });
    expect(outcome({ evidence: withLists(old, rootList()) })).toEqual(["TRY_LATER", "REVOCATION_STATUS_TOO_OLD 0"]);
    expect(outcome({ evidence: withLists(old, rootList()), revocation: "if-available" })).toEqual([undefined]);
    const forged = caList({ signature: Buffer.alloc(8) });
    expect(judge({ evidence: withLists(forged, rootList()) }).notes).toEqual([
      "REVOCATION_STATUS_UNKNOWN",
      "CRL_SIGNATURE",
    ]);
  });

  test("outside its time; what is known of its revocation is told with it", () => {
    const late = plus(end, 1000);
    const fresh = { nextUpdate: plus(late, day) };
    const lists = withLists(caList({ ...fresh, ...entry(person, 1) }), rootList(fresh));
    const wide = certificate({ subject: rootParty, issuer: rootParty, extensions: caExtensions() });
    expect(outcome({ at: late, evidence: lists, anchors: [{ certificate: wide, store: "X" }] })).toEqual([
      "REVOKED_NO_POE",
      "REVOKED 0",
      "EXPIRED 1",
      "EXPIRED 0",
    ]);
    expect(outcome({ at: late, evidence: withLists(caList(fresh), rootList(fresh)) })).toEqual([
      "OUT_OF_BOUNDS_NO_POE",
      "EXPIRED 1",
      "EXPIRED 0",
    ]);
    expect(outcome({ at: plus(start, -1000), revocation: "none" })).toEqual([
      "OUT_OF_BOUNDS_NO_POE",
      "NOT_YET_VALID 1",
      "NOT_YET_VALID 0",
    ]);
  });

  test("by algorithms that are not accepted", () => {
    expect(outcome({ algorithms: () => "TOO_OLD" })[0]).toBe("CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    const once: CertificateRequest["algorithms"] = ({ at }) => (at === now ? "TOO_OLD" : undefined);
    expect(outcome({ algorithms: once, revocation: "none" })).toEqual([
      "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
      "TOO_OLD 1",
      "TOO_OLD 0",
    ]);
  });

  test("where its path breaks a rule; who may revoke is not asked then", () => {
    const notAuthority = certificate({ subject: caParty, issuer: rootParty, extensions: [ext.notCa()] });
    const verdict = judge({ evidence: { ...evidence, certificates: [notAuthority] } });
    expect(verdict).toMatchObject({
      subIndication: "CHAIN_CONSTRAINTS_FAILURE",
      notes: ["ISSUER_IS_NO_AUTHORITY"],
      revocation: [],
    });
    const strange = certificate({ subject: personParty, issuer: caParty, extensions: [ext.unknown(true)] });
    expect(outcome({ certificate: strange })).toEqual([
      "CERTIFICATE_CHAIN_GENERAL_FAILURE",
      "CRITICAL_EXTENSION 1.2.3.4.5 0",
    ]);
  });
});

describe("the best path counts", () => {
  const other = party("CN=Other root");
  const otherRoot = certificate({ subject: other, issuer: other, extensions: caExtensions() });
  const cross = (...extensions: Buffer[]) =>
    certificate({ subject: caParty, issuer: other, extensions: [...caExtensions(), ...extensions] });

  test("a valid one over any other, in whichever order they come", () => {
    const certificates = [cross(ext.unknown(true)), ca];
    for (const pool of [certificates, certificates.toReversed()]) {
      const anchors = [{ certificate: otherRoot, store: "O" }, anchor];
      expect(outcome({ evidence: { ...evidence, certificates: pool }, anchors })).toEqual([undefined]);
      expect(outcome({ evidence: { ...evidence, certificates: pool }, anchors: anchors.toReversed() })).toEqual([
        undefined,
      ]);
    }
  });

  test("otherwise the one whose fault weighs least", () => {
    const anchors = [{ certificate: otherRoot, store: "O" }, anchor];
    const only = (certificates: Certificate[]) => ({ ...evidence, crls: [caList()], certificates });
    for (const pool of [
      [cross(ext.unknown(true)), ca],
      [ca, cross(ext.unknown(true))],
    ]) {
      expect(outcome({ evidence: only(pool), anchors })).toEqual(["TRY_LATER", "REVOCATION_STATUS_UNKNOWN 1"]);
    }
    // Of equals, the first that was found.
    expect(judge({ evidence: only([ca]), anchors: [anchor, { ...anchor, store: "SECOND" }] }).path!.anchor.store).toBe(
      "TEST",
    );
  });

  test("among so many and no more", () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => cross(ext.unknown(true))).concat(
        certificate({ subject: caParty, issuer: other, extensions: caExtensions(), notBefore: plus(now, 1000) }),
      );
    const of = (count: number) =>
      outcome({
        evidence: { ...noEvidence, certificates: many(count) },
        anchors: [{ certificate: otherRoot, store: "O" }],
        revocation: "none",
      })[0];
    expect(of(maximumPaths - 1)).toBe("OUT_OF_BOUNDS_NO_POE");
    expect(of(maximumPaths)).toBe("CERTIFICATE_CHAIN_GENERAL_FAILURE");
  });
});

describe("the purpose", () => {
  const judged = (purpose: CertificateRequest["purpose"], ...extensions: Buffer[]) =>
    outcome({
      certificate: certificate({ subject: personParty, issuer: caParty, extensions }),
      purpose,
      revocation: "none",
    })[1] ?? "fit";
  const purposes = (critical: boolean, ...oids: string[]) => ext.purposes(critical, ...oids);

  test("of signing documents needs a signing key that no service holds", () => {
    expect(judged("signature")).toBe("fit");
    expect(judged("signature", ext.usage("digitalSignature"))).toBe("fit");
    expect(judged("signature", ext.usage("nonRepudiation"))).toBe("fit");
    expect(judged("signature", ext.usage("keyEncipherment"))).toBe("KEY_MAY_NOT_SIGN 0");
    expect(judged("signature", purposes(false, Oid.clientAuth, Oid.emailProtection))).toBe("fit");
    expect(judged("signature", purposes(true, Oid.timeStamping))).toBe("KEY_IS_FOR_ANOTHER_PURPOSE 0");
    expect(judged("signature", purposes(false, Oid.ocspSigning))).toBe("KEY_IS_FOR_ANOTHER_PURPOSE 0");
    expect(judged("signature", purposes(false, Oid.ocspSigning, Oid.timeStamping))).toBe(
      "KEY_IS_FOR_ANOTHER_PURPOSE 0",
    );
    expect(judged("signature", purposes(false, Oid.ocspSigning, Oid.emailProtection))).toBe("fit");
    expect(judged("signature", purposes(false))).toBe("fit");
  });

  test("of time-stamping stands alone and is critical", () => {
    const unfit = "KEY_MAY_NOT_TIMESTAMP 0";
    expect(judged("timestamp", purposes(true, Oid.timeStamping))).toBe("fit");
    expect(judged("timestamp", purposes(false, Oid.timeStamping))).toBe(unfit);
    expect(judged("timestamp", purposes(true, Oid.timeStamping, Oid.emailProtection))).toBe(unfit);
    expect(judged("timestamp", purposes(true, Oid.emailProtection))).toBe(unfit);
    expect(judged("timestamp")).toBe(unfit);
    expect(judged("timestamp", purposes(true, Oid.timeStamping), ext.usage("cRLSign"))).toBe("KEY_MAY_NOT_SIGN 0");
  });

  test("of answering for status is named", () => {
    expect(judged("ocsp", purposes(false, Oid.ocspSigning))).toBe("fit");
    expect(judged("ocsp", purposes(false, Oid.emailProtection))).toBe("KEY_MAY_NOT_ANSWER_FOR_STATUS 0");
    expect(judged("ocsp")).toBe("KEY_MAY_NOT_ANSWER_FOR_STATUS 0");
  });

  test("of signing lists is in the key usage, where there is one", () => {
    expect(judged("crl")).toBe("fit");
    expect(judged("crl", ext.usage("cRLSign"))).toBe("fit");
    expect(judged("crl", ext.usage("digitalSignature"))).toBe("KEY_MAY_NOT_SIGN_LISTS 0");
  });
});

test("evidence is joined, each piece once", () => {
  const response = ocsp({ responder: caParty, singles: [{ certificate: person, issuer: caParty }] });
  const list = caList();
  const joined = joinEvidence(
    { certificates: [ca, person], crls: [list], ocsp: [response] },
    { certificates: [person, ca], crls: [list], ocsp: [{ ...response }] },
    noEvidence,
  );
  expect(joined.certificates).toEqual([ca, person]);
  expect([joined.crls.length, joined.ocsp.length]).toEqual([1, 1]);
});

test("only errors of what was read are caught", () => {
  const failing = (error: Error) => () => {
    throw error;
  };
  expect(
    caught(
      () => 1,
      () => 2,
    ),
  ).toBe(1);
  expect(caught<unknown>(failing(new SigningError("CODE", "")), ({ code }) => code)).toBe("CODE");
  expect(() => caught(failing(new RangeError("ours")), () => 2)).toThrow(RangeError);
});

test("an anchor is trusted from and until an instant, both included", () => {
  expect(isTrustedAt(anchor, now)).toBe(true);
  const limited = { ...anchor, from: start, until: end };
  expect([plus(start, -1), start, end, plus(end, 1)].map((at) => isTrustedAt(limited, at))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("faults come by gravity, and of equals the one nearest to the anchor first", () => {
  const fault = (subIndication: "TRY_LATER" | "REVOKED_NO_POE", index: number) => ({ subIndication, note: "x", index });
  const sorted = byGravity([fault("TRY_LATER", 2), fault("REVOKED_NO_POE", 0), fault("REVOKED_NO_POE", 1)]);
  expect(sorted.map(({ subIndication, index }) => `${subIndication} ${index}`)).toEqual([
    "REVOKED_NO_POE 1",
    "REVOKED_NO_POE 0",
    "TRY_LATER 2",
  ]);
});

describe("algorithms are accepted by date", () => {
  const key = keyOf("any");
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const read = (bytes: Buffer) => readAlgorithm(readDer(bytes));
  const of = (oid: string) => read(der.sequence(der.oid(oid)));

  test("with their digest and key", () => {
    expect(algorithmsByDate({ algorithm: read(ecdsa), key, at: now })).toBeUndefined();
    expect(algorithmsByDate({ algorithm: of(Oid.ed25519), key, at: now })).toBeUndefined();
    expect(algorithmsByDate({ algorithm: of(Oid.sha256WithRsa), key: rsa, at: now })).toBe(
      `ALGORITHM_NOT_ACCEPTED ${Oid.sha256WithRsa}`,
    );
    expect(algorithmsByDate({ algorithm: of(Oid.ecdsaWithSha1), key, at: now })).toBe(
      `ALGORITHM_NOT_ACCEPTED ${Oid.ecdsaWithSha1}`,
    );
  });

  test("whose digest stands in their name or parameters", () => {
    expect(digestOf(of(Oid.sha384WithRsa))).toBe(Oid.sha384);
    expect(digestOf(of("1.2.3"))).toBeUndefined();
    expect(digestOf(of(Oid.rsassaPss))).toBe(Oid.sha1);
    const hash = der.explicit(0, der.sequence(der.oid(Oid.sha512)));
    expect(digestOf(read(der.sequence(der.oid(Oid.rsassaPss), der.sequence(hash))))).toBe(Oid.sha512);
    expect(digestOf(read(der.sequence(der.oid(Oid.rsassaPss), der.sequence(der.null()))))).toBeUndefined();
  });

  test("unless another policy is given, for certificates and news alike", () => {
    const weak = extension("1.2.3.4", der.null());
    const subject = certificate({ subject: personParty, issuer: caParty, extensions: [weak] });
    expect(outcome({ certificate: subject })).toEqual([undefined]);
    expect(outcome({ certificate: subject, algorithms: () => undefined })).toEqual([undefined]);
  });
});

test("the same path is judged again and again without checking signatures anew", () => {
  judge();
  const started = performance.now();
  for (let i = 0; i < 200; i++) judge();
  // 200 × 4 signatures with P-256 would take about 100 ms by themselves; this takes a few.
  expect(performance.now() - started).toBeLessThan(1500);
});
