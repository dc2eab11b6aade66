import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, escapeIdentifier } from "pg";
import { serviceAccount } from "../../src/embedded/account.ts";
import { type SocketConnection, connectionUrl, socketConnection } from "../../src/embedded/connection.ts";
import { isAlive } from "../../src/embedded/liveness.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { makeSocketDirectory } from "../../src/embedded/places.ts";
import { judgeLock, readPostmaster } from "../../src/embedded/postmaster.ts";
import { asSuperuser, createDatabase, ensureRolesAndDatabase } from "../../src/embedded/roles.ts";

/**
 * One PostgreSQL for the whole test run, a database of its own for each test file. The server forgets on a power cut
 * what it has just been told, for speed; with CONGVAN_TEST_FSYNC=on it is as careful as in production.
 */
const FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
const SMALL = { shared_buffers: "64MB", max_connections: "200", logging_collector: "off" };
const SOCKET = "CONGVAN_TEST_POSTGRES";
const HOME = "CONGVAN_TEST_HOME";

let server: EmbeddedPostgres | undefined;
let home = "";

/** Called by vitest before all tests; the workers, and processes that tests start, inherit the environment. */
export async function setup(): Promise<void> {
  await sweepKilledRuns();
  home = await temporaryHome();
  const settings = process.env["CONGVAN_TEST_FSYNC"] === "on" ? SMALL : { ...SMALL, ...FAST };
  server = await openEmbeddedPostgres({ directory: home, settings });
  await ensureRolesAndDatabase(server, { database: "congvan" });
  process.env[SOCKET] = server.socketDirectory;
  process.env[HOME] = home;
}

/** Called by vitest after all tests. */
export async function teardown(): Promise<void> {
  await server?.release();
  await removeHome(home);
}

/** A directory that is removed when the run ends; what all test files share lies here. */
export const runDirectory = (): string => process.env[HOME]!;

/** A database of one test file, as each role sees it. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  readonly ownerConnection: SocketConnection;
  readonly appConnection: SocketConnection;
  readonly hubConnection: SocketConnection;
  readonly superConnection: SocketConnection;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly hubUrl: string;
  readonly superUrl: string;
  /** Removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/** A new database, empty or as a copy of what `templateDatabase` has made. */
export async function testDatabase(template?: string): Promise<TestDatabase> {
  const name = `test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  await asSuperuser(testServer(), (client) => createDatabase(client, name, template));
  return describeDatabase(testServer(), name);
}

/**
 * The name of a template on which `migrate` has run as its owner: the first test file that asks builds it, the others
 * wait. `migrate` must close its connections. If it fails nothing remains and the next to ask tries again.
 */
export async function templateDatabase(
  name: string,
  migrate: (owner: SocketConnection, ownerUrl: string) => Promise<void>,
): Promise<string> {
  await asSuperuser(testServer(), async (client) => {
    await client.query("select pg_advisory_lock(hashtext($1))", [name]);
    if ((await client.query("select from pg_database where datname = $1", [name])).rowCount !== 0) return;
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${escapeIdentifier(draft)} with (force)`);
    await createDatabase(client, draft);
    const owner = testServer().connection("congvan_owner", draft);
    await migrate(owner, connectionUrl(owner));
    // Nobody may connect: CREATE DATABASE refuses a template that is in use.
    await client.query(`alter database ${escapeIdentifier(draft)} allow_connections false`);
    await client.query(`alter database ${escapeIdentifier(draft)} rename to ${escapeIdentifier(name)}`);
  });
  return name;
}

/** A server of its own that a test may kill; as careful with the disk as in production. */
export interface CrashableCluster extends AsyncDisposable {
  readonly postgres: EmbeddedPostgres;
  /** The database `congvan`, as each role sees it; the connections are the same after a restart. */
  readonly database: TestDatabase;
  /** Kills the server and all its processes at once, as a power cut would, and leaves it down. */
  kill9(): Promise<void>;
  /** Starts the server again; it recovers from what had reached the disk. */
  restart(): Promise<void>;
}

/** Starts a cluster for one test. */
export async function crashableCluster(): Promise<CrashableCluster> {
  const directory = await temporaryHome();
  const open = () => openEmbeddedPostgres({ directory, settings: SMALL, revive: false });
  let postgres = await open();
  await ensureRolesAndDatabase(postgres, { database: "congvan" });
  const database = describeDatabase(postgres, "congvan");
  return {
    get postgres() {
      return postgres;
    },
    database,
    kill9: () => killServer(postgres),
    async restart() {
      await postgres.release();
      postgres = await open();
    },
    async [Symbol.asyncDispose]() {
      await postgres.release();
      await removeHome(directory);
    },
  };
}

/** Kills the postmaster of a server and every process that it has. */
export async function killServer(postgres: Pick<EmbeddedPostgres, "connection">): Promise<void> {
  const client = new Client(postgres.connection("postgres", "postgres"));
  client.on("error", () => undefined);
  await client.connect();
  const read = "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid";
  const postmaster = (await client.query<{ pid: number }>(read)).rows[0]?.pid;
  if (postmaster === undefined) throw new Error("The server has no lock file.");
  // Stopped first, so that it can neither start a new process nor clean up after the dead ones.
  process.kill(postmaster, "SIGSTOP");
  try {
    const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity");
    for (const { pid } of rows) kill(pid);
  } finally {
    kill(postmaster);
    await client.end().catch(() => undefined);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A directory that the account of PostgreSQL can pass through, whoever runs the tests. */
export async function temporaryHome(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `congvan-test-${process.pid}-`));
  await chmod(directory, 0o755);
  return directory;
}

/** Stops the servers and removes the directories of test runs that were killed. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^congvan-test-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const data = join(tmpdir(), name, "data");
    const left = await readPostmaster(data);
    if (left && (await judgeLock(data)) === "server") process.kill(left.pid, "SIGQUIT");
    await removeHome(join(tmpdir(), name));
  }
}

/** Removes a cluster's directory and that of its socket. */
export async function removeHome(directory: string): Promise<void> {
  const data = join(await realpath(directory), "data");
  for (const path of [await makeSocketDirectory(data, await serviceAccount(data)), directory]) {
    await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function testServer(): Pick<EmbeddedPostgres, "connection"> {
  const socketDirectory = process.env[SOCKET];
  if (!socketDirectory) throw new Error("No test server: vitest's globalSetup must name test/support/postgres.ts.");
  return { connection: (user, database) => socketConnection(socketDirectory, user, database) };
}

function describeDatabase(postgres: Pick<EmbeddedPostgres, "connection">, name: string): TestDatabase {
  const [owner, app, hub, superuser] = ["congvan_owner", "congvan_app", "congvan_hub", "postgres"].map((role) =>
    postgres.connection(role, name),
  ) as [SocketConnection, SocketConnection, SocketConnection, SocketConnection];
  const drop = () =>
    asSuperuser(postgres, async (client) => {
      await client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`);
    });
  return {
    name,
    ownerConnection: owner,
    appConnection: app,
    hubConnection: hub,
    superConnection: superuser,
    ownerUrl: connectionUrl(owner),
    appUrl: connectionUrl(app),
    hubUrl: connectionUrl(hub),
    superUrl: connectionUrl(superuser),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}
