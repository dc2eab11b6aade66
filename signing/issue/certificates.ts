import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { readCertificate, type KeyUsage } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import {
  addressExtensions,
  authorityConstraints,
  authorityKeyExtension,
  keyUsageExtension,
  policiesExtension,
  purposesExtension,
  subjectKeyExtension,
  writeExtension,
  type Addresses,
  type Extension,
} from "./extensions.ts";
import { algorithmFor, signStructure, type Authority, type SigningChoice } from "./keys.ts";
import { writeSubject, type Subject } from "./names.ts";

export { generateKeys, type Authority, type KeyKind, type SigningChoice } from "./keys.ts";
export type { Addresses, Extension } from "./extensions.ts";
export type { Subject, SubjectPart } from "./names.ts";

/** What a certificate is for; decides key usage and extended key usage. */
export type CertificateUsage = "person" | "agency-seal" | "transmission" | "timestamp" | "ocsp";

/** What every certificate may be given beyond its subject and key. */
export interface CertificateOptions {
  readonly subject: Subject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A random number of 121 bits unless given. */
  readonly serialNumber?: bigint;
  /** Object identifiers of certificate policies. */
  readonly policies?: readonly string[];
  readonly addresses?: Addresses;
  /** Further extensions; one of the same identifier as an ordinary one takes its place. */
  readonly extensions?: readonly Extension[];
  /** Identifiers of ordinary extensions that are left out. */
  readonly without?: readonly string[];
  readonly signing?: SigningChoice;
  /** Also issues what no authority should: below a certificate that is none, or valid for no time. For tests. */
  readonly unchecked?: boolean;
}

const profiles: Record<CertificateUsage, { keyUsage: readonly KeyUsage[]; purposes: readonly string[] }> = {
  person: {
    keyUsage: ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"],
    purposes: [Oid.clientAuth, Oid.emailProtection],
  },
  "agency-seal": { keyUsage: ["digitalSignature", "nonRepudiation"], purposes: [Oid.emailProtection] },
  transmission: { keyUsage: ["digitalSignature", "keyEncipherment"], purposes: [Oid.clientAuth, Oid.serverAuth] },
  timestamp: { keyUsage: ["digitalSignature"], purposes: [Oid.timeStamping] },
  ocsp: { keyUsage: ["digitalSignature"], purposes: [Oid.ocspSigning] },
};

/** A self-signed root certificate for the private key `key`, in DER. Throws BAD_VALIDITY, BAD_SUBJECT. */
export function issueRoot(root: CertificateOptions & { readonly key: KeyObject }): Buffer {
  const publicKey = createPublicKey(root.key);
  const name = writeSubject(root.subject);
  return issue(root, publicKey, root.key, name, [
    ...authorityExtensions(undefined),
    subjectKeyExtension(publicKey),
    ...addressExtensions(root.addresses ?? {}),
  ]);
}

/**
 * A subordinate authority's certificate, in DER; `pathLength` (0 unless given, "unlimited" for none) bounds the
 * authorities below it. Throws NOT_AN_AUTHORITY, BAD_VALIDITY, BAD_SUBJECT.
 */
export function issueSubordinate(
  subordinate: CertificateOptions & {
    readonly publicKey: KeyObject;
    readonly issuer: Authority;
    readonly pathLength?: number | "unlimited";
  },
): Buffer {
  const { pathLength = 0 } = subordinate;
  return issueBelow(subordinate, authorityExtensions(pathLength === "unlimited" ? undefined : pathLength));
}

/**
 * A certificate for a person, an agency's seal or a service, in DER.
 * Throws NOT_AN_AUTHORITY, BAD_VALIDITY, BAD_SUBJECT.
 */
export function issueCertificate(
  entity: CertificateOptions & {
    readonly publicKey: KeyObject;
    readonly issuer: Authority;
    readonly usage: CertificateUsage;
  },
): Buffer {
  const { keyUsage, purposes } = profiles[entity.usage];
  const signsOnly = !entity.publicKey.asymmetricKeyType?.startsWith("rsa");
  // Keys that cannot encipher must not claim it (RFC 8813 §3).
  const usages = keyUsage.filter((usage) => !signsOnly || !usage.endsWith("Encipherment"));
  return issueBelow(entity, [
    { oid: Oid.basicConstraints, critical: true, value: der.sequence() },
    keyUsageExtension(usages),
    // RFC 3161 §2.3 wants the purpose of a time-stamping key critical, and alone.
    purposesExtension(purposes, entity.usage === "timestamp"),
    ...(entity.usage === "ocsp" ? [{ oid: Oid.ocspNoCheck, critical: false, value: der.null() }] : []),
  ]);
}

function issueBelow(
  entity: CertificateOptions & { readonly publicKey: KeyObject; readonly issuer: Authority },
  extensions: readonly Extension[],
): Buffer {
  const authority = readCertificate(entity.issuer.certificate);
  if (!entity.unchecked && !authority.basicConstraints?.ca) {
    throw new SigningError("NOT_AN_AUTHORITY", "the issuer is not an authority");
  }
  const identifier = authority.subjectKeyIdentifier;
  return issue(entity, entity.publicKey, entity.issuer.key, authority.subject.der, [
    ...extensions,
    subjectKeyExtension(entity.publicKey),
    ...(identifier ? [authorityKeyExtension(identifier)] : []),
    ...addressExtensions(entity.addresses ?? {}),
  ]);
}

function issue(
  request: CertificateOptions,
  publicKey: KeyObject,
  signingKey: KeyObject,
  issuerName: Buffer,
  ordinary: readonly Extension[],
): Buffer {
  if (!request.unchecked && !(request.notBefore < request.notAfter)) {
    throw new SigningError("BAD_VALIDITY", "validity ends before it begins");
  }
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(request.serialNumber ?? BigInt(`0x01${randomBytes(15).toString("hex")}`)),
    algorithmFor(signingKey, request.signing),
    issuerName,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    writeSubject(request.subject),
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(...extensionsOf(request, ordinary).map(writeExtension))),
  );
  return signStructure(tbs, signingKey, request.signing);
}

/** The ordinary extensions with the request's own in their places or behind them. */
function extensionsOf({ policies, extensions = [], without = [] }: CertificateOptions, ordinary: readonly Extension[]) {
  const usual = [...ordinary, ...(policies ? [policiesExtension(policies)] : [])];
  const own = new Set([...without, ...extensions.map(({ oid }) => oid)]);
  return [...usual.filter(({ oid }) => !own.has(oid)), ...extensions];
}

function authorityExtensions(pathLength: number | undefined): Extension[] {
  return [authorityConstraints(pathLength), keyUsageExtension(["keyCertSign", "cRLSign"])];
}
