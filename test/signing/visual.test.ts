import { describe, expect, test } from "vitest";
import { SigningError } from "../../signing/errors.ts";
import { visualDifferences } from "../../signing/visual/differences.ts";
import { verifyAndLook } from "../../signing/visual/second-opinion.ts";
import { agency, keys, leader } from "./attacks/pki.ts";
import { during, root } from "./authorities.ts";
import { genuineFile } from "./attacks/genuine.ts";
import { appended } from "./verify-attacks.ts";
import { append, at, decision, sealWithNumber, signAsLeader, signInNewField, stream } from "./verify-documents.ts";

const signed = await signAsLeader(leader);
/** What is seen to have changed since the leader signed. */
const seen = async (whole: Buffer, base = signed) => (await visualDifferences(whole, base.length)).differences;

describe("a second opinion by looking", () => {
  test("number and seal in their fields, and a new signed field, are where something may change", async () => {
    expect(await seen(await sealWithNumber(signed, agency))).toEqual([]);
    expect(await seen(await signInNewField(signed, agency, "200 300 260 320"))).toEqual([]);
    expect(await seen(signed)).toEqual([]);
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
    const found = await seen(append(before, appended[attack]!), before);
    expect(found.map(({ kind }) => kind)).toContain("OTHERWISE");
  });

  test("tells page and place, in points from the lower left corner", async () => {
    const drawn = `${decision[at.text]!.replace(/<<.*?>>\nstream\n|\nendstream/gs, "")} 400 500 50 20 re f`;
    const [difference, ...others] = await seen(append(signed, { [at.text]: stream("", drawn) }));
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ kind: "OTHERWISE", page: 1 });
    const [left, bottom, right, top] = difference!.area;
    expect(Math.abs(left - 400) + Math.abs(bottom - 500) + Math.abs(right - 450) + Math.abs(top - 520)).toBeLessThan(8);
  });

  test("a page without annotations that changed is looked at, too", async () => {
    const bare = { [at.page]: decision[at.page]!.replace("/Annots [6 0 R 7 0 R 8 0 R]", "") };
    const first = await signAsLeader(leader, "", "", append(Buffer.alloc(0), { ...decision, ...bare }));
    const drawn = stream("", "400 500 50 20 re f");
    expect(await seen(append(first, { [at.text]: drawn }), first)).toMatchObject([{ kind: "OTHERWISE", page: 1 }]);
  });

  test("a field that is gone may leave its place empty", async () => {
    const gone = { [at.page]: decision[at.page]!.replace("6 0 R 7", "7") };
    expect(await seen(append(signed, gone))).toEqual([]);
  });

  test("many large annotations take no longer than one, and what they hide is seen", async () => {
    const white = "<</Subtype /Square /Rect [0 0 595 842] /AP <</N 60 0 R>>>> ".repeat(500);
    const covered = append(signed, {
      [at.page]: decision[at.page]!.replace("8 0 R]", `8 0 R ${white}]`),
      60: stream("/Type /XObject /Subtype /Form /BBox [0 0 595 842]", "1 g 0 0 595 842 re f"),
    });
    // Drawn one by one they would outlast the time given, and the page would be passed over.
    expect(await seen(covered)).toMatchObject([{ kind: "COVERED", page: 1 }]);
  });

  test("without time nothing is looked at, and that is said", async () => {
    const sealed = await sealWithNumber(signed, agency);
    expect(await visualDifferences(sealed, signed.length, -1)).toEqual({ differences: [], skipped: 1 });
    const options = { anchors: [root], at: during, look: "always", milliseconds: -1 } as const;
    const { integrity, signatures } = await verifyAndLook(sealed, options);
    expect([integrity, signatures[0]!.notes.includes("NOT_DRAWN 1 pages")]).toEqual(["PASS", true]);
  });

  test("a file that cannot be drawn is refused, whatever it is", async () => {
    const refused = (file: Buffer, end: number) => expect(visualDifferences(file, end)).rejects;
    await refused(Buffer.from("%PDF-1.7\n"), 9).toBeInstanceOf(SigningError);
    await refused(signed, 5).toMatchObject({ code: "NOT_DRAWABLE" });
    await refused(Buffer.alloc(32 * 2 ** 20 + 1), 5).toMatchObject({ code: "NOT_DRAWABLE" });
    const huge = Buffer.from(signed.toString("latin1").replace("[0 0 595 842]", "[0 0 9e9 9e9]"), "latin1");
    const found = visualDifferences(huge, signed.length).catch((error: unknown) => error);
    expect(await found).toSatisfy((answer) => answer instanceof SigningError || "skipped" in (answer as object));
  });
});

describe("a verdict with a second opinion", () => {
  const options = { anchors: [root], at: during, look: "always" } as const;

  test("stays what it is where nothing else is seen", async () => {
    const sealed = await sealWithNumber(signed, agency);
    const { indication, integrity, signatures } = await verifyAndLook(sealed, options);
    expect([indication, integrity]).toEqual(["TOTAL-PASSED", "PASS"]);
    expect(signatures.map((each) => each.integrity)).toEqual(["PASS", "PASS"]);
  });

  test("that has failed is not made better, nor told twice", async () => {
    const attacked = append(signed, appended["page content replaced"]!);
    const { integrity, signatures } = await verifyAndLook(attacked, options);
    expect(integrity).toBe("FAIL");
    expect(signatures[0]!.notes.filter((note) => note.startsWith("LOOKS_"))).toEqual([]);
  });

  test("raises no alarm on files changed in legal ways", async () => {
    const alarms: unknown[] = [];
    for (let seed = 1; seed <= 25; seed++) {
      const { bytes } = await genuineFile(seed, keys);
      const { integrity, signatures } = await verifyAndLook(bytes, options);
      if (integrity !== "PASS") alarms.push([seed, signatures.flatMap(({ notes }) => notes)]);
    }
    expect(alarms).toEqual([]);
  });
});
