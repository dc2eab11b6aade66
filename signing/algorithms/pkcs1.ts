import { constants, publicDecrypt, type KeyObject } from "node:crypto";
import { der } from "../asn1.ts";
import { digestOf, type Message } from "./message.ts";
import { invalid, weakness, type RawVerdict } from "./verdict.ts";

/** Bytes in the modulus of an RSA key. */
export function modulusBytes(key: KeyObject): number {
  return Math.ceil(key.asymmetricKeyDetails!.modulusLength! / 8);
}

/** The block that an RSA signature encloses, as long as the modulus; or why there is none. */
export function recoverBlock(
  key: KeyObject,
  signature: Buffer,
): Buffer | "SIGNATURE_LENGTH" | "SIGNATURE_OUT_OF_RANGE" {
  if (signature.length !== modulusBytes(key)) return "SIGNATURE_LENGTH"; // RFC 8017 §8.2.2 step 1
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return "SIGNATURE_OUT_OF_RANGE";
  }
}

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): recovers the block and compares all of it. The RFC's note 2 lets a verifier
 * take the DigestInfo with NULL parameters and with none; remote signing services in use write the latter, which
 * OpenSSL refuses. Exactly these two are accepted. Throws UNSUPPORTED_ALGORITHM for a digest we do not compute.
 */
export function verifyPkcs1(digestOid: string, key: KeyObject, data: Message, signature: Buffer): RawVerdict {
  const block = recoverBlock(key, signature);
  if (typeof block === "string") return invalid(block);
  return comparePkcs1(block, digestOid, digestOf(data, digestOid), key);
}

/** Compares a recovered block with the two that a digest can make. */
export function comparePkcs1(block: Buffer, digestOid: string, digest: Buffer, key: KeyObject): RawVerdict {
  const weak = weakness(digestOid, key.asymmetricKeyDetails?.modulusLength);
  if (block.equals(paddedBlock(block.length, digestOid, digest, der.null()))) return { result: "valid", notes: weak };
  if (block.equals(paddedBlock(block.length, digestOid, digest))) {
    return { result: "valid", notes: ["DIGEST_INFO_WITHOUT_PARAMETERS", ...weak] };
  }
  return invalid("SIGNATURE_MISMATCH");
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2); empty where the modulus leaves no room for eight bytes of padding. */
function paddedBlock(size: number, digestOid: string, digest: Buffer, ...parameters: readonly Buffer[]): Buffer {
  const info = der.sequence(der.sequence(der.oid(digestOid), ...parameters), der.octets(digest));
  const padding = size - info.length - 3;
  if (padding < 8) return Buffer.alloc(0);
  const block = Buffer.alloc(size, 0xff);
  block[0] = 0;
  block[1] = 1;
  block[2 + padding] = 0;
  info.copy(block, 3 + padding);
  return block;
}
