import { readPssParameters } from "../algorithms/pss.ts";
import { namedDigest } from "../algorithms/raw.ts";
import { isAcceptedAt } from "../algorithms/suites.ts";
import type { AlgorithmIdentifier } from "./certificates.ts";
import type { AlgorithmPolicy } from "./path.ts";
import { Oid } from "../oids.ts";

/** The table of `acceptedUntil` (ETSI TS 119 312 and the national rule), asked for a signature's digest and key. */
export const algorithmsByDate: AlgorithmPolicy = ({ algorithm, key, at }) => {
  const digest = digestOf(algorithm);
  const accepted = isAcceptedAt(digest === undefined ? { key } : { digest, key }, at);
  return accepted ? undefined : `ALGORITHM_NOT_ACCEPTED ${algorithm.oid}`;
};

/**
 * The digest that a signature algorithm uses; undefined where it has a fixed one (EdDSA) or is not known.
 * Throws ASN1_MALFORMED for parameters that cannot be read.
 */
export function digestOf(algorithm: AlgorithmIdentifier): string | undefined {
  return algorithm.oid === Oid.rsassaPss ? readPssParameters(algorithm)?.digest : namedDigest(algorithm.oid);
}
