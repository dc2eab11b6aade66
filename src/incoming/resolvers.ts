import { notFound } from "../errors.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import { selectedOf, selectedOfNodes } from "../graphql/selection.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";
import { assignIncomingDocument, reportProgress, returnIncomingDocument } from "./commands.ts";
import type { ProgressNote } from "./entities.ts";
import {
  type IncomingRow,
  incomingDocuments,
  loadIncomingDocument,
  myAssignments,
  possibleDuplicates,
  readAssignment,
  readDirective,
  readIncomingDocument,
} from "./queries.ts";
import type { Context } from "../context.ts";
import { registerIncomingDocument } from "./registration.ts";

/** What was done may be no longer the viewer's to see, as when a request is repeated from another office. */
async function read(ctx: Context, id: string, wanted?: ReadonlySet<string>): Promise<IncomingRow> {
  const document = await readIncomingDocument(ctx, id, wanted);
  if (!document) throw notFound("IncomingDocument");
  return document;
}

/** A relation that the document's own statement did not bring along. */
const related = async (ctx: Context, { id }: IncomingRow, name: "attachments" | "directives" | "assignments") =>
  (await read(ctx, id))[name];

export const incoming: Resolvers = {
  Query: {
    incomingDocuments: (_, args, ctx, info) => incomingDocuments(ctx, args, selectedOfNodes(info)),
    possibleDuplicates: (_, { input }, ctx) => possibleDuplicates(ctx, input),
    myAssignments: (_, args, ctx) => myAssignments(ctx, args),
  },
  Mutation: {
    registerIncomingDocument: async (_, { input }, ctx, info) => {
      const { id } = await registerIncomingDocument(ctx, input);
      const document = await read(ctx, id, selectedOf(info, "incomingDocument"));
      // Looked for when asked for: GraphQL calls it.
      const duplicates = () => possibleDuplicates(ctx, input, id);
      return { incomingDocument: document, possibleDuplicates: duplicates as never };
    },
    assignIncomingDocument: async (_, { input }, ctx) => {
      await assignIncomingDocument(ctx, input);
      return { incomingDocument: await read(ctx, fromGlobalId("IncomingDocument", input.incomingDocumentId)) };
    },
    reportProgress: async (_, { input }, ctx) => {
      await reportProgress(ctx, input);
      const assignment = await readAssignment(ctx, fromGlobalId("Assignment", input.assignmentId));
      if (!assignment) throw notFound("Assignment");
      return { assignment };
    },
    returnIncomingDocument: async (_, { input }, ctx) => {
      await returnIncomingDocument(ctx, input);
      return { incomingDocument: await read(ctx, fromGlobalId("IncomingDocument", input.incomingDocumentId)) };
    },
  },
  IncomingDocument: {
    id: ({ id }) => toGlobalId("IncomingDocument", id),
    // Not async: on a page of a hundred rows a promise for each relation costs more than the relation.
    register: (document, _, ctx) => (document.register ?? ctx.load(DocumentRegister, document.registerId)) as never,
    sender: ({ senderId }, _, ctx) => ctx.load(Agency, senderId),
    registeredBy: async ({ registeredById }, _, ctx) => (await ctx.load(Appointment, registeredById))!,
    attachments: (document, _, ctx) => (document.attachments ?? related(ctx, document, "attachments")) as never,
    directives: (document, _, ctx) => (document.directives ?? related(ctx, document, "directives")) as never,
    assignments: (document, _, ctx) => (document.assignments ?? related(ctx, document, "assignments")) as never,
    completion: async (document, _, ctx) =>
      document.completionKind && document.completedAt
        ? {
            kind: document.completionKind,
            note: document.completionNote ?? null,
            at: document.completedAt,
            by: (await ctx.load(Appointment, document.completedById))!,
          }
        : null,
  },
  Directive: {
    id: ({ id }) => toGlobalId("Directive", id),
    by: async ({ byId }, _, ctx) => (await ctx.load(Appointment, byId))!,
  },
  Assignment: {
    id: ({ id }) => toGlobalId("Assignment", id),
    document: async ({ documentId }, _, ctx) => {
      const document = await loadIncomingDocument(ctx, documentId);
      if (!document) throw notFound("IncomingDocument");
      return document;
    },
    assignee: async ({ assigneeId }, _, ctx) => (await ctx.load(Appointment, assigneeId))!,
    progress: ({ id }, _, ctx) =>
      ctx.read<ProgressNote>(
        `select id, text, by_id as "byId", at from progress_note where assignment_id = $1 order by at, id limit 500`,
        [id],
      ),
  },
  ProgressNote: { by: async ({ byId }, _, ctx) => (await ctx.load(Appointment, byId))! },
};

export const incomingNodes = {
  IncomingDocument: readIncomingDocument,
  Assignment: readAssignment,
  Directive: readDirective,
};
