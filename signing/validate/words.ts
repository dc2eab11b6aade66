import { certificateWords } from "./words/certificates.ts";
import { changeWords } from "./words/changes.ts";
import { cryptographyWords } from "./words/cryptography.ts";
import { outcomeWords } from "./words/outcomes.ts";
import type { Words, WordTable } from "./words/sentence.ts";
import { structureWords } from "./words/structure.ts";
import { warningWords } from "./words/warnings.ts";

export type { Words } from "./words/sentence.ts";

const notes: WordTable = {
  ...certificateWords,
  ...changeWords,
  ...cryptographyWords,
  ...structureWords,
  ...warningWords,
};

/**
 * An outcome, sub-indication, coverage, level, kind or mark in words; undefined for a level that is its own name, such
 * as "B-LTA".
 */
export function wordsFor(code: string): Words | undefined {
  const known = outcomeWords[code];
  return known && { vi: known[0], en: known[1] };
}

/** A note in words, with its details; a note of an unknown code is given as it stands. */
export function wordsOfNote(note: string): Words {
  const [code = "", ...rest] = note.split(" ");
  if (code === "LATER_MARK") return wordsOfMark(rest);
  const detail = rest.length > 0 ? `: ${rest.join(" ")}` : "";
  const own = lookUp(code);
  if (own) return { vi: own.vi + detail, en: own.en + detail };
  return { vi: note, en: note };
}

/** "NUMBER 15 Signature4": what was not yet there, and the field that shows it now. */
function wordsOfMark([mark = "", text = "", ...field]: readonly string[]): Words {
  const [own, part] = [notes["LATER_MARK"]!, wordsFor(mark)];
  const where = field.join(" ");
  return {
    vi: `${own[0]}: ${part?.vi ?? mark} ${text} (trường ${where})`,
    en: `${own[1]}: ${part?.en ?? mark} ${text} (field ${where})`,
  };
}

/** Whether a code of a note has words of its own, or by the rule for what is said of time-stamps. */
export function hasWords(code: string): boolean {
  return lookUp(code) !== undefined;
}

function lookUp(code: string): Words | undefined {
  const known = notes[code];
  if (known) return { vi: known[0], en: known[1] };
  // What is said of a certificate or a CMS is said in the same way of those of a time-stamp, list or responder.
  for (const [prefix, vi, en] of [
    ["TIMESTAMP_", "Dấu thời gian", "Time-stamp"],
    ["OCSP_RESPONDER_", "Người ký trả lời OCSP", "Signer of the OCSP response"],
    ["CRL_SIGNER_", "Người ký danh sách thu hồi", "Signer of the revocation list"],
    ["CRL_", "Danh sách thu hồi", "Revocation list"],
    ["OCSP_", "Trả lời OCSP", "OCSP response"],
  ] as const) {
    const inner = code.startsWith(prefix) ? notes[code.slice(prefix.length)] : undefined;
    if (inner) return { vi: `${vi} – ${inner[0]}`, en: `${en} – ${inner[1]}` };
  }
  return undefined;
}
