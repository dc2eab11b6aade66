import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { der } from "../../signing/asn1.ts";
import { SigningError } from "../../signing/errors.ts";
import { readCertificateBundle } from "../../signing/fetching/bundles.ts";
import { collectEvidence, type CollectRequest } from "../../signing/fetching/collect.ts";
import { CrlCache } from "../../signing/fetching/crl-cache.ts";
import { outsideFetch, type Fetch } from "../../signing/fetching/fetch.ts";
import { Oid } from "../../signing/oids.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import type { Crl } from "../../signing/x509/crl.ts";
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
    "unknown",
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

describe("what certificates can make us do is bounded", () => {
  test("a hundred questions, six at once, and each address once", async () => {
    let running = 0;
    let most = 0;
    const questions: string[] = [];
    const counting: Fetch = async ({ url }) => {
      questions.push(url);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      throw new SigningError("FETCH_FAILED", "nobody is there");
    };
    const certificates = Array.from({ length: 32 }, (_, i) => {
      const crl = Array.from({ length: 5 }, (_, n) => `http://a.vn/${i}/${n}`);
      return servers.issue("ec-p256", "person", { addresses: { crl, ocsp: crl, issuer: "http://a.vn/ca" } })
        .certificate;
    });
    const pool = [readCertificate(servers.authority.certificate)];
    const { notes } = await collect(certificates, { fetch: counting, pool });
    expect(questions).toHaveLength(100);
    expect(most).toBe(6);
    expect(notes.length).toBeLessThanOrEqual(100);
    const again = await collect(certificates.slice(0, 3), { fetch: counting, anchors: [] });
    // All have the same name, so one line tells of all.
    expect(again.notes.filter((note) => note.startsWith("ISSUER_NOT_FOUND"))).toHaveLength(1);
    expect(questions.filter((url) => url === "http://a.vn/ca")).toHaveLength(1);
  });

  test("the thirty-third certificate is not looked at", async () => {
    const asking: string[] = [];
    const fetch: Fetch = async ({ url }) => {
      asking.push(url);
      throw new SigningError("FETCH_FAILED", "nobody is there");
    };
    const certificates = Array.from({ length: 33 }, (_, i) => {
      const addresses = { issuer: `http://a.vn/${i}` };
      return servers.issue("ec-p256", "person", { addresses }).certificate;
    });
    await collect(certificates, { fetch });
    expect(asking).toHaveLength(32);
  });

  test("an error of ours is not taken for an outage", async () => {
    const { certificate } = servers.issue();
    const fetch: Fetch = () => Promise.reject(new TypeError("ours"));
    await expect(collect([certificate], { fetch })).rejects.toThrow(TypeError);
  });

  test("the lists kept are bounded, and the oldest go first", () => {
    const cache = new CrlCache();
    const list = (size: number) =>
      ({ der: Buffer.alloc(size), thisUpdate: new Date("2026-01-01"), nextUpdate: new Date("2027-01-01") }) as Crl;
    const megabyte = 1024 * 1024;
    const [one, two, three] = [list(30 * megabyte), list(30 * megabyte), list(30 * megabyte)];
    cache.set("one", one);
    cache.set("two", two);
    expect(cache.get("one", present)).toBe(one);
    cache.set("two", two);
    expect(cache.get("one", present)).toBe(one);
    cache.set("three", three);
    expect([cache.get("one", present), cache.get("two", present)]).toEqual([undefined, two]);
    expect(cache.get("two", new Date("2027-01-01"))).toBeUndefined();
    expect(cache.get("two", new Date("2025-12-31"))).toBeUndefined();
    cache.set("endless", { ...list(1), nextUpdate: undefined });
    expect(cache.get("endless", present)).toBeUndefined();
    expect(cache.get("never", present)).toBeUndefined();
  });
});

test("a delta list is fetched where the certificate names one", async () => {
  servers.fault("/ocsp/authority", "down");
  const point = der.sequence(
    der.sequence(
      der.explicit(0, der.explicit(0, der.implicitPrimitive(6, Buffer.from(`${servers.url("/crl/authority")}?delta`)))),
    ),
  );
  const { certificate } = servers.issue("ec-p256", "person", {
    extensions: [{ oid: Oid.freshestCrl, critical: false, value: point }],
  });
  await collect([certificate]);
  expect(servers.asked.get("/crl/authority?delta")).toBe(1);
});

test("a list that is named relative to its issuer has no address to ask", async () => {
  const relative = der.sequence(der.sequence(der.oid("2.5.4.3"), der.utf8("CRL 1")));
  const point = der.sequence(der.sequence(der.explicit(0, der.explicit(1, relative))));
  const { certificate } = servers.issue("ec-p256", "person", {
    addresses: {},
    extensions: [{ oid: Oid.crlDistributionPoints, critical: false, value: point }],
  });
  const { notes } = await collect([certificate], { pool: [readCertificate(servers.authority.certificate)] });
  expect(notes).toEqual([expect.stringContaining("NO_CRL_ADDRESS")]);
});

test("known lists are taken into the evidence, and asked first", async () => {
  servers.fault("/ocsp/authority", "down");
  const { certificate } = servers.issue();
  const { evidence: known } = await collect([certificate]);
  expect(known.crls).toHaveLength(1);
  (servers.asked as Map<string, number>).clear();
  const again = await collect([certificate], { known });
  expect(asked()).toEqual({});
  expect(again.evidence.crls).toEqual(known.crls);
});

test("a directory is not asked for a list", async () => {
  const points = ["ldap://a.vn/cn=CA", servers.url("/crl/authority")];
  const { certificate } = servers.issue("ec-p256", "person", { addresses: { crl: points } });
  const { evidence, notes } = await collect([certificate], { pool: [readCertificate(servers.authority.certificate)] });
  expect(notes).toEqual([]);
  expect(evidence.crls).toHaveLength(1);
});

test("issuers' certificates are read from DER, PEM and certs-only CMS", () => {
  const { certificate } = servers.authority;
  const read = (bytes: Buffer) => readCertificateBundle(bytes).map((each) => each.der);
  expect(read(certificate)).toEqual([certificate]);
  expect(read(Buffer.from(toPem(certificate)))).toEqual([certificate]);
  const bundle = (...members: readonly Buffer[]) => {
    const list = members.length ? [der.implicit(0, Buffer.concat(members))] : [];
    const empty = der.setOf([]);
    const data = der.sequence(der.integer(1), empty, der.sequence(der.oid(Oid.data)), ...list, empty);
    return der.sequence(der.oid(Oid.signedData), der.explicit(0, data));
  };
  expect(read(bundle(certificate, servers.root.certificate))).toEqual([certificate, servers.root.certificate]);
  expect(read(bundle(certificate, der.implicit(1, der.null())))).toEqual([certificate]);
  expect(read(bundle())).toEqual([]);
  expect(read(bundle(...Array.from({ length: 17 }, () => certificate)))).toHaveLength(16);
  expect(read(der.sequence(der.oid(Oid.data), der.null()))).toEqual([]);
  expect(read(der.sequence(der.oid(Oid.signedData)))).toEqual([]);
  for (const text of ["-----BEGIN CERTIFICATE", "-----BEGIN CERTIFICATE-----\nAAAA"]) {
    expect(() => read(Buffer.from(text))).toThrow(expect.objectContaining({ code: "BAD_CERTIFICATE" }));
  }
});
