import { describe, expect, test } from "vitest";
import { References } from "../../../signing/diff/references.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { plainLayout, type Layout, type Objects } from "../attacks/growing-file.ts";
import { Raw, ref, styles, text, type Dict } from "../attacks/values.ts";
import { afterwards, at, fileOf, refused, scene } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const complete: Layout = { ...plainLayout, complete: true };
const packed: Layout = { style: styles[0]!, section: "stream", packed: true, complete: false };
const root = (keys: Dict): Objects => ({ [at.catalog]: { ...dict(at.catalog), ...keys } });
const none = () => false;

/** The references of a file of one revision and one update. */
function referencesOf(base: Objects, update: Objects, layout: Layout = plainLayout) {
  const file = fileOf(base);
  file.append(update, layout);
  return new References(readPdf(file.bytes), 0);
}

describe("the objects that a revision changes", () => {
  test("are those that it defines otherwise", () => {
    expect([...referencesOf({ 30: text("a") }, { 30: text("b") }).advance()]).toEqual([30]);
    expect([...referencesOf({ 30: text("a") }, { 30: null }).advance()]).toEqual([30]);
  });

  test("are not those that it only lists again", () => {
    expect([...referencesOf({ 30: text("a"), 31: text("x") }, { 30: text("b") }, complete).advance()]).toEqual([30]);
  });

  test("are those inside an object stream that is written anew", () => {
    const file = fileOf();
    file.append({ ...root({ A: ref(30) }), 30: text("a"), 31: text("b") }, packed);
    const container = [...readPdf(file.bytes).latest.revision.entries].find(([, entry]) => entry.type === "compressed");
    if (container?.[1].type !== "compressed") throw new Error("Nothing was packed.");
    const { stream } = container[1];
    file.append({ [stream]: new Raw("<</Type/ObjStm/N 0/First 0/Length 0>>\nstream\n\nendstream") });
    const references = new References(readPdf(file.bytes), 1);
    expect([...references.advance()].sort((a, b) => a - b)).toEqual([at.catalog, 30, stream]);
  });
});

describe("the objects that can be reached", () => {
  test("become more when the catalog, which only the trailer refers to, refers to more", () => {
    const references = referencesOf({ 30: ref(31), 31: text("a") }, root({ A: ref(30) }));
    expect([30, 31].map((number) => references.reaches(number))).toEqual([false, false]);
    references.advance();
    expect([30, 31].map((number) => references.reaches(number))).toEqual([true, true]);
  });

  test("become more when one of them refers to more", () => {
    const references = referencesOf({ ...root({ A: ref(30) }), 30: text("a"), 31: text("b") }, { 30: [ref(31)] });
    expect(references.reaches(31)).toBe(false);
    references.advance();
    expect(references.reaches(31)).toBe(true);
  });

  test("are none of those that change and that nothing refers to", () => {
    const references = referencesOf({ 30: ref(31), 31: text("a") }, { 30: [ref(31)] });
    expect([...references.advance()]).toEqual([30]);
    expect([30, 31].map((number) => references.reaches(number))).toEqual([false, false]);
  });

  test("become more when there is something where a reference led to nothing", () => {
    const references = referencesOf({ ...root({ A: ref(30) }), 31: text("b") }, { 30: [ref(31)] });
    expect(references.reaches(30)).toBe(true);
    references.advance();
    expect(references.reaches(31)).toBe(true);
  });
});

describe("the objects that depend on changed ones", () => {
  const base = { ...root({ A: ref(30) }), 30: [ref(31)], 31: { Next: ref(32) }, 32: text("a") };

  test("are all from which one can be reached", () => {
    const references = referencesOf(base, { 32: text("b") });
    expect([...references.dependents(references.advance(), none)]).toEqual([32, 31, 30, at.catalog]);
  });

  test("are none behind an object with a rule of its own", () => {
    const references = referencesOf(base, { 32: text("b") });
    const changed = references.advance();
    expect([...references.dependents(changed, (number) => number === 31)]).toEqual([32, 31]);
    expect([...references.dependents(changed, (number) => number === 32)]).toEqual([32]);
  });
});

describe("objects that cannot be read", () => {
  test("are remembered with the revision at which that was seen", () => {
    const references = referencesOf({ ...root({ A: ref(30), B: ref(31) }), 30: new Raw("<") }, { 31: new Raw("<") });
    expect([...references.unreadable]).toEqual([[30, 0]]);
    references.advance();
    expect([...references.unreadable]).toEqual([
      [30, 0],
      [31, 1],
    ]);
  });

  test("because they ask for too much end the comparison", async () => {
    const deep = new Raw(`${"[".repeat(150)}${"]".repeat(150)}`);
    const update = { [at.page]: { ...dict(at.page), PieceInfo: ref(61) }, 61: deep };
    expect(await afterwards([update])).toEqual(refused("CANNOT_COMPARE LIMIT_EXCEEDED Objects are nested too deep."));
  });
});
