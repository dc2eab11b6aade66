import { caught } from "./caught.ts";
import type { Certificate } from "./certificates.ts";
import { authorityIssuerAndSerial } from "./extensions.ts";
import { nameKey, sameName } from "./names.ts";
import type { Path } from "./path.ts";
import { inheritsParameters, verifySigned, workingKey } from "./signatures.ts";
import type { TrustAnchor } from "./trust.ts";

export interface PathRequest {
  readonly certificate: Certificate;
  /** Other certificates at hand; nothing in them is trusted. */
  readonly pool: readonly Certificate[];
  readonly anchors: readonly TrustAnchor[];
  /** Certificates valid at this instant are tried first. */
  readonly at?: Date;
}

/** Longest path in certificates, and most pairs of certificates tried while looking for paths. */
export const pathLimits = { length: 12, attempts: 200 } as const;

/**
 * Every path from a certificate to an anchor whose names and signatures fit together, the likeliest first (RFC 4158
 * §3.5), within limits of work. Whether a path is valid is for `validatePath` to say.
 */
export function* findPaths({ certificate, pool, anchors, at }: PathRequest): Generator<Path> {
  const issuers = bySubject(pool);
  const trusted = anchors.map(({ certificate: anchor }) => anchor);
  let attempts = 0;

  function* extend(certificates: readonly Certificate[]): Generator<Path> {
    const last = certificates.at(-1)!;
    for (const anchor of anchors) if (anchor.certificate.sha256 === last.sha256) yield { certificates, anchor };
    if (certificates.length >= pathLimits.length) return;
    const namesakes = [
      ...trusted.filter(({ subject }) => sameName(subject, last.issuer)),
      ...(issuers.get(nameKey(last.issuer)) ?? []),
    ];
    const candidates = [...new Map(namesakes.map((each) => [each.sha256, each])).values()]
      // A name and key that the path has been through lead round in a circle.
      .filter((candidate) => !certificates.some((used) => isSameEntity(used, candidate)))
      .map((candidate) => ({ candidate, score: likelihood(last, candidate, trusted.includes(candidate), at) }))
      .sort((a, b) => b.score - a.score);
    for (const { candidate } of candidates) {
      if (++attempts > pathLimits.attempts) return;
      if (mayBeSignedBy(last, candidate)) yield* extend([...certificates, candidate]);
    }
  }
  yield* extend([certificate]);
}

const indexes = new WeakMap<readonly Certificate[], ReadonlyMap<string, readonly Certificate[]>>();

/** The certificates of a pool by their subjects. */
export function bySubject(pool: readonly Certificate[]): ReadonlyMap<string, readonly Certificate[]> {
  let known = indexes.get(pool);
  if (!known) indexes.set(pool, (known = Map.groupBy(pool, ({ subject }) => nameKey(subject))));
  return known;
}

function isSameEntity(a: Certificate, b: Certificate): boolean {
  return a.publicKeyInfo.equals(b.publicKeyInfo) && sameName(a.subject, b.subject);
}

/**
 * How likely this is the issuer. Key identifiers are a help for finding it and no proof against it
 * (RFC 5280 §4.2.1.1), so that a wrong one only comes last.
 */
function likelihood(subject: Certificate, issuer: Certificate, trusted: boolean, at: Date | undefined): number {
  let score = 0;
  const wanted = subject.authorityKeyIdentifier;
  if (wanted && issuer.subjectKeyIdentifier) score += wanted.equals(issuer.subjectKeyIdentifier) ? 16 : -16;
  const serial = authoritySerial(subject);
  if (serial !== undefined) score += serial === issuer.serialNumber ? 8 : -2;
  if (trusted) score += 4;
  if (issuer.basicConstraints?.ca) score += 2;
  if (at && at >= issuer.notBefore && at <= issuer.notAfter) score += 1;
  return score;
}

/** The serial number that the issuer's certificate is said to have; a malformed hint is none. */
function authoritySerial(subject: Certificate): bigint | undefined {
  return caught(
    () => authorityIssuerAndSerial(subject)?.serialNumber,
    () => undefined,
  );
}

/** False only where the signature is known to be another's. A key without its parameters cannot tell yet. */
function mayBeSignedBy(subject: Certificate, issuer: Certificate): boolean {
  return caught(
    () => inheritsParameters(issuer) || verifySigned(subject, workingKey(issuer, undefined)).result !== "invalid",
    () => false,
  );
}
