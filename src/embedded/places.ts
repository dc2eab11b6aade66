import { createHash } from "node:crypto";
import { chmod, lchown, lstat, mkdir, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Account, reachable, serviceAccount } from "./account.ts";
import { EmbeddedPostgresError } from "./errors.ts";

/** Where a cluster lives: `home` holds `data` and the start log; programs are copied below `copies` when needed. */
export interface Places {
  readonly home: string;
  readonly data: string;
  readonly startLog: string;
  readonly copies: string;
  readonly account: Account;
}

const OUTSIDE = "/var/lib/congvan";

/**
 * Decides where the cluster asked for in `directory` lives. Normally there. When root asks for a place that the
 * service account cannot reach (root's own home), below /var/lib/congvan, under a name made from the directory's path.
 */
export async function findPlaces(directory: string, onProgress: (step: string) => void): Promise<Places> {
  await makeDirectory(directory);
  const asked = await realpath(directory);
  const account = await serviceAccount(join(asked, "data"));
  if (!account.switched) return placesIn(asked, asked, account);

  const outside = join(OUTSIDE, fingerprint(asked));
  const choice = chooseHome({
    askedReachable: await reachable(asked, account),
    askedHasData: await hasData(asked),
    outsideHasData: await hasData(outside),
  });
  if (choice === "asked") return placesIn(asked, OUTSIDE, account);
  if (choice === "stuck") {
    throw new EmbeddedPostgresError(
      "DATA_UNREACHABLE",
      `The data in ${asked} cannot be reached by the user with id ${account.uid}, who runs PostgreSQL; ` +
        "open the directories above it (chmod a+x) or move the data.",
    );
  }
  onProgress(`using ${outside}, because the user who runs PostgreSQL cannot reach ${asked}`);
  await makeDirectory(outside);
  return placesIn(outside, OUTSIDE, await serviceAccount(join(outside, "data")));
}

/** The rule behind `findPlaces`: existing data is never left behind for an empty cluster elsewhere. */
export function chooseHome(facts: {
  askedReachable: boolean;
  askedHasData: boolean;
  outsideHasData: boolean;
}): "asked" | "outside" | "stuck" {
  if (facts.askedReachable) return facts.askedHasData || !facts.outsideHasData ? "asked" : "outside";
  return facts.askedHasData ? "stuck" : "outside";
}

function placesIn(home: string, copies: string, account: Account): Places {
  return { home, data: join(home, "data"), startLog: join(home, "start.log"), copies, account };
}

async function hasData(home: string): Promise<boolean> {
  return stat(join(home, "data")).then(
    () => true,
    () => false,
  );
}

/** Makes a directory that others may pass through, whatever the umask; what is there already is left as it is. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o755 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

// struct sockaddr_un: 108 bytes on Linux, 104 on macOS, with the final zero.
const SOCKET_PATH_LIMIT = 103;
const NAMES_TRIED = 8;

/**
 * A directory for the socket of the cluster in `data`, made for the account alone: in the temporary directory, where
 * the path is short enough. A name that somebody else has taken is passed over for the next.
 * @throws SOCKET_DIRECTORY_UNSAFE when all names are taken.
 */
export async function makeSocketDirectory(data: string, account: Account): Promise<string> {
  const root = await temporaryDirectory(account);
  for (let number = 1; number <= NAMES_TRIED; number++) {
    const path = join(root, `congvan-${fingerprint(`${account.uid}:${data}`)}${number === 1 ? "" : `-${number}`}`);
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    // Left behind by a root process killed between the two steps; a link or a stranger's directory is not ours.
    const made = await lstat(path);
    if (account.switched && made.isDirectory() && made.uid === 0) await lchown(path, account.uid, account.gid);
    if (await isPrivate(path, account)) return path;
  }
  throw new EmbeddedPostgresError(
    "SOCKET_DIRECTORY_UNSAFE",
    `Others have taken every directory name for the PostgreSQL socket in ${root}; remove theirs or set TMPDIR.`,
  );
}

/** Whether `path` is a directory, not a link, of the account, closed to everybody else. */
export async function isPrivate(path: string, account: Account): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === account.uid && (found.mode & 0o077) === 0;
}

async function temporaryDirectory(account: Account): Promise<string> {
  const usual = await realpath(tmpdir()).catch(() => "/tmp");
  const longest = Buffer.byteLength(join(usual, "congvan-0123456789abcdef-8", ".s.PGSQL.5432"));
  return longest <= SOCKET_PATH_LIMIT && (await reachable(usual, account)) ? usual : "/tmp";
}

/** Sixteen hexadecimal digits that stand for a path. */
function fingerprint(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}
