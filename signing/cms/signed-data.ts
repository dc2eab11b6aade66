import { createHash } from "node:crypto";
import { der, readBer, readElement, Tag, toDer, type Asn1 } from "../asn1.ts";
import {
  publicKeyOf,
  readAlgorithm,
  readCertificate,
  type AlgorithmIdentifier,
  type Certificate,
} from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { digest, verifyRaw, withoutParameters } from "../algorithms/raw.ts";

/** A SignedData with its one SignerInfo (RFC 5652 §5), taken apart but not yet believed. */
export interface SignedData {
  readonly contentType: string;
  readonly content: Buffer | undefined;
  readonly certificates: readonly Certificate[];
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
  /** The `[0] IMPLICIT` element; undefined where only the content itself is signed. */
  readonly signedAttributes: Asn1 | undefined;
  readonly unsignedAttributes: ReadonlyMap<string, readonly Asn1[]>;
  readonly signerIdentifier: Asn1;
  readonly notes: readonly string[];
}

/** How the signature inside a SignedData came out. */
export interface SignedDataVerdict {
  readonly result: "valid" | "invalid" | "unknown";
  readonly subIndication:
    | "HASH_FAILURE"
    | "SIG_CRYPTO_FAILURE"
    | "FORMAT_FAILURE"
    | "NO_SIGNING_CERTIFICATE_FOUND"
    | "CRYPTO_CONSTRAINTS_FAILURE"
    | undefined;
  readonly certificate: Certificate | undefined;
  /** Whether a matching signing-certificate attribute is signed, as baseline profiles want it. */
  readonly signingCertificate: boolean;
  readonly claimedTime: Date | undefined;
  readonly notes: readonly string[];
}

const maximumCertificates = 64;
const maximumAttributes = 64;

/**
 * Reads a CMS. In the hole of a PDF (`padded`) zero bytes may follow it, nothing else.
 * Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readSignedData(bytes: Buffer, padded = false): SignedData {
  const info = padded ? readElement(bytes) : readBer(bytes);
  if (bytes.subarray(info.end).some((byte) => byte !== 0)) throw malformed("bytes other than 00 follow the CMS");
  const [type, wrapped] = info.sequence();
  if (type?.oid() !== Oid.signedData || !wrapped?.isContext(0)) throw malformed("SignedData expected");
  const notes = info.indefinite ? ["BER_ENCODING"] : [];

  const fields = [...(wrapped.children[0]?.sequence() ?? [])];
  fields.shift()?.count(5);
  const digests = fields.shift()?.set();
  const encapsulated = fields.shift()?.sequence();
  const infos = fields.pop()?.set();
  if (!digests || !encapsulated?.[0] || !infos) throw malformed("SignedData is incomplete");
  // EN 319 142-1 §6.3: exactly one; with several nothing says which of them the field shows.
  if (infos.length !== 1) throw malformed(`one SignerInfo expected, ${infos.length} found`);

  const certificates: Certificate[] = [];
  const list = fields.find((field) => field.isContext(0))?.children ?? [];
  if (list.length > maximumCertificates) throw malformed("too many certificates");
  for (const element of list) {
    if (!element.isUniversal(Tag.sequence)) continue;
    try {
      certificates.push(readCertificate(definite(element)));
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      notes.push("UNREADABLE_CERTIFICATE");
    }
  }

  const parts = [...infos[0]!.sequence()];
  parts.shift()?.count(5);
  const signerIdentifier = parts.shift();
  const digestAlgorithm = parts.shift();
  const signedAttributes = parts[0]?.isContext(0) ? parts.shift() : undefined;
  const [signatureAlgorithm, signature, unsigned] = parts;
  if (!signerIdentifier || !digestAlgorithm || !signatureAlgorithm || !signature) {
    throw malformed("SignerInfo is incomplete");
  }
  return {
    contentType: encapsulated[0].oid(),
    content: encapsulated[1]?.children[0]?.octets(),
    certificates,
    digestAlgorithm: readAlgorithm(digestAlgorithm),
    signatureAlgorithm: readAlgorithm(signatureAlgorithm),
    signature: signature.octets(),
    signedAttributes,
    unsignedAttributes: unsigned?.isContext(1) ? readAttributes(unsigned) : new Map(),
    signerIdentifier,
    notes,
  };
}

/** The DER SET OF signed attributes as it is hashed (RFC 5652 §5.4); undefined where none are signed. */
export function signedAttributesBytes({ signedAttributes }: SignedData): Buffer | undefined {
  return signedAttributes && der.setOf(signedAttributes.children.map(toDer));
}

