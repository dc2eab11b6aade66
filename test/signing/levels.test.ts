import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { outsideFetch } from "../../signing/fetching/fetch.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import type { PdfStream } from "../../signing/pdf/objects.ts";
import { completeSignature, signPdfTo } from "../../signing/sign/levels.ts";
import { addDocumentTimestamp } from "../../signing/sign/document-timestamp.ts";
import { addValidationMaterial } from "../../signing/sign/dss.ts";
import { addFields, type FieldSpec } from "../../signing/sign/fields.ts";
import { readSignedFile } from "../../signing/sign/material.ts";
import { prepareSignature } from "../../signing/sign/deferred.ts";
import { raiseLevel } from "../../signing/sign/raise.ts";
import { renewalDue, renewTimestamp } from "../../signing/sign/renewal.ts";
import { type LevelServices, type SigningLevel, signingLevels } from "../../signing/sign/services.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { issueTimestampToken } from "../../signing/issue/timestamps.ts";
import { type TimestampClient, timestampClient } from "../../signing/tsp/client.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { noEvidence } from "../../signing/x509/evidence.ts";
import { type AuthorityServers, startAuthorityServers } from "../support/authority-servers.ts";
import { encrypted } from "./encrypted-document.ts";
import { blankDocument, craftedTable } from "./pdf-documents.ts";
import { installed, qpdfComplaints } from "./pdf-judges.ts";

let clock = new Date("2026-04-01T08:00:00Z");
const at = new Date("2026-04-01T07:59:00Z");
const later = (days: number) => new Date(Date.UTC(2026, 3, 1 + days, 8));
let servers: AuthorityServers;
let services: LevelServices;
let leader: ReturnType<AuthorityServers["issue"]>;
let clerk: ReturnType<AuthorityServers["issue"]>;
const fields: readonly FieldSpec[] = ["leader", "seal", "arrival"].map((name, index) => ({
  type: "signature",
  name,
  page: 0,
  rect: [30, 60 + index * 60, 130, 100 + index * 60],
}));
let empty: Buffer;

beforeAll(async () => {
  servers = await startAuthorityServers({ now: () => clock });
  const fetch = outsideFetch({ hosts: [`${servers.host}+private`], timeout: 500 });
  const timestamp = timestampClient({
    servers: [{ url: servers.url("/tsa/rsa") }],
    fetch,
    avoidFor: 0,
    now: () => clock,
  });
  const anchors = [{ certificate: readCertificate(servers.root.certificate), store: "DEMO" }];
  services = { fetch, timestamp, anchors, now: () => clock };
  leader = servers.issue("rsa-2048");
  clerk = servers.issue("ec-p256");
  empty = addFields(await blankDocument("table"), fields);
});
afterAll(() => servers.close());
afterEach(() => {
  clock = later(0);
  for (const path of ["/tsa/rsa", "/ocsp/authority", "/ocsp/root", "/crl/authority", "/crl/root"] as const) {
    servers.fault(path, undefined);
  }
});

const signTo = (level: SigningLevel, pdf = empty, field = "leader", with_: LevelServices = services) =>
  signPdfTo(pdf, { field, signer: leader.signer, at, level }, with_);
const verdictOn = (pdf: Buffer, field = "leader") => {
  const { signatures, indication } = verifyPdf(pdf, { anchors: services.anchors!, at: clock });
  const { level, modificationLevel, integrity } = signatures.find((each) => each.field === field)!;
  return { level, modificationLevel, integrity, indication };
};
/** The digests of the streams that the security store lists. */
const storeOf = (pdf: Buffer): string[] => {
  const document = readPdf(pdf);
  const { latest } = document;
  const store = latest.dict(latest.catalog.get("DSS"));
  const refs = ["Certs", "OCSPs", "CRLs"].flatMap((key) => latest.array(store?.get(key)));
  return refs.map((ref) => sha256(document.decode(latest.resolve(ref) as PdfStream)));
};
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe.each(["table", "stream"] as const)("on a file with a cross-reference %s", (kind) => {
  test.each(signingLevels)("a signature of level %s is found to be of that level", async (level) => {
    const base = addFields(await blankDocument(kind), fields);
    const signed = await signTo(level, base);
    expect(signed).toMatchObject({ level, wanted: level, notes: [], field: "leader" });
    expect(signed.bytes.subarray(0, base.length).equals(base)).toBe(true);
    expect(verdictOn(signed.bytes)).toMatchObject({ level, integrity: "PASS" });
    if (level !== "B-B" && level !== "B-T") expect(verdictOn(signed.bytes).indication).toBe("TOTAL-PASSED");
    if (installed("qpdf")) expect(qpdfComplaints(signed.bytes)).toBe("");
  });
});

