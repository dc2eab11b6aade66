import { badInput } from "../errors.ts";
import type { Urgency } from "../graphql/types.ts";

/** Days that differ from the week's usual rhythm: true where a weekend day is worked (làm bù), false where one rests. */
export type Exceptions = ReadonlyMap<string, boolean>;

// Vietnam has one time zone, UTC+7, without summer time.
const offset = 7 * 3_600_000;

/** The day of an instant in Vietnam, `YYYY-MM-DD`. */
export const dayOf = (instant: Date): string => new Date(instant.getTime() + offset).toISOString().slice(0, 10);

/** The year of an instant in Vietnam, in which its register lies. */
export const yearOf = (instant: Date): number => Number(dayOf(instant).slice(0, 4));

/** Midnight in Vietnam at the beginning of a day. */
export const startOf = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) - offset);

/** The first instant of a year in Vietnam and that of the next; BAD_INPUT for a year that no register is of. */
export function yearSpan(year: number): readonly [from: Date, until: Date] {
  if (year < 1900 || year > 9_998)
    throw badInput("year", "Năm có bốn chữ số, từ 1900.", "A year has four digits, from 1900 on.");
  return [startOf(`${year}-01-01`), startOf(`${year + 1}-01-01`)];
}

export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

export function isWorkingDay(day: string, exceptions: Exceptions): boolean {
  const exception = exceptions.get(day);
  if (exception !== undefined) return exception;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The `count`-th working day after `day`, which itself does not count (Bộ luật Dân sự 2015 Điều 147.2). */
export function addWorkingDays(day: string, count: number, exceptions: Exceptions): string {
  let current = day;
  for (let left = count; left > 0;) {
    current = nextDay(current);
    if (isWorkingDay(current, exceptions)) left--;
  }
  return current;
}

/** Printed form of a day, `21/11/2026`. */
export const printedDay = (day: string): string => day.split("-").reverse().join("/");

/** Working days given for a document where neither the sender nor a directive sets a deadline. */
export const usualWorkingDays = 10;

export interface Deadline {
  readonly dueOn: string;
  /** Why that day, for the people who must keep it. */
  readonly reason: string;
}

/** The last day to deal with a document that arrived (hạn giải quyết). */
export function incomingDeadline(arrivedOn: string, urgency: Urgency, exceptions: Exceptions): Deadline {
  // NĐ 30/2020 Điều 24.2: urgent documents are dealt with at once; others as the agency's own rules say.
  if (urgency !== "NORMAL")
    return { dueOn: arrivedOn, reason: "Văn bản có dấu chỉ mức độ khẩn: giải quyết ngay (NĐ 30/2020, Điều 24.2)." };
  const dueOn = addWorkingDays(arrivedOn, usualWorkingDays, exceptions);
  return {
    dueOn,
    reason: `${usualWorkingDays} ngày làm việc kể từ sau ngày đến ${printedDay(arrivedOn)}, theo quy chế của cơ quan (NĐ 30/2020, Điều 24.2).`,
  };
}
