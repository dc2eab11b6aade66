import { requireViewer } from "../context.ts";
import { toGlobalId } from "../graphql/ids.ts";
import { selectedOf, selectedOfNodes } from "../graphql/selection.ts";
import type { Attachment, Resolvers } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";
import {
  assignIncomingDocument,
  registerIncomingDocument,
  reportProgress,
  returnIncomingDocument,
} from "./commands.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import { type Assignment, ProgressNote } from "./entities.ts";
import {
  type IncomingRow,
  incomingDocuments,
  myAssignments,
  possibleDuplicates,
  readAssignment,
  readDirective,
  readIncomingDocument,
} from "./queries.ts";
import type { Context } from "../context.ts";

const read = async (ctx: Context, id: string): Promise<IncomingRow> => (await readIncomingDocument(ctx, id))!;

export const incoming: Resolvers = {
  Query: {
    incomingDocuments: (_, args, ctx, info) => incomingDocuments(ctx, args, selectedOfNodes(info)),
    possibleDuplicates: (_, { input }, ctx) => possibleDuplicates(ctx, input),
    myAssignments: (_, args, ctx) => myAssignments(ctx, args),
  },
  Mutation: {
    registerIncomingDocument: async (_, { input }, ctx, info) => {
      const { id } = await registerIncomingDocument(ctx, input);
      const document = await readIncomingDocument(ctx, id, selectedOf(info, "incomingDocument"));
      // Looked for when asked for: GraphQL calls it.
      const duplicates = () => possibleDuplicates(ctx, input, id);
      return { incomingDocument: document!, possibleDuplicates: duplicates as never };
    },
    assignIncomingDocument: async (_, { input }, ctx) => {
      await assignIncomingDocument(ctx, input);
      return { incomingDocument: await read(ctx, fromGlobalId("IncomingDocument", input.incomingDocumentId)) };
    },
    reportProgress: async (_, { input }, ctx) => {
      await reportProgress(ctx, input);
      return { assignment: (await readAssignment(ctx, fromGlobalId("Assignment", input.assignmentId)))! };
    },
    returnIncomingDocument: async (_, { input }, ctx) => {
      await returnIncomingDocument(ctx, input);
      return { incomingDocument: await read(ctx, fromGlobalId("IncomingDocument", input.incomingDocumentId)) };
    },
  },
  IncomingDocument: {
    id: ({ id }) => toGlobalId("IncomingDocument", id),
    register: async (document, _, ctx) =>
      (document.register as DocumentRegister | undefined) ?? (await ctx.load(DocumentRegister, document.registerId))!,
    sender: ({ senderId }, _, ctx) => ctx.load(Agency, senderId),
    registeredBy: async ({ registeredById }, _, ctx) => (await ctx.load(Appointment, registeredById))!,
    attachments: async (document, _, ctx) => (document.attachments ?? (await read(ctx, document.id)).attachments) as Attachment[] as never,
    directives: async (document, _, ctx) => (document.directives ?? (await read(ctx, document.id)).directives) as never,
    assignments: async (document, _, ctx) => (document.assignments ?? (await read(ctx, document.id)).assignments) as never,
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
    document: ({ documentId }, _, ctx) => read(ctx, documentId),
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
