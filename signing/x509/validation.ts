import type { Certificate } from "./certificates.ts";
import type { Evidence } from "./evidence.ts";
import { byGravity, gravity, type CertificateSubIndication, type Fault } from "./faults.ts";
import type { Path, PathInputs } from "./path.ts";
import { findPaths } from "./path-building.ts";
import { validatePath } from "./path-validation.ts";
import type { ValidPolicy } from "./policy-graph.ts";
import { revocationStatus, type RevocationVerdict } from "./revocation.ts";
import type { TrustAnchor } from "./trust.ts";
import { Oid } from "../oids.ts";

/** What the certificate at the end of a path must be good for. */
export type CertificatePurpose = "signature" | "timestamp" | "ocsp" | "crl";

export interface CertificateRequest extends PathInputs {
  readonly certificate: Certificate;
  readonly evidence: Evidence;
  readonly anchors: readonly TrustAnchor[];
  readonly purpose: CertificatePurpose;
  /** "if-available": a revocation that is known counts, a lack of news does not. */
  readonly revocation: "required" | "if-available" | "none";
}

/** How trust in a certificate came out (EN 319 102-1 §5.2.6), over the best of its paths. */
export interface CertificateVerdict {
  readonly indication: "PASSED" | "INDETERMINATE";
  readonly subIndication: CertificateSubIndication | undefined;
  readonly path: Path | undefined;
  /** For each certificate of the path but the anchor's; empty where revocation was not asked for. */
  readonly revocation: readonly RevocationVerdict[];
  readonly policies: readonly ValidPolicy[];
  /** Everything wrong with that path, the gravest first. */
  readonly faults: readonly Fault[];
  /** The faults in words, and why evidence could not be used. */
  readonly notes: readonly string[];
}

/** Most paths that are judged for one certificate. */
export const maximumPaths = 32;

/**
 * Looks for paths from a certificate to an anchor, checks each at one instant, revocation included, and returns the
 * first valid one or else the one whose gravest fault weighs least. Never throws for what certificates and evidence
 * contain.
 */
export function validateCertificate(request: CertificateRequest): CertificateVerdict {
  const { certificate, evidence, anchors, at } = request;
  let best: CertificateVerdict | undefined;
  let judged = 0;
  for (const path of findPaths({ certificate, pool: evidence.certificates, anchors, at })) {
    if (++judged > maximumPaths) break;
    const verdict = judge(path, request);
    if (verdict.indication === "PASSED") return verdict;
    if (!best || weight(verdict) > weight(best)) best = verdict;
  }
  return best ?? nothingFound();
}

function nothingFound(): CertificateVerdict {
  const subIndication = "NO_CERTIFICATE_CHAIN_FOUND";
  return {
    indication: "INDETERMINATE",
    subIndication,
    path: undefined,
    revocation: [],
    policies: [],
    faults: [],
    notes: [],
  };
}

const weight = ({ subIndication }: CertificateVerdict) => gravity.indexOf(subIndication!);

function judge(path: Path, request: CertificateRequest): CertificateVerdict {
  const { faults: pathFaults, policies } = validatePath(path, request);
  const unfit = unfitness(request.certificate, request.purpose);
  const found: Fault[] = [...pathFaults];
  if (unfit) found.push({ subIndication: "CHAIN_CONSTRAINTS_FAILURE", note: unfit, index: 0 });
  // A path that does not hold in itself says nothing of who may revoke.
  const sound = found.every(({ subIndication }) => curable.has(subIndication));
  const revocation = request.revocation === "none" || !sound ? [] : statuses(path, request);
  for (const [index, verdict] of revocation.entries()) {
    const fault = faultOf(verdict, index, request.revocation === "required");
    if (fault) found.push(fault);
  }
  const faults = byGravity(found);
  const notes = [...faults.map(({ note }) => note), ...revocation.flatMap((verdict) => verdict.notes)];
  return {
    indication: faults.length > 0 ? "INDETERMINATE" : "PASSED",
    subIndication: faults[0]?.subIndication,
    path,
    revocation,
    policies,
    faults,
    notes: [...new Set(notes)],
  };
}

/** Faults that a proof of existence at an earlier time may do away with: the status then matters as well. */
const curable: ReadonlySet<CertificateSubIndication> = new Set([
  "OUT_OF_BOUNDS_NO_POE",
  "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
]);

function statuses(path: Path, { evidence, anchors, at, algorithms }: CertificateRequest): RevocationVerdict[] {
  return path.certificates
    .slice(0, -1)
    .map((_, index) => revocationStatus({ path, index, evidence, anchors, at, ...(algorithms && { algorithms }) }));
}

function faultOf({ status, reason, fresh }: RevocationVerdict, index: number, required: boolean): Fault | undefined {
  const fault = (subIndication: CertificateSubIndication, note: string): Fault => ({ subIndication, note, index });
  if (status === "REVOKED") {
    // §5.2.6.4: a hold may be lifted again.
    if (reason === "certificateHold") return fault("TRY_LATER", "ON_HOLD");
    return index === 0 ? fault("REVOKED_NO_POE", "REVOKED") : fault("REVOKED_CA_NO_POE", "AUTHORITY_REVOKED");
  }
  if (!required || (status === "GOOD" && fresh)) return undefined;
  return fault("TRY_LATER", status === "GOOD" ? "REVOCATION_STATUS_TOO_OLD" : "REVOCATION_STATUS_UNKNOWN");
}

function unfitness({ keyUsage, extendedKeyUsage, extensions }: Certificate, purpose: CertificatePurpose) {
  if (purpose === "crl") return keyUsage && !keyUsage.has("cRLSign") ? "KEY_MAY_NOT_SIGN_LISTS" : undefined;
  if (keyUsage && !keyUsage.has("digitalSignature") && !keyUsage.has("nonRepudiation")) return "KEY_MAY_NOT_SIGN";
  switch (purpose) {
    case "timestamp": {
      // RFC 3161 §2.3: the purpose stands alone and is critical.
      const alone = extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === Oid.timeStamping;
      return alone && extensions.get(Oid.extendedKeyUsage)?.critical ? undefined : "KEY_MAY_NOT_TIMESTAMP";
    }
    case "ocsp":
      return extendedKeyUsage?.includes(Oid.ocspSigning) ? undefined : "KEY_MAY_NOT_ANSWER_FOR_STATUS";
    case "signature": {
      // Keys of these services must sign nothing else (RFC 5280 §4.2.1.12).
      const service = extendedKeyUsage?.every((each) => each === Oid.timeStamping || each === Oid.ocspSigning);
      return service && extendedKeyUsage?.length ? "KEY_IS_FOR_ANOTHER_PURPOSE" : undefined;
    }
  }
}
