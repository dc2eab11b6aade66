import { buildSchema, execute, type ExecutionResult, type GraphQLSchema } from "graphql";
import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { Documents } from "../../src/graphql/documents.ts";
import { executor } from "../../src/graphql/jit.ts";
import { sampleSchema } from "./sample-schema.ts";

const context = { viewer: null } as Context;
type Variables = Readonly<Record<string, unknown>>;

/** What each of four executions of the same text gives: by graphql-js at first, compiled from the second one on. */
async function four(schema: GraphQLSchema, query: string, variables: Variables = {}): Promise<unknown[]> {
  const documents = new Documents(schema);
  const run = executor(schema);
  const results: unknown[] = [];
  for (let time = 0; time < 4; time++)
    results.push(comparable(await run(documents.operation(query, null, true), context, variables)));
  return results;
}

/** As it would be sent, errors in the order of their places: fields that fail at the same time have none of their own. */
function comparable({ data, errors }: ExecutionResult): unknown {
  const places = errors?.map(({ message, path, locations }) => JSON.stringify({ message, path, locations })).sort();
  return JSON.parse(JSON.stringify({ data, places }));
}

const cases: [query: string, variables?: Variables][] = [
  ["{ __typename tree { __typename id name parent { name } } }"],
  ["{ tree { children { name children { id } } leaves { name colour at day digest data } list nested late } }"],
  [
    "{ tree { page(first: 2) { total nodes { name } edges { cursor node { id page(first: 1) { nodes { late } } } } } } }",
  ],
  ["query($n: Int) { tree { page(first: $n) { nodes { name } } } }", { n: 1 }],
  ["query($n: Int = 3) { tree { page(first: $n) { nodes { name } } } }"],
  ['{ a: tree(id: "5") { name } b: tree(id: "6") { x: name, y: name } }'],
  ["{ plants { __typename ... on Tree { name children { id } } ... on Leaf { digest leafName: name } } }"],
  ['{ node(id: "leaf") { id ... on Leaf { at } ...t } } fragment t on Tree { name parent { id } }'],
  [
    "{ tree { ...a ...b } } fragment a on Tree { name parent { id } } fragment b on Tree { list parent { name } children { id } }",
  ],
  ["query($on: Boolean!) { tree { name @include(if: $on) list @skip(if: $on) } }", { on: true }],
  ["query($on: Boolean!) { tree { name @include(if: $on) list @skip(if: $on) } }", { on: false }],
  [
    "query($on: Boolean!) { tree { ...f @include(if: $on) ... @skip(if: $on) { list } id } } fragment f on Tree { name parent { name @skip(if: $on) } }",
    { on: true },
  ],
  [
    "query($on: Boolean!) { tree { ...f @include(if: $on) ... @skip(if: $on) { list } id } } fragment f on Tree { name parent { name @skip(if: $on) } }",
    { on: false },
  ],
  [
    '{ echo(text: "“dấu\\" \\\\ \\u2028 ${x} `", n: -3, x: 1e3, on: false, day: "2026-02-28", at: "2026-11-21T08:02:03+07:00", colour: RED) }',
  ],
  ['{ echo(filter: { since: "2026-01-01", names: "một", inner: { colour: RED } }) }'],
  [
    "query($f: Filter, $c: Colour, $a: DateTime) { echo(filter: $f, colour: $c, at: $a) }",
    { f: { names: ["a", "b"], inner: {} }, c: "RED", a: "2026-11-21T01:02:03Z" },
  ],
  ["query($f: Filter, $t: String) { echo(filter: $f, text: $t) }", { f: null }],
  ['query($s: String) { echo(filter: { names: ["x"], inner: { colour: GREEN } }, text: $s) }', { s: "chữ" }],
  ["{ tree { fails name } refused leaf { id } }"],
  ["{ tree { failsNonNull name } leaf { id } }"],
  ["{ leaf { id } brokenNonNull }"],
  ["{ tree { children { children { fails } } } }"],
  ['{ __schema { queryType { name fields { name } } } __type(name: "Leaf") { name interfaces { name } } }'],
];

test.each(cases)("compiled and interpreted alike: %s %o", async (query, variables) => {
  const [first, ...others] = await four(sampleSchema, query, variables);
  for (const other of others) expect(other).toEqual(first);
});

test.each([
  ["query($n: Int!) { tree { page(first: $n) { total } } }", {}],
  ["query($n: Int!) { tree { page(first: $n) { total } } }", { n: "1" }],
  ["query($n: Int!) { tree { page(first: $n) { total } } }", { n: 2 ** 40 }],
  ["query($f: Filter) { echo(filter: $f) }", { f: { unknown: 1 } }],
  ["query($f: Filter) { echo(filter: $f) }", { f: { since: "2026-02-30" } }],
  ["query($c: Colour) { echo(colour: $c) }", { c: "BLUE" }],
] as const)(
  "variables of the wrong type are refused by both, before anything is executed: %s %o",
  async (query, variables) => {
    for (const result of (await four(sampleSchema, query, variables)) as { data?: unknown; places: string[] }[]) {
      expect(result.data).toBeUndefined();
      expect(result.places).toHaveLength(1);
    }
  },
);

test("the comparison can fail: a function without a resolver is called by graphql-js alone (planted bug)", async () => {
  const schema = buildSchema("type Query { value: Inner } type Inner { text: String }");
  schema.getQueryType()!.getFields()["value"]!.resolve = () => ({ text: () => "called" });
  const [first, second] = await four(schema, "{ value { text } }");
  expect(first).toEqual({ data: { value: { text: "called" } } });
  expect(second).not.toEqual(first);
});

test("mutations are done one after the other by graphql-js, however often they come", async () => {
  const query = 'mutation { a: note(text: "0123456789") b: note(text: "b") }';
  const documents = new Documents(sampleSchema);
  const run = executor(sampleSchema);
  for (let time = 0; time < 3; time++) {
    const { data } = await run(documents.operation(query, null, false), context, {});
    expect((data!["b"] as string[]).slice(-2)).toEqual(["0123456789", "b"]);
  }
  const direct = await execute({ schema: sampleSchema, document: documents.operation(query, null, false).document });
  expect(direct.errors).toBeUndefined();
});

test("documents are kept by who may introspect, and no more of them than is bounded", () => {
  const documents = new Documents(sampleSchema);
  expect(documents.operation("{ me }", null, true)).toBe(documents.operation("{ me }", null, true));
  expect(documents.operation("{ me }", null, true)).not.toBe(documents.operation("{ me }", null, false));
  const first = documents.operation("{ leaf { id } }", null, false);
  for (let n = 0; n < 600; n++) documents.operation(`{ echo(n: ${n}) }`, null, false);
  expect(documents.operation("{ leaf { id } }", null, false)).not.toBe(first);
});
