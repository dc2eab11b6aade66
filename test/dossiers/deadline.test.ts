import { expect, test } from "vitest";
import { type SpecialDay, usualSessions, type WorkingTime } from "../../src/calendar/hours.ts";
import { appointedTime, printedTime } from "../../src/dossiers/deadline.ts";

const time: WorkingTime = {
  sessions: usualSessions,
  specialDays: new Map<string, SpecialDay>([
    ...["16", "17", "18", "19", "20"].map(
      (day) => [`2026-02-${day}`, { isWorking: false, name: "Tết Nguyên đán" }] as const,
    ),
    ["2026-08-22", { isWorking: true, name: "Làm bù ngày 31/8" }],
  ]),
};
const vn = (text: string) => new Date(`${text.replace(" ", "T")}:00+07:00`);
const promise = (timeLimit: number, timeUnit: "WORKING_DAY" | "WORKING_HOUR", receivedAt: string) => {
  const { dueAt, dueReason } = appointedTime({ timeLimit, timeUnit }, vn(receivedAt), time);
  return [printedTime(dueAt), dueReason];
};

test("days are counted from the one after acceptance to closing time", () => {
  expect(promise(5, "WORKING_DAY", "2026-11-23 10:15")).toEqual([
    "17:00 ngày 30/11/2026",
    "05 ngày làm việc, tính từ sau ngày tiếp nhận 23/11/2026; không tính thứ Bảy, Chủ nhật (28/11, 29/11).",
  ]);
});

test("Tết is left out and named", () => {
  expect(promise(2, "WORKING_DAY", "2026-02-13 16:40")).toEqual([
    "17:00 ngày 24/02/2026",
    "02 ngày làm việc, tính từ sau ngày tiếp nhận 13/02/2026; không tính thứ Bảy, Chủ nhật (14/02, 15/02, 21/02, 22/02), " +
      "Tết Nguyên đán (16/02, 17/02, 18/02, 19/02, 20/02).",
  ]);
});

test("a Saturday that is worked counts and is named", () => {
  expect(promise(1, "WORKING_DAY", "2026-08-21 09:00")).toEqual([
    "17:00 ngày 22/08/2026",
    "01 ngày làm việc, tính từ sau ngày tiếp nhận 21/08/2026; có tính Làm bù ngày 31/8 (22/08).",
  ]);
});

test("hours are counted from acceptance", () => {
  expect(promise(4, "WORKING_HOUR", "2026-11-23 09:30")).toEqual([
    "15:30 ngày 23/11/2026",
    "04 giờ làm việc, tính từ khi tiếp nhận 09:30 ngày 23/11/2026.",
  ]);
});

test("15:00 is in time; a minute later the hours begin with the next morning", () => {
  expect(promise(4, "WORKING_HOUR", "2026-11-23 15:00")[0]).toBe("09:30 ngày 24/11/2026");
  const [dueAt, reason] = promise(4, "WORKING_HOUR", "2026-11-23 15:01");
  expect(dueAt).toBe("11:30 ngày 24/11/2026");
  expect(reason).toBe(
    "04 giờ làm việc, tính từ đầu buổi làm việc 07:30 ngày 24/11/2026 vì tiếp nhận sau 15 giờ (15:01 ngày 23/11/2026).",
  );
});

test("late on a Friday the hours begin on Monday", () => {
  expect(promise(4, "WORKING_HOUR", "2026-11-20 16:59")[0]).toBe("11:30 ngày 23/11/2026");
});

test("on a Saturday that rests they begin on Monday, whatever the hour", () => {
  expect(promise(1, "WORKING_HOUR", "2026-11-21 08:00")[0]).toBe("08:30 ngày 23/11/2026");
  expect(promise(1, "WORKING_HOUR", "2026-11-21 19:00")[0]).toBe("08:30 ngày 23/11/2026");
});
