import { constants, sign as signBytes, type KeyObject } from "node:crypto";
import { digestLengths, type RsaScheme } from "../algorithms/identifiers.ts";
import { SigningError } from "../errors.ts";

/** Digests that new signatures use. */
export type SignatureDigest = "sha256" | "sha384" | "sha512";

/** Whoever holds a key: a file, a token, a remote service. Certificates are DER; `chain` leaves out the signer's. */
export interface Signer {
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
  readonly digest: SignatureDigest;
  /** How an RSA key signs; PKCS#1 v1.5 unless given. */
  readonly scheme?: RsaScheme;
  /**
   * The raw signature over `data` (hashed inside): PKCS#1 v1.5 or PSS for RSA, DER (r, s) for ECDSA, 64 bytes for
   * Ed25519.
   */
  sign(data: Buffer): Promise<Buffer>;
}

/** The digest that fits a key's strength: 256 bits unless the key is P-384, P-521, RSA from 4096 on, or Ed25519. */
export function digestForKey(key: KeyObject): SignatureDigest {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
      return (modulusLength ?? 0) >= 4096 ? "sha512" : "sha256";
    case "ec":
      return namedCurve === "secp521r1" ? "sha512" : namedCurve === "secp384r1" ? "sha384" : "sha256";
    case "ed25519":
      return "sha512"; // RFC 8419 §3: Ed25519 in CMS goes with SHA-512.
    default:
      throw new SigningError("UNSUPPORTED_KEY", `keys of type ${key.asymmetricKeyType ?? "unknown"} do not sign`);
  }
}

/** Signs with raw bytes through the thread pool of node:crypto. */
export function signWithKey(
  key: KeyObject,
  digest: SignatureDigest,
  data: Buffer,
  scheme: RsaScheme = "pkcs1",
): Promise<Buffer> {
  const algorithm = key.asymmetricKeyType === "ed25519" ? null : digest;
  const pss = key.asymmetricKeyType === "rsa" && scheme === "pss";
  const input = pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digestLengths[digest] } : key;
  return new Promise((resolve, reject) => {
    signBytes(algorithm, data, input, (error, signature) => {
      if (error) reject(new SigningError("SIGNING_FAILED", "the key could not sign", { reason: error.message }));
      else resolve(signature);
    });
  });
}

/** A signer whose private key is in this process. */
export function signerFromKey(
  key: KeyObject,
  certificate: Buffer,
  chain: readonly Buffer[],
  options: { readonly scheme?: RsaScheme; readonly digest?: SignatureDigest } = {},
): Signer {
  const digest = options.digest ?? digestForKey(key);
  const { scheme } = options;
  return {
    certificate,
    chain,
    digest,
    ...(scheme ? { scheme } : {}),
    sign: (data) => signWithKey(key, digest, data, scheme),
  };
}
