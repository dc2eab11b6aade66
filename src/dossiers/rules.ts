import { badInput, wrongState } from "../errors.ts";
import type { DossierStatus } from "../graphql/types.ts";

// The national portal's machine (2 → 4 → 9 → 10), as far as it goes here.
const next: Record<DossierStatus, readonly DossierStatus[]> = {
  RECEIVED: ["IN_PROGRESS", "COMPLETED"],
  IN_PROGRESS: ["IN_PROGRESS", "COMPLETED"],
  COMPLETED: ["COMPLETED", "RETURNED"],
  RETURNED: [],
};

const names: Record<DossierStatus, string> = {
  RECEIVED: "được tiếp nhận",
  IN_PROGRESS: "đang xử lý",
  COMPLETED: "đã xử lý xong",
  RETURNED: "đã trả kết quả",
};

/** WRONG_STATE unless a dossier may go from one status to the other. */
export function assertTransition(from: DossierStatus, to: DossierStatus): void {
  if (!next[from].includes(to))
    throw wrongState(
      `Hồ sơ ${names[from]}, không thể chuyển sang “${names[to]}”.`,
      `A dossier that is ${from} cannot become ${to}.`,
      { from, to },
    );
}

/** Code of a dossier, `H99.10-261121-0001`: agency, day, order in the day (NĐ 61/2018 Điều 26, TT 01/2018 Điều 19). */
export const dossierCode = (agencyCode: string, day: string, order: number): string =>
  `${agencyCode}-${compactDay(day)}-${String(order).padStart(4, "0")}`;

/** A day as in a dossier's code, `261121`. */
export const compactDay = (day: string): string => day.slice(2).replaceAll("-", "");

/** Code of a dossier's n-th result (mã kết quả). */
export const resultCode = (code: string, ordinal: number): string => `${code}-KQ${ordinal}`;

/** BAD_INPUT for what is no number of an identity card, passport or enterprise. */
export function identityOf(value: string): string {
  const identity = value.replace(/[\s.]/g, "").toUpperCase();
  if (!/^[0-9A-Z-]{6,20}$/.test(identity))
    throw badInput(
      "applicantIdentity",
      "Số định danh có từ 6 đến 20 chữ số, chữ cái.",
      "An identifier has 6 to 20 digits or letters.",
    );
  return identity;
}

/** BAD_INPUT for what is no telephone number. */
export function phoneOf(value: string): string {
  const phone = value.trim();
  if (!/^\+?[0-9][0-9 .-]{6,18}$/.test(phone))
    throw badInput("applicantPhone", "Số điện thoại không hợp lệ.", "This is not a telephone number.");
  return phone;
}
