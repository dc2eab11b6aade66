import { readFileSync } from "node:fs";
import { makeExecutableSchema } from "@graphql-tools/schema";
import { type GraphQLSchema, isObjectType } from "graphql";
import type { Context } from "../context.ts";
import { modules, nodes } from "../modules.ts";
import { changes } from "./changes.ts";
import { parseGlobalId } from "./ids.ts";
import { scalars } from "./scalars.ts";
import type { CountsWhenAsked } from "./pages.ts";

const typeDefs = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

/** Reads an object by type and UUID as the viewer may see it; undefined where there is none. */
export async function readNode(ctx: Context, type: string, id: string): Promise<{ __typename: never } | null> {
  const reader = nodes[type];
  if (!reader || !ctx.viewer) return null;
  // An entity that everybody of the agency may see is loaded; others say themselves who may.
  const isEntity = ctx.services.orm.getMetadata().has(reader as never);
  const found = isEntity ? await ctx.load(reader as never, id) : await (reader as NodeReader)(ctx, id);
  return found ? ({ ...(found as object), __typename: type } as never) : null;
}

export type NodeReader = (ctx: Context, id: string) => Promise<object | undefined | null>;

const node = {
  Query: {
    node: (_: unknown, { id }: { id: string }, ctx: Context) => {
      const parsed = parseGlobalId(id);
      return parsed ? readNode(ctx, parsed.type, parsed.id) : null;
    },
  },
  Node: { __resolveType: (value: { __typename: string }) => value.__typename },
};

function connections(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && type.name.endsWith("Connection"))
      type.getFields().total!.resolve = ({ total }: { total: CountsWhenAsked }) => total();
}

/** The executable schema: schema.graphql with the modules' resolvers; a resolver for a field it lacks stops the start. */
export const schema: GraphQLSchema = makeExecutableSchema({
  typeDefs,
  resolvers: [scalars, node, changes, ...modules] as never,
  resolverValidationOptions: { requireResolversToMatchSchema: "error" },
});
connections(schema);
