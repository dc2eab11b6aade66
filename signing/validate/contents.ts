import { verifyPdfSignature, type PdfSignatureVerdict } from "../cms/pdf-signature.ts";
import { readSignedData, type SignedData } from "../cms/signed-data.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { PdfString } from "../pdf/objects.ts";
import { readTstInfo } from "../tsp/tst-info.ts";
import type { Certificate } from "../x509/certificates.ts";
import type { SignedBytes } from "./signed-bytes.ts";
import type { FoundSignature } from "./signature-fields.ts";

/** What of a signature is known before its bytes are hashed. */
export interface Contents {
  readonly data: SignedData | undefined;
  /** Object identifiers of the digests of the signed bytes that will be asked for, the one that is signed first. */
  readonly digests: readonly string[];
}

/** Takes /Contents apart; what cannot be read is judged later. */
export function readContents({ kind, subFilter, contents }: FoundSignature): Contents {
  if (subFilter === "adbe.x509.rsa_sha1" && kind !== "DOCUMENT_TIMESTAMP")
    return { data: undefined, digests: [Oid.sha1] };
  try {
    const data = readSignedData(contents, true);
    if (kind === "DOCUMENT_TIMESTAMP") {
      return { data, digests: data.content ? [readTstInfo(data.content).imprintAlgorithm] : [] };
    }
    return { data, digests: [subFilter === "adbe.pkcs7.sha1" ? Oid.sha1 : data.digestAlgorithm.oid] };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return { data: undefined, digests: [] };
  }
}

/**
 * Checks a signature (not a document time-stamp) against the bytes it covers. `pool` may hold certificates that it does
 * not bring. Never throws for what it holds.
 */
export function verifyContents(
  document: PdfDocument,
  { subFilter, contents, dictionary }: FoundSignature,
  bytes: SignedBytes,
  pool: readonly Certificate[],
): PdfSignatureVerdict {
  const { latest } = document;
  const entry = latest.resolve(dictionary.get("Cert"));
  const certificates = (Array.isArray(entry) ? entry : [entry])
    .map((each) => latest.resolve(each))
    .flatMap((each) => (each instanceof PdfString ? [each.bytes] : []));
  return verifyPdfSignature({ subFilter, contents, certificates }, bytes, pool);
}
