import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { documentTypes } from "./document-types.ts";
import { Agency, Appointment, Person, Position, Unit } from "./entities.ts";
import { agencies, holdersOf, positionsOf, predecessorsOf, successorsOf, unitsOf } from "./queries.ts";

export const organization: Resolvers = {
  Query: {
    agencies: (_, args, ctx) => agencies(ctx, args),
    documentTypes: () => documentTypes,
  },
  Agency: {
    id: ({ id }) => toGlobalId("Agency", id),
    parent: ({ parentId }, _, ctx) => ctx.load(Agency, parentId),
    predecessors: ({ id }, _, ctx) => predecessorsOf(ctx, id),
    successors: ({ id }, _, ctx) => successorsOf(ctx, id),
    units: ({ id }, _, ctx) => unitsOf(ctx, id),
    positions: ({ id }, _, ctx) => positionsOf(ctx, id),
  },
  Unit: {
    id: ({ id }) => toGlobalId("Unit", id),
    agency: async ({ agencyId }, _, ctx) => (await ctx.load(Agency, agencyId))!,
  },
  Position: {
    id: ({ id }) => toGlobalId("Position", id),
    agency: async ({ agencyId }, _, ctx) => (await ctx.load(Agency, agencyId))!,
    unit: ({ unitId }, _, ctx) => ctx.load(Unit, unitId),
    holders: ({ id }, _, ctx) => holdersOf(ctx, id),
  },
  Person: { id: ({ id }) => toGlobalId("Person", id) },
  Appointment: {
    id: ({ id }) => toGlobalId("Appointment", id),
    person: async ({ personId }, _, ctx) => (await ctx.load(Person, personId))!,
    position: async ({ positionId }, _, ctx) => (await ctx.load(Position, positionId))!,
  },
};

export const organizationNodes = { Agency, Unit, Position, Person, Appointment };
