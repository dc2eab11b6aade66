import { describe, expect, test } from "vitest";
import { differencesSince } from "../../../signing/diff/differences.ts";
import { MAX_DEPTH } from "../../../signing/pdf/limits.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { findSignatures, type FoundSignature } from "../../../signing/validate/signature-fields.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, refused, scene, sign, signedScene, widget, writing } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const form = (...numbers: number[]): Objects => ({
  [at.form]: { ...dict(at.form), Fields: [...fields, ...numbers.map(ref)] },
});
const shown = (...numbers: number[]): Objects => ({
  [at.page]: { ...dict(at.page), Annots: [...fields, ...numbers.map(ref)] },
});
const place = [10, 10, 90, 30];
const nowhere = [0, 0, 0, 0];
const come = (name: string) => allowed("FORM_FILLING", `NEW_SIGNATURE_FIELD ${name}`);

/** The signed scene with the field of object 41 signed in a revision that brings the given objects. */
async function signedNew(objects: Objects, base: Objects = {}) {
  const file = await signedScene(base);
  await sign(file, objects, { field: 41, number: 40 });
  return file;
}
const leaderAfter = async (objects: Objects, base: Objects = {}) => judge(await signedNew(objects, base))["Leader"];

describe("a new field that is no widget", () => {
  const added = (keys: Dict): Objects => ({ ...form(41), ...shown(41), 41: widget("Sig", "New", place, keys) });
  test.each<[string, Dict, unknown]>([
    ["may lack the subtype where it shows nothing", { Subtype: undefined, Rect: nowhere }, come("New")],
    ["may not lack the subtype where it is shown", { Subtype: undefined }, refused("NEW_FIELD_MALFORMED New")],
    [
      "may be of no other subtype, even where it has no area",
      { Subtype: "/Text", Rect: nowhere },
      refused("NEW_FIELD_MALFORMED New"),
    ],
  ])("%s", async (_, keys, expected) => {
    const verdict = (await leaderAfter(added(keys)))!;
    expect({ ...verdict, reasons: verdict.reasons.slice(0, 1) }).toEqual(expected);
  });
});

describe("a new group of fields", () => {
  const group = (...kids: Value[]): Dict => ({ T: text("Group"), Kids: kids });
  const child = (keys: Dict = {}) => widget("Sig", "New", place, { Parent: ref(43), ...keys });
  const added: Objects = { ...form(43), ...shown(41), 41: child(), 43: group(ref(41)) };

  test.each<[string, Dict]>([
    ["names another parent", { Parent: ref(at.seal) }],
    ["names no parent", { Parent: undefined }],
    ["has its parent in its own dictionary", { Parent: {} }],
  ])("holds no field that %s", async (_, keys) => {
    expect(await leaderAfter({ ...added, 41: child(keys) })).toEqual(
      refused("NEW_FIELD Group.New", "NEW_ANNOTATION page 1"),
    );
  });

  test("may say for its fields that they are signatures, and nothing else", async () => {
    const untyped = child({ FT: undefined });
    const typed = { ...group(ref(41)), FT: "/Sig" };
    expect(await leaderAfter({ ...added, 41: untyped, 43: typed })).toEqual(come("Group.New"));
    expect(await leaderAfter({ ...added, 41: untyped, 43: { ...typed, Ff: 1 } })).toEqual(
      refused("NEW_FIELD Group", "NEW_ANNOTATION page 1"),
    );
  });

  test("holds no widgets of its own besides fields", async () => {
    const bare = { ...widget("Sig", "", nowhere, { Parent: ref(43) }), T: undefined };
    const both = { ...added, 42: bare, 43: group(ref(41), ref(42)) };
    expect(await leaderAfter(both)).toEqual(refused("NEW_FIELD Group"));
  });

  test("may get another signature in a later revision", async () => {
    const file = await signedNew(added);
    const next = widget("Sig", "Next", [110, 10, 190, 30], { Parent: ref(43) });
    const objects = { ...shown(41, 44), 43: group(ref(41), ref(44)), 44: next };
    await sign(file, objects, { field: 44, number: 45 });
    expect(judge(file)).toEqual({
      Leader: allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD Group.New", "NEW_SIGNATURE_FIELD Group.Next"),
      "Group.New": come("Group.Next"),
      "Group.Next": clean,
    });
  });

  test(`may be ${MAX_DEPTH} groups deep and no deeper`, async () => {
    const nested = (depth: number): Objects => {
      const groups = Array.from({ length: depth }, (_, i) => {
        const parent = i === 0 ? {} : { Parent: ref(999 + i) };
        return [1_000 + i, { ...parent, T: text("G"), Kids: [ref(i + 1 === depth ? 41 : 1_001 + i)] }];
      });
      return { ...form(1_000), ...Object.fromEntries(groups), 41: child({ Parent: ref(999 + depth) }) };
    };
    const name = (depth: number) => `${"G.".repeat(depth)}New`;
    expect(await afterwards([nested(MAX_DEPTH)])).toEqual(refused(`NEW_FIELD ${name(MAX_DEPTH)}`));
    expect(await afterwards([nested(MAX_DEPTH + 1)])).toEqual(refused("NEW_FIELD_MALFORMED"));
  });
});

describe("a widget of its own that came with a new field", () => {
  test("stays as it was signed", async () => {
    const kid = { ...widget("Sig", "", place, { Parent: ref(41) }), T: undefined };
    const objects = { ...form(41), ...shown(42), 41: { FT: "/Sig", T: text("New"), Kids: [ref(42)] }, 42: kid };
    const file = await signedNew(objects);
    expect(judge(file)["Leader"]).toEqual(come("New"));
    file.append({ 42: { ...kid, AP: { N: ref(46) } }, 46: writing("15") });
    expect(judge(file)["Leader"]).toEqual(refused("CHANGED field New/AP"));
  });
});

describe("a new field", () => {
  const added = (type: string): Objects => ({ ...form(41), ...shown(41), 41: widget(type, "New", place) });
  const since = async (type: string, change: (signature: FoundSignature) => FoundSignature) => {
    const signed = await signedNew(added("Sig"));
    const all = findSignatures(readPdf(signed.bytes)).map((each) => (each.field === "New" ? change(each) : each));
    const { bytes } = await signedNew(added(type));
    const { level, reasons, doubts, notes } = differencesSince(readPdf(bytes), all[0]!, all);
    return { level, reasons, doubts, notes };
  };
  const unknown = refused("NEW_FIELD New", "NEW_ANNOTATION page 1");

  test("comes with a sound signature that closes this revision or a later one", async () => {
    expect(await since("Sig", (signature) => signature)).toEqual(come("New"));
    expect(await since("Sig", (signature) => ({ ...signature, revision: 0 }))).toEqual(unknown);
    expect(await since("Sig", (signature) => ({ ...signature, revision: undefined }))).toEqual(unknown);
    expect(await since("Sig", (signature) => ({ ...signature, faults: ["BYTE_RANGE"] }))).toEqual(unknown);
  });

  test("is a signature field, whatever signature it is said to bear", async () => {
    expect(await since("Tx", (signature) => signature)).toEqual(unknown);
  });
});
