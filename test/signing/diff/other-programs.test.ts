import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, type Dict } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, looks, refused, scene, sign, signedScene } from "./scene.ts";

const seal = (keys: Dict): Objects => ({ [at.seal]: { ...(scene[at.seal] as Dict), ...keys } });

describe("the type of a widget that was written without one", () => {
  const bare = seal({ Type: undefined });

  test.each<[string, Objects, Objects, unknown]>([
    ["added", bare, seal({}), clean],
    ["added as another", bare, seal({ Type: "/Page" }), refused("CHANGED field Seal/Type")],
    ["added as no name", bare, seal({ Type: 1 }), refused("CHANGED field Seal/Type")],
    ["taken away", {}, bare, refused("CHANGED field Seal/Type")],
    ["made another", {}, seal({ Type: "/Page" }), refused("CHANGED field Seal/Type")],
    ["made right", seal({ Type: "/Page" }), seal({}), refused("CHANGED field Seal/Type")],
    ["kept as it was, wrong", seal({ Type: "/Page", M: 1 }), seal({ Type: "/Page", M: 1 }), clean],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test("is added to a field that is signed by another field's signature (PDFBox on what iText 7 and 8 signed)", async () => {
    const file = await signedScene({ [at.leader]: { ...(scene[at.leader] as Dict), Type: undefined } });
    await sign(file, { [at.leader]: { ...file.dict(at.leader), Type: "/Annot" } }, { field: at.seal, number: 40 });
    expect(judge(file)).toEqual({ Leader: allowed("FORM_FILLING", "SIGNED Seal"), Seal: clean });
  });
});

describe("a signature field that waited to be seen", () => {
  const signed = async (keys: Dict, base: Objects = {}) => {
    const file = await signedScene(base);
    await sign(file, seal(keys), { field: at.seal, number: 40 });
    return judge(file)["Leader"];
  };

  test("is signed and not to be seen (as @libpdf/core does)", async () => {
    expect(await signed({ Rect: [0, 0, 0, 0] })).toEqual(allowed("FORM_FILLING", "SIGNED Seal"));
    expect(await signed({ Rect: [7, 9, 7, 9] })).toEqual(allowed("FORM_FILLING", "SIGNED Seal"));
  });

  test.each<[string, Dict]>([
    ["a line upright", { Rect: [7, 1, 7, 9] }],
    ["a line that lies", { Rect: [1, 9, 7, 9] }],
    ["no rectangle", { Rect: undefined }],
    ["a rectangle that is none", { Rect: [0, 0, 0] }],
  ])("is signed and given %s", async (_, keys) => {
    expect(await signed(keys)).toEqual(refused("CHANGED field Seal/Rect"));
  });

  test("is made not to be seen, and not signed", async () => {
    expect(await afterwards([seal({ Rect: [0, 0, 0, 0] })])).toEqual(refused("CHANGED field Seal/Rect"));
  });

  test("hid words that its signing uncovers", async () => {
    const hiding = { Rect: [50, 760, 260, 790], AP: { N: ref(31) } };
    const base = { ...seal(hiding), 31: looks("1 g 0 0 100 20 re f") };
    expect(await signed({ ...hiding, Rect: [0, 0, 0, 0] }, base)).toMatchObject({
      level: "FORM_FILLING",
      doubts: [expect.stringMatching(/^FIELD_OVER_TEXT page/)],
    });
  });
});
