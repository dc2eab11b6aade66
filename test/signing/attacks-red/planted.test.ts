import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { verifyAndLook } from "../../../signing/visual/second-opinion.ts";
import { during, root } from "../authorities.ts";
import { addSignature, append, at, stream, waiting, type Objects } from "../verify-documents.ts";
import { agency, looks, newWidget, overTitle, signedWith, signInNew } from "./bases.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-looks-"));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');
afterAll(() => rmSync(folder, { recursive: true }));

const white = looks("1 g 0 0 255 30 re f");
const letters = Array.from(
  { length: 20 },
  (_, i) => `${60 + 10 * i} 700 m ${64 + 10 * i} 709 l ${68 + 10 * i} 700 l f`,
);
const outlined: Objects = { [at.text]: stream("", letters.join(" ")) };
const covered = await signInNew(newWidget("55 690 160 715"), { 42: white }, await signedWith(outlined));
const wide = { [at.seal]: waiting.seal().replace("260 100 320 160", overTitle) };
const sealed = await addSignature(await signedWith(wide), {
  signer: agency,
  number: 30,
  objects: { [at.seal]: wide[at.seal]!.replace("/F 4", "/F 4 /V 30 0 R /AP <</N 31 0 R>>"), 31: white },
});
const fill = async (content: string, before = "") =>
  append(await signedWith(), {
    [at.number]: waiting.number("/V (15) /AP <</N 32 0 R>>"),
    32: looks(`${before} BT /F1 12 Tf 2 4 Td (15) Tj ET ${content}`, "/Font <</F1 5 0 R>> /XObject <</Im 10 0 R>>"),
  });
const always = { anchors: [root], at: during, look: "always" } as const;
const neverDrawn = { ...always, milliseconds: -1 } as const;

/** A bug in a rule, and an attack that passes with it: so it is that rule which catches the attack. */
test.each([
  [
    "pictures may be covered",
    "diff/cover.ts",
    "return pictures.some(",
    "return pictures.slice(0, 0).some(",
    covered,
    neverDrawn,
  ],
  [
    "waiting fields may hide text",
    "diff/known-places.ts",
    "text.contentWords(base, page.ref).some(isChanged)",
    "false",
    sealed,
    neverDrawn,
  ],
  [
    "fields may show pictures",
    "diff/shown-value.ts",
    'if (item.kind === "image" || (',
    'if (item.kind === "image") continue; if ((',
    await fill("q 9 0 0 9 60 0 cm /Im Do Q"),
    neverDrawn,
  ],
  [
    "fields may write by areas",
    "diff/shown-value.ts",
    "|| !isFurniture(item, frame, hasRows)",
    "",
    await fill("60 2 2 16 re f 62 16 10 2 re f"),
    neverDrawn,
  ],
  ["fields may write in white", "diff/words.ts", "this.#isFaint ||= isFaint;", "", await fill("", "1 g"), neverDrawn],
  ["what is hidden is not seen", "visual/hidden-ink.ts", "< readable", "< -1", covered, always],
] as const)("%s", async (name, file, code, broken, attacked, options) => {
  const copy = join(folder, name.replaceAll(/\W/g, "-"));
  cpSync(join(project, "signing"), copy, { recursive: true });
  const source = readFileSync(join(copy, file), "utf8");
  expect(source.split(code)).toHaveLength(2);
  writeFileSync(join(copy, file), source.replace(code, broken));
  const module = (await import(pathToFileURL(join(copy, "visual/second-opinion.ts")).href)) as {
    verifyAndLook: typeof verifyAndLook;
  };
  expect((await verifyAndLook(attacked, options)).integrity).toBe("INDETERMINATE");
  expect((await module.verifyAndLook(attacked, options)).integrity).toBe("PASS");
});
