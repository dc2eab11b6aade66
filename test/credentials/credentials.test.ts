import { afterAll, beforeAll, expect, test } from "vitest";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPkcs12, readCertificate } from "../../signing/index.ts";
import { openKeystore } from "../../src/credentials/open-keystore.ts";
import { assertUsable } from "../../src/credentials/signer.ts";
import { trustStore } from "../../src/credentials/trust.ts";
import { Turns } from "../../src/turns.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { judgeChain } from "../support/chains.ts";
import { codeOf, colleague, demoPin, draft, sign, submit } from "../outgoing/office.ts";

let app: TestApp;
beforeAll(async () => void (app = await startApp()));
afterAll(() => app?.[Symbol.asyncDispose]());

const rows = async () => {
  const { default: pg } = await import("pg");
  const client = new pg.Client(app.database.superConnection);
  await client.connect();
  try {
    return (
      await client.query<{ certificate: Buffer; keystore: Buffer; is_agency_seal: boolean; subject: string }>(
        "select certificate, keystore, is_agency_seal, subject from signing_credential order by id",
      )
    ).rows;
  } finally {
    await client.end();
  }
};

test("every demo key opens with the demo PIN, belongs to its certificate and chains up to the trusted root", async () => {
  const anchors = (await trustStore(join(app.dataDirectory, "trust"))).map(({ certificate }) =>
    readCertificate(certificate),
  );
  expect(anchors.map(({ subject }) => subject.text).join()).toContain("CA gốc thử nghiệm tỉnh Mẫu Sơn");
  const all = await rows();
  expect(all.filter((row) => row.is_agency_seal).length).toBe(12);
  const kinds = new Set<string>();
  for (const { certificate, keystore } of all.filter((_, at) => at % 4 === 0)) {
    const signer = openPkcs12(keystore, demoPin);
    expect(signer.certificate.equals(certificate)).toBe(true);
    const verdict = judgeChain({
      certificate: readCertificate(certificate),
      pool: signer.chain.map(readCertificate),
      anchors: anchors.slice(-1),
      at: new Date(),
      purpose: "signature",
    });
    expect(verdict).toMatchObject({ indication: "PASSED" });
  }
  for (const { certificate, is_agency_seal } of all)
    kinds.add(`${is_agency_seal ? "seal" : "person"} ${new X509Certificate(certificate).publicKey.asymmetricKeyType}`);
  expect([...kinds].toSorted()).toEqual(["person ec", "person rsa", "seal ec", "seal rsa"]);
});

test("the authority's key is kept for its owner's eyes alone", async () => {
  const path = join(app.dataDirectory, "keys", "demo-ca.pem");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const pem = await readFile(path, "utf8");
  const issuer = new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE")));
  expect(issuer.checkPrivateKey(createPrivateKey(pem))).toBe(true);
});

test("everybody is shown the own keys, and the seal only who may seal", async () => {
  const seen = async (name: string) => (await colleague(app, name)).keys.map(({ isAgencySeal }) => isAgencySeal);
  expect(await seen("giamdoc.snv")).toEqual([false]);
  expect(await seen("vanthu.snv")).toEqual([true]);
  expect(await seen("chuyenvien.snv")).toEqual([]);
  const head = await colleague(app, "giamdoc.snv");
  const clerk = await colleague(app, "vanthu.snv");
  const query = "query ($id: ID!) { node(id: $id) { id } }";
  expect((await head.client.call(query, { id: head.keys[0]!.id })).node).not.toBeNull();
  expect((await head.client.call(query, { id: clerk.keys[0]!.id })).node).toBeNull();
});

