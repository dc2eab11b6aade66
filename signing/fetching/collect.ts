import type { Certificate } from "../x509/certificates.ts";
import { authorityInformation } from "../x509/extensions.ts";
import { joinEvidence, noEvidence, type Evidence } from "../x509/evidence.ts";
import { sameName } from "../x509/names.ts";
import { findPaths } from "../x509/path.ts";
import { revocationStatus } from "../x509/revocation.ts";
import { isSignedBy } from "../x509/signatures.ts";
import type { TrustAnchor } from "../x509/trust.ts";
import { Oid } from "../oids.ts";
import { Collection } from "./collection.ts";
import type { Fetch } from "./fetch.ts";
import { fetchCrls } from "./fetch-crl.ts";
import { fetchOcsp } from "./fetch-ocsp.ts";

export interface CollectRequest {
  /** Whose chains are to be documented: signers' and time-stamping authorities' certificates. */
  readonly certificates: readonly Certificate[];
  /** Other certificates at hand; nothing in them is trusted. */
  readonly pool: readonly Certificate[];
  readonly anchors: readonly TrustAnchor[];
  /** The instant for which the evidence has to speak. */
  readonly at: Date;
  readonly fetch: Fetch;
  /** What is at hand already: asked first, not fetched again where it answers. */
  readonly known?: Evidence;
}

export interface Collected {
  /** What was known and what was found, with the certificates of the chains. */
  readonly evidence: Evidence;
  /** One line for each thing that could not be had, with its cause. */
  readonly notes: readonly string[];
}

/**
 * Gathers what long-term validation needs for whole chains (EN 319 142-1 §5.4): issuers' certificates by their AIA
 * addresses, then for each certificate an OCSP response, or a CRL where there is none; the same for the signers of
 * responses and lists. Never throws for an outage or for what certificates contain: the notes tell.
 */
export async function collectEvidence(request: CollectRequest): Promise<Collected> {
  const { pool, anchors, at, fetch, known = noEvidence } = request;
  const collection = new Collection(fetch, at, joinEvidence(known, { ...noEvidence, certificates: [...pool] }));
  const chains = new Set<Certificate>();
  const seen = new Set<string>();

  // Level by level: the issuers of one level are the next one.
  let level = request.certificates;
  while (level.length > 0) {
    const found = await Promise.all(
      level.map(async (certificate) => {
        if (seen.has(certificate.sha256) || seen.size >= collection.limits.certificates) return [];
        seen.add(certificate.sha256);
        chains.add(certificate);
        return collection.attempt(certificate, "chain", () => follow(certificate, anchors, collection));
      }),
    );
    level = found.flat();
  }
  const evidence = joinEvidence(known, { ...collection.found, certificates: [...chains] });
  return { evidence, notes: collection.notes };
}

/** Documents one certificate; what it names as its issuer, and who signed its status, is to be documented next. */
async function follow(
  certificate: Certificate,
  anchors: readonly TrustAnchor[],
  collection: Collection,
): Promise<Certificate[]> {
  if (anchors.some((anchor) => anchor.certificate.sha256 === certificate.sha256)) return [];
  const trusted = anchors.map((anchor) => anchor.certificate);
  // A root that nobody here trusts: its own word on itself is worth nothing.
  if (sameName(certificate.subject, certificate.issuer) && isSignedBy(certificate, certificate)) return [];
  let issuer = findIssuer(certificate, [...trusted, ...collection.certificates()]);
  if (!issuer) {
    await collection.fetchIssuers(certificate, authorityInformation(certificate).issuers);
    issuer = findIssuer(certificate, collection.certificates());
  }
  if (!issuer) {
    collection.note(certificate, "ISSUER_NOT_FOUND");
    return [];
  }
  const next = [issuer];
  if (isExempt(certificate) || settled(certificate, anchors, collection)) return next;
  const responders = await fetchOcsp(certificate, issuer, collection);
  next.push(...responders);
  // A response that validation would not take (of a responder that is itself revoked, say) is as good as none.
  if (responders.length === 0 || settled(certificate, anchors, collection) === false) {
    next.push(...(await fetchCrls(certificate, issuer, collection)));
  }
  return next;
}

function findIssuer(certificate: Certificate, candidates: readonly Certificate[]): Certificate | undefined {
  return candidates.find(
    (candidate) => sameName(candidate.subject, certificate.issuer) && isSignedBy(certificate, candidate),
  );
}

/** Certificates whose status nobody asks: RFC 6960 §4.2.2.2.1, RFC 9608, EN 319 412-1 §5.2.2. */
function isExempt({ extensions }: Certificate): boolean {
  return [Oid.ocspNoCheck, Oid.noRevocationAvailable, Oid.validityAssuredShortTerm].some((oid) => extensions.has(oid));
}

/** Whether validation would find the status settled; undefined while no path leads to an anchor. */
function settled(
  certificate: Certificate,
  anchors: readonly TrustAnchor[],
  collection: Collection,
): boolean | undefined {
  const evidence = collection.found;
  const [path] = findPaths({ certificate, pool: evidence.certificates, anchors, at: collection.at });
  if (!path) return undefined;
  const verdict = revocationStatus({ path, index: 0, evidence, anchors, at: collection.at });
  return verdict.status !== "UNKNOWN" && verdict.fresh;
}
