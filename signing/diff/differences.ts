import type { PdfDocument } from "../pdf/document.ts";
import { modificationLevels, type ModificationLevel } from "../validate/report.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import type { Change } from "./changes.ts";
import { History, type RevisionChanges } from "./history.ts";
import { permissionsAfter, strictPolicy, type DifferencePolicy, type Permissions } from "./policy.ts";

export type { Change } from "./changes.ts";
export { strictPolicy, type DifferencePolicy } from "./policy.ts";

/** What changed after a signature; `reasons` say what no rule or permission allows. */
export interface Differences {
  readonly level: ModificationLevel;
  readonly reasons: readonly string[];
  /** What could not be compared, so that nothing certain can be said. */
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
  /** Every change that a rule knows, oldest first, whether the signature permits it or not. */
  readonly changes: readonly Change[];
}

/** Most reasons and notes given for one signature. */
const maximumTexts = 100;
const nothing: Differences = { level: "NONE", reasons: [], doubts: [], notes: [], changes: [] };
const histories = new WeakMap<PdfDocument, Map<readonly FoundSignature[], History>>();

/**
 * What the revisions after a signature changed, default deny: a change passes only where a rule allows it, and only up
 * to what certification and locks leave (ISO 32000-2, 12.8.2). `all` are the file's signatures; any fault that is known
 * of one belongs in its `faults`, for a field counts as signed only by a sound signature. The comparison itself is
 * made once for a document and one `all`.
 */
export function differencesSince(
  document: PdfDocument,
  signature: FoundSignature,
  all: readonly FoundSignature[],
  policy: DifferencePolicy = strictPolicy,
): Differences {
  const { revision } = signature;
  if (revision === undefined) return { ...nothing, level: "OTHER", reasons: ["NO_SIGNED_REVISION"] };
  if (revision === document.revisions.length - 1) return nothing;
  const steps = historyOf(document, all).since(revision);
  const upToHere = all.filter((other) => other.revision !== undefined && other.revision <= revision);
  return judge(steps, revision, permissionsAfter(signature, upToHere, policy), policy.drawn === true);
}

function historyOf(document: PdfDocument, all: readonly FoundSignature[]): History {
  let known = histories.get(document);
  if (!known) histories.set(document, (known = new Map()));
  let history = known.get(all);
  if (!history) known.set(all, (history = new History(document, all)));
  return history;
}

/** Doubts about what looks may hide, as far as their shape tells: drawn pages tell better. */
export const seenByLooking = /^(?:COVERS_PICTURE|FIELD_OVER_TEXT) /;

function judge(
  steps: readonly RevisionChanges[],
  revision: number,
  permissions: Permissions,
  isDrawn: boolean,
): Differences {
  const changes = steps.flatMap((step) => step.changes);
  const reasons = new Set(steps.flatMap((step) => step.reasons));
  const exchanged = new Set<string>();
  const filled = new Set<string>();
  for (const { field, covering, exchanged: hadValue } of changes) {
    if (covering && covering.born > revision) reasons.add(covering.reason);
    if (field === undefined) continue;
    if (permissions.isLocked(field)) reasons.add(`LOCKED field ${field}`);
    // What the signature saw was the value before the first change.
    if (hadValue && !filled.has(field)) exchanged.add(field);
    filled.add(field);
  }
  if (!permissions.exchanges) for (const field of exchanged) reasons.add(`FILLED_AGAIN field ${field}`);
  const doubts = steps.flatMap((step) => step.doubts).filter((doubt) => !(isDrawn && seenByLooking.test(doubt)));
  const level = reasons.size > 0 ? "OTHER" : highest(changes);
  if (level !== "OTHER" && rank(level) > rank(permissions.level)) reasons.add(`NOT_PERMITTED ${level}`);
  return {
    level,
    reasons: [...reasons].slice(0, maximumTexts),
    doubts: [...new Set(doubts)].slice(0, maximumTexts),
    notes: [...new Set(changes.flatMap(({ note }) => note ?? []))].slice(0, maximumTexts),
    changes,
  };
}

function highest(changes: readonly Change[]): ModificationLevel {
  return changes.reduce<ModificationLevel>((all, { level }) => (rank(level) > rank(all) ? level : all), "NONE");
}

function rank(level: ModificationLevel): number {
  return modificationLevels.indexOf(level);
}
