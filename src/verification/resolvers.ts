import { notFound } from "../errors.ts";
import { readFile } from "../files/access.ts";
import { File } from "../files/entities.ts";
import { hexOf } from "../files/records.ts";
import { reportOf } from "../files/signature-reports.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { assertCheckable, checksOf, newestCheck, refreshSignatureCheck } from "./checking.ts";
import { publicDossier, verifyResult } from "./queries.ts";
import { suggestedReturnReason } from "./rules.ts";
import { checkStored, largestPublicPdf } from "./signatures.ts";

export const verification: Resolvers = {
  Query: {
    publicDossier: (_, { code, secret }, ctx) => publicDossier(ctx, code, secret),
    verifyResult: (_, { code, sha256 }, ctx) => verifyResult(ctx, code, sha256),
    fileSignatures: async (_, { fileId }, ctx) => {
      const file = await readFile(ctx, fromGlobalId("File", fileId));
      if (!file) throw notFound("File");
      assertCheckable(file.size);
      return reportOf(await checkStored(ctx, hexOf(file.sha256)));
    },
  },
  Mutation: {
    refreshSignatureCheck: async (_, { input }, ctx) => {
      await refreshSignatureCheck(ctx, input);
      return { check: (await newestCheck(ctx, fromGlobalId("File", input.fileId)))! };
    },
  },
  IncomingDocument: { signatureChecks: ({ id }, _, ctx) => checksOf(ctx, "incoming_file", "document_id", id) },
  Arrival: { signatureChecks: ({ id }, _, ctx) => checksOf(ctx, "arrival_file", "arrival_id", id) },
  SignatureCheck: {
    file: async ({ fileId }, _, ctx) => (await ctx.load(File, fileId))!,
    report: ({ verdict }) => verdict ?? null,
    material: ({ materialSha256 }) => (materialSha256 ? hexOf(materialSha256) : null),
    suggestedReturnReason: ({ verdict }) => (verdict ? suggestedReturnReason(verdict) : null),
    reportUrl: ({ fileId }) => `/signature-reports/${toGlobalId("File", fileId)}.pdf`,
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
