import { dayOf, isWorkingDay, nextDay, startOf } from "./rules.ts";

/** A stretch of a working day, in minutes after midnight in Vietnam; `to` is the first minute no longer worked. */
export interface Session {
  readonly from: number;
  readonly to: number;
}

/** Days that differ from the week's rhythm, with why: `isWorking` where a weekend day is worked (làm bù). */
export interface SpecialDay {
  readonly isWorking: boolean;
  readonly name: string;
}

/** When an agency works; sessions in order and apart from each other. */
export interface WorkingTime {
  readonly sessions: readonly Session[];
  readonly specialDays: ReadonlyMap<string, SpecialDay>;
}

const at = (hours: number, minutes: number) => hours * 60 + minutes;

/** The usual office hours: 07:30–11:30 and 13:30–17:00. */
export const usualSessions: readonly Session[] = [
  { from: at(7, 30), to: at(11, 30) },
  { from: at(13, 30), to: at(17, 0) },
];

const minute = 60_000;
/** No time limit of the law reaches further; a calendar without a working day must not be searched for ever. */
const furthestDays = 10_000;

const isWorked = (day: string, { specialDays }: WorkingTime): boolean => {
  const special = specialDays.get(day);
  return special ? special.isWorking : isWorkingDay(day, new Map());
};

const instantOf = (day: string, minutes: number): Date => new Date(startOf(day).getTime() + minutes * minute);

/** The working day on or after `day`, or RangeError where the calendar has none within 10,000 days. */
function workingDayFrom(day: string, time: WorkingTime): string {
  for (let left = furthestDays; left > 0; left--, day = nextDay(day)) if (isWorked(day, time)) return day;
  throw new RangeError("the calendar has no working day");
}

/** The `count`-th working day after `day`, which itself does not count (Bộ luật Dân sự 2015 Điều 147.2). */
export function workingDayAfter(day: string, count: number, time: WorkingTime): string {
  for (let left = count; left > 0; left--) day = workingDayFrom(nextDay(day), time);
  return day;
}

/** When work begins on the next working day after `day`. */
export const nextMorning = (day: string, time: WorkingTime): Date =>
  instantOf(workingDayFrom(nextDay(day), time), time.sessions[0]!.from);

/** The last moment of work on a day. */
export const closingOf = (day: string, { sessions }: WorkingTime): Date => instantOf(day, sessions.at(-1)!.to);

/** The moment after so much working time: nights, pauses and days of rest do not count. `hours` > 0. */
export function addWorkingHours(start: Date, hours: number, time: WorkingTime): Date {
  let left = hours * 60 * minute;
  let day = dayOf(start);
  for (let days = furthestDays; days > 0; days--, day = nextDay(day)) {
    day = workingDayFrom(day, time);
    for (const { from, to } of time.sessions) {
      const begins = Math.max(instantOf(day, from).getTime(), start.getTime());
      const worked = instantOf(day, to).getTime() - begins;
      if (worked <= 0) continue;
      if (left <= worked) return new Date(begins + left);
      left -= worked;
    }
  }
  throw new RangeError("the calendar has too little working time");
}

/** A day between two others that does not count, or counts although it is in a weekend. */
export interface Exception extends SpecialDay {
  readonly day: string;
}

const weekdays = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"] as const;

/** The days after `from` up to and with `to` that rest, each with its name, and the weekend days that are worked. */
export function exceptionsBetween(from: string, to: string, time: WorkingTime): Exception[] {
  const found: Exception[] = [];
  for (let day = nextDay(from), left = furthestDays; day <= to && left > 0; day = nextDay(day), left--) {
    const special = time.specialDays.get(day);
    const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]!;
    if (special?.isWorking) found.push({ day, ...special });
    else if (!isWorked(day, time)) found.push({ day, isWorking: false, name: special?.name ?? weekday });
  }
  return found;
}
