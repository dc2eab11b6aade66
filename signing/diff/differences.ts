import { isLocked } from "../pdf/acroform.ts";
import { SigningError } from "../errors.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { modificationLevels, type ModificationLevel } from "../validate/report.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import { compareCatalog } from "./catalog.ts";
import { Comparison } from "./comparison.ts";
import { compareForm } from "./form.ts";
import { comparePages } from "./pages.ts";

/** What changed after a signature; `reasons` say what no rule or permission allows. */
export interface Differences {
  readonly level: ModificationLevel;
  readonly reasons: readonly string[];
  /** What could not be compared, so that nothing certain can be said. */
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares the revision that a signature closes with the latest, default deny: a change passes only where a rule
 * allows it, and only up to the level that certification and locks leave (ISO 32000-2, 12.8.2).
 */
export function differencesSince(
  document: PdfDocument,
  signature: FoundSignature,
  all: readonly FoundSignature[],
): Differences {
  const { revision } = signature;
  if (revision === undefined) return { level: "OTHER", reasons: ["NO_SIGNED_REVISION"], doubts: [], notes: [] };
  if (revision === document.revisions.length - 1) return { level: "NONE", reasons: [], doubts: [], notes: [] };

  const upToHere = all.filter((other) => other.revision !== undefined && other.revision <= revision);
  const locks = upToHere.flatMap((other) => other.locks);
  const later = new Map(
    all
      .filter((other) => other.faults.length === 0 && other.revision !== undefined && other.revision > revision)
      .map((other) => [other.fieldRef.number, other]),
  );
  const comparison = new Comparison(document.at(revision), document.latest);
  try {
    const isClosed = (name: string) => locks.some((lock) => isLocked(lock, name));
    const newWidgets = compareForm(comparison, { later, isLocked: isClosed });
    comparePages(comparison, document, newWidgets);
    compareCatalog(comparison, document);
    comparison.finish();
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    comparison.refuse(`CANNOT_COMPARE ${error.code} ${error.message}`);
  }
  const { level, reasons, doubts, notes } = comparison;
  const permitted = permittedLevel(upToHere);
  const exceeded = level !== "OTHER" && modificationLevels.indexOf(level) > modificationLevels.indexOf(permitted);
  return { level, reasons: exceeded ? [`NOT_PERMITTED ${level}`, ...reasons] : reasons, doubts, notes };
}

/** The strictest of certification and lock permissions; comments need an explicit leave (level 3). */
function permittedLevel(signatures: readonly FoundSignature[]): ModificationLevel {
  const permissions = signatures
    .flatMap(({ certification, lockPermission }) => [certification, lockPermission])
    .filter((permission) => permission !== undefined);
  switch (Math.min(...permissions)) {
    case 1:
      return "LTA_UPDATES";
    case 3:
      return "ANNOTATIONS";
    default:
      return "FORM_FILLING";
  }
}
