import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { Appointment } from "../organization/entities.ts";
import { auditEvents, readAuditEvent } from "./queries.ts";

export const audit: Resolvers = {
  Query: { auditEvents: (_, args, ctx) => auditEvents(ctx, args) },
  AuditEvent: {
    id: ({ id }) => toGlobalId("AuditEvent", id),
    actor: ({ actorId }, _, ctx) => ctx.load(Appointment, actorId),
    objectId: ({ objectType, objectId }) => (objectType && objectId ? toGlobalId(objectType, objectId) : null),
    data: ({ data }) => JSON.parse(data) as unknown,
  },
};

export const auditNodes = { AuditEvent: readAuditEvent };
