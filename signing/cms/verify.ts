import { algorithmName } from "../algorithms/names.ts";
import type { Message } from "../algorithms/message.ts";
import { verifyRaw, type RawVerdict } from "../algorithms/raw.ts";
import { publicKeyOf, type Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { isAlgorithmProtected } from "./algorithm-protection.ts";
import { readSignedAttributes, signedForms, singleValue, type Attributes } from "./attributes.ts";
import type { SignedData, SignerInfo } from "./signed-data.ts";
import { isSigner } from "./signer-identifier.ts";
import { judgeSigningCertificate, type SigningCertificateVerdict } from "./signing-certificate.ts";
import { attempt } from "./tolerance.ts";

/** How the signature inside a SignedData came out. */
export interface SignedDataVerdict {
  readonly result: "valid" | "invalid" | "unknown";
  readonly subIndication:
    | "HASH_FAILURE"
    | "SIG_CRYPTO_FAILURE"
    | "FORMAT_FAILURE"
    | "NO_SIGNING_CERTIFICATE_FOUND"
    | "CRYPTO_CONSTRAINTS_FAILURE"
    | undefined;
  readonly certificate: Certificate | undefined;
  /** Whether a matching signing-certificate attribute is signed, as baseline profiles want it. */
  readonly signingCertificate: boolean;
  readonly claimedTime: Date | undefined;
  readonly notes: readonly string[];
}

/** Most certificates of one issuer and serial number that are tried. */
const maximumCandidates = 4;

/** The DER SET OF signed attributes as it is hashed (RFC 5652 §5.4); undefined where none are signed. */
export function signedAttributesBytes({ signedAttributes }: SignedData): Buffer | undefined {
  return signedAttributes && signedForms(signedAttributes)[0]!.bytes;
}

/**
 * Checks the signature over a content given by its digest: message-digest, content-type, signing certificate,
 * algorithm agreement and the raw signature. `contentDigest` is computed with the named digest algorithm;
 * `content` gives the whole content, or its pieces, for a CMS without signed attributes; `pool` may hold the signer's
 * certificate where the CMS does not. Throws CMS_MALFORMED, ASN1_MALFORMED, ASN1_LIMIT.
 */
export function verifySignedData(
  data: SignedData,
  contentDigest: (oid: string) => Buffer,
  content: () => Buffer | Iterable<Buffer>,
  pool: readonly Certificate[] = [],
): SignedDataVerdict {
  const message = (): Message => {
    const whole = content();
    return Buffer.isBuffer(whole) ? whole : { digest: contentDigest, chunks: () => whole };
  };
  const verdict = verifySigner(data, {
    contentType: data.contentType,
    contentDigest,
    message,
    certificates: [...data.certificates, ...pool],
  });
  return { ...verdict, notes: [...data.notes, ...verdict.notes] };
}

/** What one SignerInfo signs; a countersignature signs a signature and has no content type (RFC 5652 §11.4). */
export interface SignerSubject {
  readonly contentType: string | undefined;
  readonly contentDigest: (oid: string) => Buffer;
  readonly message: () => Message;
  readonly certificates: readonly Certificate[];
}

/** Checks one SignerInfo. Throws CMS_MALFORMED, ASN1_MALFORMED, ASN1_LIMIT. */
export function verifySigner(signer: SignerInfo, subject: SignerSubject): SignedDataVerdict {
  const attributes = signer.signedAttributes && readSignedAttributes(signer.signedAttributes);
  const candidates = findCandidates(signer, attributes, subject.certificates);
  const notes: string[] = [];
  const time = attributes && readClaimedTime(attributes, notes);
  let chosen = candidates[0];
  const verdict = (
    result: SignedDataVerdict["result"],
    subIndication: SignedDataVerdict["subIndication"],
    ...more: readonly string[]
  ): SignedDataVerdict => ({
    result,
    subIndication,
    certificate: chosen?.certificate,
    signingCertificate: chosen?.ess.result === "matches",
    claimedTime: time,
    notes: [...notes, ...more],
  });

  if (!chosen) return verdict("unknown", "NO_SIGNING_CERTIFICATE_FOUND");
  const digestAlgorithm = signer.digestAlgorithm.oid;
  const expected = attempt(() => subject.contentDigest(digestAlgorithm));
  if (expected instanceof SigningError) {
    return verdict("unknown", "CRYPTO_CONSTRAINTS_FAILURE", `UNSUPPORTED_DIGEST ${algorithmName(digestAlgorithm)}`);
  }

  if (attributes) {
    const contentType = subject.contentType;
    if (contentType !== undefined && singleValue(attributes, Oid.contentType)?.oid() !== contentType) {
      return verdict("invalid", "FORMAT_FAILURE", "CONTENT_TYPE");
    }
    if (!singleValue(attributes, Oid.messageDigest)?.octets().equals(expected)) {
      return verdict("invalid", "HASH_FAILURE");
    }
    if (chosen.ess.result === "differs") {
      return verdict("invalid", "NO_SIGNING_CERTIFICATE_FOUND", "SIGNING_CERTIFICATE_DIFFERS");
    }
    const protection = attributes.get(Oid.cmsAlgorithmProtection);
    if (protection && !isAlgorithmProtected(protection, signer)) {
      return verdict("invalid", "FORMAT_FAILURE", "ALGORITHM_PROTECTION");
    }
    notes.push(...chosen.ess.notes);
  } else {
    // RFC 5652 §5.3: without signed attributes only plain data may be signed.
    if (subject.contentType !== undefined && subject.contentType !== Oid.data) {
      return verdict("invalid", "FORMAT_FAILURE", "SIGNED_ATTRIBUTES_MISSING");
    }
    notes.push("NO_SIGNED_ATTRIBUTES");
  }

  let raw = verifyBy(chosen.certificate, signer, subject);
  for (const other of candidates.slice(1)) {
    if (raw.result === "valid") break;
    // Two certificates can bear one name and number; the one whose key fits is the signer's.
    const second = verifyBy(other.certificate, signer, subject);
    if (second.result === "valid") [chosen, raw] = [other, second];
  }
  notes.push(...raw.notes);
  if (raw.result === "invalid") return verdict("invalid", "SIG_CRYPTO_FAILURE");
  if (raw.result === "unsupported") return verdict("unknown", "CRYPTO_CONSTRAINTS_FAILURE");
  return verdict("valid", undefined);
}

interface Candidate {
  readonly certificate: Certificate;
  readonly ess: SigningCertificateVerdict;
}

/** The certificates that the SignerInfo names; where it signs which of them it means, that one alone. */
function findCandidates(
  signer: SignerInfo,
  attributes: Attributes | undefined,
  certificates: readonly Certificate[],
): readonly Candidate[] {
  const named = certificates.filter((certificate) => isSigner(signer.signerIdentifier, certificate));
  const candidates = [...new Set(named)].slice(0, maximumCandidates).map((certificate): Candidate => {
    const absent: SigningCertificateVerdict = { result: "absent", notes: [] };
    return { certificate, ess: attributes ? judgeSigningCertificate(attributes, certificate) : absent };
  });
  const meant = candidates.find(({ ess }) => ess.result === "matches");
  return meant ? [meant] : candidates;
}

/** The claimed time proves nothing, so one that cannot be read takes nothing away. */
function readClaimedTime(attributes: Attributes, notes: string[]): Date | undefined {
  const time = attempt(() => singleValue(attributes, Oid.signingTime)?.time());
  if (!(time instanceof SigningError)) return time;
  notes.push("UNREADABLE_SIGNING_TIME");
  return undefined;
}

function verifyBy(certificate: Certificate, signer: SignerInfo, subject: SignerSubject): RawVerdict {
  const key = attempt(() => publicKeyOf(certificate));
  if (key instanceof SigningError) return { result: "unsupported", notes: ["UNSUPPORTED_KEY"] };
  const { signatureAlgorithm: algorithm, signature, signedAttributes } = signer;
  const digestAlgorithm = signer.digestAlgorithm.oid;
  if (!signedAttributes) return verifyRaw({ algorithm, digestAlgorithm, key, data: subject.message(), signature });
  let first: RawVerdict | undefined;
  for (const { bytes, note } of signedForms(signedAttributes)) {
    const raw = verifyRaw({ algorithm, digestAlgorithm, key, data: bytes, signature });
    if (raw.result === "valid") return note ? { ...raw, notes: [...raw.notes, note] } : raw;
    first ??= raw;
    if (raw.result === "unsupported") break;
  }
  return first!;
}
