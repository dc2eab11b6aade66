/** EN 319 102-1 §5.1.2: the three outcomes. */
export type Indication = "TOTAL-PASSED" | "INDETERMINATE" | "TOTAL-FAILED";

/** EN 319 102-1 §5.1.3, tables 5 and 6: why an outcome is not TOTAL-PASSED. */
export const subIndications = [
  // Of TOTAL-FAILED
  "FORMAT_FAILURE",
  "HASH_FAILURE",
  "SIG_CRYPTO_FAILURE",
  "REVOKED",
  "EXPIRED",
  "NOT_YET_VALID",
  // Of INDETERMINATE
  "SIG_CONSTRAINTS_FAILURE",
  "CHAIN_CONSTRAINTS_FAILURE",
  "CERTIFICATE_CHAIN_GENERAL_FAILURE",
  "CRYPTO_CONSTRAINTS_FAILURE",
  "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
  "POLICY_PROCESSING_ERROR",
  "SIGNATURE_POLICY_NOT_AVAILABLE",
  "TIMESTAMP_ORDER_FAILURE",
  "NO_SIGNING_CERTIFICATE_FOUND",
  "NO_CERTIFICATE_CHAIN_FOUND",
  "REVOKED_NO_POE",
  "REVOKED_CA_NO_POE",
  "OUT_OF_BOUNDS_NO_POE",
  "OUT_OF_BOUNDS_NOT_REVOKED",
  "REVOCATION_OUT_OF_BOUNDS_NO_POE",
  "NO_POE",
  "TRY_LATER",
  "SIGNED_DATA_NOT_FOUND",
] as const;
export type SubIndication = (typeof subIndications)[number];

/** Bytes, coverage, structure, CMS and permitted changes; trust in certificates left aside. */
export type Integrity = "PASS" | "FAIL" | "INDETERMINATE";

/** How much of the file a signature covers; the last two never pass. */
export type Coverage = "ENTIRE_FILE" | "ENTIRE_REVISION" | "CONTIGUOUS_FROM_START" | "UNCLEAR";

/** What was changed after a signature, from harmless to not allowed. */
export const modificationLevels = ["NONE", "LTA_UPDATES", "FORM_FILLING", "ANNOTATIONS", "OTHER"] as const;
export type ModificationLevel = (typeof modificationLevels)[number];

/** What a signature is in the document. */
export type SignatureKind = "CERTIFICATION" | "APPROVAL" | "DOCUMENT_TIMESTAMP";

/** The level that is really there, whatever the signature claims (EN 319 142-1 §6); trust is left aside. */
export type SignatureLevel =
  "CMS" | "CMS_WITH_TIMESTAMP" | "B-B" | "B-T" | "B-LT" | "B-LTA" | "DOCUMENT_TIMESTAMP" | "NONE";

/** A signature that only shows a part of the text: the agency's number, day or month. */
export type SignatureMark = "NUMBER" | "DAY" | "MONTH";

/** The certificate that a signature names. */
export interface SignerIdentity {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What is known about one certificate being revoked, and from where. */
export interface RevocationReport {
  /** At the time that counts for the signature. */
  readonly status: "GOOD" | "REVOKED" | "UNKNOWN";
  readonly revokedAt: Date | undefined;
  readonly reason: string | undefined;
  readonly source:
    | {
        readonly kind: "CRL" | "OCSP";
        readonly issuer: string;
        readonly thisUpdate: Date;
        readonly nextUpdate: Date | undefined;
        readonly producedAt: Date | undefined;
        /** Of the encoded list or response. */
        readonly sha256: string;
      }
    | undefined;
}

/** One certificate of the path that was judged. */
export interface CertificateReport extends SignerIdentity {
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
  /** The trust store, where the path ends at this certificate. */
  readonly trustedBy: string | undefined;
  readonly revocation: RevocationReport | undefined;
}

/** One time-stamp that bears on a signature. */
export interface TimestampReport {
  /** SIGNATURE: inside it; CONTENT: made before it; DOCUMENT: a later one over the file. */
  readonly kind: "SIGNATURE" | "CONTENT" | "DOCUMENT";
  readonly result: "valid" | "invalid" | "unknown";
  readonly time: Date | undefined;
  readonly authority: string | undefined;
  readonly trusted: boolean;
  readonly subIndication: SubIndication | undefined;
  /** From the authority's certificate up to the anchor, as far as a path was found. */
  readonly path: readonly CertificateReport[];
}

/** Where in the file a signature stands and what the verdict rests on. */
export interface SignatureEvidence {
  /** Number of the signature dictionary's object; undefined where it stands inside another. */
  readonly object: number | undefined;
  /** Byte at which the dictionary begins. */
  readonly offset: number | undefined;
  readonly fieldObject: number;
  readonly subFilter: string;
  readonly byteRange: readonly number[] | undefined;
  /** Digest algorithm and digest (hexadecimal) of the signed bytes. */
  readonly digest: { readonly algorithm: string; readonly value: string } | undefined;
  /** From the signer's certificate up to the anchor, as far as a path was found. */
  readonly path: readonly CertificateReport[];
  readonly timestamps: readonly TimestampReport[];
}

/** The verdict on one signature. Each note is a stable code, with details after a space. */
export interface SignatureVerdict {
  /** The fully qualified field name. */
  readonly field: string;
  readonly kind: SignatureKind;
  /** What the signature is on the page, where its appearance tells. */
  readonly mark: SignatureMark | undefined;
  readonly indication: Indication;
  readonly subIndication: SubIndication | undefined;
  readonly integrity: Integrity;
  readonly coverage: Coverage;
  readonly modificationLevel: ModificationLevel;
  readonly level: SignatureLevel;
  readonly signer: SignerIdentity | undefined;
  /** What the signer says (/M or signing-time); proves nothing. */
  readonly claimedTime: Date | undefined;
  /** The earliest time at which a trusted time-stamp proves that it existed. */
  readonly provenTime: Date | undefined;
  /** What was signed is the file up to this offset (a file of its own); undefined where no revision is covered. */
  readonly revisionEnd: number | undefined;
  readonly evidence: SignatureEvidence;
  readonly notes: readonly string[];
}

/** The anchors that were trusted: the digest changes with any of them, its store or its period. */
export interface TrustStoreIdentity {
  readonly sha256: string;
  readonly anchors: number;
  readonly stores: readonly string[];
}

/** The verdict on a file; `sha256` ties it to the bytes. */
export interface Verification {
  readonly sha256: string;
  readonly indication: Indication;
  readonly integrity: Integrity;
  /** The time that certificates were judged at. */
  readonly validatedAt: Date;
  readonly trustStore: TrustStoreIdentity;
  readonly signatures: readonly SignatureVerdict[];
  readonly notes: readonly string[];
  /** What in the first signed revision could mislead people; says nothing about integrity. Empty unless asked for. */
  readonly warnings: readonly string[];
}

/** The worst of several outcomes; of none nothing is known. */
export function worstIndication(all: readonly Indication[]): Indication {
  if (all.includes("TOTAL-FAILED")) return "TOTAL-FAILED";
  return all.length === 0 || all.includes("INDETERMINATE") ? "INDETERMINATE" : "TOTAL-PASSED";
}

/** The worst of several; of none nothing is known. */
export function worstIntegrity(all: readonly Integrity[]): Integrity {
  if (all.includes("FAIL")) return "FAIL";
  return all.length === 0 || all.includes("INDETERMINATE") ? "INDETERMINATE" : "PASS";
}
