import type { Differences } from "../diff/differences.ts";
import type { Certificate } from "../x509/certificates.ts";
import type { Path } from "../x509/path.ts";
import type { RevocationVerdict } from "../x509/revocation.ts";
import type { JudgedSignature } from "./judgement.ts";
import type { ReadSignature } from "./reading.ts";
import type {
  CertificateReport,
  Indication,
  Integrity,
  RevocationReport,
  SignatureLevel,
  SignatureMark,
  SignatureVerdict,
  SignerIdentity,
  SubIndication,
  TimestampReport,
} from "./report.ts";
import { uncheckable, type JudgedStamp } from "./time-stamps.ts";

/** Everything that is known of one signature. */
export interface VerdictParts {
  readonly judged: JudgedSignature;
  readonly differences: Differences;
  readonly level: SignatureLevel;
  readonly mark: SignatureMark | undefined;
  /** Why the reading of the file itself is in doubt. */
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

/** The verdict on one signature, from its parts. */
export function verdictOf({ judged, differences, level, mark, doubts, notes }: VerdictParts): SignatureVerdict {
  const { signature, trust, stamps, provenTime } = judged;
  const { found, verdict, digest } = signature;
  const [integrity, failure] = judgeIntegrity(judged, differences, doubts);
  const [indication, subIndication] = conclude(integrity, failure, judged);
  const certificate = verdict?.certificate ?? (found.kind === "DOCUMENT_TIMESTAMP" ? authorityOf(judged) : undefined);
  const own = [...found.faults, ...differences.reasons, ...differences.doubts, ...doubts];
  const all = [...own, ...differences.notes, ...(verdict?.notes ?? []), ...judged.notes, ...notes];
  return {
    field: found.field,
    kind: found.kind,
    mark,
    indication,
    subIndication,
    integrity,
    coverage: found.coverage,
    modificationLevel: differences.level,
    level: integrity === "FAIL" ? "NONE" : level,
    signer: certificate && identityOf(certificate),
    claimedTime: found.claimedTime ?? verdict?.claimedTime ?? claimOf(judged),
    provenTime,
    revisionEnd: found.range && found.revision !== undefined ? found.range[2] + found.range[3] : undefined,
    evidence: {
      object: found.object,
      offset: found.dictionary.span?.start,
      fieldObject: found.fieldRef.number,
      subFilter: found.subFilter,
      byteRange: found.range,
      digest,
      path: pathReport(trust?.path, trust?.revocation ?? [], certificate),
      timestamps: stamps.map(stampReport),
    },
    notes: [...new Set(all)],
  };
}

/** How the mathematics came out: of the signature, and of the time-stamps inside it. */
export function resultOf({
  found,
  verdict,
  stamps,
}: ReadSignature): readonly ["valid" | "invalid" | "unknown", SubIndication | undefined] {
  if (found.kind === "DOCUMENT_TIMESTAMP") {
    const [stamp] = stamps;
    if (!stamp) return ["invalid", "FORMAT_FAILURE"];
    const { result, notes } = stamp.token;
    if (result === "valid") return ["valid", undefined];
    if (result === "unknown") return ["unknown", uncheckable(stamp.token)];
    if (notes.includes("TIMESTAMP_MALFORMED")) return ["invalid", "FORMAT_FAILURE"];
    return ["invalid", notes.includes("TIMESTAMP_IMPRINT_DIFFERS") ? "HASH_FAILURE" : "SIG_CRYPTO_FAILURE"];
  }
  if (!verdict) return ["invalid", "FORMAT_FAILURE"];
  if (verdict.result !== "valid") return [verdict.result, verdict.subIndication ?? "SIG_CONSTRAINTS_FAILURE"];
  // A stamp that belongs to something else leaves the signature whole but its time in doubt. One that nobody can check,
  // since its authority left its certificate out (RFC 3161 §2.4.1), proves nothing and takes nothing away.
  if (stamps.some(({ token }) => token.result === "invalid")) return ["unknown", "SIG_CONSTRAINTS_FAILURE"];
  return ["valid", undefined];
}

function judgeIntegrity(
  judged: JudgedSignature,
  differences: Differences,
  doubts: readonly string[],
): readonly [Integrity, SubIndication | undefined] {
  const { faults, range } = judged.signature.found;
  if (faults.length > 0 || !range) return ["FAIL", "FORMAT_FAILURE"];
  const [result, failure] = resultOf(judged.signature);
  if (result === "invalid") return ["FAIL", failure];
  if (differences.reasons.length > 0) return ["FAIL", "FORMAT_FAILURE"];
  if (result === "unknown") return ["INDETERMINATE", failure];
  if (differences.doubts.length > 0 || doubts.length > 0) return ["INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"];
  return ["PASS", undefined];
}

function conclude(
  integrity: Integrity,
  failure: SubIndication | undefined,
  { outcome, subIndication }: JudgedSignature,
): readonly [Indication, SubIndication | undefined] {
  if (integrity === "FAIL") return ["TOTAL-FAILED", failure];
  if (outcome === "FAILED") return ["TOTAL-FAILED", subIndication];
  if (integrity === "INDETERMINATE") return ["INDETERMINATE", failure];
  return outcome === "PASSED" ? ["TOTAL-PASSED", undefined] : ["INDETERMINATE", subIndication];
}

function authorityOf({ signature }: JudgedSignature): Certificate | undefined {
  return signature.stamps[0]?.token.authority;
}

/** What a document time-stamp says of its own time, be it trusted or not. */
function claimOf({ signature }: JudgedSignature): Date | undefined {
  return signature.found.kind === "DOCUMENT_TIMESTAMP" ? signature.stamps[0]?.token.time : undefined;
}

function identityOf({ subject, issuer, serial, notBefore, notAfter }: Certificate): SignerIdentity {
  return { subject: subject.text, issuer: issuer.text, serial, notBefore, notAfter };
}

function stampReport({ kind, token, trust, trusted, subIndication }: JudgedStamp): TimestampReport {
  return {
    kind,
    result: token.result,
    time: token.time,
    authority: token.authority?.subject.text,
    trusted,
    subIndication,
    path: pathReport(trust?.path, trust?.revocation ?? [], token.authority),
  };
}

function pathReport(
  path: Path | undefined,
  revocation: readonly RevocationVerdict[],
  alone: Certificate | undefined,
): CertificateReport[] {
  const certificates = path?.certificates ?? (alone ? [alone] : []);
  return certificates.map((certificate, index) => {
    const status = revocation[index];
    return {
      ...identityOf(certificate),
      fingerprint: certificate.sha256,
      trustedBy: path && index === certificates.length - 1 ? path.anchor.store : undefined,
      revocation: status && revocationReport(status),
    };
  });
}

function revocationReport({ status, revokedAt, reason, source }: RevocationVerdict): RevocationReport {
  return {
    status,
    revokedAt,
    reason,
    source: source && {
      kind: source.kind,
      issuer: source.issuer,
      thisUpdate: source.thisUpdate,
      nextUpdate: source.nextUpdate,
      producedAt: source.producedAt,
      sha256: source.sha256,
    },
  };
}
