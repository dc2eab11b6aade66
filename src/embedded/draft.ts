import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./liveness.ts";

const underway = new Set<string>();

/**
 * Makes the directory `target` in one step: `build` fills a draft beside it, which is then renamed. When several
 * processes build the same target one of them wins; true if it was this one. The drafts of dead processes are swept.
 */
export async function buildDirectory(target: string, build: (draft: string) => Promise<void>): Promise<boolean> {
  await sweepDrafts(target);
  const draft = `${target}.init-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
  underway.add(draft);
  try {
    await mkdir(draft, { mode: 0o700 });
    await build(draft);
    await rename(draft, target);
    await syncDirectory(dirname(target));
    return true;
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return false;
  } finally {
    await removeTree(draft);
    underway.delete(draft);
  }
}

/** Removes the drafts of `target` whose process is gone. */
export async function sweepDrafts(target: string): Promise<void> {
  const prefix = `${basename(target)}.init-`;
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(dirname(target), name);
    if (!isUnderway(draft, Number.parseInt(name.slice(prefix.length), 10))) await removeTree(draft);
  }
}

function isUnderway(draft: string, pid: number): boolean {
  // In a container every start may get the same id: our own drafts are known by name.
  if (pid === process.pid) return underway.has(draft);
  return isAlive(pid);
}

async function removeTree(path: string): Promise<void> {
  // The orphaned initdb of a killed process may still be writing there.
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** A rename survives a power cut only once the directory is on disk. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
