import { defineEntity, p } from "@mikro-orm/core";
import { File } from "../files/entities.ts";
import { DossierRelation, DossierStatus } from "../graphql/types.ts";
import { IncomingDocument } from "../incoming/entities.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { OutgoingDocument } from "../outgoing/entities.ts";
import { Procedure } from "../procedures/entities.ts";

const DossierSchema = defineEntity({
  name: "Dossier",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    receivedByAgencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("received_by_agency_id"),
    code: p.text(),
    procedureId: () => p.manyToOne(Procedure).mapToPk().joinColumn("procedure_id"),
    applicantName: p.text(),
    applicantIdentity: p.text().nullable(),
    applicantAddress: p.text().nullable(),
    applicantPhone: p.text().nullable(),
    note: p.text().nullable(),
    submittedAt: p.datetime(3),
    receivedAt: p.datetime(3),
    receivedById: () => p.manyToOne(Appointment).mapToPk().joinColumn("received_by_id"),
    dueAt: p.datetime(3),
    dueReason: p.text(),
    status: p.enum(() => DossierStatus),
    stepsDone: p.integer(),
    completedAt: p.datetime(3).nullable(),
    returnedAt: p.datetime(3).nullable(),
    receiptYear: p.integer(),
    receiptNumber: p.integer(),
    receiptFileId: () => p.manyToOne(File).mapToPk().joinColumn("receipt_file_id").nullable(),
    competentReceiptFileId: () => p.manyToOne(File).mapToPk().joinColumn("competent_receipt_file_id").nullable(),
    version: p.integer().version(),
  },
});

/** An applicant's case (hồ sơ một cửa): `agencyId` decides it, `receivedByAgencyId` received it; both see it. */
export class Dossier extends DossierSchema.class {}
DossierSchema.setClass(Dossier);

const DossierEventSchema = defineEntity({
  name: "DossierEvent",
  properties: {
    id: p.uuid().primary(),
    dossierId: () => p.manyToOne(Dossier).mapToPk().joinColumn("dossier_id"),
    at: p.datetime(3),
    text: p.text(),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id").nullable(),
  },
});

/** Something that happened to a dossier, in a sentence (quá trình xử lý). */
export class DossierEvent extends DossierEventSchema.class {}
DossierEventSchema.setClass(DossierEvent);

const DossierDocumentSchema = defineEntity({
  name: "DossierDocument",
  properties: {
    id: p.uuid().primary(),
    dossierId: () => p.manyToOne(Dossier).mapToPk().joinColumn("dossier_id"),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    relation: p.enum(() => DossierRelation),
    incomingDocumentId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("incoming_document_id").nullable(),
    outgoingDocumentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("outgoing_document_id").nullable(),
    at: p.datetime(3),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id"),
  },
});

/** What one of an agency's documents is to a dossier (văn bản của hồ sơ). */
export class DossierDocument extends DossierDocumentSchema.class {}
DossierDocumentSchema.setClass(DossierDocument);

const DossierResultSchema = defineEntity({
  name: "DossierResult",
  properties: {
    id: p.uuid().primary(),
    dossierId: () => p.manyToOne(Dossier).mapToPk().joinColumn("dossier_id"),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    receivedByAgencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("received_by_agency_id"),
    ordinal: p.integer(),
    code: p.text(),
    outgoingDocumentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("outgoing_document_id"),
    referenceCode: p.text(),
    fileId: () => p.manyToOne(File).mapToPk().joinColumn("file_id"),
    receiverFileId: () => p.manyToOne(File).mapToPk().joinColumn("receiver_file_id"),
    sha256: p.blob(),
    size: p.bigint("number"),
    issuedAt: p.datetime(3),
  },
});

/** The electronic result of a dossier (kết quả điện tử, NĐ 45/2020 Điều 14.3). */
export class DossierResult extends DossierResultSchema.class {}
DossierResultSchema.setClass(DossierResult);
