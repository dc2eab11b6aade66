import { requireViewer } from "../context.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { documentTypes } from "../organization/document-types.ts";
import { Appointment } from "../organization/entities.ts";
import { grantDelegation, revokeDelegation } from "./commands.ts";
import { Delegation } from "./entities.ts";
import { delegationsTo, signatureBlockOf } from "./queries.ts";

export const delegations: Resolvers = {
  Query: {
    signatureBlock: (_, { signerId }, ctx) => {
      requireViewer(ctx);
      return signatureBlockOf(ctx, fromGlobalId("Appointment", signerId), null, ctx.now());
    },
  },
  Mutation: {
    grantDelegation: async (_, { input }, ctx) => {
      const { id } = await grantDelegation(ctx, input);
      return { delegation: (await ctx.load(Delegation, id))! };
    },
    revokeDelegation: async (_, { input }, ctx) => {
      const id = await revokeDelegation(ctx, input);
      return { delegation: (await ctx.load(Delegation, id))! };
    },
  },
  Viewer: { delegations: ({ appointmentId }, _, ctx) => delegationsTo(ctx, appointmentId) },
  Delegation: {
    id: ({ id }) => toGlobalId("Delegation", id),
    grantor: async ({ grantorId }, _, ctx) => (await ctx.load(Appointment, grantorId))!,
    grantee: async ({ granteeId }, _, ctx) => (await ctx.load(Appointment, granteeId))!,
    documentTypes: ({ documentTypes: codes }) => documentTypes.filter(({ code }) => codes.includes(code)),
  },
  SignatureBlock: {
    lines: ({ lines }) => [...lines],
    delegation: ({ delegationId }, _, ctx) => ctx.load(Delegation, delegationId),
  },
};

export const delegationNodes = { Delegation };
