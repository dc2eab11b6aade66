import {
  constants,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  generatePrimeSync,
  privateEncrypt,
  randomBytes,
  sign as signBytes,
  type KeyObject,
} from "node:crypto";
import { describe, expect, test } from "vitest";
import { digest, digestName, newHash, sha1 } from "../../signing/algorithms/digests.ts";
import { signatureAlgorithmOf, signRaw } from "../../signing/algorithms/identifiers.ts";
import { algorithmName } from "../../signing/algorithms/names.ts";
import { readPssParameters } from "../../signing/algorithms/pss.ts";
import { namedDigest, verifyRaw } from "../../signing/algorithms/raw.ts";
import { acceptedUntil, isAcceptedAt, keyBits } from "../../signing/algorithms/suites.ts";
import { der, readBer } from "../../signing/asn1.ts";
import { generateKeys } from "../../signing/issue/keys.ts";
import { Oid } from "../../signing/oids.ts";
import { readAlgorithm } from "../../signing/x509/certificates.ts";

const data = Buffer.from("Quyết định về việc ban hành quy chế");
const rsa = generateKeys("rsa-2048").privateKey;
const ec = generateKeys("ec-p256").privateKey;
const publicOf = (key: KeyObject) => (key.type === "private" ? createPublicKey(key) : key);
const identifier = (oid: string, ...parameters: Buffer[]) =>
  readAlgorithm(readBer(der.sequence(der.oid(oid), ...parameters)));
const check = (oid: string | Buffer, key: KeyObject, signature: Buffer, digestAlgorithm?: string, bytes = data) =>
  verifyRaw({
    algorithm: typeof oid === "string" ? identifier(oid) : readAlgorithm(readBer(oid)),
    key: publicOf(key),
    data: bytes,
    signature,
    ...(digestAlgorithm ? { digestAlgorithm } : {}),
  });

describe("RSA with PKCS#1 v1.5", () => {
  test.each<[string, string, string, readonly string[]]>([
    [Oid.md5WithRsa, "md5", Oid.md5, ["WEAK_DIGEST_MD5"]],
    [Oid.sha1WithRsa, "sha1", Oid.sha1, ["WEAK_DIGEST_SHA1"]],
    ["1.3.14.3.2.29", "sha1", Oid.sha1, ["WEAK_DIGEST_SHA1"]],
    ["1.3.36.3.3.1.2", "ripemd160", Oid.ripemd160, ["WEAK_DIGEST_RIPEMD160"]],
    [Oid.sha224WithRsa, "sha224", Oid.sha224, []],
    [Oid.sha256WithRsa, "sha256", Oid.sha256, []],
    [Oid.sha384WithRsa, "sha384", Oid.sha384, []],
    [Oid.sha512WithRsa, "sha512", Oid.sha512, []],
    ["1.2.840.113549.1.1.15", "sha512-224", Oid.sha512_224, []],
    ["1.2.840.113549.1.1.16", "sha512-256", Oid.sha512_256, []],
    ["2.16.840.1.101.3.4.3.13", "sha3-224", Oid.sha3_224, []],
    ["2.16.840.1.101.3.4.3.14", "sha3-256", Oid.sha3_256, []],
    ["2.16.840.1.101.3.4.3.15", "sha3-384", Oid.sha3_384, []],
    ["2.16.840.1.101.3.4.3.16", "sha3-512", Oid.sha3_512, []],
  ])("%s", (oid, name, digestOid, notes) => {
    const signature = signBytes(name, data, rsa);
    expect(check(oid, rsa, signature)).toEqual({ result: "valid", notes });
    expect(check(oid, rsa, signature, digestOid)).toEqual({ result: "valid", notes });
    expect(check(Oid.rsaEncryption, rsa, signature, digestOid)).toEqual({ result: "valid", notes });
    expect(namedDigest(oid)).toBe(digestOid);
    expect(check(oid, rsa, signature, undefined, Buffer.from("khác")).result).toBe("invalid");
    const another = digestOid === Oid.sha256 ? Oid.sha512 : Oid.sha256;
    expect(check(oid, rsa, signature, another)).toEqual({ result: "invalid", notes: ["DIGEST_ALGORITHMS_DIFFER"] });
    expect(check(oid, ec, signature)).toEqual({ result: "invalid", notes: ["KEY_OF_ANOTHER_KIND"] });
  });

  test("rsaEncryption alone names no digest", () => {
    expect(check(Oid.rsaEncryption, rsa, signBytes("sha256", data, rsa)).notes).toEqual(["DIGEST_ALGORITHM_MISSING"]);
    expect(namedDigest(Oid.rsaEncryption)).toBeUndefined();
  });

  test("signatures of another length, or no smaller than the modulus, fail", () => {
    const signature = signBytes("sha256", data, rsa);
    for (const wrong of [signature.subarray(1), Buffer.concat([Buffer.from([0]), signature]), Buffer.alloc(0)]) {
      expect(check(Oid.sha256WithRsa, rsa, wrong).notes).toEqual(["SIGNATURE_LENGTH"]);
    }
    expect(check(Oid.sha256WithRsa, rsa, Buffer.alloc(256, 0xff)).notes).toEqual(["SIGNATURE_OUT_OF_RANGE"]);
    expect(check(Oid.sha256WithRsa, rsa, Buffer.alloc(256)).notes).toEqual(["SIGNATURE_MISMATCH"]);
  });

  test("a key below 2,048 bits is right but weak; one too short for the padding is never right", () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    expect(check(Oid.sha256WithRsa, weak, signBytes("sha256", data, weak))).toEqual({
      result: "valid",
      notes: ["WEAK_KEY"],
    });
    const tiny = generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey;
    const info = der.sequence(der.sequence(der.oid(Oid.sha384), der.null()), der.octets(digest(Oid.sha384, data)));
    // 64 bytes of modulus, 67 of DigestInfo: what fits in its place must not be taken for it.
    const block = Buffer.concat([Buffer.from([0]), info.subarray(-63)]);
    const signature = privateEncrypt({ key: tiny, padding: constants.RSA_NO_PADDING }, block);
    expect(check(Oid.sha384WithRsa, tiny, signature).result).toBe("invalid");
  });
});

