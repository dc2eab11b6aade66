import type { KeyObject } from "node:crypto";
import type { Certificate } from "./certificates.ts";
import type { ReasonFlag, RevocationReason } from "./distribution-points.ts";
import type { Evidence } from "./evidence.ts";
import type { AlgorithmPolicy, Path } from "./path.ts";
import type { RevocationSource, RevocationVerdict } from "./revocation.ts";
import { verifySigned, type Signed } from "./signatures.ts";

/** What one list or response, found authentic, says of a certificate. */
export interface Statement {
  readonly revoked: boolean;
  readonly reason: RevocationReason | undefined;
  readonly revokedAt: Date | undefined;
  readonly invalidFrom: Date | undefined;
  /** The reasons of revocation that it would have told; undefined for all. */
  readonly reasons: ReadonlySet<ReasonFlag> | undefined;
  readonly source: RevocationSource;
  /** Whether it still speaks at the instant asked for, or was issued after it. */
  readonly fresh: boolean;
}

/** What is needed to look for statements about the certificate at the beginning of a path. */
export interface Inquiry {
  readonly path: Path;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly evidence: Evidence;
  readonly at: Date;
  readonly algorithms: AlgorithmPolicy;
  /** The status of the certificate at the beginning of another path: of who signed a list or a response. */
  readonly statusOf: (path: Path, at: Date) => RevocationVerdict;
  /** Takes down why something is of no use. */
  readonly note: (note: string) => void;
}

/**
 * How old news may be that does not say when there will be more. RFC 6960 §2.4 then has newer ones always available;
 * a day is what keeping them for the moment of signing takes.
 */
export const maximumAge = 24 * 60 * 60 * 1000;

/** EN 319 102-1 §5.2.5: news of `thisUpdate` are fresh until `nextUpdate`; those issued later know even more. */
export function isFresh(at: Date, { thisUpdate, nextUpdate }: { thisUpdate: Date; nextUpdate: Date | undefined }) {
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + maximumAge;
  return thisUpdate >= at || at.getTime() <= until;
}

/** A note where the key did not sign, or not by an algorithm that is relied on at that instant. */
export function faultOfSignature(signed: Signed, key: KeyObject, { at, algorithms }: Inquiry): string | undefined {
  if (verifySigned(signed, key).result !== "valid") return "SIGNATURE";
  return algorithms({ algorithm: signed.signatureAlgorithm, key, at });
}

/** The later of two instants. */
export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
