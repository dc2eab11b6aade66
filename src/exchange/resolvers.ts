import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import { fromGlobalId, toGlobalId } from "../graphql/ids.ts";
import { selectedOfNodes } from "../graphql/selection.ts";
import type { Attachment, Resolvers } from "../graphql/types.ts";
import { possibleDuplicates, readIncomingDocument } from "../incoming/queries.ts";
import { Agency } from "../organization/entities.ts";
import { acceptArrival, refuseArrival } from "./commands.ts";
import { ExchangeDelivery } from "./entities.ts";
import { type ArrivalRow, arrivals, historyOf, readArrival } from "./queries.ts";
import { statusOf } from "./rules.ts";

async function read(ctx: Context, id: string): Promise<ArrivalRow> {
  const arrival = await readArrival(ctx, id);
  if (!arrival) throw notFound("Arrival");
  return arrival;
}

/** A recipient's delivery has the recipient's id; those of a whole list are loaded by one statement. */
const deliveryOf = (ctx: Context, { id }: { readonly id: string }) => ctx.load(ExchangeDelivery, id);

export const exchange: Resolvers = {
  Query: {
    arrivals: (_, args, ctx, info) => arrivals(ctx, args, selectedOfNodes(info)),
  },
  Mutation: {
    acceptArrival: async (_, { input }, ctx) => {
      const { id } = await acceptArrival(ctx, input);
      const arrival = await read(ctx, fromGlobalId("Arrival", input.arrivalId));
      const duplicates = await possibleDuplicates(ctx, arrival, id);
      return { arrival, incomingDocument: (await readIncomingDocument(ctx, id))!, possibleDuplicates: duplicates };
    },
    refuseArrival: async (_, { input }, ctx) => {
      await refuseArrival(ctx, input);
      return { arrival: await read(ctx, fromGlobalId("Arrival", input.arrivalId)) };
    },
  },
  Arrival: {
    id: ({ id }) => toGlobalId("Arrival", id),
    sender: ({ senderId }, _, ctx) => ctx.load(Agency, senderId),
    attachments: async (arrival, _, ctx) =>
      (arrival.attachments ?? (await read(ctx, arrival.id)).attachments) as Attachment[] as never,
    incomingDocument: async ({ incomingDocumentId }, _, ctx) =>
      (incomingDocumentId && (await readIncomingDocument(ctx, incomingDocumentId))) || null,
  },
  Recipient: {
    delivery: async (recipient, _, ctx) => (await deliveryOf(ctx, recipient))?.state ?? null,
    status: async (recipient, _, ctx) => {
      const delivery = await deliveryOf(ctx, recipient);
      return delivery?.status ? statusOf(delivery.status) : null;
    },
    statusAt: async (recipient, _, ctx) => (await deliveryOf(ctx, recipient))?.statusAt ?? null,
    statusNote: async (recipient, _, ctx) => (await deliveryOf(ctx, recipient))?.statusNote ?? null,
    history: async ({ id }, _, ctx) =>
      (await historyOf(ctx, id)).map(({ status, at, note }) => ({ status: statusOf(status), at, note })),
  },
};

export const exchangeNodes = { Arrival: readArrival };
