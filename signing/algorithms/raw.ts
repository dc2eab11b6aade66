import { verify, type KeyObject } from "node:crypto";
import type { AlgorithmIdentifier } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";
import { digestName } from "./digests.ts";
import { bytesOf, type Message } from "./message.ts";
import { algorithmName } from "./names.ts";
import { verifyPkcs1 } from "./pkcs1.ts";
import { verifyPss } from "./pss.ts";
import { invalid, judge, unsupported, verifyMessage, weakness, type RawVerdict } from "./verdict.ts";

export { digest, digestName, newHash } from "./digests.ts";
export { withoutParameters, type RawVerdict } from "./verdict.ts";

type Family = "rsa" | "ec" | "plain-ec" | "dsa";

/** Signature algorithms that name their digest, and the family of key they belong to. */
const combined = new Map<string, { readonly family: Family; readonly digest: string }>([
  [Oid.md5WithRsa, { family: "rsa", digest: Oid.md5 }],
  [Oid.sha1WithRsa, { family: "rsa", digest: Oid.sha1 }],
  ["1.3.14.3.2.29", { family: "rsa", digest: Oid.sha1 }],
  [Oid.sha224WithRsa, { family: "rsa", digest: Oid.sha224 }],
  [Oid.sha256WithRsa, { family: "rsa", digest: Oid.sha256 }],
  [Oid.sha384WithRsa, { family: "rsa", digest: Oid.sha384 }],
  [Oid.sha512WithRsa, { family: "rsa", digest: Oid.sha512 }],
  ["1.2.840.113549.1.1.15", { family: "rsa", digest: Oid.sha512_224 }],
  ["1.2.840.113549.1.1.16", { family: "rsa", digest: Oid.sha512_256 }],
  ["1.3.36.3.3.1.2", { family: "rsa", digest: Oid.ripemd160 }],
  ["2.16.840.1.101.3.4.3.13", { family: "rsa", digest: Oid.sha3_224 }],
  ["2.16.840.1.101.3.4.3.14", { family: "rsa", digest: Oid.sha3_256 }],
  ["2.16.840.1.101.3.4.3.15", { family: "rsa", digest: Oid.sha3_384 }],
  ["2.16.840.1.101.3.4.3.16", { family: "rsa", digest: Oid.sha3_512 }],
  [Oid.ecdsaWithSha1, { family: "ec", digest: Oid.sha1 }],
  [Oid.ecdsaWithSha224, { family: "ec", digest: Oid.sha224 }],
  [Oid.ecdsaWithSha256, { family: "ec", digest: Oid.sha256 }],
  [Oid.ecdsaWithSha384, { family: "ec", digest: Oid.sha384 }],
  [Oid.ecdsaWithSha512, { family: "ec", digest: Oid.sha512 }],
  ["2.16.840.1.101.3.4.3.9", { family: "ec", digest: Oid.sha3_224 }],
  ["2.16.840.1.101.3.4.3.10", { family: "ec", digest: Oid.sha3_256 }],
  ["2.16.840.1.101.3.4.3.11", { family: "ec", digest: Oid.sha3_384 }],
  ["2.16.840.1.101.3.4.3.12", { family: "ec", digest: Oid.sha3_512 }],
  // BSI TR-03111 §4.2.1: r and s side by side, without ASN.1.
  ["0.4.0.127.0.7.1.1.4.1.1", { family: "plain-ec", digest: Oid.sha1 }],
  ["0.4.0.127.0.7.1.1.4.1.2", { family: "plain-ec", digest: Oid.sha224 }],
  ["0.4.0.127.0.7.1.1.4.1.3", { family: "plain-ec", digest: Oid.sha256 }],
  ["0.4.0.127.0.7.1.1.4.1.4", { family: "plain-ec", digest: Oid.sha384 }],
  ["0.4.0.127.0.7.1.1.4.1.5", { family: "plain-ec", digest: Oid.sha512 }],
  ["0.4.0.127.0.7.1.1.4.1.6", { family: "plain-ec", digest: Oid.ripemd160 }],
  [Oid.dsaWithSha1, { family: "dsa", digest: Oid.sha1 }],
  [Oid.dsaWithSha224, { family: "dsa", digest: Oid.sha224 }],
  [Oid.dsaWithSha256, { family: "dsa", digest: Oid.sha256 }],
  ["2.16.840.1.101.3.4.3.3", { family: "dsa", digest: Oid.sha384 }],
  ["2.16.840.1.101.3.4.3.4", { family: "dsa", digest: Oid.sha512 }],
]);

