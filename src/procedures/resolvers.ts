import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Agency } from "../organization/entities.ts";
import { Procedure } from "./entities.ts";
import { procedures, stepsOf } from "./queries.ts";
import { printedComponent } from "./rules.ts";

export const procedureResolvers: Resolvers = {
  Query: { procedures: (_, args, ctx) => procedures(ctx, args) },
  Procedure: {
    id: ({ id }) => toGlobalId("Procedure", id),
    competentAgency: async ({ agencyId }, _, ctx) => (await ctx.load(Agency, agencyId))!,
    steps: ({ id }, _, ctx) => stepsOf(ctx, id),
    components: ({ components }) => components.map(printedComponent),
  },
};

export const procedureNodes = { Procedure };
