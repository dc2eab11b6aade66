import { digest } from "../algorithms/digests.ts";
import type { SignedData } from "../cms/signed-data.ts";
import { readSignedProperties } from "../cms/signed-properties.ts";
import { signatureTimestamps } from "../cms/timestamps.ts";
import { SigningError } from "../errors.ts";
import { readToken, type TokenVerdict } from "../tsp/token.ts";
import type { Certificate } from "../x509/certificates.ts";
import { digestReliableUntil, reliableUntil } from "./algorithms.ts";
import { judgeCertificate, type Trust, type TrustSetting } from "./certificate.ts";
import type { SignedBytes } from "./signed-bytes.ts";
import type { FoundSignature } from "./signature-fields.ts";
import type { SubIndication, TimestampReport } from "./report.ts";

/** A time-stamp of the file, its mathematics checked, its authority not yet judged. */
export interface Stamp {
  readonly kind: TimestampReport["kind"];
  /** Index of the revision that the token stands in. */
  readonly revision: number;
  readonly token: TokenVerdict;
}

/** A time-stamp with what is thought of its authority. */
export interface JudgedStamp extends Stamp {
  readonly trust: Trust | undefined;
  readonly trusted: boolean;
  /** Why it is not trusted. */
  readonly subIndication: SubIndication | undefined;
  readonly notes: readonly string[];
}

/** Most content time-stamps looked at in one signature. */
const mostTokens = 8;

/** The time-stamps inside a CMS signature: over its value, and those made before it over the content. */
export function stampsInside(
  data: SignedData,
  revision: number,
  bytes: SignedBytes,
  pool: readonly Certificate[],
): Stamp[] {
  const all = [...data.certificates, ...pool];
  const over = (kind: Stamp["kind"], tokens: readonly Buffer[], imprint: (oid: string) => Buffer) =>
    tokens.map((token): Stamp => ({ kind, revision, token: readToken({ token, imprint, pool: all }) }));
  return [
    ...over("CONTENT", contentStamps(data), (oid) => bytes.digest(oid)),
    ...over("SIGNATURE", signatureTimestamps(data), (oid) => digest(oid, data.signature)),
  ];
}

/** Content time-stamps are signed attributes, and may be several (EN 319 122-1 §5.2.8). */
function contentStamps(data: SignedData): readonly Buffer[] {
  try {
    return readSignedProperties(data).contentTimestamps.slice(0, mostTokens);
  } catch (error) {
    // Broken attributes are judged with the signature.
    if (error instanceof SigningError) return [];
    throw error;
  }
}

/** A document time-stamp (EN 319 142-1 §5.4.3), whose token stamps the ByteRange. */
export function documentStamp(
  { contents, revision }: FoundSignature,
  bytes: SignedBytes,
  pool: readonly Certificate[],
): Stamp {
  const token = readToken({ token: contents, padded: true, imprint: (oid) => bytes.digest(oid), pool });
  return { kind: "DOCUMENT", revision: revision ?? -1, token };
}

/**
 * Judges the authority of a time-stamp (EN 319 102-1 §5.4), which is known to have existed at `existed`: since its
 * signature is as old as that, what happened to its certificate and algorithms later does not matter.
 */
export function judgeStamp(setting: TrustSetting, stamp: Stamp, existed: number): JudgedStamp {
  const { token } = stamp;
  const { result, authority, time, data, info } = token;
  const untrusted = (
    subIndication: SubIndication | undefined,
    notes: readonly string[],
    trust?: Trust,
  ): JudgedStamp => {
    return { ...stamp, trust, trusted: false, subIndication, notes: [...token.notes, ...notes] };
  };
  if (result !== "valid" || !authority || !time || !data || !info) {
    const differs = token.notes.includes("TIMESTAMP_IMPRINT_DIFFERS");
    const invalid = differs ? "HASH_FAILURE" : "SIG_CRYPTO_FAILURE";
    return untrusted(result === "invalid" ? invalid : uncheckable(token), []);
  }
  const trust = judgeCertificate(setting, authority, "timestamp", existed, time.getTime());
  const notes = trust.notes.map((note) => `TIMESTAMP_${note}`);
  if (!trust.trusted) return untrusted(trust.subIndication, ["TIMESTAMP_NOT_TRUSTED", ...notes], trust);
  // Without it another certificate with the same key could have been put in its place (RFC 5816 §1).
  if (!token.signingCertificate) return untrusted("SIG_CONSTRAINTS_FAILURE", ["TIMESTAMP_NOT_TRUSTED"], trust);
  if (time.getTime() > setting.at.getTime() + setting.policy.clockDifference) {
    return untrusted("TIMESTAMP_ORDER_FAILURE", ["TIMESTAMP_IN_THE_FUTURE"], trust);
  }
  const until = Math.min(
    reliableUntil(authority, data.signatureAlgorithm, data.digestAlgorithm.oid),
    digestReliableUntil(info.imprintAlgorithm),
  );
  if (existed >= until) {
    return untrusted("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", ["TIMESTAMP_ALGORITHM_EXPIRED"], trust);
  }
  return { ...stamp, trust, trusted: true, subIndication: undefined, notes: [...token.notes, ...notes] };
}

/** Why nothing can be said of a token: its authority's certificate is missing, or its algorithm is not known here. */
export function uncheckable({ authority, notes }: TokenVerdict): SubIndication {
  const missing = !authority && notes.includes("TIMESTAMP_UNVERIFIED");
  return missing ? "NO_SIGNING_CERTIFICATE_FOUND" : "CRYPTO_CONSTRAINTS_FAILURE";
}
