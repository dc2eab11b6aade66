import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { Credential } from "../../axis/index.ts";

const year = 365 * 24 * 3_600_000;

/** A new key with a certificate signed by itself, valid from a day ago unless told otherwise. */
export function newCredential(
  name: string,
  type: "ec" | "rsa" = "ec",
  [from, to]: readonly [Date, Date] = [new Date(Date.now() - year / 365), new Date(Date.now() + year)],
): Credential & { readonly certificate: Buffer } {
  const { privateKey } =
    type === "ec"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const certificate = selfSigned(name, privateKey, from, to);
  return { key: privateKey, certificate, certificateChain: [certificate] };
}

// A certificate of X.509 version 1 (RFC 5280, 4.1) is all that a directory of keys needs.
function selfSigned(name: string, key: KeyObject, from: Date, to: Date): Buffer {
  const algorithm =
    key.asymmetricKeyType === "ec" ? sequence(oid("2a8648ce3d040302")) : sequence(oid("2a864886f70d01010b"), tlv(0x05));
  const subject = sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(name)))));
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  const body = sequence(
    tlv(0x02, Buffer.from([1])),
    algorithm,
    subject,
    sequence(time(from), time(to)),
    subject,
    publicKey,
  );
  return sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, key)])));
}

function time(at: Date): Buffer {
  return tlv(0x17, Buffer.from(at.toISOString().replaceAll(/^20|[-:T]|\.\d{3}/g, "")));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
