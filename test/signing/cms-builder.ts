import { createHash, type KeyObject } from "node:crypto";
import { digestLengths, signRaw, type RsaScheme, type WrittenDigest } from "../../signing/algorithms/identifiers.ts";
import { der, readBer, type Asn1 } from "../../signing/asn1.ts";
import { attribute, signatureAlgorithmOf } from "../../signing/cms/write.ts";
import { Oid } from "../../signing/oids.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";

/** What a CMS is built from; each part may be replaced, to make what no honest signer writes. */
export interface CmsParts {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly content: Buffer;
  readonly digest?: WrittenDigest;
  readonly scheme?: RsaScheme;
  readonly digestAlgorithm?: Buffer;
  readonly signatureAlgorithm?: Buffer;
  readonly contentType?: string;
  /** Encloses these bytes. */
  readonly enclosed?: Buffer;
  readonly signerIdentifier?: Buffer;
  /** Changes the three usual attributes; undefined signs the content itself. */
  readonly attributes?: (usual: readonly Buffer[]) => readonly Buffer[] | undefined;
  /** Writes and signs the attributes in the order given. */
  readonly unsorted?: boolean;
  readonly sign?: (bytes: Buffer) => Buffer;
  readonly unsigned?: readonly Buffer[];
  readonly certificates?: readonly Buffer[];
  readonly crls?: readonly Buffer[];
  /** Number of times the SignerInfo stands there. */
  readonly signers?: number;
  /** Fields behind the SignerInfos, and behind the SignerInfo's own. */
  readonly behind?: readonly Buffer[];
  readonly behindSigner?: readonly Buffer[];
  readonly digestAlgorithms?: readonly Buffer[];
}

/** The three attributes of a baseline signature. */
export function usualAttributes(certificate: Buffer, hash: Buffer, contentType: string = Oid.data): Buffer[] {
  const certificateHash = createHash("sha256").update(certificate).digest();
  return [
    attribute(Oid.contentType, der.oid(contentType)),
    attribute(Oid.messageDigest, der.octets(hash)),
    attribute(Oid.signingCertificateV2, essV2(certificateHash)),
  ];
}

/** SigningCertificateV2 with one entry made of these parts. */
export const essV2 = (hash: Buffer, ...more: readonly Buffer[]) =>
  der.sequence(der.sequence(der.sequence(der.octets(hash), ...more)));

/** A SignedData, written apart from the product's own writer. */
export function buildCms(parts: CmsParts): Buffer {
  const { key, certificate, content, digest = "sha256", scheme, contentType = Oid.data, enclosed } = parts;
  const read = readCertificate(certificate);
  const hash = createHash(digest)
    .update(enclosed ?? content)
    .digest();
  const usual = usualAttributes(certificate, hash, contentType);
  const attributes = parts.attributes ? parts.attributes(usual) : usual;
  const joined = attributes && Buffer.concat(parts.unsorted ? attributes : [...attributes].sort(Buffer.compare));
  const toBeSigned = joined ? Buffer.concat([header(0x31, joined.length), joined]) : (enclosed ?? content);
  const signature = (parts.sign ?? ((bytes: Buffer) => signRaw(key, digest, bytes, scheme)))(toBeSigned);
  const digestAlgorithm = parts.digestAlgorithm ?? der.sequence(der.oid(Oid[digest]));
  const signerInfo = der.sequence(
    der.integer(1),
    parts.signerIdentifier ?? der.sequence(read.issuer.der, der.integer(read.serialNumber)),
    digestAlgorithm,
    ...(joined ? [der.implicit(0, joined)] : []),
    parts.signatureAlgorithm ?? signatureAlgorithmOf(key.asymmetricKeyType, digest, scheme),
    der.octets(signature),
    ...(parts.unsigned ? [der.implicit(1, Buffer.concat(parts.unsigned))] : []),
    ...(parts.behindSigner ?? []),
  );
  const certificates = parts.certificates ?? [certificate];
  const signedData = der.sequence(
    der.integer(1),
    der.setOf(parts.digestAlgorithms ?? [digestAlgorithm]),
    der.sequence(der.oid(contentType), ...(enclosed ? [der.explicit(0, der.octets(enclosed))] : [])),
    ...(certificates.length ? [der.implicit(0, Buffer.concat(certificates))] : []),
    ...(parts.crls ? [der.implicit(1, Buffer.concat(parts.crls))] : []),
    der.setOf(Array.from({ length: parts.signers ?? 1 }, () => signerInfo)),
    ...(parts.behind ?? []),
  );
  return der.sequence(der.oid(Oid.signedData), der.explicit(0, signedData));
}

function header(identifier: number, length: number): Buffer {
  return der
    .octets(Buffer.alloc(length))
    .subarray(0, -length)
    .map((byte, i) => (i ? byte : identifier)) as Buffer;
}

/** The same values with every constructed element in the indefinite form. */
export function toIndefinite(element: Asn1): Buffer {
  if (!element.constructed) return element.raw;
  const parts = element.children.map(toIndefinite);
  return Buffer.concat([Buffer.from([element.identifier, 0x80]), ...parts, Buffer.alloc(2)]);
}

/** The same values in BER at its worst: indefinite lengths, and octet strings cut into pieces. */
export function toCutUp(bytes: Buffer): Buffer {
  const element = readBer(bytes);
  const write = (each: Asn1): Buffer => {
    if (each.isUniversal(4) && each.content.length > 4) {
      const half = each.content.length >> 1;
      const pieces = [der.octets(each.content.subarray(0, half)), der.octets(each.content.subarray(half))];
      return Buffer.concat([Buffer.from([0x24, 0x80]), ...pieces, Buffer.alloc(2)]);
    }
    if (!each.constructed) return each.raw;
    // A certificate stays as it was signed: it is DER, also inside of BER.
    if (looksLikeCertificate(each)) return each.raw;
    return Buffer.concat([Buffer.from([each.identifier, 0x80]), ...each.children.map(write), Buffer.alloc(2)]);
  };
  return write(element);
}

function looksLikeCertificate({ children }: Asn1): boolean {
  return children.length === 3 && children[0]!.children[0]?.isContext(0) === true && children[2]!.isUniversal(3);
}

export { digestLengths };
