import { describe, expect, test } from "vitest";
import { differencesSince } from "../../../signing/diff/differences.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { findSignatures } from "../../../signing/validate/signature-fields.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, text, type Dict, type Value } from "../attacks/values.ts";
import {
  afterwards,
  allowed,
  at,
  certified,
  clean,
  fileOf,
  judge,
  looks,
  refused,
  scene,
  sign,
  signedScene,
  widget,
  withLooks,
  writing,
} from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const form = (keys: Dict): Objects => ({ [at.form]: { ...dict(at.form), ...keys } });
const fields = [ref(at.leader), ref(at.seal), ref(at.number)];
const number = (keys: Dict): Objects => ({ [at.number]: { ...dict(at.number), ...keys } });
const fillNumber = (value: string, shown: string | undefined, more: Dict = {}): Objects => ({
  ...number({ V: text(value), AP: shown === undefined ? undefined : { N: ref(31) }, ...more }),
  31: shown === undefined ? null : writing(shown),
});
const listed = (...numbers: number[]): Objects => ({
  ...form({ Fields: [...fields, ...numbers.map(ref)] }),
  [at.page]: { ...dict(at.page), Annots: [...fields, ...numbers.map(ref)] },
});
const filled = allowed("FORM_FILLING", "FILLED Number");

