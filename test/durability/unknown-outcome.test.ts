import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionUrl } from "../../src/embedded/connection.ts";
import { settings, startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { answerJudge, commitJudge, startDroppingProxy } from "./dropping-proxy.ts";
import { brokenPromises, uuidOf } from "./promises.ts";
import { inParallel, type Patience, register } from "./registrar.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

// Requirement N4: the connection breaks while the outcome is on its way, and the client asks again with the same key.
const acts = Number(process.env["CONGVAN_TEST_ACTS"] ?? 0) || 300;
let app: TestApp;
let server: ServerProcess;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  app = stack.use(await startApp());
  server = stack.use(await startServer(settings(app.database, app.dataDirectory)));
});
afterAll(() => stack.disposeAsync());

async function registerThrough(url: string, username: string, patience: Patience = {}) {
  const { cookie } = await app.signIn(username);
  const client = Object.assign(new Client(url), { cookie });
  const { viewer } = await app
    .signIn(username)
    .then((each) => each.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }"));
  const told = await inParallel(acts, 16, (index) => register(client, `Đứt mạng ${index}`, patience));
  const broken = await brokenPromises(app.database.superConnection, uuidOf(viewer.agency.id), told);
  return { told, broken, repeated: told.filter(({ failures }) => failures.length > 0).length };
}

test("answers that are lost on the way to the client make nothing happen twice", async () => {
  const { hostname: host, port } = new URL(server.url);
  await using proxy = await startDroppingProxy({ host, port: 0 }, { host, port: Number(port) }, answerJudge(0.3));
  const { told, broken, repeated } = await registerThrough(`http://${host}:${proxy.port}`, "vanthu.snv");
  expect(broken).toEqual([]);
  expect(told.length).toBe(acts);
  expect(proxy.droppedAnswers).toBeGreaterThanOrEqual(50);
  expect(repeated).toBeGreaterThanOrEqual(50);
});

test("with a key of its own for each attempt the same losses are found as doubles", async () => {
  const { hostname: host, port } = new URL(server.url);
  await using proxy = await startDroppingProxy({ host, port: 0 }, { host, port: Number(port) }, answerJudge(0.3));
  const keyOf = () => crypto.randomUUID();
  const { broken } = await registerThrough(`http://${host}:${proxy.port}`, "vanthu.stc", { keyOf });
  expect(broken.filter((each) => each.startsWith("double")).length).toBeGreaterThanOrEqual(20);
});

test("a COMMIT whose reply is lost, or that never arrived, is done once when the client asks again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "congvan-proxy-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const { host, port } = app.database.appConnection;
  const name = `.s.PGSQL.${port}`;
  await using proxy = await startDroppingProxy(
    { path: join(directory, name) },
    { path: join(host, name) },
    commitJudge(0.3),
  );
  const behind = { DATABASE_URL: connectionUrl({ ...app.database.appConnection, host: directory }) };
  await using server = await startServer(settings(app.database, app.dataDirectory, behind));
  const { told, broken } = await registerThrough(server.url, "vanthu.sxd");
  expect(broken).toEqual([]);
  expect(told.length).toBe(acts);
  expect(proxy.droppedAnswers).toBeGreaterThanOrEqual(50);
  expect(proxy.droppedRequests).toBeGreaterThan(0);
});
