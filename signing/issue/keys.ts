import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { signatureAlgorithmOf, signRaw, type RsaScheme, type WrittenDigest } from "../algorithms/identifiers.ts";
import { digestForKey } from "../keys/signer.ts";

export type KeyKind = "rsa-2048" | "rsa-3072" | "rsa-4096" | "ec-p256" | "ec-p384" | "ec-p521" | "ed25519";

/** An authority or a service: its private key and its own certificate in DER. */
export interface Authority {
  readonly key: KeyObject;
  readonly certificate: Buffer;
}

/** How a structure is signed; the digest that fits the key and PKCS#1 v1.5 unless given. */
export interface SigningChoice {
  readonly digest?: WrittenDigest;
  readonly scheme?: RsaScheme;
}

/** A new key pair. */
export function generateKeys(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case "rsa-2048":
    case "rsa-3072":
    case "rsa-4096":
      return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) });
    case "ec-p256":
    case "ec-p384":
    case "ec-p521":
      return generateKeyPairSync("ec", { namedCurve: kind.replace("ec-p", "P-") });
    case "ed25519":
      return generateKeyPairSync("ed25519");
  }
}

/** The AlgorithmIdentifier with which a key is going to sign, in DER. Throws UNSUPPORTED_KEY. */
export function algorithmFor(key: KeyObject, { digest, scheme }: SigningChoice = {}): Buffer {
  return signatureAlgorithmOf(key.asymmetricKeyType, digest ?? digestForKey(key), scheme);
}

/** `SEQUENCE { tbs, algorithm, signature, … }`: the form that certificates, lists and OCSP responses share. */
export function signStructure(tbs: Buffer, key: KeyObject, choice: SigningChoice = {}, ...more: Buffer[]): Buffer {
  const signature = signRaw(key, choice.digest ?? digestForKey(key), tbs, choice.scheme);
  return der.sequence(tbs, algorithmFor(key, choice), der.bits(signature), ...more);
}
