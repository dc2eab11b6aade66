import { SigningError } from "../errors.ts";
import { collectEvidence } from "../fetching/collect.ts";
import type { Fetch } from "../fetching/fetch.ts";
import type { TimestampClient } from "../tsp/client.ts";
import type { Verification } from "../validate/report.ts";
import type { Certificate } from "../x509/certificates.ts";
import { type Evidence, joinEvidence, noEvidence } from "../x509/evidence.ts";
import type { TrustAnchor } from "../x509/trust.ts";

/** The levels of PAdES baseline signatures (EN 319 142-1 §6). */
export const signingLevels = ["B-B", "B-T", "B-LT", "B-LTA"] as const;
export type SigningLevel = (typeof signingLevels)[number];

/** Whether one level is at least another. */
export function reaches(level: SigningLevel, wanted: SigningLevel): boolean {
  return signingLevels.indexOf(level) >= signingLevels.indexOf(wanted);
}

/** The lowest of several levels. */
export function lowestOf(levels: readonly SigningLevel[]): SigningLevel {
  return signingLevels[Math.min(...levels.map((level) => signingLevels.indexOf(level)))] ?? "B-B";
}

/** What levels above B-B are made with; what is left out lowers the level that can be reached. */
export interface LevelServices {
  readonly timestamp?: TimestampClient;
  /** Gets issuers, OCSP responses and CRLs; without one only what is known is used. */
  readonly fetch?: Fetch;
  /** Where certificate paths end; needed for B-LT, as nothing else says what a whole path is. */
  readonly anchors?: readonly TrustAnchor[];
  /** Validation material at hand. */
  readonly evidence?: Evidence;
  /** Judges what was made; `verifyPdf` unless given, which holds up its thread for as long as a large file takes. */
  readonly validate?: (
    pdf: Buffer,
    options: { readonly anchors: readonly Buffer[]; readonly at: Date },
  ) => Verification | Promise<Verification>;
  /** The present; the machine's clock unless given. */
  readonly now?: () => Date;
}

/** The present, as the services see it. */
export function presentOf({ now }: LevelServices): Date {
  return now?.() ?? new Date();
}

const offline: Fetch = () => Promise.reject(new SigningError("FETCH_REFUSED", "no fetcher is configured"));

/** Gathers material for whole chains with the services given. Never throws for an outage. */
export function collect(
  services: LevelServices,
  certificates: readonly Certificate[],
  pool: readonly Certificate[],
  held: Evidence = noEvidence,
): ReturnType<typeof collectEvidence> {
  const { anchors = [], evidence = noEvidence, fetch = offline } = services;
  const known = joinEvidence(evidence, held);
  return collectEvidence({ certificates, pool, anchors, at: presentOf(services), fetch, known });
}
