import { createHash } from "node:crypto";
import { digest } from "../../signing/algorithms/digests.ts";
import { signRaw } from "../../signing/algorithms/identifiers.ts";
import { der, readBer, type Asn1 } from "../../signing/asn1.ts";
import { verifyCountersignatures } from "../../signing/cms/countersignatures.ts";
import { embeddedEvidence } from "../../signing/cms/embedded-evidence.ts";
import { readSignedData, signedAttributesBytes, verifySignedData } from "../../signing/cms/signed-data.ts";
import { readSignedProperties } from "../../signing/cms/signed-properties.ts";
import { prepareSignedData, withUnsignedAttribute } from "../../signing/cms/write.ts";
import { SigningError } from "../../signing/errors.ts";
import { readCertificateBundle } from "../../signing/fetching/bundles.ts";
import { issueCrl } from "../../signing/issue/crl.ts";
import { issueOcspResponse } from "../../signing/issue/ocsp.ts";
import { issueTimestampResponse, issueTimestampToken } from "../../signing/issue/timestamps.ts";
import { Oid } from "../../signing/oids.ts";
import { readTimestampResponse } from "../../signing/tsp/response.ts";
import { readToken } from "../../signing/tsp/token.ts";
import { publicKeyOf, readCertificate, type Certificate } from "../../signing/x509/certificates.ts";
import { readCrl } from "../../signing/x509/crl.ts";
import { readOcspResponse } from "../../signing/x509/ocsp.ts";
import { verifySigned, type Signed } from "../../signing/x509/signatures.ts";
import { authority, during, issueSigner, subordinate } from "./authorities.ts";
import { toIndefinite } from "./cms-builder.ts";

export type MutatedKind = "cms" | "token" | "response" | "ocsp" | "crl" | "certificate";

/** One hostile input. */
export interface Mutation {
  readonly kind: MutatedKind;
  readonly seed: Seed;
  readonly bytes: Buffer;
  /** How it was made, to make it again. */
  readonly recipe: string;
}

/** An honest input, and what it must not be turned into. */
export interface Seed {
  readonly kind: MutatedKind;
  readonly bytes: Buffer;
  /** Hands the bytes to every reader; throws FORGED where what was not signed is believed. */
  readonly judge: (bytes: Buffer) => void;
}

const content = Buffer.from("Quyết định về việc ban hành quy chế");
const other = Buffer.from("Quyết định về việc bãi bỏ quy chế");
const forged = (what: string) => new Error(`FORGED ${what}`);

/** Honest inputs of every kind, by keys of several kinds. */
export function honestSeeds(): Seed[] {
  const issuer = readCertificate(subordinate);
  const seeds: Seed[] = [];
  for (const kind of ["ec-p256", "rsa-2048"] as const) {
    const signer = issueSigner(kind);
    const stamper = issueSigner(kind, "timestamp");
    const hash = createHash("sha256").update(content).digest();
    const prepared = prepareSignedData(signer.signer, hash, {
      algorithmProtection: true,
      commitmentType: Oid.proofOfApproval,
      location: { country: "VN", locality: "Huế" },
    });
    const signature = signRaw(signer.key, "sha256", prepared.toBeSigned);
    const stamp = (imprint: Buffer) =>
      issueTimestampToken({
        authority: { ...stamper, chain: [subordinate] },
        imprint,
        imprintAlgorithm: "sha256",
        at: during,
        accuracy: { seconds: 1, milliseconds: 2 },
        nonce: 77n,
      });
    const bare = prepared.complete(signature);
    const stamped = createHash("sha256").update(signature).digest();
    const cms = withUnsignedAttribute(bare, Oid.signatureTimeStampToken, stamp(stamped));
    const certificate = readCertificate(signer.certificate);
    for (const bytes of [cms, toIndefinite(readBer(bare))]) {
      seeds.push({ kind: "cms", bytes, judge: cmsJudge(prepared.toBeSigned, certificate) });
    }
    const token = stamp(hash);
    seeds.push({ kind: "token", bytes: token, judge: tokenJudge(hash, readCertificate(stamper.certificate)) });
    const response = issueTimestampResponse({ status: 0, text: "được", token });
    seeds.push({ kind: "response", bytes: response, judge: (bytes) => void readTimestampResponse(bytes) });
    seeds.push({
      kind: "certificate",
      bytes: signer.certificate,
      judge: (bytes) => {
        const read = readCertificate(bytes);
        signedJudge(read, certificate.tbs, issuer);
        readCertificateBundle(bytes);
      },
    });
  }
  const subject = issueSigner().certificate;
  const crl = issueCrl({
    issuer: authority,
    thisUpdate: during,
    nextUpdate: new Date("2026-09-01T00:00:00Z"),
    revoked: Array.from({ length: 5 }, (_, i) => ({
      serialNumber: BigInt(i + 1),
      at: during,
      reason: "keyCompromise" as const,
    })),
  });
  const { tbs } = readCrl(crl);
  seeds.push({
    kind: "crl",
    bytes: crl,
    judge: (bytes) => {
      const read = readCrl(bytes);
      signedJudge(read, tbs, issuer);
      for (let serial = 0n; serial < 7n; serial++) read.find(serial, issuer.subject);
    },
  });
  const ocsp = issueOcspResponse({
    responder: authority,
    answers: [
      {
        about: { certificate: subject, issuer: subordinate },
        status: { revokedAt: during, reason: "superseded" },
        thisUpdate: during,
      },
    ],
    producedAt: during,
    nonce: Buffer.alloc(16, 1),
  });
  const basic = readOcspResponse(ocsp).basic!;
  seeds.push({
    kind: "ocsp",
    bytes: ocsp,
    judge: (bytes) => {
      const read = readOcspResponse(bytes);
      if (read.basic) signedJudge(read.basic, basic.tbs, issuer);
    },
  });
  return seeds;
}

