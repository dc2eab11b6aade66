import type { Certificate } from "./certificates.ts";
import type { Crl } from "./crl.ts";
import {
  allReasons,
  distributionPoints,
  type DistributionPoint,
  type DistributionPointName,
  type ReasonFlag,
} from "./distribution-points.ts";
import { extendedNameKey, generalNameKey, sameName, type GeneralName } from "./names.ts";
import type { DistinguishedName } from "./certificates.ts";

/** For which reasons a list speaks of a certificate, or why it does not. */
export type Scope = { readonly reasons: ReadonlySet<ReasonFlag> } | { readonly note: string };

/** The distribution points that a certificate names, and the one that it is taken to have (RFC 5280 §6.3.3). */
export function pointsOf(certificate: Certificate): readonly DistributionPoint[] {
  const issuer: GeneralName = { kind: "directory", value: certificate.issuer };
  const assumed: DistributionPoint = { point: { fullName: [issuer] }, reasons: undefined, crlIssuer: undefined };
  return [...distributionPoints(certificate), assumed];
}

/** Whether a list's issuer may speak of a certificate at all: its own issuer, or one that a distribution point names. */
export function mayConcern(crl: Crl, certificate: Certificate, points: readonly DistributionPoint[]): boolean {
  return (
    sameName(crl.issuer, certificate.issuer) ||
    points.some(({ crlIssuer }) => crlIssuer && names(crlIssuer, crl.issuer))
  );
}

/** The scope of a complete list for a certificate, over all its distribution points (§6.3.3 b and d). */
export function scopeOf(crl: Crl, certificate: Certificate, points: readonly DistributionPoint[]): Scope {
  const scope = crl.issuingDistributionPoint;
  if (scope) {
    const isAuthority = certificate.basicConstraints?.ca ?? false;
    if (scope.onlyAttributeCertificates) return { note: "CRL_FOR_ATTRIBUTE_CERTIFICATES" };
    if (scope.onlyUserCertificates && isAuthority) return { note: "CRL_FOR_USER_CERTIFICATES" };
    if (scope.onlyAuthorityCertificates && !isAuthority) return { note: "CRL_FOR_AUTHORITIES" };
  }
  const fitting = points.filter((point) => fits(crl, certificate, point));
  if (fitting.length === 0) return { note: "CRL_OF_ANOTHER_DISTRIBUTION_POINT" };
  const limits = [...allReasons].filter((reason) => {
    const inPoint = fitting.some(({ reasons }) => !reasons || reasons.has(reason));
    return inPoint && (!scope?.onlyReasons || scope.onlyReasons.has(reason));
  });
  return { reasons: new Set(limits) };
}

/** §6.3.3 (b)(1) and (b)(2)(i). */
function fits(crl: Crl, certificate: Certificate, { point, crlIssuer }: DistributionPoint): boolean {
  const scope = crl.issuingDistributionPoint;
  if (crlIssuer) {
    if (!scope?.indirect || !names(crlIssuer, crl.issuer)) return false;
  } else if (!sameName(crl.issuer, certificate.issuer)) return false;
  if (!scope?.point) return true;
  const own = pointKeys(scope.point, crl.issuer);
  const wanted = point
    ? pointKeys(point, crlIssuer ? crl.issuer : certificate.issuer)
    : (crlIssuer ?? []).map(generalNameKey);
  return wanted.some((key) => own.includes(key));
}

function pointKeys(point: DistributionPointName, issuer: DistinguishedName): string[] {
  if ("fullName" in point) return point.fullName.map(generalNameKey);
  return [`directory:${extendedNameKey(issuer, point.relativeName)}`];
}

function names(list: readonly GeneralName[], wanted: DistinguishedName): boolean {
  return list.some((name) => name.kind === "directory" && sameName(name.value, wanted));
}

/** Whether a delta list brings this complete list up to date (§5.2.4, §6.3.3 c); both are of one signer's key. */
export function completes(delta: Crl, complete: Crl): boolean {
  const { number } = complete;
  if (delta.baseNumber === undefined || delta.number === undefined || number === undefined) return false;
  return (
    sameName(delta.issuer, complete.issuer) &&
    number >= delta.baseNumber &&
    number < delta.number &&
    sameScope(delta, complete) &&
    sameBytes(delta.authorityKeyIdentifier, complete.authorityKeyIdentifier)
  );
}

function sameScope(a: Crl, b: Crl): boolean {
  const oid = "2.5.29.28";
  return sameBytes(a.extensions.get(oid)?.value, b.extensions.get(oid)?.value);
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a && b ? a.equals(b) : a === b;
}
