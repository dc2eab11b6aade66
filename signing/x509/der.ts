import { readBer, type Asn1 } from "../asn1.ts";
import { SigningError } from "../errors.ts";

/**
 * Reads exactly one element whose lengths are all definite and as short as they can be (X.690 §10.1). What
 * certificates, lists and responses sign are DER bytes: another form of them has no honest author.
 * Throws ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readDer(bytes: Buffer): Asn1 {
  const root = readBer(bytes);
  const pending = [root];
  for (let element = pending.pop(); element; element = pending.pop()) {
    const header = element.contentStart - element.start;
    // Tag numbers above 30 take more than one byte; no structure read here has one.
    if (element.indefinite || header !== 1 + lengthOfLength(element.contentEnd - element.contentStart)) {
      throw new SigningError("ASN1_MALFORMED", "not DER", { offset: element.start });
    }
    for (const child of element.children) pending.push(child);
  }
  return root;
}

function lengthOfLength(length: number): number {
  return length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x1_0000 ? 3 : length < 0x100_0000 ? 4 : 5;
}

/** Where one element's parts stand, read from its header alone. */
export interface Header {
  readonly identifier: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** The header of the DER element at `start`, which must end by `limit`. Throws ASN1_MALFORMED. */
export function readHeader(bytes: Buffer, start: number, limit: number): Header {
  const malformed = () => new SigningError("ASN1_MALFORMED", "not DER", { offset: start });
  const first = bytes[start + 1] ?? 0;
  if (start + 2 > limit || (bytes[start]! & 0x1f) === 0x1f) throw malformed();
  let contentStart = start + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || contentStart + count > limit) throw malformed();
    length = bytes.readUIntBE(contentStart, count);
    contentStart += count;
    if (lengthOfLength(length) !== 1 + count) throw malformed();
  }
  if (contentStart + length > limit) throw malformed();
  return { identifier: bytes[start]!, start, contentStart, end: contentStart + length };
}

/** Lists by how many members are there at least. */
interface AtLeast<T> {
  1: readonly [T, ...T[]];
  2: readonly [T, T, ...T[]];
  3: readonly [T, T, T, ...T[]];
  4: readonly [T, T, T, T, ...T[]];
  6: readonly [T, T, T, T, T, T, ...T[]];
}

/** The same members, of which there must be so many at least. Throws ASN1_MALFORMED. */
export function atLeast<T, Count extends keyof AtLeast<T>>(count: Count, members: readonly T[]): AtLeast<T>[Count] {
  if (members.length < count) throw new SigningError("ASN1_MALFORMED", "parts are missing", { expected: count });
  return members as unknown as AtLeast<T>[Count];
}
