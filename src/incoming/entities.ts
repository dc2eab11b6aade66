import { defineEntity, p } from "@mikro-orm/core";
import { File } from "../files/entities.ts";
import {
  AssignmentRole,
  AssignmentStatus,
  CompletionKind,
  FileRole,
  IncomingStatus,
  ReceivedVia,
  Urgency,
} from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { DocumentRegister } from "../registers/entities.ts";

const IncomingDocumentSchema = defineEntity({
  name: "IncomingDocument",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    registerId: () => p.manyToOne(DocumentRegister).mapToPk().joinColumn("register_id"),
    arrivalNumber: p.integer(),
    arrivedAt: p.datetime(3),
    receivedVia: p.enum(() => ReceivedVia),
    senderName: p.text(),
    senderId: () => p.manyToOne(Agency).mapToPk().joinColumn("sender_id").nullable(),
    referenceCode: p.text(),
    issuedOn: p.date().nullable(),
    typeName: p.text(),
    subject: p.text(),
    language: p.text(),
    pageCount: p.integer().nullable(),
    note: p.text().nullable(),
    signerName: p.text().nullable(),
    signerPosition: p.text().nullable(),
    urgency: p.enum(() => Urgency),
    status: p.enum(() => IncomingStatus),
    dueOn: p.date().nullable(),
    dueReason: p.text().nullable(),
    registeredById: () => p.manyToOne(Appointment).mapToPk().joinColumn("registered_by_id"),
    completionKind: p.enum(() => CompletionKind).nullable(),
    completionNote: p.text().nullable(),
    completedAt: p.datetime(3).nullable(),
    completedById: () => p.manyToOne(Appointment).mapToPk().joinColumn("completed_by_id").nullable(),
    returnReason: p.text().nullable(),
    version: p.integer().version(),
  },
});

/** A document received from another body (văn bản đến). */
export class IncomingDocument extends IncomingDocumentSchema.class {}
IncomingDocumentSchema.setClass(IncomingDocument);

const IncomingFileSchema = defineEntity({
  name: "IncomingFile",
  properties: {
    documentId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("document_id").primary(),
    ordinal: p.integer().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    fileId: () => p.manyToOne(File).mapToPk().joinColumn("file_id"),
    role: p.enum(() => FileRole),
  },
});

/** A file of an incoming document (tệp của văn bản đến). */
export class IncomingFile extends IncomingFileSchema.class {}
IncomingFileSchema.setClass(IncomingFile);

const DirectiveSchema = defineEntity({
  name: "Directive",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("document_id"),
    text: p.text(),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id"),
    at: p.datetime(3),
  },
});

/** A leader's opinion on a document (ý kiến chỉ đạo, bút phê). */
export class Directive extends DirectiveSchema.class {}
DirectiveSchema.setClass(Directive);

const AssignmentSchema = defineEntity({
  name: "Assignment",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("document_id"),
    directiveId: () => p.manyToOne(Directive).mapToPk().joinColumn("directive_id"),
    assigneeId: () => p.manyToOne(Appointment).mapToPk().joinColumn("assignee_id"),
    role: p.enum(() => AssignmentRole),
    dueOn: p.date().nullable(),
    status: p.enum(() => AssignmentStatus),
  },
});

/** A document given to a person, with a deadline (phân công xử lý). */
export class Assignment extends AssignmentSchema.class {}
AssignmentSchema.setClass(Assignment);

const ProgressNoteSchema = defineEntity({
  name: "ProgressNote",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    assignmentId: () => p.manyToOne(Assignment).mapToPk().joinColumn("assignment_id"),
    text: p.text(),
    byId: () => p.manyToOne(Appointment).mapToPk().joinColumn("by_id"),
    at: p.datetime(3),
  },
});

/** One report of progress (báo cáo tiến độ). */
export class ProgressNote extends ProgressNoteSchema.class {}
ProgressNoteSchema.setClass(ProgressNote);
