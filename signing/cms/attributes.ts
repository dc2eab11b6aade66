import { der, toDer, type Asn1 } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** Attributes by type, each with all its values. */
export type Attributes = ReadonlyMap<string, readonly Asn1[]>;

const maximumAttributes = 64;

/** Signed attributes of which a signature may bear several (EN 319 122-1 §5.2.8). */
const repeatable: ReadonlySet<string> = new Set([Oid.contentTimeStamp]);

/**
 * Signed attributes. What stands twice could be read in two ways, so it is refused (RFC 5652 §5.3, §11).
 * Throws CMS_MALFORMED or ASN1_MALFORMED.
 */
export function readSignedAttributes(field: Asn1): Attributes {
  return readAttributes(field, (oid) => repeatable.has(oid));
}

/** Unsigned attributes: several of one type are allowed (RFC 5652 §11.4, EN 319 122-1 §5.3) and read as one. */
export function readUnsignedAttributes(field: Asn1): Attributes {
  return readAttributes(field, () => true);
}

function readAttributes(field: Asn1, mayRepeat: (oid: string) => boolean): Attributes {
  const attributes = new Map<string, readonly Asn1[]>();
  if (field.children.length > maximumAttributes) throw malformed("too many attributes");
  for (const element of field.children) {
    const [type, values, ...rest] = element.sequence();
    if (!type || !values || rest.length) throw malformed("attribute is malformed");
    const oid = type.oid();
    const earlier = attributes.get(oid);
    if (earlier && !mayRepeat(oid)) throw malformed(`attribute ${oid} stands twice`);
    attributes.set(oid, [...(earlier ?? []), ...values.set()]);
  }
  return attributes;
}

/** The one value of an attribute; undefined where there is none, or not exactly one. */
export function singleValue(attributes: Attributes, oid: string): Asn1 | undefined {
  const values = attributes.get(oid);
  return values?.length === 1 ? values[0] : undefined;
}

/**
 * What the signer may have signed, by the likelihood of it: the DER SET OF attributes (RFC 5652 §5.4); the
 * attributes as they are encoded, put in order; the attributes in the order in which they stand. The content is the
 * same in all three, so none of them lets anything be exchanged.
 */
export function signedForms(field: Asn1): { readonly bytes: Buffer; readonly note: string | undefined }[] {
  const canonical = der.setOf(field.children.map(toDer));
  const note = "SIGNED_ATTRIBUTES_NOT_DER";
  const forms = [{ bytes: canonical, note: undefined as string | undefined }];
  if (field.indefinite) return forms;
  const asWritten = Buffer.from(field.raw);
  asWritten[0] = 0x31;
  if (asWritten.equals(canonical)) return forms;
  const ordered = der.setOf(field.children.map((element) => element.raw));
  if (!ordered.equals(canonical)) forms.push({ bytes: ordered, note });
  if (!asWritten.equals(ordered)) forms.push({ bytes: asWritten, note });
  return forms;
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
