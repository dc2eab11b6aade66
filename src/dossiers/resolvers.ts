import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import { fileOf } from "../files/records.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import { selectedOfNodes } from "../graphql/selection.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { Procedure } from "../procedures/entities.ts";
import { advanceDossier, linkDossierDocument, returnDossierResult } from "./commands.ts";
import {
  type DossierRow,
  dossiers,
  dossiersOfDocument,
  type LinkedDocument,
  readDossier,
  readDossierResult,
} from "./queries.ts";
import { makeReceipt } from "./receipt.ts";
import { receiveDossier } from "./reception.ts";

/** What was done may be no longer the viewer's to see, as when a request is repeated from another office. */
async function read(ctx: Context, id: string): Promise<DossierRow> {
  const dossier = await readDossier(ctx, id);
  if (!dossier) throw notFound("Dossier");
  return dossier;
}

type Part = "history" | "documents" | "results" | "currentStep";

const part = async <K extends Part>(ctx: Context, row: DossierRow, name: K) =>
  row[name] !== undefined ? row[name] : (await read(ctx, row.id))[name];

/** The viewer's agency's copy of the receipt, made now if that failed when the dossier was received. */
async function receiptOf(ctx: Context, row: DossierRow) {
  const id = (dossier: DossierRow) =>
    dossier.receivedByAgencyId === ctx.agencyId ? dossier.receiptFileId : dossier.competentReceiptFileId;
  const made = id(row);
  if (made) return (await fileOf(ctx, made))!;
  await makeReceipt(ctx, row.id);
  return (await fileOf(ctx, id(await read(ctx, row.id))!))!;
}

/** What a link leads to, as far as the viewer may read it. */
async function linked(ctx: Context, { relation, incomingDocumentId, outgoingDocumentId }: LinkedDocument) {
  const readNode = (type: string, id: string | null | undefined) => (id ? ctx.services.readNode(ctx, type, id) : null);
  const [incomingDocument, outgoingDocument] = await Promise.all([
    readNode("IncomingDocument", incomingDocumentId),
    readNode("OutgoingDocument", outgoingDocumentId),
  ]);
  return incomingDocument || outgoingDocument ? { relation, incomingDocument, outgoingDocument } : null;
}

export const dossierResolvers: Resolvers = {
  Query: { dossiers: (_, args, ctx, info) => dossiers(ctx, args, selectedOfNodes(info)) },
  Mutation: {
    receiveDossier: async (_, { input }, ctx) => {
      const { id, secret } = await receiveDossier(ctx, input);
      return { dossier: await read(ctx, id), secret };
    },
    advanceDossier: async (_, { input }, ctx) => {
      await advanceDossier(ctx, input);
      return { dossier: await read(ctx, fromGlobalId("Dossier", input.dossierId)) };
    },
    linkDossierDocument: async (_, { input }, ctx) => {
      await linkDossierDocument(ctx, input);
      return { dossier: await read(ctx, fromGlobalId("Dossier", input.dossierId)) };
    },
    returnDossierResult: async (_, { input }, ctx) => {
      await returnDossierResult(ctx, input);
      return { dossier: await read(ctx, fromGlobalId("Dossier", input.dossierId)) };
    },
  },
  Dossier: {
    id: ({ id }) => toGlobalId("Dossier", id),
    procedure: async ({ procedureId }, _, ctx) => (await ctx.load(Procedure, procedureId))!,
    receivedBy: async ({ receivedByAgencyId }, _, ctx) => (await ctx.load(Agency, receivedByAgencyId))!,
    competentAgency: async ({ agencyId }, _, ctx) => (await ctx.load(Agency, agencyId))!,
    currentStep: async (dossier, _, ctx) => (await part(ctx, dossier, "currentStep")) as never,
    history: async (dossier, _, ctx) => (await part(ctx, dossier, "history"))!,
    documents: async (dossier, _, ctx) => {
      const links = (await part(ctx, dossier, "documents"))!;
      return (await Promise.all(links.map((link) => linked(ctx, link)))).filter((each) => each !== null) as never;
    },
    results: async (dossier, _, ctx) => (await part(ctx, dossier, "results"))!,
    receipt: (dossier, _, ctx) => receiptOf(ctx, dossier),
  },
  DossierEvent: { by: ({ byId }, _, ctx) => ctx.load(Appointment, byId) },
  DossierResult: {
    id: ({ id }) => toGlobalId("DossierResult", id),
    dossier: ({ dossierId }, _, ctx) => read(ctx, dossierId),
    file: ({ file }) => file as never,
    outgoingDocument: async ({ outgoingDocumentId }, _, ctx) =>
      (await ctx.services.readNode(ctx, "OutgoingDocument", outgoingDocumentId)) as never,
  },
  IncomingDocument: { dossiers: ({ id }, _, ctx) => dossiersOfDocument(ctx, "incoming_document_id", id) },
  OutgoingDocument: { dossiers: ({ id }, _, ctx) => dossiersOfDocument(ctx, "outgoing_document_id", id) },
};

export const dossierNodes = { Dossier: readDossier, DossierResult: readDossierResult };