test("three people sign one file up to B-LTA, and every signature keeps its level", async () => {
  let { bytes } = await signTo("B-LTA");
  for (const field of ["seal", "arrival"]) {
    const signed = await signPdfTo(
      bytes,
      { field, signer: clerk.signer, at, level: "B-LTA", sound: ["leader"] },
      services,
    );
    expect(signed.level).toBe("B-LTA");
    expect(signed.bytes.subarray(0, bytes.length).equals(bytes)).toBe(true);
    ({ bytes } = signed);
  }
  for (const field of ["leader", "seal", "arrival"]) {
    expect(verdictOn(bytes, field)).toMatchObject({ level: "B-LTA", integrity: "PASS", indication: "TOTAL-PASSED" });
  }
  const held = storeOf(bytes);
  expect(new Set(held).size).toBe(held.length);
});

describe("the security store", () => {
  test("holds what validators need of signer and time-stamp authority, once, and is declared as an extension", async () => {
    const { bytes } = await signTo("B-LT");
    const { latest } = readPdf(bytes);
    const held = storeOf(bytes);
    const authorities = [
      servers.authority.certificate,
      servers.stampers.rsa.certificate,
      servers.responders.authority.certificate,
    ];
    for (const certificate of [leader.certificate, ...authorities]) expect(held).toContain(sha256(certificate));
    const esic = latest.dict(latest.dict(latest.catalog.get("Extensions"))?.get("ESIC"));
    expect([latest.resolve(esic?.get("BaseVersion")), esic?.get("ExtensionLevel")]).toMatchObject([{ name: "1.7" }, 5]);
    // Nothing new: the very same buffer comes back.
    const { held: evidence } = readSignedFile(bytes);
    expect(addValidationMaterial(bytes, evidence)).toBe(bytes);
  });

  test.each([
    ["in the catalog, its lists inside", "<< /Certs [9 0 R] /OCSPs [] >>", []],
    ["as an object of its own, its lists too", "8 0 R", ["<< /Certs 10 0 R /Other (kept) >>"]],
  ])("that is there %s grows, and keeps what it holds", (_, dss, more) => {
    const certificate = servers.root.certificate;
    const stream = `<< /Length ${certificate.length} >>\nstream\n${certificate.toString("latin1")}\nendstream`;
    const pdf = craftedTable([
      `<< /Pages 2 0 R /DSS ${dss} /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >> >>`,
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
      ...["null", "null", "null", "null"],
      more[0] ?? "null",
      stream,
      "[9 0 R]",
    ]);
    const evidence = {
      ...noEvidence,
      certificates: [servers.root, servers.authority].map((a) => readCertificate(a.certificate)),
    };
    const grown = addValidationMaterial(pdf, evidence);
    expect(storeOf(grown)).toEqual([sha256(certificate), sha256(servers.authority.certificate)]);
    const { latest } = readPdf(grown);
    expect([...latest.dict(latest.catalog.get("Extensions"))!.entries.keys()]).toEqual(["ADBE", "ESIC"]);
    const kept = latest.dict(latest.catalog.get("DSS"))!;
    if (more.length > 0) expect(kept.get("Other")).toBeDefined();
    expect(addValidationMaterial(grown, evidence)).toBe(grown);
  });

  test("names signatures in /VRI when asked, by the SHA-1 of their whole /Contents", async () => {
    const { bytes } = await signTo("B-T");
    const { found } = readSignedFile(bytes).signatures[0]!;
    const evidence = { ...noEvidence, certificates: [readCertificate(servers.authority.certificate)] };
    const { latest } = readPdf(addValidationMaterial(bytes, evidence, { vri: [found.contents] }));
    const vri = latest.dict(latest.dict(latest.catalog.get("DSS"))!.get("VRI"))!;
    const key = createHash("sha1").update(found.contents).digest("hex").toUpperCase();
    expect([...vri.entries.keys()]).toEqual([key]);
    expect(latest.array(latest.dict(vri.get(key))!.get("Cert"))).toHaveLength(1);
  });

  test("needs no extension in PDF 2.0", async () => {
    const pdf = Buffer.from(
      (await blankDocument("table")).toString("latin1").replace("%PDF-1.7", "%PDF-2.0"),
      "latin1",
    );
    const evidence = { ...noEvidence, certificates: [readCertificate(servers.root.certificate)] };
    const { latest } = readPdf(addValidationMaterial(pdf, evidence));
    expect(latest.catalog.get("Extensions")).toBeUndefined();
  });
});

