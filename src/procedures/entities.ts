import { defineEntity, p } from "@mikro-orm/core";
import { TimeUnit } from "../graphql/types.ts";
import { Agency } from "../organization/entities.ts";

/** A paper that a dossier consists of, as the receipt names it: `kind` as in "bản chính", `quantity` as printed. */
export interface ProcedureComponent {
  readonly name: string;
  readonly kind: string;
  readonly quantity: string;
}

const ProcedureSchema = defineEntity({
  name: "Procedure",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    code: p.text(),
    version: p.integer(),
    name: p.text(),
    sector: p.text(),
    timeLimit: p.integer(),
    timeUnit: p.enum(() => TimeUnit),
    validFrom: p.date(),
    validTo: p.date().nullable(),
    components: p.json().$type<readonly ProcedureComponent[]>(),
  },
});

/** An administrative procedure in one version (thủ tục hành chính); a dossier keeps the one of its reception. */
export class Procedure extends ProcedureSchema.class {}
ProcedureSchema.setClass(Procedure);

const ProcedureStepSchema = defineEntity({
  name: "ProcedureStep",
  properties: {
    procedureId: () => p.manyToOne(Procedure).mapToPk().joinColumn("procedure_id").primary(),
    ordinal: p.integer().primary(),
    name: p.text(),
    hours: p.integer(),
  },
});

/** A step of the internal process (bước quy trình nội bộ), with the working hours given for it. */
export class ProcedureStep extends ProcedureStepSchema.class {}
ProcedureStepSchema.setClass(ProcedureStep);
