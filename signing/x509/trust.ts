import type { Certificate } from "./certificates.ts";

/** Whom to trust, from which store, and at which instants. */
export interface TrustAnchor {
  readonly certificate: Certificate;
  /** Where the trust comes from: "VGCA", "NEAC", "DEMO", "CUSTOM" … */
  readonly store: string;
  /** The first and last instant at which a path may end here; without limits where left out. */
  readonly from?: Date;
  readonly until?: Date;
}

/** Whether a path may end at an anchor at this instant. Its own validity is not asked: RFC 5280 §6.1.1 (d). */
export function isTrustedAt({ from, until }: TrustAnchor, at: Date): boolean {
  return !(from && at < from) && !(until && at > until);
}