function cmsJudge(toBeSigned: Buffer, certificate: Certificate): (bytes: Buffer) => void {
  return (bytes) => {
    const data = readSignedData(bytes, true);
    const over = (all: Buffer) =>
      verifySignedData(
        data,
        (oid) => digest(oid, all),
        () => all,
      );
    const verdict = over(content);
    if (over(other).result === "valid") throw forged("other content");
    // Names and attributes nobody signed may change; what was signed may not, nor who signed it.
    if (verdict.result === "valid") {
      if (!signedAttributesBytes(data)?.equals(toBeSigned)) throw forged("signed attributes");
      if (!verdict.certificate!.publicKeyInfo.equals(certificate.publicKeyInfo)) throw forged("signer");
    }
    readSignedProperties(data);
    embeddedEvidence(data);
    verifyCountersignatures(data);
    for (const value of data.unsignedAttributes.get(Oid.signatureTimeStampToken) ?? []) {
      readToken({ token: value.raw, imprint: (oid) => digest(oid, data.signature) });
    }
    withUnsignedAttribute(bytes, "1.2.3.4", der.null());
  };
}

function tokenJudge(imprint: Buffer, stamper: Certificate): (bytes: Buffer) => void {
  return (bytes) => {
    const read = readToken({ token: bytes, imprint: () => imprint, padded: true });
    if (readToken({ token: bytes, imprint: () => Buffer.alloc(32) }).result === "valid") throw forged("imprint");
    if (read.result !== "valid") return;
    if (read.time?.getTime() !== during.getTime() || read.info?.nonce !== 77n) throw forged("time or nonce");
    if (!read.authority!.publicKeyInfo.equals(stamper.publicKeyInfo)) throw forged("authority");
  };
}

function signedJudge(signed: Signed, tbs: Buffer, issuer: Certificate): void {
  if (verifySigned(signed, publicKeyOf(issuer)).result === "valid" && !signed.tbs.equals(tbs)) throw forged("tbs");
}

/** Runs a judge over one input: gives its time in milliseconds, throws for everything but a SigningError. */
export function judgeMutation({ seed, bytes, kind, recipe }: Mutation): number {
  const start = performance.now();
  try {
    seed.judge(bytes);
  } catch (error) {
    if (!(error instanceof SigningError)) {
      const details = `${kind}, ${recipe}: ${bytes.toString("base64")}`;
      throw new Error(`not a SigningError: ${(error as Error).message} (${details})`, { cause: error });
    }
  }
  return performance.now() - start;
}

