import { defineEntity, p } from "@mikro-orm/core";
import { ArrivalState, DeliveryState, type SignatureVerification, Urgency } from "../graphql/types.ts";
import { IncomingDocument } from "../incoming/entities.ts";
import { Agency } from "../organization/entities.ts";

const ArrivalSchema = defineEntity({
  name: "Arrival",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    messageId: p.uuid(),
    documentUid: p.uuid(),
    senderCode: p.text(),
    senderId: () => p.manyToOne(Agency).mapToPk().joinColumn("sender_id").nullable(),
    senderName: p.text(),
    referenceCode: p.text(),
    issuedOn: p.date().nullable(),
    typeName: p.text(),
    subject: p.text(),
    signerName: p.text().nullable(),
    signerPosition: p.text().nullable(),
    dueOn: p.date().nullable(),
    pageCount: p.integer().nullable(),
    urgency: p.enum(() => Urgency),
    state: p.enum(() => ArrivalState),
    arrivedAt: p.datetime(3),
    verification: p.json().$type<SignatureVerification>().nullable(),
    incomingDocumentId: () => p.manyToOne(IncomingDocument).mapToPk().joinColumn("incoming_document_id").nullable(),
    refusalReason: p.text().nullable(),
    reported: p.text().$type<ReportedCode>(),
  },
});

/** The codes of QCVN 102 that a recipient reports. */
export type ReportedCode = "01" | "02" | "03" | "04" | "05" | "06";

/** A document that the axis brought (văn bản đến qua trục); its signed manifest lies in the same row, read only where needed. */
export class Arrival extends ArrivalSchema.class {}
ArrivalSchema.setClass(Arrival);

const ExchangeDeliverySchema = defineEntity({
  name: "ExchangeDelivery",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: p.uuid(),
    messageId: p.uuid().nullable(),
    recipientCode: p.text().nullable(),
    state: p.enum(() => DeliveryState),
    status: p.text().$type<ReportedCode>().nullable(),
    statusAt: p.datetime(3).nullable(),
    statusNote: p.text().nullable(),
  },
});

/** What became of a document at one recipient; its id is the recipient's (nơi nhận). */
export class ExchangeDelivery extends ExchangeDeliverySchema.class {}
ExchangeDeliverySchema.setClass(ExchangeDelivery);
