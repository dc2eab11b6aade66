import { readSignedData } from "../../cms/signed-data.ts";
import { SigningError } from "../../errors.ts";
import { attributeLabels } from "../../oids.ts";
import { readBer } from "../../asn1.ts";
import { readPdf } from "../../pdf/document.ts";
import {
  modificationLevels,
  type ModificationLevel,
  type SignatureVerdict,
  type Verification,
} from "../../validate/report.ts";
import { findSignatures, type FoundSignature } from "../../validate/signature-fields.ts";
import { verifyPdf } from "../../validate/verify.ts";
import type { Certificate } from "../../x509/certificates.ts";
import { changeSince } from "./agent-changes.ts";

/**
 * Who was to sign; all that is given must be so, and something must be. Anybody can write a certificate with somebody
 * else's number and UID: these two count only together with trust anchors.
 */
export interface ExpectedSigner {
  /** The certificate registered for the person, in DER. */
  readonly certificate?: Buffer;
  /** Its serial number in hexadecimal. */
  readonly serial?: string;
  /** A UID of the subject: "CCCD:…" of a person, "MST:…" of an agency. */
  readonly uid?: string;
}

/** A file that came back from an agent. */
export interface AgentUpload {
  /** Exactly what the agent was given. */
  readonly sent: Buffer;
  readonly received: Buffer;
  readonly expectedSigner: ExpectedSigner;
  /** When it came back. */
  readonly at: Date;
  /** While the document was handed out. */
  readonly allowed: { readonly from: Date; readonly until: Date };
  /** The strongest change permitted; FORM_FILLING unless given. */
  readonly level?: ModificationLevel;
  /** Trust anchors in DER: the signer's certificate must lead to one. Needed unless the certificate itself is expected. */
  readonly anchors?: readonly Buffer[];
}

/** Why a file goes into quarantine. */
export type QuarantineReason =
  /** It does not begin with exactly the bytes that were sent. */
  | "NOT_OUR_FILE"
  | "TOO_LARGE"
  | "UNREADABLE"
  | "NO_NEW_SIGNATURE"
  | "SEVERAL_NEW_SIGNATURES"
  /** A signature that was there is gone or another. */
  | "SIGNATURE_EXCHANGED"
  /** The new signature does not cover the whole file. */
  | "NOT_COVERED"
  /** Our validator does not pass the file. */
  | "INTEGRITY"
  /** More was changed than a signature and form filling. */
  | "CHANGED"
  /** A time-stamp instead of a signature, or a certification that shuts out the seal. */
  | "WRONG_KIND"
  | "OTHER_SIGNER"
  | "CERTIFICATE_NOT_VALID"
  | "NOT_TRUSTED"
  /** It came back, or says to be signed, outside the time allowed. */
  | "OUT_OF_TIME";

/** Either the file may become the document's next revision, or nobody gets it. */
export type AgentUploadVerdict =
  | { readonly verdict: "ACCEPTED"; readonly field: string; readonly signature: SignatureVerdict }
  | {
      readonly verdict: "QUARANTINE";
      readonly reasons: readonly { readonly code: QuarantineReason; readonly detail: string }[];
    };

/** How much a signature with pictures and fonts may add. */
const mostAdded = 16 * 1024 * 1024;

/** Clocks of people's machines go wrong by minutes. */
const clockTolerance = 5 * 60_000;

/**
 * Judges a file that a full-file agent (VGCA) sent back: it must be the file that was sent with one appended signature
 * by the person expected, and nothing else. Default deny: whatever is not understood is a reason for quarantine.
 * Synchronous; throws BAD_INPUT where no signer is expected, or could not be told from a forged one.
 */
export function checkAgentUpload(upload: AgentUpload): AgentUploadVerdict {
  const { certificate, serial, uid } = upload.expectedSigner;
  if (!certificate && !serial && !uid) throw new SigningError("BAD_INPUT", "Somebody must be expected to sign.");
  if (!certificate && !upload.anchors?.length) {
    throw new SigningError("BAD_INPUT", "A number or UID proves nothing without trust anchors.");
  }
  try {
    return judge(upload);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return quarantine([{ code: "UNREADABLE", detail: error.code }]);
  }
}

