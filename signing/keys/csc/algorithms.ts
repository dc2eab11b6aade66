import type { KeyObject } from "node:crypto";
import { signatureAlgorithmOf, type RsaScheme } from "../../algorithms/identifiers.ts";
import { readBer } from "../../asn1.ts";
import { Oid } from "../../oids.ts";
import { digestForKey, type SignatureDigest } from "../signer.ts";

/** How a key of a CSC service is asked to sign. */
export interface CscAlgorithm {
  readonly digest: SignatureDigest;
  readonly scheme?: RsaScheme;
  /** `signAlgo` of signatures/signHash. */
  readonly signAlgo: string;
}

const combined: Record<"rsa" | "ec", Record<SignatureDigest, string>> = {
  rsa: { sha256: Oid.sha256WithRsa, sha384: Oid.sha384WithRsa, sha512: Oid.sha512WithRsa },
  ec: { sha256: Oid.ecdsaWithSha256, sha384: Oid.ecdsaWithSha384, sha512: Oid.ecdsaWithSha512 },
};

/**
 * The way of signing for a key among the object identifiers that its service lists (`key/algo`); the digest that fits
 * the key's strength first, PKCS#1 before PSS. Undefined where none is possible: Ed25519 signs no digests.
 */
export function chooseAlgorithm(key: KeyObject, offered: readonly string[]): CscAlgorithm | undefined {
  const type = key.asymmetricKeyType;
  if (type !== "rsa" && type !== "ec") return undefined;
  const preferred = digestForKey(key);
  const digests = [preferred, ...(["sha256", "sha384", "sha512"] as const).filter((other) => other !== preferred)];
  const named = digests.find((digest) => offered.includes(combined[type][digest]));
  if (named === preferred) return { digest: named, signAlgo: combined[type][named] };
  // These two leave the digest to the request (hashAlgo).
  const open = type === "rsa" ? Oid.rsaEncryption : Oid.ecPublicKey;
  if (offered.includes(open)) return { digest: preferred, signAlgo: open };
  if (named) return { digest: named, signAlgo: combined[type][named] };
  if (type === "rsa" && offered.includes(Oid.rsassaPss)) {
    return { digest: preferred, scheme: "pss", signAlgo: Oid.rsassaPss };
  }
  return undefined;
}

/** `signAlgoParams`: the DER of the RSASSA-PSS parameters in base64, for PSS alone. */
export function algorithmParameters(signAlgo: string, digest: SignatureDigest): string | undefined {
  if (signAlgo !== Oid.rsassaPss) return undefined;
  const [, parameters] = readBer(signatureAlgorithmOf("rsa", digest, "pss")).sequence();
  return parameters!.raw.toString("base64");
}
