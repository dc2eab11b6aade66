import type { Certificate } from "./certificates.ts";
import { noEvidence } from "./evidence.ts";
import type { CertificateSubIndication } from "./faults.ts";
import { validateCertificate } from "./validation.ts";

export { isSignedBy } from "./signatures.ts";

/** How trust in a certificate came out, in the words of EN 319 102-1 §5.2.6. */
export interface ChainVerdict {
  readonly indication: "PASSED" | "INDETERMINATE";
  readonly subIndication: CertificateSubIndication | undefined;
  /** From the certificate itself up to the anchor; empty where no path was found. */
  readonly path: readonly Certificate[];
  readonly notes: readonly string[];
}

/** What the certificate at the end of a path must be good for. */
export type ChainPurpose = "signature" | "timestamp";

export interface ChainRequest {
  readonly certificate: Certificate;
  /** Other certificates at hand; nothing in them is trusted. */
  readonly pool: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at: Date;
  readonly purpose: ChainPurpose;
}

/** `validateCertificate` without revocation, for anchors that are only certificates. */
export function checkChain({ certificate, pool, anchors, at, purpose }: ChainRequest): ChainVerdict {
  const { indication, subIndication, path, notes } = validateCertificate({
    certificate,
    evidence: { ...noEvidence, certificates: pool },
    anchors: anchors.map((anchor) => ({ certificate: anchor, store: "CUSTOM" })),
    at,
    purpose,
    revocation: "none",
  });
  return { indication, subIndication, path: path?.certificates ?? [], notes: notes.slice(0, 1) };
}
