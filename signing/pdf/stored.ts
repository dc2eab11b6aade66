import { exceeded } from "./limits.ts";
import type { PdfSource } from "./source.ts";

/** The largest stream of a file on disk that is brought into memory as a whole. */
const LARGEST_READ = 128 * 2 ** 20;
const COMPARED = 2 ** 20;

/** Bytes of a stream that are still in their file: read, and deciphered where needed, when they are asked for. */
export class StoredBytes {
  readonly source: PdfSource;
  /** Offset in the file of the first byte. */
  readonly start: number;
  /** Bytes in the file; deciphered there may be a few less. */
  readonly length: number;
  readonly #decipher: ((bytes: Buffer) => Buffer) | undefined;
  #known: Buffer | undefined;

  constructor(source: PdfSource, start: number, length: number, decipher?: (bytes: Buffer) => Buffer) {
    this.source = source;
    this.start = start;
    this.length = length;
    this.#decipher = decipher;
  }

  /** The same bytes, to be deciphered when they are read. */
  decipheredBy(decipher: (bytes: Buffer) => Buffer): StoredBytes {
    return new StoredBytes(this.source, this.start, this.length, decipher);
  }

  /** All bytes. Throws LIMIT_EXCEEDED for a stream on disk that is too large for memory. */
  read(): Buffer {
    if (this.#known !== undefined) return this.#known;
    const { source, start, length } = this;
    if (!source.inMemory && length > LARGEST_READ) throw exceeded("A stream is too long.", { offset: start, length });
    const raw = source.read(start, start + length);
    const bytes = this.#decipher === undefined ? raw : this.#decipher(raw);
    // What is on disk stays there: memory must not grow with the file.
    if (source.inMemory) this.#known = bytes;
    return bytes;
  }

  /** Whether the bytes are the same, by their place if that is enough, else read piece by piece. */
  equals(other: StoredBytes): boolean {
    if (
      this === other ||
      (this.start === other.start && this.length === other.length && this.source === other.source)
    ) {
      return true;
    }
    if (this.#decipher !== undefined || other.#decipher !== undefined) return this.read().equals(other.read());
    if (this.length !== other.length) return false;
    for (let at = 0; at < this.length; at += COMPARED) {
      const size = Math.min(COMPARED, this.length - at);
      const [own, others] = [this.start + at, other.start + at];
      if (!this.source.read(own, own + size).equals(other.source.read(others, others + size))) return false;
    }
    return true;
  }
}
