import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { verifyPdf, type VerifyOptions } from "../../../signing/validate/verify.ts";
import {
  authority,
  crl,
  day,
  evidenceOf,
  longStamping,
  ocsp,
  person,
  revoked,
  root,
  sign,
  stamping,
  subordinate,
  tokenOf,
  withDocumentStamp,
  withMaterial,
} from "./time-machine.ts";

const signing = day("2025-06-01T08:00");
const soon = day("2025-06-01T08:02");
const within = day("2025-07-01");
const after = day("2027-01-01");
const stamp = { time: signing };

/** Indication, sub-indication and the proven day of the first signature. */
function look(pdf: Buffer, at: Date, more: Partial<VerifyOptions> = {}) {
  const { integrity, signatures } = verifyPdf(pdf, { anchors: [root.certificate], at, ...more });
  const [first] = signatures;
  expect(integrity).toBe("PASS");
  return { ...first!, verdict: [first!.indication, first!.subIndication] };
}

const passed = ["TOTAL-PASSED", undefined];
const open = (reason: string) => ["INDETERMINATE", reason];
const failed = (reason: string) => ["TOTAL-FAILED", reason];

const signer = person();
const { certificate } = signer;
const plain = await sign(signer);
const stamped = await sign(signer, [stamp]);
/** What a complete file holds: news about the person, the authority, and the time-stamping authority. */
const good = {
  certificates: [authority.certificate, certificate],
  ocsp: [ocsp(authority, certificate, soon)],
  crls: [crl(root, day("2025-06-01"))],
};
const longTerm = withMaterial(stamped, good);

describe("a certificate that has run out since", () => {
  test("is no hindrance while it runs", () => {
    const { verdict, level, provenTime, notes } = look(plain, within);
    expect([verdict, level, provenTime]).toEqual([passed, "B-B", undefined]);
    expect(notes).toContain("REVOCATION_NOT_CHECKED");
  });

  test("leaves a signature without a time-stamp unproven", () => {
    expect(look(plain, after).verdict).toEqual(open("OUT_OF_BOUNDS_NO_POE"));
  });

  test("leaves one with a time-stamp unproven where nothing tells that it was not revoked", () => {
    expect(look(stamped, after)).toMatchObject({
      verdict: open("OUT_OF_BOUNDS_NO_POE"),
      level: "B-T",
      provenTime: signing,
    });
  });

  test("is no hindrance where the file holds a time-stamp and the news of that time", () => {
    const { verdict, level, notes, evidence } = look(longTerm, after);
    expect([verdict, level]).toEqual([passed, "B-LT"]);
    expect(notes).toContain("VALID_IN_THE_PAST");
    expect(evidence.path.map(({ revocation }) => revocation?.source?.kind)).toEqual(["OCSP", "CRL", undefined]);
    expect(evidence.path.at(-1)).toMatchObject({ trustedBy: "CUSTOM" });
    expect(evidence.timestamps).toMatchObject([{ kind: "SIGNATURE", trusted: true, time: signing }]);
  });

  test("news from before the signature count for the period they were issued for, and no longer", () => {
    const sameDay = withMaterial(stamped, {
      ...good,
      ocsp: [],
      crls: [crl(authority, day("2025-06-01")), crl(root, day("2025-06-01"))],
    });
    expect(look(sameDay, after).verdict).toEqual(passed);
    const dayBefore = withMaterial(stamped, {
      ...good,
      ocsp: [],
      crls: [crl(authority, day("2025-05-30")), crl(root, day("2025-06-01"))],
    });
    expect(look(dayBefore, after).verdict).toEqual(open("OUT_OF_BOUNDS_NO_POE"));
  });

  test("what was stamped before it was issued, it did not sign", async () => {
    const early = await sign(signer, [{ time: day("2023-06-01") }]);
    expect(look(early, within).verdict).toEqual(failed("NOT_YET_VALID"));
  });

  test("what covers a time-stamp from after its end was made too late", async () => {
    const other = await sign(person({ until: day("2030-01-01") }), [{ time: day("2026-06-01") }], { field: "seal" });
    const late = await sign(signer, [], { base: other });
    const { signatures } = verifyPdf(late, { anchors: [root.certificate], at: after });
    expect(signatures.map(({ indication, subIndication }) => [indication, subIndication])).toEqual([
      passed,
      failed("EXPIRED"),
    ]);
  });
});

