import type { KeyObject } from "node:crypto";
import { Oid } from "../oids.ts";

/** An algorithm to be judged: a digest by its OID, a key, or both. */
export interface Suite {
  /** Object identifier of the digest. */
  readonly digest?: string;
  /** A key; or its type as node:crypto names it, with the bits of its modulus or curve. */
  readonly key?: KeyObject | { readonly type: string; readonly bits: number };
}

/**
 * Until when (exclusive) something is believed: a date, undefined where no end is known, "never" for what has not
 * been judged to be secure at any time.
 */
export type Acceptance = Date | undefined | "never";

const until = (year: number): Date => new Date(Date.UTC(year, 0, 1));

/**
 * Digests. The ends are those of ETSI TS 119 312 and of its forerunner TS 102 176-1, as validation software applies
 * them: a signature proven to be older than the end is still believed. The national rule (Thông tư 15/2025/TT-BKHCN:
 * RSA from 2,048 bits, ECDSA from 256 bits) gives no end, so none is set for what it takes and no break is foreseen for.
 */
const digests: ReadonlyMap<string, Acceptance> = new Map<string, Acceptance>([
  [Oid.md5, until(2005)], // TS 102 176-1 V1.2.1: collisions shown in 2004
  [Oid.ripemd160, until(2011)], // TS 102 176-1 V2.0.0
  [Oid.sha1, until(2009)], // TS 102 176-1 V2.0.0
  [Oid.sha224, until(2026)], // TS 119 312 V1.4.2
  [Oid.sha512_224, until(2026)], // as strong as SHA-224
  [Oid.sha3_224, until(2026)],
  [Oid.sha256, undefined], // TS 119 312 V1.4.2 foresees no break; "2029" there is the end of the forecast
  [Oid.sha384, undefined],
  [Oid.sha512, undefined],
  [Oid.sha512_256, undefined],
  [Oid.sha3_256, undefined],
  [Oid.sha3_384, undefined],
  [Oid.sha3_512, undefined],
  [Oid.shake256, undefined], // RFC 8419, ISO/TS 32001
]);

/** From this many bits on, until this end; the largest row that fits counts, below the first row it is "never". */
type Sizes = readonly (readonly [number, Acceptance])[];

const moduli: Sizes = [
  [768, until(2005)], // TS 102 176-1 V1.2.1; factored in 2009
  [1024, until(2009)], // TS 102 176-1 V2.0.0
  [1536, until(2016)], // TS 119 312 V1.1.1
  [1900, until(2026)], // TS 119 312 V1.4.2
  [2048, undefined], // Vietnam: RSA from 2,048 bits on, without an end; TS 119 312 V1.5.1 goes on beyond 2025
];

const discreteLogarithms: Sizes = [
  [1024, until(2013)], // TS 102 176-1 V2.1.1
  [2048, until(2026)], // TS 119 312 V1.4.2
  [3072, undefined],
];

const curves: Sizes = [
  [160, until(2013)], // TS 102 176-1 V2.1.1
  [224, until(2016)], // TS 119 312 V1.1.1
  [256, undefined], // Vietnam: ECDSA from 256 bits on
];

/** Keys by their type in node:crypto. Ed25519 and Ed448 have one size each (RFC 8032). */
const keys: ReadonlyMap<string, Sizes> = new Map<string, Sizes>([
  ["rsa", moduli],
  ["rsa-pss", moduli],
  ["dsa", discreteLogarithms],
  ["ec", curves],
  ["ed25519", [[0, undefined]]],
  ["ed448", [[0, undefined]]],
]);

/** Bits in the order of curves that OpenSSL names; a name that is none of these is judged by the number in it. */
const curveBits: ReadonlyMap<string, number> = new Map([
  ["prime256v1", 256],
  ["secp384r1", 384],
  ["secp521r1", 521],
  ["secp256k1", 256],
]);

/** Until when signatures made with this digest and key are believed: the earlier of the two. */
export function acceptedUntil({ digest, key }: Suite): Acceptance {
  const ends = [
    ...(digest === undefined ? [] : [digests.has(digest) ? digests.get(digest) : ("never" as const)]),
    ...(key === undefined ? [] : [keyAcceptedUntil(key)]),
  ];
  if (ends.includes("never")) return "never";
  const dates = ends.filter((end): end is Date => end instanceof Date);
  return dates.length ? new Date(Math.min(...dates.map(Number))) : undefined;
}

/** Whether signatures made with this at an instant are believed. */
export function isAcceptedAt(suite: Suite, at: Date): boolean {
  const end = acceptedUntil(suite);
  return end === undefined || (end !== "never" && at < end);
}

function keyAcceptedUntil(key: NonNullable<Suite["key"]>): Acceptance {
  const { type, bits } = "bits" in key ? key : { type: key.asymmetricKeyType ?? "", bits: keyBits(key) };
  const row = keys.get(type)?.findLast(([least]) => bits >= least);
  return row ? row[1] : "never";
}

/** Bits of a key's modulus, or of its curve; 0 where it has neither. */
export function keyBits(key: KeyObject): number {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength;
  if (namedCurve === undefined) return 0;
  return curveBits.get(namedCurve) ?? Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0);
}
