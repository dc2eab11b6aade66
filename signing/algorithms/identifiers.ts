import { constants, sign, type KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** Digests that are written; SHA-1 only into what tests and old formats ask for. */
export type WrittenDigest = "sha1" | "sha256" | "sha384" | "sha512";

/** How an RSA key signs: PKCS#1 v1.5 or RSASSA-PSS. Other keys have one way only. */
export type RsaScheme = "pkcs1" | "pss";

/** Bytes in a digest; the salt of a PSS signature is as long (RFC 4055 §3.1). */
export const digestLengths: Readonly<Record<WrittenDigest, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

const pkcs1: Record<WrittenDigest, string> = {
  sha1: Oid.sha1WithRsa,
  sha256: Oid.sha256WithRsa,
  sha384: Oid.sha384WithRsa,
  sha512: Oid.sha512WithRsa,
};
const ecdsa: Record<WrittenDigest, string> = {
  sha1: Oid.ecdsaWithSha1,
  sha256: Oid.ecdsaWithSha256,
  sha384: Oid.ecdsaWithSha384,
  sha512: Oid.ecdsaWithSha512,
};

const written = new Map<string, Buffer>();

/**
 * The AlgorithmIdentifier of a signature by a key of this type with this digest, in DER. Throws UNSUPPORTED_KEY, also
 * for Ed25519 with another digest than SHA-512 (RFC 8419 §3).
 */
export function signatureAlgorithmOf(
  keyType: string | undefined,
  digest: WrittenDigest,
  scheme: RsaScheme = "pkcs1",
): Buffer {
  const name = `${keyType} ${digest} ${scheme}`;
  let known = written.get(name);
  if (!known) written.set(name, (known = writeSignatureAlgorithm(keyType, digest, scheme)));
  return known;
}

function writeSignatureAlgorithm(keyType: string | undefined, digest: WrittenDigest, scheme: RsaScheme): Buffer {
  switch (keyType) {
    case "rsa":
      return scheme === "pss" ? pssAlgorithm(digest) : der.sequence(der.oid(pkcs1[digest]), der.null());
    case "rsa-pss":
      return pssAlgorithm(digest);
    case "ec":
      return der.sequence(der.oid(ecdsa[digest])); // RFC 5758 §3.2: parameters absent
    case "ed25519":
      if (digest === "sha512") return der.sequence(der.oid(Oid.ed25519));
  }
  throw new SigningError("UNSUPPORTED_KEY", `keys of type ${keyType ?? "unknown"} do not sign with ${digest}`);
}

/** RSASSA-PSS-params with one digest for message and mask, and a salt of its length (RFC 4055 §3.1). */
function pssAlgorithm(digest: WrittenDigest): Buffer {
  const hash = der.sequence(der.oid(Oid[digest]), der.null());
  const parameters = der.sequence(
    der.explicit(0, hash),
    der.explicit(1, der.sequence(der.oid(Oid.mgf1), hash)),
    der.explicit(2, der.integer(digestLengths[digest])),
  );
  return der.sequence(der.oid(Oid.rsassaPss), parameters);
}

/** The raw signature over `data` that goes with `signatureAlgorithmOf`; synchronous, for keys in this process. */
export function signRaw(key: KeyObject, digest: WrittenDigest, data: Buffer, scheme: RsaScheme = "pkcs1"): Buffer {
  const type = key.asymmetricKeyType;
  if (type === "ed25519") return sign(null, data, key);
  if (type === "rsa-pss" || (type === "rsa" && scheme === "pss")) {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign(digest, data, { key, padding, saltLength: digestLengths[digest] });
  }
  return sign(digest, data, key);
}
