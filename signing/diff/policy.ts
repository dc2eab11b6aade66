import { isLocked, type FieldLock } from "../pdf/acroform.ts";
import type { ModificationLevel } from "../validate/report.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";

/** What judges of PDF signatures disagree about. */
export interface DifferencePolicy {
  /** Comments after a signature: only with the explicit leave of DocMDP level 3, or after any approval as well. */
  readonly comments: "explicit" | "always";
  /** Exchanging a value that a signature covers: only what a certification leaves open, or after approvals as well. */
  readonly exchanges: "certified" | "always";
  /** Whether the pages are also looked at as they are drawn: what only that can tell is then no doubt here. */
  readonly drawn?: boolean;
}

export const strictPolicy: DifferencePolicy = { comments: "explicit", exchanges: "certified" };

/** What one signature and those before it allow to happen afterwards (12.8.2). */
export interface Permissions {
  readonly level: ModificationLevel;
  /** Whether a value that was there may become another. */
  readonly exchanges: boolean;
  readonly isLocked: (field: string) => boolean;
}

/** Permissions after `signature`, of which `upToHere` holds all up to it, itself included. */
export function permissionsAfter(
  signature: FoundSignature,
  upToHere: readonly FoundSignature[],
  policy: DifferencePolicy,
): Permissions {
  const levels = upToHere
    .flatMap(({ certification, lockPermission }) => [certification, lockPermission])
    .filter((level) => level !== undefined);
  const locks: FieldLock[] = upToHere.flatMap((each) => each.locks);
  return {
    level: levels.length
      ? permitted(Math.min(...levels))
      : policy.comments === "always"
        ? "ANNOTATIONS"
        : "FORM_FILLING",
    exchanges: policy.exchanges === "always" || signature.kind !== "APPROVAL",
    isLocked: (field) => locks.some((lock) => isLocked(lock, field)),
  };
}

/** 12.8.2.2, table 257; a number that it does not know allows the least. */
function permitted(level: number): ModificationLevel {
  if (level === 3) return "ANNOTATIONS";
  return level === 2 ? "FORM_FILLING" : "LTA_UPDATES";
}
