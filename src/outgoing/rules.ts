import { wrongState } from "../errors.ts";
import type { OutgoingStatus, ReviewDecision } from "../graphql/types.ts";
import type { Policy } from "../registers/rules.ts";
import type { StoredBlock } from "./entities.ts";

/** What may be done to an outgoing document; recorded as `outgoing.<act>`. */
export type OutgoingAct =
  | "revise"
  | "set-chain"
  | "request-review"
  | "review"
  | "submit"
  | "return"
  | "sign"
  | "number"
  | "seal"
  | "dispatch"
  | "cancel";

/** In which states each act may be done; the one table that all commands ask. */
export const allowedIn: Readonly<Record<OutgoingAct, readonly OutgoingStatus[]>> = {
  revise: ["DRAFT"],
  "set-chain": ["DRAFT"],
  "request-review": ["DRAFT"],
  review: ["IN_REVIEW"],
  // Again, where the block computed for the signer has changed or another person shall sign.
  submit: ["DRAFT", "AWAITING_SIGNATURE"],
  return: ["AWAITING_SIGNATURE"],
  sign: ["AWAITING_SIGNATURE"],
  number: ["SIGNED"],
  seal: ["NUMBERED"],
  dispatch: ["SEALED"],
  cancel: ["DRAFT", "IN_REVIEW", "AWAITING_SIGNATURE", "SIGNED", "NUMBERED", "SEALED"],
};

const stateNames: Readonly<Record<OutgoingStatus, string>> = {
  DRAFT: "đang là dự thảo",
  IN_REVIEW: "đang được duyệt",
  AWAITING_SIGNATURE: "đang trình ký",
  SIGNED: "đã ký",
  NUMBERED: "đã cấp số",
  SEALED: "đã đóng dấu",
  DISPATCHED: "đã phát hành",
  CANCELLED: "đã hủy",
};

const actNames: Readonly<Record<OutgoingAct, string>> = {
  revise: "sửa",
  "set-chain": "đặt chuỗi ký",
  "request-review": "trình duyệt",
  review: "duyệt",
  submit: "trình ký",
  return: "trả lại",
  sign: "ký số",
  number: "cấp số",
  seal: "đóng dấu",
  dispatch: "phát hành",
  cancel: "hủy",
};

/** What has to be done before, where it is one thing that lies ahead; in Vietnamese and in English. */
const firstDo: Partial<Record<OutgoingAct, Partial<Record<OutgoingStatus, readonly [string, string]>>>> = {
  sign: { DRAFT: ["hãy trình ký trước", "submit it for signature first"] },
  number: { AWAITING_SIGNATURE: ["hãy chờ ký xong", "it has to be signed first"] },
  seal: {
    AWAITING_SIGNATURE: ["hãy chờ ký xong và cấp số", "it has to be signed and numbered first"],
    SIGNED: ["hãy cấp số trước", "number it first"],
  },
  dispatch: { NUMBERED: ["hãy đóng dấu trước", "seal it first"] },
};

/** WRONG_STATE unless the act may be done now. */
export function assertMay(act: OutgoingAct, status: OutgoingStatus): void {
  if (allowedIn[act].includes(status)) return;
  const [vi, en] = firstDo[act]?.[status] ?? [];
  throw wrongState(
    `Văn bản ${stateNames[status]}, không thể ${actNames[act]}${vi ? `; ${vi}` : ""}.`,
    `An outgoing document that is ${status} does not allow: ${act}${en ? `; ${en}` : ""}.`,
    { status, act },
  );
}

/**
 * WRONG_STATE unless a number may be given: after the signature, or before it where the agency's rule says so. A document
 * has one number in its life.
 */
export function assertMayNumber(
  status: OutgoingStatus,
  hasNumber: boolean,
  policy: Pick<Policy, "numberBeforeSigning">,
): void {
  if (hasNumber) throw wrongState("Văn bản đã có số.", "The document has a number already.", { status, act: "number" });
  if (!(policy.numberBeforeSigning && status === "AWAITING_SIGNATURE")) assertMay("number", status);
}

/** Where a document stands once its signer has signed. */
export const statusAfterSigning = (hasNumber: boolean): OutgoingStatus => (hasNumber ? "NUMBERED" : "SIGNED");

/** What a review does: the draft goes back to its drafter either way, with the opinion on record. */
export const statusAfterReview: Readonly<Record<ReviewDecision, OutgoingStatus>> = {
  APPROVED: "DRAFT",
  RETURNED: "DRAFT",
};

/** Whether somebody would still sign under the very block that is printed in the text (NĐ 30/2020 Điều 13). */
export const isSameBlock = (printed: StoredBlock, now: StoredBlock): boolean =>
  printed.delegationId === now.delegationId &&
  printed.fullName === now.fullName &&
  printed.lines.join("\n") === now.lines.join("\n");