test("a document time-stamp does not show, and covers all that was there", async () => {
  const signed = await signPdf(empty, { field: "leader", signer: leader.signer, at });
  const { bytes, field } = await addDocumentTimestamp(signed, services.timestamp!);
  const again = await addDocumentTimestamp(bytes, services.timestamp!, "sha512");
  expect([field, again.field]).toEqual(["Timestamp", "Timestamp2"]);
  const { signatures, indication } = verifyPdf(again.bytes, { anchors: services.anchors!, at: clock });
  expect(signatures.map(({ kind, integrity }) => `${kind} ${integrity}`)).toEqual([
    "APPROVAL PASS",
    "DOCUMENT_TIMESTAMP PASS",
    "DOCUMENT_TIMESTAMP PASS",
  ]);
  expect(signatures.map(({ modificationLevel }) => modificationLevel)).toEqual(["LTA_UPDATES", "LTA_UPDATES", "NONE"]);
  expect(indication).toBe("TOTAL-PASSED");
});

describe("an outage", () => {
  test("of the time-stamp server lowers the level, and loses no signature", async () => {
    servers.fault("/tsa/rsa", "down");
    const signed = await signTo("B-LTA");
    expect(signed).toMatchObject({ level: "B-B", wanted: "B-LTA" });
    expect(signed.notes[0]).toMatch(/^TIMESTAMP_UNAVAILABLE /);
    expect(verdictOn(signed.bytes)).toMatchObject({ level: "B-B", integrity: "PASS" });
  });

  test("is repaired later by a document time-stamp, which is appended", async () => {
    servers.fault("/tsa/rsa", "error-500");
    const { bytes: low } = await signTo("B-LTA");
    expect(await raiseLevel(low, { to: "B-T" }, services)).toMatchObject({ level: "B-B", bytes: low });
    servers.fault("/tsa/rsa", undefined);
    const raised = await raiseLevel(low, { to: "B-LTA" }, services);
    expect(raised).toMatchObject({ level: "B-LTA", notes: [] });
    expect(raised.bytes.subarray(0, low.length).equals(low)).toBe(true);
    expect(verdictOn(raised.bytes)).toMatchObject({ level: "B-LTA", modificationLevel: "LTA_UPDATES" });
  });

  test("is repaired inside the last signature when that is wished, and only there", async () => {
    servers.fault("/tsa/rsa", "rejected");
    const { bytes: low } = await signTo("B-T");
    servers.fault("/tsa/rsa", undefined);
    const inside = await raiseLevel(low, { to: "B-T", intoSignature: true }, services);
    expect([inside.level, inside.bytes.length]).toEqual(["B-T", low.length]);
    // Once another revision covers the hole, what stands in it must not change.
    const sealed = await signPdf(low, { field: "seal", signer: clerk.signer, at });
    const raised = await raiseLevel(sealed, { to: "B-T", fields: ["leader"], intoSignature: true }, services);
    expect(raised.level).toBe("B-T");
    expect(raised.bytes.subarray(0, sealed.length).equals(sealed)).toBe(true);
  });

  test("of OCSP and CRL leaves the level at B-T, and the notes say why; either of them is enough", async () => {
    servers.fault("/ocsp/authority", "error-500");
    servers.fault("/crl/authority", "error-500");
    const signed = await signTo("B-LTA");
    expect(signed).toMatchObject({ level: "B-T", wanted: "B-LTA" });
    expect(signed.notes.some((note) => note.startsWith("MATERIAL "))).toBe(true);
    servers.fault("/crl/authority", undefined);
    expect(await signTo("B-LT")).toMatchObject({ level: "B-LT" });
    expect(await raiseLevel(signed.bytes, { to: "B-LTA" }, services)).toMatchObject({ level: "B-LTA" });
  });

  test.each(["wrong-imprint", "wrong-nonce", "wrong-signature", "other-purpose", "garbage"] as const)(
    "of truth (%s) counts as one of service",
    async (fault) => {
      servers.fault("/tsa/rsa", fault);
      expect(await signTo("B-T")).toMatchObject({ level: "B-B" });
    },
  );

  test("that nobody prepared for is one, too", async () => {
    expect(await signTo("B-LT", empty, "leader", {})).toMatchObject({ level: "B-B", wanted: "B-LT" });
    const { timestamp } = services;
    expect(await signTo("B-T", empty, "leader", { timestamp: timestamp! })).toMatchObject({ level: "B-T" });
  });
});

