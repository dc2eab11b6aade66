import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Agency, Appointment, Person } from "../organization/entities.ts";
import { columns } from "../sql.ts";
import { createApiToken, revokeApiToken, signIn, signOut } from "./commands.ts";
import { ApiToken } from "./entities.ts";

export const auth: Resolvers = {
  Query: { viewer: (_, _args, ctx) => ctx.viewer },
  Mutation: {
    signIn: async (_, { input }, ctx) => {
      const { viewer, token, expiresAt } = await signIn(ctx, input);
      ctx.setSession?.(token, expiresAt);
      return { viewer };
    },
    signOut: async (_, _args, ctx) => {
      await signOut(ctx);
      ctx.setSession?.(null, null);
      return { ok: true };
    },
    createApiToken: async (_, { input }, ctx) => {
      const { id, token } = await createApiToken(ctx, input);
      return { apiToken: (await ctx.load(ApiToken, id))!, token };
    },
    revokeApiToken: async (_, { input }, ctx) => {
      const id = await revokeApiToken(ctx, input);
      return { apiToken: (await ctx.load(ApiToken, id))! };
    },
  },
  Viewer: {
    person: async ({ personId }, _, ctx) => (await ctx.load(Person, personId))!,
    appointment: async ({ appointmentId }, _, ctx) => (await ctx.load(Appointment, appointmentId))!,
    agency: async ({ agencyId }, _, ctx) => (await ctx.load(Agency, agencyId))!,
    permissions: ({ permissions }) => [...permissions].sort(),
    apiTokens: ({ personId }, _, ctx) =>
      ctx.read<ApiToken>(
        `select ${columns(ctx.services.orm, ApiToken).list} from api_token where person_id = $1 order by created_at desc`,
        [personId],
      ),
  },
  ApiToken: { id: ({ id }) => toGlobalId("ApiToken", id) },
};

export const authNodes = { ApiToken };
