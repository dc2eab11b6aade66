import { SigningError } from "../errors.ts";
import { differencesSince, strictPolicy } from "../diff/differences.ts";
import { warningsOf } from "../diff/warnings.ts";
import { readPdf, type PdfDocument } from "../pdf/document.ts";
import { memorySource, type PdfSource } from "../pdf/source.ts";
import { joinEvidence, noEvidence, type Evidence } from "../x509/evidence.ts";
import type { TrustAnchor } from "../x509/trust.ts";
import { identify, readAnchors, type AnchorInput } from "./anchors.ts";
import { SecurityStores } from "./dss.ts";
import { judgeSignatures, type FileJudgement, type JudgedSignature } from "./judgement.ts";
import { hiddenObjects } from "./hidden-objects.ts";
import { laterNotes } from "./later.ts";
import { levelOf } from "./levels.ts";
import { findMarks } from "./marks.ts";
import { usualPolicy, type ValidationPolicy } from "./policy.ts";
import { readSignatures } from "./reading.ts";
import {
  worstIndication,
  worstIntegrity,
  type Indication,
  type Integrity,
  type SignatureLevel,
  type Verification,
} from "./report.ts";
import { earlierSignatures, findSignatures, sameValue, type FoundSignature } from "./signature-fields.ts";
import { existedIn, hiddenSignatures, strayDictionaries } from "./stray.ts";
import { verifyUnreadable } from "./unreadable.ts";
import { resultOf, verdictOf } from "./verdict.ts";

/** Whom to trust, as of when (now unless given), what else is known, and how strict to be. */
export interface VerifyOptions {
  readonly anchors: readonly AnchorInput[];
  readonly at?: Date;
  /** Certificates, lists and responses from elsewhere: fetched, or kept from when the file arrived. */
  readonly evidence?: Evidence;
  readonly policy?: Partial<ValidationPolicy>;
  /** Also looks for what in the first signed revision could mislead people; takes a look at every object. */
  readonly warnings?: boolean;
  /** Whether the caller also compares the pages as they are drawn: what only that can tell is no doubt here. */
  readonly drawn?: boolean;
}

interface Setting {
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly evidence: Evidence;
  readonly policy: ValidationPolicy;
  readonly warnings: boolean;
  readonly drawn: boolean;
}

type FileVerdict = Pick<Verification, "sha256" | "indication" | "integrity" | "signatures" | "notes" | "warnings">;

/** Larger files are not searched for warnings: it would take all of them in memory. */
const mostSearched = 64 * 2 ** 20;

/**
 * Validates every signature of a PDF by EN 319 102-1: structure, coverage, CMS, what was changed afterwards, time, and
 * the certificates. Nothing is fetched; a file on disk is never held in memory as a whole. Never throws for what the
 * file contains; throws BAD_CERTIFICATE or ASN1_… for a broken anchor, FILE_UNREADABLE where the disk fails.
 */
export function verifyPdf(file: Buffer | PdfSource, options: VerifyOptions): Verification {
  const source = Buffer.isBuffer(file) ? memorySource(file) : file;
  const setting: Setting = {
    anchors: readAnchors(options.anchors),
    at: options.at ?? new Date(),
    evidence: options.evidence ?? noEvidence,
    policy: { ...usualPolicy, ...options.policy },
    warnings: (options.warnings ?? false) && source.length <= mostSearched,
    drawn: options.drawn ?? false,
  };
  const whole = { validatedAt: setting.at, trustStore: identify(setting.anchors) };
  try {
    return { ...verifyDocument(setting, readPdf(source, { repair: true })), ...whole };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === "FILE_UNREADABLE") throw error;
    const verifyPart = (part: PdfSource) => verifyDocument(setting, readPdf(part, { repair: true }));
    return { ...verifyUnreadable(source, error, verifyPart), ...whole, warnings: [] };
  }
}

function verifyDocument(setting: Setting, document: PdfDocument): FileVerdict {
  const stores = new SecurityStores(document);
  const found = markMisplaced(findSignatures(document));
  const pool = joinEvidence(setting.evidence, stores.latest.evidence).certificates;
  const { sha256, signatures, places } = readSignatures(document, found, pool);
  const judgement = judgeSignatures({ ...setting, document, stores, signatures });
  // A field counts as signed only by a signature that is right: else anything could come with a false one.
  const right = signatures.map((each) =>
    resultOf(each)[0] === "invalid"
      ? { ...each.found, faults: [...each.found.faults, "SIGNATURE_INVALID"] }
      : each.found,
  );
  const compared = judgement.signatures.map((judged) => ({
    judged,
    differences: differencesSince(document, judged.signature.found, right, { ...strictPolicy, drawn: setting.drawn }),
  }));
  const marks = findMarks(document, found);
  const { faults, doubts, notes } = judgeWhole(document, found, places);
  const verdicts = compared.flatMap(({ judged, differences }) => {
    const own = judged.signature.found;
    // One value that several fields show is one signature.
    if (found.find((other) => sameValue(other, own)) !== own) return [];
    const sharing = found.filter((other) => other !== own && sameValue(other, own)).map(({ field }) => field);
    const shared = sharing.length ? [`SIGNATURE_IN_SEVERAL_FIELDS ${sharing.join(", ")}`] : [];
    const rest = { level: levelIn(judgement, judged), mark: marks.get(own)?.mark, doubts: repairsOf(document) };
    return [verdictOf({ judged, differences, ...rest, notes: [...shared, ...laterNotes(own, found, marks)] })];
  });
  const integrities: Integrity[] = verdicts.map(({ integrity }) => integrity);
  const indications: Indication[] = verdicts.map(({ indication }) => indication);
  if (doubts.length > 0) {
    integrities.push("INDETERMINATE");
    indications.push("INDETERMINATE");
  }
  const first = found.find(({ revision }) => revision !== undefined);
  return {
    sha256,
    integrity: faults.length > 0 ? "FAIL" : worstIntegrity(integrities),
    indication: faults.length > 0 ? "TOTAL-FAILED" : worstIndication(indications),
    signatures: verdicts,
    notes: [...faults, ...doubts, ...notes, ...judgement.store.notes, ...counted(document.repairs)],
    warnings: setting.warnings && first ? warningsOf(document, first.revision!) : [],
  };
}

