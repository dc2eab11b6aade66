import { Tag, type Asn1 } from "../asn1.ts";
import type { Certificate } from "./certificates.ts";
import { atLeast, readDer } from "./der.ts";
import { readGeneralNames, type GeneralName } from "./names.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** CRLReason (RFC 5280 §5.3.1) by number; 7 is not used. */
const reasonNames = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  undefined,
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
] as const;
export type RevocationReason = Exclude<(typeof reasonNames)[number], undefined>;

/** ReasonFlags (§4.2.1.13) by bit; bit 0 is not used. */
const flagNames = [
  undefined,
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
] as const;
export type ReasonFlag = Exclude<(typeof flagNames)[number], undefined>;

/** All reasons that a list can be limited to. */
export const allReasons: ReadonlySet<ReasonFlag> = new Set(flagNames.slice(1) as ReasonFlag[]);

/** DistributionPointName: full names, or a part to be appended to the name of the list's issuer. */
export type DistributionPointName = { readonly fullName: readonly GeneralName[] } | { readonly relativeName: Asn1 };

/** DistributionPoint (RFC 5280 §4.2.1.13). */
export interface DistributionPoint {
  readonly point: DistributionPointName | undefined;
  readonly reasons: ReadonlySet<ReasonFlag> | undefined;
  readonly crlIssuer: readonly GeneralName[] | undefined;
}

/** CRLReason, an ENUMERATED, by name; undefined for a number that is not defined. Throws ASN1_MALFORMED. */
export function readReason(element: Asn1): RevocationReason | undefined {
  const { content } = element;
  if (!element.isUniversal(Tag.enumerated) || content.length !== 1) {
    throw new SigningError("ASN1_MALFORMED", "reason is malformed");
  }
  return reasonNames[content[0]!];
}

/** The distribution points of a certificate, from cRLDistributionPoints. Throws BAD_CERTIFICATE or ASN1_MALFORMED. */
export function distributionPoints(certificate: Certificate): readonly DistributionPoint[] {
  return pointsUnder(certificate, Oid.crlDistributionPoints);
}

/** Where delta lists are to be had, from freshestCRL (§4.2.1.15). */
export function freshestPoints(certificate: Certificate): readonly DistributionPoint[] {
  return pointsUnder(certificate, Oid.freshestCrl);
}

const maximumPoints = 256;

function pointsUnder({ extensions }: Certificate, oid: string): readonly DistributionPoint[] {
  const extension = extensions.get(oid);
  if (!extension) return [];
  const points = readDer(extension.value).sequence();
  if (points.length > maximumPoints) throw new SigningError("BAD_CERTIFICATE", "too many distribution points");
  return points.map((point) => {
    const fields = point.sequence();
    const field = (tag: number) => fields.find((each) => each.isContext(tag));
    const name = field(0);
    const reasons = field(1);
    const issuer = field(2);
    return {
      point: name && readPointName(name),
      reasons: reasons && readReasons(reasons),
      crlIssuer: issuer && readGeneralNames(issuer.children),
    };
  });
}

/** A DistributionPointName with the explicit tag around it. Throws BAD_CERTIFICATE or ASN1_MALFORMED. */
export function readPointName(wrapper: Asn1): DistributionPointName {
  const [name] = atLeast(1, wrapper.children);
  if (name.isContext(0)) return { fullName: readGeneralNames(name.children) };
  if (name.isContext(1)) return { relativeName: name };
  throw new SigningError("BAD_CERTIFICATE", "distribution point name is malformed");
}

/** ReasonFlags under an implicit tag. Throws BAD_CERTIFICATE. */
export function readReasons({ content }: Asn1): ReadonlySet<ReasonFlag> {
  if (content.length < 1 || content.length > 3 || content[0]! > 7) {
    throw new SigningError("BAD_CERTIFICATE", "reasons are malformed");
  }
  const isSet = (bit: number) => ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  return new Set([...allReasons].filter((reason) => isSet(flagNames.indexOf(reason))));
}
