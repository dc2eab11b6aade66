import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Account, spawnIdentity } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { BARE_ENVIRONMENT } from "./cluster.ts";
import { type Places, makeSocketDirectory } from "./places.ts";

/** A server that this process has begun to start. */
export interface Launch {
  readonly pid: number | undefined;
  /** How it ended, with the end of its log; undefined while it runs. */
  ended(): Promise<string | undefined>;
}

const START_LOG_LIMIT = 1_000_000;
const COMPLAINT_LIMIT = 2000;

/** Starts a server on the cluster. If another one has it already, PostgreSQL's own lock makes this one end at once. */
export async function launch(
  places: Places,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
): Promise<Launch> {
  const socketDirectory = await makeSocketDirectory(places.data, places.account);
  const ours = { ...settings, listen_addresses: "", port: "5432", unix_socket_directories: socketDirectory };
  const options = Object.entries(ours).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await openStartLog(places.startLog, places.account);
  try {
    const { size } = await log.stat();
    // A process group of its own: Ctrl-C reaches the application alone, which stops the server when it has finished.
    const child = spawn(join(binaries.directory, "postgres"), ["-D", places.data, ...options], {
      ...spawnIdentity(places.account),
      cwd: "/",
      detached: true,
      env: BARE_ENVIRONMENT,
      stdio: ["ignore", log.fd, log.fd],
    });
    let end: string | undefined;
    child.on("exit", (code, signal) => (end = `it ended with ${code ?? signal}`));
    child.on("error", (error) => (end = String(error)));
    child.unref();
    return {
      pid: child.pid,
      ended: async () => end && ((await complaintSince(places.startLog, size)) || end),
    };
  } finally {
    await log.close();
  }
}

/** Only what the server says before its own log begins comes here: little, but for years. */
async function openStartLog(path: string, account: Account): Promise<FileHandle> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > START_LOG_LIMIT) await rename(path, `${path}.1`).catch(() => undefined);
  // When root starts the server of an ordinary user, that user owns the directory: follow no link that he put there.
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const log = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  const { uid, nlink } = await log.stat();
  if (account.switched && uid === 0 && nlink === 1) await log.chown(account.uid, account.gid);
  return log;
}

async function complaintSince(path: string, offset: number): Promise<string> {
  const log = await open(path, "r").catch(() => undefined);
  if (!log) return "";
  try {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(
      Buffer.alloc(COMPLAINT_LIMIT),
      0,
      COMPLAINT_LIMIT,
      Math.max(offset, size - COMPLAINT_LIMIT),
    );
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await log.close();
  }
}