test("eight bytes of padding are the least (RFC 8017 §9.2)", () => {
  const info = der.sequence(der.sequence(der.oid(Oid.sha512), der.null()), der.octets(digest(Oid.sha512, data)));
  const signed = (padding: number) => {
    const key = rsaKey((info.length + 3 + padding) * 8);
    const block = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(padding, 0xff), Buffer.from([0]), info]);
    return check(Oid.sha512WithRsa, key, privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block)).result;
  };
  expect([7, 8].map(signed)).toEqual(["invalid", "valid"]);
});

describe("RSASSA-PSS", () => {
  const pss = (parts: { hash?: string; mask?: string; salt?: number; trailer?: number }) =>
    der.sequence(
      der.oid(Oid.rsassaPss),
      der.sequence(
        ...(parts.hash ? [der.explicit(0, der.sequence(der.oid(parts.hash), der.null()))] : []),
        ...(parts.mask
          ? [der.explicit(1, der.sequence(der.oid(Oid.mgf1), der.sequence(der.oid(parts.mask), der.null())))]
          : []),
        ...(parts.salt === undefined ? [] : [der.explicit(2, der.integer(parts.salt))]),
        ...(parts.trailer === undefined ? [] : [der.explicit(3, der.integer(parts.trailer))]),
      ),
    );
  const signPss = (name: string, saltLength: number, key: KeyObject = rsa) =>
    signBytes(name, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

  test.each(["sha256", "sha384", "sha512", "sha1"] as const)("%s as we write it", (name) => {
    const algorithm = signatureAlgorithmOf("rsa", name, "pss");
    const notes = name === "sha1" ? ["WEAK_DIGEST_SHA1"] : [];
    expect(check(algorithm, rsa, signRaw(rsa, name, data, "pss"), Oid[name])).toEqual({ result: "valid", notes });
    expect(check(algorithm, rsa, signRaw(rsa, name, data, "pkcs1"), Oid[name]).result).toBe("invalid");
    expect(check(algorithm, rsa, signRaw(rsa, name, data, "pss"), Oid.sha224)).toEqual({
      result: "invalid",
      notes: ["DIGEST_ALGORITHMS_DIFFER"],
    });
  });

  test("the defaults are SHA-1 and 20 bytes of salt", () => {
    expect(check(pss({}), rsa, signPss("sha1", 20))).toEqual({ result: "valid", notes: ["WEAK_DIGEST_SHA1"] });
    expect(check(Oid.rsassaPss, rsa, signPss("sha1", 20)).result).toBe("valid");
    expect(check(pss({ trailer: 1 }), rsa, signPss("sha1", 20)).result).toBe("valid");
  });

  test("another kind of key is none", () => {
    const algorithm = signatureAlgorithmOf("rsa", "sha256", "pss");
    expect(check(algorithm, ec, Buffer.alloc(256)).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
  });

  test("the salt has the length that is named", () => {
    const algorithm = pss({ hash: Oid.sha256, mask: Oid.sha256, salt: 32 });
    expect(check(algorithm, rsa, signPss("sha256", 32)).result).toBe("valid");
    expect(check(algorithm, rsa, signPss("sha256", 20)).result).toBe("invalid");
    expect(check(pss({ hash: Oid.sha256, mask: Oid.sha256, salt: 400 }), rsa, signPss("sha256", 32)).result).toBe(
      "invalid",
    );
  });

  test("keys that are for PSS alone", () => {
    const { privateKey } = generateKeyPairSync("rsa-pss", {
      modulusLength: 2048,
      hashAlgorithm: "sha256",
      mgf1HashAlgorithm: "sha256",
      saltLength: 32,
    } as { modulusLength: number });
    const signature = signRaw(privateKey, "sha256", data);
    expect(check(signatureAlgorithmOf("rsa-pss", "sha256"), privateKey, signature).result).toBe("valid");
    const mixed = pss({ hash: Oid.sha256, mask: Oid.sha1, salt: 32 });
    expect(check(mixed, privateKey, signature)).toEqual({ result: "unsupported", notes: ["PSS_MASK_DIGEST_DIFFERS"] });
    expect(check(Oid.sha256WithRsa, privateKey, signature).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
  });

  test.each<[string, Buffer]>([
    [
      "fields out of order",
      der.sequence(der.explicit(2, der.integer(32)), der.explicit(0, der.sequence(der.oid(Oid.sha256)))),
    ],
    ["a field twice", der.sequence(der.explicit(2, der.integer(32)), der.explicit(2, der.integer(20)))],
    ["an empty field", der.sequence(der.explicit(2))],
    ["two values in a field", der.sequence(der.explicit(2, der.integer(32), der.integer(32)))],
    ["an unknown field", der.sequence(der.explicit(4, der.integer(1)))],
    ["a field without a tag of its own", der.sequence(der.integer(32))],
    ["another trailer", der.sequence(der.explicit(3, der.integer(2)))],
    [
      "another mask generation",
      der.sequence(der.explicit(1, der.sequence(der.oid("1.2.3"), der.sequence(der.oid(Oid.sha256))))),
    ],
    ["a mask without a digest", der.sequence(der.explicit(1, der.sequence(der.oid(Oid.mgf1))))],
    ["a digest with parameters", der.sequence(der.explicit(0, der.sequence(der.oid(Oid.sha256), der.integer(1))))],
    [
      "a mask digest with parameters",
      der.sequence(der.explicit(1, der.sequence(der.oid(Oid.mgf1), der.sequence(der.oid(Oid.sha256), der.integer(1))))),
    ],
  ])("broken parameters: %s", (_, parameters) => {
    const algorithm = der.sequence(der.oid(Oid.rsassaPss), parameters);
    expect(readPssParameters(readAlgorithm(readBer(algorithm)))).toBeUndefined();
    expect(check(algorithm, rsa, signPss("sha256", 32))).toEqual({ result: "invalid", notes: ["PSS_PARAMETERS"] });
  });

  test("a digest that is not computed is named", () => {
    expect(check(pss({ hash: "1.2.156.10197.1.401" }), rsa, signPss("sha1", 20)).notes).toEqual([
      "UNSUPPORTED_DIGEST SM3",
    ]);
    expect(check(pss({ mask: Oid.shake256 }), rsa, signPss("sha1", 20)).notes).toEqual(["UNSUPPORTED_DIGEST SHAKE256"]);
  });

  /** What node:crypto does not sign: another digest for the mask than for the message. */
  describe.each([2048, 2049, 2054])("a mask by another digest, with a modulus of %i bits", (modulusLength) => {
    const key = rsaKey(modulusLength);
    const algorithm = pss({ hash: Oid.sha256, mask: Oid.sha1, salt: 32 });
    const size = Math.ceil(modulusLength / 8);
    interface Encoding {
      readonly salt?: Buffer;
      readonly zero?: number;
      readonly one?: number;
      readonly trailer?: number;
      /** Sets the highest bit that has to be clear; undefined where the key leaves no such bit. */
      readonly high?: boolean;
    }
    const bits = modulusLength - 1;
    const length = Math.ceil(bits / 8);
    const encode = ({ salt = randomBytes(32), zero = 0, one = 1, trailer = 0xbc, high }: Encoding = {}): Buffer => {
      const hash = newHash("sha256").update(Buffer.alloc(8)).update(digest(Oid.sha256, data)).update(salt).digest();
      const db = Buffer.concat([Buffer.alloc(length - 34 - salt.length, 0), Buffer.from([one]), salt]);
      db[1]! |= zero;
      const mask = Buffer.concat(
        Array.from({ length: Math.ceil(db.length / 20) }, (_, i) =>
          newHash("sha1")
            .update(hash)
            .update(Buffer.from([0, 0, 0, i]))
            .digest(),
        ),
      );
      const masked = Buffer.from(db.map((byte, i) => byte ^ mask[i]!));
      masked[0]! &= 0xff >> (8 * length - bits);
      const block = Buffer.concat([Buffer.alloc(size - length), masked, hash, Buffer.from([trailer])]);
      if (high) block[0]! |= 1 << (bits % 8);
      try {
        return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
      } catch (error) {
        // With that bit set the number may be larger than the modulus: another salt, another number.
        if (high) return encode({ zero, one, trailer, high });
        throw error;
      }
    };

    test("is right, and named", () => {
      expect(check(algorithm, key, encode())).toEqual({ result: "valid", notes: ["PSS_MASK_DIGEST_DIFFERS SHA-1"] });
    });

    test("and fails as soon as anything in it is not right", () => {
      expect(check(algorithm, key, encode(), undefined, Buffer.from("khác")).result).toBe("invalid");
      const wrong: Encoding[] = [
        { trailer: 0xcc },
        { one: 2 },
        { zero: 1 },
        { salt: Buffer.alloc(20) },
        { high: true },
      ];
      for (const each of wrong) {
        expect(check(algorithm, key, encode(each))).toEqual({ result: "invalid", notes: ["SIGNATURE_MISMATCH"] });
      }
      expect(check(algorithm, key, signPss("sha256", 32, key)).result).toBe("invalid");
      expect(check(algorithm, key, Buffer.alloc(3)).notes).toEqual(["SIGNATURE_LENGTH"]);
      const long = pss({ hash: Oid.sha256, mask: Oid.sha1, salt: 400 });
      expect(check(long, key, encode()).result).toBe("invalid");
    });
  });
});

describe("elliptic curves", () => {
  test.each([
    [Oid.ecdsaWithSha1, "sha1", ["WEAK_DIGEST_SHA1"]],
    [Oid.ecdsaWithSha224, "sha224", []],
    [Oid.ecdsaWithSha256, "sha256", []],
    [Oid.ecdsaWithSha384, "sha384", []],
    [Oid.ecdsaWithSha512, "sha512", []],
    ["2.16.840.1.101.3.4.3.10", "sha3-256", []],
  ])("%s", (oid, name, notes) => {
    const signature = signBytes(name, data, ec);
    expect(check(oid, ec, signature)).toEqual({ result: "valid", notes });
    expect(check(oid, ec, signature, undefined, Buffer.from("khác")).notes).toEqual(["SIGNATURE_MISMATCH"]);
    expect(check(oid, rsa, signature).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
  });

  test("plain signatures (BSI TR-03111) have no ASN.1, and others must have it", () => {
    const plain = signBytes("sha256", data, { key: ec, dsaEncoding: "ieee-p1363" });
    expect(check("0.4.0.127.0.7.1.1.4.1.3", ec, plain)).toEqual({ result: "valid", notes: [] });
    expect(check(Oid.ecdsaWithSha256, ec, plain).result).toBe("invalid");
    expect(check("0.4.0.127.0.7.1.1.4.1.3", ec, signBytes("sha256", data, ec)).result).toBe("invalid");
  });

  test.each(["brainpoolP256r1", "brainpoolP384r1", "secp256k1"])("curve %s", (namedCurve) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve });
    expect(check(Oid.ecdsaWithSha256, privateKey, signBytes("sha256", data, privateKey)).result).toBe("valid");
  });

  test("a curve written out instead of named is not believed, SM2 is named", () => {
    const key = ownCurve();
    expect(check(Oid.ecdsaWithSha256, key, signBytes("sha256", data, ec))).toEqual({
      result: "unsupported",
      notes: ["CURVE_WITHOUT_NAME"],
    });
    const signature = signBytes("sha256", data, ec);
    const sm2 = generateKeyPairSync("ec", { namedCurve: "SM2" });
    expect(check(Oid.ecdsaWithSha256, sm2.publicKey, signature).notes).toEqual(["UNSUPPORTED_SIGNATURE_ALGORITHM SM2"]);
  });

  test("ECDSA alone takes the digest of its surroundings", () => {
    const signature = signBytes("sha384", data, ec);
    expect(check(Oid.ecPublicKey, ec, signature, Oid.sha384).result).toBe("valid");
    expect(check(Oid.ecPublicKey, ec, signature, Oid.sha256).result).toBe("invalid");
    expect(check(Oid.ecPublicKey, ec, signature).notes).toEqual(["DIGEST_ALGORITHM_MISSING"]);
    expect(check(Oid.ecPublicKey, ec, signature, Oid.md2).notes).toEqual(["UNSUPPORTED_DIGEST MD2"]);
    expect(check(Oid.ecPublicKey, ec, signature, Oid.shake256).notes).toEqual(["UNSUPPORTED_DIGEST SHAKE256"]);
  });
});

describe("Edwards curves", () => {
  const ed25519 = generateKeys("ed25519").privateKey;
  const ed448 = generateKeyPairSync("ed448").privateKey;

  test("Ed25519 goes with SHA-512, Ed448 with SHAKE256 of 64 bytes (RFC 8419)", () => {
    const [short, long] = [signBytes(null, data, ed25519), signBytes(null, data, ed448)];
    expect(check(Oid.ed25519, ed25519, short, Oid.sha512)).toEqual({ result: "valid", notes: [] });
    expect(check(Oid.ed25519, ed25519, short)).toEqual({ result: "valid", notes: [] });
    expect(check(Oid.ed448, ed448, long, Oid.shake256)).toEqual({ result: "valid", notes: [] });
    expect(check(Oid.ed25519, ed25519, short, Oid.sha256)).toEqual({
      result: "unsupported",
      notes: ["DIGEST_NOT_FOR_EDDSA SHA-256"],
    });
    expect(check(Oid.ed448, ed448, long, Oid.sha512).notes).toEqual(["DIGEST_NOT_FOR_EDDSA SHA-512"]);
    expect(check(Oid.ed448, ed25519, short).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
    expect(check(Oid.ed25519, ed25519, short, undefined, Buffer.from("khác")).notes).toEqual(["SIGNATURE_MISMATCH"]);
    expect(check(Oid.ed25519, ed25519, Buffer.alloc(3)).result).toBe("invalid");
    expect(newHash(digestName(Oid.shake256)!).update(data).digest()).toHaveLength(64);
    expect(digest(Oid.shake256, data)).toHaveLength(64);
  });

  test("Ed25519 is written with SHA-512 only", () => {
    expect(() => signatureAlgorithmOf("ed25519", "sha256")).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_KEY" }),
    );
    expect(() => signatureAlgorithmOf("x25519", "sha256")).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_KEY" }),
    );
    expect(() => signatureAlgorithmOf(undefined, "sha256")).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_KEY" }),
    );
  });
});

