import { readCertificate, type Certificate } from "../x509/certificates.ts";

/**
 * The issuers of a certificate as far as a pool has them, from its own issuer upwards. Names alone decide: nothing is
 * trusted by standing in a chain, and whoever validates looks at the signatures.
 */
export function chainOf(certificate: Certificate, pool: readonly Certificate[]): Buffer[] {
  const chain: Buffer[] = [];
  for (let last = certificate; chain.length < pool.length;) {
    const issuer = pool.find((other) => !other.der.equals(last.der) && other.subject.der.equals(last.issuer.der));
    if (!issuer || chain.some((known) => known.equals(issuer.der)) || issuer.der.equals(certificate.der)) break;
    chain.push(issuer.der);
    last = issuer;
  }
  return chain;
}

/** The certificates of a list that can be read; undefined entries and damaged ones are left out. */
export function readable(list: readonly (Buffer | undefined)[]): Certificate[] {
  return list.flatMap((bytes) => {
    if (!bytes) return [];
    try {
      return [readCertificate(bytes)];
    } catch {
      return [];
    }
  });
}
