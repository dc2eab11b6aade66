import type { EdxmlStatusCode } from "./edxml/index.ts";

/** Where one delivery stands: the sender's states up to ACCEPTED, the hub's from AVAILABLE on. */
export type TechnicalState =
  | "QUEUED"
  | "RETRYING"
  | "BLOCKED"
  | "ACCEPTED"
  | "AVAILABLE"
  | "LEASED"
  | "STORED"
  | "REFUSED"
  | "WITHDRAWN"
  | "EXPIRED";

const technical: Readonly<Record<TechnicalState, readonly TechnicalState[]>> = {
  QUEUED: ["ACCEPTED", "RETRYING", "BLOCKED", "WITHDRAWN"],
  RETRYING: ["ACCEPTED", "BLOCKED", "WITHDRAWN"],
  // A person has put right what blocked it.
  BLOCKED: ["QUEUED", "WITHDRAWN"],
  ACCEPTED: ["AVAILABLE"],
  AVAILABLE: ["LEASED", "STORED", "REFUSED", "WITHDRAWN", "EXPIRED"],
  LEASED: ["AVAILABLE", "STORED", "REFUSED"],
  // The recipient asks for it again.
  STORED: ["AVAILABLE"],
  REFUSED: ["AVAILABLE"],
  WITHDRAWN: [],
  EXPIRED: [],
};

/** Whether a delivery may go from one technical state to another. */
export function mayMove(from: TechnicalState, to: TechnicalState): boolean {
  return technical[from].includes(to);
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const firstDelays: readonly number[] = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute];
const giveUpAfter = 72 * hour;

/**
 * Milliseconds to wait after the `attempts`-th failed try (1, 2 …), or null when it is time to block and tell a person.
 * 5 s, 30 s, 2, 10, 30 minutes, then hourly up to 72 hours in all. `random` in [0, 1) takes off up to a quarter, so
 * that
 * the gateways of a province do not come back in one moment.
 */
export function nextAttempt(attempts: number, random: number): number | null {
  const nominal = firstDelays[attempts - 1] ?? hour;
  const hours = Math.max(0, attempts - firstDelays.length);
  const elapsed = firstDelays.slice(0, attempts).reduce((sum, delay) => sum + delay, 0) + hours * hour;
  return elapsed > giveUpAfter ? null : Math.round(nominal * (1 - random / 4));
}

/** What a sender does after the hub's answer, by its HTTP status, or null when there was none. */
export function afterAnswer(status: number | null): "ACCEPTED" | "RETRYING" | "BLOCKED" {
  if (status === null || status >= 500 || status === 408 || status === 425 || status === 429) return "RETRYING";
  // Blobs first, message second: what is missing is sent again before the next try.
  if (status === 424) return "RETRYING";
  return status >= 200 && status < 300 ? "ACCEPTED" : "BLOCKED";
}

/** What the recipient does with the document, as codes of edXML. */
export type BusinessState = "01" | "02" | "03" | "04" | "05" | "06";

/** One report about a document at a recipient. */
export interface StatusEvent {
  readonly revision: number;
  readonly code: BusinessState;
  /** When it happened at the recipient, an instant that sorts as text. */
  readonly at: string;
}

/**
 * Whether a recipient may report `next` after `current`: 01 → 02, or 01 → 03 → 04 → 05 → 06; steps may be skipped,
 * never
 * taken back, and what has been registered can no longer be refused.
 */
export function mayReport(current: BusinessState | null, next: BusinessState): boolean {
  if (current === "02") return false;
  if (next === "02") return current === null || current === "01";
  return current === null || next > current;
}

/**
 * The sender's view after all reports so far, however late, repeated or out of order they came; null before the first.
 * The latest revision counts, in it the highest rank. A refusal and a registration exclude each other: the earlier
 * stands.
 */
export function currentStatus(reports: readonly StatusEvent[]): StatusEvent | null {
  const latest = Math.max(...reports.map(({ revision }) => revision));
  const inRevision = reports.filter(({ revision }) => revision === latest).toSorted(byTimeThenCode);
  const decision = inRevision.find(({ code }) => code !== "01");
  if (!decision || decision.code === "02") return decision ?? inRevision[0] ?? null;
  return inRevision.reduce((current, report) => (report.code > current.code ? report : current), decision);
}

function byTimeThenCode(a: StatusEvent, b: StatusEvent): number {
  return a.at === b.at ? Number(a.code) - Number(b.code) : a.at < b.at ? -1 : 1;
}

/** A sender's request to have a document back or changed (13, or a recall or update), and the recipient's answer. */
export interface ChangeRequest {
  readonly requestId: string;
  readonly at: string;
  readonly answer: "15" | "16" | null;
}

/** The request that an answer without a request id belongs to: the oldest open one (edXML names the document alone). */
export function answeredRequest(requests: readonly ChangeRequest[], requestId: string | null): ChangeRequest | null {
  const open = requests.filter(({ answer }) => answer === null);
  if (requestId !== null) return open.find((request) => request.requestId === requestId) ?? null;
  return open.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0] ?? null;
}

/** The names of the status codes for people. */
export const statusNames: Readonly<Record<EdxmlStatusCode, { readonly vi: string; readonly en: string }>> = {
  "01": { vi: "Đã đến", en: "Arrived" },
  "02": { vi: "Từ chối tiếp nhận", en: "Refused" },
  "03": { vi: "Đã tiếp nhận", en: "Registered" },
  "04": { vi: "Phân công", en: "Assigned" },
  "05": { vi: "Đang xử lý", en: "In progress" },
  "06": { vi: "Hoàn thành", en: "Completed" },
  "13": { vi: "Yêu cầu lấy lại", en: "Return requested" },
  "15": { vi: "Đồng ý cập nhật, lấy lại", en: "Update or return agreed" },
  "16": { vi: "Từ chối cập nhật, lấy lại", en: "Update or return refused" },
};
