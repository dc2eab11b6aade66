import { SigningError } from "../errors.ts";
import type { PdfSource } from "../pdf/source.ts";
import type { SignatureVerdict } from "./report.ts";

const chunkBytes = 1 << 20;

/**
 * "What was signed" as a file of its own: the bytes up to the end of the revision that the signature closes, in which
 * it was the last word. Throws NO_SIGNED_REVISION where the signature covers no revision as a whole.
 */
export function whatWasSigned(bytes: Buffer, { field, revisionEnd }: SignatureVerdict): Buffer {
  if (revisionEnd === undefined) throw missing(field);
  return bytes.subarray(0, revisionEnd);
}

/** The same for a file that is not in memory, piece by piece. */
export function* signedPieces(source: PdfSource, { field, revisionEnd }: SignatureVerdict): Generator<Buffer> {
  if (revisionEnd === undefined) throw missing(field);
  for (let at = 0; at < revisionEnd; at += chunkBytes) yield source.read(at, Math.min(at + chunkBytes, revisionEnd));
}

function missing(field: string): SigningError {
  return new SigningError("NO_SIGNED_REVISION", "The signature covers no revision of the file.", { field });
}
