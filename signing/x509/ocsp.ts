import { createHash } from "node:crypto";
import { der, readBer, Tag, type Asn1 } from "../asn1.ts";
import { digestName } from "../algorithms/raw.ts";
import { caught } from "./caught.ts";
import {
  readAlgorithm,
  readCertificate,
  readExtensions,
  readName,
  type AlgorithmIdentifier,
  type Certificate,
  type DistinguishedName,
  type Extensions,
} from "./certificates.ts";
import { atLeast, readDer } from "./der.ts";
import { readReason, type RevocationReason } from "./distribution-points.ts";
import { ReadCache } from "./read-cache.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** CertID (RFC 6960 §4.1.1): a certificate by its issuer's hashed name and key, and its serial number. */
export interface OcspCertificateId {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  readonly serialNumber: bigint;
}

/** What a response says of one certificate (RFC 6960 §4.2.1 SingleResponse). */
export interface OcspSingle {
  readonly id: OcspCertificateId;
  readonly status: "good" | "revoked" | "unknown";
  readonly revokedAt: Date | undefined;
  readonly reason: RevocationReason | undefined;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Since when the responder keeps revocations of expired certificates (§4.4.4). */
  readonly archiveCutoff: Date | undefined;
  /** CertHash of Common PKI: the digest of the very certificate spoken of. */
  readonly certificateHash: { readonly algorithm: string; readonly hash: Buffer } | undefined;
  readonly extensions: Extensions;
}

/** OCSPResponseStatus; 4 is not used. */
const statuses = [
  "successful",
  "malformedRequest",
  "internalError",
  "tryLater",
  undefined,
  "sigRequired",
  "unauthorized",
] as const;
export type OcspStatus = Exclude<(typeof statuses)[number], undefined>;

/** The signed part of a successful response. */
export interface BasicOcspResponse {
  readonly tbs: Buffer;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
  readonly responder: { readonly name: DistinguishedName } | { readonly keyHash: Buffer };
  readonly producedAt: Date;
  readonly singles: readonly OcspSingle[];
  readonly nonce: Buffer | undefined;
  readonly extensions: Extensions;
  readonly certificates: readonly Certificate[];
}

/** An OCSP response (RFC 6960 §4.2.1). Only a successful one has a `basic` part. */
export interface OcspResponse {
  readonly der: Buffer;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly status: OcspStatus;
  readonly basic: BasicOcspResponse | undefined;
}

/** What is read at most: bytes, certificates spoken of, certificates enclosed. */
export const ocspLimits = { bytes: 1024 * 1024, singles: 1000, certificates: 20 } as const;

const cache = new ReadCache<OcspResponse>(8 * 1024 * 1024);

/**
 * Reads one DER OCSPResponse; the same bytes give the same object while it is remembered.
 * Throws BAD_OCSP_RESPONSE, BAD_CERTIFICATE, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readOcspResponse(bytes: Buffer): OcspResponse {
  if (bytes.length > ocspLimits.bytes) throw bad("response is too large");
  return cache.get(bytes, parse);
}

/** A BasicOCSPResponse that stands alone, as in CAdES revocation values, in the envelope that it is kept in here. */
export function wrapBasicResponse(basic: Buffer): Buffer {
  const bytes = der.sequence(der.oid(Oid.ocspBasic), der.octets(basic));
  return der.sequence(Buffer.from([Tag.enumerated, 1, 0]), der.explicit(0, bytes));
}

function parse(bytes: Buffer, sha256: string): OcspResponse {
  const [statusField, wrapped, ...rest] = readDer(bytes).sequence();
  if (!statusField?.isUniversal(Tag.enumerated) || statusField.content.length !== 1 || rest.length) {
    throw bad("status expected");
  }
  const status = statuses[statusField.content[0]!];
  if (!status) throw bad("status is not defined");
  if (status !== "successful") return { der: bytes, sha256, status, basic: undefined };
  const [type, body] = (wrapped?.isContext(0) ? wrapped.children[0] : undefined)?.sequence() ?? [];
  if (type?.oid() !== Oid.ocspBasic || !body) throw bad("response of another type");
  return { der: bytes, sha256, status, basic: readBasic(body.octets()) };
}

function readBasic(bytes: Buffer): BasicOcspResponse {
  const [tbs, algorithm, signature, certificates, ...rest] = atLeast(3, readDer(bytes).sequence());
  if (rest.length || certificates?.isContext(0) === false) {
    throw bad("basic response is malformed");
  }
  const fields = [...tbs.sequence()];
  // version [0] DEFAULT v1
  if (fields[0]?.isContext(0) && fields.shift()!.children[0]?.count(0) !== 0) throw bad("unknown version");
  const [responder, producedAt, responses, wrapped, ...others] = atLeast(3, fields);
  if (others.length || wrapped?.isContext(1) === false) {
    throw bad("response data are malformed");
  }
  const singles = responses.sequence();
  const enclosed = certificates?.children[0]?.sequence() ?? [];
  if (singles.length > ocspLimits.singles || enclosed.length > ocspLimits.certificates) throw bad("too much in it");
  const extensions = readWrappedExtensions(wrapped);
  const nonce = extensions.get(Oid.ocspNonce)?.value;
  return {
    tbs: tbs.raw,
    signatureAlgorithm: readAlgorithm(algorithm),
    signature: signature.bits(),
    responder: readResponder(responder),
    producedAt: producedAt.time(),
    singles: singles.map(readSingle),
    nonce: nonce && readNonce(nonce),
    extensions,
    certificates: enclosed.flatMap((each) => readEnclosed(each.raw)),
  };
}

