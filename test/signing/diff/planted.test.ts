import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { contentRecipes } from "../attacks/content-recipes.ts";
import { catalogRecipes, structureRecipes } from "../attacks/file-recipes.ts";
import { formRecipes, lateFormRecipes } from "../attacks/form-recipes.ts";
import { Target } from "../attacks/target.ts";
import { certifiedFile, ownFile } from "../attacks/targets.ts";
import { styles } from "../attacks/values.ts";
import { during, root } from "../authorities.ts";

const options = { anchors: [root], at: during };
const recipes = [...contentRecipes, ...formRecipes, ...lateFormRecipes, ...catalogRecipes, ...structureRecipes];
const packed = { style: styles[0]!, section: "stream", packed: true, complete: false } as const;
const targets = [await ownFile("table"), await ownFile("stream"), await certifiedFile(), await certifiedFile(packed)];
const project = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-"));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');
afterAll(() => rmSync(folder, { recursive: true }));

/** A bug in the rules, and an attack that no longer fails with it: so it is that rule which catches the attack. */
test.each([
  ["referrers are forgotten", "references.ts", "put(this.#referrers, target, number)", "void target", "font replaced"],
  [
    "fields may be changed",
    "fields.ts",
    'step.equalExcept(a, b, new Set(["Kids", "Ff", "Type", "M", "Rect"]), where)',
    "",
    "waiting field renamed",
  ],
  [
    "members of object streams are forgotten",
    "references.ts",
    "changed.add(member)",
    "void member",
    "object stream overridden",
  ],
  [
    "streams are compared by their dictionaries alone",
    "comparison.ts",
    "a.sameBytes(b)",
    "true",
    "content replaced by as many bytes",
  ],
  ["pages are not compared", "history.ts", "comparePages(step);", "", "page turned"],
  ["the catalog is not compared", "history.ts", "compareCatalog(step);", "", "script on opening"],
  [
    "the document's description may hold anything",
    "catalog.ts",
    "else step.refuse(`CHANGED Info/${key}`)",
    "",
    "title that is more than a text",
  ],
  [
    "the structure is not compared",
    "catalog.ts",
    "compareStructure(step, a.get",
    "false && compareStructure(step, a.get",
    "structure element emptied",
  ],
  [
    "the store takes anything that is a stream",
    "security-store.ts",
    "bytes[0] === 0x30 && isFilled(bytes)",
    "true",
    "DSS with something that is not DER",
  ],
  [
    "the store takes streams with any keys",
    "security-store.ts",
    "!streamKeys.has(key)",
    "false",
    "DSS with keys of an action",
  ],
  [
    "actions of new fields are overlooked",
    "new-fields.ts",
    'widget.get("AA") !== undefined',
    "false",
    "new signature that runs a script",
  ],
  [
    "widgets may cover text",
    "cover.ts",
    "covered >= coveredWord",
    "false",
    "new signature writes over signed text (sneaky appearance)",
  ],
  [
    "values need not be what is shown",
    "fields.ts",
    'showing === "otherwise"',
    "false",
    "text field filled with something else than it shows",
  ],
  [
    "comments are not compared",
    "pages.ts",
    "compareAnnotations(step, ref",
    "false && compareAnnotations(step, ref",
    "Link annotation added",
  ],
  ["metadata may be anything", "metadata.ts", 'isWellFormed(text.toString("utf8"))', "true", "metadata that is no XML"],
] as const)("%s", async (name, file, code, broken, attack) => {
  const copy = join(folder, name.replaceAll(/\W/g, "-"));
  cpSync(join(project, "signing"), copy, { recursive: true });
  const path = join(copy, "diff", file);
  const source = readFileSync(path, "utf8");
  expect(source.split(code)).toHaveLength(2);
  writeFileSync(path, source.replace(code, broken));
  const module = (await import(pathToFileURL(join(copy, "validate/verify.ts")).href)) as {
    verifyPdf: typeof verifyPdf;
  };
  const recipe = recipes.find((each) => each.name === attack)!;
  const attacked = await Promise.all(targets.map((bytes) => recipe.apply(new Target(bytes))));
  // What is doubtful in the file as a whole is another matter: these rules speak for each signature.
  const outcome = (verify: typeof verifyPdf) =>
    attacked.map((bytes) => {
      const { signatures, integrity } = bytes ? verify(bytes, options) : { signatures: [], integrity: undefined };
      const pass = signatures.length > 0 && signatures.every((each) => each.integrity === "PASS");
      return pass ? "PASS" : integrity;
    });
  expect(outcome(verifyPdf)).not.toContain("PASS");
  expect(outcome(module.verifyPdf)).toContain("PASS");
});
