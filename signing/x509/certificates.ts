import { createPublicKey, type KeyObject } from "node:crypto";
import type { Asn1 } from "../asn1.ts";
import { atLeast, readDer } from "./der.ts";
import { ReadCache } from "./read-cache.ts";
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

/** A distinguished name: the DER as issued and text such as "CN=Sở Y tế, O=…, C=VN"; `sameName` compares them. */
export interface DistinguishedName {
  readonly der: Buffer;
  readonly text: string;
}

/** UTF8String, NumericString, PrintableString, T61String, IA5String, VisibleString, BMPString. */
const stringTags: ReadonlySet<number> = new Set([12, 18, 19, 20, 22, 26, 30]);

/** Extensions by their object identifiers; `value` is what stands in the OCTET STRING. */
export type Extensions = ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>;

/** An X.509 certificate, taken apart (RFC 5280 §4.1). Byte fields are views on `der`. */
export interface Certificate {
  readonly der: Buffer;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
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
  readonly extensions: Extensions;
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
}

/** Largest certificate that is read. */
const maximumBytes = 64 * 1024;
const maximumExtensions = 64;
const cache = new ReadCache<Certificate>(8 * 1024 * 1024);

/**
 * Parses one DER certificate; the same bytes give the same object while it is remembered.
 * Throws BAD_CERTIFICATE, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readCertificate(bytes: Buffer): Certificate {
  if (bytes.length > maximumBytes) throw bad("certificate is too large");
  return cache.get(bytes, parse);
}

function parse(bytes: Buffer, sha256: string): Certificate {
  const [tbs, outer, signature, ...rest] = atLeast(3, readDer(bytes).sequence());
  if (rest.length) throw bad("three parts expected");

  const fields = [...tbs.sequence()];
  const version = fields[0]?.isContext(0) ? only(fields.shift()!).count(2) + 1 : 1;
  const [serial, inner, issuer, validity, subject, publicKeyInfo, ...optional] = atLeast(6, fields);
  // RFC 5280 §4.1.1.2: an outer algorithm other than the signed one is an attack.
  if (!inner.raw.equals(outer.raw)) throw bad("the two signature algorithms differ");
  const [notBefore, notAfter, ...times] = atLeast(2, validity.sequence());
  if (times.length) throw bad("validity is not a pair of times");
  // issuerUniqueID [1], subjectUniqueID [2], extensions [3]: each at most once, in this order.
  if (optional.some((field, i) => !isOptional(field) || (i > 0 && field.tag <= optional[i - 1]!.tag))) {
    throw bad("unknown fields");
  }

  const extensionsField = optional.find((field) => field.isContext(3));
  const extensions = extensionsField ? readExtensions(only(extensionsField)) : new Map<string, never>();
  const value = (oid: string) => {
    const extension = extensions.get(oid);
    return extension && readDer(extension.value);
  };
  const usage = value(Oid.keyUsage)?.namedBits();

  return {
    der: bytes,
    sha256,
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
    basicConstraints: readBasicConstraints(value(Oid.basicConstraints)?.sequence()),
    subjectKeyIdentifier: value(Oid.subjectKeyIdentifier)?.octets(),
    authorityKeyIdentifier: value(Oid.authorityKeyIdentifier)
      ?.sequence()
      .find((part) => part.isContext(0))
      ?.octets(0),
  };
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters OPTIONAL }. */
export function readAlgorithm(element: Asn1): AlgorithmIdentifier {
  const [oid, parameters, ...rest] = atLeast(1, element.sequence());
  if (rest.length) throw bad("algorithm identifier is malformed");
  return { oid: oid.oid(), parameters };
}

/** The text of a name, most specific part first (RFC 4514 order), diacritics kept. */
export function readName(element: Asn1): DistinguishedName {
  const parts = element.sequence().map((relative) =>
    relative
      .set()
      .map((attribute) => {
        const [type, value] = atLeast(2, attribute.sequence());
        const oid = type.oid();
        return `${attributeLabels.get(oid) ?? oid}=${valueText(value)}`;
      })
      .join("+"),
  );
  return { der: element.raw, text: parts.reverse().join(", ") };
}

const publicKeys = new WeakMap<Certificate, KeyObject>();

/** The certificate's public key for node:crypto. Throws UNSUPPORTED_KEY where OpenSSL does not know its kind. */
export function publicKeyOf(certificate: Certificate): KeyObject {
  let key = publicKeys.get(certificate);
  if (!key) publicKeys.set(certificate, (key = readPublicKey(certificate.publicKeyInfo)));
  return key;
}

/** A SubjectPublicKeyInfo as a key. Throws UNSUPPORTED_KEY. */
export function readPublicKey(spki: Buffer): KeyObject {
  try {
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch (cause) {
    throw new SigningError("UNSUPPORTED_KEY", "the public key cannot be read", { reason: (cause as Error).message });
  }
}

/** The SHA-256 fingerprint of a certificate, lower-case hexadecimal. */
export function fingerprint(certificate: Certificate): string {
  return certificate.sha256;
}

/** Extensions ::= SEQUENCE OF Extension, of a certificate, list or response. Throws BAD_CERTIFICATE. */
export function readExtensions(list: Asn1): Extensions {
  const extensions = new Map<string, { critical: boolean; value: Buffer }>();
  const items = list.sequence();
  if (items.length > maximumExtensions) throw bad("too many extensions");
  for (const extension of items) {
    const [id, second, third, ...rest] = atLeast(2, extension.sequence());
    if (rest.length) throw bad("extension is malformed");
    const oid = id.oid();
    if (extensions.has(oid)) throw bad("an extension stands twice"); // RFC 5280 §4.2
    // critical BOOLEAN DEFAULT FALSE, which some write out
    extensions.set(oid, { critical: third ? second.boolean() : false, value: (third ?? second).octets() });
  }
  return extensions;
}

function readBasicConstraints(parts: readonly Asn1[] | undefined) {
  if (!parts) return undefined;
  const flagged = parts[0]?.isUniversal(1) ?? false;
  const [length, ...rest] = parts.slice(flagged ? 1 : 0);
  if (rest.length) throw bad("basic constraints are malformed");
  return { ca: flagged && parts[0]!.boolean(), pathLength: length?.count(1000) };
}

function isOptional(field: Asn1): boolean {
  return [1, 2, 3].some((tag) => field.isContext(tag));
}

function only(wrapper: Asn1): Asn1 {
  const [inner, ...rest] = wrapper.children;
  if (!inner || rest.length) throw bad("one element expected");
  return inner;
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

/** The text of an attribute, or its bytes as RFC 4514 §2.4 writes what is no character string. */
function valueText(value: Asn1): string {
  const string = value.identifier < 0x1f && stringTags.has(value.tag);
  return string ? escape(value.text()) : `#${value.raw.toString("hex")}`;
}

function escape(value: string): string {
  // Control characters and bidirectional overrides could make one name look like another on the screen.
  return value.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "\u{fffd}").replace(/[\\,+"<>;=]/g, "\\$&");
}

function bad(message: string): SigningError {
  return new SigningError("BAD_CERTIFICATE", message);
}
