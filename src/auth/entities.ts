import { defineEntity, p } from "@mikro-orm/core";
import { TokenScope } from "../graphql/types.ts";
import { Agency, Appointment, Person } from "../organization/entities.ts";

const AccountSchema = defineEntity({
  name: "Account",
  properties: {
    personId: () => p.manyToOne(Person).mapToPk().joinColumn("person_id").primary(),
    username: p.text(),
    passwordHash: p.text(),
    disabledAt: p.datetime(3).nullable(),
  },
});

/** How a person signs in (tài khoản). */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);

const SessionSchema = defineEntity({
  name: "Session",
  properties: {
    tokenHash: p.blob().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    personId: () => p.manyToOne(Person).mapToPk().joinColumn("person_id"),
    appointmentId: () => p.manyToOne(Appointment).mapToPk().joinColumn("appointment_id"),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    address: p.text().nullable(),
  },
});

/** A browser that is signed in (phiên làm việc). */
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);

const ApiTokenSchema = defineEntity({
  name: "ApiToken",
  properties: {
    id: p.uuid().primary(),
    tokenHash: p.blob(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    personId: () => p.manyToOne(Person).mapToPk().joinColumn("person_id"),
    appointmentId: () => p.manyToOne(Appointment).mapToPk().joinColumn("appointment_id"),
    name: p.text(),
    scopes: p.enum(() => TokenScope).array(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    lastUsedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  },
});

/** A personal token for programs (mã truy cập cá nhân). */
export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken);