/** 12.8.2.2: one certification at most, and before all other signatures. */
function markMisplaced(found: readonly FoundSignature[]): FoundSignature[] {
  const certifications = found.filter(({ kind }) => kind === "CERTIFICATION");
  const [first] = found;
  return found.map((each) => {
    if (each.kind !== "CERTIFICATION" || !first || sameValue(each, first)) return each;
    const code = certifications.length > 1 ? "SECOND_CERTIFICATION" : "CERTIFICATION_IS_NOT_FIRST";
    return { ...each, faults: [...each.faults, code] };
  });
}

/** What is wrong with the file apart from any signature that its form shows. */
function judgeWhole(document: PdfDocument, found: readonly FoundSignature[], places: readonly number[]) {
  const earlier = earlierSignatures(document, found);
  const faults = earlier.removed.map((name) => `SIGNATURE_REMOVED ${name}`);
  const doubts: string[] = [];
  const notes = found.length > 0 ? [] : ["NO_SIGNATURES"];
  // ISO/TS 32004: it needs the key of the encryption, and says nothing about who signed.
  if (document.authCode !== undefined) notes.push("AUTH_CODE_NOT_EVALUATED");
  const covered = found.some(({ coverage }) => coverage === "ENTIRE_FILE");
  if (!covered && !endsBlank(document)) faults.push("BYTES_AFTER_THE_END");
  // What was there before the first signature was made was there for all to see; but nobody can check it.
  const first = found.find(({ faults: own, revision }) => own.length === 0 && revision !== undefined);
  // A reader that searches the file must not come upon objects that were put there after the signature.
  if (first) doubts.push(...hiddenObjects(document, document.revisions[first.revision!]!.end));
  for (const hidden of hiddenSignatures(document)) {
    const note = `SIGNATURE_OUTSIDE_THE_FORM ${hidden.name} page ${hidden.page}`;
    if (first && existedIn(document, first.revision!, hidden)) doubts.push(note);
    else faults.push(note);
  }
  for (const object of strayDictionaries(document, places, earlier)) {
    (found.length > 0 ? notes : faults).push(`SIGNATURE_WITHOUT_A_FIELD object ${object}`);
  }
  return { faults, doubts, notes };
}

/** Whether nothing but white space (7.2.3) follows the last state. */
function endsBlank({ source, revisions }: PdfDocument): boolean {
  const end = revisions.at(-1)!.end;
  const rest = source.read(end, Math.min(source.length, end + (1 << 16)));
  return end + rest.length === source.length && rest.every((byte) => [0, 9, 10, 12, 13, 32].includes(byte));
}

/** Each code once, with the first place and the number of places. */
function counted(repairs: readonly string[]): string[] {
  const groups = Map.groupBy(repairs, (repair) => repair.split(" ", 1)[0]!);
  return [...groups.values()].map((group) => (group.length === 1 ? group[0]! : `${group[0]!}, ${group.length} times`));
}

/** A file that other readers may read otherwise never gives more than doubt. */
function repairsOf(document: PdfDocument): string[] {
  return document.rebuilt ? ["STRUCTURE_REPAIRED"] : [];
}

/** EN 319 142-1 §6: the level that is really there. */
function levelIn({ signatures, store, storeAt }: FileJudgement, judged: JudgedSignature): SignatureLevel {
  const { signature, trust, stamps } = judged;
  const { found, verdict } = signature;
  if (found.kind === "DOCUMENT_TIMESTAMP") return "DOCUMENT_TIMESTAMP";
  if (!verdict) return "NONE";
  const inside = stamps.filter(({ kind, token }) => kind === "SIGNATURE" && token.result === "valid");
  const behind = signatures.filter(
    ({ signature: { found: other, stamps: own } }) =>
      other.kind === "DOCUMENT_TIMESTAMP" && other.revision! > found.revision! && own[0]?.token.result === "valid",
  );
  const rightStamps = [...inside, ...behind.flatMap(({ signature: { stamps: own } }) => own)];
  const times = rightStamps.flatMap(({ token }) => token.time?.getTime() ?? []);
  return levelOf({
    baseline: isBaseline(judged),
    signer: verdict.certificate,
    path: trust?.path,
    stampPaths: inside.flatMap(({ trust: own }) => own?.path ?? []),
    stamped: times.length > 0 ? Math.min(...times) : undefined,
    stampInside: inside.length > 0,
    embedded: signature.embedded,
    store,
    coveredStores: behind.map(({ signature: stamp }) => storeAt(stamp)),
  });
}

/** EN 319 142-1 §6.3, table 1: what every baseline signature has. */
function isBaseline({ signature: { found, verdict } }: JudgedSignature): boolean {
  const { signingCertificate, certificate, certificates = [] } = verdict ?? {};
  return (
    found.subFilter === "ETSI.CAdES.detached" &&
    signingCertificate === true &&
    certificates.some(({ sha256 }) => sha256 === certificate?.sha256) &&
    found.claimedTime !== undefined
  );
}
