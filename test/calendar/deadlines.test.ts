import { describe, expect, test } from "vitest";
import {
  addWorkingDays,
  dayOf,
  type Exceptions,
  incomingDeadline,
  isWorkingDay,
  nextDay,
  printedDay,
  startOf,
  usualWorkingDays,
  yearOf,
} from "../../src/calendar/rules.ts";

/** Tết and the swaps of 2026, as in the yearly notices. */
const year2026: Exceptions = new Map([
  ["2026-01-01", false],
  ["2026-01-02", false],
  ["2026-01-10", true],
  ...["16", "17", "18", "19", "20"].map((day) => [`2026-02-${day}`, false] as const),
  ["2026-08-22", true],
  ["2026-08-31", false],
  ["2026-09-01", false],
  ["2026-09-02", false],
]);
const none: Exceptions = new Map();

describe("a day and a year are Vietnam's", () => {
  const cases: readonly (readonly [instant: string, day: string])[] = [
    ["2026-11-21T16:59:59.999Z", "2026-11-21"],
    ["2026-11-21T17:00:00.000Z", "2026-11-22"],
    ["2026-11-21T00:00:00.000Z", "2026-11-21"],
    ["2026-12-31T16:59:59.999Z", "2026-12-31"],
    ["2026-12-31T17:00:00.000Z", "2027-01-01"],
    ["2028-02-28T17:00:00.000Z", "2028-02-29"],
    ["2027-02-28T17:00:00.000Z", "2027-03-01"],
  ];

  /** Where a rule for the day of an instant is wrong. */
  const wrong = (rule: (instant: Date) => string) =>
    cases.filter(([instant, day]) => rule(new Date(instant)) !== day).map(([instant]) => instant);

  test("the day begins at 17:00 UTC, and the year with it", () => {
    expect(wrong(dayOf)).toEqual([]);
    for (const [instant, day] of cases) expect(yearOf(new Date(instant))).toBe(Number(day.slice(0, 4)));
  });

  test("a day taken from UTC is caught (planted bug)", () => {
    const late = cases.map(([instant]) => instant).filter((instant) => instant.includes("T17:"));
    expect(wrong((instant) => instant.toISOString().slice(0, 10))).toEqual(late);
  });

  test("the beginning of a day is its first instant", () => {
    for (const day of ["2026-11-21", "2027-01-01", "2028-02-29"]) {
      expect(dayOf(startOf(day))).toBe(day);
      expect(nextDay(dayOf(new Date(startOf(day).getTime() - 1)))).toBe(day);
    }
  });
});

describe("working days", () => {
  test("are Monday to Friday, less the holidays, and the Saturdays that are worked instead", () => {
    const working = (day: string) => isWorkingDay(day, year2026);
    expect(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"].map(working)).toEqual([true, false, false, true]);
    expect(["2026-02-13", "2026-02-16", "2026-02-20", "2026-02-23"].map(working)).toEqual([true, false, false, true]);
    expect(["2026-01-10", "2026-01-17", "2026-08-22", "2026-08-31"].map(working)).toEqual([true, false, true, false]);
  });

  const cases: readonly (readonly [from: string, count: number, to: string, why: string])[] = [
    ["2026-11-23", 0, "2026-11-23", "no days are no wait"],
    ["2026-11-23", 1, "2026-11-24", "the day itself does not count"],
    ["2026-11-20", 1, "2026-11-23", "a weekend is passed over"],
    ["2026-11-21", 1, "2026-11-23", "from a Saturday, Monday is the first day"],
    ["2026-11-23", 10, "2026-12-07", "two weekends lie in ten days"],
    ["2026-02-13", 1, "2026-02-23", "Tết and two weekends"],
    ["2026-02-12", 10, "2026-03-05", "Tết in the middle"],
    ["2026-01-09", 1, "2026-01-10", "a Saturday that is worked counts"],
    ["2026-08-21", 6, "2026-08-28", "so does that of August"],
    ["2026-12-31", 1, "2027-01-01", "into a year whose holidays are not known"],
  ];

  const wrong = (rule: typeof addWorkingDays) =>
    cases.filter(([from, count, to]) => rule(from, count, year2026) !== to).map(([, , , why]) => why);

  test("are counted from the day after, over weekends, Tết and swaps", () => expect(wrong(addWorkingDays)).toEqual([]));

  test("a count that includes the first day, or forgets the swaps, is caught (planted bugs)", () => {
    expect(
      wrong((day, count, exceptions) => addWorkingDays(day, Math.max(count - 1, 0), exceptions)).length,
    ).toBeGreaterThan(5);
    expect(wrong((day, count) => addWorkingDays(day, count, none))).toEqual([
      "Tết and two weekends",
      "Tết in the middle",
      "a Saturday that is worked counts",
      "so does that of August",
    ]);
  });
});

/** Numbers that look random and are the same in every run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test("of any days and any holidays: the end is worked, so many worked days lie up to it, and parts add up", () => {
  const pick = random(20_261_121);
  for (let run = 0; run < 2_000; run++) {
    const from = dayOf(new Date(Date.UTC(2020, 0, 1) + pick(4_000) * 86_400_000));
    const exceptions = new Map<string, boolean>();
    for (let day = from, left = 60; left > 0; day = nextDay(day), left--)
      if (pick(5) === 0) exceptions.set(day, pick(2) === 0);
    const [first, second] = [pick(15), pick(15)];
    const end = addWorkingDays(from, first, exceptions);
    let worked = 0;
    for (let day = from; day < end;) if (isWorkingDay((day = nextDay(day)), exceptions)) worked++;
    expect(worked, `${from} and ${first}`).toBe(first);
    if (first > 0) expect(isWorkingDay(end, exceptions)).toBe(true);
    expect(addWorkingDays(end, second, exceptions)).toBe(addWorkingDays(from, first + second, exceptions));
  }
});

describe("the deadline of a document that arrived", () => {
  test("is ten working days off, and says so", () => {
    const { dueOn, reason } = incomingDeadline("2026-02-12", "NORMAL", year2026);
    expect(dueOn).toBe(addWorkingDays("2026-02-12", usualWorkingDays, year2026));
    expect([dueOn, usualWorkingDays]).toEqual(["2026-03-05", 10]);
    expect(reason).toBe(
      "10 ngày làm việc kể từ sau ngày đến 12/02/2026, theo quy chế của cơ quan (NĐ 30/2020, Điều 24.2).",
    );
  });

  test.each(["URGENT", "VERY_URGENT", "FLASH"] as const)(
    "is the very day for what is %s, even where the day rests",
    (urgency) => {
      const { dueOn, reason } = incomingDeadline("2026-02-17", urgency, year2026);
      expect(dueOn).toBe("2026-02-17");
      expect(reason).toContain("giải quyết ngay");
    },
  );

  test("is printed as people write it", () => expect(printedDay("2026-03-05")).toBe("05/03/2026"));
});
