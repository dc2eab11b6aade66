import { drain } from "./digest.ts";
import { StorageError } from "./errors.ts";
import type { ObjectStore, ScrubbedObject, ScrubOptions } from "./store.ts";

/** Reads the store's objects again and compares each with its key; stops when the signal says so, by its reason. */
export async function* scrub(
  store: Pick<ObjectStore, "get" | "list">,
  { signal, part }: ScrubOptions = {},
): AsyncIterable<ScrubbedObject> {
  if (part !== undefined && !(0 <= part.index && part.index < part.of && Number.isInteger(part.index))) {
    throw new RangeError(`There is no part ${part.index} of ${part.of}`);
  }
  for await (const sha256 of store.list()) {
    signal?.throwIfAborted();
    // Keys are hashes, so that any of their digits share the store out evenly.
    if (part !== undefined && Number.parseInt(sha256.slice(0, 8), 16) % part.of !== part.index) continue;
    try {
      await drain(await store.get(sha256));
      yield { sha256, ok: true };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // Gone since it was listed: the sweeper was here.
      if (error.code === "NOT_FOUND") continue;
      if (error.code !== "CORRUPT") throw error;
      yield { sha256, ok: false };
    }
  }
}
