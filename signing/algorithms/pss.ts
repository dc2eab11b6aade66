import { constants, createHash, type KeyObject } from "node:crypto";
import { readAlgorithm, type AlgorithmIdentifier } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";
import { digestName } from "./digests.ts";
import { digestOf, type Message } from "./message.ts";
import { algorithmName } from "./names.ts";
import { recoverBlock } from "./pkcs1.ts";
import { invalid, unsupported, verifyMessage, weakness, withoutParameters, type RawVerdict } from "./verdict.ts";

/** RSASSA-PSS-params (RFC 4055 §3.1). */
export interface PssParameters {
  readonly digest: string;
  readonly maskDigest: string;
  readonly saltLength: number;
}

/** Longest salt taken; the longest digest has 64 bytes. */
const longestSalt = 512;

/**
 * Reads RSASSA-PSS-params with their defaults (RFC 4055 §3.1); undefined for what breaks them: fields out of order,
 * another mask generation than MGF1, another trailer than 1, parameters where none belong. Throws ASN1_MALFORMED.
 */
export function readPssParameters({ parameters }: AlgorithmIdentifier): PssParameters | undefined {
  let digest: string = Oid.sha1;
  let maskDigest: string = Oid.sha1;
  let saltLength = 20;
  let last = -1;
  for (const field of parameters?.sequence() ?? []) {
    const [value, ...rest] = field.children;
    if (!value || rest.length || field.identifier >> 6 !== 2 || field.tag <= last) return undefined;
    last = field.tag;
    if (field.tag === 0) {
      const algorithm = readAlgorithm(value);
      if (!withoutParameters(algorithm)) return undefined;
      digest = algorithm.oid;
    } else if (field.tag === 1) {
      const generator = readAlgorithm(value);
      if (generator.oid !== Oid.mgf1 || !generator.parameters) return undefined;
      const algorithm = readAlgorithm(generator.parameters);
      if (!withoutParameters(algorithm)) return undefined;
      maskDigest = algorithm.oid;
    } else if (field.tag === 2) saltLength = value.count(longestSalt);
    else if (field.tag !== 3 || value.count(255) !== 1) return undefined;
  }
  return { digest, maskDigest, saltLength };
}

/** RSASSA-PSS (RFC 8017 §8.1.2). A mask by another digest than the message's is right, but named. */
export function verifyPss(
  algorithm: AlgorithmIdentifier,
  digestAlgorithm: string | undefined,
  key: KeyObject,
  data: Message,
  signature: Buffer,
): RawVerdict {
  if (key.asymmetricKeyType !== "rsa" && key.asymmetricKeyType !== "rsa-pss") return invalid("KEY_OF_ANOTHER_KIND");
  const parameters = readPssParameters(algorithm);
  if (!parameters) return invalid("PSS_PARAMETERS");
  const { digest, maskDigest, saltLength } = parameters;
  const unknown = [digest, maskDigest].find((oid) => !digestName(oid) || oid === Oid.shake256);
  if (unknown !== undefined) return unsupported(`UNSUPPORTED_DIGEST ${algorithmName(unknown)}`);
  if (digestAlgorithm && digestAlgorithm !== digest) return invalid("DIGEST_ALGORITHMS_DIFFER");
  const weak = weakness(digest, key.asymmetricKeyDetails?.modulusLength);
  if (maskDigest === digest) {
    const input = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    return verifyMessage(digestName(digest)!, data, input, signature, weak);
  }
  // RFC 4055 §3.1 recommends one digest for both; libraries that default to SHA-1 for the mask write two. A key that
  // is bound to its own parameters is left to OpenSSL, which does not separate the two.
  if (key.asymmetricKeyType === "rsa-pss") return unsupported("PSS_MASK_DIGEST_DIFFERS");
  const block = recoverBlock(key, signature);
  if (typeof block === "string") return invalid(block);
  const bits = key.asymmetricKeyDetails!.modulusLength! - 1;
  const fits = matchesPss(
    block,
    bits,
    digestOf(data, digest),
    digestName(digest)!,
    digestName(maskDigest)!,
    saltLength,
  );
  return fits
    ? { result: "valid", notes: [`PSS_MASK_DIGEST_DIFFERS ${algorithmName(maskDigest)}`, ...weak] }
    : invalid("SIGNATURE_MISMATCH");
}

/** EMSA-PSS-VERIFY (RFC 8017 §9.1.2); `bits` is one less than the modulus has. */
function matchesPss(
  block: Buffer,
  bits: number,
  digest: Buffer,
  digestNode: string,
  maskNode: string,
  saltLength: number,
): boolean {
  const length = Math.ceil(bits / 8);
  const skipped = block.length - length;
  if (block.subarray(0, skipped).some((byte) => byte !== 0)) return false;
  const encoded = block.subarray(skipped);
  const dataLength = length - digest.length - 1;
  const padding = dataLength - saltLength - 1;
  if (padding < 0 || encoded[length - 1] !== 0xbc) return false;
  const hash = encoded.subarray(dataLength, length - 1);
  const unused = 8 * length - bits;
  if (encoded[0]! >> (8 - unused)) return false;
  const mask = maskOf(hash, dataLength, maskNode);
  const data = Buffer.from(encoded.subarray(0, dataLength).map((byte, i) => byte ^ mask[i]!));
  data[0]! &= 0xff >> unused;
  if (data.subarray(0, padding).some((byte) => byte !== 0) || data[padding] !== 1) return false;
  const salt = data.subarray(padding + 1);
  return createHash(digestNode).update(Buffer.alloc(8)).update(digest).update(salt).digest().equals(hash);
}

/** MGF1 (RFC 8017 §B.2.1). */
function maskOf(seed: Buffer, length: number, name: string): Buffer {
  const parts: Buffer[] = [];
  for (let made = 0, counter = 0; made < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const part = createHash(name).update(seed).update(number).digest();
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts, length);
}
