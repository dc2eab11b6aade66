import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { ObjectStore } from "../../storage/index.ts";

/** A store under test with what only its driver can do to it. */
export interface Subject {
  readonly store: ObjectStore;
  /** Changes the stored bytes of an object behind the store's back. */
  damage(sha256: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  /** Names of all that is stored besides whole objects. */
  leftovers(): Promise<string[]>;
}

/** A behaviour that every store has. It throws when the subject does not have it. */
export type Behaviour = (subject: Subject) => Promise<void>;

/** The key of some bytes, computed apart from the store. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Flips one random bit. */
export function flipBit(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes);
  const bit = randomBytes(4).readUInt32LE() % (bytes.length * 8);
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return flipped;
}

async function* pieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    await setImmediate();
    yield bytes.subarray(at, at + size);
  }
}

async function keys(store: ObjectStore): Promise<string[]> {
  return Array.fromAsync(store.list());
}

async function bytesOf(store: ObjectStore, key: string, range?: { start: number; end: number }): Promise<Buffer> {
  return Buffer.concat(await (await store.get(key, range)).toArray());
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Puts an object of so many megabytes and reads it, calling `sample` at every fifth. */
async function streamThrough(store: ObjectStore, megabytes: number, sample: () => void): Promise<void> {
  const megabyte = randomBytes(1_000_000);
  async function* large(): AsyncIterable<Buffer> {
    for (let n = 0; n < megabytes; n++) {
      if (n % 5 === 0) sample();
      yield Buffer.from([n]);
      yield megabyte.subarray(1);
    }
  }
  const { sha256: key, size } = await store.put(large());
  let [read, next] = [0, 0];
  for await (const chunk of await store.get(key)) {
    read += (chunk as Buffer).length;
    if (read < next) continue;
    sample();
    next += 5e6;
  }
  expect([size, read]).toEqual([megabytes * 1e6, megabytes * 1e6]);
}

const absent = sha256(Buffer.from("nobody has put this"));

/** What both drivers have in common, by name. */
export const contract: Readonly<Record<string, Behaviour>> = {
  async "gives back what was put, whole and by its key"({ store }) {
    for (const size of [1, 1000, 300_000, 3_000_001]) {
      const bytes = randomBytes(size);
      expect(await store.put(pieces(bytes, 65_536))).toEqual({ sha256: sha256(bytes), size });
      expect(await store.stat(sha256(bytes))).toEqual({ sha256: sha256(bytes), size });
      expect(bytes.equals(await bytesOf(store, sha256(bytes)))).toBe(true);
      expect(bytes.equals(await store.read(sha256(bytes), size))).toBe(true);
    }
  },

  async "keeps an empty object"({ store }) {
    const { sha256: key } = await store.put(Buffer.alloc(0));
    expect(key).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(await store.stat(key)).toEqual({ sha256: key, size: 0 });
    expect(await bytesOf(store, key)).toHaveLength(0);
    expect(await bytesOf(store, key, { start: 0, end: 0 })).toHaveLength(0);
  },

  async "gives ranges, and refuses those that the object does not have"({ store }) {
    const bytes = randomBytes(200_000);
    const { sha256: key } = await store.put(bytes);
    for (const [start, end] of [
      [0, 1],
      [0, 200_000],
      [1, 2],
      [65_535, 131_073],
      [199_999, 200_000],
      [7, 7],
    ] as const) {
      expect(bytes.subarray(start, end).equals(await bytesOf(store, key, { start, end }))).toBe(true);
    }
    for (const [start, end] of [
      [-1, 1],
      [2, 1],
      [0, 200_001],
      [0.5, 1],
      [0, NaN],
      [200_001, 200_001],
    ] as const) {
      await expect(store.get(key, { start, end })).rejects.toMatchObject({ code: "BAD_RANGE" });
    }
  },

  async "says by code that an object is not there"({ store }) {
    expect(await store.stat(absent)).toBeUndefined();
    await expect(store.get(absent)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(store.get(absent, { start: 0, end: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(store.read(absent, 10)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await store.remove(absent);
  },

  async "takes nothing for a key but a SHA-256"({ store }) {
    const names = ["", "..", "../../../etc/passwd", absent.toUpperCase(), `${absent}0`, `${absent}\n`, `ab/${absent}`];
    for (const name of names) {
      await expect(store.get(name)).rejects.toMatchObject({ code: "BAD_KEY" });
      await expect(store.stat(name)).rejects.toMatchObject({ code: "BAD_KEY" });
      await expect(store.read(name, 1)).rejects.toMatchObject({ code: "BAD_KEY" });
      await expect(store.remove(name)).rejects.toMatchObject({ code: "BAD_KEY" });
      await expect(store.put(Buffer.from("x"), { sha256: name })).rejects.toMatchObject({ code: "BAD_KEY" });
    }
  },

  async "changes nothing when the same bytes come again"({ store, leftovers }) {
    const bytes = randomBytes(70_000);
    const first = await store.put(bytes);
    expect(await store.put(pieces(bytes, 1000))).toEqual(first);
    expect(await keys(store)).toEqual([first.sha256]);
    expect(await leftovers()).toEqual([]);
  },

  async "keeps one object when the same bytes come many times at once"({ store, leftovers }) {
    const bytes = randomBytes(500_000);
    const puts = Array.from({ length: 12 }, (_, n) => store.put(pieces(bytes, 10_000 + n)));
    for (const object of await Promise.all(puts)) expect(object).toEqual({ sha256: sha256(bytes), size: 500_000 });
    expect(await keys(store)).toEqual([sha256(bytes)]);
    expect(bytes.equals(await store.read(sha256(bytes), 500_000))).toBe(true);
    expect(await leftovers()).toEqual([]);
  },

  async "refuses too many bytes while they are still coming"({ store, leftovers }) {
    let given = 0;
    let closed = false;
    async function* endless(): AsyncIterable<Buffer> {
      try {
        for (; given < 100; given++) yield Buffer.alloc(1000, given);
      } finally {
        closed = true;
      }
    }
    await expect(store.put(endless(), { maxBytes: 5_000 })).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(given).toBeLessThanOrEqual(6);
    expect(closed).toBe(true);
    expect(await keys(store)).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(await store.put(Buffer.alloc(5_000), { maxBytes: 5_000 })).toMatchObject({ size: 5_000 });
  },

  async "refuses bytes that are not those announced"({ store, leftovers }) {
    const bytes = randomBytes(10_000);
    await expect(store.put(flipBit(bytes), { sha256: sha256(bytes) })).rejects.toMatchObject({ code: "MISMATCH" });
    expect(await keys(store)).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(await store.put(bytes, { sha256: sha256(bytes) })).toEqual({ sha256: sha256(bytes), size: 10_000 });
  },

  async "leaves nothing of a source that breaks off, and passes its error on"({ store, leftovers }) {
    const broken = new Error("the client went away");
    async function* breaking(): AsyncIterable<Buffer> {
      yield randomBytes(300_000);
      await setImmediate();
      throw broken;
    }
    await expect(store.put(breaking())).rejects.toBe(broken);
    expect(await keys(store)).toEqual([]);
    expect(await leftovers()).toEqual([]);
  },

  async "refuses text where bytes belong"({ store }) {
    const text = (async function* () {
      yield "text" as unknown as Uint8Array;
    })();
    await expect(store.put(text)).rejects.toThrow(TypeError);
    expect(await keys(store)).toEqual([]);
  },

  async "reads into memory no more than allowed"({ store }) {
    const { sha256: key } = await store.put(randomBytes(100_000));
    await expect(store.read(key, 99_999)).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(await store.read(key, 100_000)).toHaveLength(100_000);
  },

  async "lists every key once, in order"({ store }) {
    const put = await Promise.all(Array.from({ length: 30 }, (_, n) => store.put(Buffer.from(`object ${n}`))));
    expect(await keys(store)).toEqual(put.map((object) => object.sha256).sort());
  },

  async "removes an object for good, and lets it be put again"({ store, leftovers }) {
    const [kept, removed] = [await store.put(randomBytes(50)), await store.put(Buffer.from("orphan"))];
    await store.remove(removed.sha256);
    expect(await store.stat(removed.sha256)).toBeUndefined();
    expect(await keys(store)).toEqual([kept.sha256]);
    expect(await leftovers()).toEqual([]);
    expect(await store.put(Buffer.from("orphan"))).toEqual(removed);
  },

  async "never reports the end of a damaged object"({ store, damage }) {
    const shorter = (bytes: Buffer): Buffer => bytes.subarray(0, -1);
    const longer = (bytes: Buffer): Buffer => Buffer.concat([bytes, bytes]);
    const changes = { flipBit, shorter, longer };
    for (const [name, change] of Object.entries(changes)) {
      const { sha256: key, size } = await store.put(randomBytes(150_000));
      await damage(key, change);
      await expect(bytesOf(store, key), name).rejects.toMatchObject({ code: "CORRUPT" });
      await expect(store.read(key, size * 2), name).rejects.toMatchObject({ code: "CORRUPT" });
    }
  },

  async "does not acknowledge bytes whose stored object is damaged"({ store, damage }) {
    const bytes = randomBytes(5_000);
    const { sha256: key } = await store.put(bytes);
    await damage(key, flipBit);
    await expect(store.put(bytes)).rejects.toMatchObject({ code: "CORRUPT" });
    await store.remove(key);
    await store.put(bytes);
    expect(bytes.equals(await store.read(key, 5_000))).toBe(true);
  },

  async "finds by scrubbing every damaged object and no other, also in parts"({ store, damage }) {
    const objects = await Promise.all(Array.from({ length: 40 }, () => store.put(randomBytes(600))));
    const damaged = objects.slice(0, 15).map((object) => object.sha256);
    for (const key of damaged) await damage(key, flipBit);
    const found = await Array.fromAsync(store.scrub());
    expect(found.map((object) => object.sha256)).toEqual(objects.map((object) => object.sha256).sort());
    expect(found.filter((object) => !object.ok).map((object) => object.sha256)).toEqual(damaged.sort());
    const parts = [0, 1, 2].map((index) => Array.fromAsync(store.scrub({ part: { index, of: 3 } })));
    const scrubbed = (await Promise.all(parts)).flat();
    expect(scrubbed.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))).toEqual(found);
    await expect(Array.fromAsync(store.scrub({ part: { index: 3, of: 3 } }))).rejects.toThrow(RangeError);
    await expect(Array.fromAsync(store.scrub({ signal: AbortSignal.abort() }))).rejects.toThrow("aborted");
  },

  async "streams 100 MB in and out in bounded memory"({ store }) {
    await streamThrough(store, 30, () => undefined);
    collectGarbage();
    const before = process.memoryUsage();
    const most = { rss: 0, arrayBuffers: 0 };
    await streamThrough(store, 100, () => {
      // Garbage that waits for its collector is not what the store holds on to.
      collectGarbage();
      const now = process.memoryUsage();
      for (const kind of ["rss", "arrayBuffers"] as const) most[kind] = Math.max(most[kind], now[kind] - before[kind]);
    });
    // On a busy machine some tens of megabytes wait in sockets; the whole would be 100 and more.
    expect(most.arrayBuffers).toBeLessThan(48e6);
    expect(most.rss).toBeLessThan(64e6);
  },

  async "lets go of a stream that is closed unread"({ store }) {
    const { sha256: key } = await store.put(randomBytes(2_000_000));
    for (let n = 0; n < 50; n++) (await store.get(key)).destroy();
    const stream = await store.get(key);
    for await (const _chunk of stream) break;
    expect(stream.destroyed).toBe(true);
    expect(await store.read(key, 2_000_000)).toHaveLength(2_000_000);
  },
};

/** Declares one test for each behaviour, every one with an empty store of its own. */
export function testContract(prepare: () => Promise<Subject>): void {
  for (const [name, behaviour] of Object.entries(contract)) {
    test(name, async () => {
      const subject = await prepare();
      await using _store = subject.store;
      await behaviour(subject);
    });
  }
}
