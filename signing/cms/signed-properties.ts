import { Tag, type Asn1 } from "../asn1.ts";
import { readAlgorithm } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readSignedAttributes, singleValue, type Attributes } from "./attributes.ts";
import type { SignedData } from "./signed-data.ts";
import { attempt } from "./tolerance.ts";

/** What a signer says about a signature besides making it (EN 319 122-1 §5.2). Claims, as long as nobody checks them. */
export interface SignedProperties {
  readonly claimedTime: Date | undefined;
  /** The signature policy; `implied` where the signer leaves it to be understood. */
  readonly policy:
    | {
        readonly oid: string;
        readonly digestAlgorithm: string;
        readonly digest: Buffer;
        readonly uri: string | undefined;
      }
    | "implied"
    | undefined;
  /** Object identifiers of commitments, such as Oid.proofOfApproval. */
  readonly commitments: readonly string[];
  readonly location:
    { readonly country?: string; readonly locality?: string; readonly postalAddress?: readonly string[] } | undefined;
  /** Roles that the signer claims, as text; attribute certificates and other forms are only named in the notes. */
  readonly claimedRoles: readonly string[];
  readonly contentHints: { readonly type: string; readonly description: string | undefined } | undefined;
  /** Time-stamp tokens over the content, made before the signature (EN 319 122-1 §5.2.8). */
  readonly contentTimestamps: readonly Buffer[];
  /** Identifiers of all signed attributes, in order. */
  readonly types: readonly string[];
  /** What stands there but could not be read. */
  readonly notes: readonly string[];
}

/** Reads the signed attributes that tell something. Throws CMS_MALFORMED where they are no attributes at all. */
export function readSignedProperties(data: SignedData): SignedProperties {
  const attributes: Attributes = data.signedAttributes ? readSignedAttributes(data.signedAttributes) : new Map();
  const notes: string[] = [];
  // A claim that cannot be read is named; it does not make the signature worse than one without the claim.
  const tolerant = <T>(oid: string, name: string, read: (value: Asn1) => T): T | undefined => {
    if (!attributes.has(oid)) return undefined;
    const value = singleValue(attributes, oid);
    const result = attempt(() => value && read(value));
    if (value && !(result instanceof SigningError)) return result;
    notes.push(`UNREADABLE_ATTRIBUTE ${name}`);
    return undefined;
  };
  const roles = [
    ...(tolerant(Oid.signerAttributes, "signer-attributes", (value) => readRoles(value.sequence(), notes)) ?? []),
    ...(tolerant(Oid.signerAttributesV2, "signer-attributes-v2", (value) => readRoles(value.sequence(), notes)) ?? []),
  ];
  return {
    claimedTime: tolerant(Oid.signingTime, "signing-time", (value) => value.time()),
    policy: tolerant(Oid.signaturePolicy, "signature-policy-identifier", readPolicy),
    commitments: (attributes.get(Oid.commitmentType) ?? []).flatMap((value) => readCommitment(value, notes)),
    location: tolerant(Oid.signerLocation, "signer-location", readLocation),
    claimedRoles: roles,
    contentHints: tolerant(Oid.contentHints, "content-hints", readHints),
    contentTimestamps: (attributes.get(Oid.contentTimeStamp) ?? []).map((value) => value.raw),
    types: [...attributes.keys()],
    notes,
  };
}

/** SignaturePolicy ::= CHOICE { SignaturePolicyId SEQUENCE { oid, hash, qualifiers OPTIONAL }, NULL }. */
function readPolicy(value: Asn1): SignedProperties["policy"] {
  if (value.isUniversal(Tag.null)) return "implied";
  const [oid, hash, qualifiers] = value.sequence();
  const [algorithm, digest] = hash?.sequence() ?? [];
  if (!oid || !algorithm || !digest) throw malformed("signature policy is incomplete");
  const uri = (qualifiers?.sequence() ?? []).find((element) => element.sequence()[0]?.oid() === Oid.policyUri);
  return {
    oid: oid.oid(),
    digestAlgorithm: readAlgorithm(algorithm).oid,
    digest: digest.octets(),
    uri: uri?.sequence()[1]?.text(),
  };
}

/** CommitmentTypeIndication ::= SEQUENCE { commitmentTypeId, qualifiers OPTIONAL }. */
function readCommitment(value: Asn1, notes: string[]): string[] {
  const oid = attempt(() => value.sequence()[0]?.oid());
  if (typeof oid === "string") return [oid];
  notes.push("UNREADABLE_ATTRIBUTE commitment-type-indication");
  return [];
}

/** SignerLocation ::= SEQUENCE { countryName [0], localityName [1], postalAddress [2] }, all EXPLICIT. */
function readLocation(value: Asn1): NonNullable<SignedProperties["location"]> {
  const part = (tag: number) => value.sequence().find((element) => element.isContext(tag))?.children[0];
  const [country, locality, address] = [part(0)?.text(), part(1)?.text(), part(2)?.sequence()];
  return {
    ...(country === undefined ? {} : { country }),
    ...(locality === undefined ? {} : { locality }),
    ...(address ? { postalAddress: address.slice(0, 6).map((line) => line.text()) } : {}),
  };
}

/** Claimed attributes `[0]` (X.501 Attributes); certified and signed ones are other structures. */
function readRoles(choices: readonly Asn1[], notes: string[]): string[] {
  return choices.flatMap((choice) => {
    if (!choice.isContext(0)) {
      notes.push(choice.isContext(1) ? "CERTIFIED_ATTRIBUTES" : "SIGNED_ASSERTIONS");
      return [];
    }
    // EXPLICIT in the modules in use: the SEQUENCE OF Attribute is the one child.
    const list = choice.children[0]?.children.every((child) => child.isUniversal(Tag.sequence))
      ? choice.children[0].sequence()
      : choice.children;
    return list.flatMap((attribute) => {
      const [, values] = attribute.sequence();
      if (!values) throw malformed("attribute is incomplete");
      return values.set().map((role) => role.text());
    });
  });
}

/** ContentHints ::= SEQUENCE { contentDescription UTF8String OPTIONAL, contentType OID } (RFC 2634 §2.9). */
function readHints(value: Asn1): NonNullable<SignedProperties["contentHints"]> {
  const parts = value.sequence();
  const type = parts.at(-1);
  if (!type) throw malformed("content hints are empty");
  return { type: type.oid(), description: parts.length > 1 ? parts[0]!.text() : undefined };
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
