import { SigningCredential } from "../credentials/entities.ts";
import { createHash } from "node:crypto";
import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { readOutgoingDocument, readRevision } from "../outgoing/queries.ts";
import { agentTicket } from "./agent.ts";
import { authorizeSignature, cancelSignature, completeSignature } from "./authorizing.ts";
import { prepareSignature, prepareSignatures } from "./preparing.ts";
import { readSigningSession } from "./queries.ts";

export const signing: Resolvers = {
  Mutation: {
    prepareSignature: async (_, { input }, ctx) => {
      const session = await prepareSignature(ctx, input);
      return { session, agent: await agentTicket(ctx, session) };
    },
    prepareSignatures: async (_, { input }, ctx) => ({ sessions: await prepareSignatures(ctx, input) }),
    authorizeSignature: async (_, { input }, ctx) => ({ sessions: await authorizeSignature(ctx, input) }),
    completeSignature: async (_, { input }, ctx) => ({ session: await completeSignature(ctx, input) }),
    cancelSignature: async (_, { input }, ctx) => ({ session: await cancelSignature(ctx, input) }),
  },
  SigningSession: {
    id: ({ id }) => toGlobalId("SigningSession", id),
    outgoingDocument: async ({ documentId }, _, ctx) => (await readOutgoingDocument(ctx, documentId))!,
    credential: async ({ credentialId }, _, ctx) => (await ctx.load(SigningCredential, credentialId))!,
    baseRevision: ({ baseSha256 }) => Buffer.from(baseSha256).toString("hex"),
    dtbs: ({ prepared }) => prepared?.toBeSigned ?? null,
    dtbsDigest: ({ prepared, digestAlgorithm }) =>
      prepared ? createHash(digestAlgorithm).update(Buffer.from(prepared.toBeSigned, "base64")).digest("hex") : null,
    challengeText: ({ challenge }) => challenge,
    revision: async ({ revisionId }, _, ctx) => (revisionId ? ((await readRevision(ctx, revisionId)) ?? null) : null),
  },
};

export const signingNodes = { SigningSession: readSigningSession };
