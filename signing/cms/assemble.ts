import { der } from "../asn1.ts";
import { Oid } from "../oids.ts";

/** The pieces of a SignedData with one SignerInfo, each in DER; nothing is checked or computed. */
export interface SignedDataParts {
  /** The type of the signed content; id-data unless given. */
  readonly contentType?: string;
  /** The content itself where it is enclosed. */
  readonly content?: Buffer;
  /** `IssuerAndSerialNumber`, or `[0]` with a subject key identifier. */
  readonly signerIdentifier: Buffer;
  readonly digestAlgorithm: Buffer;
  /** Attributes as `attribute` makes them; undefined signs the content itself. */
  readonly signedAttributes: readonly Buffer[] | undefined;
  readonly signatureAlgorithm: Buffer;
  readonly signature: Buffer;
  readonly unsignedAttributes?: readonly Buffer[];
  readonly certificates: readonly Buffer[];
  /** CertificateList elements, or `[1]` other revocation information. */
  readonly crls?: readonly Buffer[];
}

/** A ContentInfo around a SignedData (RFC 5652 §5.1) in DER. */
export function assembleSignedData(parts: SignedDataParts): Buffer {
  const { contentType = Oid.data, content, digestAlgorithm, crls = [], unsignedAttributes = [] } = parts;
  const byKeyIdentifier = parts.signerIdentifier[0] === 0x80;
  const signerInfo = der.sequence(
    der.integer(byKeyIdentifier ? 3 : 1),
    parts.signerIdentifier,
    digestAlgorithm,
    ...(parts.signedAttributes ? [implicitSet(0, parts.signedAttributes)] : []),
    parts.signatureAlgorithm,
    der.octets(parts.signature),
    ...(unsignedAttributes.length ? [implicitSet(1, unsignedAttributes)] : []),
  );
  const other = crls.some((crl) => crl[0] === 0xa1);
  const version = other ? 5 : contentType !== Oid.data || byKeyIdentifier ? 3 : 1;
  const signedData = der.sequence(
    der.integer(version),
    der.setOf([digestAlgorithm]),
    der.sequence(der.oid(contentType), ...(content ? [der.explicit(0, der.octets(content))] : [])),
    ...(parts.certificates.length ? [implicitSet(0, parts.certificates)] : []),
    ...(crls.length ? [implicitSet(1, crls)] : []),
    der.setOf([signerInfo]),
  );
  return der.sequence(der.oid(Oid.signedData), der.explicit(0, signedData));
}

/** Attribute ::= SEQUENCE { attrType, attrValues SET OF } with one value, or with several. */
export function attribute(oid: string, ...values: readonly Buffer[]): Buffer {
  return der.sequence(der.oid(oid), der.setOf(values));
}

/** `[n] IMPLICIT SET OF`: in DER its members stand in the order of their encodings. */
function implicitSet(n: number, members: readonly Buffer[]): Buffer {
  return der.implicit(n, Buffer.concat([...members].sort(Buffer.compare)));
}
