import { defineEntity, p } from "@mikro-orm/core";
import { AgencyKind, AgencyLevel, PositionRank } from "../graphql/types.ts";

const AgencySchema = defineEntity({
  name: "Agency",
  properties: {
    id: p.uuid().primary(),
    code: p.text(),
    code102: p.text().nullable(),
    name: p.text(),
    symbol: p.text(),
    level: p.enum(() => AgencyLevel),
    kind: p.enum(() => AgencyKind),
    parentId: () => p.manyToOne(Agency).mapToPk().joinColumn("parent_id").nullable(),
    place: p.text(),
    address: p.text().nullable(),
    email: p.text().nullable(),
    phone: p.text().nullable(),
    validFrom: p.date(),
    validTo: p.date().nullable(),
  },
});

/** A body that issues and receives documents under its own seal (cơ quan). */
export class Agency extends AgencySchema.class {}
AgencySchema.setClass(Agency);

const AgencySuccessionSchema = defineEntity({
  name: "AgencySuccession",
  properties: {
    predecessorId: () => p.manyToOne(Agency).mapToPk().joinColumn("predecessor_id").primary(),
    successorId: () => p.manyToOne(Agency).mapToPk().joinColumn("successor_id").primary(),
    happenedOn: p.date(),
  },
});

/** One agency took over from another (kế thừa). */
export class AgencySuccession extends AgencySuccessionSchema.class {}
AgencySuccessionSchema.setClass(AgencySuccession);

const UnitSchema = defineEntity({
  name: "Unit",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    name: p.text(),
    symbol: p.text(),
  },
});

/** A part of an agency (đơn vị). */
export class Unit extends UnitSchema.class {}
UnitSchema.setClass(Unit);

const PositionSchema = defineEntity({
  name: "Position",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    unitId: () => p.manyToOne(Unit).mapToPk().joinColumn("unit_id").nullable(),
    title: p.text(),
    rank: p.enum(() => PositionRank),
    permissions: p.array(),
  },
});

/** A post with its permissions (chức vụ). */
export class Position extends PositionSchema.class {}
PositionSchema.setClass(Position);

const PersonSchema = defineEntity({
  name: "Person",
  properties: {
    id: p.uuid().primary(),
    homeAgencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("home_agency_id"),
    fullName: p.text(),
    email: p.text().nullable(),
  },
});

/** Somebody who works in an agency (cán bộ, công chức). */
export class Person extends PersonSchema.class {}
PersonSchema.setClass(Person);

const AppointmentSchema = defineEntity({
  name: "Appointment",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    personId: () => p.manyToOne(Person).mapToPk().joinColumn("person_id"),
    positionId: () => p.manyToOne(Position).mapToPk().joinColumn("position_id"),
    validFrom: p.date(),
    validTo: p.date().nullable(),
  },
});

/** A person in a position, for a time (bổ nhiệm). */
export class Appointment extends AppointmentSchema.class {}
AppointmentSchema.setClass(Appointment);
