import { expect, test } from "vitest";
import { attempt } from "../../../signing/diff/attempt.ts";
import { SigningError } from "../../../signing/errors.ts";

test("faults of a file are dealt with, faults of ours are not hidden", () => {
  const fails = (error: Error) => () => {
    throw error;
  };
  expect(
    attempt(
      () => 1,
      () => 2,
    ),
  ).toBe(1);
  expect(attempt(fails(new SigningError("X", "x")), ({ code }) => code)).toBe("X");
  expect(() => attempt(fails(new TypeError("ours")), () => 2)).toThrow(TypeError);
});
