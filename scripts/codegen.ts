// schema.graphql → src/graphql/types.ts. `--check` fails when the committed file is not what the schema gives.
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as resolvers from "@graphql-codegen/typescript-resolvers";
import { parse } from "graphql";
import { mappers } from "../src/graphql/mappers.ts";

const target = new URL("../src/graphql/types.ts", import.meta.url);
const source = readFileSync(new URL("../schema.graphql", import.meta.url), "utf8");

const config = {
  contextType: "../context.ts#Context",
  mappers,
  enumsAsConst: true,
  useTypeImports: true,
  importExtension: ".ts",
  emitLegacyCommonJSImports: false,
  namingConvention: "keep",
  avoidOptionals: { defaultValue: true },
  inputMaybeValue: "T | null | undefined",
  maybeValue: "T | null | undefined",
  scalars: {
    ID: { input: "string", output: "string" },
    Date: { input: "string", output: "string" },
    DateTime: { input: "Date", output: "Date | string" },
    Sha256: { input: "string", output: "string" },
    JSON: { input: "unknown", output: "unknown" },
  },
};

const body = await codegen({
  filename: "types.ts",
  schema: parse(source),
  documents: [],
  config,
  plugins: [{ typescript: {} }, { resolvers: {} }],
  pluginMap: { typescript: typescript as never, resolvers: resolvers as never },
});
const text = `// Made from schema.graphql by \`npm run codegen\`; not to be edited.\n/* eslint-disable */\n${body}`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("src/graphql/types.ts is not what schema.graphql gives: run `npm run codegen`.");
    process.exit(1);
  }
} else writeFileSync(target, text);
