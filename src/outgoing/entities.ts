import { defineEntity, p } from "@mikro-orm/core";
import { SigningCredential } from "../credentials/entities.ts";
import { Delegation } from "../delegations/entities.ts";
import { File } from "../files/entities.ts";
import {
  FileRole,
  OutgoingStatus,
  RecipientRole,
  ReviewDecision,
  RevisionKind,
  SigningRole,
  SigningStepStatus,
  Urgency,
} from "../graphql/types.ts";
import { IncomingDocument } from "../incoming/entities.ts";
import { Agency, Appointment, Position } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";

/** The signature block that a document was submitted or signed under. */
export interface StoredBlock {
  readonly lines: readonly string[];
  readonly fullName: string;
  readonly delegationId: string | null;
}

const OutgoingDocumentSchema = defineEntity({
  name: "OutgoingDocument",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    typeCode: p.text(),
    subject: p.text(),
    body: p.text().nullable(),
    uploadedFileId: () => p.manyToOne(File).mapToPk().joinColumn("uploaded_file_id").nullable(),
    urgency: p.enum(() => Urgency),
    status: p.enum(() => OutgoingStatus),
    registerId: () => p.manyToOne(DocumentRegister).mapToPk().joinColumn("register_id").nullable(),
    number: p.integer().nullable(),
    notation: p.text(),
    referenceCode: p.text().nullable(),
    issuedOn: p.date().nullable(),
    drafterId: () => p.manyToOne(Appointment).mapToPk().joinColumn("drafter_id"),
    signerId: () => p.manyToOne(Appointment).mapToPk().joinColumn("signer_id").nullable(),
    block: p.json().$type<StoredBlock>().nullable(),
    answersToId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("answers_to_id").nullable(),
    createdAt: p.datetime(3),
    cancelReason: p.text().nullable(),
    version: p.integer().version(),
  },
});

/** A document that the agency issues (văn bản đi). */
export class OutgoingDocument extends OutgoingDocumentSchema.class {}
OutgoingDocumentSchema.setClass(OutgoingDocument);

const OutgoingRevisionSchema = defineEntity({
  name: "OutgoingRevision",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    ordinal: p.integer(),
    kind: p.enum(() => RevisionKind),
    fileId: () => p.manyToOne(File).mapToPk().joinColumn("file_id"),
    at: p.datetime(3),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id").nullable(),
  },
});

/** One form of a document's file (phiên bản). */
export class OutgoingRevision extends OutgoingRevisionSchema.class {}
OutgoingRevisionSchema.setClass(OutgoingRevision);

const OutgoingSignatureSchema = defineEntity({
  name: "OutgoingSignature",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    revisionId: () => p.manyToOne(OutgoingRevision).mapToPk().joinColumn("revision_id"),
    field: p.text(),
    signerId: () => p.manyToOne(Appointment).mapToPk().joinColumn("signer_id"),
    credentialId: () => p.manyToOne(SigningCredential).mapToPk().joinColumn("credential_id"),
    block: p.json().$type<StoredBlock>().nullable(),
    delegationId: () => p.manyToOne(Delegation).mapToPk().joinColumn("delegation_id").nullable(),
    at: p.datetime(3),
    level: p.text().default("B-B"),
    wantedLevel: p.text().default("B-B"),
    levelNote: p.text().nullable(),
    tries: p.integer().default(0),
    nextTryAt: p.datetime(3).nullable(),
  },
});

/** A signature in the file, as it was made (chữ ký trên văn bản). */
export class OutgoingSignature extends OutgoingSignatureSchema.class {}
OutgoingSignatureSchema.setClass(OutgoingSignature);

const SigningStepSchema = defineEntity({
  name: "SigningStep",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    ordinal: p.integer(),
    turn: p.integer(),
    role: p.enum(() => SigningRole),
    appointmentId: () => p.manyToOne(Appointment).mapToPk().joinColumn("appointment_id").nullable(),
    positionId: () => p.manyToOne(Position).mapToPk().joinColumn("position_id").nullable(),
    isRequired: p.boolean(),
    field: p.text().nullable(),
    status: p.enum(() => SigningStepStatus),
    reason: p.text().nullable(),
    block: p.json().$type<StoredBlock>().nullable(),
    signatureId: () => p.manyToOne(OutgoingSignature).mapToPk().joinColumn("signature_id").nullable(),
    doneById: () => p.manyToOne(Appointment).mapToPk().joinColumn("done_by_id").nullable(),
    doneAt: p.datetime(3).nullable(),
  },
});

/** A step of the chain of those who answer for a document (bước ký). */
export class SigningStep extends SigningStepSchema.class {}
SigningStepSchema.setClass(SigningStep);

const OutgoingReviewSchema = defineEntity({
  name: "OutgoingReview",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    reviewerId: () => p.manyToOne(Appointment).mapToPk().joinColumn("reviewer_id"),
    decision: p.enum(() => ReviewDecision).nullable(),
    comment: p.text().nullable(),
    requestedAt: p.datetime(3),
    decidedAt: p.datetime(3).nullable(),
  },
});

/** A reviewer's opinion on a draft (ý kiến duyệt). */
export class OutgoingReview extends OutgoingReviewSchema.class {}
OutgoingReviewSchema.setClass(OutgoingReview);

const OutgoingRecipientSchema = defineEntity({
  name: "OutgoingRecipient",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    ordinal: p.integer(),
    recipientId: () => p.manyToOne(Agency).mapToPk().joinColumn("recipient_id").nullable(),
    name: p.text(),
    role: p.enum(() => RecipientRole),
  },
});

/** Where a document goes (nơi nhận). */
export class OutgoingRecipient extends OutgoingRecipientSchema.class {}
OutgoingRecipientSchema.setClass(OutgoingRecipient);

const OutgoingFileSchema = defineEntity({
  name: "OutgoingFile",
  properties: {
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id").primary(),
    ordinal: p.integer().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    fileId: () => p.manyToOne(File).mapToPk().joinColumn("file_id"),
    role: p.enum(() => FileRole),
  },
});

/** A file that goes with a document (phụ lục, tài liệu kèm theo). */
export class OutgoingFile extends OutgoingFileSchema.class {}
OutgoingFileSchema.setClass(OutgoingFile);
