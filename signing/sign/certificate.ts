import { constants, type KeyObject, verify } from "node:crypto";
import { verifyRaw } from "../algorithms/raw.ts";
import { readBer } from "../asn1.ts";
import { signatureAlgorithmOf } from "../cms/write.ts";
import type { Signer } from "../keys/signer.ts";
import { Oid } from "../oids.ts";
import { type Certificate, publicKeyOf, readAlgorithm, readCertificate } from "../x509/certificates.ts";
import { validateCertificate } from "../x509/validation.ts";
import { refuse } from "./refusal.ts";
import type { LevelServices } from "./services.ts";

/** A signer's certificate, read, with its key. */
export interface SigningCertificate {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  readonly isWeak: boolean;
  /** The longest that a raw signature can be, in bytes. */
  readonly signatureSize: number;
}

/** By the certificate's buffer: one signer signs many documents, and reading a certificate costs as much as hashing one. */
const known = new WeakMap<Buffer, SigningCertificate>();

/** Reads the certificate of a signer. Throws BAD_CERTIFICATE, UNSUPPORTED_KEY, ASN1_MALFORMED or ASN1_LIMIT. */
export function signingCertificate(encoded: Buffer): SigningCertificate {
  let found = known.get(encoded);
  if (found === undefined) {
    const certificate = readCertificate(encoded);
    const key = publicKeyOf(certificate);
    known.set(encoded, (found = { certificate, key, isWeak: isWeak(key), signatureSize: signatureSizeOf(key) }));
  }
  return found;
}

/** Of RSA the modulus; 64 bytes of Ed25519; the two numbers of ECDSA in DER, of the longest curve 139 bytes. */
function signatureSizeOf(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 139 * 8) / 8;
}

/** Purposes that rule out signing documents when a certificate names no others (RFC 5280 §4.2.1.12). */
const FOREIGN_PURPOSES: ReadonlySet<string> = new Set([
  Oid.timeStamping,
  Oid.ocspSigning,
  Oid.serverAuth,
  "1.3.6.1.5.5.7.3.3", // code signing
]);

/**
 * Refuses a certificate that no validator would accept at the time claimed: expired or not yet valid, an authority's,
 * one that is for other purposes, or a key that is too short (TS 119 312: RSA below 2,048 bits, curves below 256).
 */
export function refuseUnfit({ certificate, isWeak }: SigningCertificate, at: Date): void {
  const { notBefore, notAfter, keyUsage, extendedKeyUsage } = certificate;
  if (at < notBefore) {
    throw refuse("CERTIFICATE_NOT_YET_VALID", "The certificate is not valid yet.", {
      notBefore: notBefore.toISOString(),
    });
  }
  if (at > notAfter) {
    throw refuse("CERTIFICATE_EXPIRED", "The certificate has expired.", { notAfter: notAfter.toISOString() });
  }
  const signs = !keyUsage || keyUsage.has("digitalSignature") || keyUsage.has("nonRepudiation");
  const foreign = extendedKeyUsage?.every((purpose) => FOREIGN_PURPOSES.has(purpose)) ?? false;
  if (!signs || foreign || certificate.basicConstraints?.ca) {
    throw refuse("KEY_USAGE", "The certificate is not for signing documents.");
  }
  if (isWeak) throw refuse("WEAK_KEY", "The key is too short to sign with.");
}

/** Curves of 256 bits and more that TS 119 312 names; others are refused. */
const STRONG_CURVES: ReadonlySet<string> = new Set([
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
]);

function isWeak(key: KeyObject): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength < 2048;
  return namedCurve !== undefined && !STRONG_CURVES.has(namedCurve);
}

/**
 * Whether `signature` is the certificate key's raw signature over `data`; must be asked before a signature goes into a
 * document. A DigestInfo without parameters counts, as RFC 8017 §8.2.2 lets it and remote services write it.
 */
export function isSignedBy(
  { key }: SigningCertificate,
  signer: Pick<Signer, "digest"> & { readonly scheme?: "pkcs1" | "pss" },
  data: Buffer,
  signature: Buffer,
): boolean {
  const { digest, scheme } = signer;
  try {
    if (key.asymmetricKeyType === "ed25519") return verify(null, data, key, signature);
    if (scheme === "pss" || key.asymmetricKeyType === "rsa-pss") {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify(digest, data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
    }
    if (verify(digest, data, key, signature)) return true;
  } catch {
    return false;
  }
  if (key.asymmetricKeyType !== "rsa") return false;
  const algorithm = readAlgorithm(readBer(signatureAlgorithmOf(key.asymmetricKeyType, digest)));
  return verifyRaw({ algorithm, digestAlgorithm: Oid[digest], key, data, signature }).result === "valid";
}

/** Throws REFUSE_SIGN with KEY_MISMATCH unless the raw signature is the certificate key's. */
export function refuseMismatch(...[certificate, signer, data, signature]: Parameters<typeof isSignedBy>): void {
  if (!isSignedBy(certificate, signer, data, signature)) {
    throw refuse("KEY_MISMATCH", "The signature was not made by the key of the certificate, or over other data.");
  }
}

/**
 * Refuses a certificate that the evidence at hand shows to be revoked; where nothing is known nothing is refused. The
 * evidence is believed only as far as it is signed by authorities under the anchors.
 */
export function refuseRevoked(
  { certificate, chain }: Pick<Signer, "certificate" | "chain">,
  { anchors = [], evidence }: LevelServices,
  at: Date,
): void {
  if (!evidence || anchors.length === 0) return;
  const certificates = [...evidence.certificates, ...chain.map(readCertificate)];
  const { subIndication, revocation } = validateCertificate({
    certificate: signingCertificate(certificate).certificate,
    evidence: { ...evidence, certificates },
    anchors,
    at,
    purpose: "signature",
    revocation: "if-available",
  });
  const revoked = revocation.find(({ status }) => status === "REVOKED");
  if (revoked || subIndication?.startsWith("REVOKED")) {
    const since = revoked?.revokedAt?.toISOString();
    throw refuse("CERTIFICATE_REVOKED", "The certificate has been revoked.", since === undefined ? {} : { since });
  }
}
