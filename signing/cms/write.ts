import { createHash } from "node:crypto";
import { der, readBer, readElement } from "../asn1.ts";
import { digestLengths, signatureAlgorithmOf, type RsaScheme } from "../algorithms/identifiers.ts";
import { publicKeyOf, readCertificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import type { SignatureDigest, Signer } from "../keys/signer.ts";
import { assembleSignedData, attribute } from "./assemble.ts";

/** Bytes still to be signed, and how the raw signature makes them a finished CMS. */
export interface PreparedSignedData {
  /** The DER SET OF signed attributes: what the key signs (hash it with the signer's digest for remote signing). */
  readonly toBeSigned: Buffer;
  /** The ContentInfo in DER around a raw signature. */
  complete(signature: Buffer): Buffer;
}

/** What the builder needs to know of whoever signs; `scheme` is of use for RSA keys alone. */
export type SignedDataSigner = Pick<Signer, "certificate" | "chain" | "digest"> & { readonly scheme?: RsaScheme };

/** Signed attributes beyond the three that every signature carries. */
export interface SignedDataOptions {
  /** Signs the algorithm identifiers too (RFC 6211), so that they cannot be exchanged. */
  readonly algorithmProtection?: boolean;
  /** What the signer commits to (EN 319 122-1 §5.2.3), an object identifier such as Oid.proofOfApproval. */
  readonly commitmentType?: string;
  /** Where the signer claims to be (EN 319 122-1 §5.2.5). */
  readonly location?: {
    readonly country?: string;
    readonly locality?: string;
    readonly postalAddress?: readonly string[];
  };
  /** The signature policy followed (EN 319 122-1 §5.2.9): its identifier and the digest of its document. */
  readonly policy?: {
    readonly oid: string;
    readonly digestAlgorithm: SignatureDigest;
    readonly digest: Buffer;
    readonly uri?: string;
  };
  /** A content that is enclosed instead of detached, with its type: for time-stamp tokens. */
  readonly content?: { readonly type: string; readonly bytes: Buffer };
  /** False leaves the signer's certificate and chain out; they go along unless it is given. */
  readonly withCertificates?: boolean;
}

/**
 * A detached SignedData with one SignerInfo, as PAdES baseline wants it (EN 319 142-1 §6.3): content-type,
 * message-digest and signing-certificate-v2 are signed, signing-time is left out. `contentDigest` is the digest of
 * the ByteRange with the signer's algorithm. Throws BAD_DIGEST, UNSUPPORTED_KEY, BAD_CERTIFICATE.
 */
export function prepareSignedData(
  signer: SignedDataSigner,
  contentDigest: Buffer,
  options: SignedDataOptions = {},
): PreparedSignedData {
  if (contentDigest.length !== digestLengths[signer.digest]) {
    throw new SigningError("BAD_DIGEST", `a ${signer.digest} digest has another length`);
  }
  const constant = constantsOf(signer);
  const { digestAlgorithm, signatureAlgorithm } = constant;
  const contentType = options.content?.type ?? Oid.data;
  const signedAttributes = [
    contentType === Oid.data ? dataContentType : attribute(Oid.contentType, der.oid(contentType)),
    attribute(Oid.messageDigest, der.octets(contentDigest)),
    constant.signingCertificate,
    ...optionalAttributes(options, digestAlgorithm, signatureAlgorithm),
  ];
  return {
    toBeSigned: der.setOf(signedAttributes),
    complete: (signature) =>
      assembleSignedData({
        contentType,
        ...(options.content ? { content: options.content.bytes } : {}),
        signerIdentifier: constant.signerIdentifier,
        digestAlgorithm,
        signedAttributes,
        signatureAlgorithm,
        signature,
        certificates: options.withCertificates === false ? [] : constant.certificates,
      }),
  };
}

const dataContentType = attribute(Oid.contentType, der.oid(Oid.data));

function optionalAttributes(options: SignedDataOptions, digestAlgorithm: Buffer, signatureAlgorithm: Buffer): Buffer[] {
  const { commitmentType, location, policy } = options;
  const attributes: Buffer[] = [];
  if (options.algorithmProtection) {
    const copy = der.sequence(digestAlgorithm, der.implicit(1, readBer(signatureAlgorithm).content));
    attributes.push(attribute(Oid.cmsAlgorithmProtection, copy));
  }
  if (commitmentType) attributes.push(attribute(Oid.commitmentType, der.sequence(der.oid(commitmentType))));
  if (location) {
    const { country, locality, postalAddress } = location;
    const parts = [
      ...(country ? [der.explicit(0, der.utf8(country))] : []),
      ...(locality ? [der.explicit(1, der.utf8(locality))] : []),
      ...(postalAddress?.length ? [der.explicit(2, der.sequence(...postalAddress.map(der.utf8)))] : []),
    ];
    // A SEQUENCE without any part would break the ASN.1 of EN 319 122-1 §5.2.5.
    if (parts.length) attributes.push(attribute(Oid.signerLocation, der.sequence(...parts)));
  }
  if (policy) {
    const hash = der.sequence(der.sequence(der.oid(Oid[policy.digestAlgorithm])), der.octets(policy.digest));
    const qualifiers = policy.uri ? [der.sequence(der.sequence(der.oid(Oid.policyUri), der.ia5(policy.uri)))] : [];
    attributes.push(attribute(Oid.signaturePolicy, der.sequence(der.oid(policy.oid), hash, ...qualifiers)));
  }
  return attributes;
}

/** What stays the same from one signature of a signer to the next. */
interface SignerConstants {
  readonly digest: SignatureDigest;
  readonly scheme: RsaScheme | undefined;
  readonly chain: readonly Buffer[];
  readonly digestAlgorithm: Buffer;
  readonly signatureAlgorithm: Buffer;
  readonly signingCertificate: Buffer;
  readonly signerIdentifier: Buffer;
  readonly certificates: readonly Buffer[];
}

/** By the certificate's buffer: signers are made anew for each request, their certificates are kept. */
const known = new WeakMap<Buffer, SignerConstants>();

function constantsOf(signer: SignedDataSigner): SignerConstants {
  const { certificate, chain, digest, scheme } = signer;
  const found = known.get(certificate);
  if (found && found.digest === digest && found.scheme === scheme && sameMembers(found.chain, chain)) return found;
  const read = readCertificate(certificate);
  const hash = createHash("sha256").update(certificate).digest();
  const constants: SignerConstants = {
    digest,
    scheme,
    chain: [...chain],
    digestAlgorithm: der.sequence(der.oid(Oid[digest])), // RFC 5754 §2: parameters absent
    signatureAlgorithm: signatureAlgorithmOf(publicKeyOf(read).asymmetricKeyType, digest, scheme),
    // RFC 5035 §4: SHA-256 is the default hash algorithm, so DER leaves it out.
    signingCertificate: attribute(Oid.signingCertificateV2, der.sequence(der.sequence(der.sequence(der.octets(hash))))),
    // The issuer as its certificate spells it: encoding it anew would break names with diacritics.
    signerIdentifier: der.sequence(read.issuer.der, serialOf(certificate)),
    certificates: [certificate, ...chain],
  };
  known.set(certificate, constants);
  return constants;
}

function sameMembers(one: readonly Buffer[], other: readonly Buffer[]): boolean {
  return one.length === other.length && one.every((member, i) => member === other[i]);
}

/** The serial number as the certificate spells it: negative ones exist, though RFC 5280 forbids them. */
function serialOf(certificate: Buffer): Buffer {
  const [first, second] = readBer(certificate).sequence()[0]!.sequence();
  return (first!.isContext(0) ? second! : first!).raw;
}

/**
 * The same CMS in DER with one more unsigned attribute of one value (a signature time-stamp, say); an attribute of
 * this type that is there already gets the value added (RFC 5652 §5.3 lets a type stand once). The signed part is
 * copied as it stands. Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function withUnsignedAttribute(cms: Buffer, oid: string, value: Buffer): Buffer {
  const malformed = (message: string) => new SigningError("CMS_MALFORMED", message);
  const [type, wrapped] = readElement(cms).sequence();
  if (type?.oid() !== Oid.signedData || !wrapped?.isContext(0)) throw malformed("SignedData expected");
  const fields = wrapped.children[0]?.sequence() ?? [];
  const [info, ...others] = fields.at(-1)?.set() ?? [];
  if (!info || others.length) throw malformed("one SignerInfo expected");
  const parts = info.sequence();
  const last = parts.at(-1)!;
  const attributes = last.isContext(1) ? last.children : [];
  const kept = attributes.filter((element) => element.sequence()[0]?.oid() !== oid).map((element) => element.raw);
  const same = attributes.find((element) => element.sequence()[0]?.oid() === oid);
  const values = [
    ...(same
      ?.sequence()[1]
      ?.set()
      .map((element) => element.raw) ?? []),
    value,
  ];
  const unsigned = Buffer.concat([...kept, attribute(oid, ...values)].sort(Buffer.compare));
  const signed = parts.filter((part) => !part.isContext(1)).map((part) => part.raw);
  const signerInfo = der.sequence(...signed, der.implicit(1, unsigned));
  const rest = fields.slice(0, -1).map((field) => field.raw);
  const signedData = der.sequence(...rest, der.setOf([signerInfo]));
  return der.sequence(der.oid(Oid.signedData), der.explicit(0, signedData));
}

export { attribute } from "./assemble.ts";
export { signatureAlgorithmOf } from "../algorithms/identifiers.ts";
