import { expect, test } from "vitest";
import {
  afterAnswer,
  answeredRequest,
  currentStatus,
  edxmlStatusCodes,
  mayMove,
  mayReport,
  nextAttempt,
  statusNames,
  type BusinessState,
  type StatusEvent,
} from "../../axis/index.ts";

const minute = 60_000;
const codes: readonly BusinessState[] = ["01", "02", "03", "04", "05", "06"];

test("retries wait 5 s, 30 s, 2, 10, 30 minutes, then hours, and end within 72 hours", () => {
  const waits: number[] = [];
  for (let wait = nextAttempt(1, 0); wait !== null; wait = nextAttempt(waits.length + 1, 0)) waits.push(wait);
  expect(waits.slice(0, 6)).toEqual([5_000, 30_000, 2 * minute, 10 * minute, 30 * minute, 60 * minute]);
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  expect(total).toBeLessThanOrEqual(72 * 60 * minute);
  expect(total).toBeGreaterThan(71 * 60 * minute);
  expect(nextAttempt(3, 0.999)).toBeLessThan(2 * minute);
  expect(nextAttempt(3, 0.999)).toBeGreaterThanOrEqual(1.5 * minute);
});

test("only what may pass by itself is tried again", () => {
  expect([null, 500, 503, 408, 424, 425, 429].map(afterAnswer)).toEqual(Array(7).fill("RETRYING"));
  expect([200, 201].map(afterAnswer)).toEqual(["ACCEPTED", "ACCEPTED"]);
  expect([400, 401, 403, 409, 422].map(afterAnswer)).toEqual(Array(5).fill("BLOCKED"));
});

test("what has been picked up cannot be withdrawn, what is withdrawn stays so", () => {
  expect(mayMove("AVAILABLE", "WITHDRAWN")).toBe(true);
  expect(mayMove("LEASED", "WITHDRAWN")).toBe(false);
  expect(mayMove("STORED", "WITHDRAWN")).toBe(false);
  expect(mayMove("WITHDRAWN", "AVAILABLE")).toBe(false);
});

test("a recipient goes forward, may skip, and refuses only before it registers", () => {
  const allowed = codes.flatMap((from) => codes.filter((to) => mayReport(from, to)).map((to) => `${from}→${to}`));
  expect(allowed).toEqual([
    "01→02",
    "01→03",
    "01→04",
    "01→05",
    "01→06",
    "03→04",
    "03→05",
    "03→06",
    "04→05",
    "04→06",
    "05→06",
  ]);
});

/** Every order in which reports can arrive. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const reports: StatusEvent[] = [
  { revision: 0, code: "01", at: "2026-03-02T08:00:00Z" },
  { revision: 0, code: "03", at: "2026-03-02T09:00:00Z" },
  { revision: 0, code: "05", at: "2026-03-02T10:00:00Z" },
  { revision: 0, code: "06", at: "2026-03-02T11:00:00Z" },
  { revision: 1, code: "01", at: "2026-03-03T08:00:00Z" },
  { revision: 1, code: "03", at: "2026-03-03T09:00:00Z" },
];
type View = (reports: readonly StatusEvent[]) => StatusEvent | null;
const views = (view: View, arrived: readonly StatusEvent[]) => new Set(orders(arrived).map(view));

test("reports that come in any order, twice or late lead to the same state", () => {
  expect(currentStatus([])).toBeNull();
  expect([...views(currentStatus, reports)]).toEqual([reports[5]]);
  expect([...views(currentStatus, reports.slice(0, 4))]).toEqual([reports[3]]);
  expect(currentStatus([...reports, ...reports])).toBe(reports[5]);
});

test("of a refusal and a registration the one that happened first stands, whichever comes first", () => {
  const early: StatusEvent = { revision: 0, code: "02", at: "2026-03-02T08:30:00Z" };
  expect([...views(currentStatus, [early, ...reports.slice(0, 4)])]).toEqual([early]);
  const late: StatusEvent = { revision: 0, code: "02", at: "2026-03-02T09:30:00Z" };
  expect([...views(currentStatus, [late, ...reports.slice(0, 4)])]).toEqual([reports[3]]);
});

test("planted bug: taking the last report that arrives is caught", () => {
  expect(views((arrived) => arrived.at(-1) ?? null, reports).size).toBeGreaterThan(1);
});

test("an answer without request id belongs to the oldest open request", () => {
  const requests = [
    { requestId: "b", at: "2026-03-02T10:00:00Z", answer: null },
    { requestId: "a", at: "2026-03-02T09:00:00Z", answer: null },
    { requestId: "z", at: "2026-03-02T08:00:00Z", answer: "15" as const },
  ];
  expect(answeredRequest(requests, null)?.requestId).toBe("a");
  expect(answeredRequest(requests, "b")?.requestId).toBe("b");
  expect(answeredRequest(requests, "z")).toBeNull();
});

test("every status code has a name", () => {
  expect(edxmlStatusCodes.filter((code) => statusNames[code].vi !== "" && statusNames[code].en !== "")).toHaveLength(
    edxmlStatusCodes.length,
  );
});
