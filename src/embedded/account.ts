import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EmbeddedPostgresError } from "./errors.ts";

/** The operating-system account PostgreSQL runs under; `switched` when it is not the account of this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly switched: boolean;
}

/** What `spawn` needs to run a program under the account. */
export function spawnIdentity(account: Account): { uid?: number; gid?: number } {
  return account.switched ? { uid: account.uid, gid: account.gid } : {};
}

/**
 * The account for a cluster in `data`. PostgreSQL refuses to run as root, so root takes the owner of existing data,
 * else `postgres`, else `nobody`; nobody else can switch and stays who they are. No account is ever created.
 */
export async function serviceAccount(data: string): Promise<Account> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new EmbeddedPostgresError("UNSUPPORTED_PLATFORM", `No embedded PostgreSQL on ${process.platform}.`);
  }
  const owner = await stat(data).catch(() => undefined);
  if (uid !== 0) {
    if (owner && owner.uid !== uid) {
      throw new EmbeddedPostgresError(
        "DATA_OF_ANOTHER_USER",
        `${data} belongs to the user with id ${owner.uid}; start as that user or as root.`,
      );
    }
    return { uid, gid, switched: false };
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, switched: true };
  const account = accountIn(await readFile("/etc/passwd", "utf8").catch(() => ""));
  if (account) return { ...account, switched: true };
  throw new EmbeddedPostgresError(
    "NO_SERVICE_ACCOUNT",
    "PostgreSQL does not run as root, and there is no user postgres or nobody to run it; start as another user.",
  );
}

/** The ids of `postgres`, else `nobody`, in the text of a passwd file. */
export function accountIn(passwd: string): { uid: number; gid: number } | undefined {
  for (const name of ["postgres", "nobody"]) {
    const match = new RegExp(`^${name}:[^:\n]*:([1-9][0-9]{0,9}):([0-9]{1,10}):`, "m").exec(passwd);
    if (match) return { uid: Number(match[1]), gid: Number(match[2]) };
  }
  return undefined;
}

const EXECUTE = 1;
const READ = 4;

/**
 * Whether the account can read the file or enter the directory `path`, judged by the mode bits of it and of every
 * directory above; what does not exist yet is not judged. `path` is absolute and free of symbolic links.
 */
export async function reachable(path: string, account: Pick<Account, "uid" | "gid">): Promise<boolean> {
  const end = await stat(path).catch(() => undefined);
  if (end && !grants(end, account, end.isDirectory() ? EXECUTE : READ)) return false;
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const found = await stat(directory).catch(() => undefined);
    if (found && !grants(found, account, EXECUTE)) return false;
    if (directory === dirname(directory)) return true;
  }
}

function grants(entry: Stats, account: Pick<Account, "uid" | "gid">, right: number): boolean {
  const shift = entry.uid === account.uid ? 6 : entry.gid === account.gid ? 3 : 0;
  return ((entry.mode >> shift) & right) === right;
}