type Reason = { readonly code: QuarantineReason; readonly detail: string };

const quarantine = (reasons: readonly Reason[]): AgentUploadVerdict => ({ verdict: "QUARANTINE", reasons });

function judge(upload: AgentUpload): AgentUploadVerdict {
  const { sent, received, at, anchors = [] } = upload;
  if (received.length > sent.length + mostAdded) return quarantine([{ code: "TOO_LARGE", detail: "" }]);
  if (received.length <= sent.length || !received.subarray(0, sent.length).equals(sent)) {
    return quarantine([{ code: "NOT_OUR_FILE", detail: "" }]);
  }
  const before = readPdf(sent);
  const document = readPdf(received);
  const last = before.revisions.length - 1;
  const same = before.revisions.every(({ startxref }, i) => document.revisions[i]?.startxref === startxref);
  if (!same || document.revisions.length <= before.revisions.length) {
    return quarantine([{ code: "NOT_OUR_FILE", detail: "revisions" }]);
  }

  const found = findSignatures(document);
  const isOld = ({ revision }: FoundSignature) => revision !== undefined && revision <= last;
  const added = found.filter((signature) => !isOld(signature));
  const reasons: Reason[] = exchanged(findSignatures(before), found.filter(isOld));
  const [signature, ...others] = added;
  if (!signature) return quarantine([...reasons, { code: "NO_NEW_SIGNATURE", detail: "" }]);
  if (others.length) reasons.push({ code: "SEVERAL_NEW_SIGNATURES", detail: String(added.length) });

  const verification = verifyPdf(received, { anchors, at });
  const verdict = verification.signatures.find(({ field }) => field === signature.field);
  const faults = integrityFaults(verification, verifyPdf(sent, { anchors, at }), signature.field);
  if (faults) reasons.push({ code: "INTEGRITY", detail: faults.slice(0, 20).join("; ") });
  if (signature.coverage !== "ENTIRE_FILE") reasons.push({ code: "NOT_COVERED", detail: signature.coverage });
  if (signature.kind === "DOCUMENT_TIMESTAMP" || signature.certification === 1) {
    reasons.push({ code: "WRONG_KIND", detail: `${signature.kind} ${signature.certification ?? ""}`.trim() });
  }
  const change = changeSince(document, signature, last, found);
  const allowed = modificationLevels.indexOf(upload.level ?? "FORM_FILLING");
  if (change.refused.length || modificationLevels.indexOf(change.level) > allowed) {
    reasons.push({ code: "CHANGED", detail: [change.level, ...change.refused].slice(0, 20).join("; ") });
  }
  if (anchors.length && verdict && isUntrusted(verdict)) {
    reasons.push({ code: "NOT_TRUSTED", detail: verdict.subIndication ?? "" });
  }
  if (verdict) reasons.push(...signerReasons(upload, signature, verdict), ...timeReasons(upload, verdict));
  if (!verdict || reasons.length) return quarantine(reasons);
  return { verdict: "ACCEPTED", field: signature.field, signature: verdict };
}

/**
 * The notes of what does not pass: the new signature must, and no other may be worse than it was before. A letter that
 * came in with a doubtful signature still gets its arrival mark; the doubt stays in its own report.
 */
function integrityFaults(now: Verification, before: Verification, field: string): readonly string[] | undefined {
  const known = new Map(before.signatures.map((verdict) => [verdict.field, verdict.integrity]));
  const worse = now.signatures.filter(
    (verdict) =>
      verdict.integrity !== "PASS" && (verdict.field === field || known.get(verdict.field) !== verdict.integrity),
  );
  if (worse.length) return worse.flatMap(({ notes }) => notes);
  const asWhole = now.integrity === "FAIL" && before.integrity !== "FAIL";
  return asWhole || !now.signatures.some((verdict) => verdict.field === field) ? now.notes : undefined;
}

