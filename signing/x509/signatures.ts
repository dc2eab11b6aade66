import type { KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { verifyRaw, type RawVerdict } from "../algorithms/raw.ts";
import { caught } from "./caught.ts";
import { publicKeyOf, readPublicKey, type AlgorithmIdentifier, type Certificate } from "./certificates.ts";
import { atLeast, readDer } from "./der.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** What certificates, revocation lists and OCSP responses have in common. */
export interface Signed {
  readonly tbs: Buffer;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
}

/** Verdicts by what was signed and by the key: objects are remembered for their bytes, keys for their certificates. */
const verdicts = new WeakMap<Signed, WeakMap<KeyObject, RawVerdict>>();

/** Whether the key made the signature. The same question is worked out once. */
export function verifySigned(signed: Signed, key: KeyObject): RawVerdict {
  let known = verdicts.get(signed);
  if (!known) verdicts.set(signed, (known = new WeakMap()));
  let verdict = known.get(key);
  if (!verdict) known.set(key, (verdict = compute(signed, key)));
  return verdict;
}

/** Whether the issuer's key made the signature of this certificate. */
export function isSignedBy(subject: Certificate, issuer: Certificate): boolean {
  return caught(
    () => verifySigned(subject, publicKeyOf(issuer)).result === "valid",
    () => false,
  );
}

function compute({ tbs: data, signatureAlgorithm: algorithm, signature }: Signed, key: KeyObject): RawVerdict {
  return caught<RawVerdict>(
    () => verifyRaw({ algorithm, key, data, signature }),
    () => ({ result: "invalid", notes: ["SIGNATURE_MALFORMED"] }),
  );
}

/** Keys that took their parameters from another, by the certificate and then by that other key. */
const inherited = new WeakMap<Certificate, WeakMap<KeyObject, KeyObject>>();

/**
 * A certificate's key for checking what it signed. A DSA key without parameters has those of its issuer's key
 * (RFC 5280 §6.1.4 e). Throws UNSUPPORTED_KEY.
 */
export function workingKey(certificate: Certificate, issuerKey: KeyObject | undefined): KeyObject {
  if (!issuerKey || !inheritsParameters(certificate)) return publicKeyOf(certificate);
  let known = inherited.get(certificate);
  if (!known) inherited.set(certificate, (known = new WeakMap()));
  let key = known.get(issuerKey);
  if (!key) {
    const [algorithm] = readDer(issuerKey.export({ type: "spki", format: "der" })).sequence();
    if (algorithm!.sequence()[0]!.oid() !== Oid.dsa) throw new SigningError("UNSUPPORTED_KEY", "no parameters to take");
    const [, bits] = atLeast(2, readDer(certificate.publicKeyInfo).sequence());
    key = readPublicKey(der.sequence(algorithm!.raw, bits.raw));
    known.set(issuerKey, key);
  }
  return key;
}

/** Whether this is a DSA key without parameters (RFC 3279 §2.3.2). */
export function inheritsParameters({ publicKeyInfo }: Certificate): boolean {
  const [algorithm] = readDer(publicKeyInfo).sequence();
  const [oid, parameters] = algorithm?.sequence() ?? [];
  return oid?.oid() === Oid.dsa && (!parameters || parameters.isUniversal(5));
}
