import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash as digestOf,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";
import forge from "node-forge";
import { der, readBer, type Asn1 } from "../asn1.ts";
import { publicKeyOf, readAlgorithm, readCertificate, type AlgorithmIdentifier } from "../x509/certificates.ts";
import { attribute } from "../cms/write.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { chainOf } from "./chain.ts";
import { signerFromKey, type Signer } from "./signer.ts";

/** Largest file and most rounds of key derivation that are accepted from a PKCS#12 file. */
export const pkcs12Limits = { bytes: 1024 * 1024, iterations: 1_000_000, bags: 64 } as const;

/** Rounds for new files; openssl writes 2,048. */
const iterations = 100_000;

const digests = new Map<string, { name: string; block: number }>([
  [Oid.sha1, { name: "sha1", block: 64 }],
  [Oid.sha256, { name: "sha256", block: 64 }],
  [Oid.sha384, { name: "sha384", block: 128 }],
  [Oid.sha512, { name: "sha512", block: 128 }],
]);
const pseudoRandom = new Map<string, string>([
  [Oid.hmacSha1, "sha1"],
  [Oid.hmacSha256, "sha256"],
  [Oid.hmacSha384, "sha384"],
  [Oid.hmacSha512, "sha512"],
]);
const blockCiphers = new Map<string, { name: string; key: number }>([
  [Oid.aes128Cbc, { name: "aes-128-cbc", key: 16 }],
  [Oid.aes192Cbc, { name: "aes-192-cbc", key: 24 }],
  [Oid.aes256Cbc, { name: "aes-256-cbc", key: 32 }],
  [Oid.tripleDesCbc, { name: "des-ede3-cbc", key: 24 }],
]);

/**
 * Opens a PKCS#12 file (RFC 7292) that holds one key and its certificates; modern (PBES2) and legacy (3DES, RC2)
 * encryption. Throws BAD_PASSWORD, PKCS12_MALFORMED, PKCS12_UNSUPPORTED, NO_PRIVATE_KEY or NO_CERTIFICATE.
 */
export function openPkcs12(bytes: Buffer, password: string): Signer {
  if (bytes.length > pkcs12Limits.bytes) throw new SigningError("PKCS12_TOO_LARGE", "the file is larger than 1 MB");
  try {
    return open(bytes, password);
  } catch (error) {
    if (error instanceof SigningError && !error.code.startsWith("ASN1_")) throw error;
    throw new SigningError("PKCS12_MALFORMED", "the file is not a PKCS#12 file", { reason: (error as Error).message });
  }
}

function open(bytes: Buffer, password: string): Signer {
  const [version, authSafe, mac] = readBer(bytes).sequence();
  if (version?.integer() !== 3n || !authSafe) throw malformed("version 3 expected");
  const content = contentOf(authSafe, Oid.data);
  // Without a MAC nothing tells a wrong password from a damaged file, and the contents could have been exchanged.
  if (!mac) throw new SigningError("PKCS12_UNSUPPORTED", "the file carries no MAC");
  checkMac(mac, content, password);

  const keys: Buffer[] = [];
  const certificates: Buffer[] = [];
  let bags = 0;
  for (const info of readBer(content).sequence()) {
    for (const bag of readBer(safeContents(info, password)).sequence()) {
      if (++bags > pkcs12Limits.bags) throw malformed("too many bags");
      const [type, value] = bag.sequence();
      const inner = value?.children[0];
      if (!type || !inner) throw malformed("bag is incomplete");
      switch (type.oid()) {
        case Oid.keyBag:
          keys.push(inner.raw);
          break;
        case Oid.shroudedKeyBag: {
          const [algorithm, data] = inner.sequence();
          keys.push(decrypt(readAlgorithm(algorithm!), data!.octets(), password));
          break;
        }
        case Oid.certBag: {
          const [kind, certificate] = inner.sequence();
          if (kind?.oid() === Oid.x509Certificate) certificates.push(certificate!.children[0]!.octets());
        }
      }
    }
  }
  return assemble(keys, certificates);
}

/** The signer's certificate is the one with the key's public half; the others follow it, issuer after issuer. */
function assemble(keys: readonly Buffer[], certificates: readonly Buffer[]): Signer {
  if (keys.length !== 1) throw new SigningError("NO_PRIVATE_KEY", `one private key expected, ${keys.length} found`);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: keys[0]!, format: "der", type: "pkcs8" });
  } catch {
    throw new SigningError("UNSUPPORTED_KEY", "the private key cannot be read");
  }
  const publicKey = createPublicKey(key);
  const pool = certificates.map(readCertificate);
  const own = pool.find((certificate) => publicKeyOf(certificate).equals(publicKey));
  if (!own) throw new SigningError("NO_CERTIFICATE", "no certificate belongs to the private key");
  return signerFromKey(key, own.der, chainOf(own, pool));
}

