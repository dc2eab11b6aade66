import { createHash } from "node:crypto";
import { SigningError } from "../errors.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import type { PdfDict, PdfRef } from "../pdf/objects.ts";
import { type Chunk, serialize } from "../pdf/serialize.ts";
import type { PdfUpdate } from "../pdf/update.ts";
import type { SigningCertificate } from "./certificate.ts";

/** [start, length, start, length] of what a signature covers, as in /ByteRange. */
export type ByteRange = readonly [number, number, number, number];

/** A revision that waits for its signature. */
export interface PreparedRevision {
  /** The fully qualified name of the field to be signed. */
  readonly field: string;
  readonly byteRange: ByteRange;
  /** Digest of the bytes outside the hole. */
  readonly digest: Buffer;
  /** What goes behind the file, its hole filled with zeros. */
  readonly tail: Buffer;
  /** The whole file with the CMS in the hole; throws HOLE_TOO_SMALL. */
  complete(cms: Buffer): Buffer;
}

const LARGEST_HOLE = 2 ** 20;
/** What a CMS holds besides certificates, issuer's name, raw signature and token: attributes, algorithms, lengths. */
const FRAME = 512;
/** Tokens with their authority's certificates measure 3 to 8 KiB. */
export const TOKEN_ROOM = 8_192;

/** The hole for a signer's CMS, and for a time-stamp token for which there must be room. */
export function holeSizeFor(
  { certificate, signatureSize }: SigningCertificate,
  chain: readonly Buffer[],
  tokenRoom: number,
): number {
  const own = certificate.der.length + certificate.issuer.der.length + signatureSize;
  return chain.reduce((size, { length }) => size + length, FRAME + own + tokenRoom);
}

/** Throws BAD_INPUT unless the size can be a hole's. */
export function checkHole(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_HOLE) {
    throw new SigningError("BAD_INPUT", "The hole must be 1 byte to 1 MiB.");
  }
}

/** Ten digits each, as in a cross-reference table. */
export function formatByteRange(range: readonly number[]): string {
  return `[${range.map((n) => String(n).padStart(10, "0")).join(" ")}]`;
}

const EMPTY_RANGE = formatByteRange([0, 0, 0, 0]);
const BYTE_RANGE = "/ByteRange ";
const CONTENTS = "\n/Contents ";

/** Sets the signature's object, ends the update, writes the byte range and hashes what it covers. */
export function finishWithHole(
  update: PdfUpdate,
  signature: PdfRef,
  keys: PdfDict,
  request: { readonly field: string; readonly digest: SignatureDigest; readonly holeSize: number },
): PreparedRevision {
  const { field, digest: algorithm, holeSize } = request;
  const chunks: Chunk[] = [];
  serialize(update.protect(signature, keys), chunks);
  const head = `${chunks.join("").slice(0, -2)}${BYTE_RANGE}`;
  const range = head.length;
  const hole = range + EMPTY_RANGE.length + CONTENTS.length;
  const body = Buffer.alloc(hole + 2 * holeSize + 2 + 3, 0x30);
  body.write(`${head}${EMPTY_RANGE}${CONTENTS}<`, "latin1");
  body.write(">\n>>", hole + 2 * holeSize + 1, "latin1");
  update.set(signature, body);

  const { tail, bodies } = update.finish();
  const { bytes: base } = update.document;
  const at = bodies.get(signature.number)!;
  const start = at + hole;
  const end = start + 2 * holeSize + 2;
  const length = base.length + tail.length;
  const byteRange = [0, start, end, length - end] as const;
  tail.write(formatByteRange(byteRange), at + range - base.length, "latin1");
  return {
    field,
    byteRange,
    tail,
    digest: digestAround(base, tail, byteRange, algorithm),
    complete: (cms) => fillHole(joined(base, tail), byteRange, cms),
  };
}

/** The digest of a file and what goes behind it but for the hole; the file is not copied for it. */
export function digestAround(base: Buffer, tail: Buffer, range: ByteRange, algorithm: SignatureDigest): Buffer {
  const [, start, end] = range;
  const hash = createHash(algorithm)
    .update(base)
    .update(tail.subarray(0, start - base.length));
  return hash.update(tail.subarray(end - base.length)).digest();
}

/** A file and what goes behind it, in one allocation. */
export function joined(base: Buffer, tail: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(base.length + tail.length);
  base.copy(bytes);
  tail.copy(bytes, base.length);
  return bytes;
}

/** Puts a CMS or a token into the hole of a file, in place, with zeros behind it; throws HOLE_TOO_SMALL. */
export function fillHole(bytes: Buffer, [, start, end]: ByteRange, content: Buffer): Buffer {
  const holeSize = (end - start - 2) / 2;
  if (content.length > holeSize) {
    throw new SigningError("HOLE_TOO_SMALL", "The signature does not fit.", { size: content.length, holeSize });
  }
  const rest = start + 1 + bytes.write(content.toString("hex"), start + 1, "latin1");
  bytes.fill(0x30, rest, end - 1);
  return bytes;
}
