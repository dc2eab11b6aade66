import { createHash } from "node:crypto";
import { aesRaw, rc4 } from "./ciphers.ts";

/** What the keys are derived from: the encryption dictionary's entries and the first part of the file's /ID. */
export interface KeyMaterial {
  /** /R: 2 to 6. */
  readonly revision: number;
  readonly owner: Buffer;
  readonly user: Buffer;
  /** /UE of revisions 5 and 6. */
  readonly userKey: Buffer;
  readonly permissions: number;
  readonly id: Buffer;
  readonly encryptsMetadata: boolean;
}

/** Algorithm 2, step a: what a shorter password is filled up with, hence the empty password itself. */
const PADDING = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const EMPTY = Buffer.alloc(0);

const md5 = (...parts: readonly Buffer[]): Buffer => {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The file's key under the empty user password (7.6.4.3); undefined when the file wants another password. */
export function fileKey(material: KeyMaterial, keyLengths: readonly number[]): Buffer | undefined {
  if (material.revision >= 5) return keyOfRevision5(material);
  return keyLengths.map((length) => keyOfRevision4(material, length)).find((key) => opens(material, key));
}

/** Algorithm 2. */
function keyOfRevision4(material: KeyMaterial, length: number): Buffer {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(material.permissions | 0);
  const plainMetadata = material.revision >= 4 && !material.encryptsMetadata;
  let key = md5(
    PADDING,
    material.owner.subarray(0, 32),
    permissions,
    material.id,
    plainMetadata ? Buffer.alloc(4, 255) : EMPTY,
  );
  if (material.revision >= 3) for (let round = 0; round < 50; round++) key = md5(key.subarray(0, length));
  return key.subarray(0, length);
}

/** Algorithms 4 to 6: whether the key makes the /U that is written in the file. */
function opens({ revision, id, user }: KeyMaterial, key: Buffer): boolean {
  if (revision === 2) return rc4(key, PADDING).equals(user.subarray(0, 32));
  let check = md5(PADDING, id);
  for (let round = 0; round < 20; round++) check = rc4(Buffer.from(key.map((byte) => byte ^ round)), check);
  return check.equals(user.subarray(0, 16));
}

/** Algorithm 2.A with the user password. */
function keyOfRevision5({ revision, user, userKey }: KeyMaterial): Buffer | undefined {
  if (user.length < 48 || userKey.length < 32) return undefined;
  const hash = (salt: Buffer): Buffer =>
    revision === 5 ? createHash("sha256").update(salt).digest() : hashOfRevision6(salt);
  if (!hash(user.subarray(32, 40)).equals(user.subarray(0, 32))) return undefined;
  return aesRaw("decipher", hash(user.subarray(40, 48)), Buffer.alloc(16), userKey.subarray(0, 32));
}

const HASHES = ["sha256", "sha384", "sha512"] as const;

/** Algorithm 2.B for the empty user password. */
function hashOfRevision6(salt: Buffer): Buffer {
  let key = createHash("sha256").update(salt).digest();
  for (let round = 0; ; round++) {
    const repeated = Buffer.concat(Array.from({ length: 64 }, () => key));
    const enciphered = aesRaw("encipher", key.subarray(0, 16), key.subarray(16, 32), repeated);
    // 256 is 1 modulo 3, so the sum of the bytes has the remainder of the number that they make up.
    const remainder = enciphered.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = createHash(HASHES[remainder]!).update(enciphered).digest();
    if (round >= 63 && enciphered.at(-1)! <= round + 1 - 32) return key.subarray(0, 32);
  }
}

/** Algorithm 1: the key of one object; that of the whole file from version 5 on (algorithm 1.A). */
export function objectKey(key: Buffer, number: number, generation: number, aes: boolean): Buffer {
  const salt = Buffer.alloc(5);
  salt.writeUIntLE(number, 0, 3);
  salt.writeUInt16LE(generation & 0xffff, 3);
  return md5(key, salt, aes ? Buffer.from("sAlT") : EMPTY).subarray(0, Math.min(16, key.length + 5));
}
