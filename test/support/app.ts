import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { pino } from "pino";
import { buildApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { demoPassword } from "../../src/demo/province.ts";
import { serve } from "../../src/http/serve.ts";
import type { Services } from "../../src/services.ts";
import { migrate } from "../../src/orm.ts";
import { openServices } from "../../src/start.ts";
import { startWorker } from "../../src/worker.ts";
import { Client } from "./client.ts";
import { runDirectory, templateDatabase, type TestDatabase, testDatabase } from "./postgres.ts";

export interface TestApp extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly dataDirectory: string;
  /** Nobody's client. */
  readonly anonymous: Client;
  signIn(username: string): Promise<Client>;
  /** Runs the worker until nothing is left to be sent or fetched. */
  settle(): Promise<void>;
  /** Moves the server's clock; it stands still otherwise only if it was set. */
  setClock(now: Date | null): void;
}

export interface AppOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly overrides?: Partial<Services>;
  /** False: nothing is sent or fetched but by `settle`. */
  readonly worker?: boolean;
  /** A copy of the program, with faults planted in it, to be run in its stead. */
  readonly sources?: string;
}

/** What of the program a server is put together from. */
async function programOf(sources: string | undefined) {
  if (sources === undefined) return { openServices, buildApp, readConfig, startWorker };
  const load = <T>(name: string) => import(pathToFileURL(join(sources, "src", name)).href) as Promise<T>;
  return {
    ...(await load<typeof import("../../src/start.ts")>("start.ts")),
    ...(await load<typeof import("../../src/app.ts")>("app.ts")),
    ...(await load<typeof import("../../src/config.ts")>("config.ts")),
    ...(await load<typeof import("../../src/worker.ts")>("worker.ts")),
  };
}

/** The environment of a server on a test database. */
export function settings(
  database: TestDatabase,
  dataDirectory: string,
  more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  return {
    CONGVAN_DEMO: "1",
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_HUB_URL: database.hubUrl,
    CONGVAN_DATA: dataDirectory,
    LOG_LEVEL: "silent",
    PORT: "0",
    ...more,
  };
}

const quiet = pino({ level: "silent" });

/** The demo province, filled once for the whole run: a database to copy and the directory with its keys. */
export async function demoTemplate(): Promise<{ name: string; dataDirectory: string }> {
  const dataDirectory = join(runDirectory(), "demo-template");
  const name = await templateDatabase("congvan_demo", async (_, ownerUrl) => {
    const as = (role: string) => ownerUrl.replace("congvan_owner", role);
    const env = {
      CONGVAN_DEMO: "1",
      DATABASE_URL: as("congvan_app"),
      DATABASE_OWNER_URL: ownerUrl,
      DATABASE_HUB_URL: as("congvan_hub"),
      CONGVAN_DATA: dataDirectory,
      LOG_LEVEL: "silent",
    };
    const opened = await openServices(readConfig(env), undefined, { log: quiet });
    await opened[Symbol.asyncDispose]();
  });
  return { name, dataDirectory };
}

/** An up-to-date database with nothing in it. */
export async function migratedDatabase(): Promise<TestDatabase> {
  return testDatabase(await templateDatabase("congvan_empty", async (_, ownerUrl) => void (await migrate(ownerUrl))));
}

/** Lets sessions outlast the night, for tests that move the clock by days. */
async function forgetNights({ superUrl }: TestDatabase): Promise<void> {
  const admin = new pg.Client({ connectionString: superUrl });
  await admin.connect();
  try {
    await admin.query("update session set expires_at = '2099-01-01'");
  } finally {
    await admin.end();
  }
}

/** The whole server with the demo province on a database and a port of its own. */
export async function startApp({
  env = {},
  overrides = {},
  worker = false,
  sources,
}: AppOptions = {}): Promise<TestApp> {
  const program = await programOf(sources);
  await using opened = new AsyncDisposableStack();
  const template = await demoTemplate();
  const database = opened.use(await testDatabase(template.name));
  const dataDirectory = await mkdtemp(join(tmpdir(), "congvan-app-"));
  opened.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  await cp(template.dataDirectory, dataDirectory, { recursive: true });

  let clock: Date | null = null;
  const config = program.readConfig(settings(database, dataDirectory, env));
  const { services } = opened.use(
    await program.openServices(config, undefined, { log: quiet, now: () => clock ?? new Date(), ...overrides }),
  );
  const loops = worker ? opened.use(program.startWorker(services)) : null;
  const runner = loops ?? program.startWorker(services, { runs: false });
  if (loops) services.wake = loops.wake;
  const server = opened.use(await serve(program.buildApp(services), { host: "127.0.0.1", port: 0 }));
  const stack = opened.move();
  return {
    url: server.url,
    services,
    database,
    dataDirectory,
    anonymous: new Client(server.url),
    async signIn(username) {
      const client = new Client(server.url);
      await client.signIn(username, demoPassword);
      await forgetNights(database);
      return client;
    },
    settle: () => runner.settle(),
    setClock: (now) => (clock = now),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
