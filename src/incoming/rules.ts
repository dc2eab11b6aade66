import { badInput, wrongState } from "../errors.ts";
import type { AssigneeInput, IncomingStatus } from "../graphql/types.ts";

const next: Record<IncomingStatus, readonly IncomingStatus[]> = {
  REGISTERED: ["ASSIGNED", "IN_PROGRESS", "COMPLETED", "RETURNED"],
  ASSIGNED: ["ASSIGNED", "IN_PROGRESS", "COMPLETED", "RETURNED"],
  IN_PROGRESS: ["IN_PROGRESS", "COMPLETED"],
  COMPLETED: [],
  RETURNED: [],
};

const names: Record<IncomingStatus, string> = {
  REGISTERED: "đã vào sổ",
  ASSIGNED: "đã phân công",
  IN_PROGRESS: "đang xử lý",
  COMPLETED: "đã hoàn thành",
  RETURNED: "đã trả lại",
};

export function assertTransition(from: IncomingStatus, to: IncomingStatus): void {
  if (!next[from].includes(to))
    throw wrongState(
      `Văn bản ${names[from]}, không thể chuyển sang “${names[to]}”.`,
      `An incoming document that is ${from} cannot become ${to}.`,
      { from, to },
    );
}

/** NĐ 30/2020 Điều 23.4: of several assignees one leads; nobody is named twice. */
export function assertAssignees(assignees: readonly Pick<AssigneeInput, "appointmentId" | "role">[]): void {
  if (assignees.length === 0 || assignees.length > 200)
    throw badInput("assignees", "Cần chọn từ 1 đến 200 người xử lý.", "1 to 200 assignees are needed.");
  if (assignees.filter((assignee) => assignee.role === "LEAD").length !== 1)
    throw badInput(
      "assignees",
      "Phải có đúng một người chủ trì (NĐ 30/2020, Điều 23.4).",
      "Exactly one assignee leads.",
    );
  if (new Set(assignees.map((assignee) => assignee.appointmentId)).size !== assignees.length)
    throw badInput("assignees", "Có người được phân công hai lần.", "Somebody is named twice.");
}

/** Trims a text and checks its length in characters; BAD_INPUT names the field. */
export function requireText(field: string, value: string, longest: number): string {
  const text = value.normalize("NFC").trim();
  if (text.length === 0) throw badInput(field, `Chưa nhập ${field}.`, `${field} is empty.`);
  return limitText(field, text, longest);
}

export function limitText(field: string, value: string, longest: number): string {
  const text = value.normalize("NFC").trim();
  if (text.length > longest)
    throw badInput(field, `${field} dài quá ${longest} ký tự.`, `${field} is longer than ${longest} characters.`);
  return text;
}

/** A text without line breaks and with single spaces, for what is compared later. */
export const onOneLine = (text: string): string => text.normalize("NFC").trim().replace(/\s+/g, " ");

/** Pages have three digits in NĐ 30/2020 Annex VI, Part II; BAD_INPUT for another number. */
export function assertPageCount(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > 999)
    throw badInput("pageCount", "Số trang là số nguyên từ 1 đến 999.", "The number of pages is 1 to 999.");
}

/** Number and notation in the form that duplicates are compared by: no spaces, no case. */
export const comparable = (referenceCode: string): string =>
  referenceCode.normalize("NFC").replace(/\s+/g, "").toLowerCase();