describe("a client that brings a token over something else", () => {
  const lying = (): LevelServices => ({
    ...services,
    timestamp: { stamp: (digest, algorithm) => services.timestamp!.stamp(Buffer.from(digest).reverse(), algorithm) },
  });

  test("is not believed for a signature", async () => {
    const signed = await signTo("B-T", empty, "leader", lying());
    expect(signed.level).toBe("B-B");
    expect(signed.notes[0]).toContain("TIMESTAMP_IMPRINT_DIFFERS");
  });

  test("is not believed for a document", async () => {
    const signed = await signPdf(empty, { field: "leader", signer: leader.signer, at });
    await expect(raiseLevel(signed, { to: "B-T" }, lying())).rejects.toMatchObject({ code: "UNSOUND_RESULT" });
  });
});

test("time-stamps are renewed with fresh material before their authority dies", async () => {
  const { bytes } = await signTo("B-LTA");
  clock = later(300);
  const renewed = await renewTimestamp(bytes, { ...services, timestamp: services.timestamp! });
  expect(renewed).toMatchObject({ level: "B-LTA", notes: [] });
  expect(renewed.bytes.subarray(0, bytes.length).equals(bytes)).toBe(true);
  const added = storeOf(renewed.bytes).length - storeOf(bytes).length;
  expect(added).toBeGreaterThan(0);
  expect(verdictOn(renewed.bytes)).toMatchObject({ level: "B-LTA", indication: "TOTAL-PASSED" });
  servers.fault("/tsa/rsa", "down");
  const failed = renewTimestamp(renewed.bytes, { ...services, timestamp: services.timestamp! });
  await expect(failed).rejects.toMatchObject({ code: "TIMESTAMP_UNAVAILABLE" });
});

test("a renewal is due when the newest time-stamp's certificate ends", async () => {
  expect(renewalDue((await signTo("B-B")).bytes)).toBeUndefined();
  const { notAfter } = readCertificate(servers.stampers.rsa.certificate);
  for (const level of ["B-T", "B-LTA"] as const) {
    const due = renewalDue((await signTo(level)).bytes)!;
    expect(due.getTime()).toBeLessThanOrEqual(notAfter.getTime());
    expect(due.getTime()).toBeGreaterThan(clock.getTime());
  }
});

test("tokens longer than expected get wider holes, by a second signature where one is needed", async () => {
  const chain = Array.from({ length: 16 }, () => servers.issue("ec-p256").certificate);
  const authority = { ...servers.stampers.ec, chain: [servers.authority.certificate, ...chain] };
  const timestamp: TimestampClient = {
    stamp: async (imprint, imprintAlgorithm) =>
      issueTimestampToken({ authority, imprint, imprintAlgorithm, at: clock }),
  };
  for (let round = 0; round < 2; round++) {
    const signed = await signTo("B-LTA", empty, "leader", { ...services, timestamp });
    expect(signed).toMatchObject({ level: "B-LTA", notes: [] });
  }
});

test("certificates are looked at as of now, too, not only at the time claimed", async () => {
  const short = servers.issue("ec-p256", "person", { notAfter: new Date("2026-04-10") });
  const { toBeSigned, state } = await prepareSignature(empty, { field: "leader", signer: short.signer, at });
  const raw = await short.signer.sign(toBeSigned);
  clock = later(20);
  const expired = { code: "REFUSE_SIGN", details: { reason: "CERTIFICATE_EXPIRED" } };
  await expect(completeSignature(state, empty, raw, {}, services)).rejects.toMatchObject(expired);
  await expect(signPdfTo(empty, { field: "leader", signer: short.signer, at }, services)).rejects.toMatchObject(
    expired,
  );
});

