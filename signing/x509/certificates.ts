import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { readBer, type Asn1 } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { attributeLabels, Oid } from "../oids.ts";

/** KeyUsage bits by name (RFC 5280 §4.2.1.3), in bit order. */
export const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** An algorithm with its parameters as they stand, if any. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: Asn1 | undefined;
}

/** A distinguished name: the DER as issued (names are compared by it) and text such as "CN=Sở Y tế, O=…, C=VN". */
export interface DistinguishedName {
  readonly der: Buffer;
  readonly text: string;
}

/** An X.509 certificate, taken apart (RFC 5280 §4.1). Byte fields are views on `der`. */
export interface Certificate {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly version: number;
  /** Upper-case hexadecimal, as printed on certificates. */
  readonly serial: string;
  readonly serialNumber: bigint;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKeyInfo: Buffer;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
  readonly extensions: ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>;
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
}

/** Largest certificate that is read. */
const maximumBytes = 64 * 1024;
const maximumExtensions = 64;

/** Parses one DER (or BER) certificate. Throws BAD_CERTIFICATE, ASN1_MALFORMED or ASN1_LIMIT. */
export function readCertificate(bytes: Buffer): Certificate {
  if (bytes.length > maximumBytes) throw new SigningError("BAD_CERTIFICATE", "certificate is too large");
  const [tbs, outer, signature, ...rest] = readBer(bytes).sequence();
  if (!tbs || !outer || !signature || rest.length) throw bad("three parts expected");

  const fields = [...tbs.sequence()];
  const version = fields[0]?.isContext(0) ? fields.shift()!.children[0]!.count(2) + 1 : 1;
  const [serial, inner, issuer, validity, subject, publicKeyInfo, ...optional] = fields;
  if (!serial || !inner || !issuer || !validity || !subject || !publicKeyInfo) throw bad("fields are missing");
  // RFC 5280 §4.1.1.2: an outer algorithm other than the signed one is an attack.
  if (!inner.raw.equals(outer.raw)) throw bad("the two signature algorithms differ");
  const [notBefore, notAfter] = validity.sequence();
  if (!notBefore || !notAfter) throw bad("validity is missing");

  const extensions = readExtensions(optional.find((field) => field.isContext(3)));
  const value = (oid: string) => {
    const extension = extensions.get(oid);
    return extension && readBer(extension.value);
  };
  const constraints = value(Oid.basicConstraints)?.sequence();
  const usage = value(Oid.keyUsage)?.namedBits();

  return {
    der: bytes,
    tbs: tbs.raw,
    version,
    serial: hexadecimal(serial),
    serialNumber: serial.integer(),
    issuer: readName(issuer),
    subject: readName(subject),
    notBefore: notBefore.time(),
    notAfter: notAfter.time(),
    publicKeyInfo: publicKeyInfo.raw,
    signatureAlgorithm: readAlgorithm(outer),
    signature: signature.bits(),
    extensions,
    keyUsage: usage && new Set(keyUsages.filter((_, bit) => usage.has(bit))),
    extendedKeyUsage: value(Oid.extendedKeyUsage)
      ?.sequence()
      .map((purpose) => purpose.oid()),
    basicConstraints: constraints && readBasicConstraints(constraints),
    subjectKeyIdentifier: value(Oid.subjectKeyIdentifier)?.octets(),
    authorityKeyIdentifier: value(Oid.authorityKeyIdentifier)
      ?.sequence()
      .find((part) => part.isContext(0))
      ?.octets(0),
  };
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters OPTIONAL }. */
export function readAlgorithm(element: Asn1): AlgorithmIdentifier {
  const [oid, parameters, ...rest] = element.sequence();
  if (!oid || rest.length) throw bad("algorithm identifier is malformed");
  return { oid: oid.oid(), parameters };
}

/** The text of a name, most specific part first (RFC 4514 order), diacritics kept. */
export function readName(element: Asn1): DistinguishedName {
  const parts = element.sequence().map((relative) =>
    relative
      .set()
      .map((attribute) => {
        const [type, value] = attribute.sequence();
        if (!type || !value) throw bad("name is malformed");
        const oid = type.oid();
        return `${attributeLabels.get(oid) ?? oid}=${escape(value.text())}`;
      })
      .join("+"),
  );
  return { der: element.raw, text: parts.reverse().join(", ") };
}

/** The certificate's public key for node:crypto. Throws UNSUPPORTED_KEY where OpenSSL does not know its kind. */
export function publicKeyOf(certificate: Certificate): KeyObject {
  try {
    return createPublicKey({ key: certificate.publicKeyInfo, format: "der", type: "spki" });
  } catch (cause) {
    throw new SigningError("UNSUPPORTED_KEY", "the public key cannot be read", { reason: (cause as Error).message });
  }
}

/** The SHA-256 fingerprint of a certificate, lower-case hexadecimal. */
export function fingerprint(certificate: Certificate): string {
  return createHash("sha256").update(certificate.der).digest("hex");
}

function readExtensions(field: Asn1 | undefined) {
  const extensions = new Map<string, { critical: boolean; value: Buffer }>();
  if (!field) return extensions;
  const list = field.children[0]?.sequence() ?? [];
  if (list.length > maximumExtensions) throw bad("too many extensions");
  for (const extension of list) {
    const parts = extension.sequence();
    const oid = parts[0]?.oid();
    const value = parts.at(-1);
    if (oid === undefined || !value || parts.length < 2 || parts.length > 3) throw bad("extension is malformed");
    if (extensions.has(oid)) throw bad("an extension stands twice"); // RFC 5280 §4.2
    extensions.set(oid, { critical: parts.length === 3 && parts[1]!.boolean(), value: value.octets() });
  }
  return extensions;
}

function readBasicConstraints(parts: readonly Asn1[]) {
  const first = parts[0];
  const flagged = first?.isUniversal(1) ?? false;
  const length = parts[flagged ? 1 : 0];
  return { ca: flagged && first!.boolean(), pathLength: length?.count(1000) };
}

function hexadecimal(serial: Asn1): string {
  return (
    (serial.integer() < 0n ? "-" : "") +
    serial.content
      .toString("hex")
      .toUpperCase()
      .replace(/^(?:00)+(?=.)/, "")
  );
}

function escape(value: string): string {
  // Control characters and bidirectional overrides could make one name look like another on the screen.
  return value.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "\u{fffd}").replace(/[\\,+"<>;=]/g, "\\$&");
}

function bad(message: string): SigningError {
  return new SigningError("BAD_CERTIFICATE", message);
}
