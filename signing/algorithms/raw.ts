import { constants, createHash, publicDecrypt, verify, type KeyObject } from "node:crypto";
import { der, Tag } from "../asn1.ts";
import { readAlgorithm, type AlgorithmIdentifier } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

const digestNames = new Map<string, string>([
  [Oid.sha1, "sha1"],
  [Oid.sha256, "sha256"],
  [Oid.sha384, "sha384"],
  [Oid.sha512, "sha512"],
  [Oid.sha3_256, "sha3-256"],
  [Oid.sha3_384, "sha3-384"],
  [Oid.sha3_512, "sha3-512"],
]);

/** Signature algorithms that name their digest, and the family of key they belong to. */
const combined = new Map<string, { family: "rsa" | "ec"; digest: string }>([
  [Oid.sha1WithRsa, { family: "rsa", digest: Oid.sha1 }],
  [Oid.sha256WithRsa, { family: "rsa", digest: Oid.sha256 }],
  [Oid.sha384WithRsa, { family: "rsa", digest: Oid.sha384 }],
  [Oid.sha512WithRsa, { family: "rsa", digest: Oid.sha512 }],
  [Oid.ecdsaWithSha1, { family: "ec", digest: Oid.sha1 }],
  [Oid.ecdsaWithSha256, { family: "ec", digest: Oid.sha256 }],
  [Oid.ecdsaWithSha384, { family: "ec", digest: Oid.sha384 }],
  [Oid.ecdsaWithSha512, { family: "ec", digest: Oid.sha512 }],
]);

/** How a raw signature came out. `notes` name what is right but unusual, or why it is not judged. */
export interface RawVerdict {
  readonly result: "valid" | "invalid" | "unsupported";
  readonly notes: readonly string[];
}

/** The node:crypto name of a digest; undefined where we do not compute it. */
export function digestName(oid: string): string | undefined {
  return digestNames.get(oid);
}

/** The digest of `data`. Throws UNSUPPORTED_ALGORITHM. */
export function digest(oid: string, data: Buffer): Buffer {
  const name = digestNames.get(oid);
  if (!name) throw new SigningError("UNSUPPORTED_ALGORITHM", `digest ${oid} is not supported`);
  return createHash(name).update(data).digest();
}

/**
 * Checks a raw signature over `data`. `digestAlgorithm` is the CMS's own; where the signature algorithm names a
 * digest too, both must agree. In certificates leave it out.
 */
export function verifyRaw(request: {
  readonly algorithm: AlgorithmIdentifier;
  readonly digestAlgorithm?: string;
  readonly key: KeyObject;
  readonly data: Buffer;
  readonly signature: Buffer;
}): RawVerdict {
  const { algorithm, digestAlgorithm, key, data, signature } = request;
  const type = key.asymmetricKeyType;
  const known = combined.get(algorithm.oid);
  if (known) {
    if (digestAlgorithm && digestAlgorithm !== known.digest) return invalid("DIGEST_ALGORITHMS_DIFFER");
    if (type !== known.family) return invalid("KEY_OF_ANOTHER_KIND");
    return known.family === "rsa"
      ? verifyPkcs1(known.digest, key, data, signature)
      : verifyEcdsa(known.digest, key, data, signature);
  }
  switch (algorithm.oid) {
    case Oid.rsaEncryption:
      if (type !== "rsa" || !digestAlgorithm) return invalid("KEY_OF_ANOTHER_KIND");
      return verifyPkcs1(digestAlgorithm, key, data, signature);
    case Oid.ecPublicKey:
      if (type !== "ec" || !digestAlgorithm) return invalid("KEY_OF_ANOTHER_KIND");
      return verifyEcdsa(digestAlgorithm, key, data, signature);
    case Oid.rsassaPss:
      return verifyPss(algorithm, digestAlgorithm, key, data, signature);
    case Oid.ed25519:
    case Oid.ed448: {
      const expected = algorithm.oid === Oid.ed25519 ? "ed25519" : "ed448";
      if (type !== expected) return invalid("KEY_OF_ANOTHER_KIND");
      return judge(() => verify(null, data, key, signature), []);
    }
    default:
      return unsupported("UNSUPPORTED_SIGNATURE_ALGORITHM");
  }
}

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): recovers the block and compares all of it. The RFC's note 2 lets a verifier
 * take the DigestInfo with NULL parameters and with none; remote signing services in use write the latter, which
 * OpenSSL refuses. Exactly these two are accepted.
 */
