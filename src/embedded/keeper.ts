import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import type { Binaries } from "./binaries.ts";
import { socketConnection } from "./connection.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { type Launch, launch } from "./launch.ts";
import { type Places, isPrivate } from "./places.ts";
import { hasGone, judgeLock, readPostmaster, requestFastShutdown } from "./postmaster.ts";

/**
 * A process's hold on the server: a connection that has the shared advisory lock as long as the process uses the
 * server. Whoever gets the same lock exclusively knows that nobody else is there, and may stop the server.
 */
export interface Keeper {
  readonly client: Client;
  readonly socketDirectory: string;
  /** Whether this process started the server. */
  readonly started: boolean;
}

/** "congvan" in ASCII; advisory locks belong to a database, this one to `postgres`. */
const KEY = "27988542883389806";

const FAILED_STARTS = 6;
// Recovery after a crash may have much WAL to read; a server that says it is busy is waited for this long.
const START_LIMIT = 10 * 60_000;
// A living server that neither answers nor says that it is busy has lost its socket.
const SILENCE_LIMIT = 30_000;
const STOP_LIMIT = 2 * 60_000;

/** Attaches to the cluster's server, or starts it, whoever else is doing the same at the same time. */
export async function takeHold(
  places: Places,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  onProgress: (step: string) => void,
): Promise<Keeper> {
  const deadline = Date.now() + START_LIMIT;
  let silence = Date.now() + SILENCE_LIMIT;
  let launched: Launch | undefined;
  let failures = 0;
  while (Date.now() < Math.min(deadline, silence)) {
    const visit = await knock(places);
    if (typeof visit === "object") {
      const started = launched !== undefined && (await readPostmaster(places.data))?.pid === launched.pid;
      return { ...visit, started };
    }
    if (visit === "busy") silence = Date.now() + SILENCE_LIMIT;
    const end = await launched?.ended();
    if (end !== undefined) {
      launched = undefined;
      // Another process was faster, and we find its server; or, when nobody holds the cluster, PostgreSQL cannot start.
      if ((await judgeLock(places.data)) === "free") failures += 1;
      if (failures === FAILED_STARTS) {
        throw new EmbeddedPostgresError("START_FAILED", `PostgreSQL does not start: ${end}`);
      }
      // Processes of a killed server may need a moment to notice, and hold its shared memory until then.
      await sleep(50 * failures ** 2 + Math.random() * 100);
    } else if (visit === "absent" && !launched && (await judgeLock(places.data)) !== "server") {
      onProgress("starting PostgreSQL");
      launched = await launch(places, binaries, settings);
    }
    // A busy server logs each attempt.
    await sleep(visit === "busy" ? 100 : 15);
  }
  const pid = (await readPostmaster(places.data))?.pid;
  throw new EmbeddedPostgresError(
    "START_TIMEOUT",
    `PostgreSQL in ${places.data} does not answer${pid === undefined ? "" : `; it is process ${pid}`}.`,
  );
}

/** Tries the server once: a connection with the shared lock, or `absent`, or `busy` (starting up or shutting down). */
async function knock(places: Places): Promise<Omit<Keeper, "started"> | "absent" | "busy"> {
  const socketDirectory = (await readPostmaster(places.data))?.socketDirectory;
  if (!socketDirectory || !(await isPrivate(socketDirectory, places.account))) return "absent";
  const client = new Client({
    ...socketConnection(socketDirectory, "postgres", "postgres"),
    ssl: false,
    connectionTimeoutMillis: 10_000,
    application_name: "congvan keeper",
    options: "-c idle_session_timeout=0 -c statement_timeout=0 -c lock_timeout=10s",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    // Waits while a last process holds the lock to stop the server; the connection then ends and we start anew.
    await client.query("select pg_advisory_lock_shared($1)", [KEY]);
    return { client, socketDirectory };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (!(error instanceof DatabaseError) || GONE.has(error.code ?? "")) return "absent";
    if (BUSY.has(error.code ?? "")) return "busy";
    throw new EmbeddedPostgresError("START_FAILED", `PostgreSQL refuses us: ${error.message}`, { cause: error });
  }
}

// Shut down while we were connected: by an administrator or the last process, or after a crash.
const GONE = new Set(["57P01", "57P02"]);
// Starting up, shutting down or recovering; every connection taken; a last process about to stop the server.
const BUSY = new Set(["57P03", "53300", "55P03"]);

/** Lets go of the server; the last process to do so stops it and waits until it is down. */
export async function letGo(
  keeper: Keeper | undefined,
  places: Places,
  onProgress: (step: string) => void,
): Promise<void> {
  // A server that crashes meanwhile may come back by itself: then it is there to be let go of again.
  for (let attempt = 0; attempt < 3; attempt++) {
    const client = attempt === 0 && keeper ? keeper.client : await visitor(places);
    if (!client) return;
    try {
      if (await isLast(client)) await stop(places, onProgress);
      return;
    } catch (error) {
      if (!hasLostServer(error)) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Whether an error says that the server has gone or crashed under us. */
function hasLostServer(error: unknown): boolean {
  if (error instanceof EmbeddedPostgresError) return false;
  if (error instanceof DatabaseError) return GONE.has(error.code ?? "");
  return (error as NodeJS.ErrnoException).code !== "EPERM";
}

/** A connection for leaving; a server that recovers or stops just now is waited for. */
async function visitor(places: Places): Promise<Client | undefined> {
  for (const deadline = Date.now() + SILENCE_LIMIT; Date.now() < deadline; await sleep(100)) {
    const visit = await knock(places);
    if (typeof visit === "object") return visit.client;
    if (visit === "absent") return undefined;
  }
  return undefined;
}

/** Gives the shared lock back and tries to have it alone; of processes that leave together at least one succeeds. */
async function isLast(client: Client): Promise<boolean> {
  await client.query("select pg_advisory_unlock_shared($1)", [KEY]);
  const { rows } = await client.query<{ last: boolean }>("select pg_try_advisory_lock($1) as last", [KEY]);
  return rows[0]?.last === true;
}

async function stop(places: Places, onProgress: (step: string) => void): Promise<void> {
  const postmaster = await readPostmaster(places.data);
  if (!postmaster) return;
  onProgress("stopping PostgreSQL");
  // While the lock is still held: who comes now waits, is cut off and starts a server anew.
  await requestFastShutdown(postmaster, places.data);
  const deadline = Date.now() + STOP_LIMIT;
  while (!(await hasGone(postmaster, places.data))) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError("STOP_TIMEOUT", `PostgreSQL (process ${postmaster.pid}) is still stopping.`);
    }
    await sleep(10);
  }
}
