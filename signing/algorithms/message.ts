import { digest } from "./digests.ts";

/**
 * What was signed: bytes in memory; or bytes of a large file that are read piece by piece, whose digests somebody has
 * computed already.
 */
export type Message =
  | Buffer
  | {
      /** The digest by its object identifier. Throws UNSUPPORTED_ALGORITHM. */
      digest(oid: string): Buffer;
      chunks(): Iterable<Buffer>;
    };

/** The digest of a message. Throws UNSUPPORTED_ALGORITHM. */
export function digestOf(message: Message, oid: string): Buffer {
  return Buffer.isBuffer(message) ? digest(oid, message) : message.digest(oid);
}

/** All bytes of a message at once. */
export function bytesOf(message: Message): Buffer {
  return Buffer.isBuffer(message) ? message : Buffer.concat([...message.chunks()]);
}
