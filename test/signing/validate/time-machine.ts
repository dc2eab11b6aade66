import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { prepareSignedData, withUnsignedAttribute } from "../../../signing/cms/write.ts";
import { readSignedData } from "../../../signing/cms/signed-data.ts";
import {
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type Authority,
  type KeyKind,
} from "../../../signing/issue/certificates.ts";
import { issueCrl, type CrlRequest, type RevokedCertificate } from "../../../signing/issue/crl.ts";
import { issueOcspResponse, type OcspAnswer } from "../../../signing/issue/ocsp.ts";
import { issueTimestampToken, type StampingAuthority } from "../../../signing/issue/timestamps.ts";
import { signerFromKey, type Signer } from "../../../signing/keys/signer.ts";
import { Oid } from "../../../signing/oids.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { addValidationMaterial } from "../../../signing/sign/dss.ts";
import { addDocumentTimestamp } from "../../../signing/sign/document-timestamp.ts";
import { findSignatures } from "../../../signing/validate/signature-fields.ts";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { readCrl } from "../../../signing/x509/crl.ts";
import type { Evidence } from "../../../signing/x509/evidence.ts";
import { readOcspResponse } from "../../../signing/x509/ocsp.ts";
import { addSignature, append, at, decision, waiting, type Objects } from "../verify-documents.ts";

/** A day, or a moment of it, in UTC. */
export const day = (text: string) => new Date(text.includes("T") ? `${text}:00Z` : `${text}T00:00:00Z`);
const minutes = (time: Date, n: number) => new Date(time.getTime() + n * 60_000);

/** An authority for as long as tests look, and one below it. */
const rootKey = generateKeys("ec-p256").privateKey;
export const root: Authority = {
  key: rootKey,
  certificate: issueRoot({
    subject: { C: "VN", O: "Ban Cơ yếu Chính phủ", CN: "CA gốc của cỗ máy thời gian" },
    key: rootKey,
    notBefore: day("2015-01-01"),
    notAfter: day("2060-01-01"),
  }),
};

/** An authority below the root. */
export function subordinate(notAfter = day("2050-01-01"), name = "CA cấp dưới"): Authority {
  const { privateKey, publicKey } = generateKeys("ec-p256");
  const certificate = issueSubordinate({
    subject: { C: "VN", O: "Ban Cơ yếu Chính phủ", CN: name },
    publicKey,
    issuer: root,
    notBefore: day("2016-01-01"),
    notAfter,
  });
  return { key: privateKey, certificate };
}

export const authority = subordinate();

export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** A person whose certificate runs from 2024 to 2026. */
export function person(
  options: Partial<Period> & { issuer?: Authority; key?: KeyObject; kind?: KeyKind } = {},
): Signer {
  const { from = day("2024-01-01"), until = day("2026-01-01"), issuer = authority, kind = "ec-p256" } = options;
  const key = options.key ?? generateKeys(kind).privateKey;
  const certificate = issueCertificate({
    subject: { C: "VN", O: "Ủy ban nhân dân tỉnh", CN: "Nguyễn Thị Ước" },
    publicKey: createPublicKey(key),
    issuer,
    usage: "person",
    notBefore: from,
    notAfter: until,
  });
  return signerFromKey(key, certificate, [issuer.certificate]);
}

/** A time-stamping authority below the root. */
export function stamping(from: Date, until: Date, issuer: Authority = root): StampingAuthority {
  const { privateKey, publicKey } = generateKeys("ec-p256");
  const certificate = issueCertificate({
    subject: { C: "VN", O: "Dịch vụ cấp dấu thời gian", CN: `TSA ${from.getUTCFullYear()}` },
    publicKey,
    issuer,
    usage: "timestamp",
    notBefore: from,
    notAfter: until,
  });
  return { key: privateKey, certificate };
}

export const longStamping = stamping(day("2020-01-01"), day("2045-01-01"));

/** A token of a time over bytes. */
export const token = (tsa: StampingAuthority, time: Date, bytes: Buffer, withCertificates = true) =>
  issueTimestampToken({
    withCertificates,
    authority: tsa,
    imprint: createHash("sha256").update(bytes).digest(),
    imprintAlgorithm: "sha256",
    at: time,
  });

