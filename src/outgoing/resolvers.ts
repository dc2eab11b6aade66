import type { Done } from "../auth/once.ts";
import type { Context } from "../context.ts";
import { SigningCredential } from "../credentials/entities.ts";
import { notFound } from "../errors.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import { selectedOfNodes } from "../graphql/selection.ts";
import type { Attachment, Resolvers } from "../graphql/types.ts";
import { readIncomingDocument } from "../incoming/queries.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";
import { draftOutgoingDocument, reviseDraft } from "./drafting.ts";
import { cancelOutgoingDocument, completeAnswered, dispatchOutgoingDocument } from "./issuing.ts";
import { numberOutgoingDocument } from "./numbering.ts";
import {
  answersTo,
  type OutgoingRow,
  outgoingDocuments,
  readOutgoingDocument,
  readRecipient,
  readReview,
  readRevision,
} from "./queries.ts";
import { reviewDraft, submitForReview } from "./review.ts";
import { sealOutgoingDocument } from "./sealing.ts";
import { signOutgoingDocument } from "./signing.ts";
import { submitForSignature } from "./submission.ts";

/** What was done may be no longer the viewer's to see, as when a request is repeated from another office. */
async function read(ctx: Context, id: string): Promise<OutgoingRow> {
  const document = await readOutgoingDocument(ctx, id);
  if (!document) throw notFound("OutgoingDocument");
  return document;
}

/** A mutation on a document that exists: does it and answers with the document as it is then. */
const acting =
  <Input extends { readonly outgoingDocumentId: string }>(command: (ctx: Context, input: Input) => Promise<Done>) =>
  async (_: unknown, { input }: { input: Input }, ctx: Context) => {
    await command(ctx, input);
    return { outgoingDocument: await read(ctx, fromGlobalId("OutgoingDocument", input.outgoingDocumentId)) };
  };

const part = async <K extends "revisions" | "file" | "signatures" | "reviews" | "recipients" | "attachments">(
  document: OutgoingRow,
  name: K,
  ctx: Context,
) =>
  (document[name] === undefined ? (await read(ctx, document.id))[name] : document[name]) as NonNullable<OutgoingRow[K]>;

const person = async (ctx: Context, id: string) => (await ctx.load(Appointment, id))!;

export const outgoing: Resolvers = {
  Query: {
    outgoingDocuments: (_, args, ctx, info) => outgoingDocuments(ctx, args, selectedOfNodes(info)),
  },
  Mutation: {
    draftOutgoingDocument: async (_, { input }, ctx) => {
      const { id } = await draftOutgoingDocument(ctx, input);
      return { outgoingDocument: await read(ctx, id) };
    },
    reviseDraft: acting(reviseDraft),
    submitForReview: acting(submitForReview),
    reviewDraft: acting(reviewDraft),
    submitForSignature: acting(submitForSignature),
    signOutgoingDocument: acting(signOutgoingDocument),
    numberOutgoingDocument: acting(numberOutgoingDocument),
    sealOutgoingDocument: acting(sealOutgoingDocument),
    cancelOutgoingDocument: acting(cancelOutgoingDocument),
    dispatchOutgoingDocument: acting(dispatchOutgoingDocument),
    completeIncomingDocument: async (_, { input }, ctx) => {
      await completeAnswered(ctx, input);
      const id = fromGlobalId("IncomingDocument", input.incomingDocumentId);
      return { incomingDocument: (await readIncomingDocument(ctx, id))! };
    },
  },
  OutgoingDocument: {
    id: ({ id }) => toGlobalId("OutgoingDocument", id),
    type: ({ typeCode }) => requireDocumentType(typeCode),
    register: async (document, _, ctx) =>
      (document.register as DocumentRegister | undefined) ?? (await ctx.load(DocumentRegister, document.registerId)),
    drafter: ({ drafterId }, _, ctx) => person(ctx, drafterId),
    signer: ({ signerId }, _, ctx) => ctx.load(Appointment, signerId),
    signatureBlock: ({ block }) => block ?? null,
    revisions: (document, _, ctx) => part(document, "revisions", ctx),
    file: (document, _, ctx) => part(document, "file", ctx),
    signatures: (document, _, ctx) => part(document, "signatures", ctx),
    reviews: (document, _, ctx) => part(document, "reviews", ctx),
    recipients: (document, _, ctx) => part(document, "recipients", ctx),
    attachments: async (document, _, ctx) => (await part(document, "attachments", ctx)) as Attachment[] as never,
    answersTo: async ({ answersToId }, _, ctx) =>
      answersToId ? ((await readIncomingDocument(ctx, answersToId)) ?? null) : null,
  },
  Revision: {
    id: ({ id }) => toGlobalId("Revision", id),
    by: ({ byId }, _, ctx) => person(ctx, byId),
  },
  DocumentSignature: {
    signer: ({ signerId }, _, ctx) => person(ctx, signerId),
    credential: async ({ credentialId }, _, ctx) => (await ctx.load(SigningCredential, credentialId))!,
    signatureBlock: ({ block }) => block,
  },
  Review: {
    id: ({ id }) => toGlobalId("Review", id),
    reviewer: ({ reviewerId }, _, ctx) => person(ctx, reviewerId),
  },
  Recipient: {
    id: ({ id }) => toGlobalId("Recipient", id),
    agency: ({ recipientId }, _, ctx) => ctx.load(Agency, recipientId),
  },
  IncomingDocument: { answers: ({ id }, _, ctx) => answersTo(ctx, id) },
};

export const outgoingNodes = {
  OutgoingDocument: readOutgoingDocument,
  Revision: readRevision,
  Review: readReview,
  Recipient: readRecipient,
};