/**
 * Checks the signature over a content given by its digest: message-digest, content-type, signing certificate,
 * algorithm agreement and the raw signature. `contentDigest` is computed with the named digest algorithm;
 * `content` gives the whole content for a CMS without signed attributes.
 */
export function verifySignedData(
  data: SignedData,
  contentDigest: (oid: string) => Buffer,
  content: () => Buffer,
): SignedDataVerdict {
  const notes = [...data.notes];
  const certificate = data.certificates.find((candidate) => isSigner(data.signerIdentifier, candidate));
  const verdict = (
    result: SignedDataVerdict["result"],
    subIndication: SignedDataVerdict["subIndication"],
    ...more: readonly string[]
  ): SignedDataVerdict => ({
    result,
    subIndication,
    certificate,
    signingCertificate: ess === "matches",
    claimedTime,
    notes: [...notes, ...more],
  });

  let ess: "absent" | "matches" | "differs" = "absent";
  let claimedTime: Date | undefined;
  if (!certificate) return verdict("unknown", "NO_SIGNING_CERTIFICATE_FOUND");
  const digestOid = data.digestAlgorithm.oid;
  let expected: Buffer;
  try {
    expected = contentDigest(digestOid);
  } catch (error) {
    if (error instanceof SigningError) return verdict("unknown", "CRYPTO_CONSTRAINTS_FAILURE", "UNSUPPORTED_DIGEST");
    throw error;
  }

  let signed: Buffer;
  if (data.signedAttributes) {
    const attributes = readAttributes(data.signedAttributes);
    const single = (oid: string) => {
      const values = attributes.get(oid);
      return values?.length === 1 ? values[0] : undefined;
    };
    if (single(Oid.contentType)?.oid() !== data.contentType) {
      return verdict("invalid", "FORMAT_FAILURE", "CONTENT_TYPE");
    }
    if (!single(Oid.messageDigest)?.octets().equals(expected)) return verdict("invalid", "HASH_FAILURE");
    claimedTime = single(Oid.signingTime)?.time();
    ess = essVerdict(attributes, certificate, notes);
    if (ess === "differs") return verdict("invalid", "NO_SIGNING_CERTIFICATE_FOUND", "SIGNING_CERTIFICATE_DIFFERS");
    const protection = attributes.get(Oid.cmsAlgorithmProtection);
    if (protection && !isProtected(protection, data)) {
      return verdict("invalid", "FORMAT_FAILURE", "ALGORITHM_PROTECTION");
    }
    signed = signedAttributesBytes(data)!;
  } else {
    // RFC 5652 §5.3: without signed attributes only plain data may be signed.
    if (data.contentType !== Oid.data) return verdict("invalid", "FORMAT_FAILURE", "SIGNED_ATTRIBUTES_MISSING");
    notes.push("NO_SIGNED_ATTRIBUTES");
    signed = content();
  }

  let key;
  try {
    key = publicKeyOf(certificate);
  } catch {
    return verdict("unknown", "CRYPTO_CONSTRAINTS_FAILURE", "UNSUPPORTED_KEY");
  }
  const { signatureAlgorithm: algorithm, signature } = data;
  const check = (bytes: Buffer) => verifyRaw({ algorithm, digestAlgorithm: digestOid, key, data: bytes, signature });
  let raw = check(signed);
  if (raw.result === "invalid" && data.signedAttributes && !data.signedAttributes.indefinite) {
    // Some signers hash the attributes in the order they wrote them: the same attributes, so the same meaning.
    const asWritten = Buffer.from(data.signedAttributes.raw);
    asWritten[0] = 0x31;
    if (!asWritten.equals(signed)) {
      const second = check(asWritten);
      if (second.result === "valid") raw = { result: "valid", notes: [...second.notes, "SIGNED_ATTRIBUTES_NOT_DER"] };
    }
  }
  notes.push(...raw.notes);
  if (raw.result === "invalid") return verdict("invalid", "SIG_CRYPTO_FAILURE");
  if (raw.result === "unsupported") return verdict("unknown", "CRYPTO_CONSTRAINTS_FAILURE");
  return verdict("valid", undefined);
}

