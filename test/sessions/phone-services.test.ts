import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import { codeOf, type Colleague, colleague, draft, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { heldKey } from "../support/signing-services/key-holder.ts";
import { misaAccount, startMisaServer } from "../support/signing-services/misa-server.ts";
import type { Faults, ServiceServer } from "../support/signing-services/service-server.ts";
import { startViettelGateway, startViettelServer, viettelAccount } from "../support/signing-services/viettel-server.ts";
import { asSuperuser, authorize, cancel, enterKey, prepare, sessionFields, sessionNow } from "./keys.ts";

let app: TestApp;
let officer: Colleague, head: Colleague;
const stack = new AsyncDisposableStack();
const held = heldKey("rsa-2048");
const faults: Faults = {};
const servers: Record<string, ServiceServer> = {};
const keys: Record<string, string> = {};
let byMessage: Awaited<ReturnType<typeof startMisaServer>>;
let byApp: Awaited<ReturnType<typeof startMisaServer>>;
let services: string;

beforeAll(async () => {
  byMessage = stack.use(await startMisaServer({ held, faults, secondFactor: "message" }));
  byApp = stack.use(await startMisaServer({ held, faults, secondFactor: "app" }));
  Object.assign(servers, {
    plain: stack.use(await startMisaServer({ held, faults })),
    typed: stack.use(await startMisaServer({ held, faults })),
    gateway: stack.use(await startViettelGateway({ held, faults })),
    csc: stack.use(await startViettelServer({ keys: [held], faults, approvalDelay: 300 })),
    slow: stack.use(await startViettelServer({ keys: [held], approvalDelay: 10_000 })),
  });
  const { clientId, clientKey, userName, password } = misaAccount;
  const { clientSecret, clientId: viettelId } = viettelAccount;
  const directory = await mkdtemp(join(tmpdir(), "congvan-services-"));
  stack.defer(() => rm(directory, { recursive: true }));
  services = join(directory, "services.json");
  const misa = { provider: "MISA", clientId, clientKey };
  const viettel = { provider: "VIETTEL", clientId: viettelId, clientSecret };
  await writeFile(
    services,
    JSON.stringify({
      plain: { ...misa, baseUrl: servers["plain"]!.url, userName, password },
      typed: { ...misa, baseUrl: servers["typed"]!.url },
      message: { ...misa, baseUrl: byMessage.url, userName, password },
      app: { ...misa, baseUrl: byApp.url, secondFactor: "app" },
      gateway: { ...viettel, baseUrl: servers["gateway"]!.url },
      csc: { ...viettel, baseUrl: servers["csc"]!.url, interface: "csc" },
      slow: { ...viettel, baseUrl: servers["slow"]!.url, interface: "csc" },
    }),
  );
  app = stack.use(await startApp({ env: { SIGNING_SERVICES: services } }));
  [officer, head] = [await colleague(app, "chuyenvien.sxd"), await colleague(app, "giamdoc.sxd")];
  for (const [service, provider, userId] of [
    ["plain", "MISA", ""],
    ["typed", "MISA", userName],
    ["message", "MISA", ""],
    ["app", "MISA", userName],
    ["gateway", "VIETTEL", viettelAccount.userId],
    ["csc", "VIETTEL", viettelAccount.userId],
    ["slow", "VIETTEL", viettelAccount.userId],
  ] as const)
    keys[service] = await enterKey(app, head, held, provider, { service, ...(userId && { userId }) });
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
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

/** Lets the worker ask until the session has come to an end, or is of no interest to it. */
async function ended(sessionId: string, rounds = 20): Promise<string> {
  for (let round = 0; round < rounds; round++) {
    const { state } = (await sessionNow(head, sessionId))!;
    if (state !== "WAITING_USER") return state;
    await asSuperuser(app, (database) =>
      database.query("update signing_session set next_poll_at = now() where next_poll_at is not null"),
    );
    await app.settle();
  }
  return "WAITING_USER";
}

async function prepareBatch(service: string, count: number) {
  const ids: string[] = [];
  for (let left = count; left > 0; left--) ids.push(await forSignature());
  const input = {
    credentialId: keys[service],
    items: ids.map((outgoingDocumentId) => ({ outgoingDocumentId })),
  };
  const { sessions } = await head.client.act("prepareSignatures", input, `{ sessions ${sessionFields} }`);
  return { ids, sessions };
}

describe.each(["plain", "gateway"])("approved on the phone: %s", (service) => {
  test("a batch is signed under one approval, each on its own document", async () => {
    faults.person = { approvesAfter: 2 };
    const { ids, sessions } = await prepareBatch(service, 3);
    expect(sessions.map(({ factors }: { factors: string[] }) => factors)).toEqual([[], [], []]);
    const states = (await authorize(head, sessions)).map(({ state }) => state);
    expect(states).toEqual(Array(3).fill("WAITING_USER"));
    for (const [index, id] of ids.entries()) {
      expect(await ended(sessions[index].id)).toBe("STORED");
      const { status, file } = await documentNow(id);
      expect(status).toBe("SIGNED");
      const [signature] = verifyPdf(await head.client.download(file.url), { anchors: [] }).signatures;
      expect(signature).toMatchObject({ field: "Leader", integrity: "PASS" });
    }
    expect(servers[service]!.asked.filter(({ path }) => /hash$/i.test(path))).toHaveLength(1);
  });

  test.each([
    ["rejects", "REJECTED"],
    ["expires", "EXPIRED"],
  ] as const)("a person who %s leaves the document as it was", async (person, state) => {
    faults.person = person;
    const id = await forSignature();
    const session = await prepare(head, id, keys[service]!);
    await authorize(head, [session]);
    expect(await ended(session.id)).toBe(state);
    expect((await sessionNow(head, session.id))!.error?.vi).toMatch(/\p{Lu}/u);
    expect((await documentNow(id)).revisions.at(-1).kind).toBe("FOR_SIGNATURE");
  });

  test.each(["wrongHash", "wrongKey"] as const)("a service that signs amiss (%s) is found out", async (fault) => {
    faults[fault] = true;
    const id = await forSignature();
    const session = await prepare(head, id, keys[service]!);
    await authorize(head, [session]);
    expect(await ended(session.id)).toBe("FAILED");
    expect((await documentNow(id)).status).toBe("AWAITING_SIGNATURE");
  });

  test("signatures that come in another order go into no document", async () => {
    faults.swapped = true;
    const { ids, sessions } = await prepareBatch(service, 2);
    await authorize(head, sessions);
    // MISA names the document of each signature: there the order says nothing, and both are found to be exchanged.
    for (const each of sessions) expect(await ended(each.id)).toBe("FAILED");
    for (const id of ids) expect((await documentNow(id)).status).toBe("AWAITING_SIGNATURE");
  });
});

test("a fault of ours with one signature of a batch keeps none of the others back, and the worker mends it", async () => {
  const { ids, sessions } = await prepareBatch("gateway", 3);
  await authorize(head, sessions);
  const { store } = app.services;
  const put = store.put.bind(store);
  let isBroken = true;
  Object.assign(store, {
    put: (...given: Parameters<typeof put>) => {
      if (!isBroken) return put(...given);
      isBroken = false;
      return Promise.reject(new Error("the disk is full"));
    },
  });
  try {
    await ended(sessions[0].id, 1);
  } finally {
    Object.assign(store, { put });
  }
  const states = async () =>
    Promise.all(sessions.map(async ({ id }: { id: string }) => (await sessionNow(head, id))!.state));
  expect(await states()).toEqual(["SIGNED_RAW", "STORED", "STORED"]);
  try {
    app.setClock(new Date(Date.now() + 2 * 60_000));
    await app.settle();
  } finally {
    app.setClock(null);
  }
  expect(await states()).toEqual(["STORED", "STORED", "STORED"]);
  expect((await documentNow(ids[0]!)).status).toBe("SIGNED");
});

test("Viettel's CSC interface signs a batch once the person has approved, and nothing where the person declines", async () => {
  const { sessions } = await prepareBatch("csc", 2);
  expect((await authorize(head, sessions)).map(({ state }) => state)).toEqual(["STORED", "STORED"]);
  faults.person = "rejects";
  const session = await prepare(head, await forSignature(), keys["csc"]!);
  expect((await authorize(head, [session]))[0]!.state).toBe("REJECTED");
});

test.each(["plain", "gateway"])("a quota that is used up and an outage are told (%s)", async (service) => {
  const session = await prepare(head, await forSignature(), keys[service]!);
  faults.brokenFor = 9;
  expect(await codeOf(authorize(head, [session]))).toBe("UNAVAILABLE");
  delete faults.brokenFor;
  faults.quota = true;
  expect((await authorize(head, [session]))[0]).toMatchObject({ state: "FAILED", error: { code: "SIGNING_REFUSED" } });
});

test("while the person is asked, the same request is not sent to the phone again", async () => {
  faults.person = { approvesAfter: 99 };
  const session = await prepare(head, await forSignature(), keys["gateway"]!);
  const before = servers["gateway"]!.asked.length;
  const [first, second] = await Promise.all([authorize(head, [session]), authorize(head, [session])]);
  expect([first[0]!.state, second[0]!.state]).toEqual(["WAITING_USER", "WAITING_USER"]);
  const asked = servers["gateway"]!.asked.slice(before).filter(({ path }) => path.endsWith("/signHash"));
  expect(asked).toHaveLength(1);
  expect((await cancel(head, session.id)).state).toBe("REJECTED");
});

test("a service that waits for the phone within its answer holds up no request, and is asked once", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, keys["slow"]!);
  const both = await Promise.all([authorize(head, [session]), authorize(head, [session])]);
  expect(both.flat().map(({ state, factors }) => [state, factors])).toEqual(Array(2).fill(["WAITING_USER", []]));
  const goesOn = async () => ["WAITING_USER", "SIGNED_RAW"].includes((await sessionNow(head, session.id))!.state);
  for (let left = 100; left > 0 && (await goesOn()); left--) await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await sessionNow(head, session.id))!.state).toBe("STORED");
  expect((await documentNow(id)).status).toBe("SIGNED");
  const asked = servers["slow"]!.asked.filter(({ path }) => path.endsWith("/authorize"));
  expect(asked).toHaveLength(1);
}, 20_000);

