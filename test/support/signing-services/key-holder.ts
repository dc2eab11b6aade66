import { constants, createHash, privateEncrypt, randomBytes, type KeyObject } from "node:crypto";
import { der } from "../../../signing/asn1.ts";
import {
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type KeyKind,
} from "../../../signing/issue/certificates.ts";
import { Oid } from "../../../signing/oids.ts";

/** A key that a pretended service keeps. Certificates are DER. */
export interface HeldKey {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  /** The issuers, from the certificate's own upwards. */
  readonly chain: readonly Buffer[];
}

const notBefore = new Date("2026-01-01T00:00:00Z");
const notAfter = new Date("2036-01-01T00:00:00Z");
const rootKeys = generateKeys("ec-p384");
const authorityKeys = generateKeys("ec-p256");

/** The root of an invented national tree. */
export const serviceRoot = issueRoot({
  subject: { C: "VN", O: "Trung tâm Chứng thực điện tử quốc gia", CN: "Gốc thử nghiệm" },
  key: rootKeys.privateKey,
  notBefore,
  notAfter,
});
const authority = issueSubordinate({
  subject: { C: "VN", O: "Doanh nghiệp chứng thực", CN: "CA công cộng thử nghiệm" },
  publicKey: authorityKeys.publicKey,
  issuer: { key: rootKeys.privateKey, certificate: serviceRoot },
  notBefore,
  notAfter,
});

/** A new key with a certificate for a person. */
export function heldKey(kind: KeyKind, uid = "CCCD:001093000001", validUntil = notAfter): HeldKey {
  const { privateKey, publicKey } = generateKeys(kind);
  const certificate = issueCertificate({
    subject: { C: "VN", L: "Huế", O: "Sở Y tế", CN: "Trần Văn Được", UID: uid },
    publicKey,
    issuer: { key: authorityKeys.privateKey, certificate: authority },
    usage: "person",
    notBefore,
    notAfter: validUntil,
  });
  return { key: privateKey, certificate, chain: [authority, serviceRoot] };
}

type Digest = "sha256" | "sha384" | "sha512";

/** How a service signs a digest that it is given. */
export interface HashSigning {
  readonly digest?: Digest;
  readonly scheme?: "pkcs1" | "pss";
  /** ECDSA as r and s side by side, as services built on PKCS#11 give it. */
  readonly raw?: boolean;
  /** The DigestInfo without NULL parameters, as a service in wide use writes it. */
  readonly bare?: boolean;
}

/** Signs a digest. node:crypto has no such call for ECDSA and PSS, so those are worked out here. */
export function signHash({ key }: HeldKey, hash: Buffer, way: HashSigning = {}): Buffer {
  const { digest = "sha256", scheme = "pkcs1", raw = false, bare = false } = way;
  if (key.asymmetricKeyType === "ec") return signEcdsaHash(key, hash, raw);
  if (scheme === "pss") return signPssHash(key, hash, digest);
  const parameters = bare ? [] : [der.null()];
  const info = der.sequence(der.sequence(der.oid(Oid[digest]), ...parameters), der.octets(hash));
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
}

const p256 = {
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

/** ECDSA over P-256 (FIPS 186-5 §6.4.1) with plain big integers: slow, open to side channels, and good for tests. */
function signEcdsaHash(key: KeyObject, hash: Buffer, raw: boolean): Buffer {
  const { p, n, x, y } = p256;
  const mod = (a: bigint, m: bigint) => ((a % m) + m) % m;
  const inverse = (a: bigint, m: bigint): bigint => {
    let [old, rest, s, next] = [mod(a, m), m, 1n, 0n];
    while (rest) [old, rest, s, next] = [rest, old % rest, next, s - (old / rest) * next];
    return mod(s, m);
  };
  type Point = readonly [bigint, bigint] | undefined;
  const add = (a: Point, b: Point): Point => {
    if (!a) return b;
    if (!b) return a;
    if (a[0] === b[0] && mod(a[1] + b[1], p) === 0n) return undefined;
    const slope =
      a[0] === b[0] ? mod(3n * a[0] * a[0] - 3n, p) * inverse(2n * a[1], p) : (b[1] - a[1]) * inverse(b[0] - a[0], p);
    const px = mod(slope * slope - a[0] - b[0], p);
    return [px, mod(slope * (a[0] - px) - a[1], p)];
  };
  const times = (k: bigint): Point => {
    let [sum, double]: [Point, Point] = [undefined, [x, y]];
    for (; k; k >>= 1n) {
      if (k & 1n) sum = add(sum, double);
      double = add(double, double);
    }
    return sum;
  };
  const number = (bytes: Buffer) => BigInt(`0x${bytes.toString("hex")}`);
  const d = number(Buffer.from(key.export({ format: "jwk" }).d!, "base64url"));
  const z = number(hash.subarray(0, 32));
  for (;;) {
    const k = mod(number(randomBytes(40)), n - 1n) + 1n;
    const r = mod(times(k)![0], n);
    const s = mod(inverse(k, n) * (z + r * d), n);
    if (r === 0n || s === 0n) continue;
    const side = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
    return raw ? Buffer.concat([side(r), side(s)]) : der.sequence(der.integer(r), der.integer(s));
  }
}

/** EMSA-PSS with a salt as long as the digest (RFC 8017 §9.1.1), then the private key alone. */
function signPssHash(key: KeyObject, hash: Buffer, digest: Digest): Buffer {
  const bits = key.asymmetricKeyDetails!.modulusLength! - 1;
  const length = Math.ceil(bits / 8);
  const salt = randomBytes(hash.length);
  const h = createHash(digest)
    .update(Buffer.concat([Buffer.alloc(8), hash, salt]))
    .digest();
  const db = Buffer.concat([Buffer.alloc(length - salt.length - h.length - 2), Buffer.from([1]), salt]);
  const mask: Buffer[] = [];
  for (let i = 0; Buffer.concat(mask).length < db.length; i++) {
    mask.push(
      createHash(digest)
        .update(h)
        .update(Buffer.from([0, 0, 0, i]))
        .digest(),
    );
  }
  const stream = Buffer.concat(mask);
  const masked = db.map((byte, i) => byte ^ stream[i]!);
  masked[0]! &= 0xff >> (8 * length - bits);
  const block = Buffer.concat([masked, h, Buffer.from([0xbc])]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}
