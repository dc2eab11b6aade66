import { describe, expect, test } from "vitest";
import {
  addWorkingHours,
  closingOf,
  exceptionsBetween,
  nextMorning,
  type SpecialDay,
  usualSessions,
  workingDayAfter,
  type WorkingTime,
} from "../../src/calendar/hours.ts";

/** An instant by Vietnam's clock. */
const vn = (text: string) => new Date(`${text.replace(" ", "T")}:00+07:00`);
const clock = (instant: Date) =>
  new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");

const rest = (name: string): SpecialDay => ({ isWorking: false, name });
/** Tết 2026 and the swap of 31 August, as in the yearly notices. */
const year2026: WorkingTime = {
  sessions: usualSessions,
  specialDays: new Map([
    ["2026-01-01", rest("Tết Dương lịch")],
    ["2026-01-02", rest("Nghỉ hoán đổi")],
    ["2026-01-10", { isWorking: true, name: "Làm bù ngày 02/01" }],
    ...["16", "17", "18", "19", "20"].map((day) => [`2026-02-${day}`, rest("Tết Nguyên đán")] as const),
    ["2026-08-22", { isWorking: true, name: "Làm bù ngày 31/8" }],
    ["2026-08-31", rest("Nghỉ hoán đổi")],
    ["2026-09-01", rest("Quốc khánh")],
    ["2026-09-02", rest("Quốc khánh")],
  ]),
};

describe("working hours", () => {
  const cases: [start: string, hours: number, end: string, why: string][] = [
    ["2026-11-23 08:00", 2, "2026-11-23 10:00", "within a morning"],
    ["2026-11-23 07:30", 4, "2026-11-23 11:30", "a whole morning ends with it, not after the pause"],
    ["2026-11-23 10:30", 2, "2026-11-23 14:30", "the pause at noon does not count"],
    ["2026-11-23 12:10", 1, "2026-11-23 14:30", "handed in during the pause"],
    ["2026-11-23 05:00", 1, "2026-11-23 08:30", "handed in before work begins"],
    ["2026-11-23 16:30", 1, "2026-11-24 08:00", "the night does not count"],
    ["2026-11-23 17:00", 1, "2026-11-24 08:30", "handed in at closing time"],
    ["2026-11-23 23:59", 1, "2026-11-24 08:30", "handed in at night"],
    ["2026-11-23 07:30", 7.5, "2026-11-23 17:00", "a whole day"],
    ["2026-11-23 07:30", 8, "2026-11-24 08:00", "more than a day of seven and a half hours"],
    ["2026-11-20 16:00", 2, "2026-11-23 08:30", "a weekend does not count"],
    ["2026-11-21 09:00", 2, "2026-11-23 09:30", "handed in on a Saturday"],
    ["2026-02-13 16:30", 1, "2026-02-23 08:00", "nine days of Tết do not count"],
    ["2026-08-21 16:30", 1, "2026-08-22 08:00", "a Saturday that is worked counts"],
    ["2026-08-22 16:30", 1, "2026-08-24 08:00", "and the Sunday after it does not"],
    ["2026-08-28 16:00", 2, "2026-09-03 08:30", "a swapped day and the national holiday"],
    ["2026-12-31 16:30", 1, "2027-01-01 08:00", "a year that the calendar does not know yet has weekends only"],
  ];
  test.each(cases)("%s and %d h is %s: %s", (start, hours, end) => {
    expect(clock(addWorkingHours(vn(start), hours, year2026))).toBe(end);
  });

  test("adding in two parts is the same as at once", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const start = new Date(vn("2026-01-01 00:00").getTime() + ((seed * 7_919_317) % (365 * 24 * 60)) * 60_000);
      const [first, second] = [1 + ((seed * 31) % 40), 1 + ((seed * 17) % 40)];
      const inParts = addWorkingHours(addWorkingHours(start, first, year2026), second, year2026);
      expect(clock(inParts)).toBe(clock(addWorkingHours(start, first + second, year2026)));
    }
  });

  test("an end is never outside office hours, nor more working time away than was given", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const start = new Date(vn("2026-01-01 00:00").getTime() + ((seed * 6_700_417) % (365 * 24 * 60)) * 60_000);
      const hours = 1 + (seed % 60);
      const end = addWorkingHours(start, hours, year2026);
      expect(minutesWorked(start, end, year2026)).toBe(hours * 60);
      expect(minutesWorked(new Date(end.getTime() - 60_000), end, year2026)).toBe(1);
    }
  });

  test("a calendar without work is refused, not searched for ever", () => {
    const never = { sessions: usualSessions, specialDays: new Map() };
    const days = Array.from({ length: 20_000 }, (_, n) =>
      new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10),
    );
    never.specialDays = new Map(days.map((day) => [day, rest("nghỉ")]));
    expect(() => addWorkingHours(vn("2026-01-05 08:00"), 1, never)).toThrow(RangeError);
    expect(() => workingDayAfter("2026-01-05", 1, never)).toThrow(RangeError);
    expect(() => addWorkingHours(vn("2026-01-05 08:00"), 1, { ...year2026, sessions: [] })).toThrow(RangeError);
  });
});

