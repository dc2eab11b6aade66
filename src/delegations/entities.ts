import { defineEntity, p } from "@mikro-orm/core";
import { DelegationKind } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";

const DelegationSchema = defineEntity({
  name: "Delegation",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    kind: p.enum(() => DelegationKind),
    grantorId: () => p.manyToOne(Appointment).mapToPk().joinColumn("grantor_id"),
    granteeId: () => p.manyToOne(Appointment).mapToPk().joinColumn("grantee_id"),
    documentTypes: p.array(),
    validFrom: p.datetime(3),
    validTo: p.datetime(3).nullable(),
    legalBasis: p.text(),
    revokedAt: p.datetime(3).nullable(),
  },
});

/** Authority to sign, handed over for a scope and a time (giao quyền ký). */
export class Delegation extends DelegationSchema.class {}
DelegationSchema.setClass(Delegation);
