import { createHash } from "node:crypto";
import { der, readBer } from "../asn1.ts";
import { publicKeyOf, readCertificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import type { SignatureDigest, Signer } from "../keys/signer.ts";

/** Bytes still to be signed, and how the raw signature makes them a finished CMS. */
export interface PreparedSignedData {
  /** The DER SET OF signed attributes: what the key signs (hash it with the signer's digest for remote signing). */
  readonly toBeSigned: Buffer;
  /** The ContentInfo in DER around a raw signature. */
  complete(signature: Buffer): Buffer;
}

const digestLengths = { sha256: 32, sha384: 48, sha512: 64 } as const;

const signatureAlgorithms: Record<string, Record<SignatureDigest, () => Buffer>> = {
  rsa: {
    sha256: () => der.sequence(der.oid(Oid.sha256WithRsa), der.null()),
    sha384: () => der.sequence(der.oid(Oid.sha384WithRsa), der.null()),
    sha512: () => der.sequence(der.oid(Oid.sha512WithRsa), der.null()),
  },
  ec: {
    sha256: () => der.sequence(der.oid(Oid.ecdsaWithSha256)),
    sha384: () => der.sequence(der.oid(Oid.ecdsaWithSha384)),
    sha512: () => der.sequence(der.oid(Oid.ecdsaWithSha512)),
  },
};

/**
 * A detached SignedData with one SignerInfo, as PAdES baseline wants it (EN 319 142-1 §6.3): content-type,
 * message-digest and signing-certificate-v2 are signed, signing-time is left out. `contentDigest` is the digest of
 * the ByteRange with the signer's algorithm. Throws BAD_DIGEST, UNSUPPORTED_KEY, BAD_CERTIFICATE.
 */
export function prepareSignedData(
  signer: Pick<Signer, "certificate" | "chain" | "digest">,
  contentDigest: Buffer,
): PreparedSignedData {
  if (contentDigest.length !== digestLengths[signer.digest]) {
    throw new SigningError("BAD_DIGEST", `a ${signer.digest} digest has another length`);
  }
  const certificate = readCertificate(signer.certificate);
  const digestAlgorithm = der.sequence(der.oid(Oid[signer.digest])); // RFC 5754 §2: parameters absent
  const signatureAlgorithm = signatureAlgorithmOf(publicKeyOf(certificate).asymmetricKeyType, signer.digest);
  const certificateHash = createHash("sha256").update(signer.certificate).digest();

  const attributes = [
    attribute(Oid.contentType, der.oid(Oid.data)),
    attribute(Oid.messageDigest, der.octets(contentDigest)),
    // RFC 5035 §4: SHA-256 is the default hash algorithm, so DER leaves it out.
    attribute(Oid.signingCertificateV2, der.sequence(der.sequence(der.sequence(der.octets(certificateHash))))),
  ];
  const toBeSigned = der.setOf(attributes);
  const attributeContent = readBer(toBeSigned).content;
  // The issuer as its certificate spells it: encoding it anew would break names with diacritics.
  const issuerAndSerial = der.sequence(certificate.issuer.der, der.integer(certificate.serialNumber));

  return {
    toBeSigned,
    complete: (signature) => {
      const signerInfo = der.sequence(
        der.integer(1),
        issuerAndSerial,
        digestAlgorithm,
        der.implicit(0, attributeContent),
        signatureAlgorithm,
        der.octets(signature),
      );
      // CertificateSet is a SET OF: DER sorts it too.
      const certificates = [signer.certificate, ...signer.chain].sort(Buffer.compare);
      const signedData = der.sequence(
        der.integer(1),
        der.setOf([digestAlgorithm]),
        der.sequence(der.oid(Oid.data)),
        der.implicit(0, Buffer.concat(certificates)),
        der.setOf([signerInfo]),
      );
      return der.sequence(der.oid(Oid.signedData), der.explicit(0, signedData));
    },
  };
}

/** Attribute ::= SEQUENCE { attrType, attrValues SET OF } with one value. */
export function attribute(oid: string, value: Buffer): Buffer {
  return der.sequence(der.oid(oid), der.setOf([value]));
}

/** The AlgorithmIdentifier of a signature by a key of this type with this digest. Throws UNSUPPORTED_KEY. */
export function signatureAlgorithmOf(keyType: string | undefined, digest: SignatureDigest): Buffer {
  if (keyType === "ed25519" && digest === "sha512") return der.sequence(der.oid(Oid.ed25519));
  const write = signatureAlgorithms[keyType ?? ""]?.[digest];
  if (!write) throw new SigningError("UNSUPPORTED_KEY", `keys of type ${keyType ?? "unknown"} do not sign`);
  return write();
}
