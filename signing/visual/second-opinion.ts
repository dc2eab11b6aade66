import { SigningError } from "../errors.ts";
import { seenByLooking } from "../diff/differences.ts";
import type { SignatureVerdict, Verification } from "../validate/report.ts";
import { verifyPdf, type VerifyOptions } from "../validate/verify.ts";
import { visualDifferences, type Look } from "./differences.ts";

export interface LookOptions extends VerifyOptions {
  /** Whether pages are drawn for every file that was changed after a signature, or only to decide what shapes leave open. */
  readonly look: "always" | "where needed";
  /** How long pages are drawn at most, in all; one page can take longer. 8 s unless given. */
  readonly milliseconds?: number;
}

/** So many signatures of one file are compared with it one by one, if the first one differs. */
const mostCompared = 4;
const usualMilliseconds = 8_000;

/**
 * The verdict of `verifyPdf`, with a second opinion by drawing: where pages look otherwise than when they were signed,
 * or what was signed is hidden now, a signature that would pass is undecided (V11). Never throws for what the file
 * contains; throws as `verifyPdf` does.
 */
export async function verifyAndLook(file: Buffer, options: LookOptions): Promise<Verification> {
  const verification = verifyPdf(file, options);
  if (!wantsLook(verification, file.length, options.look)) return verification;
  try {
    const looks = await lookSince(file, changedSince(verification, file.length), options.milliseconds);
    // Without all pages the doubts by shape stay.
    const isComplete = [...looks.values()].every(({ skipped }) => skipped === 0);
    const isOpen = verification.signatures.some(isUndecidedByShape);
    const base = isOpen && isComplete ? verifyPdf(file, { ...options, drawn: true }) : verification;
    return doubted(base, looks);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return { ...verification, notes: [...verification.notes, `NOT_DRAWN ${error.code}`] };
  }
}

/** Whether looking at the pages could change a verdict on a file of that length. */
export function wantsLook(verification: Verification, length: number, look: LookOptions["look"]): boolean {
  const changed = changedSince(verification, length);
  return look === "always" ? changed.length > 0 : changed.some(isUndecidedByShape);
}

/** Signatures that did not fail and that something came after, the first one first. */
function changedSince({ signatures }: Verification, length: number): SignatureVerdict[] {
  const changed = signatures.filter(
    ({ integrity, revisionEnd }) => integrity !== "FAIL" && revisionEnd !== undefined && revisionEnd < length,
  );
  return changed.sort((a, b) => a.revisionEnd! - b.revisionEnd!);
}

function isUndecidedByShape({ notes }: SignatureVerdict): boolean {
  return notes.some((note) => seenByLooking.test(note));
}

/** What is seen since each signature. What differs since a later one differs since the first, or was put back. */
async function lookSince(
  file: Buffer,
  signatures: readonly SignatureVerdict[],
  milliseconds = usualMilliseconds,
): Promise<Map<string, Look>> {
  const deadline = performance.now() + milliseconds;
  const looks = new Map<string, Look>();
  let last: Look | undefined;
  for (const [index, { field, revisionEnd }] of signatures.entries()) {
    const isSame = last && (last.differences.length === 0 || index >= mostCompared);
    last = isSame ? last! : await visualDifferences(file, revisionEnd!, deadline - performance.now());
    looks.set(field, last);
  }
  return looks;
}

/** The verdict with what was seen: it makes undecided what would pass. */
function doubted(verification: Verification, looks: ReadonlyMap<string, Look>): Verification {
  let isDoubted = false;
  const signatures = verification.signatures.map((each): SignatureVerdict => {
    const notes = notesOf(looks.get(each.field));
    if (!notes.some((note) => !note.startsWith("NOT_DRAWN"))) return { ...each, notes: [...each.notes, ...notes] };
    isDoubted = true;
    const { indication, integrity } = each;
    return {
      ...each,
      integrity: integrity === "PASS" ? "INDETERMINATE" : integrity,
      ...(indication === "TOTAL-FAILED"
        ? {}
        : { indication: "INDETERMINATE" as const, subIndication: "SIG_CONSTRAINTS_FAILURE" as const }),
      notes: [...each.notes, ...notes],
    };
  });
  const { indication, integrity } = verification;
  return {
    ...verification,
    signatures,
    integrity: isDoubted && integrity === "PASS" ? "INDETERMINATE" : integrity,
    indication: isDoubted && indication === "TOTAL-PASSED" ? "INDETERMINATE" : indication,
  };
}

function notesOf(look: Look | undefined): string[] {
  if (!look) return [];
  const codes = { OTHERWISE: "LOOKS_OTHERWISE", COVERED: "COVERED_SINCE" } as const;
  const seen = look.differences.map(
    ({ kind, page, area }) => `${codes[kind]} page ${page} (${area.map(Math.round).join(" ")})`,
  );
  return [...new Set(seen), ...(look.skipped > 0 ? [`NOT_DRAWN ${look.skipped} pages`] : [])].slice(0, 20);
}