describe("revocation", () => {
  const later = crl(authority, day("2025-06-20"), [revoked(certificate, day("2025-06-15"))]);
  const before = crl(authority, day("2025-06-20"), [revoked(certificate, day("2025-05-15"))]);

  test("after the proven time leaves the signature valid", () => {
    const { verdict, notes } = look(stamped, within, { evidence: evidenceOf({ crls: [later] }) });
    expect(verdict).toEqual(passed);
    expect(notes).toContain("REVOKED_LATER 2025-06-15T00:00:00.000Z");
  });

  test("before the proven time does not", () => {
    const { verdict, evidence } = look(stamped, within, { evidence: evidenceOf({ crls: [before] }) });
    expect(verdict).toEqual(open("REVOKED_NO_POE"));
    expect(evidence.path[0]!.revocation).toMatchObject({ status: "REVOKED", revokedAt: day("2025-05-15") });
  });

  test("leaves a signature without a time-stamp unproven, whenever it was", () => {
    expect(look(plain, within, { evidence: evidenceOf({ crls: [later] }) }).verdict).toEqual(open("REVOKED_NO_POE"));
  });

  test("before a time-stamp that the signature covers makes it wrong", async () => {
    const other = await sign(person(), [{ time: day("2025-06-16") }], { field: "seal" });
    const pdf = await sign(signer, [], { base: other });
    const { signatures } = verifyPdf(pdf, {
      anchors: [root.certificate],
      at: within,
      evidence: evidenceOf({ crls: [later] }),
    });
    expect(signatures[1]).toMatchObject({ integrity: "PASS", indication: "TOTAL-FAILED", subIndication: "REVOKED" });
  });

  test("is believed from an answer or a list, whichever is newer", () => {
    const answer = ocsp(authority, certificate, day("2025-06-21"), { revokedAt: day("2025-05-15") });
    expect(look(stamped, within, { evidence: evidenceOf({ ocsp: [answer] }) }).verdict).toEqual(open("REVOKED_NO_POE"));
    const both = evidenceOf({ ocsp: [ocsp(authority, certificate, soon)], crls: [before] });
    expect(look(stamped, within, { evidence: both }).verdict).toEqual(open("REVOKED_NO_POE"));
  });

  test("is not believed from an authority of the same name", () => {
    const impostor = subordinate();
    const forged = evidenceOf({
      certificates: [impostor.certificate],
      crls: [crl(impostor, day("2025-06-20"), [revoked(certificate, day("2025-05-15"))])],
    });
    // The impostor is one of ours below the same root, so its lists are right for what it issued; its name is another.
    expect(look(stamped, within, { evidence: forged }).verdict).toEqual(passed);
  });

  test("of the authority counts, unless everything is proven to be older", async () => {
    const gone = crl(root, day("2025-06-20"), [revoked(authority.certificate, day("2025-06-15"))]);
    const evidence = evidenceOf({ crls: [gone] });
    expect(look(plain, within, { evidence }).verdict).toEqual(open("REVOKED_CA_NO_POE"));
    // The time-stamp is over a signature that names its certificate: both are older than the revocation.
    expect(look(stamped, within, { evidence }).verdict).toEqual(passed);
    const policy = { revocation: "required" } as const;
    expect(look(longTerm, within, { evidence, policy }).verdict).toEqual(open("REVOKED_CA_NO_POE"));
    const archived = await withDocumentStamp(longTerm, day("2025-06-02"));
    const fresh = evidenceOf({ crls: [gone, crl(root, within)] });
    expect(look(archived, within, { evidence: fresh, policy }).verdict).toEqual(passed);
    const tooLate = await withDocumentStamp(plain, day("2025-06-16"));
    expect(look(tooLate, within, { evidence }).verdict).toEqual(open("REVOKED_CA_NO_POE"));
  });

  test("may be demanded: without news, or with old ones, one has to try later", () => {
    const policy = { revocation: "required" } as const;
    expect(look(stamped, within, { policy }).verdict).toEqual(open("TRY_LATER"));
    expect(look(longTerm, within, { policy }).subIndication).toBe("TRY_LATER"); // the stamping authority's are old
    const fresh = evidenceOf({ crls: [crl(root, within)] });
    expect(look(longTerm, within, { policy, evidence: fresh }).verdict).toEqual(passed);
  });

  test("may be left aside", () => {
    const policy = { revocation: "none" } as const;
    const { verdict, notes } = look(stamped, within, { policy, evidence: evidenceOf({ crls: [before] }) });
    expect(verdict).toEqual(passed);
    expect(notes).toContain("REVOCATION_NOT_CHECKED");
    expect(look(stamped, after, { policy }).verdict).toEqual(passed);
  });
});

