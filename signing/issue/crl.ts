import { der } from "../asn1.ts";
import { readCertificate } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";
import { authorityKeyExtension, writeExtension, type Extension } from "./extensions.ts";
import { algorithmFor, signStructure, type Authority, type SigningChoice } from "./keys.ts";

/** Reasons for a revocation (RFC 5280 §5.3.1) by their numbers. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type IssuedReason = keyof typeof revocationReasons;

/** One certificate on a list. */
export interface RevokedCertificate {
  readonly serialNumber: bigint;
  readonly at: Date;
  readonly reason?: IssuedReason;
  /** Since when the key is not to be trusted, where that is earlier. */
  readonly invalidFrom?: Date;
  readonly extensions?: readonly Extension[];
}

/** A list to be issued; version 2 with number and authority key identifier unless `extensions` or `without` differ. */
export interface CrlRequest {
  readonly issuer: Authority;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly revoked?: readonly RevokedCertificate[];
  /** 1 unless given. */
  readonly number?: bigint;
  /** Makes it a delta list on top of the complete list of this number. */
  readonly baseNumber?: bigint;
  readonly extensions?: readonly Extension[];
  readonly without?: readonly string[];
  readonly signing?: SigningChoice;
}

/** A certificate revocation list (RFC 5280 §5.1) in DER. */
export function issueCrl(request: CrlRequest): Buffer {
  const { issuer, thisUpdate, nextUpdate, revoked = [], number = 1n, baseNumber, signing } = request;
  const authority = readCertificate(issuer.certificate);
  const identifier = authority.subjectKeyIdentifier;
  const usual: Extension[] = [
    ...(identifier ? [authorityKeyExtension(identifier)] : []),
    { oid: Oid.crlNumber, critical: false, value: der.integer(number) },
    ...(baseNumber === undefined
      ? []
      : [{ oid: Oid.deltaCrlIndicator, critical: true, value: der.integer(baseNumber) }]),
  ];
  const { extensions = [], without = [] } = request;
  const own = new Set([...without, ...extensions.map(({ oid }) => oid)]);
  const all = [...usual.filter(({ oid }) => !own.has(oid)), ...extensions];
  const tbs = der.sequence(
    der.integer(1),
    algorithmFor(issuer.key, signing),
    authority.subject.der,
    der.time(thisUpdate),
    ...(nextUpdate ? [der.time(nextUpdate)] : []),
    // RFC 5280 §5.1.2.6: without entries the list itself is absent.
    ...(revoked.length ? [der.sequence(...revoked.map(writeEntry))] : []),
    ...(all.length ? [der.explicit(0, der.sequence(...all.map(writeExtension)))] : []),
  );
  return signStructure(tbs, issuer.key, signing);
}

function writeEntry({ serialNumber, at, reason, invalidFrom, extensions = [] }: RevokedCertificate): Buffer {
  const all: Extension[] = [
    ...(reason ? [{ oid: Oid.crlReason, critical: false, value: der.enumerated(revocationReasons[reason]) }] : []),
    ...(invalidFrom ? [{ oid: Oid.invalidityDate, critical: false, value: der.generalizedTime(invalidFrom) }] : []),
    ...extensions,
  ];
  const written = all.length ? [der.sequence(...all.map(writeExtension))] : [];
  return der.sequence(der.integer(serialNumber), der.time(at), ...written);
}
