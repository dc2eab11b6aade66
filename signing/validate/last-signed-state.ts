import { attempt } from "../diff/attempt.ts";
import type { SigningError } from "../errors.ts";
import { type PdfSource, startOf } from "../pdf/source.ts";
import type { SignatureVerdict, Verification } from "./report.ts";

/** States that are tried from either end of the file: a later one may be as broken as the last. */
const mostTried = 4;

/**
 * The signatures of a file that cannot be followed as a whole, as the last state shows them that one of them closes and
 * that can: those that are right there fail, for what came afterwards is nothing that they allow (ISO 32000-2,
 * 12.8.2). `ends` are where signatures say that what they cover ends. Empty where no state has a right signature.
 */
export function lastSignedState(
  source: PdfSource,
  ends: readonly number[],
  cause: SigningError,
  verifyPart: (part: PdfSource) => Pick<Verification, "signatures">,
): SignatureVerdict[] {
  const inside = [...new Set(ends)].filter((end) => end > 0 && end < source.length).sort((a, b) => b - a);
  // What somebody appended may name any number of ends; the first signature's own is the smallest one.
  for (const end of new Set([...inside.slice(0, mostTried), ...inside.slice(-mostTried)])) {
    const signatures = attempt<readonly SignatureVerdict[]>(
      () => verifyPart(startOf(source, end)).signatures,
      (fault) => {
        if (fault.code === "FILE_UNREADABLE") throw fault;
        return [];
      },
    );
    if (signatures.some(({ integrity }) => integrity === "PASS")) {
      return signatures.map((signature) => spoiled(signature, cause));
    }
  }
  return [];
}

function spoiled(signature: SignatureVerdict, { code, message }: SigningError): SignatureVerdict {
  const { integrity, notes } = signature;
  // It was the file's end once.
  const coverage = signature.coverage === "ENTIRE_FILE" ? "ENTIRE_REVISION" : signature.coverage;
  if (integrity !== "PASS") return { ...signature, coverage };
  return {
    ...signature,
    coverage,
    indication: "TOTAL-FAILED",
    subIndication: "FORMAT_FAILURE",
    integrity: "FAIL",
    modificationLevel: "OTHER",
    level: "NONE",
    notes: [`CANNOT_COMPARE ${code} ${message}`, ...notes],
  };
}