describe("the form", () => {
  test.each<[string, Objects, Objects, unknown]>([
    ["written again", {}, form({}), clean],
    ["in the catalog", {}, { [at.catalog]: { ...dict(at.catalog), AcroForm: { Fields: fields } } }, clean],
    [
      "removed",
      {},
      { [at.catalog]: { ...dict(at.catalog), AcroForm: undefined } },
      refused("REMOVED catalog/AcroForm"),
    ],
    ["with signature flags", {}, form({ SigFlags: 3 }), clean],
    ["with signature flags that are none", {}, form({ SigFlags: text("3") }), refused("CHANGED AcroForm/SigFlags")],
    ["without its signature flags", form({ SigFlags: 3 }), form({}), refused("CHANGED AcroForm/SigFlags")],
    ["with other signature flags", form({ SigFlags: 1 }), form({ SigFlags: 3 }), clean],
    ["to be drawn anew", {}, form({ NeedAppearances: true }), refused("CHANGED AcroForm/NeedAppearances")],
    ["to be drawn anew as before", form({ NeedAppearances: true }), form({ NeedAppearances: true }), clean],
    ["not to be drawn anew any more", form({ NeedAppearances: true }), form({ NeedAppearances: false }), clean],
    ["with a default appearance", {}, form({ DA: text("/F1 0 Tf"), Q: 1 }), clean],
    [
      "with another default appearance",
      form({ DA: text("/F1 0 Tf") }),
      form({ DA: text("/F2 0 Tf") }),
      refused("CHANGED AcroForm/DA"),
    ],
    ["without its default alignment", form({ Q: 1 }), form({}), refused("CHANGED AcroForm/Q")],
    ["with default resources", {}, form({ DR: { Font: { F1: ref(at.font) } } }), clean],
    [
      "with more default resources",
      form({ DR: { Font: { F1: ref(at.font) } } }),
      form({ DR: { Font: { F1: ref(at.font), F2: ref(at.font) }, XObject: {} } }),
      clean,
    ],
    [
      "with other default resources",
      form({ DR: { Font: { F1: ref(at.font) } } }),
      form({ DR: { Font: { F1: ref(at.image) } } }),
      refused("CHANGED AcroForm/DR/Font/F1"),
    ],
    [
      "with a default resource less",
      form({ DR: { Font: { F1: ref(at.font) } } }),
      form({ DR: { Font: {} } }),
      refused("CHANGED AcroForm/DR/Font/F1"),
    ],
    [
      "with another template in its default resources",
      form({ DR: { XObject: { FRM: ref(at.image) } } }),
      form({ DR: { XObject: { FRM: ref(at.font) } } }),
      clean,
    ],
    [
      "without default resources",
      form({ DR: { Font: { F1: ref(at.font) } } }),
      form({}),
      refused("CHANGED AcroForm/DR/Font"),
    ],
    [
      "with another list of procedures",
      form({ DR: { ProcSet: ["/PDF"] } }),
      form({ DR: { ProcSet: ["/Text"] } }),
      refused("CHANGED AcroForm/DR/ProcSet"),
    ],
    ["with an XFA form", {}, form({ XFA: [] }), refused("CHANGED AcroForm/XFA")],
    ["with a field less", {}, form({ Fields: fields.slice(1) }), refused("REMOVED AcroForm/Fields")],
    ["with its fields in another order", {}, form({ Fields: fields.toReversed() }), clean],
    ["with a field twice", {}, form({ Fields: [...fields, ref(at.seal)] }), refused("CHANGED AcroForm/Fields")],
    ["with a field that is none", {}, form({ Fields: [...fields, 1] }), refused("CHANGED AcroForm/Fields")],
    ["with fields that are none", {}, form({ Fields: 1 }), refused("CHANGED AcroForm/Fields")],
    [
      "with a new field that is none",
      {},
      { ...form({ Fields: [...fields, ref(31)] }), 31: [1] },
      refused("NEW_FIELD_MALFORMED"),
    ],
    [
      "with a page as a new field",
      {},
      form({ Fields: [...fields, ref(at.other)] }),
      refused(`NEW_FIELD_IS_KNOWN ${at.other}`),
    ],
    [
      "with a text field",
      {},
      { ...listed(31), 31: widget("Tx", "Moi", [10, 10, 20, 20]) },
      refused("NEW_FIELD Moi", "NEW_ANNOTATION page 1"),
    ],
    [
      "with a signature field that nobody signs",
      {},
      { ...listed(31), 31: widget("Sig", "Moi", [10, 10, 20, 20]) },
      refused("NEW_FIELD Moi", "NEW_ANNOTATION page 1"),
    ],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test("comes to a document that had none, though a signature", async () => {
    const bare = { [at.catalog]: { ...dict(at.catalog), AcroForm: undefined } };
    const file = await signedScene(bare);
    const all = findSignatures(readPdf((await signedScene()).bytes));
    file.append({ [at.catalog]: { ...dict(at.catalog), AcroForm: { Fields: [], SigFlags: 3 } } });
    expect(differencesSince(readPdf(file.bytes), all[0]!, all).reasons).toEqual(["CHANGED AcroForm/Fields"]);
    file.append(bare);
    expect(differencesSince(readPdf(file.bytes), all[0]!, all).reasons).toEqual(["CHANGED AcroForm/Fields"]);
  });

  test("comes with the first approval after a time-stamp", async () => {
    const file = fileOf({ [at.catalog]: { ...dict(at.catalog), AcroForm: undefined } });
    const added = {
      31: widget("Sig", "New", [0, 0, 0, 0]),
      [at.catalog]: { ...dict(at.catalog), AcroForm: { Fields: [ref(31)] } },
    };
    await sign(file, added, { field: 31 });
    expect(judge(file)).toEqual({ New: clean });
  });
});

describe("a group of fields with a reference to nothing", () => {
  const group = (...numbers: number[]): Objects => ({ 43: { T: text("Group"), Kids: numbers.map(ref) } });
  const base = {
    ...form({ Fields: [...fields, ref(43)] }),
    ...group(44, 99),
    44: widget("Tx", "Old", [0, 0, 0, 0], { Parent: ref(43) }),
  };
  const come = { 99: widget("Tx", "Moi", [0, 0, 0, 0], { Parent: ref(43) }) };
  test.each<[string, Objects, unknown]>([
    ["that stays", group(44, 99), clean],
    ["that comes to be", come, refused("CHANGED field Group/Kids")],
    [
      "that comes to be as the list is written anew",
      { ...group(99, 44), ...come },
      refused("CHANGED field Group/Kids"),
    ],
  ])("%s", async (_, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test("and a widget in the field's own dictionary", async () => {
    const direct = (rect: readonly number[]): Objects => ({
      43: { FT: "/Tx", T: text("Group"), Kids: [{ Subtype: "/Widget", Rect: rect }] },
    });
    const form = { [at.form]: { Fields: [...fields, ref(43)] } };
    expect(await afterwards([direct([0, 0, 1, 1])], { ...form, ...direct([0, 0, 1, 1]) })).toEqual(clean);
    expect(await afterwards([direct([0, 0, 9, 9])], { ...form, ...direct([0, 0, 1, 1]) })).toEqual(
      refused("CHANGED field Group/Kids/Rect"),
    );
  });
});

describe("a text field", () => {
  test.each<[string, Objects, Objects, unknown]>([
    ["filled in", {}, fillNumber("15", "15"), filled],
    ["filled in and closed to viewers", {}, fillNumber("15", "15", { Ff: 1 }), filled],
    ["filled in and opened to viewers", number({ Ff: 1 }), fillNumber("15", "15"), refused("CHANGED field Number/Ff")],
    ["filled in with other flags", {}, fillNumber("15", "15", { Ff: 2 }), refused("CHANGED field Number/Ff")],
    [
      "filled in with flags that are none",
      {},
      fillNumber("15", "15", { Ff: text("x") }),
      refused("CHANGED field Number/Ff"),
    ],
    [
      "filled in where flags are none",
      number({ Ff: text("x") }),
      fillNumber("15", "15", { Ff: text("x") }),
      refused("CHANGED field Number/Ff"),
    ],
    ["filled in without a picture", {}, fillNumber("15", undefined), filled],
    [
      "filled in with rich text and looks of its own",
      {},
      fillNumber("15", "15", { RV: text("15"), DA: text("/F1 9 Tf"), Q: 1, MK: {}, M: text("D:2026") }),
      filled,
    ],
    ["filled in and moved", {}, fillNumber("15", "15", { Rect: [1, 1, 9, 9] }), refused("CHANGED field Number/Rect")],
    ["filled in and hidden", {}, fillNumber("15", "15", { F: 6 }), refused("CHANGED field Number/F")],
    ["filled in and locked", {}, fillNumber("15", "15", { F: 132 }), filled],
    [
      "filled in with flags of a widget that are none",
      {},
      fillNumber("15", "15", { F: text("4") }),
      refused("CHANGED field Number/F"),
    ],
    ["filled in with an action", {}, fillNumber("15", "15", { A: {} }), refused("CHANGED field Number/A")],
    ["filled in with another name", {}, fillNumber("15", "15", { T: text("N") }), refused("CHANGED field Number/T")],
    ["filled in with another type", {}, fillNumber("15", "15", { FT: "/Btn" }), refused("CHANGED field Number/FT")],
    [
      "filled in as another object",
      {},
      fillNumber("15", "15", { Type: "/Page" }),
      refused("CHANGED field Number/Type"),
    ],
    [
      "filled in without its type",
      {},
      fillNumber("15", "15", { Type: undefined }),
      refused("CHANGED field Number/Type"),
    ],
    [
      "filled in with a picture that is none",
      {},
      fillNumber("15", undefined, { AP: { N: ref(at.font) } }),
      refused("APPEARANCE_MALFORMED field Number"),
    ],
    [
      "filled in with pictures that are none",
      {},
      fillNumber("15", undefined, { AP: 1 }),
      refused("APPEARANCE_MALFORMED field Number"),
    ],
    [
      "filled in with pictures for states",
      {},
      { ...fillNumber("15", undefined, { AP: { N: { On: ref(31) } } }), 31: writing("15") },
      filled,
    ],
    ["emptied", fillNumber("15", "15"), number({}), refused("FILLED_AGAIN field Number")],
    ["filled in again", fillNumber("15", "15"), fillNumber("16", "16"), refused("FILLED_AGAIN field Number")],
    ["filled in where it was empty text", number({ V: text("") }), fillNumber("15", "15"), filled],
    [
      "filled in where it was two letters",
      number({ V: text("ab") }),
      fillNumber("15", "15"),
      refused("FILLED_AGAIN field Number"),
    ],
    [
      "filled in where it was half a mark",
      number({ V: text("\xfeb") }),
      fillNumber("15", "15"),
      refused("FILLED_AGAIN field Number"),
    ],
    ["filled in where it was a mark without text", number({ V: text("\xfe\xff") }), fillNumber("15", "15"), filled],
    [
      "filled in again where it was read-only",
      fillNumber("15", "15", { Ff: 1 }),
      fillNumber("16", "16", { Ff: 1 }),
      refused("FILLED_AGAIN field Number"),
    ],
    ["given another picture only", fillNumber("15", "15"), { 31: writing("16") }, refused("CHANGED field Number/AP/N")],
    [
      "filled in, with a rounded place",
      number({ Rect: [76.12345, 728, 106, 744] }),
      fillNumber("15", "15", { Rect: [76.123, 728, 106, 744] }),
      filled,
    ],
    [
      "in a rounded place",
      number({ Rect: [76.12345, 728, 106, 744] }),
      number({ Rect: [76.123, 728, 106, 744] }),
      clean,
    ],
    [
      "in another place",
      number({ Rect: [76.12345, 728, 106, 744] }),
      number({ Rect: [76.12, 728, 106, 744] }),
      refused("CHANGED field Number/Rect"),
    ],
    ["touched at a time", {}, number({ M: text("D:2026") }), allowed("FORM_FILLING")],
    ["touched at a time that is none", {}, number({ M: 2026 }), refused("CHANGED field Number/M")],
    ["touched at no time", number({ M: text("D:2026") }), number({}), refused("CHANGED field Number/M")],
    ["closed to viewers", {}, number({ Ff: 1 }), allowed("FORM_FILLING")],
    ["opened to viewers", number({ Ff: 1 }), number({}), refused("CHANGED field Number/Ff")],
    ["with flags that are none", {}, number({ Ff: 1.5 }), refused("CHANGED field Number/Ff")],
    ["with flags that were none", number({ Ff: text("x") }), number({ Ff: 1 }), refused("CHANGED field Number/Ff")],
    ["that is no field any more", {}, { [at.number]: [1] }, refused("CHANGED field Number")],
    ["with kids of its own", {}, number({ Kids: [] }), refused("CHANGED field Number/Kids")],
    [
      "with a widget more",
      {},
      { ...number({ Kids: [ref(31)] }), 31: { Subtype: "/Widget", Parent: ref(at.number) } },
      refused("NEW_FIELD Number"),
    ],
    ["with an action", {}, number({ AA: {} }), refused("CHANGED field Number/AA")],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  const open = { keys: certified(2) };
  test.each<[string, Objects, Objects, unknown]>([
    ["filled in again", fillNumber("15", "15"), fillNumber("16", "16"), filled],
    [
      "filled in again where it was read-only",
      fillNumber("15", "15", { Ff: 1 }),
      fillNumber("16", "16", { Ff: 1 }),
      refused("FILLED_AGAIN field Number"),
    ],
    [
      "computed again",
      fillNumber("15", "15", { Ff: 1, AA: { C: {} } }),
      fillNumber("16", "16", { Ff: 1, AA: { C: {} } }),
      filled,
    ],
  ])("after a certification: %s", async (_, base, update, expected) => {
    expect(await afterwards([update], base, open)).toEqual(expected);
  });

  test("filled in twice: only a signature over the first value objects", async () => {
    const file = await signedScene();
    file.append(fillNumber("15", "15"));
    file.append(fillNumber("16", "16"));
    expect(judge(file)["Leader"]).toEqual(filled);
    const sealed = await signedScene();
    await sign(sealed, fillNumber("15", "15"), { field: at.seal, number: 40 });
    sealed.append(fillNumber("16", "16"));
    expect(judge(sealed)).toEqual({
      Leader: allowed("FORM_FILLING", "SIGNED Seal", "FILLED Number"),
      Seal: refused("FILLED_AGAIN field Number"),
    });
    const lenient = { comments: "explicit", exchanges: "always" } as const;
    expect(judge(sealed, lenient)["Seal"]).toEqual(filled);
  });

  test("changed and changed back is seen", async () => {
    const updates = [{ [at.content]: looks("") }, { [at.content]: scene[at.content]! }];
    expect(await afterwards(updates)).toEqual(refused("CHANGED page 1/Contents"));
  });
});

describe("a text field with widgets of its own", () => {
  const split: Objects = {
    [at.number]: { FT: "/Tx", T: text("Number"), Kids: [ref(31)] },
    31: { ...widget("Tx", "", [76, 728, 106, 744], { T: undefined, FT: undefined, Parent: ref(at.number) }) },
    [at.page]: { ...dict(at.page), Annots: [ref(at.leader), ref(at.seal), ref(31)] },
  };
  const field = split[at.number] as Dict;
  const kid = split[31] as Dict;
  const update = (keys: Dict, kidKeys: Dict): Objects => ({
    [at.number]: { ...field, ...keys },
    31: { ...kid, ...kidKeys },
    32: writing("15"),
  });

  test.each<[string, Objects, unknown]>([
    ["filled in", update({ V: text("15") }, { AP: { N: ref(32) } }), filled],
    [
      "filled in that has a widget that is none",
      { ...update({ V: text("15"), Kids: [ref(31), ref(98)] }, { AP: { N: ref(32) } }) },
      refused("NEW_FIELD_MALFORMED"),
    ],
    [
      "filled in, though its widget goes on to show nothing",
      { ...update({ V: text("15") }, { AP: { N: ref(32) } }), 32: writing("") },
      { ...filled, doubts: ["VALUE_MAY_NOT_BE_WHAT_IS_SHOWN Number"] },
    ],
    [
      "filled in with another text",
      update({ V: text("51") }, { AP: { N: ref(32) } }),
      refused("VALUE_IS_NOT_WHAT_IS_SHOWN Number"),
    ],
    ["given a picture only", update({}, { AP: { N: ref(32) } }), refused("CHANGED field Number/AP")],
    ["filled in and moved", update({ V: text("15") }, { Rect: [1, 1, 9, 9] }), refused("CHANGED field Number/Rect")],
    [
      "formatted by a script of the field above",
      update({ V: text("51"), AA: { F: {} } }, { AP: { N: ref(32) } }),
      refused("CHANGED field Number/AA"),
    ],
    ["with a widget less", { [at.number]: { ...field, Kids: [] } }, refused("REMOVED field Number/Kids")],
    ["without its widgets", { [at.number]: { ...field, Kids: undefined } }, refused("REMOVED field Number/Kids")],
    [
      "with a widget given to another field",
      { 31: { ...kid, Parent: ref(at.seal) } },
      refused("CHANGED field Number/Parent"),
    ],
  ])("%s", async (_, change, expected) => {
    expect(await afterwards([change], split)).toEqual(expected);
  });
});

describe("buttons and choices", () => {
  const button = (keys: Dict): Objects => ({
    [at.number]: widget("Btn", "Number", [76, 728, 106, 744], {
      AP: { N: { On: ref(at.looks + 1), Off: ref(at.looks + 1) } },
      ...keys,
    }),
    [at.looks + 1]: looks(""),
  });
  const choice = (keys: Dict): Objects => ({ [at.number]: widget("Ch", "Number", [76, 728, 106, 744], keys) });
  test.each<[string, Objects, Objects, unknown]>([
    ["a box ticked", button({}), button({ V: "/On", AS: "/On" }), filled],
    ["a box ticked that was off", button({ V: "/Off", AS: "/Off" }), button({ V: "/On", AS: "/On" }), filled],
    [
      "a box ticked off again",
      button({ V: "/On", AS: "/On" }),
      button({ V: "/Off", AS: "/Off" }),
      refused("FILLED_AGAIN field Number"),
    ],
    [
      "a box with another picture",
      button({}),
      button({ V: "/On", AS: "/On", AP: { N: { On: ref(at.image) } } }),
      refused("CHANGED field Number/AP/N/Off"),
    ],
    ["an item chosen", choice({}), choice({ V: text("a"), I: [1], TI: 0 }), filled],
    ["a place in the list chosen", choice({}), choice({ I: [1] }), filled],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });
});

describe("a signature field", () => {
  const seal = (keys: Dict): Objects => ({ [at.seal]: { ...dict(at.seal), ...keys } });

  test("that waited is signed", async () => {
    const file = await signedScene();
    await sign(
      file,
      {
        ...seal({ AP: { N: ref(31) }, F: 132, Ff: 1, AS: "/On", M: text("D:2026"), MK: {}, DA: text("/F1 0 Tf") }),
        31: writing("Dau"),
      },
      { field: at.seal, number: 40 },
    );
    expect(judge(file)).toEqual({ Leader: allowed("FORM_FILLING", "SIGNED Seal"), Seal: clean });
  });

  test.each<[string, Dict, string]>([
    ["moved", { Rect: [1, 1, 2, 2] }, "CHANGED field Seal/Rect"],
    ["locked otherwise", { Lock: { Action: "/All" } }, "CHANGED field Seal/Lock"],
    ["given an action", { AA: {} }, "CHANGED field Seal/AA"],
    ["given a picture that is none", { AP: { N: 1 } }, "APPEARANCE_MALFORMED field Seal"],
    ["given other flags", { Ff: 2 }, "CHANGED field Seal/Ff"],
  ])("that waited is signed and %s", async (_, keys, reason) => {
    const file = await signedScene();
    await sign(file, seal(keys), { field: at.seal, number: 40 });
    expect(judge(file)["Leader"]).toEqual(refused(reason));
  });

  test.each<[string, Objects, string]>([
    ["moved", seal({ Rect: [1, 1, 2, 2] }), "CHANGED field Seal/Rect"],
    ["given a picture", { ...seal({ AP: { N: ref(31) } }), 31: writing("Dau") }, "CHANGED field Seal/AP"],
    ["given a value that is no signature", seal({ V: { Type: "/Sig" } }), "SIGNATURE_CLOSES_NO_REVISION Seal"],
    ["given the other's signature", seal({ V: ref(at.signature) }), "SIGNATURE_CLOSES_NO_REVISION Seal"],
  ])("that waits is %s", async (_, update, reason) => {
    expect(await afterwards([update])).toEqual(refused(reason));
  });

  test.each<[string, (keys: Dict) => Objects, string]>([
    [
      "another picture",
      (keys) => ({ [at.leader]: { ...keys, AP: { N: ref(at.image) } } }),
      "CHANGED field Leader/AP/N/Subtype",
    ],
    ["its picture in place", () => ({ [at.looks]: writing("Khac") }), "CHANGED field Leader/AP/N"],
    ["no signature", (keys) => ({ [at.leader]: { ...keys, V: undefined } }), "CHANGED field Leader/V"],
    ["a hidden widget", (keys) => ({ [at.leader]: { ...keys, F: 2 } }), "CHANGED field Leader/F"],
  ])("that is signed is given %s", async (_, change, reason) => {
    const file = await signedScene();
    await sign(file, {}, { field: at.seal, number: 40 });
    file.append(change(file.dict(at.leader)));
    expect(judge(file)["Seal"]).toMatchObject({
      level: "OTHER",
      reasons: [expect.stringContaining(reason.split("/AP/N")[0]!)],
    });
  });

  test.each<[string, Objects, unknown]>([
    ["drawn", seal({ AP: { N: ref(31) }, F: 132 }), allowed("FORM_FILLING", "SIGNED Seal")],
    ["moved", seal({ Rect: [1, 1, 2, 2] }), refused("CHANGED field Seal/Rect")],
    ["given a picture that is none", seal({ AP: { N: 1 } }), refused("APPEARANCE_MALFORMED field Seal")],
    ["given a value that is no signature", seal({ V: 1 }), refused("SIGNATURE_CLOSES_NO_REVISION Seal")],
  ])("that waited is %s in an update before the one that is signed", async (_, update, expected) => {
    const file = await signedScene();
    file.append({ ...update, 31: writing("Dau") });
    await sign(file, {}, { field: at.seal, number: 40 });
    expect(judge(file)["Leader"]).toEqual(expected);
  });

  test("that is drawn when another signature comes first is not", async () => {
    const file = await signedScene();
    await sign(
      file,
      {
        ...listed(41),
        41: widget("Sig", "New", [10, 10, 90, 30]),
        ...seal({ AP: { N: ref(31) } }),
        31: writing("Dau"),
      },
      { field: 41, number: 42 },
    );
    await sign(file, {}, { field: at.seal, number: 40 });
    expect(judge(file)).toMatchObject({
      Leader: { level: "OTHER", reasons: ["CHANGED field Seal/AP"] },
      New: allowed("FORM_FILLING", "SIGNED Seal"),
    });
  });

  test("that is locked is not drawn before it is signed either", async () => {
    const lock = {
      TransformMethod: "/FieldMDP",
      TransformParams: { V: "/1.2", Action: "/Include", Fields: [text("Seal")] },
    };
    const file = await signedScene({}, { keys: { Reference: [lock] } });
    file.append({ ...seal({ AP: { N: ref(31) } }), 31: writing("Dau") });
    await sign(file, {}, { field: at.seal, number: 40 });
    expect(judge(file)["Leader"]).toMatchObject({ reasons: ["LOCKED field Seal"] });
  });

  test("with a widget of its own is signed", async () => {
    const kid = { ...dict(at.seal), T: undefined, FT: undefined, Parent: ref(at.seal) };
    const split = {
      [at.seal]: { FT: "/Sig", T: text("Seal"), Kids: [ref(31)] },
      31: kid,
      [at.page]: { ...dict(at.page), Annots: [ref(at.leader), ref(31), ref(at.number)] },
    };
    const file = await signedScene(split);
    const drawn = { ...kid, AP: { N: ref(32) } };
    await sign(file, { 31: drawn, 32: writing("Dau") }, { field: at.seal, number: 40 });
    expect(judge(file)["Leader"]).toEqual(allowed("FORM_FILLING", "SIGNED Seal"));
    const moved = await signedScene(split);
    await sign(moved, { 31: { ...drawn, Rect: [1, 1, 2, 2] }, 32: writing("Dau") }, { field: at.seal, number: 40 });
    expect(judge(moved)["Leader"]).toEqual(refused("CHANGED field Seal/Rect"));
    const malformed = await signedScene(split);
    await sign(malformed, { 31: { ...kid, AP: 1 } }, { field: at.seal, number: 40 });
    expect(judge(malformed)["Leader"]).toEqual(refused("APPEARANCE_MALFORMED field Seal"));
    // Its picture alone is nobody's to change.
    const drawnOnly = await signedScene(split);
    drawnOnly.append({ 31: drawn, 32: writing("Dau") });
    expect(judge(drawnOnly)["Leader"]).toEqual(refused("CHANGED field Seal/AP"));
  });

  test("taken by a time-stamp", async () => {
    const invisible = seal({ Rect: [5, 5, 5, 5] });
    const stamp = { Type: "/DocTimeStamp", SubFilter: "/ETSI.RFC3161" };
    const file = await signedScene(invisible);
    await sign(file, {}, { field: at.seal, number: 40, keys: stamp });
    expect(judge(file)["Leader"]).toEqual(allowed("LTA_UPDATES"));
    const visible = await signedScene();
    await sign(visible, {}, { field: at.seal, number: 40, keys: stamp });
    expect(judge(visible)["Leader"]).toEqual(allowed("FORM_FILLING", "SIGNED Seal"));
  });
});

describe("a new signature field", () => {
  const added = (keys: Dict = {}, more: Objects = {}): Objects => ({
    ...listed(41),
    41: widget("Sig", "New", [10, 10, 90, 30], keys),
    ...more,
  });
  const after = async (objects: Objects, keys: Dict = {}, field = 41) => {
    const file = await signedScene();
    await sign(file, objects, { field, number: 40, keys });
    return judge(file)["Leader"];
  };
  const come = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New");

  test.each<[string, Objects, unknown]>([
    ["on a page", added(), come],
    ["with a picture", added({ AP: { N: ref(42) } }, { 42: writing("15") }), come],
    ["invisible", added({ Rect: [0, 0, 0, 0] }), come],
    ["flat", added({ Rect: [0, 0, 5, 0] }), come],
    ["without a rectangle", added({ Rect: undefined }), come],
    ["with an action", added({ A: {} }), refused("NEW_FIELD_WITH_ACTION New", "NEW_ANNOTATION page 1")],
    ["with more actions", added({ AA: {} }), refused("NEW_FIELD_WITH_ACTION New", "NEW_ANNOTATION page 1")],
    ["that is no widget", added({ Subtype: "/FreeText" }), refused("NEW_FIELD_MALFORMED New")],
    ["that is no widget but invisible", added({ Subtype: undefined, Rect: [0, 0, 0, 0] }), come],
    ["with a picture that is none", added({ AP: { N: {}, R: 1 } }), refused("APPEARANCE_MALFORMED field New")],
    ["of another type", added({ FT: "/Tx" }), refused("NEW_FIELD New", "NEW_ANNOTATION page 1")],
    ["without a name", added({ T: undefined }), refused("NEW_FIELD ", "NEW_ANNOTATION page 1")],
    [
      "with a parent that does not know it",
      added({ Parent: ref(at.seal) }),
      refused("NEW_FIELD New", "NEW_ANNOTATION page 1"),
    ],
    [
      "with a widget of its own",
      {
        ...added({ Kids: [ref(42)] }),
        ...listed(42),
        ...form({ Fields: [...fields, ref(41)] }),
        41: { FT: "/Sig", T: text("New"), Kids: [ref(42)] },
        42: { ...widget("Sig", "", [10, 10, 90, 30]), T: undefined, Parent: ref(41) },
      },
      come,
    ],
    [
      "with a widget that is none",
      { ...added(), 41: { FT: "/Sig", T: text("New"), Kids: [ref(42)] }, 42: 1 },
      refused("NEW_FIELD_MALFORMED New", "NEW_ANNOTATION page 1"),
    ],
    [
      "with a page as its widget",
      { ...added(), 41: { FT: "/Sig", T: text("New"), Kids: [ref(at.other)] } },
      refused("NEW_FIELD_MALFORMED New", "NEW_ANNOTATION page 1"),
    ],
    [
      "shown on two pages",
      { ...added(), [at.other]: { ...dict(at.other), Annots: [ref(41)] } },
      refused("WIDGET_SHOWN_TWICE page 2"),
    ],
  ])("%s", async (_, objects, expected) => {
    expect(await after(objects)).toEqual(expected);
  });

  test("in a group that comes with it, or that was there", async () => {
    const group: Objects = { 43: { T: text("Group"), Kids: [ref(41)] } };
    const child = widget("Sig", "New", [10, 10, 90, 30], { Parent: ref(43) });
    const objects = {
      ...form({ Fields: [...fields, ref(43)] }),
      [at.page]: { ...dict(at.page), Annots: [...fields, ref(41)] },
      41: child,
    };
    const inGroup = allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD Group.New");
    expect(await after({ ...objects, ...group })).toEqual(inGroup);
    expect(await after({ ...objects, 43: { ...(group[43] as Dict), V: text("x") } })).toEqual(
      refused("NEW_FIELD Group", "NEW_ANNOTATION page 1"),
    );
    expect(await after({ ...objects, 43: { ...(group[43] as Dict), Kids: [ref(41), null] } })).toEqual(
      refused("NEW_FIELD Group", "NEW_ANNOTATION page 1"),
    );
  });

  test("in a group that was there", async () => {
    const base = {
      43: { T: text("Group"), Kids: [ref(44)] },
      44: widget("Sig", "Old", [0, 0, 0, 0], { Parent: ref(43) }),
      ...form({ Fields: [...fields, ref(43)] }),
    };
    const file = await signedScene(base);
    const child = widget("Sig", "New", [10, 10, 90, 30], { Parent: ref(43) });
    await sign(
      file,
      {
        43: { T: text("Group"), Kids: [ref(44), ref(41)] },
        41: child,
        [at.page]: { ...dict(at.page), Annots: [...fields, ref(41)] },
      },
      { field: 41, number: 40 },
    );
    expect(judge(file)["Leader"]).toEqual(allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD Group.New"));
  });

  test("by a time-stamp", async () => {
    const stamp = { Type: "/DocTimeStamp", SubFilter: "/ETSI.RFC3161" };
    expect(await after(added({ Rect: [0, 0, 0, 0] }), stamp)).toEqual(
      allowed("LTA_UPDATES", "NEW_SIGNATURE_FIELD New"),
    );
    expect(await after(added(), stamp)).toEqual(come);
  });

  test("by a time-stamp with a widget of its own", async () => {
    const kid = { ...widget("Sig", "", [0, 0, 0, 0]), T: undefined, Parent: ref(41) };
    const objects = {
      ...listed(42),
      ...form({ Fields: [...fields, ref(41)] }),
      41: { FT: "/Sig", T: text("New"), Kids: [ref(42)] },
      42: kid,
    };
    const stamp = { Type: "/DocTimeStamp", SubFilter: "/ETSI.RFC3161" };
    expect(await after(objects, stamp)).toEqual(allowed("LTA_UPDATES", "NEW_SIGNATURE_FIELD New"));
    expect(await after({ ...objects, 42: { ...kid, Rect: [10, 10, 20, 20] } }, stamp)).toEqual(come);
  });

  test("added empty and signed by the next revision", async () => {
    const file = await signedScene();
    file.append(added());
    await sign(file, { 41: { ...file.dict(41), AP: { N: ref(42) } }, 42: writing("15") }, { field: 41, number: 40 });
    expect(judge(file)).toEqual({
      Leader: allowed("FORM_FILLING", "NEW_SIGNATURE_FIELD New", "SIGNED New"),
      New: clean,
    });
  });

  test("added with something that is no signature, and signed by the next revision", async () => {
    const file = await signedScene();
    file.append(added({ V: text("x") }));
    await sign(file, {}, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toEqual(refused("SIGNATURE_CLOSES_NO_REVISION New", "NEW_ANNOTATION page 1"));
  });
});

describe("permissions", () => {
  const seal = (file: Awaited<ReturnType<typeof signedScene>>, objects: Objects = {}) =>
    sign(file, objects, { field: at.seal, number: 40 });
  const notPermitted = (level: string, ...notes: string[]) => ({
    level,
    reasons: [`NOT_PERMITTED ${level}`],
    doubts: [],
    notes,
  });

  test.each<[Value, unknown]>([
    [1, notPermitted("FORM_FILLING", "SIGNED Seal")],
    [2, allowed("FORM_FILLING", "SIGNED Seal")],
    [3, allowed("FORM_FILLING", "SIGNED Seal")],
    [0, notPermitted("FORM_FILLING", "SIGNED Seal")],
    [4, notPermitted("FORM_FILLING", "SIGNED Seal")],
  ])("a certification of level %s and a signature", async (level, expected) => {
    const file = await signedScene({}, { keys: certified(level) });
    await seal(file);
    expect(judge(file)["Leader"]).toEqual(expected);
  });

  test("a certification of level 1 lets the security store grow", async () => {
    const store = { [at.catalog]: { ...dict(at.catalog), DSS: {} } };
    expect(await afterwards([store], {}, { keys: certified(1) })).toEqual(allowed("LTA_UPDATES"));
  });

  test("the strictest of certification and locks counts, from its signature on", async () => {
    const locked = { [at.seal]: { ...dict(at.seal), Lock: { Action: "/Include", Fields: [text("X")], P: 1 } } };
    const file = await signedScene(locked, { keys: certified(2) });
    await seal(file);
    file.append(fillNumber("15", "15"));
    expect(judge(file)).toEqual({
      Leader: allowed("FORM_FILLING", "SIGNED Seal", "FILLED Number"),
      Seal: notPermitted("FORM_FILLING", "FILLED Number"),
    });
  });

  const lock = (keys: Dict): Objects => ({ [at.leader]: { ...dict(at.leader), Lock: keys } });
  test.each<[string, Dict, boolean]>([
    ["all", { Action: "/All" }, true],
    ["the field", { Action: "/Include", Fields: [text("Number")] }, true],
    ["a field of like name", { Action: "/Include", Fields: [text("Numb")] }, false],
    ["all but the field", { Action: "/Exclude", Fields: [text("Number")] }, false],
    ["all but another", { Action: "/Exclude", Fields: [text("Seal")] }, true],
  ])("a lock on %s", async (_, keys, closes) => {
    expect(await afterwards([fillNumber("15", "15")], lock(keys))).toEqual(
      closes ? refused("LOCKED field Number") : filled,
    );
  });

  test("a lock that came with a signature in its dictionary", async () => {
    const mdp = {
      Reference: [{ TransformMethod: "/FieldMDP", TransformParams: { Action: "/Include", Fields: [text("Number")] } }],
    };
    expect(await afterwards([fillNumber("15", "15")], {}, { keys: mdp })).toEqual(refused("LOCKED field Number"));
  });

  test("locks close fields to signing, and to new ones, but not to time-stamps", async () => {
    const file = await signedScene(lock({ Action: "/All" }));
    await seal(file);
    expect(judge(file)["Leader"]).toEqual(refused("LOCKED field Seal"));
    const added = { ...listed(41), 41: widget("Sig", "New", [0, 0, 0, 0]) };
    const grown = await signedScene(lock({ Action: "/All" }));
    await sign(grown, added, { field: 41, number: 40 });
    expect(judge(grown)["Leader"]).toEqual(refused("LOCKED field New"));
    const stamped = await signedScene(lock({ Action: "/All" }));
    await sign(stamped, added, { field: 41, number: 40, keys: { Type: "/DocTimeStamp", SubFilter: "/ETSI.RFC3161" } });
    expect(judge(stamped)["Leader"]).toEqual(allowed("LTA_UPDATES", "NEW_SIGNATURE_FIELD New"));
  });

  test("a new field under a locked parent", async () => {
    const base = {
      43: { T: text("Group"), Kids: [ref(44)] },
      44: widget("Sig", "Old", [0, 0, 0, 0], { Parent: ref(43) }),
      ...form({ Fields: [...fields, ref(43)] }),
      ...lock({ Action: "/Include", Fields: [text("Group")] }),
    };
    const file = await signedScene(base);
    const child = widget("Sig", "New", [0, 0, 0, 0], { Parent: ref(43) });
    await sign(file, { 43: { T: text("Group"), Kids: [ref(44), ref(41)] }, 41: child }, { field: 41, number: 40 });
    expect(judge(file)["Leader"]).toEqual(refused("LOCKED field Group.New"));
  });

  test("a time-stamp's own revision is not an approval of values", async () => {
    const file = fileOf(fillNumber("15", "15"));
    await sign(
      file,
      { [at.leader]: withLooks(file, at.leader, at.looks) },
      { keys: { Type: "/DocTimeStamp", SubFilter: "/ETSI.RFC3161" } },
    );
    file.append(fillNumber("16", "16"));
    expect(judge(file)["Leader"]).toEqual(filled);
  });
});
