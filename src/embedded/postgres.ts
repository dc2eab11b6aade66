import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { type SocketConnection, connectionUrl, socketConnection } from "./connection.ts";
import { type Keeper, letGo, takeHold } from "./keeper.ts";
import { findPlaces } from "./places.ts";

/** A PostgreSQL server of the project's own, shared by all its processes, reached only through a Unix socket. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  /** What opening it took: a new cluster, a start of the server, or neither. */
  readonly outcome: "created" | "started" | "attached";
  connection(user: string, database: string): SocketConnection;
  /** The same as a connection URL for `pg` and for psql. */
  url(user: string, database: string): string;
  /** Lets go; the last process to do so stops the server and waits until it is down. */
  release(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds `data` and `start.log`; made when missing. */
  readonly directory: string;
  /** Is told, in words for the operator, what is being done and where, when it is not the usual. */
  readonly onProgress?: (step: string) => void;
  /** PostgreSQL settings for a server that this call starts. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether to start the server again when it dies while in use; true unless said otherwise. */
  readonly revive?: boolean;
}

/**
 * Opens the project's own PostgreSQL: creates the cluster the first time, starts the server when it is down, attaches
 * to it when another process has it up, even one that was killed since. Any number of processes may do so at once.
 * @throws EmbeddedPostgresError
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, revive = true, onProgress = () => undefined } = options;
  const places = await findPlaces(resolve(options.directory), onProgress);
  const binaries = await findBinaries(places.account, places.copies, onProgress);
  const created = await ensureCluster(places, binaries, { durable: settings["fsync"] !== "off", onProgress });

  const enter = () => takeHold(places, binaries, settings, onProgress);
  const leaving = new AbortController();
  let keeper: Keeper | undefined;
  let reviving: Promise<void> | undefined;
  let revivals = 0;
  const keep = (held: Keeper) => {
    keeper = held;
    const since = Date.now();
    held.client.once("end", () => {
      if (leaving.signal.aborted) return;
      keeper = undefined;
      if (Date.now() - since > STABLE) revivals = 0;
      if (revive) reviving = reenter();
    });
  };
  const reenter = async () => {
    onProgress("the connection to PostgreSQL was lost");
    while (revivals < REVIVALS) {
      await sleep(1000 * revivals++, undefined, { signal: leaving.signal }).catch(() => undefined);
      if (leaving.signal.aborted) return;
      try {
        return keep(await enter());
      } catch (error) {
        onProgress(String(error));
      }
    }
    onProgress("PostgreSQL keeps dying and is not started again");
  };
  let released: Promise<void> | undefined;
  const release = async () => {
    leaving.abort();
    await reviving;
    await letGo(keeper, places, onProgress);
  };

  const first = await enter();
  keep(first);
  const { socketDirectory } = first;
  const connection = (user: string, database: string) => socketConnection(socketDirectory, user, database);
  return {
    socketDirectory,
    dataDirectory: places.data,
    outcome: created ? "created" : first.started ? "started" : "attached",
    connection,
    url: (user, database) => connectionUrl(connection(user, database)),
    release: () => (released ??= release()),
    [Symbol.asyncDispose]: () => (released ??= release()),
  };
}

// With growing pauses, together some minutes: a server that dies soon after each start needs a person.
const REVIVALS = 20;
const STABLE = 60_000;
