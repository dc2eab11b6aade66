import {
  addWorkingHours,
  closingOf,
  type Exception,
  exceptionsBetween,
  nextMorning,
  workingDayAfter,
  type WorkingTime,
} from "../calendar/hours.ts";
import { dayOf, printedDay, startOf } from "../calendar/rules.ts";
import type { Procedure } from "../procedures/entities.ts";
import { printedTimeLimit } from "../procedures/rules.ts";

export interface Appointed {
  readonly dueAt: Date;
  /** How it was found, for the applicant and for who must keep it. */
  readonly dueReason: string;
}

/** A dossier accepted after this goes to the deciding office with the next working day (NĐ 61/2018 Điều 18). */
const handOverMinutes = 15 * 60;

/**
 * When the result is promised (hẹn trả kết quả). Days count from the one after acceptance and end when the office
 * closes (Bộ luật Dân sự 2015 Điều 147.2, 148.5); hours count from acceptance, or from the next morning after 15:00.
 */
export function appointedTime(
  procedure: Pick<Procedure, "timeLimit" | "timeUnit">,
  receivedAt: Date,
  time: WorkingTime,
): Appointed {
  const today = dayOf(receivedAt);
  if (procedure.timeUnit === "WORKING_DAY") {
    const day = workingDayAfter(today, procedure.timeLimit, time);
    const from = `${printedTimeLimit(procedure)}, tính từ sau ngày tiếp nhận ${printedDay(today)}`;
    return { dueAt: closingOf(day, time), dueReason: sentence(from, exceptionsBetween(today, day, time)) };
  }
  const isLate = receivedAt.getTime() > startOf(today).getTime() + handOverMinutes * 60_000;
  const start = isLate ? nextMorning(today, time) : receivedAt;
  const dueAt = addWorkingHours(start, procedure.timeLimit, time);
  const since = isLate
    ? `từ đầu buổi làm việc ${printedTime(start)} vì tiếp nhận sau 15 giờ (${printedTime(receivedAt)})`
    : `từ khi tiếp nhận ${printedTime(receivedAt)}`;
  const from = `${printedTimeLimit(procedure)}, tính ${since}`;
  return { dueAt, dueReason: sentence(from, exceptionsBetween(today, dayOf(dueAt), time)) };
}

/** Time of day and day in Vietnam, as printed: `16:30 ngày 21/11/2026`. */
export function printedTime(instant: Date): string {
  const clock = new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(11, 16);
  return `${clock} ngày ${printedDay(dayOf(instant))}`;
}

function sentence(from: string, exceptions: readonly Exception[]): string {
  const list = (isWorking: boolean) => grouped(exceptions.filter((each) => each.isWorking === isWorking));
  const [rested, worked] = [list(false), list(true)];
  return `${from}${rested && `; không tính ${rested}`}${worked && `; có tính ${worked}`}.`;
}

/** `thứ Bảy, Chủ nhật (14/02, 15/02); Tết Nguyên đán (16/02, 17/02)`: each name once, with its days. */
function grouped(exceptions: readonly Exception[]): string {
  const weekend = new Set(["thứ Bảy", "Chủ nhật"]);
  const groups = Map.groupBy(exceptions, ({ name }) => (weekend.has(name) ? "thứ Bảy, Chủ nhật" : name));
  return [...groups]
    .map(([name, days]) => `${name} (${days.map(({ day }) => printedDay(day).slice(0, 5)).join(", ")})`)
    .join(", ");
}
