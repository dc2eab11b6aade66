/** EN 319 102-1 §5.1.2: the three outcomes. */
export type Indication = "TOTAL-PASSED" | "INDETERMINATE" | "TOTAL-FAILED";

/** EN 319 102-1 §5.1.3, tables 5 and 6: why an outcome is not TOTAL-PASSED. */
export type SubIndication =
  | "FORMAT_FAILURE"
  | "HASH_FAILURE"
  | "SIG_CRYPTO_FAILURE"
  | "SIG_CONSTRAINTS_FAILURE"
  | "CHAIN_CONSTRAINTS_FAILURE"
  | "CERTIFICATE_CHAIN_GENERAL_FAILURE"
  | "CRYPTO_CONSTRAINTS_FAILURE"
  | "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
  | "NO_SIGNING_CERTIFICATE_FOUND"
  | "NO_CERTIFICATE_CHAIN_FOUND"
  | "OUT_OF_BOUNDS_NO_POE"
  | "SIGNED_DATA_NOT_FOUND";

/** Bytes, coverage, structure, CMS and permitted changes; trust in certificates left aside. */
export type Integrity = "PASS" | "FAIL" | "INDETERMINATE";

/** How much of the file a signature covers; the last two never pass. */
export type Coverage = "ENTIRE_FILE" | "ENTIRE_REVISION" | "CONTIGUOUS_FROM_START" | "UNCLEAR";

/** What was changed after a signature, from harmless to not allowed. */
export const modificationLevels = ["NONE", "LTA_UPDATES", "FORM_FILLING", "ANNOTATIONS", "OTHER"] as const;
export type ModificationLevel = (typeof modificationLevels)[number];

/** What a signature is in the document. */
export type SignatureKind = "CERTIFICATION" | "APPROVAL" | "DOCUMENT_TIMESTAMP";

/** The level reached by what was checked; revocation data, hence B-LT and B-LTA, are not assessed. */
export type SignatureLevel = "CMS" | "CMS_WITH_TIMESTAMP" | "B-B" | "B-T" | "DOCUMENT_TIMESTAMP" | "NONE";

/** The certificate that a signature names. */
export interface SignerIdentity {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The verdict on one signature. Each note is a stable code, with details after a space. */
export interface SignatureVerdict {
  /** The fully qualified field name. */
  readonly field: string;
  readonly kind: SignatureKind;
  readonly indication: Indication;
  readonly subIndication: SubIndication | undefined;
  readonly integrity: Integrity;
  readonly coverage: Coverage;
  readonly modificationLevel: ModificationLevel;
  readonly level: SignatureLevel;
  readonly signer: SignerIdentity | undefined;
  /** What the signer says (/M or signing-time); proves nothing. */
  readonly claimedTime: Date | undefined;
  /** What a trusted time-stamp proves. */
  readonly provenTime: Date | undefined;
  /** What was signed is the file up to this offset (a file of its own); undefined where no revision is covered. */
  readonly revisionEnd: number | undefined;
  readonly notes: readonly string[];
}

/** The verdict on a file; `sha256` ties it to the bytes. */
export interface Verification {
  readonly sha256: string;
  readonly indication: Indication;
  readonly integrity: Integrity;
  readonly signatures: readonly SignatureVerdict[];
  readonly notes: readonly string[];
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
