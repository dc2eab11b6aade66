import { toDer, type Asn1 } from "../asn1.ts";
import { readCertificate, type Certificate } from "../x509/certificates.ts";
import { readCrl, type Crl } from "../x509/crl.ts";
import { joinEvidence, type Evidence } from "../x509/evidence.ts";
import { readOcspResponse, wrapBasicResponse, type OcspResponse } from "../x509/ocsp.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readSignedAttributes, type Attributes } from "./attributes.ts";
import type { SignedData } from "./signed-data.ts";
import { attempt, readableOf } from "./tolerance.ts";

/** Most lists, responses and certificates taken from one CMS. */
const maximumItems = 64;

/**
 * Everything that a CMS brings for judging certificates: its certificates and crls fields, Adobe's
 * RevocationInfoArchival (ISO 32000-2 §12.8.3.3.2), and CAdES certificate-values and revocation-values
 * (EN 319 122-1 §A.1.1). What cannot be read is named in the notes. Throws CMS_MALFORMED for broken attributes.
 */
export function embeddedEvidence(data: SignedData): { readonly evidence: Evidence; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const signed: Attributes = data.signedAttributes ? readSignedAttributes(data.signedAttributes) : new Map();
  const crls = [...data.crls];
  const responses = [...data.ocspResponses];
  const certificates: Buffer[] = [];
  const tolerant = (name: string, values: readonly Asn1[] | undefined, read: (value: Asn1) => void) => {
    for (const value of values ?? []) {
      const fault = attempt(() => read(value));
      if (fault instanceof SigningError) notes.push(`UNREADABLE_ATTRIBUTE ${name}`);
    }
  };
  // RevocationInfoArchival ::= SEQUENCE { crl [0] SEQUENCE OF CRL, ocsp [1] SEQUENCE OF OCSPResponse, … }; it belongs
  // among the signed attributes, but evidence is not trusted for its place.
  const archival = [
    ...(signed.get(Oid.adobeRevocation) ?? []),
    ...(data.unsignedAttributes.get(Oid.adobeRevocation) ?? []),
  ];
  tolerant("adbe-revocationInfoArchival", archival, (value) => {
    for (const part of value.sequence()) {
      if (part.isContext(0)) crls.push(...members(part));
      if (part.isContext(1)) responses.push(...members(part));
    }
  });
  // RevocationValues ::= SEQUENCE { crlVals [0] SEQUENCE OF, ocspVals [1] SEQUENCE OF BasicOCSPResponse, … }.
  tolerant("revocation-values", data.unsignedAttributes.get(Oid.revocationValues), (value) => {
    for (const part of value.sequence()) {
      if (part.isContext(0)) crls.push(...members(part));
      if (part.isContext(1)) responses.push(...members(part).map(wrapBasicResponse));
    }
  });
  tolerant("certificate-values", data.unsignedAttributes.get(Oid.certificateValues), (value) => {
    certificates.push(...value.sequence().slice(0, maximumItems).map(toDer));
  });

  const evidence = joinEvidence({
    certificates: [...data.certificates, ...readable<Certificate>(certificates, readCertificate, "CERTIFICATE", notes)],
    crls: readable<Crl>(crls, readCrl, "CRL", notes),
    ocsp: readable<OcspResponse>(responses, readOcspResponse, "OCSP_RESPONSE", notes),
  });
  return { evidence, notes };
}

/** `[n] EXPLICIT SEQUENCE OF`. */
function members(part: Asn1): Buffer[] {
  const list = part.children[0]?.sequence() ?? [];
  return list.slice(0, maximumItems).map((member) => (member.indefinite ? toDer(member) : member.raw));
}

function readable<T>(items: readonly Buffer[], read: (bytes: Buffer) => T, kind: string, notes: string[]): T[] {
  return readableOf(items.slice(0, maximumItems), read, () => void notes.push(`UNREADABLE_${kind}`));
}
