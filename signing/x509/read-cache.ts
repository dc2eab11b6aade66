import { hash } from "node:crypto";

/**
 * What was read from bytes, kept under their SHA-256 within a bound of bytes; what was not asked for the longest goes
 * first. The bytes are copied, so that neither a whole file is held by a part of it, nor a later change is trusted.
 */
export class ReadCache<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly size: number }>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value for these bytes: the kept one, or what `read` makes of a copy; what it throws is not kept. */
  get(bytes: Buffer, read: (copy: Buffer, sha256: string) => T): T {
    const key = hash("sha256", bytes, "hex");
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.value;
    }
    const value = read(Buffer.from(bytes), key);
    this.#kept.set(key, { value, size: bytes.length });
    this.#size += bytes.length;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#size <= this.#limit) break;
      this.#kept.delete(oldest);
      this.#size -= size;
    }
    return value;
  }
}