test("a code that comes by message is asked for once, typed in wrongly, then rightly; the log-in then serves others", async () => {
  faults.person = { approvesAfter: 1 };
  const { ids, sessions } = await prepareBatch("message", 2);
  expect(sessions[0].factors).toEqual([]);
  const asked = await authorize(head, sessions);
  expect(asked.map(({ state, factors }) => [state, factors])).toEqual(Array(2).fill(["WAITING_USER", ["otp"]]));
  expect(byMessage.messages).toHaveLength(1);
  // The worker has nothing to ask for, and sends nobody a code.
  await app.settle();
  expect(byMessage.messages).toHaveLength(1);
  expect(await codeOf(authorize(head, sessions, { otp: "000000" }))).toBe("BAD_PIN");
  const waiting = await authorize(head, sessions, { otp: byMessage.messages[0] });
  expect(waiting.map(({ state, factors }) => [state, factors])).toEqual(Array(2).fill(["WAITING_USER", []]));
  for (const [index, id] of ids.entries()) {
    expect(await ended(sessions[index].id)).toBe("STORED");
    expect((await documentNow(id)).status).toBe("SIGNED");
  }
  delete faults.person;
  const next = await prepare(head, await forSignature(), keys["message"]!);
  await authorize(head, [next]);
  expect(await ended(next.id)).toBe("STORED");
  expect(byMessage.messages).toHaveLength(1);
  const { rowCount } = await asSuperuser(app, (database) =>
    database.query("select 1 from signing_session s where to_jsonb(s)::text ~ '556001'"),
  );
  expect(rowCount).toBe(0);
});

