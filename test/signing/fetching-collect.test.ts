import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readCertificateBundle } from "../../signing/fetching/bundles.ts";
import { collectEvidence, type CollectRequest } from "../../signing/fetching/collect.ts";
import { outsideFetch, type Fetch } from "../../signing/fetching/fetch.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { validateCertificate } from "../../signing/x509/validation.ts";
import { startAuthorityServers, type AuthorityServers } from "../support/authority-servers.ts";
import { toPem } from "./authorities.ts";

const present = new Date("2026-08-01T00:00:00Z");
let servers: AuthorityServers;
let fetch: Fetch;

beforeAll(async () => {
  servers = await startAuthorityServers({ now: () => present });
});
afterAll(() => servers.close());
beforeEach(() => {
  for (const path of [
    "/ocsp/root",
    "/ocsp/authority",
    "/crl/root",
    "/crl/authority",
    "/ca/root",
    "/ca/authority",
  ] as const) {
    servers.fault(path, undefined);
  }
  (servers.asked as Map<string, number>).clear();
  fetch = outsideFetch({ hosts: [`${servers.host}+private`], timeout: 300 });
});

const anchors = () => [{ certificate: readCertificate(servers.root.certificate), store: "DEMO" }];
const collect = (certificates: readonly Buffer[], more: Partial<CollectRequest> = {}) =>
  collectEvidence({
    certificates: certificates.map(readCertificate),
    pool: [],
    anchors: anchors(),
    at: present,
    fetch,
    ...more,
  });
const judge = (certificate: Buffer, { evidence }: Awaited<ReturnType<typeof collect>>) =>
  validateCertificate({
    certificate: readCertificate(certificate),
    evidence,
    anchors: anchors(),
    at: present,
    purpose: "signature",
    revocation: "required",
  });
const asked = () => Object.fromEntries([...servers.asked].toSorted());

