import { makeExecutableSchema } from "@graphql-tools/schema";
import type { GraphQLSchema } from "graphql";
import { canonicalJson } from "../../src/audit/canonical.ts";
import { type Context, requireViewer } from "../../src/context.ts";
import { badInput } from "../../src/errors.ts";
import { scalars } from "../../src/graphql/scalars.ts";

const typeDefs = `
  scalar Date
  scalar DateTime
  scalar Sha256
  scalar JSON
  interface Node { id: ID! }
  enum Colour { RED GREEN }
  input Filter { colour: Colour = GREEN, since: Date, names: [String!], inner: Filter }
  type Leaf implements Node { id: ID! name: String colour: Colour at: DateTime day: Date digest: Sha256 data: JSON }
  type Tree implements Node {
    id: ID! name: String! parent: Tree children: [Tree!]! leaves: [Leaf] page(first: Int = 20): TreeConnection!
    late: String fails: String failsNonNull: String! list: [String!] nested: [[Int]]
  }
  union Plant = Tree | Leaf
  type TreeConnection { edges: [TreeEdge!]! nodes: [Tree!]! total: Int! }
  type TreeEdge { cursor: String! node: Tree! }
  type Query {
    tree(id: ID = "1"): Tree
    leaf: Leaf!
    node(id: ID!): Node
    plants: [Plant!]!
    echo(text: String, n: Int, x: Float, on: Boolean, day: Date, at: DateTime, filter: Filter, colour: Colour): String
    refused: String
    broken: String
    brokenNonNull: String!
    slow(ms: Int!): String
    me: String
  }
  type Mutation { note(text: String!): [String!]! }
  type Subscription { ticks(count: Int!): Int! whoami: String! changes: String! fails: String! }
`;

interface TreeRecord {
  readonly id: string;
  readonly name: string;
  readonly list: readonly string[];
  readonly nested: readonly (readonly (number | null)[] | null)[];
}

const tree = (id: string): TreeRecord => ({
  id,
  name: `cây ${id}`,
  list: ["một", "hai"],
  nested: [[1, null], null, [2]],
});

const treeFields = {
  parent: ({ id }: TreeRecord) => (id === "1" ? null : tree("1")),
  children: ({ id }: TreeRecord) => (id.length > 6 ? [] : [tree(`${id}a`), tree(`${id}b`)]),
  leaves: () => [leaf, null, leaf],
  page: ({ id }: TreeRecord, { first }: { first: number }) => {
    const nodes = Array.from({ length: Math.min(first, 3) }, (_, index) => tree(`${id}${index}`));
    return { nodes, edges: nodes.map((node, index) => ({ cursor: String(index), node })), total: 3 };
  },
  late: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return "muộn";
  },
  fails: () => {
    throw badInput("fails", "Không được.", "No.");
  },
  failsNonNull: async () => {
    throw new Error("secret detail 42");
  },
};

const leaf = {
  id: "leaf",
  name: "lá “xanh”",
  colour: "GREEN",
  at: new Date("2026-11-21T01:02:03.004Z"),
  day: "2026-11-21",
  digest: Buffer.alloc(32, 0xab),
  data: { a: [1, "hai", null], __typename: "Leaf" },
};

const notes: string[] = [];

/** A small schema that has everything a query can meet; nothing of the province. */
export const sampleSchema: GraphQLSchema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    ...scalars,
    Tree: treeFields,
    Node: { __resolveType: (value: object) => ("digest" in value ? "Leaf" : "Tree") },
    Plant: { __resolveType: (value: object) => ("digest" in value ? "Leaf" : "Tree") },
    Query: {
      tree: (_: unknown, { id }: { id: string }) => tree(id),
      leaf: () => leaf,
      node: (_: unknown, { id }: { id: string }) => (id === "leaf" ? leaf : tree(id)),
      plants: () => [leaf, tree("9")],
      echo: (_: unknown, args: object) => canonicalJson(args),
      refused: () => {
        throw badInput("x", "Không được.", "No.");
      },
      broken: () => {
        throw new Error("password=hunter2 at /srv/app/secret.ts");
      },
      brokenNonNull: async () => {
        throw new TypeError("SELECT * FROM account");
      },
      slow: async (_: unknown, { ms }: { ms: number }) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return "xong";
      },
      me: (_: unknown, _args: unknown, ctx: Context) => ctx.viewer?.appointmentId ?? null,
    },
    Mutation: {
      note: async (_: unknown, { text }: { text: string }) => {
        await new Promise((resolve) => setTimeout(resolve, text.length));
        notes.push(text);
        return [...notes];
      },
    },
    Subscription: {
      ticks: {
        subscribe: async function* (_: unknown, { count }: { count: number }) {
          for (let tick = 1; tick <= count; tick++) yield { ticks: tick };
        },
      },
      whoami: {
        subscribe: async function* (_: unknown, _args: unknown, ctx: Context) {
          requireViewer(ctx);
          for (;;) {
            yield {};
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        },
        resolve: (_: unknown, _args: unknown, ctx: Context) => requireViewer(ctx).appointmentId,
      },
      fails: {
        subscribe: async function* () {
          yield { fails: "once" };
          throw new Error("password=hunter2");
        },
      },
      changes: {
        subscribe: (_: unknown, _args: unknown, ctx: Context) =>
          ctx.services.changes.subscribe(requireViewer(ctx).agencyId, ctx.signal ?? undefined),
        resolve: ({ act }: { act: string }) => act,
      },
    },
  },
});
