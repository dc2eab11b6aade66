import { link, open, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeProgram, isAlive } from "./liveness.ts";

/** What a running server says of itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
}

/** The server of the cluster in `data`, by its lock file; undefined when there is none or it is half written. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  return parsePostmaster(await readLockFile(lockFileIn(data)));
}

// PostgreSQL, src/include/utils/pidfile.h: line 1 process, 2 data, 3 start, 4 port, 5 socket directory.
function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const socketDirectory = lines[4] ?? "";
  return Number.isSafeInteger(pid) && pid > 0 && socketDirectory.startsWith("/") ? { pid, socketDirectory } : undefined;
}

/**
 * Who holds the cluster, by its lock file: nobody (`free`), a living server (`server`), or a process that we may not
 * look at (`unknown`; PostgreSQL decides when it starts).
 *
 * A lock whose process id now belongs to another program is taken away: PostgreSQL would only see that a process of
 * the same user has this id, and refuse to start. Common in containers, where the same small ids come back. Its
 * shared memory key still guards a server that we should have misjudged.
 */
export async function judgeLock(data: string): Promise<"free" | "server" | "unknown"> {
  const judged = await readLockFile(lockFileIn(data));
  const pid = Number(judged.split("\n", 1)[0]);
  if (judged === "" || !isAlive(pid)) return "free";
  const program = await describeProgram(pid);
  if (program === undefined) return "unknown";
  if (program !== "dead") {
    // A postmaster works inside its data directory.
    if (program.workingDirectory === (await realpath(data))) return "server";
    if (program.name === "postgres") return "unknown";
  }
  await takeAway(lockFileIn(data), judged);
  return "free";
}

/** Removes the lock file if it still has the text that was judged. */
async function takeAway(lockFile: string, judged: string): Promise<void> {
  const aside = `${lockFile}.stale-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await rename(lockFile, aside);
  } catch {
    return;
  }
  // Between reading and renaming another process may have started a server: then this is its lock, put it back.
  if ((await readLockFile(aside)) !== judged) await link(aside, lockFile).catch(() => undefined);
  await rm(aside, { force: true });
}

function lockFileIn(data: string): string {
  return join(data, "postmaster.pid");
}

async function readLockFile(path: string): Promise<string> {
  const handle = await open(path, "r").catch(() => undefined);
  if (!handle) return "";
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Asks the server to roll back what is open, write everything and end. */
export async function requestFastShutdown(postmaster: Postmaster, data: string): Promise<void> {
  // The lock file is the service account's to write: root must not signal whatever process it names.
  const holder = await judgeLock(data);
  if (holder === "free" || (holder === "unknown" && process.platform === "linux")) return;
  process.kill(postmaster.pid, "SIGINT");
}

/** Whether the server no longer holds the cluster; it takes its lock file away as its very last act. */
export async function hasGone(postmaster: Postmaster, data: string): Promise<boolean> {
  const current = await readPostmaster(data);
  return current?.pid !== postmaster.pid || (await judgeLock(data)) === "free";
}
