import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Changes } from "../../src/changes.ts";
import { codeOf } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

/** Longer than a viewer is kept in memory. */
const forgotten = 2_300;
const letter = { senderName: "Bộ Nội vụ", referenceCode: "12/BNV", typeName: "Công văn", subject: "Cải cách" };

let app: TestApp;
let root: pg.Client;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  app = stack.use(await startApp());
  root = new pg.Client(app.database.superConnection);
  await root.connect();
  stack.defer(() => root.end());
});
afterAll(() => stack.disposeAsync());

async function program(of: Client, ...scopes: string[]): Promise<Client> {
  const made = await of.act("createApiToken", { name: "chương trình", scopes }, "{ token }");
  const client = new Client(app.url);
  client.token = made.token;
  return client;
}

const whoami = (client: Client) => codeOf(client.call("{ viewer { person { id } } documentRegisters { id } }"));

test("a locked account ends the sessions and tokens that it opened", async () => {
  const browser = await app.signIn("giamdoc.stp");
  const token = await program(browser, "READ");
  expect([await whoami(browser), await whoami(token)]).toEqual(["done", "done"]);
  await root.query("update account set disabled_at = now() where username = 'giamdoc.stp'");
  await sleep(forgotten);
  expect([await whoami(browser), await whoami(token)]).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
  await root.query("update account set disabled_at = null where username = 'giamdoc.stp'");
  await sleep(forgotten);
  expect(await whoami(token)).toBe("done");
});

test("a token without the scope to read downloads nothing", async () => {
  const clerk = await app.signIn("vanthu.snv");
  await clerk.act("registerIncomingDocument", letter, "{ incomingDocument { id } }");
  const file = `/files/${await clerk.upload(Buffer.from("nội dung"), "ghi-chu.txt")}`;
  const { documentRegisters } = await clerk.call("{ documentRegisters { id } }");
  const book = `/registers/${documentRegisters[0].id}.pdf`;
  for (const [scope, code] of [
    ["INTROSPECT", "HTTP_403"],
    ["READ", "done"],
    ["WRITE", "done"],
  ] as const) {
    const client = await program(clerk, scope);
    const outcomes = [await codeOf(client.download(file)), await codeOf(client.download(book))];
    expect([scope, ...outcomes]).toEqual([scope, code, code]);
  }
});

/** The events of a subscription as text, while `work` is done and for a moment longer. */
async function eventsDuring(client: Client, work: () => Promise<unknown>): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${app.url}/graphql`, {
    method: "POST",
    signal: stop.signal,
    headers: { ...client.headers(), "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription { changes { act } }" }),
  });
  let heard = "";
  const reading = (async () => {
    for await (const chunk of response.body!) heard += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  await sleep(300);
  await work();
  await sleep(500);
  stop.abort();
  await reading;
  return heard;
}

test("who may no longer read documents hears no more of them, on a stream that was open before", async () => {
  const clerk = await app.signIn("vanthu.stc");
  const deputy = await app.signIn("phogiamdoc.stc");
  const register = () => clerk.act("registerIncomingDocument", letter, "{ incomingDocument { id } }");
  expect(await eventsDuring(deputy, register)).toContain("incoming.register");
  const heard = await eventsDuring(deputy, async () => {
    await root.query(
      "update position set permissions = array_remove(permissions, 'incoming:read') where rank = 'DEPUTY'",
    );
    await sleep(forgotten);
    await register();
  });
  expect(heard).not.toContain("incoming.register");
});

test("listeners survive a database that was away when they came, and noise on their channel", async () => {
  const { pool, log } = app.services;
  const { host, port: right, user, password, database } = new pg.Client(app.database.appUrl);
  let port = 1;
  // Read at each attempt: at the first nobody is at home.
  const place = {
    host,
    user,
    database,
    ...(password && { password }),
    get port() {
      return port;
    },
  };
  await using changes = new Changes(pool, place, log);
  const events = changes.subscribe("an-agency");
  const first = events.next();
  await sleep(200);
  port = right;
  await sleep(1_000);
  await root.query(`select pg_notify('congvan_changes', 'no json'), pg_notify('congvan_changes', '[null, 1, {}]')`);
  const notice = { agencyId: "an-agency", objectType: "File", objectId: "x", act: "test", at: "now" };
  changes.publish([notice]);
  expect(await Promise.race([first, sleep(3_000, "nothing heard")])).toEqual({ done: false, value: notice });
});