/** Algorithms that leave the digest to their surroundings. */
const separate = new Map<string, Family>([
  [Oid.rsaEncryption, "rsa"],
  [Oid.ecPublicKey, "ec"],
  [Oid.dsa, "dsa"],
]);

/** The digest that goes with an EdDSA signature in CMS (RFC 8419 §3). */
const edwards = new Map<string, { readonly type: string; readonly digest: string }>([
  [Oid.ed25519, { type: "ed25519", digest: Oid.sha512 }],
  [Oid.ed448, { type: "ed448", digest: Oid.shake256 }],
]);

/** The digest that a signature algorithm names by itself; undefined where it names none. */
export function namedDigest(oid: string): string | undefined {
  return combined.get(oid)?.digest;
}

/**
 * Checks a raw signature over `data`. `digestAlgorithm` is the CMS's own; where the signature algorithm names a
 * digest too, both must agree. In certificates leave it out. Throws ASN1_MALFORMED for parameters that cannot be read.
 */
export function verifyRaw(request: {
  readonly algorithm: AlgorithmIdentifier;
  readonly digestAlgorithm?: string;
  readonly key: KeyObject;
  readonly data: Message;
  readonly signature: Buffer;
}): RawVerdict {
  const { algorithm, digestAlgorithm, key, data, signature } = request;
  const known = combined.get(algorithm.oid);
  if (known) {
    if (digestAlgorithm && digestAlgorithm !== known.digest) return invalid("DIGEST_ALGORITHMS_DIFFER");
    return verifyFamily(known.family, known.digest, key, data, signature);
  }
  const family = separate.get(algorithm.oid);
  if (family) {
    if (!digestAlgorithm) return invalid("DIGEST_ALGORITHM_MISSING");
    return verifyFamily(family, digestAlgorithm, key, data, signature);
  }
  if (algorithm.oid === Oid.rsassaPss) return verifyPss(algorithm, digestAlgorithm, key, data, signature);
  const curve = edwards.get(algorithm.oid);
  if (curve) {
    if (key.asymmetricKeyType !== curve.type) return invalid("KEY_OF_ANOTHER_KIND");
    if (digestAlgorithm && digestAlgorithm !== curve.digest) {
      return unsupported(`DIGEST_NOT_FOR_EDDSA ${algorithmName(digestAlgorithm)}`);
    }
    const bytes = bytesOf(data);
    return judge(() => verify(null, bytes, key, signature), []);
  }
  return unsupported(`UNSUPPORTED_SIGNATURE_ALGORITHM ${algorithmName(algorithm.oid)}`);
}

function verifyFamily(family: Family, digestOid: string, key: KeyObject, data: Message, signature: Buffer): RawVerdict {
  const type = family === "plain-ec" ? "ec" : family;
  if (key.asymmetricKeyType !== type) return invalid("KEY_OF_ANOTHER_KIND");
  const name = digestName(digestOid);
  if (!name || digestOid === Oid.shake256) return unsupported(`UNSUPPORTED_DIGEST ${algorithmName(digestOid)}`);
  if (family === "rsa") return verifyPkcs1(digestOid, key, data, signature);
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails!;
  // RFC 5480 §2.1.1: curves are named; one written out by the signer could have been made to fit a signature.
  if (type === "ec" && !namedCurve) return unsupported("CURVE_WITHOUT_NAME");
  // SM2 keys are of type "ec" for OpenSSL, but their signatures are made in another way.
  if (namedCurve === "SM2") return unsupported("UNSUPPORTED_SIGNATURE_ALGORITHM SM2");
  // Parameters of any size would buy the signer any amount of our time.
  if (type === "dsa" && modulusLength > 4096) return unsupported("KEY_TOO_LARGE");
  const input = { key, dsaEncoding: family === "plain-ec" ? ("ieee-p1363" as const) : ("der" as const) };
  return verifyMessage(name, data, input, signature, weakness(digestOid, type === "dsa" ? modulusLength : undefined));
}
