import * as node from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { randomUUID } from "node:crypto";
import { collect, drain, isKey, measured, receive, requireKey, requireRange, verified } from "./digest.ts";
import { attempt, causeCode, StorageError, storageError } from "./errors.ts";
import { scrub } from "./scrub.ts";
import type { ByteRange, ObjectStore, PutOptions, ScrubbedObject, ScrubOptions, StoredObject } from "./store.ts";

/** What the folder driver asks of the operating system. */
export type FileSystem = Pick<typeof node, "link" | "mkdir" | "open" | "readdir" | "stat" | "unlink">;

/**
 * Opens the store in a folder, making it if need be, and sweeps what a crash left behind. Several processes may have
 * it open at once. The file system must have hard links and keep what it was told to sync.
 */
export async function openFileStore(directory: string, system: FileSystem = node): Promise<ObjectStore> {
  const store = new FileStore(resolve(directory), system);
  await attempt(store.prepare());
  return store;
}

/** `objects/ab/ab…` are the objects, read-only; `incoming/` in the same file system is what is still coming. */
class FileStore implements ObjectStore {
  readonly #directory: string;
  readonly #objects: string;
  readonly #incoming: string;
  readonly #system: FileSystem;

  constructor(directory: string, system: FileSystem) {
    this.#directory = directory;
    this.#objects = join(directory, "objects");
    this.#incoming = join(directory, "incoming");
    this.#system = system;
  }

  async prepare(): Promise<void> {
    const made = await this.#system.mkdir(this.#directory, { recursive: true });
    await this.#system.mkdir(this.#incoming, { recursive: true });
    await this.#system.mkdir(this.#objects, { recursive: true });
    const folders = new Set(await this.#system.readdir(this.#objects));
    for (let first = 0; first < 256; first++) {
      const name = first.toString(16).padStart(2, "0");
      if (!folders.has(name)) await this.#system.mkdir(join(this.#objects, name), { recursive: true });
    }
    // Always, not only when something was made: whoever made it may have crashed before it was durable.
    await this.#syncFolder(this.#objects);
    await this.#syncFolder(this.#directory);
    for (let folder = this.#directory; made !== undefined && folder.length >= made.length; folder = dirname(folder)) {
      await this.#syncFolder(dirname(folder));
    }
    await this.#sweep();
  }

  async put(source: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const temporary = join(this.#incoming, temporaryName());
    try {
      const object = await this.#receive(temporary, source, options);
      await this.#publish(temporary, object);
      return object;
    } finally {
      // Nobody reads this name; if it cannot go now, the next sweep takes it.
      await this.#system.unlink(temporary).catch(() => undefined);
    }
  }

  async #receive(temporary: string, source: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions) {
    const file = await attempt(this.#system.open(temporary, "wx", 0o400));
    try {
      const object = await receive(source, file, options);
      await attempt(file.sync());
      return object;
    } finally {
      // What is synced cannot be lost by a failing close, and what is not is given up.
      await file.close().catch(() => undefined);
    }
  }

  /** Unlike rename(2), link(2) never replaces: the first object under a key stays. */
  async #publish(temporary: string, { sha256, size }: StoredObject): Promise<void> {
    const path = this.#path(sha256);
    try {
      await this.#system.link(temporary, path);
    } catch (cause) {
      if (causeCode(cause) !== "EEXIST") throw storageError(cause);
      if ((await this.stat(sha256))?.size !== size) throw new StorageError("CORRUPT", `Object ${sha256} is damaged`);
      await drain(await this.get(sha256));
    }
    // Also for an object that was there: whoever put it may not have come to this line yet.
    await attempt(this.#syncFolder(dirname(path)));
  }

  async get(sha256: string, range?: ByteRange): Promise<Readable> {
    requireKey(sha256);
    const file = await attempt(this.#system.open(this.#path(sha256), "r").catch(asMissing(sha256)));
    try {
      if (range === undefined) return verified(file.createReadStream({ highWaterMark: 256 * 1024 }), sha256);
      requireRange(range, (await attempt(file.stat())).size);
      if (range.start < range.end) {
        return measured(file.createReadStream({ start: range.start, end: range.end - 1 }), range.end - range.start);
      }
    } catch (cause) {
      await file.close().catch(() => undefined);
      throw cause;
    }
    await attempt(file.close());
    return Readable.from([], { objectMode: false });
  }

  async stat(sha256: string): Promise<StoredObject | undefined> {
    requireKey(sha256);
    try {
      return { sha256, size: (await this.#system.stat(this.#path(sha256))).size };
    } catch (cause) {
      if (causeCode(cause) === "ENOENT") return undefined;
      throw storageError(cause);
    }
  }

  async read(sha256: string, maxBytes: number): Promise<Buffer> {
    return collect(await this.get(sha256), maxBytes);
  }

  async *list(): AsyncIterable<string> {
    const folders = await attempt(this.#system.readdir(this.#objects));
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
      const names = await attempt(this.#system.readdir(join(this.#objects, folder)));
      yield* names.filter(isKey).sort();
    }
  }

  scrub(options?: ScrubOptions): AsyncIterable<ScrubbedObject> {
    return scrub(this, options);
  }

  async remove(sha256: string): Promise<void> {
    requireKey(sha256);
    const path = this.#path(sha256);
    try {
      await this.#system.unlink(path);
    } catch (cause) {
      if (causeCode(cause) === "ENOENT") return;
      throw storageError(cause);
    }
    await attempt(this.#syncFolder(dirname(path)));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #path(sha256: string): string {
    return join(this.#objects, sha256.slice(0, 2), sha256);
  }

  /** A new name in a folder is durable only when the folder is (fsync(2), NOTES). */
  async #syncFolder(folder: string): Promise<void> {
    const handle = await this.#system.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async #sweep(): Promise<void> {
    for (const name of await this.#system.readdir(this.#incoming)) {
      const path = join(this.#incoming, name);
      try {
        if (isAbandoned(name, (await this.#system.stat(path)).mtimeMs)) await this.#system.unlink(path);
      } catch (cause) {
        // Another process swept or finished it first.
        if (causeCode(cause) !== "ENOENT") throw cause;
      }
    }
  }
}

function asMissing(sha256: string): (cause: unknown) => never {
  return (cause) => {
    throw causeCode(cause) === "ENOENT" ? new StorageError("NOT_FOUND", `No object ${sha256}`, cause) : cause;
  };
}

/** Says whose it is, so that the sweep spares what a living process is still receiving. */
function temporaryName(): string {
  return [hostname(), process.pid, randomUUID()].join(".");
}

/** Whether nobody can still be writing this temporary file: its process is gone, or it has not grown for a day. */
function isAbandoned(name: string, writtenAt: number): boolean {
  const now = Date.now();
  if (now - writtenAt > 24 * 60 * 60 * 1000) return true;
  const [host, pid] = [name.split(".").slice(0, -2).join("."), Number(name.split(".").at(-2))];
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid < 1) return false;
  // A container's only process has the same number again after a restart.
  if (pid === process.pid) return writtenAt < now - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return causeCode(cause) === "ESRCH";
  }
}
