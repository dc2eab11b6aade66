/** Why trust in a certificate is not established, in the words of EN 319 102-1 §5.1.3. */
export type CertificateSubIndication =
  | "NO_CERTIFICATE_CHAIN_FOUND"
  | "CERTIFICATE_CHAIN_GENERAL_FAILURE"
  | "CHAIN_CONSTRAINTS_FAILURE"
  | "REVOKED_CA_NO_POE"
  | "REVOKED_NO_POE"
  | "OUT_OF_BOUNDS_NO_POE"
  | "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
  | "TRY_LATER";

/** One thing wrong with a path; `index` counts from the certificate judged (0) towards the anchor. */
export interface Fault {
  readonly subIndication: CertificateSubIndication;
  readonly note: string;
  readonly index: number;
}

/** From the gravest to the one that more evidence or time may cure. */
export const gravity: readonly CertificateSubIndication[] = [
  "NO_CERTIFICATE_CHAIN_FOUND",
  "CERTIFICATE_CHAIN_GENERAL_FAILURE",
  "CHAIN_CONSTRAINTS_FAILURE",
  "REVOKED_CA_NO_POE",
  "REVOKED_NO_POE",
  "OUT_OF_BOUNDS_NO_POE",
  "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
  "TRY_LATER",
];

/** Faults with the gravest first; of equals, the one nearest to the anchor. */
export function byGravity(faults: readonly Fault[]): Fault[] {
  const rank = ({ subIndication }: Fault) => gravity.indexOf(subIndication);
  return faults.toSorted((a, b) => rank(a) - rank(b) || b.index - a.index);
}
