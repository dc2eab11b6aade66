import { algorithmsByDate } from "../x509/algorithm-policy.ts";
import type { Certificate } from "../x509/certificates.ts";
import type { Evidence } from "../x509/evidence.ts";
import { findPaths, type Path } from "../x509/path.ts";
import { revocationStatus, type RevocationVerdict } from "../x509/revocation.ts";
import type { TrustAnchor } from "../x509/trust.ts";
import { validateCertificate, type CertificatePurpose } from "../x509/validation.ts";
import type { Existence } from "./existence.ts";
import { revocationTime, slide } from "./past.ts";
import type { ValidationPolicy } from "./policy.ts";
import type { SubIndication } from "./report.ts";

/** What all judgements about certificates of one file share. */
export interface TrustSetting {
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly policy: ValidationPolicy;
  readonly evidence: Evidence;
  readonly existence: Existence;
}

/** How trust in a certificate came out, for something that its key signed and that existed at a known time. */
export interface Trust {
  readonly trusted: boolean;
  readonly subIndication: SubIndication | undefined;
  readonly path: Path | undefined;
  /** For each certificate of the path below the anchor, at the time that counts. */
  readonly revocation: readonly RevocationVerdict[];
  readonly notes: readonly string[];
}

/** Faults that a proof of an earlier time can heal (EN 319 102-1 §5.6.3.4). */
const healedByTime: ReadonlySet<string> = new Set([
  "REVOKED_NO_POE",
  "REVOKED_CA_NO_POE",
  "OUT_OF_BOUNDS_NO_POE",
  "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
]);
/** Paths that are tried in the past. */
const mostPaths = 8;

/** Reasons for which an authority stops that leave its earlier time-stamps valid (RFC 3161 §4 (1)). */
const harmlessReasons: ReadonlySet<string> = new Set([
  "unspecified",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
]);

/**
 * Judges a certificate for something signed that existed at `existed` (in milliseconds): as things stand now
 * (EN 319 102-1 §5.5.4), else by validation in the past (§5.6.2.4). `stamped` is the time that a time-stamp names.
 */
export function judgeCertificate(
  setting: TrustSetting,
  certificate: Certificate,
  purpose: CertificatePurpose,
  existed: number,
  stamped = Infinity,
): Trust {
  const { anchors, at, policy, evidence } = setting;
  const revocation = policy.revocation === "none" ? "none" : "if-available";
  const request = { certificate, evidence, anchors, at, purpose, revocation, algorithms: algorithmsByDate } as const;
  const verdict = validateCertificate(request);
  const { path } = verdict;
  const then = path && policy.revocation !== "none" ? statusesAt(setting, path, existed) : [];
  const trust = (
    subIndication: SubIndication | undefined,
    notes: readonly string[],
    rest: Partial<Trust> = {},
  ): Trust => {
    return { trusted: subIndication === undefined, subIndication, path, revocation: then, notes, ...rest };
  };

  const [newest] = verdict.revocation;
  const revokedAt = newest?.status === "REVOKED" ? revocationTime(newest) : Infinity;
  // §5.5.4 (4): revoked after the signature is proven to have existed is no fault of the signature.
  const made = harmlessReasons.has(newest?.reason ?? "") ? Math.min(existed, stamped) : existed;
  const standing = verdict.faults.filter(
    ({ subIndication, index }) => !(subIndication === "REVOKED_NO_POE" && index === 0 && made < revokedAt),
  );
  if (path && standing.length === 0) {
    // What existed before the certificate was issued was not signed by its rightful holder.
    if (existed < certificate.notBefore.getTime()) return trust("NOT_YET_VALID", ["SIGNED_BEFORE_ISSUANCE"]);
    const lacking = lackOfNews(setting, path, then);
    const later = Number.isFinite(revokedAt) ? [`REVOKED_LATER ${new Date(revokedAt).toISOString()}`] : [];
    const missing = lacking.length > 0 && policy.revocation === "required";
    return trust(missing ? "TRY_LATER" : undefined, [...later, ...lacking]);
  }
  const faults = standing.map(({ note }) => note);
  const lasting = standing.find(({ subIndication }) => !healedByTime.has(subIndication));
  if (lasting) return trust(lasting.subIndication, faults);

  const others = findPaths({ certificate, pool: evidence.certificates, anchors });
  let considered = 0;
  for (const other of path ? joined(path, others) : others) {
    if (++considered > mostPaths) break;
    const past = slide(setting, other);
    if (!past || existed > past.controlTime) continue;
    const rest = { path: other, revocation: past.revocation };
    if (existed < certificate.notBefore.getTime()) return trust("NOT_YET_VALID", ["SIGNED_BEFORE_ISSUANCE"], rest);
    return trust(undefined, ["VALID_IN_THE_PAST", ...faults], rest);
  }
  return trust(standing[0]?.subIndication ?? "NO_CERTIFICATE_CHAIN_FOUND", faults);
}

/** What is known about each certificate of a path at one instant. */
function statusesAt({ evidence, anchors }: TrustSetting, path: Path, instant: number): RevocationVerdict[] {
  return path.certificates
    .slice(0, -1)
    .map((_, index) =>
      revocationStatus({ path, index, evidence, anchors, at: new Date(instant), algorithms: algorithmsByDate }),
    );
}

/** Notes for certificates of which nothing, or nothing recent enough, is known. */
function lackOfNews({ policy }: TrustSetting, path: Path, known: readonly RevocationVerdict[]): string[] {
  if (policy.revocation === "none") return ["REVOCATION_NOT_CHECKED"];
  const unknown = known.some(({ status }) => status === "UNKNOWN");
  const stale = known.some(({ status, fresh }) => status !== "UNKNOWN" && !fresh);
  return [...(unknown ? ["REVOCATION_NOT_CHECKED"] : []), ...(stale ? ["REVOCATION_NEWS_TOO_OLD"] : [])];
}

function* joined(first: Path, others: Iterable<Path>): Generator<Path> {
  yield first;
  yield* others;
}
