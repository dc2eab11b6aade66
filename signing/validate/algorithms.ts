import type { KeyObject } from "node:crypto";
import { acceptedUntil, type Suite } from "../algorithms/suites.ts";
import { SigningError } from "../errors.ts";
import { digestOf } from "../x509/algorithm-policy.ts";
import { publicKeyOf, type AlgorithmIdentifier, type Certificate } from "../x509/certificates.ts";

/**
 * The instant (exclusive, in milliseconds) up to which a signature by this certificate's key, with this algorithm and
 * digest, is believed (ETSI TS 119 312); -Infinity for never.
 */
export function reliableUntil(certificate: Certificate, algorithm: AlgorithmIdentifier, digest?: string): number {
  try {
    const named = digestOf(algorithm);
    const key: KeyObject = publicKeyOf(certificate);
    return Math.min(endOf({ key }), ...[named, digest].map((oid) => (oid ? endOf({ digest: oid }) : Infinity)));
  } catch (error) {
    if (error instanceof SigningError) return -Infinity;
    throw error;
  }
}

/** The same for a digest alone. */
export function digestReliableUntil(digest: string): number {
  return endOf({ digest });
}

function endOf(suite: Suite): number {
  const until = acceptedUntil(suite);
  return until === "never" ? -Infinity : (until?.getTime() ?? Infinity);
}
