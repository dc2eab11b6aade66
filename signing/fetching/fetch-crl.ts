import { publicKeyOf, type Certificate } from "../x509/certificates.ts";
import { readCrl, type Crl } from "../x509/crl.ts";
import { distributionPoints, freshestPoints, type DistributionPoint } from "../x509/distribution-points.ts";
import { sameName } from "../x509/names.ts";
import { verifySigned } from "../x509/signatures.ts";
import { attempt } from "../cms/tolerance.ts";
import { SigningError } from "../errors.ts";
import { withoutPem } from "./bundles.ts";
import type { Collection } from "./collection.ts";

/** Lists of large authorities have hundreds of thousands of entries. */
const largestList = 16 * 1024 * 1024;

/**
 * Fetches the lists that a certificate's distribution points name, and delta lists where it names them, and adds
 * them to the collection. Gives the certificates that signed them.
 */
export async function fetchCrls(
  certificate: Certificate,
  issuer: Certificate,
  collection: Collection,
): Promise<Certificate[]> {
  const points = distributionPoints(certificate).filter((point) => addressesOf(point).length > 0);
  if (points.length === 0) collection.note(certificate, "NO_CRL_ADDRESS");
  const found = await Promise.all(
    points.slice(0, collection.limits.addresses).map((point) => fetchPoint(point, certificate, issuer, collection)),
  );
  const signers = found.flat();
  if (signers.length === 0) return [];
  for (const point of freshestPoints(certificate).slice(0, collection.limits.addresses)) {
    signers.push(...(await fetchPoint(point, certificate, issuer, collection)));
  }
  return [...new Set(signers)];
}

/** One point names the same list at several addresses (RFC 5280 §4.2.1.13): the first that answers will do. */
async function fetchPoint(
  point: DistributionPoint,
  certificate: Certificate,
  issuer: Certificate,
  collection: Collection,
): Promise<Certificate[]> {
  for (const url of addressesOf(point).slice(0, collection.limits.addresses)) {
    const signers = await collection.attempt(certificate, `CRL from ${url}`, async () => {
      const kept = collection.crlCache.get(url, collection.at);
      const crl = kept ?? readCrl(withoutPem(await collection.ask({ url, maxBytes: largestList })));
      const signer = signerOf(crl, issuer, collection.certificates());
      if (!signer) throw new SigningError("CRL_UNUSABLE", "the list is not signed by anybody known");
      if (crl.nextUpdate && crl.nextUpdate < collection.at) {
        throw new SigningError("CRL_UNUSABLE", "the list is older than its next update");
      }
      if (!kept) collection.crlCache.set(url, crl);
      collection.addCrl(crl);
      return [signer];
    });
    if (signers.length > 0) return signers;
  }
  return [];
}

/** The http addresses of a point; directories (ldap) are not asked. */
function addressesOf({ point }: DistributionPoint): string[] {
  const names = point && "fullName" in point ? point.fullName : [];
  return names.flatMap((name) => (name.kind === "uri" && /^https?:/i.test(name.value) ? [name.value] : []));
}

/** The certificate whose key signed the list: the issuer's as a rule, another one's for an indirect list. */
function signerOf(crl: Crl, issuer: Certificate, others: readonly Certificate[]): Certificate | undefined {
  return [issuer, ...others]
    .filter((candidate) => sameName(candidate.subject, crl.issuer))
    .slice(0, 8)
    .find((candidate) => {
      const verdict = attempt(() => verifySigned(crl, publicKeyOf(candidate)));
      return !(verdict instanceof SigningError) && verdict.result === "valid";
    });
}
