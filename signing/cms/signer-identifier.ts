import { readBer, toDer, type Asn1 } from "../asn1.ts";
import { readName, type Certificate } from "../x509/certificates.ts";
import { sameName } from "../x509/names.ts";
import { SigningError } from "../errors.ts";

/**
 * Whether a SignerIdentifier (RFC 5652 §5.3: issuer and serial number, or subject key identifier) names this
 * certificate. Throws CMS_MALFORMED or ASN1_MALFORMED.
 */
export function isSigner(identifier: Asn1, certificate: Certificate): boolean {
  if (identifier.isContext(0)) return certificate.subjectKeyIdentifier?.equals(identifier.octets(0)) ?? false;
  const [issuer, serial, ...rest] = identifier.sequence();
  if (!issuer || !serial || rest.length) throw new SigningError("CMS_MALFORMED", "signer identifier is malformed");
  if (serial.integer() !== certificate.serialNumber) return false;
  return sameName(readName(asDer(issuer)), certificate.issuer);
}

/** Names and certificates are DER by definition; a writer of indefinite lengths may have spread them all the same. */
export function asDer(element: Asn1): Asn1 {
  return element.indefinite ? readBer(toDer(element)) : element;
}
