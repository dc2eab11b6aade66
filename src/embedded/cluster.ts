import { spawn } from "node:child_process";
import { chown, lchown, readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Account, spawnIdentity } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { buildDirectory, sweepDrafts } from "./draft.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import type { Places } from "./places.ts";

/** What every server of ours begins with; written to postgresql.conf once, the operator's to change afterwards. */
const INITIAL_SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: "128MB",
  max_connections: "100",
  fsync: "on",
  synchronous_commit: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  jit: "off",
  // Seven files, one a weekday, each begun anew after a week.
  logging_collector: "on",
  log_directory: "log",
  log_filename: "postgresql-%a.log",
  log_rotation_age: "1d",
  log_rotation_size: "0",
  log_truncate_on_rotation: "on",
  log_checkpoints: "off",
};

/** The environment of PostgreSQL's programs: nothing of ours, so no secret of the application gets there. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

/**
 * Makes sure that there is a cluster of the right major version in `places.data`; true if this call created it.
 * `durable: false` spares the final fsync, for throw-away clusters.
 */
export async function ensureCluster(
  places: Places,
  binaries: Binaries,
  options: { durable: boolean; onProgress: (step: string) => void },
): Promise<boolean> {
  if (await hasContent(places.data)) {
    await sweepDrafts(places.data);
    await checkVersion(places.data, binaries);
    await adopt(places.data, places.account);
    return false;
  }
  options.onProgress(`creating the database cluster in ${places.data}`);
  return buildDirectory(places.data, async (draft) => {
    if (places.account.switched) await lchown(draft, places.account.uid, places.account.gid);
    await initdb(draft, places.account, binaries, options.durable);
  });
}

/** An empty directory is no cluster yet: a new volume of a container, say. */
async function hasContent(data: string): Promise<boolean> {
  return (await readdir(data).catch(() => [])).length > 0;
}

async function checkVersion(data: string, binaries: Binaries): Promise<void> {
  const version = (await readFile(join(data, "PG_VERSION"), "utf8").catch(() => "(unknown)")).trim();
  if (version === binaries.majorVersion) return;
  throw new EmbeddedPostgresError(
    "WRONG_VERSION",
    `${data} was made by PostgreSQL ${version}, the programs are version ${binaries.majorVersion}; ` +
      "restore a backup into a new directory, or upgrade the data with pg_upgrade.",
  );
}

/** Data that root has put there (a restored copy) is given to the account; a running server's is never root's. */
async function adopt(data: string, account: Account): Promise<void> {
  if (!account.switched || (await stat(data)).uid !== 0) return;
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  // Last, so that a broken-off adoption is taken up again.
  await chown(data, account.uid, account.gid);
}

async function initdb(data: string, account: Account, binaries: Binaries, durable: boolean): Promise<void> {
  const settings = Object.entries(INITIAL_SETTINGS).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"];
  const args = ["--pgdata", data, "--data-checksums", ...locale, ...access, ...settings];
  const child = spawn(join(binaries.directory, "initdb"), durable ? args : [...args, "--no-sync"], {
    ...spawnIdentity(account),
    cwd: "/",
    env: BARE_ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  }).catch((cause: unknown) => {
    throw new EmbeddedPostgresError("INIT_FAILED", `initdb could not be run: ${String(cause)}`, { cause });
  });
  if (code !== 0) throw new EmbeddedPostgresError("INIT_FAILED", `initdb failed: ${complaint.trim()}`);
}
