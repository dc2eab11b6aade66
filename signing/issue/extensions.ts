import { createHash, type KeyObject } from "node:crypto";
import { der, readBer } from "../asn1.ts";
import { keyUsages, type KeyUsage } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";

/** An extension to be written: `value` is the DER inside its OCTET STRING. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Where a relying party finds revocation data and the issuer's certificate; http addresses, one or several each. */
export interface Addresses {
  readonly crl?: string | readonly string[];
  readonly ocsp?: string | readonly string[];
  readonly issuer?: string | readonly string[];
}

/** Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }. */
export function writeExtension({ oid, critical, value }: Extension): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

/** BasicConstraints (RFC 5280 §4.2.1.9), critical; without a path length where none is given. */
export function authorityConstraints(pathLength?: number): Extension {
  const parts = [der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])];
  return { oid: Oid.basicConstraints, critical: true, value: der.sequence(...parts) };
}

export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  const bits = usages.map((usage) => keyUsages.indexOf(usage));
  return { oid: Oid.keyUsage, critical: true, value: der.namedBits(bits) };
}

/** ExtendedKeyUsage by the object identifiers of the purposes. */
export function purposesExtension(purposes: readonly string[], critical = false): Extension {
  return { oid: Oid.extendedKeyUsage, critical, value: der.sequence(...purposes.map(der.oid)) };
}

/** CertificatePolicies by their object identifiers. */
export function policiesExtension(policies: readonly string[], critical = false): Extension {
  const value = der.sequence(...policies.map((policy) => der.sequence(der.oid(policy))));
  return { oid: Oid.certificatePolicies, critical, value };
}

/** SHA-1 of the public key's bits (RFC 5280 §4.2.1.2 method 1): a label, not a protection. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const [, key] = readBer(publicKey.export({ type: "spki", format: "der" })).sequence();
  return createHash("sha1").update(key!.bits()).digest();
}

export function subjectKeyExtension(publicKey: KeyObject): Extension {
  return { oid: Oid.subjectKeyIdentifier, critical: false, value: der.octets(keyIdentifier(publicKey)) };
}

export function authorityKeyExtension(identifier: Buffer): Extension {
  const value = der.sequence(der.implicitPrimitive(0, identifier));
  return { oid: Oid.authorityKeyIdentifier, critical: false, value };
}

/** AuthorityInfoAccess and CRLDistributionPoints, as far as addresses are given. */
export function addressExtensions({ crl, ocsp, issuer }: Addresses): Extension[] {
  const list = (urls: Addresses["crl"]) => [urls ?? []].flat();
  const address = (url: string) => der.implicitPrimitive(6, Buffer.from(url, "latin1"));
  const access = [
    ...list(ocsp).map((url) => der.sequence(der.oid(Oid.ocsp), address(url))),
    ...list(issuer).map((url) => der.sequence(der.oid(Oid.caIssuers), address(url))),
  ];
  // DistributionPoint: [0] distributionPoint, in it [0] fullName.
  const points = list(crl).map((url) => der.sequence(der.explicit(0, der.explicit(0, address(url)))));
  return [
    ...(access.length ? [{ oid: Oid.authorityInfoAccess, critical: false, value: der.sequence(...access) }] : []),
    ...(points.length ? [{ oid: Oid.crlDistributionPoints, critical: false, value: der.sequence(...points) }] : []),
  ];
}