test("DSA is computed, and its small keys are weak", () => {
  const { privateKey } = generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 });
  const signature = signBytes("sha1", data, privateKey);
  expect(check(Oid.dsaWithSha1, privateKey, signature)).toEqual({
    result: "valid",
    notes: ["WEAK_DIGEST_SHA1", "WEAK_KEY"],
  });
  expect(check(Oid.dsa, privateKey, signBytes("sha256", data, privateKey), Oid.sha256).result).toBe("valid");
  expect(check(Oid.dsaWithSha1, privateKey, signature, undefined, Buffer.from("khác")).result).toBe("invalid");
  expect(check(Oid.dsaWithSha256, ec, signature).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
});

test("a DSA key of any size one likes is not computed with", () => {
  const { publicKey } = generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 });
  const [algorithm, bits] = readBer(publicKey.export({ type: "spki", format: "der" })).sequence();
  const [oid, parameters] = algorithm!.sequence();
  const [, q, g] = parameters!.sequence();
  const modulus = der.integer((1n << 8191n) + 1n);
  const huge = der.sequence(der.sequence(oid!.raw, der.sequence(modulus, q!.raw, g!.raw)), bits!.raw);
  const key = createPublicKey({ key: huge, format: "der", type: "spki" });
  expect(check(Oid.dsaWithSha1, key, Buffer.alloc(46))).toEqual({ result: "unsupported", notes: ["KEY_TOO_LARGE"] });
});

