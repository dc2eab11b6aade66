import { noEvidence, validateCertificate, type Certificate } from "../../signing/index.ts";

/** A certificate, others at hand of which none is trusted, and those that are. */
export interface ChainQuestion {
  readonly certificate: Certificate;
  readonly pool: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at: Date;
  readonly purpose: "signature" | "timestamp";
}

/** What is thought of a certificate with revocation left aside, and why: the gravest fault alone. */
export function judgeChain({ certificate, pool, anchors, at, purpose }: ChainQuestion) {
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
