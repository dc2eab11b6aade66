import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** The modules in their order: each may import from those before it only. */
const order = [
  "calendar",
  "organization",
  "audit",
  "auth",
  "delegations",
  "registers",
  "files",
  "incoming",
  "credentials",
  "outgoing",
  "signing",
  "exchange",
  "procedures",
  "dossiers",
  "verification",
];
/** Below all modules: what they stand on. Above all: what puts them together. */
const foundation = [
  "config.ts",
  "context.ts",
  "errors.ts",
  "ids.ts",
  "keys.ts",
  "migration-sql.ts",
  "services.ts",
  "sql.ts",
  "changes.ts",
  "tries.ts",
  "turns.ts",
  "graphql",
  "http",
  "forms",
];
const libraries = ["axis", "storage", "signing"];

const files = ["src", ...libraries].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function importsOf(path: string, source: string): Import[] {
  return [...source.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"/gms)].map((match) => ({
    from: path,
    to: relative(root, resolve(root, dirname(path), match[2]!)),
    isType: match[1] !== undefined,
  }));
}

/** Why an import goes the wrong way, or null. */
function fault({ from, to, isType }: Import): string | null {
  const [fromTop, fromPart = ""] = from.split("/");
  const [toTop, toPart = "", toFile = ""] = to.split("/");
  if (libraries.includes(fromTop!)) return toTop === fromTop ? null : "a library knows nothing of the rest";
  if (libraries.includes(toTop!)) return toPart === "index.ts" ? null : "a library has one door, its index.ts";
  if (foundation.includes(fromPart)) {
    if (isType || foundation.includes(toPart)) return null;
    // The schema is where the modules' resolvers come together.
    return from === "src/graphql/schema.ts" && toPart === "modules.ts" ? null : "what all stand on imports no module";
  }
  const here = order.indexOf(fromPart);
  if (here < 0) return null;
  const there = order.indexOf(toPart);
  if (there < 0) return foundation.includes(toPart) ? null : "a module imports other modules and what all stand on";
  if (there > here && !isType) return `${fromPart} comes before ${toPart}`;
  if (there !== here && toFile === "resolvers.ts") return "nobody imports another module's resolvers";
  if (from.endsWith("/rules.ts") && !/(rules|entities|document-types)\.ts$/.test(toFile) && !isType)
    return "rules are pure";
  return null;
}

test("imports go the right way", () => {
  const all = files.flatMap((path) => importsOf(path, readFileSync(join(root, path), "utf8")));
  expect(all.length).toBeGreaterThan(300);
  const faults = all.flatMap((each) => {
    const why = fault(each);
    return why ? [`${each.from} → ${each.to}: ${why}`] : [];
  });
  expect(faults).toEqual([]);
});

test("every folder of src is a module in the order, or known to stand below or above all", () => {
  const above = ["cli", "demo", "embedded"];
  const folders = new Set(
    files
      .filter((path) => path.startsWith("src/"))
      .map((path) => path.split("/")[1]!)
      .filter((part) => !part.endsWith(".ts")),
  );
  expect([...folders].filter((folder) => ![...order, ...foundation, ...above].includes(folder))).toEqual([]);
});

test("a wrong import is found", () => {
  const planted: [string, string][] = [
    ["src/incoming/commands.ts", '"../exchange/commands.ts"'],
    ["src/exchange/commands.ts", '"../incoming/resolvers.ts"'],
    ["src/context.ts", '"./incoming/commands.ts"'],
    ["signing/sign/sign.ts", '"../../src/errors.ts"'],
    ["src/outgoing/commands.ts", '"../../signing/sign/sign.ts"'],
  ];
  for (const [path, target] of planted)
    expect(importsOf(path, `import { x } from ${target};`).map(fault), path).not.toEqual([null]);
});
