import { createHash } from "node:crypto";
import { der, readBer } from "../asn1.ts";
import { readCertificate } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";
import { writeExtension, type Extension } from "./extensions.ts";
import { signStructure, type Authority, type SigningChoice } from "./keys.ts";
import { revocationReasons, type IssuedReason } from "./crl.ts";

/** What a responder says of one certificate. */
export interface OcspAnswer {
  /** Both in DER; or a CertID of RFC 6960 §4.1.1 as it was asked. */
  readonly about: { readonly certificate: Buffer; readonly issuer: Buffer } | { readonly certificateId: Buffer };
  readonly status: "good" | "unknown" | { readonly revokedAt: Date; readonly reason?: IssuedReason };
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly extensions?: readonly Extension[];
}

export interface OcspResponseRequest {
  /** The issuer itself, or a responder that it has delegated. */
  readonly responder: Authority;
  readonly answers: readonly OcspAnswer[];
  readonly producedAt: Date;
  readonly nonce?: Buffer;
  /** Names the responder by the hash of its key instead of its name. */
  readonly byKey?: boolean;
  /** Certificates that come with the response: the responder's own unless given. */
  readonly certificates?: readonly Buffer[];
  readonly extensions?: readonly Extension[];
  /** Digest of the CertIDs; SHA-1 unless given, as most responders answer. */
  readonly hash?: "sha1" | "sha256";
  readonly signing?: SigningChoice;
}

/** A successful OCSPResponse (RFC 6960 §4.2.1) in DER. */
export function issueOcspResponse(request: OcspResponseRequest): Buffer {
  const { responder, answers, producedAt, nonce, byKey, signing } = request;
  const own = readCertificate(responder.certificate);
  const extensions: Extension[] = [
    ...(nonce ? [{ oid: Oid.ocspNonce, critical: false, value: der.octets(nonce) }] : []),
    ...(request.extensions ?? []),
  ];
  const tbs = der.sequence(
    byKey ? der.explicit(2, der.octets(keyHash(own.publicKeyInfo, "sha1"))) : der.explicit(1, own.subject.der),
    der.generalizedTime(wholeSeconds(producedAt)),
    der.sequence(...answers.map((answer) => writeAnswer(answer, request.hash ?? "sha1"))),
    ...(extensions.length ? [der.explicit(1, der.sequence(...extensions.map(writeExtension)))] : []),
  );
  const certificates = request.certificates ?? [responder.certificate];
  const carried = certificates.length ? [der.explicit(0, der.sequence(...certificates))] : [];
  const basic = signStructure(tbs, responder.key, signing, ...carried);
  const bytes = der.explicit(0, der.sequence(der.oid(Oid.ocspBasic), der.octets(basic)));
  return der.sequence(der.enumerated(0), bytes);
}

/** An OCSPResponse that only says why there is none: 1 malformed, 2 internal error, 3 try later, 5 sign, 6 refused. */
export function issueOcspFailure(status: 1 | 2 | 3 | 5 | 6): Buffer {
  return der.sequence(der.enumerated(status));
}

/** CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }. */
export function certificateId(certificate: Buffer, issuer: Buffer, hash: "sha1" | "sha256" = "sha1"): Buffer {
  const { subject, publicKeyInfo } = readCertificate(issuer);
  return der.sequence(
    der.sequence(der.oid(Oid[hash]), der.null()),
    der.octets(createHash(hash).update(subject.der).digest()),
    der.octets(keyHash(publicKeyInfo, hash)),
    der.integer(readCertificate(certificate).serialNumber),
  );
}

function keyHash(publicKeyInfo: Buffer, hash: "sha1" | "sha256"): Buffer {
  const bits = readBer(publicKeyInfo).sequence()[1]!.bits();
  return createHash(hash).update(bits).digest();
}

function writeAnswer(
  { about, status, thisUpdate, nextUpdate, extensions }: OcspAnswer,
  hash: "sha1" | "sha256",
): Buffer {
  const id = "certificateId" in about ? about.certificateId : certificateId(about.certificate, about.issuer, hash);
  return der.sequence(
    id,
    writeStatus(status),
    der.generalizedTime(wholeSeconds(thisUpdate)),
    ...(nextUpdate ? [der.explicit(0, der.generalizedTime(wholeSeconds(nextUpdate)))] : []),
    ...(extensions?.length ? [der.explicit(1, der.sequence(...extensions.map(writeExtension)))] : []),
  );
}

/** CertStatus ::= CHOICE { good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL }, all IMPLICIT. */
function writeStatus(status: OcspAnswer["status"]): Buffer {
  if (status === "good") return der.implicitPrimitive(0, Buffer.alloc(0));
  if (status === "unknown") return der.implicitPrimitive(2, Buffer.alloc(0));
  const reason = status.reason ? [der.explicit(0, der.enumerated(revocationReasons[status.reason]))] : [];
  return der.implicit(1, Buffer.concat([der.generalizedTime(wholeSeconds(status.revokedAt)), ...reason]));
}

/** RFC 6960 §4.2.1 follows RFC 5280 §4.1.2.5.2: times without fractions. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