describe("names", () => {
  test.each([
    ["1.2.840.10040.4.3", "DSA with SHA-1"],
    ["1.2.156.10197.1.501", "SM2 with SM3"],
    ["1.2.643.7.1.1.3.2", "GOST R 34.10-2012 (256)"],
    ["1.2.840.113549.2.2", "MD2"],
    ["1.2.3.4", "1.2.3.4"],
  ])("%s is called %s", (oid, name) => {
    expect(algorithmName(oid)).toBe(name);
  });

  test.each([["1.2.156.10197.1.501"], ["1.2.643.7.1.1.3.2"], ["2.16.840.1.101.3.4.3.18"], ["1.2.3.4"]])(
    "%s is refused by its name",
    (oid) => {
      expect(check(oid, ec, Buffer.alloc(64))).toEqual({
        result: "unsupported",
        notes: [`UNSUPPORTED_SIGNATURE_ALGORITHM ${algorithmName(oid)}`],
      });
    },
  );

  test("SHA-1 for the formats that prescribe it", () => {
    expect(sha1(data)).toEqual(digest(Oid.sha1, data));
  });

  test("a digest that is not computed", () => {
    expect(digestName("1.2.3")).toBeUndefined();
    expect(() => digest("1.2.3", data)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_ALGORITHM" }));
  });
});

describe("acceptance by date", () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);

  test.each<[string, Parameters<typeof acceptedUntil>[0], string | undefined | "never"]>([
    ["MD5", { digest: Oid.md5 }, "2005-01-01"],
    ["RIPEMD-160", { digest: Oid.ripemd160 }, "2011-01-01"],
    ["SHA-1", { digest: Oid.sha1 }, "2009-01-01"],
    ["SHA-224", { digest: Oid.sha224 }, "2026-01-01"],
    ["SHA-256", { digest: Oid.sha256 }, undefined],
    ["an unknown digest", { digest: "1.2.3" }, "never"],
    ["RSA 512", { key: { type: "rsa", bits: 512 } }, "never"],
    ["RSA 767", { key: { type: "rsa", bits: 767 } }, "never"],
    ["RSA 768", { key: { type: "rsa", bits: 768 } }, "2005-01-01"],
    ["RSA 1024", { key: { type: "rsa", bits: 1024 } }, "2009-01-01"],
    ["RSA 1536", { key: { type: "rsa", bits: 1536 } }, "2016-01-01"],
    ["RSA 2047", { key: { type: "rsa-pss", bits: 2047 } }, "2026-01-01"],
    ["RSA 2048", { key: { type: "rsa", bits: 2048 } }, undefined],
    ["RSA 4096", { key: { type: "rsa-pss", bits: 4096 } }, undefined],
    ["DSA 1024", { key: { type: "dsa", bits: 1024 } }, "2013-01-01"],
    ["DSA 2048", { key: { type: "dsa", bits: 2048 } }, "2026-01-01"],
    ["DSA 3072", { key: { type: "dsa", bits: 3072 } }, undefined],
    ["EC 112", { key: { type: "ec", bits: 112 } }, "never"],
    ["EC 192", { key: { type: "ec", bits: 192 } }, "2013-01-01"],
    ["EC 224", { key: { type: "ec", bits: 224 } }, "2016-01-01"],
    ["EC 256", { key: { type: "ec", bits: 256 } }, undefined],
    ["Ed25519", { key: { type: "ed25519", bits: 0 } }, undefined],
    ["a key of no known type", { key: { type: "x448", bits: 448 } }, "never"],
    ["the earlier of digest and key", { digest: Oid.sha1, key: { type: "rsa", bits: 1536 } }, "2009-01-01"],
    ["the earlier of key and digest", { digest: Oid.sha224, key: { type: "rsa", bits: 1024 } }, "2009-01-01"],
    ["never, whatever the other is", { digest: "1.2.3", key: { type: "rsa", bits: 2048 } }, "never"],
    ["nothing asked", {}, undefined],
  ])("%s", (_, suite, end) => {
    expect(acceptedUntil(suite)).toEqual(end === undefined || end === "never" ? end : day(end));
  });

  test("the end itself is too late", () => {
    expect(isAcceptedAt({ digest: Oid.sha1 }, day("2008-12-31"))).toBe(true);
    expect(isAcceptedAt({ digest: Oid.sha1 }, day("2009-01-01"))).toBe(false);
    expect(isAcceptedAt({ digest: "1.2.3" }, day("1990-01-01"))).toBe(false);
    expect(isAcceptedAt({ digest: Oid.sha256 }, day("2100-01-01"))).toBe(true);
  });

  test.each([
    ["rsa-2048", 2048],
    ["ec-p256", 256],
    ["ec-p384", 384],
    ["ec-p521", 521],
    ["ed25519", 0],
  ] as const)("bits of a key: %s", (kind, bits) => {
    const { publicKey } = generateKeys(kind);
    expect(keyBits(publicKey)).toBe(bits);
    expect(acceptedUntil({ key: publicKey })).toBeUndefined();
  });

  test("bits of curves by the number in their names", () => {
    const brainpool = generateKeyPairSync("ec", { namedCurve: "brainpoolP320r1" }).publicKey;
    expect(keyBits(brainpool)).toBe(320);
    const small = generateKeyPairSync("ec", { namedCurve: "prime192v1" }).publicKey;
    expect(acceptedUntil({ key: small })).toEqual(day("2013-01-01"));
    expect(acceptedUntil({ key: ownCurve() })).toBe("never");
    expect(acceptedUntil({ key: createSecretKey(Buffer.alloc(16)) })).toBe("never");
  });
});

