import { reportOf } from "../files/pdf-verification.ts";
import type { Resolvers } from "../graphql/types.ts";
import { publicDossier, verifyResult } from "./queries.ts";
import { checkStored, largestPublicPdf } from "./signatures.ts";

export const verification: Resolvers = {
  Query: {
    publicDossier: (_, { code, secret }, ctx) => publicDossier(ctx, code, secret),
    verifyResult: (_, { code, sha256 }, ctx) => verifyResult(ctx, code, sha256),
  },
  ResultVerification: {
    isGenuine: ({ known }) => known !== null,
    issuedAt: ({ known }) => known?.issuedAt ?? null,
    agencyName: ({ known }) => known?.agencyName ?? null,
    referenceCode: ({ known }) => known?.referenceCode ?? null,
    verification: async ({ known, sha256 }, _, ctx) =>
      known && known.size <= largestPublicPdf ? reportOf(await checkStored(ctx, sha256)) : null,
  },
};
