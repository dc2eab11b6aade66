import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { colleagues, letter, rows } from "../incoming/office.ts";
import { codeOf, type Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, stranger] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "vanthu.stc");
});
afterAll(() => app?.[Symbol.asyncDispose]());
beforeEach(() => app.setClock(new Date("2026-11-23T02:00:00.000Z")));

const shown = "{ numberingPolicy { id kind fromYear mode groups { name documentTypeCodes } numberBeforeSigning } }";
const set = (input: Record<string, unknown>, who = clerk) =>
  who.client.act(
    "setNumberingPolicy",
    { kind: "OUTGOING", fromYear: 2027, mode: "ONE_SERIES", ...input },
    shown,
    false,
  );
const refusal = (attempt: Promise<unknown>): Promise<{ field?: unknown; code?: string; vi?: unknown }> =>
  attempt.then(
    () => ({}),
    (error: { code: string; extensions: Record<string, unknown> }) => ({
      code: error.code,
      field: error.extensions["field"],
      vi: error.extensions["vi"],
    }),
  );
const reserve = async (documentTypeCode: string | null, who = clerk) =>
  (
    await who.client.act(
      "reserveNumber",
      { kind: "OUTGOING", documentTypeCode, reason: "Giữ số cho cuộc họp" },
      "{ entry { number register { year series name } } }",
    )
  ).entry;
const policies = async (who = clerk) =>
  (await who.client.call("{ numberingPolicies { kind fromYear mode } }")).numberingPolicies;

test("arrival numbers run in one series, by the law's own words", async () => {
  for (const mode of ["PER_TYPE", "PER_GROUP"]) {
    const refused = await refusal(set({ kind: "INCOMING", mode }));
    expect(refused).toMatchObject({ code: "BAD_INPUT", field: "mode" });
    expect(refused.vi).toContain("NĐ 30/2020, Điều 22.2");
  }
  expect(await policies()).toEqual([]);
  expect((await set({ kind: "INCOMING" })).numberingPolicy).toMatchObject({
    kind: "INCOMING",
    fromYear: 2027,
    mode: "ONE_SERIES",
    groups: [],
    numberBeforeSigning: false,
  });
});

test("it is the register's keeper who says, for the own agency", async () => {
  expect(await codeOf(set({}, head))).toBe("FORBIDDEN");
  expect(await codeOf(set({}, { ...head, client: app.anonymous }))).toBe("UNAUTHENTICATED");
  await set({ mode: "PER_TYPE" });
  expect(await policies(head)).toContainEqual({ kind: "OUTGOING", fromYear: 2027, mode: "PER_TYPE" });
  expect(await policies(stranger)).toEqual([]);
});

test("a year in which numbers were given keeps its rule, and so does every earlier one", async () => {
  expect(await codeOf(set({ fromYear: 2026, mode: "PER_TYPE" }, stranger)), "no number yet").toBe("done");
  await reserve("QD", stranger);
  for (const fromYear of [2026, 2025, 2000])
    expect(await refusal(set({ fromYear, mode: "ONE_SERIES" }, stranger))).toMatchObject({
      code: "BAD_INPUT",
      field: "fromYear",
    });
  expect(await policies(stranger)).toEqual([{ kind: "OUTGOING", fromYear: 2026, mode: "PER_TYPE" }]);
  expect(await codeOf(set({ fromYear: 2027 }, stranger))).toBe("done");
  expect(await codeOf(set({ kind: "INCOMING", fromYear: 2026 }, stranger)), "the other book has no number").toBe(
    "done",
  );
  for (const fromYear of [-1, 0, 1899, 10_000])
    expect(await refusal(set({ fromYear }, stranger)), String(fromYear)).toMatchObject({
      code: "BAD_INPUT",
      field: "fromYear",
    });
});

test("setting it again replaces it, also at the same time, and the audit keeps both", async () => {
  const before = await rows<{ count: number }>(
    app,
    "select count(*)::int as count from audit_event where act = 'register.set-policy'",
  );
  const codes = await Promise.all(
    Array.from({ length: 8 }, (_, n) => codeOf(set({ fromYear: 2031, numberBeforeSigning: n % 2 === 0 }))),
  );
  expect(new Set(codes)).toEqual(new Set(["done"]));
  await set({ fromYear: 2031, mode: "PER_TYPE" });
  expect((await policies()).filter(({ fromYear }: { fromYear: number }) => fromYear === 2031)).toEqual([
    { kind: "OUTGOING", fromYear: 2031, mode: "PER_TYPE" },
  ]);
  const after = await rows<{ count: number }>(
    app,
    "select count(*)::int as count from audit_event where act = 'register.set-policy'",
  );
  expect(after[0]!.count).toBe(before[0]!.count + 9);
});

