import type { PdfDocument } from "../pdf/document.ts";
import { joinEvidence, type Evidence } from "../x509/evidence.ts";
import type { TrustAnchor } from "../x509/trust.ts";
import { reliableUntil } from "./algorithms.ts";
import { judgeCertificate, type Trust, type TrustSetting } from "./certificate.ts";
import type { SecurityStores, SecurityStore } from "./dss.ts";
import { Existence } from "./existence.ts";
import type { ValidationPolicy } from "./policy.ts";
import type { ReadSignature } from "./reading.ts";
import type { SubIndication } from "./report.ts";
import { judgeStamp, type JudgedStamp } from "./time-stamps.ts";

/** What the signatures of a file are judged by. */
export interface JudgementRequest {
  readonly document: PdfDocument;
  readonly stores: SecurityStores;
  readonly signatures: readonly ReadSignature[];
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly evidence: Evidence;
  readonly policy: ValidationPolicy;
}

/** How trust in a signature came out; its bytes and structure are judged elsewhere. */
export interface JudgedSignature {
  readonly signature: ReadSignature;
  /** TOTAL-FAILED where it is proven to be wrong, not only unproven to be right. */
  readonly outcome: "PASSED" | "INDETERMINATE" | "FAILED";
  readonly subIndication: SubIndication | undefined;
  readonly trust: Trust | undefined;
  /** The time-stamps that bear on it: inside it, and the document time-stamps behind it. */
  readonly stamps: readonly JudgedStamp[];
  /** The earliest time at which it is proven to have existed. */
  readonly provenTime: Date | undefined;
  readonly notes: readonly string[];
}

/** The judgements, and the security stores that they rest on. */
export interface FileJudgement {
  readonly signatures: readonly JudgedSignature[];
  /** As the last state shows it. */
  readonly store: SecurityStore;
  /** As the state that the document time-stamp closes shows it. */
  readonly storeAt: (stamp: ReadSignature) => SecurityStore;
}

/**
 * The validation process of EN 319 102-1 for long-term signatures (§5.6.3): the document time-stamps from the last to
 * the first, each proving the time of what it covers; then the time-stamps inside each signature; then the signer.
 */
export function judgeSignatures(request: JudgementRequest): FileJudgement {
  const { document, stores, signatures, anchors, at, policy } = request;
  const store = stores.latest;
  const views = new Map<number, SecurityStore>();
  const storeAt = ({ found }: ReadSignature) => {
    const revision = found.revision!;
    let known = views.get(revision);
    if (!known) views.set(revision, (known = stores.at(document.at(revision))));
    return known;
  };
  const evidence = joinEvidence(request.evidence, store.evidence, ...signatures.map(({ embedded }) => embedded));
  const existence = new Existence(at);
  const setting: TrustSetting = { anchors, at, policy, evidence, existence };

  const documentStamps: (readonly [ReadSignature, JudgedStamp])[] = [];
  for (const signature of signatures.toReversed()) {
    const [stamp] = signature.stamps;
    if (signature.found.kind !== "DOCUMENT_TIMESTAMP" || !stamp) continue;
    const judged = judgeStamp(setting, stamp, existence.since(nameOf(signature)));
    documentStamps.unshift([signature, judged]);
    if (judged.trusted) proveCovered(request, existence, signature, judged, storeAt(signature));
  }
  const inside = new Map(
    signatures.map((signature) => {
      const existed = existence.since(nameOf(signature));
      const own = signature.found.kind === "DOCUMENT_TIMESTAMP" ? [] : signature.stamps;
      return [signature, own.map((stamp) => judgeStamp(setting, stamp, existed))] as const;
    }),
  );
  const judged = signatures.map((signature): JudgedSignature => {
    const behind = documentStamps
      .filter(([other]) => revisionOf(other) > revisionOf(signature))
      .map(([, each]) => each);
    const own = documentStamps.find(([other]) => other === signature)?.[1];
    const before = [...documentStamps.map(([other, each]) => [other, [each]] as const), ...inside]
      .filter(([other]) => revisionOf(other) < revisionOf(signature))
      .flatMap(([, each]) => each);
    const stamps = { before, inside: own ? [own] : inside.get(signature)!, behind };
    return own ? judgeDocumentStamp(setting, signature, own, stamps) : judgeSigner(setting, signature, stamps);
  });
  return { signatures: judged, store, storeAt };
}

/** The time-stamps that stand in earlier states, in the signature itself, and in later states, in this order. */
interface Stamps {
  readonly before: readonly JudgedStamp[];
  readonly inside: readonly JudgedStamp[];
  readonly behind: readonly JudgedStamp[];
}

/** §5.6.2.3: a trusted document time-stamp proves that everything it covers existed at its time. */
function proveCovered(
  { signatures }: JudgementRequest,
  existence: Existence,
  stamp: ReadSignature,
  { token }: JudgedStamp,
  { evidence }: SecurityStore,
): void {
  const time = token.time!.getTime();
  const covered = [evidence];
  for (const signature of signatures) {
    if (revisionOf(signature) >= revisionOf(stamp)) continue;
    existence.prove(nameOf(signature), time);
    covered.push(signature.embedded);
  }
  for (const { certificates, crls, ocsp } of covered) {
    for (const { sha256 } of [...certificates, ...crls, ...ocsp]) existence.prove(sha256, time);
  }
}

