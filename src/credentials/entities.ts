import { defineEntity, p } from "@mikro-orm/core";
import type { RsaScheme, SignatureDigest } from "../../signing/index.ts";
import { SigningProvider } from "../graphql/types.ts";
import { Agency, Person } from "../organization/entities.ts";

/** Where a key lies, beside its provider; never a secret: those are in the server's settings. */
export interface CredentialSettings {
  /** Name of the service or device in the server's settings. */
  readonly service?: string;
  /** Whose account it is there: a national id, a tax number. */
  readonly userId?: string;
  /** The service's own name for the key. */
  readonly credential?: string;
  /** How the key signs there, where it is not what its kind and size suggest. */
  readonly digest?: SignatureDigest;
  readonly scheme?: RsaScheme;
}

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
    provider: p.enum(() => SigningProvider).default("PKCS12"),
    settings: p.json().$type<CredentialSettings>().default("{}"),
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
