import { describe, expect, test } from "vitest";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { contentRecipes, destructivePageRecipes } from "../attacks/content-recipes.ts";
import { brokenRecipes, catalogRecipes, destructiveCatalogRecipes, structureRecipes } from "../attacks/file-recipes.ts";
import { forgeryRecipes, wrappingRecipes } from "../attacks/forgery-recipes.ts";
import { destructiveFormRecipes, formRecipes, lateFormRecipes } from "../attacks/form-recipes.ts";
import { styles } from "../attacks/values.ts";
import { certifiedFile, ownFile } from "../attacks/targets.ts";
import { Target } from "../attacks/target.ts";
import { during, root } from "../authorities.ts";

const options = { anchors: [root], at: during };
const recipes = [
  ...contentRecipes,
  ...formRecipes,
  ...lateFormRecipes,
  ...catalogRecipes,
  ...structureRecipes,
  ...brokenRecipes,
  ...forgeryRecipes,
  ...wrappingRecipes,
  ...destructivePageRecipes,
  ...destructiveFormRecipes,
  ...destructiveCatalogRecipes,
];

const targets = {
  "our own file, tables": await ownFile("table"),
  "our own file, streams": await ownFile("stream"),
  "certified and tagged": await certifiedFile(),
  "certified and tagged, packed": await certifiedFile({
    style: styles[0]!,
    section: "stream",
    packed: true,
    complete: false,
  }),
};

describe.each(Object.entries(targets))("%s", (_, bytes) => {
  const target = new Target(bytes);
  const [first, last] = verifyPdf(bytes, options).signatures.map(({ field }) => field);

  test("is whole before it is attacked", () => {
    const { integrity, signatures } = verifyPdf(bytes, options);
    expect({ integrity, notes: signatures.map(({ notes }) => notes) }).toMatchObject({ integrity: "PASS" });
    expect(signatures).toHaveLength(2);
  });

  test.each(recipes)("$name", async ({ apply, deceives }) => {
    const attacked = await apply(target);
    if (!attacked) return; // This target has nothing of the kind.
    expect(attacked.equals(bytes)).toBe(false);
    const { integrity, indication, signatures } = verifyPdf(attacked, options);
    expect({ integrity, indication }).toEqual({ integrity: "FAIL", indication: "TOTAL-FAILED" });
    const name = deceives === "first" ? first : deceives === "last" ? last : undefined;
    // A signature that has gone has no verdict of its own; the file's then says so.
    const victims = signatures.filter(({ field }) => field === name);
    expect(victims.map((victim) => victim.integrity)).not.toContain("PASS");
  });
});

test("every recipe fits some target", async () => {
  const fits = await Promise.all(
    recipes.map(async ({ name, apply }) => {
      const results = await Promise.all(Object.values(targets).map((bytes) => apply(new Target(bytes))));
      return results.some((each) => each !== undefined) ? [] : [name];
    }),
  );
  expect(fits.flat()).toEqual([]);
  expect(recipes.length).toBeGreaterThan(150);
});