describe("groups", () => {
  const refused = (groups: unknown[], mode = "PER_GROUP") => refusal(set({ fromYear: 2032, mode, groups }));

  test("have names of their own and types that exist, each in one of them", async () => {
    const bad = { code: "BAD_INPUT" };
    expect(await refused([{ name: "Cá biệt", documentTypeCodes: ["XYZ"] }])).toMatchObject(bad);
    expect(await refused([{ name: " ", documentTypeCodes: ["QD"] }])).toMatchObject(bad);
    expect(await refused([{ name: "x".repeat(101), documentTypeCodes: ["QD"] }])).toMatchObject(bad);
    expect(
      await refused([
        { name: "Một", documentTypeCodes: ["QD"] },
        { name: "Một", documentTypeCodes: ["CV"] },
      ]),
    ).toMatchObject(bad);
    expect(
      await refused([
        { name: "Một", documentTypeCodes: ["QD"] },
        { name: "Hai", documentTypeCodes: ["QD"] },
      ]),
    ).toMatchObject(bad);
    expect(
      await refused([{ name: "Một", documentTypeCodes: ["QD"] }], "PER_TYPE"),
      "groups that nothing would use",
    ).toMatchObject(bad);
    expect((await policies()).some(({ fromYear }: { fromYear: number }) => fromYear === 2032)).toBe(false);
  });
});

describe("a year's series", () => {
  const inYear = (year: number) => app.setClock(new Date(`${year}-03-02T02:00:00.000Z`));

  test("are one for all types, one for each, or one for each group, and each counts from 1", async () => {
    await set({ fromYear: 2028, mode: "ONE_SERIES" });
    await set({ fromYear: 2029, mode: "PER_TYPE" });
    await set({ fromYear: 2030, mode: "PER_GROUP", groups: [{ name: "Cá biệt", documentTypeCodes: ["QD", "NQ"] }] });
    const given = async (year: number) => {
      inYear(year);
      const found: string[] = [];
      for (const type of ["QD", "NQ", "CV", "QD"]) {
        const { number, register } = await reserve(type);
        expect(register.year).toBe(year);
        found.push(`${register.series}:${number}`);
      }
      return found;
    };
    expect(await given(2028)).toEqual([":1", ":2", ":3", ":4"]);
    expect(await given(2029)).toEqual(["QD:1", "NQ:1", "CV:1", "QD:2"]);
    expect(await given(2030)).toEqual(["Cá biệt:1", "Cá biệt:2", ":1", "Cá biệt:3"]);
    expect((await reserve("QD")).register.name).toBe("Sổ đăng ký văn bản đi năm 2030 (Cá biệt)");
    expect(await refusal(reserve(null))).toMatchObject({ code: "BAD_INPUT", field: "documentTypeCode" });
    inYear(2028);
    expect((await reserve(null)).number, "one series needs no type").toBe(5);
  });
});

test("a new book is opened at midnight in Vietnam, where numbers begin anew", async () => {
  const [registrar] = await colleagues(app, "vanthu.sxd");
  const shownNumber = "{ incomingDocument { arrivalNumber register { year } } }";
  const at = async (instant: number) => {
    app.setClock(new Date(instant));
    const { incomingDocument } = await registrar.client.act("registerIncomingDocument", letter("2/SD"), shownNumber);
    const kept = await reserve(null, registrar);
    return [
      `${incomingDocument.register.year}:${incomingDocument.arrivalNumber}`,
      `${kept.register.year}:${kept.number}`,
    ];
  };
  const around = async (midnight: number) => [await at(midnight - 1), await at(midnight), await at(midnight + 1)];
  const midnight = Date.parse("2027-12-31T17:00:00.000Z");
  expect(await around(midnight)).toEqual([
    ["2027:1", "2027:1"],
    ["2028:1", "2028:1"],
    ["2028:2", "2028:2"],
  ]);
  // Planted: a year taken from UTC is that of seven hours earlier, for which the year is not over yet.
  const planted = await around(Date.parse("2028-12-31T17:00:00.000Z") - 7 * 3_600_000);
  expect(planted.map(([incoming]) => incoming)).toEqual(["2028:3", "2028:4", "2028:5"]);
});