describe("evidence for a signer's chain", () => {
  test("issuers by their addresses, OCSP for every certificate below the anchor: enough to validate", async () => {
    const { certificate } = servers.issue();
    const collected = await collect([certificate]);
    expect(collected.notes).toEqual([]);
    expect(judge(certificate, collected)).toMatchObject({ indication: "PASSED" });
    expect(collected.evidence.ocsp).toHaveLength(2);
    expect(collected.evidence.crls).toEqual([]);
    expect(asked()).toEqual({ "/ca/authority": 1, "/ocsp/authority": 1, "/ocsp/root": 1 });
    const subjects = collected.evidence.certificates.map(({ subject }) => subject.text.split(",")[0]);
    expect(subjects.toSorted()).toEqual(
      [
        "CN=CA gốc thử",
        "CN=CA phục vụ các cơ quan Nhà nước (thử)",
        "CN=Nguyễn Thị Ước",
        "CN=OCSP",
        "CN=OCSP của CA gốc",
      ].toSorted(),
    );
  });

  test("signer and time-stamping authority together, what they share asked once", async () => {
    const { certificate } = servers.issue();
    const { evidence, notes } = await collect([certificate, servers.stampers.rsa.certificate]);
    expect(notes).toEqual([]);
    expect(evidence.ocsp).toHaveLength(3);
    expect(asked()).toEqual({ "/ca/authority": 1, "/ocsp/authority": 2, "/ocsp/root": 1 });
  });

  test("a revoked certificate is found to be so", async () => {
    const { certificate } = servers.issue();
    servers.revoke(certificate, new Date("2026-07-01T00:00:00Z"), "keyCompromise");
    const collected = await collect([certificate]);
    expect(judge(certificate, collected)).toMatchObject({ indication: expect.not.stringMatching("PASSED") });
    servers.fault("/ocsp/authority", "down");
    expect(judge(certificate, await collect([certificate]))).toMatchObject({
      indication: expect.not.stringMatching("PASSED"),
    });
  });

  test.each([
    "down",
    "slow",
    "garbage",
    "huge",
    "redirect",
    "empty",
    "error-500",
    "try-later",
    "wrong-nonce",
    "other-certificate",
    "stale",
    "wrong-signature",
  ] as const)("OCSP %s: the list takes its place, and the cause is noted", async (fault) => {
    servers.fault("/ocsp/authority", fault);
    const { certificate } = servers.issue();
    const collected = await collect([certificate]);
    expect(collected.evidence.crls).toHaveLength(1);
    expect(collected.evidence.ocsp).toHaveLength(1);
    expect(collected.notes).toHaveLength(1);
    expect(collected.notes[0]).toMatch(
      /^(FETCH_FAILED|OCSP_UNUSABLE|BAD_OCSP_RESPONSE|ASN1_MALFORMED) .*Nguyễn Thị Ước/,
    );
    expect(judge(certificate, collected)).toMatchObject({ indication: "PASSED" });
  });

  test("a response without the nonce is taken", async () => {
    servers.fault("/ocsp/authority", "no-nonce");
    const { certificate } = servers.issue();
    const collected = await collect([certificate]);
    expect(collected.notes).toEqual([]);
    expect(judge(certificate, collected)).toMatchObject({ indication: "PASSED" });
  });

  test.each(["down", "garbage", "stale", "wrong-signature"] as const)(
    "OCSP down and CRL %s: notes, no exception",
    async (fault) => {
      servers.fault("/ocsp/authority", "down");
      servers.fault("/crl/authority", fault);
      const { certificate } = servers.issue();
      const collected = await collect([certificate]);
      expect(collected.notes).toHaveLength(2);
      expect(judge(certificate, collected).indication).not.toBe("PASSED");
    },
  );

  test("no issuer to be had: noted", async () => {
    servers.fault("/ca/authority", "down");
    const { certificate } = servers.issue();
    const { notes } = await collect([certificate]);
    expect(notes.map((note) => note.split(" ")[0])).toEqual(["FETCH_FAILED", "ISSUER_NOT_FOUND"]);
  });

  test("a host that is not configured is not asked", async () => {
    const { certificate } = servers.issue();
    const { notes } = await collect([certificate], { fetch: outsideFetch({}) });
    expect(notes[0]).toContain("FETCH_REFUSED");
    expect(asked()).toEqual({});
  });

  test("what is known already is not asked again", async () => {
    const { certificate } = servers.issue();
    const { evidence: known } = await collect([certificate]);
    (servers.asked as Map<string, number>).clear();
    const again = await collect([certificate], { known });
    expect(asked()).toEqual({});
    expect(again.evidence).toMatchObject({ ocsp: known.ocsp, crls: [] });
  });

  test("without anchors the chain is documented up to its root all the same", async () => {
    const { certificate } = servers.issue();
    const { evidence, notes } = await collect([certificate], { anchors: [] });
    expect(notes).toEqual([]);
    expect(evidence.ocsp).toHaveLength(2);
    expect(judge(certificate, { evidence, notes })).toMatchObject({ indication: "PASSED" });
  });

  test("a list is fetched once within the hour, by one fetcher", async () => {
    servers.fault("/ocsp/authority", "down");
    const [one, other] = [servers.issue().certificate, servers.issue().certificate];
    await collect([one]);
    await collect([other]);
    expect(servers.asked.get("/crl/authority")).toBe(1);
    await collect([other], { fetch: outsideFetch({ hosts: [`${servers.host}+private`], timeout: 300 }) });
    expect(servers.asked.get("/crl/authority")).toBe(2);
  });

  test("a certificate without addresses: noted, nothing asked", async () => {
    const { certificate } = servers.issue("ec-p256", "person", { addresses: {} });
    const pool = [readCertificate(servers.authority.certificate)];
    const { notes } = await collect([certificate], { pool });
    expect(notes).toEqual([expect.stringContaining("NO_CRL_ADDRESS")]);
  });
});

test("issuers' certificates are read from DER, PEM and certs-only CMS", () => {
  const { certificate } = servers.authority;
  expect(readCertificateBundle(certificate)[0]!.der).toEqual(certificate);
  expect(readCertificateBundle(Buffer.from(toPem(certificate)))[0]!.der).toEqual(certificate);
});
