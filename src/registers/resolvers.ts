import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Appointment } from "../organization/entities.ts";
import { reserveNumber, setNumberingPolicy, voidNumber } from "./commands.ts";
import { DocumentRegister, NumberingPolicy, RegisterEntry } from "./entities.ts";
import { documentRegisters, numberingPolicies, registerEntries } from "./queries.ts";

export const registers: Resolvers = {
  Query: {
    documentRegisters: (_, args, ctx) => documentRegisters(ctx, args),
    numberingPolicies: (_, _args, ctx) => numberingPolicies(ctx),
  },
  Mutation: {
    setNumberingPolicy: async (_, { input }, ctx) => {
      const id = await setNumberingPolicy(ctx, input);
      return { numberingPolicy: (await ctx.load(NumberingPolicy, id))! };
    },
    reserveNumber: async (_, { input }, ctx) => {
      const { id } = await reserveNumber(ctx, input);
      return { entry: (await ctx.load(RegisterEntry, id))! };
    },
    voidNumber: async (_, { input }, ctx) => {
      await voidNumber(ctx, input);
      return { entry: (await ctx.load(RegisterEntry, fromGlobalId("RegisterEntry", input.entryId)))! };
    },
  },
  DocumentRegister: {
    id: ({ id }) => toGlobalId("DocumentRegister", id),
    entries: ({ id }, args, ctx) => registerEntries(ctx, id, args),
  },
  RegisterEntry: {
    id: ({ id }) => toGlobalId("RegisterEntry", id),
    register: async ({ registerId }, _, ctx) => (await ctx.load(DocumentRegister, registerId))!,
    document: ({ documentType, documentId }, _, ctx) =>
      (documentType && documentId ? ctx.services.readNode(ctx, documentType, documentId) : null) as never,
    by: async ({ byId }, _, ctx) => (await ctx.load(Appointment, byId))!,
  },
  NumberingPolicy: { id: ({ id }) => toGlobalId("NumberingPolicy", id) },
};

export const registerNodes = { DocumentRegister, NumberingPolicy, RegisterEntry };
