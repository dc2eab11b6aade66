import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client as Database } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoPassword } from "../../src/demo/province.ts";
import { settings } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { crashableCluster, type CrashableCluster } from "../support/postgres.ts";
import { brokenPromises, uuidOf } from "./promises.ts";
import { register, type Told } from "./registrar.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

// Fault F1: the server, or PostgreSQL with all its processes, is killed again and again while clerks register documents.
const acts = Number(process.env["CONGVAN_TEST_ACTS"] ?? 0) || 2_000;
const kills = Number(process.env["CONGVAN_TEST_KILLS"] ?? 0) || 12;
const clients = 16;
const stack = new AsyncDisposableStack();
let cluster: CrashableCluster;
let server: ServerProcess;

beforeAll(async () => {
  cluster = stack.use(await crashableCluster());
  const directory = await mkdtemp(join(tmpdir(), "congvan-crashes-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  server = stack.use(await startServer(settings(cluster.database, directory, { LOG_LEVEL: "error" })));
});
afterAll(() => stack.disposeAsync());

interface History {
  readonly told: Told[];
  readonly kills: { server: number; postgres: number; backend: number };
  /** From each kill to the next registration that was told, in milliseconds. */
  readonly outages: number[];
}

/** Clerks register until so many acts are told and so many kills survived. */
async function underFire(client: Client): Promise<History> {
  const history: History = { told: [], kills: { server: 0, postgres: 0, backend: 0 }, outages: [] };
  const killed = () => history.kills.server + history.kills.postgres + history.kills.backend;
  let next = 0;
  let isOver = false;
  const clerk = async () => {
    while (!isOver) history.told.push(await register(client, `Giữa lúc sập ${next++}`));
  };
  const victims = [
    async () => {
      history.kills.server++;
      await server.kill9();
      await server.restart();
    },
    async () => {
      history.kills.postgres++;
      await cluster.kill9();
      await cluster.restart();
    },
    // PostgreSQL then throws out everybody and recovers by itself.
    async () => {
      history.kills.backend++;
      await killBackend();
    },
  ];
  const nemesis = async () => {
    while (!isOver) {
      await sleep(200 + Math.random() * 600);
      const began = performance.now();
      const count = history.told.length;
      // Each in turn at first, so that none is left out; then at random.
      await victims[killed() < victims.length ? killed() : Math.floor(Math.random() * victims.length)]!();
      while (history.told.length < count + clients + 1) await sleep(20);
      history.outages.push(performance.now() - began);
      isOver = history.told.length >= acts && killed() >= kills;
    }
  };
  const clerks = Array.from({ length: clients }, clerk);
  // A clerk who fails ends the trial, whatever the nemesis waits for.
  try {
    await Promise.race([nemesis(), Promise.all(clerks)]);
    await Promise.all(clerks);
  } catch (error) {
    await sleep(500);
    throw new Error(`A clerk failed; the server said:\n${server.output}`, { cause: error });
  } finally {
    isOver = true;
  }
  return history;
}

async function killBackend(): Promise<void> {
  const database = new Database(cluster.database.superConnection);
  database.on("error", () => undefined);
  await database.connect();
  const { rows } = await database.query<{ pid: number }>(
    "select pid from pg_stat_activity where usename = 'congvan_app' and pid <> pg_backend_pid() order by random() limit 1",
  );
  if (rows[0]) process.kill(rows[0].pid, "SIGKILL");
  await database.end().catch(() => undefined);
}

test(
  `${acts} registrations through ${kills} kills: none lost, none twice, no gap, and the chain of acts is whole`,
  { timeout: 600_000 },
  async () => {
    const client = new Client(server.url);
    await client.signIn("vanthu.snv", demoPassword);
    const { viewer } = await client.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
    const history = await underFire(client);

    expect(await brokenPromises(cluster.database.superConnection, uuidOf(viewer.agency.id), history.told)).toEqual([]);
    expect(history.told.length).toBeGreaterThanOrEqual(acts);
    expect(Object.values(history.kills).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(kills);
    expect(Math.min(...Object.values(history.kills))).toBeGreaterThan(0);
    // Many clients did not hear what became of their request, and asked again.
    expect(history.told.filter(({ failures }) => failures.length > 0).length).toBeGreaterThan(kills);
    expect(Math.max(...history.outages)).toBeLessThan(10_000);
  },
);