/** Counts minute by minute: slow, and without the arithmetic of what it checks. */
function minutesWorked(from: Date, to: Date, { sessions, specialDays }: WorkingTime): number {
  let count = 0;
  for (let instant = from.getTime(); instant < to.getTime(); instant += 60_000) {
    const local = new Date(instant + 7 * 3_600_000);
    const special = specialDays.get(local.toISOString().slice(0, 10));
    const isWorked = special ? special.isWorking : local.getUTCDay() % 6 !== 0;
    const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
    if (isWorked && sessions.some((session) => minute >= session.from && minute < session.to)) count++;
  }
  return count;
}

describe("working days", () => {
  test.each([
    ["2026-11-23", 5, "2026-11-30"],
    ["2026-11-20", 1, "2026-11-23"],
    ["2026-11-21", 1, "2026-11-23"],
    ["2026-02-13", 1, "2026-02-23"],
    ["2026-02-12", 3, "2026-02-24"],
    ["2026-08-21", 1, "2026-08-22"],
    ["2026-08-28", 1, "2026-09-03"],
    ["2025-12-31", 3, "2026-01-07"],
    ["2026-01-08", 2, "2026-01-10"],
  ])("the first day does not count: %s and %d days is %s", (day, count, end) => {
    expect(workingDayAfter(day, count, year2026)).toBe(end);
  });

  test("a day closes at 17:00, and the next one begins at 07:30", () => {
    expect(clock(closingOf("2026-11-23", year2026))).toBe("2026-11-23 17:00");
    expect(clock(nextMorning("2026-11-20", year2026))).toBe("2026-11-23 07:30");
  });
});

test("days that do not count are named, and Saturdays that do", () => {
  expect(
    exceptionsBetween("2026-02-13", "2026-02-23", year2026).map(({ day, name }) => `${day.slice(8)} ${name}`),
  ).toEqual([
    "14 thứ Bảy",
    "15 Chủ nhật",
    "16 Tết Nguyên đán",
    "17 Tết Nguyên đán",
    "18 Tết Nguyên đán",
    "19 Tết Nguyên đán",
    "20 Tết Nguyên đán",
    "21 thứ Bảy",
    "22 Chủ nhật",
  ]);
  expect(exceptionsBetween("2026-08-21", "2026-08-23", year2026)).toEqual([
    { day: "2026-08-22", isWorking: true, name: "Làm bù ngày 31/8" },
    { day: "2026-08-23", isWorking: false, name: "Chủ nhật" },
  ]);
});

describe("planted bugs are seen", () => {
  /** The usual mistake: a working day is eight hours long from whenever one hands in. */
  const naive = (start: Date, hours: number, time: WorkingTime) =>
    new Date(
      vn(
        `${workingDayAfter(clock(start).slice(0, 10), Math.floor(hours / 8), time)} ${clock(start).slice(11)}`,
      ).getTime() +
        (hours % 8) * 3_600_000,
    );
  /** Another: weekends are left out, the calendar's exceptions are not. */
  const blind = (start: Date, hours: number) =>
    addWorkingHours(start, hours, { sessions: usualSessions, specialDays: new Map() });

  test.each([
    ["no pause and no night", naive],
    ["no holidays", blind],
  ] as const)("%s", (_, broken) => {
    const samples = ["2026-02-13 16:30", "2026-11-23 10:30", "2026-08-21 16:30"].map(vn);
    const right = samples.map((start) => minutesWorked(start, addWorkingHours(start, 9, year2026), year2026) === 540);
    const wrong = samples.map((start) => minutesWorked(start, broken(start, 9, year2026), year2026) === 540);
    expect(right).toEqual([true, true, true]);
    expect(wrong).toContain(false);
  });
});
