import { constants, createHash, publicDecrypt, type KeyObject } from "node:crypto";
import { signatureAlgorithmOf, type RsaScheme } from "../../algorithms/identifiers.ts";
import { verifyRaw } from "../../algorithms/raw.ts";
import { der, readBer } from "../../asn1.ts";
import { Oid } from "../../oids.ts";
import { publicKeyOf, readAlgorithm, readCertificate } from "../../x509/certificates.ts";
import type { SignatureDigest } from "../signer.ts";
import { refuse } from "./refusals.ts";
import type { SignedItem, SigningItem } from "./remote-signer.ts";

/** What the signatures must have been made with. */
export interface ExpectedKey {
  readonly certificate: Buffer;
  readonly digest: SignatureDigest;
  readonly scheme?: RsaScheme;
}

/** Bytes of r and of s; an ECDSA signature of PKCS#11 and of several services is the two side by side. */
const halves: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };

/**
 * Accepts the raw signatures that a service or token gave for the items, in their order: each is verified with the
 * certificate's key over the item's own bytes, ECDSA is brought into DER. Throws BAD_ANSWER where their number is
 * another, OTHER_HASH_SIGNED and OTHER_KEY_SIGNED; then none is given out.
 */
export function acceptSignatures(
  expected: ExpectedKey,
  items: readonly SigningItem[],
  returned: readonly Buffer[],
): readonly SignedItem[] {
  if (returned.length !== items.length) {
    throw refuse("BAD_ANSWER", "Another number of signatures was given than was asked for.");
  }
  const key = publicKeyOf(readCertificate(expected.certificate));
  return items.map((item, i) => {
    const accepted = verified(expected, key, item.toBeSigned, returned[i]!);
    if (accepted) return { id: item.id, ...accepted };
    const details = { item: item.id };
    const swapped = items.some((other) => verified(expected, key, other.toBeSigned, returned[i]!) !== undefined);
    if (swapped || isByKey(key, returned[i]!)) {
      throw refuse("OTHER_HASH_SIGNED", "The signature is over other bytes than were asked for.", details);
    }
    throw refuse("OTHER_KEY_SIGNED", "The signature is not by the certificate's key, or broken.", details);
  });
}

function verified(
  { digest, scheme }: ExpectedKey,
  key: KeyObject,
  data: Buffer,
  returned: Buffer,
): { readonly signature: Buffer; readonly notes: readonly string[] } | undefined {
  const algorithm = readAlgorithm(readBer(signatureAlgorithmOf(key.asymmetricKeyType, digest, scheme)));
  for (const signature of encodings(key, returned)) {
    const verdict = verifyRaw({ algorithm, digestAlgorithm: Oid[digest], key, data, signature });
    if (verdict.result === "valid") return { signature, notes: verdict.notes };
  }
  return undefined;
}

/** As it came, and for ECDSA also read as r and s side by side: which one it is, verification decides. */
function encodings(key: KeyObject, signature: Buffer): Buffer[] {
  const half = halves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (half === undefined || signature.length !== 2 * half) return [signature];
  return [signature, ecdsaToDer(signature)];
}

/** ECDSA-Sig-Value (RFC 3279 §2.2.3) from r and s side by side, each of the same length. */
export function ecdsaToDer(signature: Buffer): Buffer {
  const number = (bytes: Buffer) => der.integer(BigInt(`0x${bytes.toString("hex")}`));
  const half = signature.length / 2;
  return der.sequence(number(signature.subarray(0, half)), number(signature.subarray(half)));
}

/** Whether an RSA signature opens with the key to a well-formed PKCS#1 block, over whatever digest. */
function isByKey(key: KeyObject, signature: Buffer): boolean {
  if (key.asymmetricKeyType !== "rsa") return false;
  try {
    publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return true;
  } catch {
    return false;
  }
}

/** The digest that leaves the machine for an item. */
export function digestOf(item: SigningItem, digest: SignatureDigest): Buffer {
  return createHash(digest).update(item.toBeSigned).digest();
}
