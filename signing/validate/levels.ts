import type { Certificate } from "../x509/certificates.ts";
import type { Evidence } from "../x509/evidence.ts";
import { findPaths, type Path } from "../x509/path.ts";
import { revocationStatus } from "../x509/revocation.ts";
import type { SecurityStore } from "./dss.ts";
import type { SignatureLevel } from "./report.ts";

/** What the file itself holds that bears on a signature's level; trust in anchors is left aside. */
export interface LevelMaterial {
  /** Whether the signature has the form of PAdES baseline B-B (EN 319 142-1 §6.3). */
  readonly baseline: boolean;
  readonly signer: Certificate | undefined;
  /** The signer's path to a given anchor, where there is one. */
  readonly path: Path | undefined;
  /** The paths of the authorities of its own right time-stamps to given anchors. */
  readonly stampPaths: readonly Path[];
  /** When, by its right time-stamps, it existed (milliseconds); undefined without one. */
  readonly stamped: number | undefined;
  /** Whether one of these stands inside it. */
  readonly stampInside: boolean;
  /** What came inside the signature. */
  readonly embedded: Evidence;
  /** The security store as it is now. */
  readonly store: SecurityStore;
  /** The stores as each right document time-stamp behind the signature covers them. */
  readonly coveredStores: readonly SecurityStore[];
}

/**
 * The level that a signature reaches by what is there and suffices (EN 319 142-1 §6), not by what it claims. With a
 * path to an anchor news are wanted for every certificate below it, the time-stamp authorities' included; without one
 * it is not known where trust would begin, and news about the signer's own certificate suffice.
 */
export function levelOf(material: LevelMaterial): SignatureLevel {
  const { baseline, stamped, stampInside, store, coveredStores } = material;
  if (!baseline) return stampInside ? "CMS_WITH_TIMESTAMP" : "CMS";
  if (stamped === undefined) return "B-B";
  if (coveredStores.some((covered) => suffices(material, covered, stamped))) return "B-LTA";
  return suffices(material, store, stamped) ? "B-LT" : "B-T";
}

/** Whether a store documents what a validation needs once nobody can be asked any more. */
function suffices(material: LevelMaterial, store: SecurityStore, stamped: number): boolean {
  const { signer, path, stampPaths, embedded } = material;
  if (!store.present || !signer) return false;
  const evidence: Evidence = {
    certificates: [...store.evidence.certificates, ...embedded.certificates],
    crls: [...store.evidence.crls, ...embedded.crls],
    ocsp: [...store.evidence.ocsp, ...embedded.ocsp],
  };
  if (path) return [path, ...stampPaths].every((each) => isDocumented(each, evidence, stamped));
  // Without an anchor any issuer at hand may be one.
  if (signer.subject.der.equals(signer.issuer.der)) return true;
  const anchors = evidence.certificates.map((certificate) => ({ certificate, store: "" }));
  for (const short of findPaths({ certificate: signer, pool: [], anchors })) {
    if (short.certificates.length === 2 && isDocumented(short, evidence, stamped)) return true;
  }
  return false;
}

/** Whether the file tells of each certificate below the anchor, for the time of the signature or later. */
function isDocumented(path: Path, evidence: Evidence, stamped: number): boolean {
  const inFile = new Set(evidence.certificates.map(({ sha256 }) => sha256));
  return path.certificates.slice(0, -1).every((certificate, index) => {
    if (!inFile.has(certificate.sha256)) return false;
    const at = new Date(stamped);
    const { status, fresh } = revocationStatus({ path, index, evidence, anchors: [path.anchor], at });
    return status !== "UNKNOWN" && fresh;
  });
}