function judgeSigner(setting: TrustSetting, signature: ReadSignature, stamps: Stamps): JudgedSignature {
  const { existence } = setting;
  const { verdict, contents } = signature;
  const times = stamps.inside.filter(({ kind, trusted }) => trusted && kind === "SIGNATURE").map(timeOf);
  for (const time of times) existence.prove(nameOf(signature), time);
  const existed = existence.since(nameOf(signature));
  const certificate = verdict?.certificate;
  if (certificate && verdict.signingCertificate) existence.prove(certificate.sha256, existed);
  const trust = certificate && judgeCertificate(setting, certificate, "signature", existed);
  const base = {
    signature,
    trust,
    stamps: [...stamps.inside, ...stamps.behind],
    provenTime: existence.isProven(nameOf(signature)) ? new Date(existed) : undefined,
  };
  const notes = [...stamps.inside.flatMap((stamp) => stamp.notes), ...(trust?.notes ?? [])];
  const outcome = (
    result: JudgedSignature["outcome"],
    subIndication: SubIndication | undefined,
    ...more: readonly string[]
  ): JudgedSignature => ({ ...base, outcome: result, subIndication, notes: [...notes, ...more] });

  if (!certificate || !trust) return outcome("INDETERMINATE", "NO_SIGNING_CERTIFICATE_FOUND");
  if (trust.subIndication === "NOT_YET_VALID") return outcome("FAILED", "NOT_YET_VALID");
  // §5.3.4, table 5: with a proof that it was made only later, a certificate that had ended by then makes it wrong.
  const made = earliestMaking(stamps);
  const revokedAt = trust.revocation[0]?.revokedAt?.getTime() ?? Infinity;
  if (trust.subIndication === "REVOKED_NO_POE" && made >= revokedAt) return outcome("FAILED", "REVOKED");
  if (trust.subIndication === "OUT_OF_BOUNDS_NO_POE" && made > certificate.notAfter.getTime()) {
    return outcome("FAILED", "EXPIRED");
  }
  if (!trust.trusted) return outcome("INDETERMINATE", trust.subIndication);
  const disorder = outOfOrder(setting, stamps);
  if (disorder) return outcome("INDETERMINATE", "TIMESTAMP_ORDER_FAILURE", disorder);
  const { data, digests } = contents;
  if (data && existed >= reliableUntil(certificate, data.signatureAlgorithm, digests[0] ?? data.digestAlgorithm.oid)) {
    return outcome("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "ALGORITHM_EXPIRED");
  }
  return outcome("PASSED", undefined);
}

function judgeDocumentStamp(
  setting: TrustSetting,
  signature: ReadSignature,
  own: JudgedStamp,
  stamps: Stamps,
): JudgedSignature {
  const { trust, trusted, subIndication, notes } = own;
  const base = { signature, trust, stamps: [own, ...stamps.behind] };
  const disorder = trusted ? outOfOrder(setting, stamps) : undefined;
  return {
    ...base,
    outcome: trusted && !disorder ? "PASSED" : "INDETERMINATE",
    subIndication: disorder ? "TIMESTAMP_ORDER_FAILURE" : subIndication,
    provenTime: trusted ? own.token.time : undefined,
    notes: disorder ? [...notes, disorder] : notes,
  };
}

/** The last time before which the signature was not there: it covers, or signs, time-stamps of that time. */
function earliestMaking({ before, inside }: Stamps): number {
  const known = [...before, ...inside.filter(({ kind }) => kind === "CONTENT")].filter(({ trusted }) => trusted);
  return Math.max(-Infinity, ...known.map(timeOf));
}

/** §5.5.4 (5): what a time-stamp covers is not younger than it. Answers a note where trusted ones contradict this. */
function outOfOrder({ policy }: TrustSetting, stamps: Stamps): string | undefined {
  let reached = earliestMaking(stamps);
  const groups = [
    stamps.inside.filter(({ kind }) => kind !== "CONTENT"),
    ...stamps.behind.toSorted((a, b) => a.revision - b.revision).map((stamp) => [stamp]),
  ];
  for (const group of groups) {
    const times = group.filter(({ trusted }) => trusted).map(timeOf);
    if (times.some((time) => time + policy.clockDifference < reached)) {
      return `TIMESTAMPS_OUT_OF_ORDER ${new Date(reached).toISOString()}`;
    }
    reached = Math.max(reached, ...times);
  }
  return undefined;
}

const timeOf = ({ token }: JudgedStamp) => token.time!.getTime();
const revisionOf = ({ found }: ReadSignature) => found.revision ?? -1;
const nameOf = ({ found }: ReadSignature) => `signature at ${found.dictionary.span?.start ?? -1}`;
