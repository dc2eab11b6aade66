import { differencesSince } from "../../diff/differences.ts";
import type { PdfDocument } from "../../pdf/document.ts";
import { PdfRef } from "../../pdf/objects.ts";
import { modificationLevels, type ModificationLevel } from "../../validate/report.ts";
import type { FoundSignature } from "../../validate/signature-fields.ts";

/**
 * What the agent changed in the file that was sent. It is taken as if somebody had signed it whole: then the rules for
 * what may happen after a signature say what may be added, also to a document that nobody has signed yet.
 */
export function changeSince(
  document: PdfDocument,
  signature: FoundSignature,
  last: number,
  found: readonly FoundSignature[],
): { readonly level: ModificationLevel; readonly refused: readonly string[] } {
  const asSent: FoundSignature = {
    ...signature,
    field: "",
    fieldRef: new PdfRef(0, 0),
    widgets: [],
    object: undefined,
    kind: "APPROVAL",
    revision: last,
    certification: undefined,
    locks: [],
    lockPermission: undefined,
    // So that it counts as a signature nowhere else.
    faults: ["NOT_A_SIGNATURE"],
  };
  const { level, reasons, doubts, changes } = differencesSince(document, asSent, [asSent, ...found]);
  // A first signature may certify, as token agents do, and is then named in the catalog: that alone comes with it.
  const certifies = found.length === 1 && isCertifiedBy(document, signature) && document.revisions.length === last + 2;
  if (!certifies || reasons.some((reason) => reason !== "CHANGED catalog/Perms")) {
    return { level, refused: [...reasons, ...doubts] };
  }
  const levels = changes.map((change) => modificationLevels.indexOf(change.level));
  return { level: modificationLevels[Math.max(0, ...levels)]!, refused: doubts };
}

/** Whether /Perms names this signature as the certification, and nothing else (12.8.6). */
function isCertifiedBy({ latest }: PdfDocument, { kind, object }: FoundSignature): boolean {
  const permissions = latest.dict(latest.catalog.get("Perms"));
  const named = permissions?.get("DocMDP");
  const alone = permissions?.entries.size === 1;
  return kind === "CERTIFICATION" && alone && named instanceof PdfRef && named.number === object;
}