/** What `writePkcs12` packs; certificates in DER. */
export interface Pkcs12Contents {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
  readonly password: string;
  readonly friendlyName?: string;
}

/** A PKCS#12 file with AES-256 (PBES2, PBKDF2 with SHA-256) and a SHA-256 MAC. */
export function writePkcs12({ key, certificate, chain, password, friendlyName }: Pkcs12Contents): Buffer {
  const keyId = createHash("sha256").update(certificate).digest().subarray(0, 20);
  const attributes = der.setOf([
    attribute(Oid.localKeyId, der.octets(keyId)),
    ...(friendlyName ? [attribute(Oid.friendlyName, der.bmp(friendlyName.normalize("NFC")))] : []),
  ]);
  const certificateBag = (bytes: Buffer, ...more: Buffer[]) => {
    const bag = der.sequence(der.oid(Oid.x509Certificate), der.explicit(0, der.octets(bytes)));
    return der.sequence(der.oid(Oid.certBag), der.explicit(0, bag), ...more);
  };
  const shrouded = encrypt(key.export({ type: "pkcs8", format: "der" }), password);
  const keyBag = der.sequence(
    der.oid(Oid.shroudedKeyBag),
    der.explicit(0, der.sequence(shrouded.algorithm, der.octets(shrouded.data))),
    attributes,
  );
  const certificates = encrypt(
    der.sequence(certificateBag(certificate, attributes), ...chain.map((other) => certificateBag(other))),
    password,
  );
  const encrypted = der.sequence(
    der.integer(0),
    der.sequence(der.oid(Oid.data), certificates.algorithm, der.implicitPrimitive(0, certificates.data)),
  );
  const content = der.sequence(
    der.sequence(der.oid(Oid.encryptedData), der.explicit(0, encrypted)),
    dataInfo(der.sequence(keyBag)),
  );
  const salt = randomBytes(16);
  const macKey = deriveKey({ digest: Oid.sha256, purpose: 3, password, salt, iterations, length: 32 });
  const mac = createHmac("sha256", macKey);
  const digestInfo = der.sequence(
    der.sequence(der.oid(Oid.sha256), der.null()),
    der.octets(mac.update(content).digest()),
  );
  const macData = der.sequence(digestInfo, der.octets(salt), der.integer(iterations));
  return der.sequence(der.integer(3), dataInfo(content), macData);
}

function dataInfo(content: Buffer): Buffer {
  return der.sequence(der.oid(Oid.data), der.explicit(0, der.octets(content)));
}

function contentOf(info: Asn1, type: string): Buffer {
  const [oid, wrapped] = info.sequence();
  if (oid?.oid() !== type || !wrapped?.isContext(0)) throw malformed("another kind of content expected");
  return wrapped.children[0]!.octets();
}

function safeContents(info: Asn1, password: string): Buffer {
  const [oid, wrapped] = info.sequence();
  if (oid?.oid() !== Oid.encryptedData) return contentOf(info, Oid.data);
  const [, encrypted] = wrapped!.children[0]!.sequence();
  const [, algorithm, data] = encrypted!.sequence();
  return decrypt(readAlgorithm(algorithm!), data!.octets(0), password);
}

function checkMac(mac: Asn1, content: Buffer, password: string): void {
  const [digestInfo, saltField, rounds] = mac.sequence();
  const [algorithm, value] = digestInfo!.sequence();
  const digest = readAlgorithm(algorithm!).oid;
  const known = digests.get(digest);
  if (!known) throw new SigningError("PKCS12_UNSUPPORTED", `MAC algorithm ${digest} is not supported`);
  const expected = value!.octets();
  const length = createHash(known.name).digest().length;
  const key = deriveKey({
    digest,
    purpose: 3,
    password,
    salt: saltField!.octets(),
    iterations: rounds?.count(pkcs12Limits.iterations) ?? 1,
    length,
  });
  const actual = createHmac(known.name, key).update(content).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new SigningError("BAD_PASSWORD", "the password is wrong, or the file is damaged");
  }
}