describe("a time-stamp that leaves its authority's certificate out", () => {
  test("takes nothing from the signature, and proves nothing", async () => {
    const { verdict, notes, provenTime, level, evidence } = look(
      await sign(signer, [{ time: signing, withCertificates: false }]),
      within,
    );
    expect([verdict, level, provenTime]).toEqual([passed, "B-B", undefined]);
    expect(notes).toContain("TIMESTAMP_UNVERIFIED");
    expect(evidence.timestamps).toMatchObject([{ trusted: false, subIndication: "NO_SIGNING_CERTIFICATE_FOUND" }]);
  });

  test("counts where the certificate comes with the material", async () => {
    const bare = await sign(signer, [{ time: signing, withCertificates: false }]);
    const { verdict, provenTime } = look(withMaterial(bare, { certificates: [longStamping.certificate] }), within);
    expect([verdict, provenTime]).toEqual([passed, signing]);
  });
});

describe("time-stamping authorities that have run out", () => {
  const short = stamping(day("2024-01-01"), day("2026-06-01"));
  const next = stamping(day("2026-01-01"), day("2031-01-01"));
  const last = stamping(day("2030-01-01"), day("2040-01-01"));
  const news = (time: Date) => crl(root, time, [], { nextUpdate: new Date(time.getTime() + 30 * 86_400_000) });

  test("prove nothing any more by themselves", async () => {
    const pdf = withMaterial(await sign(signer, [{ ...stamp, tsa: short }]), good);
    const { verdict, provenTime, notes } = look(pdf, after);
    expect([verdict, provenTime]).toEqual([open("OUT_OF_BOUNDS_NO_POE"), undefined]);
    expect(notes).toContain("TIMESTAMP_NOT_TRUSTED");
  });

  test("go on proving under a document time-stamp made in time, over several layers", async () => {
    const first = withMaterial(await sign(signer, [{ ...stamp, tsa: short }]), {
      ...good,
      crls: [news(day("2025-06-01"))],
    });
    const renewed = await withDocumentStamp(
      withMaterial(first, { crls: [news(day("2026-02-20"))] }),
      day("2026-03-01"),
      next,
    );
    expect(look(renewed, after)).toMatchObject({ verdict: passed, level: "B-LTA", provenTime: signing });
    const muchLater = day("2035-01-01");
    expect(look(renewed, muchLater).verdict).toEqual(open("OUT_OF_BOUNDS_NO_POE"));
    const again = await withDocumentStamp(
      withMaterial(renewed, { crls: [news(day("2030-06-01"))] }),
      day("2030-06-02"),
      last,
    );
    const { signatures, indication } = verifyPdf(again, { anchors: [root.certificate], at: muchLater });
    expect(indication).toBe("TOTAL-PASSED");
    expect(signatures.map(({ kind, level, provenTime }) => [kind, level, provenTime])).toEqual([
      ["APPROVAL", "B-LTA", signing],
      ["DOCUMENT_TIMESTAMP", "DOCUMENT_TIMESTAMP", day("2026-03-01")],
      ["DOCUMENT_TIMESTAMP", "DOCUMENT_TIMESTAMP", day("2030-06-02")],
    ]);
  });

  test("are not saved by a document time-stamp that came too late", async () => {
    const first = withMaterial(await sign(signer, [{ ...stamp, tsa: short }]), {
      ...good,
      crls: [news(day("2025-06-01"))],
    });
    const late = await withDocumentStamp(first, day("2026-09-01"), next);
    expect(look(late, after).verdict).toEqual(open("OUT_OF_BOUNDS_NO_POE"));
  });

  test("revoked for good reason prove what they stamped before; for another, nothing", () => {
    const tsa = stamping(day("2024-01-01"), day("2040-01-01"));
    const when = (reason: "superseded" | "keyCompromise") =>
      evidenceOf({ crls: [crl(root, day("2025-06-20"), [revoked(tsa.certificate, day("2025-06-15"), reason)])] });
    return sign(signer, [{ ...stamp, tsa }]).then((pdf) => {
      expect(look(pdf, within, { evidence: when("superseded") }).provenTime).toEqual(signing);
      expect(look(pdf, within, { evidence: when("keyCompromise") }).provenTime).toBeUndefined();
    });
  });

  test("a token from the future proves nothing", async () => {
    const { notes, provenTime } = look(await sign(signer, [{ time: day("2025-08-01") }]), within);
    expect(provenTime).toBeUndefined();
    expect(notes).toContain("TIMESTAMP_IN_THE_FUTURE");
  });
});

