import { publicKeyOf, type Certificate } from "./certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { verifyRaw } from "../algorithms/raw.ts";

/** How trust in a certificate came out, in the words of EN 319 102-1 §5.2.6. */
export interface ChainVerdict {
  readonly indication: "PASSED" | "INDETERMINATE";
  readonly subIndication:
    | "NO_CERTIFICATE_CHAIN_FOUND"
    | "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    | "CHAIN_CONSTRAINTS_FAILURE"
    | "OUT_OF_BOUNDS_NO_POE"
    | "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    | undefined;
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

/** Longest path, and most signatures checked while looking for one. */
export const chainLimits = { length: 10, signatures: 200 } as const;

/** Extensions whose meaning is applied here, or that restrict nothing about a signature. */
const understood = new Set<string>([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extendedKeyUsage,
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
  // With any policy acceptable and none required (RFC 5280 §6.1.1 c, e–g) policies exclude no path.
  Oid.certificatePolicies,
]);

/**
 * Looks for a path from a certificate to an anchor and checks it at a point in time: signatures, validity, authority
 * flags, path lengths, key usage, critical extensions. Revocation and name constraints are not part of it: a critical
 * name constraint fails the path as an extension not understood.
 */
export function checkChain(request: ChainRequest): ChainVerdict {
  let best: ChainVerdict | undefined;
  for (const path of paths(request)) {
    const verdict = judge(path, request);
    if (verdict.indication === "PASSED") return verdict;
    best ??= verdict;
  }
  return best ?? { indication: "INDETERMINATE", subIndication: "NO_CERTIFICATE_CHAIN_FOUND", path: [], notes: [] };
}

/** Every path whose names and signatures fit together, depth first. */
function* paths({ certificate, pool, anchors }: ChainRequest): Generator<readonly Certificate[]> {
  let signatures = 0;
  const issued = (subject: Certificate, issuer: Certificate) => {
    // Names are compared as encoded: authorities copy their own subject into what they issue.
    if (!subject.issuer.der.equals(issuer.subject.der)) return false;
    const { authorityKeyIdentifier: wanted } = subject;
    if (wanted && issuer.subjectKeyIdentifier && !wanted.equals(issuer.subjectKeyIdentifier)) return false;
    return ++signatures <= chainLimits.signatures && isSignedBy(subject, issuer);
  };
  function* extend(path: readonly Certificate[]): Generator<readonly Certificate[]> {
    const last = path.at(-1)!;
    if (anchors.some((anchor) => anchor.der.equals(last.der))) yield path;
    if (path.length >= chainLimits.length) return;
    for (const anchor of anchors) if (!anchor.der.equals(last.der) && issued(last, anchor)) yield [...path, anchor];
    for (const candidate of pool) {
      const repeated = path.some(
        (used) => used.subject.der.equals(candidate.subject.der) && used.publicKeyInfo.equals(candidate.publicKeyInfo),
      );
      if (!repeated && issued(last, candidate)) yield* extend([...path, candidate]);
    }
  }
  yield* extend([certificate]);
}

/** Whether the issuer's key made the signature of this certificate. */
export function isSignedBy(subject: Certificate, issuer: Certificate): boolean {
  try {
    const { signatureAlgorithm: algorithm, tbs: data, signature } = subject;
    return verifyRaw({ algorithm, key: publicKeyOf(issuer), data, signature }).result === "valid";
  } catch (error) {
    if (error instanceof SigningError) return false;
    throw error;
  }
}

function judge(path: readonly Certificate[], { at, purpose }: ChainRequest): ChainVerdict {
  const fail = (subIndication: ChainVerdict["subIndication"], ...notes: string[]): ChainVerdict => ({
    indication: "INDETERMINATE",
    subIndication,
    path,
    notes,
  });
  const [leaf] = path;
  // The anchor is trusted as such (RFC 5280 §6.1.1 d), so what is below it is checked; or itself where it stands alone.
  const checked = path.length === 1 ? path : path.slice(0, -1);
  for (const certificate of checked) {
    for (const [oid, { critical }] of certificate.extensions) {
      if (!critical || understood.has(oid)) continue;
      return fail("CERTIFICATE_CHAIN_GENERAL_FAILURE", `CRITICAL_EXTENSION ${oid}`);
    }
  }
  let below = 0;
  for (const [i, authority] of path.entries()) {
    if (i === 0) continue;
    const { basicConstraints, keyUsage } = authority;
    const anchor = i === path.length - 1;
    if (!(basicConstraints?.ca ?? (anchor && authority.version < 3))) {
      return fail("CHAIN_CONSTRAINTS_FAILURE", "ISSUER_IS_NO_AUTHORITY");
    }
    if (keyUsage && !keyUsage.has("keyCertSign")) return fail("CHAIN_CONSTRAINTS_FAILURE", "ISSUER_MAY_NOT_CERTIFY");
    if (basicConstraints?.pathLength !== undefined && below > basicConstraints.pathLength) {
      return fail("CHAIN_CONSTRAINTS_FAILURE", "PATH_TOO_LONG");
    }
    // Self-issued certificates do not count towards the length (RFC 5280 §4.2.1.9).
    if (!authority.subject.der.equals(authority.issuer.der)) below++;
  }
  const unfit = unfitness(leaf!, purpose);
  if (unfit) return fail("CHAIN_CONSTRAINTS_FAILURE", unfit);
  for (const certificate of checked) {
    if (at < certificate.notBefore) return fail("OUT_OF_BOUNDS_NO_POE", "NOT_YET_VALID");
    if (at > certificate.notAfter) return fail("OUT_OF_BOUNDS_NO_POE", "EXPIRED");
    if (certificate !== path.at(-1) && certificate.signatureAlgorithm.oid === Oid.sha1WithRsa) {
      return fail("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "CERTIFICATE_SIGNED_WITH_SHA1");
    }
  }
  return { indication: "PASSED", subIndication: undefined, path, notes: [] };
}

function unfitness({ keyUsage, extendedKeyUsage, extensions }: Certificate, purpose: ChainPurpose): string | undefined {
  if (keyUsage && !keyUsage.has("digitalSignature") && !keyUsage.has("nonRepudiation")) return "KEY_MAY_NOT_SIGN";
  if (purpose === "signature") return undefined;
  // RFC 3161 §2.3: the purpose stands alone and is critical.
  const alone = extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === Oid.timeStamping;
  return alone && extensions.get(Oid.extendedKeyUsage)?.critical ? undefined : "KEY_MAY_NOT_TIMESTAMP";
}