export function verifyPkcs1(digestOid: string, key: KeyObject, data: Buffer, signature: Buffer): RawVerdict {
  const name = digestNames.get(digestOid);
  if (!name) return unsupported("UNSUPPORTED_DIGEST");
  const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (signature.length !== size) return invalid("SIGNATURE_LENGTH");
  const hash = der.octets(createHash(name).update(data).digest());
  let block: Buffer;
  try {
    block = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return invalid("SIGNATURE_OUT_OF_RANGE");
  }
  const matches = (...parameters: Buffer[]) => {
    const info = der.sequence(der.sequence(der.oid(digestOid), ...parameters), hash);
    const padding = size - info.length - 3;
    if (padding < 8) return false;
    return block.equals(Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(padding, 0xff), Buffer.from([0]), info]));
  };
  const weak = weakness(digestOid, size * 8);
  if (matches(der.null())) return { result: "valid", notes: weak };
  if (matches()) return { result: "valid", notes: ["DIGEST_INFO_WITHOUT_PARAMETERS", ...weak] };
  return invalid("SIGNATURE_MISMATCH");
}

function verifyEcdsa(digestOid: string, key: KeyObject, data: Buffer, signature: Buffer): RawVerdict {
  const name = digestNames.get(digestOid);
  if (!name) return unsupported("UNSUPPORTED_DIGEST");
  return judge(() => verify(name, data, key, signature), weakness(digestOid));
}

/** RSASSA-PSS (RFC 8017 §8.1, RFC 4055 §3.1); the mask must use the same digest as the message. */
function verifyPss(
  algorithm: AlgorithmIdentifier,
  digestAlgorithm: string | undefined,
  key: KeyObject,
  data: Buffer,
  signature: Buffer,
): RawVerdict {
  if (key.asymmetricKeyType !== "rsa" && key.asymmetricKeyType !== "rsa-pss") return invalid("KEY_OF_ANOTHER_KIND");
  let hash: string = Oid.sha1;
  let mask: string = Oid.sha1;
  let saltLength = 20;
  for (const field of algorithm.parameters?.sequence() ?? []) {
    const value = field.children[0];
    if (!value) return invalid("PSS_PARAMETERS");
    if (field.isContext(0)) hash = readAlgorithm(value).oid;
    else if (field.isContext(1)) {
      const generator = readAlgorithm(value);
      if (generator.oid !== Oid.mgf1 || !generator.parameters) return unsupported("PSS_PARAMETERS");
      mask = readAlgorithm(generator.parameters).oid;
    } else if (field.isContext(2)) saltLength = value.count(512);
    else if (!field.isContext(3) || value.count(255) !== 1) return invalid("PSS_PARAMETERS");
  }
  const name = digestNames.get(hash);
  if (!name) return unsupported("UNSUPPORTED_DIGEST");
  if (digestAlgorithm && digestAlgorithm !== hash) return invalid("DIGEST_ALGORITHMS_DIFFER");
  if (mask !== hash) return unsupported("PSS_MASK_DIGEST_DIFFERS");
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return judge(() => verify(name, data, options, signature), weakness(hash, key.asymmetricKeyDetails?.modulusLength));
}

/** Algorithms that no longer stand alone as proof (ETSI TS 119 312): SHA-1, RSA below 2,048 bits. */
function weakness(digestOid: string, modulus = 4096): string[] {
  return [...(digestOid === Oid.sha1 ? ["WEAK_DIGEST_SHA1"] : []), ...(modulus < 2048 ? ["WEAK_KEY"] : [])];
}

function judge(check: () => boolean, notes: readonly string[]): RawVerdict {
  try {
    return check() ? { result: "valid", notes } : invalid("SIGNATURE_MISMATCH");
  } catch {
    return invalid("SIGNATURE_MALFORMED");
  }
}

const invalid = (note: string): RawVerdict => ({ result: "invalid", notes: [note] });
const unsupported = (note: string): RawVerdict => ({ result: "unsupported", notes: [note] });

/** Whether an algorithm's parameters are absent or NULL. */
export function withoutParameters({ parameters }: AlgorithmIdentifier): boolean {
  return parameters === undefined || parameters.isUniversal(Tag.null);
}