describe("time-stamps that contradict each other", () => {
  test("a document time-stamp older than what it covers", async () => {
    const pdf = await withDocumentStamp(stamped, day("2025-05-01"));
    expect(look(pdf, within).verdict).toEqual(open("TIMESTAMP_ORDER_FAILURE"));
  });

  test("a signature stamped before the one it covers", async () => {
    const second = await sign(person(), [{ time: day("2025-05-01") }], { base: stamped, field: "seal" });
    const { signatures } = verifyPdf(second, { anchors: [root.certificate], at: within });
    expect(signatures.map(({ subIndication }) => subIndication)).toEqual([undefined, "TIMESTAMP_ORDER_FAILURE"]);
  });

  test("clocks may differ by a little", async () => {
    const pdf = await withDocumentStamp(stamped, day("2025-06-01T07:58"));
    expect(look(pdf, within).verdict).toEqual(passed);
  });

  test("a token copied from another signature leaves the signature whole and its time in doubt", async () => {
    const other = await sign(person(), [stamp]);
    const contents = verifyPdf(other, { anchors: [], at: within });
    expect(contents.integrity).toBe("PASS");
    const copied = await sign(signer, [stamp], { exchange: tokenOf(other) });
    const verification = verifyPdf(copied, { anchors: [root.certificate], at: within });
    expect(verification).toMatchObject({ integrity: "INDETERMINATE", indication: "INDETERMINATE" });
    expect(verification.signatures[0]).toMatchObject({
      subIndication: "SIG_CONSTRAINTS_FAILURE",
      level: "B-B",
      provenTime: undefined,
    });
    expect(verification.signatures[0]!.notes).toContain("TIMESTAMP_IMPRINT_DIFFERS");
  });
});

describe("algorithms by date", () => {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 1920 }); // taken until 2026 (TS 119 312)
  const weak = person({ key, until: day("2030-01-01") });

  test("a key that was good enough then", async () => {
    expect(look(await sign(weak), within).verdict).toEqual(passed);
    expect(look(await sign(weak), after).verdict).toEqual(open("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"));
    expect(look(await sign(weak, [stamp]), after).verdict).toEqual(passed);
    expect(look(await sign(weak, [{ time: day("2026-02-01") }]), after).verdict).toEqual(
      open("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    );
  });
});

describe("anchors with a period", () => {
  const anchor = (from?: string, until?: string) => ({
    certificate: root.certificate,
    store: "VGCA",
    ...(from && { from: day(from) }),
    ...(until && { until: day(until) }),
  });

  test("that has ended: trusted for what is proven to be older", () => {
    const anchors = [anchor(undefined, "2025-06-10")];
    expect(look(plain, within, { anchors }).verdict).toEqual(open("NO_CERTIFICATE_CHAIN_FOUND"));
    expect(look(plain, day("2025-06-05"), { anchors }).verdict).toEqual(passed);
  });

  test("the verdict names the stores and changes its identity with the period", () => {
    const { trustStore } = verifyPdf(plain, { anchors: [anchor()], at: within });
    expect(trustStore).toMatchObject({ anchors: 1, stores: ["VGCA"] });
    const other = verifyPdf(plain, { anchors: [anchor("2020-01-01")], at: within }).trustStore;
    expect(other.sha256).not.toBe(trustStore.sha256);
  });
});

describe("a security store", () => {
  test("makes nobody trusted by holding certificates", () => {
    const stranger = withMaterial(plain, { certificates: [root.certificate, authority.certificate] });
    const other = readCertificate(stamping(day("2020-01-01"), day("2030-01-01")).certificate);
    expect(look(stranger, within, { anchors: [other.der] }).verdict).toEqual(open("NO_CERTIFICATE_CHAIN_FOUND"));
  });

  test("whose lists are by others than the issuer raises no level", () => {
    const foreign = withMaterial(stamped, {
      certificates: [authority.certificate, certificate],
      crls: [crl(subordinate(undefined, "Người lạ"), soon)],
    });
    expect(look(foreign, within).level).toBe("B-T");
  });

  test("counts for the level only as far as a document time-stamp covers it", async () => {
    expect(look(longTerm, within).level).toBe("B-LT");
    const archived = await withDocumentStamp(longTerm, day("2025-06-02"));
    expect(look(archived, within).level).toBe("B-LTA");
    const materialLater = withMaterial(await withDocumentStamp(stamped, day("2025-06-02")), good);
    expect(look(materialLater, within).level).toBe("B-LT");
    expect(look(withMaterial(plain, good), within).level).toBe("B-B");
  });
});
