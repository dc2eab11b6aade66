import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes, randomInt } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileSystem, openFileStore } from "../../storage/files.ts";
import { contract, flipBit, sha256, type Subject, testContract } from "./contract.ts";
import { plantBug } from "./mutant.ts";
import { observed, systemError } from "./observed-files.ts";

type OpenFileStore = typeof openFileStore;

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), "congvan-store-"))));
afterAll(async () => rm(root, { recursive: true }));

const newFolder = (): Promise<string> => mkdtemp(join(root, "store-"));
const objectPath = (folder: string, key: string): string => join(folder, "objects", key.slice(0, 2), key);
const incoming = (folder: string): Promise<string[]> => readdir(join(folder, "incoming"));

async function damage(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await chmod(path, 0o600);
  await writeFile(path, change(await readFile(path)));
}

async function fileSubject(open: OpenFileStore = openFileStore): Promise<Subject> {
  const folder = await newFolder();
  return {
    store: await open(folder),
    damage: (key, change) => damage(objectPath(folder, key), change),
    leftovers: () => incoming(folder),
  };
}

/** Whether a put syncs the file before it gets its name, and the folder after that, before it resolves. */
async function syncsInOrder(open: OpenFileStore): Promise<void> {
  const calls: string[] = [];
  const folder = await newFolder();
  const store = await open(
    folder,
    observed((call) => void calls.push(call)),
  );
  // What is there once the store is open, stays: so the folders were synced too.
  expect(calls).toEqual(expect.arrayContaining(["file.sync objects", "file.sync " + folder.split("/").at(-1)]));
  for (const _time of ["first", "again"]) {
    calls.length = 0;
    const { sha256: key } = await store.put(Buffer.from("durable"));
    const temporary = /^open (\S+)/.exec(calls[0] ?? "")?.[1];
    const [synced, linked] = [`file.sync ${temporary}`, `link ${temporary} ${key}`];
    const kept = `file.sync ${key.slice(0, 2)}`;
    expect(calls).toEqual(expect.arrayContaining([synced, linked, kept]));
    expect(calls.indexOf(synced)).toBeGreaterThan(calls.lastIndexOf(`file.writeFile ${temporary}`));
    expect(calls.indexOf(linked)).toBeGreaterThan(calls.indexOf(synced));
    expect(calls.lastIndexOf(kept)).toBeGreaterThan(calls.indexOf(linked));
  }
}

/** Fails the k-th call of a put, for every k: typed, nothing half done, and the next put is whole. */
async function survivesFaults(open: OpenFileStore): Promise<number> {
  const bytes = randomBytes(40_000);
  let faults = 0;
  for (const code of ["EIO", "ENOSPC", "EMFILE"] as const) {
    for (let k = 1, hit = true; hit; k++) {
      const folder = await newFolder();
      await open(folder);
      let count = Number.NaN;
      const failing: FileSystem = observed(() => {
        if (++count === k) throw systemError(code);
      });
      const store = await open(folder, failing);
      count = 0;
      const outcome = await store.put(bytes).catch((error: unknown) => error);
      hit = count >= k;
      if (outcome instanceof Error) {
        faults++;
        expect(outcome).toMatchObject({ name: "StorageError", code: code === "ENOSPC" ? "FULL" : "UNAVAILABLE" });
      }
      const healthy = await openFileStore(folder);
      for await (const object of healthy.scrub()) expect(object.ok).toBe(true);
      if (!(outcome instanceof Error)) expect(await healthy.read(sha256(bytes), 40_000)).toHaveLength(40_000);
      await healthy.put(bytes);
      expect(bytes.equals(await healthy.read(sha256(bytes), 40_000))).toBe(true);
    }
  }
  return faults;
}

/** Whether opening sweeps what a dead process left, and spares what a living one is still receiving. */
async function sweepsLeftovers(open: OpenFileStore): Promise<void> {
  const folder = await newFolder();
  const store = await open(folder);
  const dead = spawn(process.execPath, ["-e", ""]);
  await once(dead, "exit");
  const [half, living, old] = [`${hostname()}.${dead.pid}.x`, `${hostname()}.${process.ppid}.x`, `elsewhere.1.x`];
  for (const name of [half, living, old, "elsewhere.2.x"]) await writeFile(join(folder, "incoming", name), "half");
  await utimes(join(folder, "incoming", old), 1, 1);
  let finish = (): void => undefined;
  const waiting = new Promise<void>((resolve) => void (finish = resolve));
  const put = store.put(
    (async function* () {
      yield Buffer.from("still ");
      await waiting;
      yield Buffer.from("coming");
    })(),
  );
  await expect.poll(async () => (await incoming(folder)).length).toBe(5);
  await using _second = await open(folder);
  finish();
  expect(await put).toMatchObject({ size: 12 });
  expect((await incoming(folder)).sort()).toEqual([living, "elsewhere.2.x"].sort());
}

describe("the folder driver", () => testContract(() => fileSubject()));

test("syncs the file before it gets its name and the folder after, before a put resolves", () =>
  syncsInOrder(openFileStore));

test("survives an I/O error at every call of a put", async () => {
  expect(await survivesFaults(openFileStore)).toBeGreaterThan(15);
});

test("sweeps what dead processes left, and spares the living", () => sweepsLeftovers(openFileStore));

test("keeps objects read-only, and opens again with all of them", async () => {
  const folder = join(await newFolder(), "made", "on", "the", "way");
  const { sha256: key } = await (await openFileStore(folder)).put(Buffer.from("kept"));
  expect((await stat(objectPath(folder, key))).mode & 0o777).toBe(0o400);
  expect((await (await openFileStore(folder)).read(key, 4)).toString()).toBe("kept");
});

