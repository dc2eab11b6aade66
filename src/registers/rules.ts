import { wrongState } from "../errors.ts";
import type { NumberingMode, RegisterEntryState } from "../graphql/types.ts";
import type { DocumentTypeRecord } from "../organization/document-types.ts";

export interface Policy {
  readonly mode: NumberingMode;
  readonly groups: readonly { readonly name: string; readonly documentTypeCodes: readonly string[] }[];
  readonly numberBeforeSigning: boolean;
}

/** What holds where an agency has decided nothing. */
export const usualPolicy: Policy = { mode: "ONE_SERIES", groups: [], numberBeforeSigning: false };

/** The series that a type of document is numbered in; empty for the common one (NĐ 30/2020 Điều 15.1). */
export function seriesOf(policy: Policy, typeCode: string): string {
  if (policy.mode === "PER_TYPE") return typeCode;
  if (policy.mode === "PER_GROUP")
    return policy.groups.find((group) => group.documentTypeCodes.includes(typeCode))?.name ?? "";
  return "";
}

/**
 * What follows the number (ký hiệu), NĐ 30/2020 Annex I.II.3: `QĐ-SNV` for named types, `SNV-VP` for công văn, whose second
 * group is the drafting unit.
 */
export function notationOf(type: DocumentTypeRecord, agencySymbol: string, unitSymbol: string | null): string {
  if (type.abbreviation) return `${type.abbreviation}-${agencySymbol}`;
  return unitSymbol ? `${agencySymbol}-${unitSymbol}` : agencySymbol;
}

/** Numbers under 10 are printed with a leading 0 (Annex I.II.3). */
export const printedNumber = (number: number): string => String(number).padStart(2, "0");

export const referenceCodeOf = (number: number, notation: string): string => `${printedNumber(number)}/${notation}`;

const nextStates: Record<RegisterEntryState, readonly RegisterEntryState[]> = {
  RESERVED: ["USED", "VOID"],
  USED: ["VOID"],
  VOID: [],
};

export function assertEntryTransition(from: RegisterEntryState, to: RegisterEntryState): void {
  if (!nextStates[from].includes(to))
    throw wrongState("Số này không còn ở trạng thái giữ chỗ.", `A ${from} number cannot become ${to}.`, { from, to });
}