/** An RSA key of exactly this many bits: OpenSSL makes none of an odd number. */
function rsaKey(bits: number): KeyObject {
  const prime = (size: number) => generatePrimeSync(size, { bigint: true });
  const e = 65537n;
  for (;;) {
    const [p, q] = [prime(Math.ceil(bits / 2)), prime(Math.floor(bits / 2))];
    const phi = (p - 1n) * (q - 1n);
    if (phi % e === 0n || (p * q).toString(2).length !== bits) continue;
    const d = inverse(e, phi);
    const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
    const jwk = Object.fromEntries(
      Object.entries(numbers).map(([name, n]) => {
        const hex = n.toString(16);
        return [name, Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex").toString("base64url")];
      }),
    );
    return createPrivateKey({ key: { kty: "RSA", ...jwk }, format: "jwk" });
  }
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

/** P-256 with a generator of the attacker's own: whoever chooses it knows the private key (CVE-2020-0601). */
function ownCurve(): KeyObject {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256", paramEncoding: "explicit" });
  const [algorithm, point] = readBer(publicKey.export({ type: "spki", format: "der" })).sequence();
  const [oid, parameters] = algorithm!.sequence();
  const parts = parameters!.sequence().map((part, i) => (i === 3 ? der.octets(point!.bits()) : part.raw));
  const spki = der.sequence(der.sequence(oid!.raw, der.sequence(...parts)), point!.raw);
  return createPublicKey({ key: spki, format: "der", type: "spki" });
}
