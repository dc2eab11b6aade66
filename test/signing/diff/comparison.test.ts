import { describe, expect, test } from "vitest";
import { Comparison } from "../../../signing/diff/comparison.ts";
import { Step, type StepContext } from "../../../signing/diff/step.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfDict, PdfRef, type PdfObject } from "../../../signing/pdf/objects.ts";
import { Raw, ref, type Value } from "../attacks/values.ts";
import { fileOf } from "./scene.ts";

const number = { value: 30, other: 31, third: 32 } as const;
const reference = (of: number) => new PdfRef(of, 0);

/** One state of a file that holds the given values, compared with itself as if the given objects had changed. */
function compared(values: Record<number, Value>, changed: readonly number[] = []) {
  const view = readPdf(fileOf(values).bytes).latest;
  let charged = 0;
  const transition = {
    base: view,
    final: view,
    dependents: new Set(changed),
    isNode: () => false,
    charge: (weight = 1) => void (charged += weight),
  };
  const comparison = new Comparison(transition);
  const cost = (a: PdfObject, b: PdfObject) => {
    charged = 0;
    expect(comparison.difference(a, b, "where")).toBeUndefined();
    return charged;
  };
  return { view, comparison, cost, step: new Step(transition as unknown as StepContext) };
}

/** A dictionary as it is read from a file, anew for each call. */
function read(value: string): PdfDict {
  return compared({ [number.value]: new Raw(value) }).view.dict(reference(number.value))!;
}

describe("what may have changed and cannot be read", () => {
  test("is never equal, not even to itself", () => {
    const { comparison } = compared({ [number.value]: new Raw("<") }, [number.value]);
    expect(comparison.difference(reference(number.value), reference(number.value), "where")).toBe("where");
  });
});

describe("a dictionary that names a key twice", () => {
  const twice = "<</A 1/A 2>>";
  test.each<[string, string, string]>([
    ["now", "<</A 2>>", twice],
    ["before", twice, "<</A 2>>"],
    ["now, with another name", "<</A /B>>", "<</A /C/A /B>>"],
    ["now, with another reference", "<</A 1 0 R>>", "<</A 2 0 R/A 1 0 R>>"],
    ["now, with another generation", "<</A 1 0 R>>", "<</A 1 1 R/A 1 0 R>>"],
    ["now, with lists that say the same", "<</A [1]>>", "<</A [1]/A [1]>>"],
    ["now, with a name and a reference", "<</A /B>>", "<</A 1 0 R/A /B>>"],
    ["now, with a reference and a name", "<</A 1 0 R>>", "<</A /B/A 1 0 R>>"],
    ["in both states", twice, twice],
  ])("%s is equal to no other one", (_, a, b) => {
    const { comparison } = compared({});
    expect(comparison.difference(read(a), read(b), "where")).toBe("where");
  });

  test.each(["1", "true", "/B", "1 0 R"])("and says %s both times is as if it said so once", (value) => {
    const { comparison } = compared({});
    expect(comparison.difference(read(`<</A ${value}>>`), read(`<</A ${value}/A ${value}>>`), "where")).toBeUndefined();
  });

  test("is equal to itself", () => {
    const { comparison, step } = compared({});
    const value = read(twice);
    expect(comparison.difference(value, value, "where")).toBeUndefined();
    step.equalExcept(value, value, new Set(), "where");
    expect(step.reasons).toEqual([]);
    step.equalExcept(value, read(twice), new Set(), "where");
    expect(step.reasons).toEqual(["REPEATED_KEY where/A"]);
  });
});

describe("the place of a difference", () => {
  test.each([
    [80, `${"x".repeat(80)}/A`],
    [81, "x".repeat(81)],
  ])("grows no more behind %i characters", (length, place) => {
    const { comparison } = compared({});
    expect(comparison.difference(read("<</A 1>>"), read("<</A 2>>"), "x".repeat(length))).toBe(place);
  });
});

describe("comparing costs", () => {
  test("one for each pair of values", () => {
    const { cost } = compared({});
    expect(cost(1, 1)).toBe(1);
    expect(cost([1, [2, 3]], [1, [2, 3]])).toBe(5);
    expect(cost(read("<</A 1/B 2>>"), read("<</A 1/B 2>>"))).toBe(3);
  });

  test("nothing where nothing can have changed", () => {
    const { cost } = compared({ [number.value]: [1, 2, 3] });
    expect(cost(reference(number.value), reference(number.value))).toBe(0);
    expect(cost([reference(number.value)], [reference(number.value)])).toBe(2);
  });

  test("little the second time", () => {
    const values = { [number.value]: [1, 2, 3], [number.other]: [1, 2, 3], [number.third]: [ref(number.other)] };
    const { cost } = compared(values, [number.value, number.other, number.third]);
    expect(cost(reference(number.value), reference(number.other))).toBe(4);
    expect(cost(reference(number.value), reference(number.other))).toBe(1);
    expect(cost([reference(number.value)], [reference(number.other)])).toBe(2);
  });
});

test("reasons and doubts of a step are told once each, and twenty of them at most", () => {
  const { step } = compared({});
  for (const tell of [(text: string) => step.refuse(text), (text: string) => step.doubt(text)]) {
    for (const round of [1, 2]) for (let i = 0; i < 20 + round; i++) tell(`${i}`);
  }
  const twenty = Array.from({ length: 20 }, (_, i) => `${i}`);
  expect(step.reasons).toEqual(twenty);
  expect(step.doubts).toEqual(twenty);
  const { step: other } = compared({});
  other.doubt("a");
  other.doubt("a");
  expect(other.doubts).toEqual(["a"]);
});
