import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable, Transform } from "node:stream";
import { attempt, StorageError, storageError } from "./errors.ts";
import { type ByteRange, largestObject, type PutOptions, type StoredObject } from "./store.ts";

/** Whether a name is a key: 64 lower-case hexadecimal digits, and so safe in a path. */
export function isKey(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** Fails with BAD_KEY unless the name is a key. */
export function requireKey(name: string): void {
  if (!isKey(name)) throw new StorageError("BAD_KEY", "A key is a SHA-256 in lower-case hexadecimal");
}

/** Fails with BAD_RANGE unless 0 ≤ start ≤ end ≤ size. */
export function requireRange({ start, end }: ByteRange, size: number): void {
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end && end <= size;
  if (!inside) throw new StorageError("BAD_RANGE", `No bytes from ${start} to ${end} in ${size}`);
}

/** Writes the source to the file, hashing and counting; TOO_LARGE at the first byte too many, MISMATCH at the end. */
export async function receive(
  source: AsyncIterable<Uint8Array> | Uint8Array,
  file: FileHandle,
  options: PutOptions,
): Promise<StoredObject> {
  if (options.sha256 !== undefined) requireKey(options.sha256);
  const maxBytes = Math.min(options.maxBytes ?? largestObject, largestObject);
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of source instanceof Uint8Array ? slices(source) : source) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("A source gives bytes, not text");
    size += chunk.byteLength;
    if (size > maxBytes) throw new StorageError("TOO_LARGE", `More than ${maxBytes} bytes`);
    hash.update(chunk);
    await attempt(file.writeFile(chunk));
  }
  const sha256 = hash.digest("hex");
  if (options.sha256 !== undefined && sha256 !== options.sha256) {
    throw new StorageError("MISMATCH", `Announced as ${options.sha256}, but is ${sha256}`);
  }
  return { sha256, size };
}

/** One large buffer would be hashed in one go and hold up everything else. */
function* slices(bytes: Uint8Array): Iterable<Uint8Array> {
  const step = 1024 * 1024;
  for (let at = 0; at < bytes.byteLength; at += step) yield bytes.subarray(at, at + step);
}

/** Passes the stream on; fails with CORRUPT before the end when its bytes do not have this SHA-256. */
export function verified(source: Readable, sha256: string): Readable {
  const hash = createHash("sha256");
  return checked(
    source,
    (chunk) => hash.update(chunk),
    () => (hash.digest("hex") === sha256 ? undefined : new StorageError("CORRUPT", `Object ${sha256} is damaged`)),
  );
}

/** Passes the stream on; fails with UNAVAILABLE before the end when it has another length: a range has no hash. */
export function measured(source: Readable, length: number): Readable {
  let rest = length;
  return checked(
    source,
    (chunk) => (rest -= chunk.length),
    () => (rest === 0 ? undefined : new StorageError("UNAVAILABLE", `${length - rest} of ${length} bytes came`)),
  );
}

function checked(source: Readable, take: (chunk: Buffer) => void, verdict: () => StorageError | undefined): Readable {
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      take(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(verdict());
    },
    destroy(cause, done) {
      done(cause === null ? null : storageError(cause));
    },
  });
  // The error reaches whoever reads `through`; the pipeline is there to close both ends.
  pipeline(source, through, () => undefined);
  return through;
}

/** The whole stream in memory; TOO_LARGE when it has more than `maxBytes`. */
export async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new StorageError("TOO_LARGE", `More than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Reads a verified stream to its end for the sake of the verdict alone. */
export async function drain(stream: Readable): Promise<void> {
  for await (const _chunk of stream);
}
