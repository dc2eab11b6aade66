import { createSign, X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import { act, type Colleague, colleague, draft, number, submit } from "../outgoing/office.ts";
import { type AuthorityServers, type IssuedSigner, startAuthorityServers } from "../support/authority-servers.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { complete, enterKey, prepare } from "./keys.ts";

let servers: AuthorityServers;
let clock: Date | null = null;
const now = () => clock ?? new Date();
const stack = new AsyncDisposableStack();
const stamping = ["/tsa/rsa", "/tsa/ec"] as const;

beforeAll(async () => {
  servers = await startAuthorityServers({ now });
  stack.defer(() => servers.close());
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  for (const path of stamping) servers.fault(path, undefined);
});

interface Office {
  readonly app: TestApp;
  readonly officer: Colleague;
  readonly head: Colleague;
  readonly clerk: Colleague;
  readonly keys: { readonly leader: string; readonly seal: string };
}
let person: IssuedSigner, agency: IssuedSigner;

/** A province whose keys have a certificate with addresses, and which asks for time-stamps. */
async function office(level?: string): Promise<Office> {
  const app = stack.use(
    await startApp({
      env: {
        TIMESTAMP_URLS: stamping.map((path) => servers.url(path)).join(" "),
        VALIDATION_HOSTS: `${servers.host}+private`,
        ...(level && { SIGNING_LEVEL: level }),
      },
    }),
  );
  const root = new X509Certificate(servers.root.certificate).toString();
  await writeFile(join(app.dataDirectory, "trust", "nation.pem"), root);
  const [officer, head, clerk] = [
    await colleague(app, "chuyenvien.snv"),
    await colleague(app, "giamdoc.snv"),
    await colleague(app, "vanthu.snv"),
  ];
  person ??= servers.issue();
  agency ??= servers.issue("ec-p256", "agency-seal");
  const held = ({ certificate, signer }: IssuedSigner) => ({ certificate, chain: signer.chain });
  const keys = {
    leader: await enterKey(app, head, held(person), "EXTERNAL"),
    seal: await enterKey(app, clerk, held(agency), "EXTERNAL", {}, true),
  };
  return { app, officer, head, clerk, keys };
}

const rawBy = ({ key }: IssuedSigner, dtbs: string) =>
  createSign("sha256").update(Buffer.from(dtbs, "base64")).sign(key);

async function signed({ officer, head, keys }: Office): Promise<string> {
  const { id } = await submit(officer, (await draft(officer)).id, head);
  const session = await prepare(head, id, keys.leader);
  expect((await complete(head, session.id, rawBy(person, session.dtbs!))).state).toBe("STORED");
  return id;
}
async function sealed(of: Office): Promise<string> {
  const id = await signed(of);
  await number(of.clerk, id);
  const session = await prepare(of.clerk, id, of.keys.seal, { role: "AGENCY_SEAL" });
  expect(await complete(of.clerk, session.id, rawBy(agency, session.dtbs!))).toMatchObject({ state: "STORED" });
  return id;
}
const documentNow = async ({ clerk }: Office, id: string) =>
  (
    await clerk.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status revisions { kind file { url } by { id } } file { url sha256 }
         signatures { field level wantedLevel levelNote } } } }`,
      { id },
    )
  ).node;
const levels = async (of: Office, id: string) =>
  (await documentNow(of, id)).signatures.map(
    ({ field, level, levelNote }: any) => `${field} ${level}${levelNote ? " !" : ""}`,
  );
/** Lets so much time pass, on both sides, and the worker do what is due then. */
async function later(app: TestApp, minutes: number): Promise<void> {
  clock = new Date(now().getTime() + minutes * 60_000);
  app.setClock(clock);
  await app.settle();
}
function present(app: TestApp): void {
  clock = null;
  app.setClock(null);
}
const anchors = () => [servers.root.certificate];

test("signatures reach B-LT where time-stamps and revocation data are to be had", async () => {
  const of = await office();
  const id = await sealed(of);
  expect(await levels(of, id)).toEqual(["Leader B-LT", "Seal B-LT"]);
  const pdf = await of.clerk.client.download((await documentNow(of, id)).file.url);
  const verdict = verifyPdf(pdf, { anchors: anchors() });
  expect(verdict.signatures.map(({ field, level, indication }) => [field, level, indication])).toEqual([
    ["Leader", "B-LT", "TOTAL-PASSED"],
    ["Seal", "B-LT", "TOTAL-PASSED"],
  ]);
}, 60_000);

test("an outage lowers the level and loses nothing; the worker repairs it with an appended revision", async () => {
  const of = await office();
  for (const path of stamping) servers.fault(path, "down");
  const id = await sealed(of);
  expect(await levels(of, id)).toEqual(["Leader B-B !", "Seal B-B !"]);
  try {
    await later(of.app, 2);
    expect(await levels(of, id)).toEqual(["Leader B-B !", "Seal B-B !"]);
    for (const path of stamping) servers.fault(path, undefined);
    await later(of.app, 30);
    expect(await levels(of, id)).toEqual(["Leader B-LT", "Seal B-LT"]);
    const { revisions, status } = await documentNow(of, id);
    expect(status).toBe("SEALED");
    expect(revisions.at(-1)).toMatchObject({ kind: "AUGMENTED", by: null });
    const [before, after] = await Promise.all(
      revisions.slice(-2).map(({ file }: any) => of.clerk.client.download(file.url)),
    );
    expect(after!.subarray(0, before!.length).equals(before!)).toBe(true);
    const verdict = verifyPdf(after!, { anchors: anchors(), at: now() });
    expect(verdict.signatures.map(({ integrity }) => integrity)).toEqual(verdict.signatures.map(() => "PASS"));
    // Nothing is left to do.
    await later(of.app, 60);
    expect((await documentNow(of, id)).revisions).toHaveLength(revisions.length);
  } finally {
    present(of.app);
  }
}, 60_000);

test("of an issued document only the archive's copy grows; what was sent stays the document", async () => {
  const of = await office();
  for (const path of stamping) servers.fault(path, "down");
  const id = await sealed(of);
  await act(of.clerk, "dispatchOutgoingDocument", { outgoingDocumentId: id });
  const sent = (await documentNow(of, id)).file;
  for (const path of stamping) servers.fault(path, undefined);
  try {
    await later(of.app, 5);
    const { revisions, file, status } = await documentNow(of, id);
    expect([status, file]).toEqual(["DISPATCHED", sent]);
    expect(revisions.at(-1).kind).toBe("ARCHIVAL");
    expect(await levels(of, id)).toEqual(["Leader B-LT", "Seal B-LT"]);
  } finally {
    present(of.app);
  }
}, 60_000);

test("a document on which somebody is signing is left alone", async () => {
  const of = await office();
  for (const path of stamping) servers.fault(path, "down");
  const id = await signed(of);
  await number(of.clerk, id);
  for (const path of stamping) servers.fault(path, undefined);
  try {
    const session = await prepare(of.clerk, id, of.keys.seal, { role: "AGENCY_SEAL" });
    await later(of.app, 5);
    expect((await documentNow(of, id)).revisions.at(-1).kind).toBe("SIGNED");
    expect((await complete(of.clerk, session.id, rawBy(agency, session.dtbs!))).state).toBe("STORED");
    await later(of.app, 60);
    expect((await levels(of, id)).every((each: string) => /B-LTA?$/.test(each))).toBe(true);
  } finally {
    present(of.app);
  }
}, 60_000);

test("long-lived signatures get a new time-stamp before the last one's certificate ends", async () => {
  const of = await office("B-LTA");
  const id = await sealed(of);
  expect(await levels(of, id)).toEqual(["Leader B-LTA", "Seal B-LTA"]);
  const stampsIn = async () => {
    const { revisions } = await documentNow(of, id);
    const pdf = await of.clerk.client.download(revisions.at(-1).file.url);
    return verifyPdf(pdf, { anchors: anchors(), at: now() }).signatures.filter(
      ({ kind }) => kind === "DOCUMENT_TIMESTAMP",
    );
  };
  const before = (await stampsIn()).length;
  try {
    await later(of.app, 5);
    expect(await stampsIn()).toHaveLength(before);
    const end = new X509Certificate(servers.stampers.rsa.certificate).validToDate;
    await later(of.app, (end.getTime() - now().getTime()) / 60_000 - 30 * 24 * 60);
    expect(await stampsIn()).toHaveLength(before + 1);
  } finally {
    present(of.app);
  }
}, 60_000);
