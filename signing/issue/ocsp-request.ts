import { createHash } from "node:crypto";
import { readBer, Tag, type Asn1 } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readCertificate } from "../x509/certificates.ts";

/** One certificate that is asked about. */
export interface OcspQuestion {
  /** The CertID as it was asked, in DER, to be sent back. */
  readonly certificateId: Buffer;
  readonly serialNumber: bigint;
  /** Whether the certificate asked about is named as one of this issuer's (in DER). */
  isOf(issuer: Buffer): boolean;
}

const mostQuestions = 20;

/**
 * Reads an OCSPRequest (RFC 6960 §4.1.1) for those who answer it: what is asked about, and the nonce. Throws
 * BAD_OCSP_REQUEST, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readOcspRequest(bytes: Buffer): {
  readonly questions: readonly OcspQuestion[];
  readonly nonce?: Buffer;
} {
  const [tbs] = readBer(bytes).sequence();
  const fields = tbs?.sequence() ?? [];
  const list = fields.find((field) => field.isUniversal(Tag.sequence))?.sequence() ?? [];
  if (list.length === 0 || list.length > mostQuestions) throw malformed("no requests, or too many");
  const extensions = fields.find((field) => field.isContext(2))?.children[0]?.sequence() ?? [];
  const nonce = extensions
    .find((extension) => extension.sequence()[0]?.oid() === Oid.ocspNonce)
    ?.sequence()
    .at(-1);
  return { questions: list.map(readQuestion), ...(nonce && { nonce: readBer(nonce.octets()).octets() }) };
}

/** Request ::= SEQUENCE { reqCert CertID, … }; CertID ::= SEQUENCE { hashAlgorithm, nameHash, keyHash, serial }. */
function readQuestion(request: Asn1): OcspQuestion {
  const [id] = request.sequence();
  const [algorithm, nameHash, keyHash, serial] = id?.sequence() ?? [];
  const oid = algorithm?.sequence()[0]?.oid();
  if (!id || !nameHash || !keyHash || !serial) throw malformed("CertID is incomplete");
  const hash = oid === Oid.sha1 ? "sha1" : oid === Oid.sha256 ? "sha256" : undefined;
  return {
    certificateId: id.raw,
    serialNumber: serial.integer(),
    isOf(issuer) {
      if (!hash) return false;
      const { subject, publicKeyInfo } = readCertificate(issuer);
      const digest = (data: Buffer) => createHash(hash).update(data).digest();
      const key = readBer(publicKeyInfo).sequence()[1]!.bits();
      return digest(subject.der).equals(nameHash.octets()) && digest(key).equals(keyHash.octets());
    },
  };
}

const malformed = (message: string) => new SigningError("BAD_OCSP_REQUEST", message);
