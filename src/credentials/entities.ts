import { defineEntity, p } from "@mikro-orm/core";
import { Agency, Person } from "../organization/entities.ts";

const SigningCredentialSchema = defineEntity({
  name: "SigningCredential",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    personId: () => p.manyToOne(Person).mapToPk().joinColumn("person_id").nullable(),
    isAgencySeal: p.boolean(),
    subject: p.text(),
    issuer: p.text(),
    serial: p.text(),
    notBefore: p.datetime(3),
    notAfter: p.datetime(3),
    certificate: p.blob(),
    createdAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
  },
});

/**
 * A key to sign with and its certificate (chứng thư chữ ký số). The keystore is left out on purpose: it is read where it is
 * opened, in signer.ts, and goes nowhere else.
 */
export class SigningCredential extends SigningCredentialSchema.class {}
SigningCredentialSchema.setClass(SigningCredential);
