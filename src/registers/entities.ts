import { defineEntity, p } from "@mikro-orm/core";
import { NumberingMode, RegisterEntryState, RegisterKind } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";

const NumberingPolicySchema = defineEntity({
  name: "NumberingPolicy",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    kind: p.enum(() => RegisterKind),
    fromYear: p.integer(),
    mode: p.enum(() => NumberingMode),
    groups: p.json().$type<{ name: string; documentTypeCodes: string[] }[]>(),
    numberBeforeSigning: p.boolean(),
  },
});

/** How an agency numbers its documents from a year on (quy tắc đánh số). */
export class NumberingPolicy extends NumberingPolicySchema.class {}
NumberingPolicySchema.setClass(NumberingPolicy);

const DocumentRegisterSchema = defineEntity({
  name: "DocumentRegister",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    kind: p.enum(() => RegisterKind),
    year: p.integer(),
    series: p.text(),
    name: p.text(),
    lastNumber: p.integer(),
  },
});

/** The book in which numbers are given (sổ đăng ký văn bản). */
export class DocumentRegister extends DocumentRegisterSchema.class {}
DocumentRegisterSchema.setClass(DocumentRegister);

const RegisterEntrySchema = defineEntity({
  name: "RegisterEntry",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    registerId: () => p.manyToOne(DocumentRegister).mapToPk().joinColumn("register_id"),
    number: p.integer(),
    state: p.enum(() => RegisterEntryState),
    reason: p.text().nullable(),
    documentType: p.text().nullable(),
    documentId: p.uuid().nullable(),
    at: p.datetime(3),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id"),
  },
});

/** One number of a register and what became of it (số trong sổ). */
export class RegisterEntry extends RegisterEntrySchema.class {}
RegisterEntrySchema.setClass(RegisterEntry);
