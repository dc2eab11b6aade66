import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Turns } from "../turns.ts";
import type { Services } from "../services.ts";

/** A larger file is not held in memory to be looked at. */
export const largestInMemory = 20 << 20;

/** Each lies on the disk once more while it is looked at. */
const turns = new Turns(2);
/** What a server that was stopped left behind is older than any check takes. */
const leftMilliseconds = 3_600_000;

/** Does something with a stored object as a file of its own, streamed there from the store, and takes it away again. */
export async function onDisk<T>(
  { store, config }: Pick<Services, "store" | "config">,
  sha256: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const endTurn = await turns.take();
  try {
    const folder = join(config.dataDirectory, "checking");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await sweep(folder);
    const own = await mkdtemp(join(folder, "file-"));
    try {
      const path = join(own, "document.pdf");
      await pipeline(await store.get(sha256), createWriteStream(path, { mode: 0o600 }));
      return await work(path);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  } finally {
    endTurn();
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process may take it away in this moment.
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - leftMilliseconds) await rm(path, { recursive: true, force: true });
  }
}
