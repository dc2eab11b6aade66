import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** RC4, which OpenSSL 3 no longer offers by itself; enciphers and deciphers alike. For old files only. */
export function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = new Uint8Array(256);
  for (let i = 0; i < 256; i++) state[i] = i;
  for (let i = 0, j = 0; i < 256; i++) {
    const swapped = state[i]!;
    j = (j + swapped + key[i % key.length]!) & 255;
    state[i] = state[j]!;
    state[j] = swapped;
  }
  const out = Buffer.allocUnsafe(bytes.length);
  for (let at = 0, i = 0, j = 0; at < bytes.length; at++) {
    i = (i + 1) & 255;
    const swapped = state[i]!;
    j = (j + swapped) & 255;
    state[i] = state[j]!;
    state[j] = swapped;
    out[at] = bytes[at]! ^ state[(state[i]! + swapped) & 255]!;
  }
  return out;
}

const BLOCK = 16;

/** AES in CBC mode without padding, the initialization vector given; the key says 128 or 256. */
export function aesRaw(way: "encipher" | "decipher", key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const create = way === "encipher" ? createCipheriv : createDecipheriv;
  const cipher = create(`aes-${key.length * 8}-cbc`, key, iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

/** 7.6.3.1: a fresh initialization vector, then the padded bytes. */
export function aesEncipher(key: Buffer, bytes: Buffer): Buffer {
  const iv = randomBytes(BLOCK);
  const padding = BLOCK - (bytes.length % BLOCK);
  return Buffer.concat([iv, aesRaw("encipher", key, iv, Buffer.concat([bytes, Buffer.alloc(padding, padding)]))]);
}

/** Undoes `aesEncipher`; undefined for bytes that it cannot have made. A wrong padding is taken for data. */
export function aesDecipher(key: Buffer, bytes: Buffer): Buffer | undefined {
  if (bytes.length < BLOCK || bytes.length % BLOCK !== 0) return undefined;
  const plain = aesRaw("decipher", key, bytes.subarray(0, BLOCK), bytes.subarray(BLOCK));
  const padding = plain.at(-1) ?? 0;
  const padded = padding >= 1 && padding <= BLOCK && plain.subarray(-padding).every((byte) => byte === padding);
  return padded ? plain.subarray(0, plain.length - padding) : plain;
}
