import { describe, expect, test } from "vitest";
import { differencesSince } from "../../../signing/diff/differences.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { findSignatures } from "../../../signing/validate/signature-fields.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, text, type Dict } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, refused, scene, sign, signedScene, widget, writing } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const form = (keys: Dict): Objects => ({ [at.form]: { ...dict(at.form), ...keys } });
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];

describe("a form that lists its fields carelessly", () => {
  const inGroup = widget("Tx", "Old", [0, 0, 0, 0], { Parent: ref(43) });
  const group: Objects = { 43: { T: text("Group"), Kids: [ref(44)] }, 44: inGroup };
  const withFields = (...numbers: number[]): Objects => form({ Fields: [...fields, ...numbers.map(ref)] });
  const addedTo = (...numbers: number[]): Objects => ({
    ...withFields(...numbers, 41),
    [at.page]: { ...dict(at.page), Annots: [...fields, ref(41)] },
    41: widget("Sig", "New", [10, 10, 90, 30]),
  });
  const come = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New");

  test.each<[string, Objects, number[]]>([
    ["a field twice", {}, [at.seal]],
    ["a field three times", {}, [at.seal, at.seal]],
    ["a reference to nothing", {}, [99]],
    ["a kid among the roots, behind its parent", group, [43, 44]],
    ["a kid among the roots, before its parent", group, [44, 43]],
    ["a kid twice below its parent", { ...group, 43: { T: text("Group"), Kids: [ref(44), ref(44)] } }, [43]],
  ])("%s: a signature in a new field may follow", async (_, more, numbers) => {
    const file = await signedScene({ ...more, ...withFields(...numbers) });
    await sign(file, addedTo(...numbers), { field: 41, number: 40 });
    expect(judge(file)).toEqual({ Leader: come, New: clean });
  });

  test.each<[string, Objects, Objects, unknown]>([
    ["one field twice, then once", withFields(at.seal), withFields(), clean],
    ["one field twice, then another", withFields(at.seal), withFields(at.number), clean],
    [
      "one field twice, then three times",
      withFields(at.seal),
      withFields(at.seal, at.seal),
      refused("CHANGED AcroForm/Fields"),
    ],
    ["nothing, then not even that", withFields(99), withFields(), clean],
    [
      "nothing, then something",
      withFields(99),
      { 99: widget("Tx", "Moi", [0, 0, 0, 0]) },
      refused("CHANGED AcroForm/Fields"),
    ],
    ["nothing, then more of it", withFields(99), withFields(99, 98), refused("NEW_FIELD_MALFORMED")],
    [
      "a kid, then among the roots, too",
      { ...group, ...withFields(43) },
      withFields(43, 44),
      refused("NEW_FIELD_IS_KNOWN 44"),
    ],
    [
      "a kid, then below another field, too",
      {
        ...group,
        ...withFields(43, 45),
        45: { T: text("Other"), Kids: [ref(46)] },
        46: { ...inGroup, T: text("X"), Parent: ref(45) },
      },
      { 45: { T: text("Other"), Kids: [ref(46), ref(44)] } },
      refused("NEW_FIELD_IS_KNOWN 44"),
    ],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test("a kid of two fields is no tree", async () => {
    const file = await signedScene({ ...group, 45: { T: text("Other"), Kids: [ref(44)] }, ...withFields(43) });
    const all = findSignatures(readPdf(file.bytes));
    const two = await signedScene({ ...group, 45: { T: text("Other"), Kids: [ref(44)] }, ...withFields(43, 45) });
    two.append({ [at.free]: text("orphan") });
    expect(differencesSince(readPdf(two.bytes), all[0]!, all).reasons).toEqual([
      "CANNOT_COMPARE MALFORMED_PDF Object 44 is field and field.",
    ]);
  });

  test("a lock on the group holds for its kid, wherever else it is listed", async () => {
    const lock = { Lock: { Type: "/SigFieldLock", Action: "/Include", Fields: [text("Group")] } };
    const base = { ...group, ...withFields(44, 43), [at.leader]: { ...dict(at.leader), ...lock } };
    const filling = { 44: { ...inGroup, V: text("x"), AP: { N: ref(31) } }, 31: writing("x") };
    expect(await afterwards([filling], base)).toEqual(refused("LOCKED field Group.Old"));
  });
});