/** As many hostile inputs as asked for, the same ones for the same number. */
export function* mutations(count: number, seedNumber = 20260801, seeds = honestSeeds()): Generator<Mutation> {
  let state = seedNumber >>> 0;
  const random = (below: number) => {
    // xorshift32: a linear generator's low digits repeat too soon.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
  for (let i = 0; i < count; i++) {
    const seed = seeds[i % seeds.length]!;
    const [name, mutate] = recipes[random(recipes.length)]!;
    let bytes = mutate(seed.bytes, random);
    if (random(5) === 0) bytes = recipes[0]![1](bytes, random);
    yield { kind: seed.kind, seed, bytes, recipe: `${name} (${seedNumber}/${i})` };
  }
}

type Random = (below: number) => number;

const recipes: readonly (readonly [string, (bytes: Buffer, random: Random) => Buffer])[] = [
  [
    "bytes changed",
    (bytes, random) => {
      const copy = Buffer.from(bytes);
      if (copy.length) for (let n = random(4); n >= 0; n--) copy[random(copy.length)] = random(256);
      return copy;
    },
  ],
  [
    "one bit changed",
    (bytes, random) => {
      const copy = Buffer.from(bytes);
      if (copy.length) copy[random(copy.length)]! ^= 1 << random(8);
      return copy;
    },
  ],
  ["cut off", (bytes, random) => bytes.subarray(0, random(bytes.length + 1))],
  ["bytes behind", (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random(20), random(3))])],
  [
    "a piece left out",
    (bytes, random) => {
      const at = random(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(40))]);
    },
  ],
  [
    "a piece put in",
    (bytes, random) => {
      const [at, from] = [random(bytes.length), random(bytes.length)];
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 1 + random(60)), bytes.subarray(at)]);
    },
  ],
  ["an element left out", (bytes, random) => rebuilt(bytes, random, () => [])],
  ["an element twice", (bytes, random) => rebuilt(bytes, random, (element) => [element.raw, element.raw])],
  [
    "elements exchanged",
    (bytes, random) => rebuilt(bytes, random, (element) => [...element.children.map(({ raw }) => raw).reverse()]),
  ],
  ["an element of another place", (bytes, random) => rebuilt(bytes, random, () => [pick(readBer(bytes), random).raw])],
  [
    "another tag",
    (bytes, random) =>
      rebuilt(bytes, random, ({ raw }) => [Buffer.concat([Buffer.from([random(256)]), raw.subarray(1)])]),
  ],
  ["another value", (bytes, random) => rebuilt(bytes, random, () => [oddValues[random(oddValues.length)]!])],
  ["an empty element", (bytes, random) => rebuilt(bytes, random, ({ identifier }) => [Buffer.from([identifier, 0])])],
  ["wrapped", (bytes, random) => rebuilt(bytes, random, ({ raw }) => [der.sequence(raw)])],
  ["the indefinite form", (bytes, random) => rebuilt(bytes, random, (element) => [toIndefinite(element)])],
  [
    "a length written long",
    (bytes, random) =>
      rebuilt(bytes, random, ({ identifier, content: own }) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(own.length);
        return [Buffer.concat([Buffer.from([identifier, 0x84]), length, own])];
      }),
  ],
];

const oddValues: readonly Buffer[] = [
  Buffer.alloc(0),
  der.null(),
  der.sequence(),
  der.setOf([]),
  der.integer(0),
  der.integer(1n << 2040n),
  Buffer.from("0201ff", "hex"),
  Buffer.from("0200", "hex"),
  der.octets(Buffer.alloc(0)),
  der.octets(Buffer.alloc(5000, 0x30)),
  Buffer.from("0300", "hex"),
  Buffer.from("030107", "hex"),
  Buffer.from("0600", "hex"),
  Buffer.from("06028080", "hex"),
  Buffer.from("0101", "hex"),
  Buffer.from("17003080", "hex"),
  Buffer.from("180f99999999999999", "hex"),
  Buffer.from("1f8f8f8f8f01", "hex"),
  Buffer.from("30".repeat(1) + "80".repeat(1) + "3080".repeat(100), "hex"),
  Buffer.from("3084ffffffff", "hex"),
  der.oid("2.999.1234567890123456789"),
  Buffer.from("1e03ffffff", "hex"),
  Buffer.from("0c02ffff", "hex"),
];

/** The bytes with one element, anywhere in them, replaced by others; lengths around it are put right. */
function rebuilt(bytes: Buffer, random: Random, replace: (element: Asn1) => readonly Buffer[]): Buffer {
  const root = readBer(bytes);
  const target = pick(root, random);
  const write = (element: Asn1): Buffer => {
    if (element === target) return Buffer.concat(replace(element));
    if (!element.constructed || target.start < element.start || target.end > element.end) return element.raw;
    return encode(element.identifier, Buffer.concat(element.children.map(write)));
  };
  return write(root);
}

function pick(root: Asn1, random: Random): Asn1 {
  const all: Asn1[] = [];
  const walk = (element: Asn1) => {
    all.push(element);
    element.children.forEach(walk);
  };
  walk(root);
  return all[random(all.length)]!;
}

function encode(identifier: number, body: Buffer): Buffer {
  const encoded = Buffer.from(der.octets(body));
  encoded[0] = identifier;
  return encoded;
}