test("after five wrong PINs, given at once or one by one, the right one does not help for a while", async () => {
  const [officer, head] = [await colleague(app, "chuyenvien.snv"), await colleague(app, "giamdoc.snv")];
  const { id } = await submit(officer, (await draft(officer)).id, head);
  const codes = await Promise.all(
    [
      "000000",
      "111111",
      "222222",
      "333333",
      "444444",
      "555555",
      "666666",
      "777777",
      "888888",
      "999999",
      "12",
      "x".repeat(500),
    ].map((pin) => codeOf(sign(head, id, { pin }))),
  );
  expect(codes.filter((code) => code === "BAD_PIN").length).toBeGreaterThanOrEqual(5);
  // Four keys are opened at a time: no more than three tries run on beyond the fifth.
  expect(codes.filter((code) => code === "BAD_PIN").length).toBeLessThanOrEqual(8);
  expect(new Set(codes)).toEqual(new Set(["BAD_PIN", "TOO_MANY_TRIES"]));
  expect(await codeOf(sign(head, id))).toBe("TOO_MANY_TRIES");
  app.setClock(new Date(Date.now() + 16 * 60_000));
  try {
    expect((await sign(head, id)).status).toBe("SIGNED");
  } finally {
    app.setClock(null);
  }
}, 60_000);

test("a certificate is refused before and after its time, and once it is withdrawn", () => {
  const [notBefore, notAfter] = [new Date("2026-01-01T00:00:00Z"), new Date("2027-01-01T00:00:00Z")];
  const at =
    (time: string, revokedAt: Date | null = null) =>
    () =>
      assertUsable({ notBefore, notAfter, revokedAt }, new Date(time));
  expect(at("2026-06-01T00:00:00Z")).not.toThrow();
  expect(at("2027-01-01T00:00:00Z")).not.toThrow();
  for (const refused of [
    at("2025-12-31T23:59:59.999Z"),
    at("2027-01-01T00:00:00.001Z"),
    at("2026-06-01T00:00:00Z", notBefore),
  ])
    expect(refused).toThrow(expect.objectContaining({ code: "SIGNING_REFUSED" }));
});

test("a keystore that is none, or asks for endless work, is refused in its own thread", async () => {
  await expect(openKeystore(Buffer.from("not a keystore"), demoPin)).rejects.toMatchObject({ name: "SigningError" });
  const [row] = await rows();
  await expect(openKeystore(row!.keystore.subarray(0, 400), demoPin)).rejects.toMatchObject({ name: "SigningError" });
  await using opened = await openKeystore(row!.keystore, demoPin);
  expect(opened.certificate.equals(row!.certificate)).toBe(true);
  expect((await opened.sign(Buffer.from("data"))).length).toBeGreaterThan(60);
});

test("neither PIN nor private key is found in the database or in what the store keeps", async () => {
  const { default: pg } = await import("pg");
  const client = new pg.Client(app.database.superConnection);
  await client.connect();
  try {
    for (const table of ["idempotency", "audit_event", "outgoing_document", "outgoing_signature"]) {
      const {
        rows: [hit],
      } = await client.query(
        `select count(*)::int as found from ${table} t where t::text like '%"${demoPin}"%' or t::text like '%"pin"%'`,
      );
      expect(hit.found, table).toBe(0);
    }
    const {
      rows: [planted],
    } = await client.query(
      `select count(*)::int as found from (select '{"pin":"${demoPin}"}'::text as data) t where t::text like '%"pin"%' or t::text like '%""pin""%'`,
    );
    expect(planted.found).toBe(1);
  } finally {
    await client.end();
  }
});

test("trust is read from the directory, again when a file comes, and not at all from what is no certificate", async () => {
  const directory = await mkdtemp(join(tmpdir(), "congvan-trust-"));
  try {
    expect(await trustStore(join(directory, "absent"))).toEqual([]);
    await mkdir(join(directory, "trust"));
    const trust = join(directory, "trust");
    expect(await trustStore(trust)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cp(join(app.dataDirectory, "trust", "demo-root.pem"), join(trust, "root.pem"));
    expect((await trustStore(trust)).length).toBe(1);
    await writeFile(join(trust, "note.txt"), "not looked at");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(join(trust, "broken.pem"), "not a certificate");
    await expect(trustStore(trust)).rejects.toThrow();
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("turns are given in order, so many at a time, and go on after a failure", async () => {
  const turns = new Turns(2);
  const [first, second] = [await turns.take(), await turns.take()];
  const order: number[] = [];
  const waiting = [3, 4].map(async (each) => {
    const end = await turns.take();
    order.push(each);
    end();
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(order).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(order).toEqual([3, 4]);
  second();
  await turns.take();
});
