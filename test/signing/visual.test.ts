import { describe, expect, test } from "vitest";
import { SigningError } from "../../signing/errors.ts";
import { visualDifferences } from "../../signing/visual/differences.ts";
import { agency, leader } from "./attacks/pki.ts";
import { appended } from "./verify-attacks.ts";
import { append, at, decision, sealWithNumber, signAsLeader, signInNewField } from "./verify-documents.ts";

const signed = await signAsLeader(leader);

describe("a second opinion by looking", () => {
  test("number and seal in their fields, and a new signed field, are where something may change", async () => {
    expect(await visualDifferences(signed, await sealWithNumber(signed, agency))).toEqual([]);
    expect(await visualDifferences(signed, await signInNewField(signed, agency, "200 300 260 320"))).toEqual([]);
    expect(await visualDifferences(signed, signed)).toEqual([]);
  });

  test.each([
    "page content replaced",
    "page content extended",
    "page resized",
    "page cropped",
    "page turned",
    "page added",
    "font replaced",
  ] as const)("sees: %s", async (attack) => {
    const before = append(signed, {});
    expect(await visualDifferences(before, append(signed, appended[attack]!))).not.toEqual([]);
  });

  test("tells page and place, in points from the lower left corner", async () => {
    const drawn = `${decision[at.text]!.replace(/<<.*?>>\nstream\n|\nendstream/gs, "")} 400 500 50 20 re f`;
    const changed = append(signed, { [at.text]: `<</Length ${drawn.length}>>\nstream\n${drawn}\nendstream` });
    const [difference, ...others] = await visualDifferences(signed, changed);
    expect(others).toEqual([]);
    expect(difference?.page).toBe(1);
    const [left, bottom, right, top] = difference!.area;
    expect(Math.abs(left - 400) + Math.abs(bottom - 500) + Math.abs(right - 450) + Math.abs(top - 520)).toBeLessThan(8);
  });

  test("a file that cannot be drawn is refused, whatever it is", async () => {
    await expect(visualDifferences(Buffer.from("%PDF-1.7\n"), signed)).rejects.toBeInstanceOf(SigningError);
    const huge = signed.toString("latin1").replace("/MediaBox [0 0 595 842]", "/MediaBox [0 0 9e9 9e9]");
    const seen = visualDifferences(Buffer.from(huge, "latin1"), Buffer.from(huge, "latin1"));
    expect(await seen.catch((error: unknown) => (error instanceof SigningError ? [] : error))).toEqual([]);
  });
});
