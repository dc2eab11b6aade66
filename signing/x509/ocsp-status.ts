import { digest } from "../algorithms/raw.ts";
import { caught } from "./caught.ts";
import { publicKeyOf, type Certificate } from "./certificates.ts";
import { distributionPoints } from "./distribution-points.ts";
import { authorityInformation, hasNoCheck } from "./extensions.ts";
import { sameName } from "./names.ts";
import { identifies, keyHashOf, type BasicOcspResponse, type OcspResponse, type OcspSingle } from "./ocsp.ts";
import type { Path } from "./path.ts";
import { validatePath } from "./path-validation.ts";
import { workingKey } from "./signatures.ts";
import { faultOfSignature, isFresh, later, type Inquiry, type Statement } from "./statements.ts";
import { Oid } from "../oids.ts";

const understood: ReadonlySet<string> = new Set([
  Oid.ocspNonce,
  Oid.ocspArchiveCutoff,
  Oid.ocspCertificateHash,
  "1.3.6.1.5.5.7.48.1.9", // extended revoke (RFC 6960 §4.4.8): "revoked" is taken as such in any case
]);

/** What the OCSP responses at hand say of a certificate (RFC 6960). */
export function ocspStatements(inquiry: Inquiry): Statement[] {
  return inquiry.evidence.ocsp.flatMap((response) => {
    const { basic } = response;
    if (!basic) return [];
    const singles = basic.singles.filter(({ id }) => identifies(id, inquiry.certificate, inquiry.issuer));
    if (singles.length === 0) return [];
    const statements = () => {
      const signer = findSigner(basic, inquiry);
      return signer ? singles.flatMap((single) => statement(response, basic, single, signer, inquiry)) : [];
    };
    return caught(statements, ({ code }) => {
      inquiry.note(`OCSP_${code}`);
      return [];
    });
  });
}

function statement(
  { sha256 }: OcspResponse,
  { producedAt, extensions }: BasicOcspResponse,
  single: OcspSingle,
  signer: Certificate,
  { certificate, at, note }: Inquiry,
): Statement[] {
  const refuse = (reason: string) => {
    note(reason);
    return [];
  };
  const critical = [...extensions, ...single.extensions].find(([oid, each]) => each.critical && !understood.has(oid));
  if (critical) return refuse(`OCSP_CRITICAL_EXTENSION ${critical[0]}`);
  const { certificateHash: hash, thisUpdate, nextUpdate, archiveCutoff } = single;
  if (hash && !digest(hash.algorithm, certificate.der).equals(hash.hash)) return refuse("OCSP_OF_ANOTHER_CERTIFICATE");
  if (single.status === "unknown") return refuse("OCSP_STATUS_UNKNOWN");
  const revoked = single.status === "revoked";
  // Of expired certificates a responder may have forgotten what it knew (§4.4.4).
  const forgotten = thisUpdate > certificate.notAfter && !(archiveCutoff && archiveCutoff <= certificate.notAfter);
  if (!revoked && forgotten) return refuse("OCSP_AFTER_EXPIRY");
  return [
    {
      revoked,
      reason: single.reason,
      revokedAt: single.revokedAt,
      invalidFrom: undefined,
      reasons: undefined,
      source: { kind: "OCSP", issuer: signer.subject.text, signer, thisUpdate, nextUpdate, producedAt, sha256 },
      fresh: isFresh(at, single),
    },
  ];
}

/** The responder's certificate, if it may speak for the issuer (§4.2.2.2) and has signed. */
function findSigner(basic: BasicOcspResponse, inquiry: Inquiry): Certificate | undefined {
  const { issuer, evidence } = inquiry;
  const { responder } = basic;
  const isResponder = (certificate: Certificate) =>
    "name" in responder ? sameName(certificate.subject, responder.name) : hasKeyHash(certificate, responder.keyHash);
  const candidates = [issuer, ...basic.certificates, ...evidence.certificates].filter(isResponder);
  let fault: string | undefined;
  for (const candidate of new Set(candidates)) {
    // What is wrong with one candidate must not keep another from being found.
    const found = caught(
      () => faultOfResponder(candidate, basic, inquiry),
      ({ code }) => code,
    );
    if (!found) return candidate;
    fault ??= found;
  }
  inquiry.note(fault ? `OCSP_RESPONDER_${fault}` : "OCSP_RESPONDER_NOT_FOUND");
  return undefined;
}

function hasKeyHash(certificate: Certificate, hash: Buffer): boolean {
  return caught(
    () => keyHashOf(certificate).equals(hash),
    () => false,
  );
}

function faultOfResponder(candidate: Certificate, basic: BasicOcspResponse, inquiry: Inquiry): string | undefined {
  const { path, issuer, at, statusOf } = inquiry;
  const own = candidate.publicKeyInfo.equals(issuer.publicKeyInfo) && sameName(candidate.subject, issuer.subject);
  if (own) {
    const { publicKey } = validatePath(withoutFirst(path), inquiry);
    return publicKey ? faultOfSignature(basic, publicKey, inquiry) : "KEY";
  }
  // A delegate: issued by that very authority, for this purpose; a purpose of "any" does not count (§4.2.2.2).
  if (!sameName(candidate.issuer, issuer.subject)) return "UNAUTHORISED";
  if (!candidate.extendedKeyUsage?.includes(Oid.ocspSigning)) return "UNAUTHORISED";
  const { keyUsage } = candidate;
  if (keyUsage && !keyUsage.has("digitalSignature") && !keyUsage.has("nonRepudiation")) return "UNAUTHORISED";
  const fault = faultOfSignature(basic, workingKey(candidate, publicKeyOf(issuer)), inquiry);
  if (fault) return fault;
  const delegated: Path = { certificates: [candidate, ...path.certificates.slice(1)], anchor: path.anchor };
  const { faults } = validatePath(delegated, { at: basic.producedAt, algorithms: inquiry.algorithms });
  // What is above is judged with the path itself, at its own instant.
  const ownFault = faults.find(({ index }) => index === 0);
  if (ownFault) return ownFault.note;
  if (hasNoCheck(candidate) || !hasStatusService(candidate)) return undefined;
  const { status, fresh } = statusOf(delegated, later(at, basic.producedAt));
  return status === "GOOD" && fresh ? undefined : `STATUS_${status}`;
}

/** §4.2.2.2.1: where no way of checking is named, it is up to the client; there is nothing to ask then. */
function hasStatusService(certificate: Certificate): boolean {
  return distributionPoints(certificate).length > 0 || authorityInformation(certificate).ocsp.length > 0;
}

function withoutFirst({ certificates, anchor }: Path): Path {
  return { certificates: certificates.slice(1), anchor };
}
