import { expect, test } from "vitest";
import { scalars } from "../../src/graphql/scalars.ts";

const {
  Date: day,
  DateTime: instant,
  Sha256: digest,
  JSON: json,
} = scalars as Record<string, (typeof scalars)[string]>;

test("a day is one that the calendar has", () => {
  for (const good of ["2026-11-21", "2024-02-29", "2000-02-29"]) expect(day!.parseValue(good)).toBe(good);
  for (const bad of [
    "2026-02-29",
    "1900-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "21/11/2026",
    "0000-01-01",
    "",
    20261121,
    null,
  ])
    expect(() => day!.parseValue(bad)).toThrow(/Not a day/);
  expect(() => day!.serialize(new Date())).toThrow(TypeError);
});

test("an instant has an offset and is shown in UTC with milliseconds", () => {
  expect(instant!.parseValue("2026-11-21T08:02:03+07:00")).toEqual(new Date("2026-11-21T01:02:03Z"));
  for (const bad of [
    "2026-11-21T01:02:03",
    "2026-11-21 01:02:03Z",
    "2026-02-30T00:00:00Z",
    "2026-11-21T24:00:00Z",
    "2026-11-21T01:02:60Z",
    "now",
    0,
  ])
    expect(() => instant!.parseValue(bad)).toThrow(/Not an instant/);
  // As a Date, and as PostgreSQL writes it in JSON.
  for (const value of [
    new Date("2026-11-21T01:02:03.004Z"),
    "2026-11-21T08:02:03.004+07:00",
    "2026-11-21T01:02:03.004000+00:00",
  ])
    expect(instant!.serialize(value)).toBe("2026-11-21T01:02:03.004Z");
  expect(() => instant!.serialize("yesterday")).toThrow(TypeError);
});

test("a digest is 64 lower-case hexadecimal digits, from bytes too", () => {
  expect(digest!.serialize(Buffer.alloc(32, 0xab))).toBe("ab".repeat(32));
  expect(digest!.parseValue("0".repeat(64))).toBe("0".repeat(64));
  for (const bad of ["AB".repeat(32), "0".repeat(63), "g".repeat(64)])
    expect(() => digest!.parseValue(bad)).toThrow(/Not a SHA-256/);
  expect(() => digest!.serialize(Buffer.alloc(31))).toThrow(TypeError);
  expect(json!.serialize({ a: [1] })).toEqual({ a: [1] });
});