test("finds a flipped bit in each of 1,000 random objects, and none in the others", async () => {
  const folder = await newFolder();
  const store = await openFileStore(folder);
  const objects: string[] = [];
  for (let n = 0; n < 1_100; n++) objects.push((await store.put(randomBytes(randomInt(1, 4_000)))).sha256);
  const damaged = new Set(objects.slice(0, 1_000));
  for (const key of damaged) await damage(objectPath(folder, key), flipBit);
  const found = new Set<string>();
  for await (const object of store.scrub()) if (!object.ok) found.add(object.sha256);
  expect(found).toEqual(damaged);
});

test("loses no acknowledged object and shows no half of one after kill -9", async () => {
  const folder = await newFolder();
  const acknowledged = new Set<string>();
  let interrupted = 0;
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "put-without-end.ts"), folder]);
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    child.stderr.on("data", (text) => (said += text));
    await once(child.stdout, "data");
    await sleep(randomInt(5, 120));
    child.kill("SIGKILL");
    await once(child, "close");
    // A line is told after its acknowledgement, so even a torn last one may be left out.
    for (const key of said.split("\n").slice(0, -1)) acknowledged.add(key);
    interrupted += (await incoming(folder)).length;
    await using store = await openFileStore(folder);
    expect(await incoming(folder)).toEqual([]);
    const whole = new Set<string>();
    for await (const object of store.scrub()) if (object.ok) whole.add(object.sha256);
    expect([...acknowledged].filter((key) => !whole.has(key))).toEqual([]);
    expect(whole.size).toBe((await Array.fromAsync(store.list())).length);
  }
  expect(acknowledged.size).toBeGreaterThan(10);
  // Else the kills came between the puts and proved nothing.
  expect(interrupted).toBeGreaterThan(0);
});

/** Whether a put fails when the file, or its folder, cannot be synced. */
async function failsUnsynced(open: OpenFileStore): Promise<void> {
  for (const unlucky of [1, 2]) {
    let syncs = Number.NaN;
    const failing = observed((call) => {
      if (call.startsWith("file.sync") && ++syncs === unlucky) throw systemError("EIO");
    });
    const store = await open(await newFolder(), failing);
    syncs = 0;
    await expect(store.put(Buffer.from("lost"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
}

test("fails when what it put cannot be synced", () => failsUnsynced(openFileStore));

describe("planted bugs are caught:", () => {
  const has =
    (name: string) =>
    async (open: OpenFileStore): Promise<void> => {
      const behaviour = contract[name];
      if (behaviour === undefined) throw new Error(`No behaviour "${name}"`);
      await behaviour(await fileSubject(open));
    };
  const streamed = has("streams 100 MB in and out in bounded memory");
  const damagedRead = has("never reports the end of a damaged object");
  const damagedPut = has("does not acknowledge bytes whose stored object is damaged");
  const brokenOff = has("leaves nothing of a source that breaks off, and passes its error on");
  const tooLarge = has("refuses too many bytes while they are still coming");
  const announced = has("refuses bytes that are not those announced");
  const scrubbed = has("finds by scrubbing every damaged object and no other, also in parts");

  type Check = (open: OpenFileStore) => Promise<unknown>;
  type PlantedBug = [bug: string, file: string, passage: string, instead: string, check: Check];
  test.each<PlantedBug>([
    ["a file not synced", "files.ts", "await attempt(file.sync());", "", syncsInOrder],
    ["a folder not synced", "files.ts", "await handle.sync();", "", syncsInOrder],
    ["a failed sync ignored", "files.ts", "attempt(file.sync())", "file.sync().catch(() => 0)", failsUnsynced],
    ["nothing swept", "files.ts", "await this.#sweep();", "", sweepsLeftovers],
    ["the living swept", "files.ts", "process.kill(pid, 0);\n    return false;", "return true;", sweepsLeftovers],
    ["an existing object trusted", "files.ts", "await drain(await this.get(sha256));", "", damagedPut],
    ["temporary files kept", "files.ts", "await this.#system.unlink(temporary)", "await Promise.resolve()", brokenOff],
    ["objects held in memory", "files.ts", "highWaterMark: 256 * 1024", "highWaterMark: 256 * 1024 ** 2", streamed],
    ["no hash compared on reading", "digest.ts", `hash.digest("hex") === sha256 ?`, "true ?", damagedRead],
    ["no limit watched", "digest.ts", "Math.min(options.maxBytes ?? largestObject,", "Math.max(0,", tooLarge],
    ["no announced hash compared", "digest.ts", "sha256 !== options.sha256", "false", announced],
    ["scrubbing without reading", "scrub.ts", "await drain(await store.get(sha256));", "", scrubbed],
    ["errors without type", "errors.ts", "throw storageError(cause);", "throw cause;", survivesFaults],
  ])("%s", async (_bug, file, passage, replacement, check) => {
    await using mutant = await plantBug(file, passage, replacement);
    const { openFileStore: broken } = await mutant.files();
    await expect(check(broken)).rejects.toThrow();
  });

  test("while the same copy without a bug passes every one of these checks", async () => {
    await using copy = await plantBug("files.ts", "await this.#sweep();", "await this.#sweep();");
    const { openFileStore: whole } = await copy.files();
    const onFiles: Check[] = [syncsInOrder, failsUnsynced, sweepsLeftovers, survivesFaults];
    const onStores: Check[] = [damagedRead, damagedPut, brokenOff, tooLarge, announced, scrubbed, streamed];
    for (const check of [...onFiles, ...onStores]) await check(whole);
  });
});
