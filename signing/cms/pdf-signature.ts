import { readElement } from "../asn1.ts";
import { digest } from "../algorithms/digests.ts";
import { comparePkcs1, recoverBlock } from "../algorithms/pkcs1.ts";
import type { RawVerdict } from "../algorithms/verdict.ts";
import { publicKeyOf, readCertificate, type Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { countersignatureNotes } from "./countersignatures.ts";
import { readSignedData, type SignedData } from "./signed-data.ts";
import { archiveTimestampNotes } from "./timestamps.ts";
import { attempt, readableOf } from "./tolerance.ts";
import { verifySignedData, type SignedDataVerdict } from "./verify.ts";

/** The bytes that a PDF signature covers. */
export interface CoveredBytes {
  /** Their digest by its object identifier. Throws UNSUPPORTED_ALGORITHM. */
  digest(oid: string): Buffer;
  /** All of them, in pieces: asked for only by the rare CMS that signs the content itself. */
  chunks(): Iterable<Buffer>;
}

/** What stands in a signature dictionary (ISO 32000-2 §12.8.1, Table 255). */
export interface PdfSignature {
  readonly subFilter: string;
  /** The bytes in the hole, with the zeros behind them. */
  readonly contents: Buffer;
  /** The certificates of `/Cert`, the signer's first; adbe.x509.rsa_sha1 needs them. */
  readonly certificates?: readonly Buffer[];
}

export interface PdfSignatureVerdict extends SignedDataVerdict {
  /** The CMS; undefined for adbe.x509.rsa_sha1, which is none, and where it cannot be read. */
  readonly data: SignedData | undefined;
  /** Certificates that came with the signature. */
  readonly certificates: readonly Certificate[];
}

/** The SubFilters that are judged here; ETSI.RFC3161 is a time-stamp, which `readToken` reads. */
export const signatureSubFilters = [
  "ETSI.CAdES.detached",
  "adbe.pkcs7.detached",
  "adbe.pkcs7.sha1",
  "adbe.x509.rsa_sha1",
] as const;

/**
 * Checks a PDF signature value against the bytes it covers. Never throws for what the signature contains: what cannot
 * be read is invalid with FORMAT_FAILURE, an unknown SubFilter at best unknown with it. `pool` may hold the certificate
 * of a signer, or of a countersigner, that the CMS does not bring.
 */
export function verifyPdfSignature(
  signature: PdfSignature,
  covered: CoveredBytes,
  pool: readonly Certificate[] = [],
): PdfSignatureVerdict {
  const verdict = attempt(() => verifyByKind(signature, covered, pool));
  return verdict instanceof SigningError ? failed("FORMAT_FAILURE", `${verdict.code} ${verdict.message}`) : verdict;
}

function verifyByKind(
  signature: PdfSignature,
  covered: CoveredBytes,
  pool: readonly Certificate[],
): PdfSignatureVerdict {
  switch (signature.subFilter) {
    case "ETSI.CAdES.detached":
    case "adbe.pkcs7.detached":
      return verifyDetached(readSignedData(signature.contents, true), covered, pool);
    case "adbe.pkcs7.sha1":
      return verifyEnclosedSha1(readSignedData(signature.contents, true), covered, pool);
    case "adbe.x509.rsa_sha1":
      return verifyRsaSha1(signature, covered);
    default:
      return verifyUnknown(signature, covered, pool);
  }
}

/**
 * What an unknown SubFilter means by its contents nobody can say (EN 319 102-1 §5.2.2). But where it is a detached CMS
 * that does not fit the bytes, these were changed, the name of the format perhaps.
 */
function verifyUnknown(
  { subFilter, contents }: PdfSignature,
  covered: CoveredBytes,
  pool: readonly Certificate[],
): PdfSignatureVerdict {
  const verdict = attempt(() => verifyDetached(readSignedData(contents, true), covered, pool));
  const read = verdict instanceof SigningError ? { ...nothing, notes: [] } : verdict;
  if ("result" in read && read.result === "invalid") return read;
  const notes = [`UNSUPPORTED_SUBFILTER ${subFilter}`, ...read.notes];
  return { ...read, result: "unknown", subIndication: "FORMAT_FAILURE", notes };
}

const nothing = {
  subIndication: undefined,
  certificate: undefined,
  signingCertificate: false,
  claimedTime: undefined,
  data: undefined,
  certificates: [],
} as const;

function failed(subIndication: SignedDataVerdict["subIndication"], ...notes: string[]): PdfSignatureVerdict {
  return { ...nothing, result: "invalid", subIndication, notes };
}

/** ISO 32000-2 §12.8.3.3.1: nothing is enclosed, the digest is that of the byte range. */
function verifyDetached(data: SignedData, covered: CoveredBytes, pool: readonly Certificate[]): PdfSignatureVerdict {
  if (data.content !== undefined) throw malformed("a detached signature encloses content");
  if (data.contentType !== Oid.data) throw malformed("content is not of type data");
  const verdict = verifySignedData(
    data,
    (oid) => covered.digest(oid),
    () => covered.chunks(),
    pool,
  );
  const notes = [...verdict.notes, ...notesAside(data, pool)];
  return { ...verdict, data, certificates: data.certificates, notes };
}

/** What else stands beside the signature: it takes nothing away from it, and proves nothing of it. */
function notesAside(data: SignedData, pool: readonly Certificate[]): string[] {
  return [...archiveTimestampNotes(data), ...countersignatureNotes(data, pool)];
}

/** ISO 32000-1 §12.8.3.3.1: the CMS encloses the SHA-1 of the byte range, and signs that. */
function verifyEnclosedSha1(
  data: SignedData,
  covered: CoveredBytes,
  pool: readonly Certificate[],
): PdfSignatureVerdict {
  const { content } = data;
  if (data.contentType !== Oid.data) throw malformed("content is not of type data");
  if (!content) throw malformed("no SHA-1 is enclosed");
  const verdict = content.equals(covered.digest(Oid.sha1))
    ? verifySignedData(
        data,
        (oid) => digest(oid, content),
        () => content,
        pool,
      )
    : failed("HASH_FAILURE");
  const notes = [...new Set([...verdict.notes, "WEAK_DIGEST_SHA1", ...notesAside(data, pool)])];
  return { ...verdict, data, certificates: data.certificates, notes };
}

const maximumCertificates = 64;

/** Digests that adbe.x509.rsa_sha1 came to be used with (ISO 32000-1 Table 257). */
const rsaSha1Digests = [Oid.sha1, Oid.sha256, Oid.sha384, Oid.sha512, Oid.ripemd160];

/** ISO 32000-1 §12.8.3.2: an OCTET STRING with a PKCS#1 signature over the byte range; certificates are in /Cert. */
function verifyRsaSha1({ contents, certificates = [] }: PdfSignature, covered: CoveredBytes): PdfSignatureVerdict {
  const element = readElement(contents);
  if (contents.subarray(element.end).some((byte) => byte !== 0)) throw malformed("bytes other than 00 follow");
  const signature = element.octets();
  const [first, ...others] = certificates.slice(0, maximumCertificates);
  const certificate = first && readCertificate(first);
  const rest = readableOf(others, readCertificate, () => undefined);
  const base = { ...nothing, certificate, certificates: certificate ? [certificate, ...rest] : [] };
  if (!certificate) {
    return { ...base, result: "unknown", subIndication: "NO_SIGNING_CERTIFICATE_FOUND", notes: [] };
  }
  const key = attempt(() => publicKeyOf(certificate));
  if (key instanceof SigningError) {
    return { ...base, result: "unknown", subIndication: "CRYPTO_CONSTRAINTS_FAILURE", notes: ["UNSUPPORTED_KEY"] };
  }
  if (key.asymmetricKeyType !== "rsa") {
    return { ...base, result: "invalid", subIndication: "SIG_CRYPTO_FAILURE", notes: ["KEY_OF_ANOTHER_KIND"] };
  }
  const block = recoverBlock(key, signature);
  if (typeof block === "string") {
    return { ...base, result: "invalid", subIndication: "SIG_CRYPTO_FAILURE", notes: [block] };
  }
  let verdict: RawVerdict | undefined;
  for (const oid of rsaSha1Digests) {
    verdict = comparePkcs1(block, oid, covered.digest(oid), key);
    if (verdict.result === "valid") return { ...base, result: "valid", notes: verdict.notes };
  }
  return { ...base, result: "invalid", subIndication: "SIG_CRYPTO_FAILURE", notes: verdict!.notes };
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