function decrypt(algorithm: AlgorithmIdentifier, data: Buffer, password: string): Buffer {
  const parameters = algorithm.parameters?.sequence() ?? [];
  if (algorithm.oid === Oid.pbes2) return decryptPbes2(parameters, data, password);

  const [saltField, rounds] = parameters;
  if (!saltField || !rounds) throw malformed("encryption parameters are missing");
  const salt = saltField.octets();
  const material = (purpose: 1 | 2, length: number) =>
    deriveKey({
      digest: Oid.sha1,
      purpose,
      password,
      salt,
      iterations: rounds.count(pkcs12Limits.iterations),
      length,
    });
  switch (algorithm.oid) {
    case Oid.pbeSha3KeyTripleDes:
      return decipher("des-ede3-cbc", material(1, 24), material(2, 8), data);
    case Oid.pbeSha2KeyTripleDes: {
      const key = material(1, 16);
      return decipher("des-ede3-cbc", Buffer.concat([key, key.subarray(0, 8)]), material(2, 8), data);
    }
    case Oid.pbeSha40Rc2:
      return decipherRc2(material(1, 5), material(2, 8), data);
    case Oid.pbeSha128Rc2:
      return decipherRc2(material(1, 16), material(2, 8), data);
    default:
      throw new SigningError("PKCS12_UNSUPPORTED", `encryption ${algorithm.oid} is not supported`);
  }
}

function decryptPbes2([derivation, scheme]: readonly Asn1[], data: Buffer, password: string): Buffer {
  const kdf = readAlgorithm(derivation!);
  const cipher = readAlgorithm(scheme!);
  const known = blockCiphers.get(cipher.oid);
  const [salt, rounds, ...more] = kdf.parameters?.sequence() ?? [];
  const prf = more.find((part) => part.isUniversal(16));
  const hash = prf ? pseudoRandom.get(readAlgorithm(prf).oid) : "sha1";
  if (kdf.oid !== Oid.pbkdf2 || !known || !hash) {
    throw new SigningError("PKCS12_UNSUPPORTED", "this kind of encryption is not supported");
  }
  const count = rounds!.count(pkcs12Limits.iterations);
  const key = pbkdf2Sync(Buffer.from(password, "utf8"), salt!.octets(), count, known.key, hash);
  return decipher(known.name, key, cipher.parameters!.octets(), data);
}

function encrypt(data: Buffer, password: string): { algorithm: Buffer; data: Buffer } {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = pbkdf2Sync(Buffer.from(password, "utf8"), salt, iterations, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const prf = der.sequence(der.oid(Oid.hmacSha256), der.null());
  const kdf = der.sequence(der.oid(Oid.pbkdf2), der.sequence(der.octets(salt), der.integer(iterations), prf));
  return {
    algorithm: der.sequence(
      der.oid(Oid.pbes2),
      der.sequence(kdf, der.sequence(der.oid(Oid.aes256Cbc), der.octets(iv))),
    ),
    data: Buffer.concat([cipher.update(data), cipher.final()]),
  };
}

function decipher(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = createDecipheriv(name, key, iv);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** OpenSSL 3 no longer offers RC2 without its legacy provider, and old agency files still use it. */
function decipherRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const cipher = forge.rc2.createDecryptionCipher(key.toString("binary"), key.length * 8);
  cipher.start(iv.toString("binary"));
  cipher.update(forge.util.createBuffer(data.toString("binary")));
  if (!cipher.finish()) throw malformed("padding is wrong");
  return Buffer.from(cipher.output.getBytes(), "binary");
}

/** The key derivation of RFC 7292 appendix B.2; purpose 1 gives a key, 2 an initial vector, 3 a MAC key. */
function deriveKey(request: {
  digest: string;
  purpose: 1 | 2 | 3;
  password: string;
  salt: Buffer;
  iterations: number;
  length: number;
}): Buffer {
  const { name, block } = digests.get(request.digest)!;
  const fill = (bytes: Buffer) => Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
  const password = Buffer.from(`${request.password}\0`, "utf16le").swap16();
  const state = Buffer.concat([fill(request.salt), fill(password)]);
  const diversifier = Buffer.alloc(block, request.purpose);
  const output: Buffer[] = [];
  for (let made = 0; made < request.length;) {
    let hash = digestOf(name, Buffer.concat([diversifier, state]), "buffer");
    for (let round = 1; round < request.iterations; round++) hash = digestOf(name, hash, "buffer");
    output.push(hash);
    made += hash.length;
    const addend = Buffer.alloc(block, hash);
    for (let at = 0; at < state.length; at += block) {
      let carry = 1;
      for (let i = block - 1; i >= 0; i--) {
        carry += state[at + i]! + addend[i]!;
        state[at + i] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  return Buffer.concat(output).subarray(0, request.length);
}

function malformed(message: string): SigningError {
  return new SigningError("PKCS12_MALFORMED", message);
}
