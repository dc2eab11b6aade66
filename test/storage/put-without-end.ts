import { randomBytes, randomInt } from "node:crypto";
import { writeSync } from "node:fs";
import { openFileStore } from "../../storage/files.ts";

// Puts objects into the store at argv[2] until it is killed; tells of each by a line, once it is acknowledged.
const store = await openFileStore(process.argv[2] ?? "");

async function* slowly(bytes: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384);
}

async function putWithoutEnd(): Promise<void> {
  for (;;) {
    const { sha256 } = await store.put(slowly(randomBytes(randomInt(1, 600_000))));
    writeSync(1, `${sha256}\n`);
  }
}

await Promise.all([1, 2, 3, 4].map(putWithoutEnd));
