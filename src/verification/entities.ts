import { defineEntity, p } from "@mikro-orm/core";
import { File } from "../files/entities.ts";
import { CheckState, type SignatureVerification } from "../graphql/types.ts";
import { Agency } from "../organization/entities.ts";

const SignatureCheckSchema = defineEntity({
  name: "SignatureCheck",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    fileId: () => p.manyToOne(File).mapToPk().joinColumn("file_id"),
    state: p.enum(() => CheckState),
    requestedAt: p.datetime(3),
    nextTryAt: p.datetime(3).nullable(),
    tries: p.integer(),
    checkedAt: p.datetime(3).nullable(),
    indication: p.text().nullable(),
    integrity: p.text().nullable(),
    signatures: p.integer().nullable(),
    verdict: p.json().$type<SignatureVerification>().nullable(),
    trustStore: p.text().nullable(),
    materialSha256: p.blob().nullable(),
    materialNote: p.text().nullable(),
  },
});

/** What was found when the signatures of a file were checked (kết quả kiểm tra chữ ký). */
export class SignatureCheck extends SignatureCheckSchema.class {}
SignatureCheckSchema.setClass(SignatureCheck);