test.skipIf(!installed("qpdf"))("an encrypted file is signed up to B-LTA, its security store enciphered", async () => {
  const base = encrypted(empty, "", "owner", "256");
  const { bytes, level } = await signTo("B-LTA", base);
  expect([level, qpdfComplaints(bytes)]).toEqual(["B-LTA", ""]);
  expect(storeOf(bytes)).toContain(sha256(leader.certificate));
  // The signature brings the certificate in clear, as hexadecimal; the store's streams must not.
  expect(bytes.includes(servers.responders.authority.certificate)).toBe(false);
});

test("a certificate that is known to be revoked does not sign", async () => {
  const revoked = servers.issue("ec-p256");
  servers.revoke(revoked.certificate, new Date("2026-03-01"));
  const request = { field: "leader", signer: revoked.signer, at, level: "B-LT" } as const;
  const { bytes } = await signPdfTo(empty, { ...request, level: "B-B" }, services);
  const looked = await raiseLevel(bytes, { to: "B-LT" }, services);
  const evidence = readSignedFile(looked.bytes).held;
  await expect(signPdfTo(empty, request, { ...services, evidence })).rejects.toMatchObject({
    code: "REFUSE_SIGN",
    details: { reason: "CERTIFICATE_REVOKED" },
  });
  expect(await signTo("B-B", empty, "leader", { ...services, evidence })).toMatchObject({ level: "B-B" });
});

describe("a remote signature", () => {
  test("is completed up to a level", async () => {
    const { toBeSigned, state } = await prepareSignature(empty, { field: "leader", signer: leader.signer, at });
    const raw = await leader.signer.sign(toBeSigned);
    const signed = await completeSignature(state, empty, raw, { level: "B-LTA" }, services);
    expect(signed).toMatchObject({ level: "B-LTA", notes: [] });
  });

  test("whose hole has no room for the token gets a document time-stamp", async () => {
    const request = { field: "leader", signer: leader.signer, at, tokenRoom: 0 };
    const { toBeSigned, state } = await prepareSignature(empty, request);
    const raw = await leader.signer.sign(toBeSigned);
    const signed = await completeSignature(state, empty, raw, { level: "B-T" }, services);
    expect(signed).toMatchObject({ level: "B-T", notes: [expect.stringMatching(/^DOCUMENT_TIMESTAMP_INSTEAD /)] });
  });
});

test("a result that our validator does not pass is not given out", async () => {
  const signed = await signPdf(empty, { field: "leader", signer: leader.signer, at });
  const broken = Buffer.from(signed);
  broken[signed.indexOf("/Title")]! ^= 1;
  const seal = { field: "seal", signer: clerk.signer, at };
  await expect(signPdfTo(broken, { ...seal, sound: ["leader"] }, services)).rejects.toMatchObject({
    code: "UNSOUND_RESULT",
    details: { fields: [{ field: "leader" }] },
  });
  // What was broken before is not made worse by signing.
  expect(await signPdfTo(broken, seal, services)).toMatchObject({ level: "B-B" });
});

const corpus = "../shared/data/pdf-corpus";
test.skipIf(!existsSync(corpus))(
  "files signed by others are raised without touching their bytes (where the corpus is present)",
  async () => {
    for (const name of ["level-01-pades-b-b", "multi-12-object-stream", "level-04-pades-lta-dss-indirect-arrs-test"]) {
      const pdf = readFileSync(`${corpus}/${name}.pdf`);
      clock = new Date("2026-11-20T00:00:00Z");
      const { bytes } = await raiseLevel(pdf, { to: "B-LTA" }, services);
      expect(bytes.subarray(0, pdf.length).equals(pdf)).toBe(true);
      const last = verifyPdf(bytes, { anchors: services.anchors!, at: clock }).signatures.at(-1)!;
      expect([name, last.kind, last.integrity]).toEqual([name, "DOCUMENT_TIMESTAMP", "PASS"]);
    }
  },
);
