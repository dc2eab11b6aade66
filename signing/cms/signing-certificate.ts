import { Tag, type Asn1 } from "../asn1.ts";
import { digest, digestName } from "../algorithms/digests.ts";
import { readAlgorithm, readName, type Certificate } from "../x509/certificates.ts";
import { sameName } from "../x509/names.ts";
import { Oid } from "../oids.ts";
import type { Attributes } from "./attributes.ts";
import { asDer } from "./signer-identifier.ts";

/** What the signed attributes say of the certificate that the signature was checked with. */
export interface SigningCertificateVerdict {
  readonly result: "absent" | "matches" | "differs";
  readonly notes: readonly string[];
}

/**
 * ESS signing-certificate-v2 (RFC 5035), or its SHA-1 forerunner (RFC 2634 §5.4): the first entry names the signer by
 * the digest of the certificate, and by issuer and serial number where they are given. Each attribute has one value.
 */
export function judgeSigningCertificate(attributes: Attributes, certificate: Certificate): SigningCertificateVerdict {
  const second = attributes.get(Oid.signingCertificateV2);
  const first = attributes.get(Oid.signingCertificate);
  if (!second && !first) return { result: "absent", notes: [] };
  const matches =
    (!second || (second.length === 1 && names(second[0]!, certificate, true))) &&
    (!first || (first.length === 1 && names(first[0]!, certificate, false)));
  if (!matches) return { result: "differs", notes: [] };
  return { result: "matches", notes: first ? ["SIGNING_CERTIFICATE_BY_SHA1"] : [] };
}

/** SigningCertificate(V2) ::= SEQUENCE { certs SEQUENCE OF ESSCertID(v2), policies OPTIONAL }. */
function names(value: Asn1, certificate: Certificate, second: boolean): boolean {
  const [entries] = value.sequence();
  const parts = [...(entries?.sequence()[0]?.sequence() ?? [])];
  const algorithm = second && parts[0]?.isUniversal(Tag.sequence) ? readAlgorithm(parts.shift()!) : undefined;
  const [hash, issuerSerial, ...rest] = parts;
  if (!hash || rest.length) return false;
  // RFC 5035 §4: SHA-256 where no algorithm is named; RFC 2634 §5.4.1: always SHA-1.
  const oid = algorithm?.oid ?? (second ? Oid.sha256 : Oid.sha1);
  if (!digestName(oid) || !digest(oid, certificate.der).equals(hash.octets())) return false;
  return issuerSerial === undefined || isIssuerSerial(issuerSerial, certificate);
}

/** IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber }: one directoryName, `[4]`. */
function isIssuerSerial(element: Asn1, certificate: Certificate): boolean {
  const [generalNames, serial] = element.sequence();
  const [generalName, ...others] = generalNames?.sequence() ?? [];
  const name = generalName?.isContext(4) ? generalName.children[0] : undefined;
  if (!name || others.length || !serial) return false;
  return serial.integer() === certificate.serialNumber && sameName(readName(asDer(name)), certificate.issuer);
}