/** What an authority says about certificates, one day long unless told otherwise. */
export const crl = (
  issuer: Authority,
  thisUpdate: Date,
  revoked: readonly RevokedCertificate[] = [],
  more: Partial<CrlRequest> = {},
) => issueCrl({ issuer, thisUpdate, nextUpdate: minutes(thisUpdate, 1440), revoked, ...more });

export const revoked = (
  certificate: Buffer,
  time: Date,
  reason?: RevokedCertificate["reason"],
): RevokedCertificate => ({
  serialNumber: readCertificate(certificate).serialNumber,
  at: time,
  ...(reason && { reason }),
});

/** An answer by the issuer itself, good for ten minutes. */
export const ocsp = (
  issuer: Authority,
  certificate: Buffer,
  thisUpdate: Date,
  status: OcspAnswer["status"] = "good",
  nextUpdate: Date | undefined = minutes(thisUpdate, 10),
) =>
  issueOcspResponse({
    responder: issuer,
    producedAt: thisUpdate,
    answers: [
      {
        about: { certificate, issuer: issuer.certificate },
        status,
        thisUpdate,
        ...(nextUpdate && { nextUpdate }),
      },
    ],
  });

export const evidenceOf = (parts: { certificates?: Buffer[]; crls?: Buffer[]; ocsp?: Buffer[] }): Evidence => ({
  certificates: (parts.certificates ?? []).map(readCertificate),
  crls: (parts.crls ?? []).map(readCrl),
  ocsp: (parts.ocsp ?? []).map(readOcspResponse),
});

export interface StampChoice {
  readonly tsa?: StampingAuthority;
  readonly time: Date;
  /** False for a token that leaves its authority's certificate out. */
  readonly withCertificates?: boolean;
}

/** The CMS of a signer over a content, time-stamped where a stamp is given; `exchange` may put another token in. */
export async function cmsOf(
  signer: Signer,
  content: Buffer,
  stamps: readonly StampChoice[] = [],
  exchange?: Buffer,
): Promise<Buffer> {
  const prepared = prepareSignedData(signer, createHash(signer.digest).update(content).digest());
  let cms = prepared.complete(await signer.sign(prepared.toBeSigned));
  const { signature } = readSignedData(cms);
  for (const { tsa = longStamping, time, withCertificates } of stamps) {
    const made = exchange ?? token(tsa, time, signature, withCertificates);
    cms = withUnsignedAttribute(cms, Oid.signatureTimeStampToken, made);
  }
  return cms;
}

export const unsigned = append(Buffer.alloc(0), decision);

/** The leader's signature on a decision. */
export function sign(
  signer: Signer,
  stamps: readonly StampChoice[] = [],
  more: { readonly base?: Buffer; readonly exchange?: Buffer; readonly field?: "leader" | "seal" } = {},
): Promise<Buffer> {
  const { base = unsigned, exchange, field = "leader" } = more;
  const number = field === "leader" ? 20 : 30;
  const objects: Objects = { [at[field]]: waiting[field](`/V ${number} 0 R`) };
  return addSignature(base, { signer, number, objects, cms: (content) => cmsOf(signer, content, stamps, exchange) });
}

/** Validation material put into the file's security store. */
export const withMaterial = (pdf: Buffer, parts: Parameters<typeof evidenceOf>[0]) =>
  addValidationMaterial(pdf, evidenceOf(parts));

/** A document time-stamp over everything. */
export async function withDocumentStamp(
  pdf: Buffer,
  time: Date,
  tsa: StampingAuthority = longStamping,
): Promise<Buffer> {
  const stamp = (imprint: Buffer) =>
    Promise.resolve(issueTimestampToken({ authority: tsa, imprint, imprintAlgorithm: "sha256", at: time }));
  return (await addDocumentTimestamp(pdf, { stamp })).bytes;
}

/** The time-stamp token of the first signature of a file. */
export function tokenOf(pdf: Buffer): Buffer {
  const [signature] = findSignatures(readPdf(pdf));
  const [found] = readSignedData(signature!.contents, true).unsignedAttributes.get(Oid.signatureTimeStampToken)!;
  return found!.raw;
}
