import { digestName, newHash } from "../algorithms/digests.ts";
import { SigningError } from "../errors.ts";
import type { PdfSource } from "../pdf/source.ts";
import type { ByteRange } from "./signature-fields.ts";

/** The most that is brought into memory for a format that signs the bytes themselves, not a digest of them. */
const mostBytes = 256 * 2 ** 20;
const chunkBytes = 1 << 20;

/** The bytes of a ByteRange; digests are kept, for several parts ask for the same one. */
export class SignedBytes {
  readonly #source: PdfSource;
  readonly #range: ByteRange;
  readonly #digests: Map<string, Buffer>;

  /** `digests` are those known already, by the names of node:crypto. */
  constructor(source: PdfSource, range: ByteRange, digests: ReadonlyMap<string, Buffer> = new Map()) {
    this.#source = source;
    this.#range = range;
    this.#digests = new Map(digests);
  }

  /** The digest with the algorithm of this object identifier. Throws UNSUPPORTED_ALGORITHM. */
  digest(oid: string): Buffer {
    const name = digestName(oid);
    if (!name) throw new SigningError("UNSUPPORTED_ALGORITHM", `digest ${oid} is not supported`);
    let known = this.#digests.get(name);
    if (!known) {
      const hash = newHash(name);
      for (const chunk of this.chunks()) hash.update(chunk);
      this.#digests.set(name, (known = hash.digest()));
    }
    return known;
  }

  /** The bytes, piece by piece. */
  *chunks(): Generator<Buffer> {
    const [start, before, after, rest] = this.#range;
    yield* this.#part(start, start + before);
    yield* this.#part(after, after + rest);
  }

  /** One copy of them all. Throws LIMIT_EXCEEDED. */
  all(): Buffer {
    const [, before, , rest] = this.#range;
    if (before + rest > mostBytes) throw new SigningError("LIMIT_EXCEEDED", "the file is too large for this signature");
    return Buffer.concat([...this.chunks()]);
  }

  *#part(from: number, to: number): Generator<Buffer> {
    for (let at = from; at < to; at += chunkBytes) yield this.#source.read(at, Math.min(at + chunkBytes, to));
  }
}