test("a log-in that is lost while the person is asked is renewed by a new code, and the same order goes on", async () => {
  faults.person = { approvesAfter: 99 };
  const id = await forSignature();
  const session = await prepare(head, id, keys["message"]!);
  await authorize(head, [session]);
  byMessage.endLogins();
  const [messages, orders] = [byMessage.messages.length, ordersAt(byMessage)];
  expect(await ended(session.id, 3)).toBe("WAITING_USER");
  expect(byMessage.messages).toHaveLength(messages);
  const [asked] = await authorize(head, [session]);
  expect(asked).toMatchObject({ state: "WAITING_USER", factors: ["otp"] });
  faults.person = { approvesAfter: 0 };
  expect((await authorize(head, [session], { otp: byMessage.messages.at(-1) }))[0]!.state).toBe("STORED");
  expect(ordersAt(byMessage)).toBe(orders);
  expect((await documentNow(id)).status).toBe("SIGNED");
});
const ordersAt = ({ asked }: ServiceServer) => asked.filter(({ path }) => path.endsWith("/Signing/hash")).length;

test("password and the app's code are typed in together; nothing of them is kept", async () => {
  const { password, code } = misaAccount;
  const session = await prepare(head, await forSignature(), keys["app"]!);
  expect(session.factors).toEqual(["password", "otp"]);
  expect((await authorize(head, [session]))[0]).toMatchObject({ state: "WAITING_USER", factors: ["password", "otp"] });
  expect(byApp.asked).toHaveLength(0);
  expect(await codeOf(authorize(head, [session], { password: "sai", otp: code }))).toBe("BAD_PIN");
  expect(await codeOf(authorize(head, [session], { password, otp: "000000" }))).toBe("BAD_PIN");
  await authorize(head, [session], { password, otp: code });
  expect(await ended(session.id)).toBe("STORED");
  const found = await asSuperuser(app, (database) =>
    database.query("select 1 from signing_session s where to_jsonb(s)::text ~ $1", [`${password}|${code}`]),
  );
  expect(found.rowCount).toBe(0);
});

test("a password that the settings do not have is typed in; five wrong ones are enough", async () => {
  const session = await prepare(head, await forSignature(), keys["typed"]!);
  expect(session.factors).toEqual(["password"]);
  for (let left = 4; left > 0; left--)
    expect(await codeOf(authorize(head, [session], { password: `sai ${left}` }))).toBe("BAD_PIN");
  await authorize(head, [session], { password: misaAccount.password });
  expect(await ended(session.id)).toBe("STORED");
});
