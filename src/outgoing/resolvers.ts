import type { Done } from "../auth/once.ts";
import { type Context, requireViewer } from "../context.ts";
import { SigningCredential } from "../credentials/entities.ts";
import { notFound } from "../errors.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import { selectedOfNodes } from "../graphql/selection.ts";
import type { Attachment, Resolvers } from "../graphql/types.ts";
import { readIncomingDocument } from "../incoming/queries.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { Agency, Appointment, Position } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";
import { defaultChain, isStepOf } from "./chain.ts";
import { draftOutgoingDocument, reviseDraft } from "./drafting.ts";
import { cancelOutgoingDocument, completeAnswered, dispatchOutgoingDocument } from "./issuing.ts";
import { numberOutgoingDocument } from "./numbering.ts";
import {
  answersTo,
  type OutgoingRow,
  type StepRow,
  outgoingDocuments,
  readOutgoingDocument,
  readRecipient,
  readReview,
  readRevision,
} from "./queries.ts";
import { reviewDraft, submitForReview } from "./review.ts";
import { confirmSigningStep, sealOutgoingDocument, signOutgoingDocument } from "./signing.ts";
import { setSigningChain } from "./steps.ts";
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

const part = async <
  K extends "revisions" | "file" | "signatures" | "signingChain" | "reviews" | "recipients" | "attachments",
>(
  document: OutgoingRow,
  name: K,
  ctx: Context,
) =>
  (document[name] === undefined ? (await read(ctx, document.id))[name] : document[name]) as NonNullable<OutgoingRow[K]>;

/** What a document's chain will be where none was set. */
const usualSteps = defaultChain.map((entry): StepRow => ({
  ...entry,
  status: "WAITING",
  field: null,
  reason: null,
  block: null,
  doneById: null,
  doneAt: null,
}));

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
    setSigningChain: acting(setSigningChain),
    confirmSigningStep: acting(confirmSigningStep),
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
    signingChain: async (document, _, ctx) => {
      const steps = await part(document, "signingChain", ctx);
      return steps.length > 0 ? steps : usualSteps;
    },
    awaitingMySignature: async (document, _, ctx) => {
      const steps = await part(document, "signingChain", ctx);
      return steps.some((step) => step.status === "READY" && isStepOf(requireViewer(ctx), step));
    },
    reviews: (document, _, ctx) => part(document, "reviews", ctx),
    recipients: (document, _, ctx) => part(document, "recipients", ctx),
    attachments: async (document, _, ctx) => (await part(document, "attachments", ctx)) as Attachment[] as never,
    answersTo: async ({ answersToId }, _, ctx) =>
      answersToId ? ((await readIncomingDocument(ctx, answersToId)) ?? null) : null,
  },
  Revision: {
    id: ({ id }) => toGlobalId("Revision", id),
    by: ({ byId }, _, ctx) => ctx.load(Appointment, byId),
  },
  SigningStep: {
    appointment: ({ appointmentId }, _, ctx) => ctx.load(Appointment, appointmentId),
    position: ({ positionId }, _, ctx) => ctx.load(Position, positionId),
    signatureBlock: ({ block }) => block,
    doneBy: ({ doneById }, _, ctx) => ctx.load(Appointment, doneById),
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