/** A certificate that cannot be read is as good as one left out. */
function readEnclosed(bytes: Buffer): Certificate[] {
  return caught(
    () => [readCertificate(bytes)],
    () => [],
  );
}

/** ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }, both tags explicit. */
function readResponder(element: Asn1): BasicOcspResponse["responder"] {
  const [value] = atLeast(1, element.children);
  if (element.isContext(1)) return { name: readName(value) };
  if (element.isContext(2)) return { keyHash: value.octets() };
  throw bad("responder is malformed");
}

function readSingle(element: Asn1): OcspSingle {
  const [id, status, thisUpdate, ...optional] = atLeast(3, element.sequence());
  const next = optional[0]?.isContext(0) ? optional.shift()!.children[0] : undefined;
  const wrapped = optional[0]?.isContext(1) ? optional.shift() : undefined;
  if (optional.length) throw bad("single response is malformed");
  const extensions = readWrappedExtensions(wrapped);
  const cutoff = extensions.get(Oid.ocspArchiveCutoff);
  const hash = extensions.get(Oid.ocspCertificateHash);
  return {
    id: readCertificateId(id),
    ...readStatus(status),
    thisUpdate: thisUpdate.time(),
    nextUpdate: next?.time(),
    archiveCutoff: cutoff && readDer(cutoff.value).time(),
    certificateHash: hash && readCertificateHash(readDer(hash.value)),
    extensions,
  };
}

/** CertStatus ::= CHOICE { good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL }, tags implicit. */
function readStatus(element: Asn1): Pick<OcspSingle, "status" | "revokedAt" | "reason"> {
  if (element.isContext(0)) return { status: "good", revokedAt: undefined, reason: undefined };
  if (element.isContext(2)) return { status: "unknown", revokedAt: undefined, reason: undefined };
  if (!element.isContext(1)) throw bad("status is malformed");
  const [time, reason] = atLeast(1, element.children);
  const value = reason?.isContext(0) ? reason.children[0] : undefined;
  return { status: "revoked", revokedAt: time.time(), reason: value && readReason(value) };
}

function readCertificateId(element: Asn1): OcspCertificateId {
  const [algorithm, name, key, serial] = atLeast(4, element.sequence());
  return {
    hashAlgorithm: readAlgorithm(algorithm).oid,
    issuerNameHash: name.octets(),
    issuerKeyHash: key.octets(),
    serialNumber: serial.integer(),
  };
}

function readCertificateHash(element: Asn1): OcspSingle["certificateHash"] {
  const [algorithm, hash] = atLeast(2, element.sequence());
  return { algorithm: readAlgorithm(algorithm).oid, hash: hash.octets() };
}

function readWrappedExtensions(wrapped: Asn1 | undefined): Extensions {
  const [list] = wrapped?.children ?? [];
  return list ? readExtensions(list) : new Map<string, never>();
}

/** RFC 8954 wraps the nonce in an OCTET STRING; older responders put the bytes there as they are. */
function readNonce(value: Buffer): Buffer {
  return caught(
    () => readBer(value).octets(),
    () => value,
  );
}

/** Whether an identifier means this certificate of this issuer. */
export function identifies(id: OcspCertificateId, certificate: Certificate, issuer: Certificate): boolean {
  const name = digestName(id.hashAlgorithm);
  if (!name || id.serialNumber !== certificate.serialNumber) return false;
  const hashed = (bytes: Buffer) => createHash(name).update(bytes).digest();
  // §4.1.1: the name as it stands in the certificate's issuer field.
  return hashed(certificate.issuer.der).equals(id.issuerNameHash) && hashed(keyBits(issuer)).equals(id.issuerKeyHash);
}

/** What a responder that is named by its key is called (§4.2.1 KeyHash: SHA-1 of the key's bits). */
export function keyHashOf(certificate: Certificate): Buffer {
  return createHash("sha1").update(keyBits(certificate)).digest();
}

function keyBits({ publicKeyInfo }: Certificate): Buffer {
  const [, bits] = atLeast(2, readDer(publicKeyInfo).sequence());
  return bits.bits();
}

/**
 * An OCSPRequest for one certificate. SHA-1 in the identifier protects nothing and is what every responder knows
 * (RFC 5019 §2.1.1).
 */
export function ocspRequest(request: {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly nonce?: Buffer;
  readonly hash?: "sha1" | "sha256";
}): Buffer {
  const { certificate, issuer, nonce, hash = "sha1" } = request;
  const hashed = (bytes: Buffer) => der.octets(createHash(hash).update(bytes).digest());
  const id = der.sequence(
    der.sequence(der.oid(Oid[hash]), der.null()),
    hashed(certificate.issuer.der),
    hashed(keyBits(issuer)),
    serialOf(certificate),
  );
  const extension = nonce && der.sequence(der.oid(Oid.ocspNonce), der.octets(der.octets(nonce)));
  const list = der.sequence(der.sequence(id));
  return der.sequence(extension ? der.sequence(list, der.explicit(2, der.sequence(extension))) : der.sequence(list));
}

/** The serial number as it is encoded, also where it is longer or negative. */
function serialOf(certificate: Certificate): Buffer {
  const [tbs] = readDer(certificate.der).sequence();
  return tbs!.sequence().find((field) => field.isUniversal(Tag.integer))!.raw;
}

function bad(message: string): SigningError {
  return new SigningError("BAD_OCSP_RESPONSE", message);
}
