import { createHash, randomBytes, type KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { digestForKey } from "../keys/signer.ts";
import { signRaw, type RsaScheme, type WrittenDigest } from "../algorithms/identifiers.ts";
import { prepareSignedData } from "../cms/write.ts";
import { Oid } from "../oids.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import { writeExtension, type Extension } from "./extensions.ts";

/** A time-stamping authority with the certificates that go with its tokens. */
export interface StampingAuthority {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  /** Certificates above its own, carried along in each token. */
  readonly chain?: readonly Buffer[];
  readonly digest?: SignatureDigest;
  readonly scheme?: RsaScheme;
}

export interface TimestampTokenRequest {
  readonly authority: StampingAuthority;
  /** The digest to be stamped, and the algorithm that it was made with. */
  readonly imprint: Buffer;
  readonly imprintAlgorithm: WrittenDigest;
  readonly at: Date;
  /** The policy under which the token is issued; an invented one unless given. */
  readonly policy?: string;
  readonly serialNumber?: bigint;
  readonly nonce?: bigint;
  readonly accuracy?: { readonly seconds?: number; readonly milliseconds?: number; readonly microseconds?: number };
  readonly ordering?: boolean;
  readonly extensions?: readonly Extension[];
  /** Whether certificates are carried along (certReq of RFC 3161 §2.4.1): yes unless false. */
  readonly withCertificates?: boolean;
}

/** The policy that tokens name where none is asked for. */
export const defaultStampPolicy = "1.3.6.1.4.1.99999.1.1";

/** A TimeStampToken (RFC 3161 §2.4.2) in DER, signed at once. Throws UNSUPPORTED_KEY, BAD_CERTIFICATE. */
export function issueTimestampToken(request: TimestampTokenRequest): Buffer {
  const { key, certificate, chain = [], scheme } = request.authority;
  const digest = request.authority.digest ?? digestForKey(key);
  const bytes = writeTstInfo(request);
  const signer = { certificate, chain, digest, ...(scheme ? { scheme } : {}) };
  const options = {
    content: { type: Oid.tstInfo, bytes },
    withCertificates: request.withCertificates ?? true,
  };
  const prepared = prepareSignedData(signer, createHash(digest).update(bytes).digest(), options);
  return prepared.complete(signRaw(key, digest, prepared.toBeSigned, scheme));
}

/** TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, … } (RFC 3161 §2.4.2). */
export function writeTstInfo(request: Omit<TimestampTokenRequest, "authority" | "withCertificates">): Buffer {
  const { imprint, imprintAlgorithm, at, accuracy, ordering, nonce, extensions = [] } = request;
  return der.sequence(
    der.integer(1),
    der.oid(request.policy ?? defaultStampPolicy),
    der.sequence(der.sequence(der.oid(Oid[imprintAlgorithm]), der.null()), der.octets(imprint)),
    der.integer(request.serialNumber ?? BigInt(`0x01${randomBytes(8).toString("hex")}`)),
    der.generalizedTime(at),
    ...(accuracy ? [writeAccuracy(accuracy)] : []),
    ...(ordering ? [der.boolean(true)] : []),
    ...(nonce === undefined ? [] : [der.integer(nonce)]),
    ...(extensions.length ? [der.implicit(1, Buffer.concat(extensions.map(writeExtension)))] : []),
  );
}

function writeAccuracy({
  seconds,
  milliseconds,
  microseconds,
}: NonNullable<TimestampTokenRequest["accuracy"]>): Buffer {
  const content = (value: number) => der.integer(value).subarray(2);
  return der.sequence(
    ...(seconds ? [der.integer(seconds)] : []),
    ...(milliseconds ? [der.implicitPrimitive(0, content(milliseconds))] : []),
    ...(microseconds ? [der.implicitPrimitive(1, content(microseconds))] : []),
  );
}

/** A TimeStampResp (RFC 3161 §2.4.2): PKIStatus 0 granted, 1 granted with modifications, 2 and above none. */
export function issueTimestampResponse(response: {
  readonly status: number;
  readonly text?: string;
  /** Number of the bit in PKIFailureInfo. */
  readonly failure?: number;
  readonly token?: Buffer;
}): Buffer {
  const { status, text, failure, token } = response;
  const info = der.sequence(
    der.integer(status),
    ...(text === undefined ? [] : [der.sequence(der.utf8(text))]),
    ...(failure === undefined ? [] : [der.namedBits([failure])]),
  );
  return der.sequence(info, ...(token ? [token] : []));
}
