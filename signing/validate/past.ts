import { algorithmsByDate } from "../x509/algorithm-policy.ts";
import type { Evidence } from "../x509/evidence.ts";
import { validatePath, type Path } from "../x509/path.ts";
import { revocationStatus, type RevocationSource, type RevocationVerdict } from "../x509/revocation.ts";
import { reliableUntil } from "./algorithms.ts";
import type { TrustSetting } from "./certificate.ts";

/** Up to when (milliseconds) a path is proven to have been good, and what that rests on, leaf first. */
export interface PastValidity {
  readonly controlTime: number;
  readonly revocation: readonly RevocationVerdict[];
}

/**
 * Validation-time sliding (EN 319 102-1 §5.6.2.2): from the anchor down to the certificate, the control time slides
 * back to the last instant at which what is known – and is proven to have existed by then – says that each was good.
 * A source counts for the whole period it was issued for, not for its first instant alone: the freshness that the
 * standard leaves to policy. Undefined where the past cannot be proven.
 */
export function slide(setting: TrustSetting, path: Path): PastValidity | undefined {
  const { at, policy, existence } = setting;
  const { certificates, anchor } = path;
  const revocation: RevocationVerdict[] = [];
  let control = Math.min(at.getTime(), anchor.until?.getTime() ?? Infinity);
  for (let index = certificates.length - 2; index >= 0; index--) {
    const certificate = certificates[index]!;
    const limit = reliableUntil(certificates[index + 1]!, certificate.signatureAlgorithm) - 1;
    if (existence.since(certificate.sha256) > Math.min(control, limit)) return undefined;
    const before = control;
    control = Math.min(control, limit, certificate.notAfter.getTime());
    if (policy.revocation === "none") continue;
    // Once a certificate has run out nobody tells of it any more: then news from its lifetime must be at hand.
    const needed = policy.revocation === "required" || certificate.notAfter.getTime() < before;
    const next = asNewsSay(setting, path, index, { before, control, needed });
    if (!next) return undefined;
    revocation.unshift(next.status);
    control = next.control;
  }
  if (anchor.from && control < anchor.from.getTime()) return undefined;
  const { faults } = validatePath(path, { at: new Date(control), algorithms: algorithmsByDate });
  return faults.length === 0 ? { controlTime: control, revocation } : undefined;
}

/** The control time after the news about one certificate were looked at; undefined where needed news are missing. */
function asNewsSay(
  { anchors, policy, evidence, existence }: TrustSetting,
  path: Path,
  index: number,
  { before, control, needed }: { readonly before: number; readonly control: number; readonly needed: boolean },
): { readonly control: number; readonly status: RevocationVerdict } | undefined {
  const known = existence.known(evidence, before);
  // Weak algorithms are weighed below, by the time at which they were used.
  const algorithms = () => undefined;
  const status = revocationStatus({ path, index, evidence: known, anchors, at: new Date(control), algorithms });
  const { source } = status;
  if (status.status === "UNKNOWN" || !source) return needed ? undefined : { control, status };
  const limit = sourceReliable(source, evidence);
  if (existence.since(source.sha256) > limit) return needed ? undefined : { control, status };
  if (status.status === "REVOKED") return { control: Math.min(control, limit, revocationTime(status) - 1), status };
  if (status.fresh || !needed) return { control, status };
  return { control: Math.min(control, limit, lastWord(source, policy.freshness)), status };
}

/** When a certificate's key stopped being safe to rely on: its revocation, or an earlier time that this names. */
export function revocationTime({ revokedAt, invalidFrom }: RevocationVerdict): number {
  return Math.min(revokedAt?.getTime() ?? -Infinity, invalidFrom?.getTime() ?? Infinity);
}

/** The last instant for which a source speaks. */
function lastWord({ nextUpdate, thisUpdate, producedAt }: RevocationSource, freshness: number): number {
  if (nextUpdate) return nextUpdate.getTime();
  return Math.max(thisUpdate.getTime(), producedAt?.getTime() ?? 0) + freshness;
}

/** The last instant at which the signature of a source is believed. */
function sourceReliable(source: RevocationSource, { crls, ocsp }: Evidence): number {
  const same = ({ sha256 }: { readonly sha256: string }) => sha256 === source.sha256;
  const algorithm = crls.find(same)?.signatureAlgorithm ?? ocsp.find(same)?.basic?.signatureAlgorithm;
  return algorithm ? reliableUntil(source.signer, algorithm) - 1 : -Infinity;
}
