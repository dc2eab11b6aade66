import type { ModificationLevel } from "../validate/report.ts";

/** Something that a revision changed and that a rule knows; whether a signature permits it is judged for each. */
export interface Change {
  /** Index of the revision that made it. */
  readonly revision: number;
  readonly level: ModificationLevel;
  /** A stable code with details after a space, where the change is worth a word. */
  readonly note?: string;
  /** Qualified name of the field that was filled or signed, which a lock may close. */
  readonly field?: string;
  /** Whether the field had a value before. */
  readonly exchanged?: boolean;
  /** What only those signatures may accept that knew the field: others would have been covered by it. */
  readonly covering?: { readonly born: number; readonly reason: string };
}