/** What was signed before must be there as it was: the same fields with the same contents. */
function exchanged(before: readonly FoundSignature[], after: readonly FoundSignature[]): Reason[] {
  return before.flatMap(({ field, contents }) => {
    const still = after.find((other) => other.field === field);
    return still?.contents.equals(contents) ? [] : [{ code: "SIGNATURE_EXCHANGED" as const, detail: field }];
  });
}

function signerReasons(upload: AgentUpload, signature: FoundSignature, verdict: SignatureVerdict): Reason[] {
  const { expectedSigner, at } = upload;
  const certificate = certificateOf(signature, verdict);
  if (!certificate) return [{ code: "OTHER_SIGNER", detail: "no certificate" }];
  const reasons: Reason[] = [];
  const other = (detail: string) => reasons.push({ code: "OTHER_SIGNER", detail });
  if (expectedSigner.certificate && !certificate.der.equals(expectedSigner.certificate)) other("certificate");
  if (expectedSigner.serial && plain(expectedSigner.serial) !== plain(certificate.serial)) other("serial");
  if (expectedSigner.uid && !uidsOf(certificate).includes(expectedSigner.uid)) other("uid");
  if (at < certificate.notBefore || at > certificate.notAfter) {
    reasons.push({ code: "CERTIFICATE_NOT_VALID", detail: "" });
  }
  return reasons;
}

/** The certificate that the signature was verified with; undefined where several claim to be it. */
function certificateOf({ contents }: FoundSignature, { signer }: SignatureVerdict): Certificate | undefined {
  const fitting = readSignedData(contents, true).certificates.filter(
    ({ serial, issuer }) => serial === signer?.serial && issuer.text === signer.issuer,
  );
  return fitting.every(({ der }) => der.equals(fitting[0]!.der)) ? fitting[0] : undefined;
}

/** No path to an anchor, or a bad one. What is only not known yet (revocation, say) is fetched and judged later. */
function isUntrusted({ indication, subIndication }: SignatureVerdict): boolean {
  return indication === "TOTAL-FAILED" || (indication === "INDETERMINATE" && untrusted.has(subIndication));
}

const untrusted: ReadonlySet<string | undefined> = new Set([
  "NO_CERTIFICATE_CHAIN_FOUND",
  "NO_SIGNING_CERTIFICATE_FOUND",
  "CERTIFICATE_CHAIN_GENERAL_FAILURE",
  "CHAIN_CONSTRAINTS_FAILURE",
  "REVOKED_NO_POE",
  "REVOKED_CA_NO_POE",
]);

const plain = (serial: string) =>
  serial
    .replace(/[\s:]/g, "")
    .replace(/^0+(?=.)/, "")
    .toUpperCase();

/** The subject's UIDs as they stand in the certificate, not as text that a name could imitate. */
function uidsOf({ subject }: Certificate): string[] {
  return readBer(subject.der)
    .sequence()
    .flatMap((relative) => relative.set())
    .flatMap((part) => {
      const [type, value] = part.sequence();
      return type && value && attributeLabels.get(type.oid()) === "UID" ? [value.text()] : [];
    });
}

function timeReasons({ at, allowed }: AgentUpload, { claimedTime, provenTime }: SignatureVerdict): Reason[] {
  const outside = (time: Date, tolerance: number) =>
    time.getTime() < allowed.from.getTime() - tolerance || time.getTime() > allowed.until.getTime() + tolerance;
  const reasons: Reason[] = [];
  if (outside(at, 0)) reasons.push({ code: "OUT_OF_TIME", detail: "received" });
  if (claimedTime && outside(claimedTime, clockTolerance)) reasons.push({ code: "OUT_OF_TIME", detail: "claimed" });
  if (provenTime && outside(provenTime, clockTolerance)) reasons.push({ code: "OUT_OF_TIME", detail: "proven" });
  return reasons;
}
