import type { Asn1 } from "../asn1.ts";
import {
  readAlgorithm,
  readExtensions,
  readName,
  type AlgorithmIdentifier,
  type DistinguishedName,
  type Extensions,
} from "./certificates.ts";
import { scanEntries, type CrlEntry } from "./crl-entries.ts";
import { atLeast, readDer, readHeader, type Header } from "./der.ts";
import { readPointName, readReasons, type DistributionPointName, type ReasonFlag } from "./distribution-points.ts";
import { ReadCache } from "./read-cache.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** IssuingDistributionPoint (RFC 5280 §5.2.5): which certificates and reasons a list speaks of. */
export interface IssuingDistributionPoint {
  readonly point: DistributionPointName | undefined;
  readonly onlyUserCertificates: boolean;
  readonly onlyAuthorityCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  readonly onlyReasons: ReadonlySet<ReasonFlag> | undefined;
  readonly indirect: boolean;
}

/** A certificate revocation list (RFC 5280 §5.1). Its entries stay bytes until one is asked for. */
export interface Crl {
  readonly der: Buffer;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly tbs: Buffer;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly extensions: Extensions;
  readonly authorityKeyIdentifier: Buffer | undefined;
  readonly number: bigint | undefined;
  /** The number of the complete list that a delta list builds on; undefined for a complete list. */
  readonly baseNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  /** From when on expired certificates stay on the list (X.509 expiredCertsOnCRL). */
  readonly expiredCertificatesSince: Date | undefined;
  /** Critical extensions, of the list or of any entry, whose meaning is not applied: the list cannot be used. */
  readonly unknownCritical: readonly string[];
  /** How many entries there are. */
  readonly size: number;
  /** The entries for a certificate of this issuer. Throws BAD_CRL or ASN1_MALFORMED where one is broken. */
  find(serialNumber: bigint, issuer: DistinguishedName): readonly CrlEntry[];
}

export const crlLimits = { bytes: 48 * 1024 * 1024, entries: 2_000_000 } as const;

const cache = new ReadCache<Crl>(16 * 1024 * 1024);

const understood: ReadonlySet<string> = new Set([
  Oid.authorityKeyIdentifier,
  Oid.issuerAltName,
  Oid.crlNumber,
  Oid.deltaCrlIndicator,
  Oid.issuingDistributionPoint,
  Oid.freshestCrl,
  Oid.authorityInfoAccess,
  Oid.expiredCertificatesOnCrl,
]);
const understoodInEntries: ReadonlySet<string> = new Set([Oid.crlReason, Oid.invalidityDate, Oid.holdInstruction]);

/**
 * Reads one DER list, its entries in one pass without taking them apart; the same bytes give the same object while it
 * is remembered. Throws BAD_CRL, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readCrl(der: Buffer): Crl {
  if (der.length > crlLimits.bytes) throw bad("list is too large");
  return cache.get(der, parse);
}

function parse(der: Buffer, sha256: string): Crl {
  const outer = readHeader(der, 0, der.length);
  if (outer.identifier !== 0x30 || outer.end !== der.length) throw bad("one SEQUENCE expected");
  const [tbs, outerAlgorithm, signature, ...rest] = atLeast(3, parts(der, outer));
  if (rest.length || tbs.identifier !== 0x30) throw bad("not a list");
  const fields = parts(der, tbs);
  const element = (part: Header) => readDer(der.subarray(part.start, part.end));

  // version OPTIONAL, v2 if present
  if (fields[0]?.identifier === 0x02 && element(fields.shift()!).count(1) !== 1) throw bad("unknown version");
  const [innerAlgorithm, issuer, thisUpdate, ...optional] = atLeast(3, fields);
  const algorithm = element(outerAlgorithm);
  if (!element(innerAlgorithm).raw.equals(algorithm.raw)) throw bad("the two signature algorithms differ");
  const next = isTime(optional[0]) ? optional.shift() : undefined;
  const revoked = optional[0]?.identifier === 0x30 ? optional.shift() : undefined;
  const wrapped = optional[0]?.identifier === 0xa0 ? optional.shift() : undefined;
  if (optional.length) throw bad("unknown fields");

  const [list, ...others] = wrapped ? element(wrapped).children : [];
  if (wrapped && (!list || others.length)) throw bad("extensions are malformed");
  const extensions: Extensions = list ? readExtensions(list) : new Map<string, never>();
  const value = (oid: string) => {
    const extension = extensions.get(oid);
    return extension && readDer(extension.value);
  };
  const scope = value(Oid.issuingDistributionPoint);
  const issuingDistributionPoint = scope && readScope(scope);
  const name = readName(element(issuer));
  const entries = scanEntries(der, revoked, {
    issuer: name,
    indirect: issuingDistributionPoint?.indirect ?? false,
    limit: crlLimits.entries,
  });
  return {
    der,
    sha256,
    tbs: der.subarray(tbs.start, tbs.end),
    signatureAlgorithm: readAlgorithm(algorithm),
    signature: element(signature).bits(),
    issuer: name,
    thisUpdate: element(thisUpdate).time(),
    nextUpdate: next && element(next).time(),
    extensions,
    authorityKeyIdentifier: value(Oid.authorityKeyIdentifier)
      ?.sequence()
      .find((part) => part.isContext(0))
      ?.octets(0),
    number: value(Oid.crlNumber)?.integer(),
    baseNumber: value(Oid.deltaCrlIndicator)?.integer(),
    issuingDistributionPoint,
    expiredCertificatesSince: value(Oid.expiredCertificatesOnCrl)?.time(),
    unknownCritical: [
      ...[...extensions].filter(([oid, { critical }]) => critical && !understood.has(oid)).map(([oid]) => oid),
      ...entries.critical.filter((oid) => !understoodInEntries.has(oid)),
    ],
    size: entries.size,
    find: entries.find,
  };
}

/** The elements inside a constructed one, by their headers only. */
function parts(der: Buffer, { contentStart, end }: Header): Header[] {
  const found: Header[] = [];
  for (let at = contentStart; at < end; at = found.at(-1)!.end) {
    if (found.length > 8) throw bad("too many fields");
    found.push(readHeader(der, at, end));
  }
  return found;
}

function isTime(part: Header | undefined): boolean {
  return part?.identifier === 0x17 || part?.identifier === 0x18;
}

function readScope(scope: Asn1): IssuingDistributionPoint {
  const fields = scope.sequence();
  const field = (tag: number) => fields.find((each) => each.isContext(tag));
  const flag = (tag: number) => (field(tag)?.content[0] ?? 0) !== 0;
  const name = field(0);
  const reasons = field(3);
  return {
    point: name && readPointName(name),
    onlyUserCertificates: flag(1),
    onlyAuthorityCertificates: flag(2),
    onlyReasons: reasons && readReasons(reasons),
    indirect: flag(4),
    onlyAttributeCertificates: flag(5),
  };
}

export type { CrlEntry };

function bad(message: string): SigningError {
  return new SigningError("BAD_CRL", message);
}
