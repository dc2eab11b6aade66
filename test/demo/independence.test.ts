import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
/** What a client program may use besides Node itself: something to write its own letter with. */
const packages = /^(pdf-lib|@pdf-lib\/fontkit)$/;

const files = readdirSync(join(root, "demo"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("demo", name));

/** Modules that a source names, in whatever way, that lie outside demo/ and are not allowed. */
function foreign(path: string, source: string): string[] {
  const named = [
    ...source.matchAll(/(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\(|\bresolve\s*\()\s*["'`]([^"'`]+)["'`]/g),
  ].map((match) => match[1]!);
  return named.filter((name) => {
    if (name.startsWith(".")) return relative(join(root, "demo"), resolve(root, dirname(path), name)).startsWith("..");
    return !name.startsWith("node:") && !packages.test(name) && !name.startsWith("@expo-google-fonts/");
  });
}

test("the demo client knows the server by HTTP alone", () => {
  expect(files.length).toBeGreaterThan(15);
  expect(
    files.flatMap((path) => foreign(path, readFileSync(join(root, path), "utf8")).map((name) => `${path}: ${name}`)),
  ).toEqual([]);
});

test("the command line is run as a program, never imported", () => {
  const mentions = files.flatMap((path) =>
    [
      ...readFileSync(join(root, path), "utf8").matchAll(
        /["'`]((?:\.\.\/)*(?:src|axis|signing|storage)\/[^"'`]*)["'`]/g,
      ),
    ].map((match) => match[1]),
  );
  expect(mentions.sort()).toEqual(["src/cli.ts", "src/main.ts"]);
});

test("a forbidden import is found, however it is written", () => {
  const planted = [
    'import { verifyPdf } from "../signing/index.ts";',
    'import type { Config } from "../src/config.ts";',
    'export * from "../../axis/index.ts";',
    'const { start } = await import("../src/run.ts");',
    'import "../storage/index.ts";',
    'import { Client } from "pg";',
  ];
  for (const source of planted) expect(foreign("demo/run.ts", source), source).toHaveLength(1);
});
