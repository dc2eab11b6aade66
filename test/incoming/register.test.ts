import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dayOf } from "../../src/calendar/rules.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { ApiError, type Client } from "../support/client.ts";
import { type Paper, read, register, rows, traces } from "./office.ts";

let app: TestApp;
let clerk: Client, officer: Client, head: Client;
beforeAll(async () => {
  app = await startApp();
  [clerk, officer, head] = (await Promise.all(
    ["vanthu.snv", "chuyenvien.snv", "giamdoc.snv"].map((name) => app.signIn(name)),
  )) as [Client, Client, Client];
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** The field that a refusal names, or its code; "done" where there was none. */
const refusedFor = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? String(error.extensions["field"] ?? error.code) : String(error)),
  );

test("every field of NĐ 30/2020 Annex VI comes back as it was entered, under the next number", async () => {
  const entered = {
    senderName: "Ủy ban nhân dân tỉnh Mẫu Sơn",
    referenceCode: "12/UBND-VX",
    issuedOn: "2026-11-18",
    typeName: "Công văn",
    subject: "Về việc tăng cường kỷ luật, kỷ cương hành chính",
    language: "Tiếng Việt",
    pageCount: 3,
    note: "Có bản giấy",
    signerName: "Hoàng Minh Đức",
    signerPosition: "Chủ tịch",
    urgency: "URGENT",
  };
  const [first, second] = [
    await register(clerk, "01/CV", { ...entered, senderCode: "H99" }),
    await register(clerk, "13/UBND-VX"),
  ];
  expect(first).toMatchObject({
    ...entered,
    sender: { code: "H99" },
    status: "REGISTERED",
    receivedVia: "DIRECT",
    arrivalNumber: 1,
    attachments: [],
  });
  expect(second).toMatchObject({
    arrivalNumber: 2,
    language: "Tiếng Việt",
    urgency: "NORMAL",
    pageCount: null,
    note: null,
    sender: null,
  });
  expect(await read(clerk, first.id)).toEqual(first);
});

describe("lengths by Annex VI Part II", () => {
  const lengths = {
    senderName: 200,
    referenceCode: 60,
    typeName: 100,
    subject: 500,
    language: 30,
    note: 500,
    signerName: 50,
    signerPosition: 100,
  };
  const needed = ["senderName", "referenceCode", "typeName", "subject", "language"];

  test("each longest text is taken whole, with its Vietnamese letters counted as one each", async () => {
    const longest = Object.fromEntries(Object.entries(lengths).map(([field, length]) => [field, "ế".repeat(length)]));
    expect(await register(clerk, longest["referenceCode"]!, longest)).toMatchObject(longest);
    const decomposed = Object.fromEntries(
      Object.entries(longest).map(([field, text]) => [field, ` ${text.normalize("NFD")} `]),
    );
    expect(
      await register(clerk, decomposed["referenceCode"]!, decomposed),
      "as NFC, without spaces around",
    ).toMatchObject(longest);
  });

  test("what is longer, blank or impossible is refused by the field's name, and nothing is left behind", async () => {
    const before = await traces(app);
    const attempts: [field: string, input: Record<string, unknown>][] = [
      ...Object.entries(lengths).map(([field, length]): [string, Record<string, unknown>] => [
        field,
        { [field]: "ế".repeat(length + 1) },
      ]),
      ...needed.map((field): [string, Record<string, unknown>] => [field, { [field]: " \t\n " }]),
      ["pageCount", { pageCount: 0 }],
      ["pageCount", { pageCount: -1 }],
      ["pageCount", { pageCount: 1_000 }],
      ["issuedOn", { issuedOn: dayOf(new Date(Date.now() + 86_400_000)) }],
      ["senderCode", { senderCode: "H99.98" }],
      ["idempotencyKey", { idempotencyKey: "short" }],
      ["idempotencyKey", { idempotencyKey: "x".repeat(201) }],
    ];
    const refusals: string[] = [];
    for (const [, input] of attempts) refusals.push(await refusedFor(register(clerk, "14/UBND-VX", input)));
    expect(refusals).toEqual(attempts.map(([field]) => field));
    for (const hostile of ["a\u0000b", "\ud800"])
      expect(await refusedFor(register(clerk, "15/CV", { subject: hostile }))).toBe("BAD_INPUT");
    for (const input of [{ issuedOn: "2026-02-30" }, { urgency: "SLOW" }, { pageCount: 1e10 }])
      expect(await refusedFor(register(clerk, "16/CV", input))).toBe("BAD_QUERY");
    expect(await traces(app)).toEqual(before);
    const last = await register(clerk, "17/UBND-VX");
    const [given] = await rows<{ numbers: number }>(
      app,
      `select count(*)::int as numbers from incoming_document
       where agency_id = (select id from agency where code = 'H99.02')`,
    );
    expect(last.arrivalNumber, "no number was lost").toBe(given!.numbers);
  });
});

test("only who keeps the register enters documents in it", async () => {
  for (const client of [officer, head]) expect(await refusedFor(register(client, "18/CV"))).toBe("FORBIDDEN");
  expect(await refusedFor(register(app.anonymous, "18/CV"))).toBe("UNAUTHENTICATED");
});

describe("the deadline", () => {
  const at = async (clock: string, more: Record<string, unknown> = {}): Promise<Paper> => {
    app.setClock(new Date(clock));
    try {
      return await register(clerk, "20/CV", more);
    } finally {
      app.setClock(null);
    }
  };

  test("of what is not urgent is ten working days off, holidays left out, with the reason", async () => {
    expect(await at("2026-12-28T02:00:00Z")).toMatchObject({
      dueOn: "2027-01-12",
      dueReason: "10 ngày làm việc kể từ sau ngày đến 28/12/2026, theo quy chế của cơ quan (NĐ 30/2020, Điều 24.2).",
    });
  });

  test("counts from Vietnam's day, not from that of UTC", async () => {
    expect(await at("2026-11-26T16:59:59.999Z")).toMatchObject({ dueOn: "2026-12-10" });
    const nextMorning = await at("2026-11-26T17:00:00Z");
    expect(nextMorning).toMatchObject({ dueOn: "2026-12-11" });
    expect(nextMorning.dueReason).toContain("27/11/2026");
    // Planted: a server whose day is that of UTC, seven hours behind.
    expect(await at("2026-11-26T10:00:00Z")).not.toMatchObject({ dueOn: nextMorning.dueOn });
  });

  test("of what is urgent is the same day", async () => {
    for (const urgency of ["URGENT", "VERY_URGENT", "FLASH"])
      expect(await at("2026-11-28T03:00:00Z", { urgency })).toMatchObject({
        dueOn: "2026-11-28",
        dueReason: expect.stringContaining("giải quyết ngay"),
      });
  });

  test("is the one that the sender asks for, whatever the urgency", async () => {
    for (const urgency of ["NORMAL", "FLASH"])
      expect(await at("2026-11-27T03:00:00Z", { urgency, dueOn: "2026-12-24" })).toMatchObject({
        dueOn: "2026-12-24",
        dueReason: "Nơi gửi đề nghị trả lời trước ngày 24/12/2026.",
      });
  });
});
