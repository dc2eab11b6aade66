import { defineEntity, p } from "@mikro-orm/core";
import { Agency, Appointment } from "../organization/entities.ts";

const FileSchema = defineEntity({
  name: "File",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    name: p.text(),
    mediaType: p.text(),
    size: p.bigint("number"),
    sha256: p.blob(),
    uploadedAt: p.datetime(3),
    uploadedById: () => p.manyToOne(Appointment).mapToPk().joinColumn("uploaded_by").nullable(),
    isAttached: p.boolean(),
  },
});

/** A stored file; its bytes lie in the object store under their SHA-256 (tệp). */
export class File extends FileSchema.class {}
FileSchema.setClass(File);
