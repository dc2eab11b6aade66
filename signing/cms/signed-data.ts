import { readBer, readElement, Tag, toDer, type Asn1 } from "../asn1.ts";
import { readAlgorithm, readCertificate, type AlgorithmIdentifier, type Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readUnsignedAttributes, type Attributes } from "./attributes.ts";
import { attempt } from "./tolerance.ts";

export { sha1 } from "../algorithms/digests.ts";
export { signedAttributesBytes, verifySignedData, type SignedDataVerdict } from "./verify.ts";

/** A SignerInfo (RFC 5652 §5.3), taken apart but not yet believed. */
export interface SignerInfo {
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
  /** The `[0] IMPLICIT` element; undefined where only the content itself is signed. */
  readonly signedAttributes: Asn1 | undefined;
  readonly unsignedAttributes: Attributes;
  readonly signerIdentifier: Asn1;
}

/** A SignedData with its one SignerInfo (RFC 5652 §5), taken apart but not yet believed. */
export interface SignedData extends SignerInfo {
  readonly contentType: string;
  readonly content: Buffer | undefined;
  readonly certificates: readonly Certificate[];
  /** Members of the `crls` field, each in DER: lists, and OCSP responses as other revocation information. */
  readonly crls: readonly Buffer[];
  readonly ocspResponses: readonly Buffer[];
  readonly notes: readonly string[];
}

const maximumCertificates = 64;
const maximumRevocations = 64;

/**
 * Reads a CMS. In the hole of a PDF (`padded`) zero bytes may follow it, nothing else.
 * Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readSignedData(bytes: Buffer, padded = false): SignedData {
  const info = padded ? readElement(bytes) : readBer(bytes);
  if (bytes.subarray(info.end).some((byte) => byte !== 0)) throw malformed("bytes other than 00 follow the CMS");
  const [type, wrapped, ...behind] = info.sequence();
  if (type?.oid() !== Oid.signedData || !wrapped?.isContext(0) || wrapped.children.length !== 1 || behind.length) {
    throw malformed("SignedData expected");
  }
  const notes = info.indefinite ? ["BER_ENCODING"] : [];

  const fields = [...wrapped.children[0]!.sequence()];
  fields.shift()?.count(5);
  const digests = fields.shift()?.set();
  const [contentType, enclosed, ...beyond] = fields.shift()?.sequence() ?? [];
  const certificates = fields[0]?.isContext(0) ? fields.shift()!.children : [];
  const revocations = fields[0]?.isContext(1) ? fields.shift()!.children : [];
  const infos = fields.shift()?.set();
  if (!digests || !contentType || beyond.length || !infos || fields.length) throw malformed("SignedData is malformed");
  // EN 319 142-1 §6.3: exactly one; with several nothing says which of them the field shows.
  if (infos.length !== 1) throw malformed(`one SignerInfo expected, ${infos.length} found`);
  if (enclosed && (!enclosed.isContext(0) || enclosed.children.length !== 1)) throw malformed("content is malformed");

  const signer = readSignerInfo(infos[0]!);
  const read = readCertificates(certificates, notes);
  const revocation = readRevocations(revocations, notes);
  // RFC 5652 §5.1: the list is there so that one pass can compute all digests; a hint, not a rule for validation.
  const listed = digests.map((element) => readAlgorithm(element).oid);
  if (!listed.includes(signer.digestAlgorithm.oid)) notes.push("DIGEST_ALGORITHM_NOT_LISTED");
  return {
    ...signer,
    contentType: contentType.oid(),
    content: enclosed?.children[0]!.octets(),
    certificates: read,
    ...revocation,
    notes,
  };
}

/** Reads a SignerInfo. Throws CMS_MALFORMED or ASN1_MALFORMED. */
export function readSignerInfo(element: Asn1): SignerInfo {
  const parts = [...element.sequence()];
  parts.shift()?.count(5);
  const signerIdentifier = parts.shift();
  const digestAlgorithm = parts.shift();
  const signedAttributes = parts[0]?.isContext(0) ? parts.shift() : undefined;
  const signatureAlgorithm = parts.shift();
  const signature = parts.shift();
  const unsigned = parts[0]?.isContext(1) ? parts.shift() : undefined;
  if (!signerIdentifier || !digestAlgorithm || !signatureAlgorithm || !signature || parts.length) {
    throw malformed("SignerInfo is malformed");
  }
  return {
    digestAlgorithm: readAlgorithm(digestAlgorithm),
    signatureAlgorithm: readAlgorithm(signatureAlgorithm),
    signature: signature.octets(),
    signedAttributes,
    unsignedAttributes: unsigned ? readUnsignedAttributes(unsigned) : new Map(),
    signerIdentifier,
  };
}

/** CertificateSet: attribute certificates and other kinds, which have tags of their own, are passed over. */
function readCertificates(list: readonly Asn1[], notes: string[]): Certificate[] {
  if (list.length > maximumCertificates) throw malformed("too many certificates");
  const certificates: Certificate[] = [];
  for (const element of list) {
    if (!element.isUniversal(Tag.sequence)) {
      notes.push("OTHER_KIND_OF_CERTIFICATE");
      continue;
    }
    const certificate = attempt(() => readCertificate(definite(element)));
    if (certificate instanceof SigningError) notes.push("UNREADABLE_CERTIFICATE");
    else certificates.push(certificate);
  }
  return certificates;
}

/** RevocationInfoChoices (RFC 5652 §10.2.1): CertificateList, or [1] with OCSP responses inside (RFC 5940 §2). */
function readRevocations(list: readonly Asn1[], notes: string[]): Pick<SignedData, "crls" | "ocspResponses"> {
  if (list.length > maximumRevocations) throw malformed("too many revocation lists");
  const crls: Buffer[] = [];
  const ocspResponses: Buffer[] = [];
  for (const element of list) {
    const [format, value] = element.isContext(1) ? element.children : [];
    if (element.isUniversal(Tag.sequence)) crls.push(definite(element));
    else if (format?.isUniversal(Tag.oid) && format.oid() === Oid.ocspResponseInfo && value) {
      ocspResponses.push(definite(value));
    } else notes.push("OTHER_KIND_OF_REVOCATION");
  }
  return { crls, ocspResponses };
}

function definite(element: Asn1): Buffer {
  return element.indefinite ? toDer(element) : element.raw;
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
