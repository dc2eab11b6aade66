import { createHash, type Hash } from "node:crypto";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

const digestNames = new Map<string, string>([
  [Oid.md5, "md5"],
  [Oid.ripemd160, "ripemd160"],
  [Oid.sha1, "sha1"],
  [Oid.sha224, "sha224"],
  [Oid.sha256, "sha256"],
  [Oid.sha384, "sha384"],
  [Oid.sha512, "sha512"],
  [Oid.sha512_224, "sha512-224"],
  [Oid.sha512_256, "sha512-256"],
  [Oid.sha3_224, "sha3-224"],
  [Oid.sha3_256, "sha3-256"],
  [Oid.sha3_384, "sha3-384"],
  [Oid.sha3_512, "sha3-512"],
  [Oid.shake256, "shake256"],
]);

/** The node:crypto name of a digest, for `newHash`; undefined where we do not compute it. */
export function digestName(oid: string): string | undefined {
  return digestNames.get(oid);
}

/** SHAKE256 gives 64 bytes, as signatures use it (RFC 8419 §2.3, RFC 8702 §3.1); all others have one length. */
const lengthOf = (name: string) => (name === "shake256" ? { outputLength: 64 } : undefined);

/** A running hash by its node:crypto name. */
export function newHash(name: string): Hash {
  return createHash(name, lengthOf(name));
}

/** What a running hash of this name has taken so far, to go on with apart; a bare copy forgets its length. */
export function forkHash(name: string, running: Hash): Hash {
  return running.copy(lengthOf(name));
}

/** The digest of `data`. Throws UNSUPPORTED_ALGORITHM. */
export function digest(oid: string, data: Buffer): Buffer {
  const name = digestNames.get(oid);
  if (!name) throw new SigningError("UNSUPPORTED_ALGORITHM", `digest ${oid} is not supported`, { oid });
  return newHash(name).update(data).digest();
}

/** SHA-1 of bytes: only where an old format prescribes it. */
export function sha1(bytes: Buffer): Buffer {
  return createHash("sha1").update(bytes).digest();
}
