import type { Readable } from "node:stream";

/** An object as the store knows it: its key, the SHA-256 of its bytes in lower-case hexadecimal, and its size. */
export interface StoredObject {
  readonly sha256: string;
  readonly size: number;
}

/** Half-open range of bytes: `start` is the first, `end` the one after the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  /** TOO_LARGE as soon as more bytes than this have come in; never more than `largestObject`. */
  readonly maxBytes?: number;
  /** MISMATCH when the bytes have another SHA-256 than this one. */
  readonly sha256?: string;
}

export interface ScrubOptions {
  readonly signal?: AbortSignal;
  /** Only this share of the keys, 0 ≤ index < of, so that ten nights can each read a tenth of the store. */
  readonly part?: { readonly index: number; readonly of: number };
}

/** Whether an object still is what was put. */
export interface ScrubbedObject {
  readonly sha256: string;
  readonly ok: boolean;
}

/** A write-once store of bytes under their own SHA-256. Its failures are `StorageError`s. */
export interface ObjectStore extends AsyncDisposable {
  /**
   * Streams in, hashing and counting. When it resolves, the object is durable: synced to the disk, or given back whole
   * by the server. Before, nobody sees any of it. The same bytes again change nothing; if the stored ones have decayed
   * meanwhile, that is CORRUPT. What the source itself throws is thrown on unchanged.
   */
  put(source: AsyncIterable<Uint8Array> | Uint8Array, options?: PutOptions): Promise<StoredObject>;
  /** The bytes as a stream. A whole object is verified on the way and fails with CORRUPT before its end is reported. */
  get(sha256: string, range?: ByteRange): Promise<Readable>;
  /** Key and size, or undefined where there is no such object. */
  stat(sha256: string): Promise<StoredObject | undefined>;
  /** The whole object in memory, verified; TOO_LARGE if it has more than `maxBytes`. */
  read(sha256: string, maxBytes: number): Promise<Buffer>;
  /** All keys in ascending order. Objects put or removed meanwhile may or may not be among them. */
  list(): AsyncIterable<string>;
  /** Reads the objects again and tells of each whether it is whole. */
  scrub(options?: ScrubOptions): AsyncIterable<ScrubbedObject>;
  /** Takes an object away for good, if it is there. Only for the sweeper of orphans and to replace a decayed object. */
  remove(sha256: string): Promise<void>;
}

/** The most that one object may have: 5 GiB, what S3 takes in one request. */
export const largestObject = 5 * 1024 ** 3;