/** Whether the SignerIdentifier (issuer and serial, or subject key identifier) names this certificate. */
function isSigner(identifier: Asn1, certificate: Certificate): boolean {
  if (identifier.isContext(0)) return certificate.subjectKeyIdentifier?.equals(identifier.octets(0)) ?? false;
  const [issuer, serial] = identifier.sequence();
  if (!issuer || !serial) throw malformed("signer identifier is incomplete");
  return definite(issuer).equals(certificate.issuer.der) && serial.integer() === certificate.serialNumber;
}

/** Attributes by type; each type may stand once (RFC 5652 §5.3). */
function readAttributes(field: Asn1): Map<string, readonly Asn1[]> {
  const attributes = new Map<string, readonly Asn1[]>();
  if (field.children.length > maximumAttributes) throw malformed("too many attributes");
  for (const element of field.children) {
    const [type, values] = element.sequence();
    if (!type || !values) throw malformed("attribute is incomplete");
    const oid = type.oid();
    if (attributes.has(oid)) throw malformed(`attribute ${oid} stands twice`);
    attributes.set(oid, values.set());
  }
  return attributes;
}

/** ESS signing-certificate-v2 (RFC 5035), or its SHA-1 forerunner (RFC 2634 §5.4): the first entry names the signer. */
function essVerdict(
  attributes: ReadonlyMap<string, readonly Asn1[]>,
  certificate: Certificate,
  notes: string[],
): "absent" | "matches" | "differs" {
  const second = attributes.get(Oid.signingCertificateV2);
  const first = attributes.get(Oid.signingCertificate);
  if (!second && !first) return "absent";
  for (const [values, isSecond] of [
    [second, true],
    [first, false],
  ] as const) {
    if (!values) continue;
    if (values.length !== 1) return "differs";
    const identifier = [...(values[0]!.sequence()[0]?.sequence()[0]?.sequence() ?? [])];
    const named = isSecond && identifier[0]?.isUniversal(Tag.sequence);
    const algorithm = named ? readAlgorithm(identifier.shift()!) : undefined;
    const hash = identifier.shift()?.octets();
    const oid = algorithm?.oid ?? (isSecond ? Oid.sha256 : Oid.sha1);
    try {
      if (!hash || !digest(oid, certificate.der).equals(hash)) return "differs";
    } catch (error) {
      if (error instanceof SigningError && error.code === "UNSUPPORTED_ALGORITHM") return "differs";
      throw error;
    }
    const issuerSerial = identifier[0]?.sequence();
    if (issuerSerial) {
      const name = issuerSerial[0]?.sequence()[0]?.children[0];
      const serial = issuerSerial[1]?.integer();
      const sameIssuer = name !== undefined && definite(name).equals(certificate.issuer.der);
      if (serial !== certificate.serialNumber || !sameIssuer) return "differs";
    }
    if (!isSecond) notes.push("SIGNING_CERTIFICATE_BY_SHA1");
  }
  return "matches";
}

/** RFC 6211: the signed copy of the algorithm identifiers must be that of the SignerInfo. */
function isProtected(values: readonly Asn1[], data: SignedData): boolean {
  const [digestField, signatureField] = values.length === 1 ? values[0]!.sequence() : [];
  if (!digestField || !signatureField?.isContext(1)) return false;
  const [signatureOid, parameters] = signatureField.children;
  const claimed = readAlgorithm(digestField);
  if (claimed.oid !== data.digestAlgorithm.oid || signatureOid?.oid() !== data.signatureAlgorithm.oid) return false;
  const copy = { oid: "", parameters };
  if (withoutParameters(copy)) return withoutParameters(data.signatureAlgorithm);
  const original = data.signatureAlgorithm.parameters;
  return original !== undefined && toDer(parameters!).equals(toDer(original));
}

/** Names and certificates are DER by definition; a writer of indefinite lengths may have spread them all the same. */
function definite(element: Asn1): Buffer {
  return element.indefinite ? toDer(element) : element.raw;
}

/** SHA-1 of bytes: only where an old format prescribes it. */
export function sha1(bytes: Buffer): Buffer {
  return createHash("sha1").update(bytes).digest();
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
