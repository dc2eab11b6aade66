import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import { codeOf, type Colleague, colleague, draft, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { softTokenModule, softTokens } from "../support/soft-token.ts";
import { cscAccount, startCscServer } from "../support/signing-services/csc-server.ts";
import { heldKey } from "../support/signing-services/key-holder.ts";
import type { Faults } from "../support/signing-services/service-server.ts";
import { startVnptServer, vnptAccount } from "../support/signing-services/vnpt-server.ts";
import { asSuperuser, authorize, cancel, enterKey, prepare, sessionFields, sessionNow } from "./keys.ts";

let app: TestApp;
let officer: Colleague, head: Colleague;
let phoneId: string, typedId: string, unknownId: string;
const phoneFaults: Faults = {};
const typedFaults: Faults = {};
const device = heldKey("rsa-2048", "CCCD:001093000003");
let deviceSetting: object | null = null;
const hasTool = spawnSync("pkcs11-tool", ["--help"]).error === undefined;
const hasTokens = softTokenModule !== undefined && hasTool;
const stack = new AsyncDisposableStack();
const phone = heldKey("rsa-2048", `CCCD:${vnptAccount.userId}`);
const typed = heldKey("rsa-2048");

beforeAll(async () => {
  const vnpt = stack.use(await startVnptServer({ held: phone, faults: phoneFaults }));
  const csc = stack.use(
    await startCscServer({ version: 2, keys: [typed], pin: "135790", otp: "246801", faults: typedFaults }),
  );
  const directory = await mkdtemp(join(tmpdir(), "congvan-services-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const { clientId, clientSecret } = cscAccount;
  const { spId, spPassword, userId } = vnptAccount;
  if (hasTokens) {
    const tokens = stack.use(softTokens());
    tokens.add("Sở Nội vụ", "112233");
    tokens.put({ label: "Sở Nội vụ", pin: "112233" }, { id: "01", key: device.key, certificate: device.certificate });
    deviceSetting = {
      provider: "PKCS11",
      module: tokens.module,
      environment: tokens.environment,
      token: { label: "Sở Nội vụ" },
    };
  }
  const file = join(directory, "services.json");
  await writeFile(
    file,
    JSON.stringify({
      ...(deviceSetting && { device: deviceSetting }),
      phone: { provider: "VNPT", baseUrl: vnpt.url, spId, spPassword, flow: "app" },
      typed: {
        provider: "CSC",
        version: 2,
        baseUrl: csc.baseUrl,
        login: { kind: "oauth2", baseUrl: csc.url, clientId, clientSecret },
      },
    }),
  );
  app = stack.use(await startApp({ env: { SIGNING_SERVICES: file } }));
  [officer, head] = [await colleague(app, "chuyenvien.snv"), await colleague(app, "giamdoc.snv")];
  phoneId = await enterKey(app, head, phone, "VNPT", { service: "phone", userId });
  typedId = await enterKey(app, head, typed, "CSC", { service: "typed" });
  unknownId = await enterKey(app, head, heldKey("rsa-2048"), "CSC", { service: "nowhere" });
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  for (const faults of [phoneFaults, typedFaults])
    for (const name of Object.keys(faults) as (keyof Faults)[]) delete faults[name];
});

const forSignature = async () => (await submit(officer, (await draft(officer)).id, head)).id;
const documentNow = async (id: string) =>
  (
    await head.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status revisions { kind } file { url } } } }`,
      { id },
    )
  ).node;
/** Lets the worker ask until the session has come to an end. */
async function ended(sessionId: string): Promise<string> {
  for (let round = 0; round < 20; round++) {
    const { state } = (await sessionNow(head, sessionId))!;
    if (state !== "WAITING_USER") return state;
    await asSuperuser(app, (database) =>
      database.query(
        "update signing_session set next_poll_at = now() where state = 'WAITING_USER' and pending is not null",
      ),
    );
    await app.settle();
  }
  return "WAITING_USER";
}

test("a person approves on the phone, and the worker completes what the service then gives", async () => {
  phoneFaults.person = { approvesAfter: 2 };
  const id = await forSignature();
  const session = await prepare(head, id, phoneId);
  expect(session.factors).toEqual([]);
  expect((await authorize(head, [session]))[0]!.state).toBe("WAITING_USER");
  expect((await documentNow(id)).status).toBe("AWAITING_SIGNATURE");
  expect(await ended(session.id)).toBe("STORED");
  const { status, file } = await documentNow(id);
  expect(status).toBe("SIGNED");
  const verdict = verifyPdf(await head.client.download(file.url), { anchors: [] });
  expect(verdict.signatures.map(({ field, integrity }) => [field, integrity])).toEqual([["Leader", "PASS"]]);
});

test.each([
  ["rejects", "REJECTED"],
  ["expires", "EXPIRED"],
] as const)("a person who %s leaves the document as it was", async (person, state) => {
  phoneFaults.person = { approvesAfter: 99 };
  const id = await forSignature();
  const session = await prepare(head, id, phoneId);
  await authorize(head, [session]);
  phoneFaults.person = person;
  expect(await ended(session.id)).toBe(state);
  expect((await sessionNow(head, session.id))!.error?.vi).toMatch(/\p{Lu}/u);
  expect((await documentNow(id)).revisions.at(-1).kind).toBe("FOR_SIGNATURE");
});

test.each(["wrongHash", "wrongKey"] as const)("a service that signs amiss (%s) is found out", async (fault) => {
  phoneFaults[fault] = true;
  const id = await forSignature();
  const session = await prepare(head, id, phoneId);
  await authorize(head, [session]);
  expect(await ended(session.id)).toBe("FAILED");
  expect((await documentNow(id)).status).toBe("AWAITING_SIGNATURE");
});

test("secrets are typed in once for a batch; wrong ones can be typed again, and are kept nowhere", async () => {
  const ids = [await forSignature(), await forSignature(), await forSignature()];
  const { sessions } = await head.client.act(
    "prepareSignatures",
    { credentialId: typedId, items: ids.map((outgoingDocumentId) => ({ outgoingDocumentId })) },
    `{ sessions ${sessionFields} }`,
  );
  const asked = await authorize(head, sessions);
  expect(asked.map(({ state, factors }) => [state, factors.toSorted()])).toEqual(
    Array(3).fill(["WAITING_USER", ["otp", "pin"]]),
  );
  expect(await codeOf(authorize(head, sessions, { pin: "135790", otp: "000000" }))).toBe("BAD_PIN");
  const done = await authorize(head, sessions, { pin: "135790", otp: "246801" });
  expect(done.map(({ state }) => state)).toEqual(["STORED", "STORED", "STORED"]);
  for (const id of ids) expect((await documentNow(id)).status).toBe("SIGNED");
  const found = await asSuperuser(app, (database) =>
    database.query("select 1 from signing_session s where to_jsonb(s)::text ~ '135790|246801'"),
  );
  expect(found.rowCount).toBe(0);
});

test("a service that is out of order can be asked again; one that is not set up is named", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, phoneId);
  phoneFaults.brokenFor = 9;
  expect(await codeOf(authorize(head, [session]))).toBe("UNAVAILABLE");
  delete phoneFaults.brokenFor;
  await authorize(head, [session]);
  expect(await ended(session.id)).toBe("STORED");
  const unknown = await prepare(head, await forSignature(), unknownId);
  expect(await codeOf(authorize(head, [unknown]))).toBe("SIGNING_REFUSED");
});

test("what waits at a service can be given up", async () => {
  phoneFaults.person = { approvesAfter: 99 };
  const session = await prepare(head, await forSignature(), phoneId);
  await authorize(head, [session]);
  expect((await cancel(head, session.id)).state).toBe("REJECTED");
  phoneFaults.person = { approvesAfter: 0 };
  await app.settle();
  expect((await sessionNow(head, session.id))!.state).toBe("REJECTED");
});

test.skipIf(!hasTokens)(
  "a device of this server signs with its PIN (skipped without softhsm2 and pkcs11-tool)",
  async () => {
    const deviceId = await enterKey(app, head, device, "PKCS11", { service: "device" });
    const id = await forSignature();
    const session = await prepare(head, id, deviceId);
    expect(session.factors).toEqual(["pin"]);
    expect(await codeOf(authorize(head, [session], { pin: "000000" }))).toBe("BAD_PIN");
    expect((await authorize(head, [session], { pin: "112233" }))[0]!.state).toBe("STORED");
    const other = await forSignature();
    const input = { outgoingDocumentId: other, credentialId: deviceId, pin: "112233" };
    const done = await head.client.act("signOutgoingDocument", input, "{ outgoingDocument { status } }");
    expect(done.outgoingDocument.status).toBe("SIGNED");
  },
);
