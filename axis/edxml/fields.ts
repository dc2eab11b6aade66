import { many, optional, record, wrapped, type Codec } from "./codec.ts";
import { day, flag, identifier, integer, text, timestamp, word } from "./leaves.ts";
import {
  edxmlStatusCodes,
  type EdxmlBusiness,
  type EdxmlDocumentHeader,
  type EdxmlOrganization,
  type EdxmlOtherInfo,
  type EdxmlResponseFor,
  type EdxmlStaff,
  type EdxmlStatus,
} from "./types.ts";

// The children of each element in the order in which they are written, with the field lengths of QCVN 102:2016.

const maxRecipients = 1_000;

type DocumentMessageHeader = Omit<EdxmlDocumentHeader, "kind" | "trace" | "business" | "extensions">;

/** MessageHeader of a document. */
export const documentHeader = record<DocumentMessageHeader>("MessageHeader", {
  from: organization("From", { sparse: false }),
  to: many(organization("To", { sparse: true }), maxRecipients, { required: true }),
  documentId: identifier("DocumentId", 200, { required: true }),
  code: record("Code", { number: text("CodeNumber", 11), notation: text("CodeNotation", 30) }),
  promulgation: record("PromulgationInfo", { place: text("Place", 50), date: day("PromulgationDate") }),
  documentType: record("DocumentType", {
    type: integer("Type", 999),
    detail: integer("TypeDetail", 999),
    name: text("TypeName", 100),
  }),
  subject: text("Subject", 500, { required: true }),
  content: text("Content", 500),
  signer: record("SignerInfo", {
    competence: text("Competence", 100),
    position: text("Position", 100),
    fullName: text("FullName", 50),
  }),
  dueDate: day("DueDate"),
  other: record<EdxmlOtherInfo>("OtherInfo", {
    priority: integer("Priority", 4),
    sphere: text("SphereOfPromulgation", 100),
    typerNotation: text("TyperNotation", 10),
    promulgationAmount: integer("PromulgationAmount", 999_999),
    pageAmount: integer("PageAmount", 999_999),
    direction: flag("Direction"),
    appendixes: wrapped("Appendixes", many(text("Appendix", 500, { required: true }), 200)),
  }),
  responseFor: many(responseFor({ required: false }), 100),
  steeringType: integer("SteeringType", 99),
  toPlaces: wrapped("ToPlaces", many(text("Place", 500, { required: true }), maxRecipients)),
});

/** MessageHeader of a status message. */
export const statusHeader = record<Omit<EdxmlStatus, "kind" | "extensions">>("MessageHeader", {
  from: organization("From", { sparse: true, named: true }),
  responseFor: responseFor({ required: true }),
  staff: record<EdxmlStaff>("StaffInfo", {
    department: text("Department", 100),
    staff: text("Staff", 100),
    mobile: text("Mobile", 20),
    email: text("Email", 100),
  }),
  statusCode: word("StatusCode", edxmlStatusCodes, { required: true }),
  description: text("Description", 1_000),
  timestamp: timestamp("Timestamp"),
});

/** TraceHeaderList: the hops, then what the message does. */
export const traceHeaderList = record<Pick<EdxmlDocumentHeader, "trace" | "business">>("TraceHeaderList", {
  trace: many(record("TraceHeader", { organId: identifier("OrganId", 35), timestamp: timestamp("Timestamp") }), 100),
  business: record<EdxmlBusiness>("Bussiness", {
    documentId: identifier("DocumentId", 200, { sparse: true }),
    type: integer("BussinessDocType", 3, { required: true }),
    reason: text("BussinessDocReason", 500),
    paper: integer("Paper", 1),
    update: optional(
      record("BussinessDocumentInfo", {
        information: integer("DocumentInfo", 1),
        receivers: integer("DocumentReceiver", 1),
        changes: wrapped(
          "ReceiverList",
          many(
            record("Receiver", {
              organId: identifier("OrganId", 35, { required: true }),
              type: integer("ReceiverType", 1),
            }),
            maxRecipients,
          ),
        ),
      }),
    ),
    replaces: wrapped(
      "ReplacementInfoList",
      many(
        record("ReplacementInfo", {
          documentId: identifier("DocumentId", 200, { required: true }),
          organIds: wrapped("OrganIdList", many(identifier("OrganId", 35, { required: true }), maxRecipients)),
        }),
        100,
      ),
    ),
    staff: record<EdxmlStaff>("StaffInfo", {
      department: text("Department", 100),
      staff: text("Staff", 100),
      email: text("Email", 100),
      mobile: text("Mobile", 20),
    }),
  }),
});

/** How the envelope's manifest names an attachment. */
export interface AttachmentReference {
  readonly contentId: string;
  readonly contentType: string;
  readonly description: string;
  readonly name: string;
}

/** Reference: an attachment as the envelope's manifest names it. */
export const attachmentReference = record<AttachmentReference>("Reference", {
  contentId: identifier("ContentId", 200, { required: true }),
  contentType: text("ContentType", 100),
  description: text("Description", 500),
  name: text("AttachmentName", 255),
});

/** Attachment without its content. */
export const attachmentLabel = record<AttachmentReference>("Attachment", {
  contentId: identifier("ContentId", 200, { required: true }),
  name: text("AttachmentName", 255),
  description: text("Description", 500),
  contentType: text("ContentType", 100),
});

function organization(
  name: string,
  { sparse, named = false }: { sparse: boolean; named?: boolean },
): Codec<EdxmlOrganization> {
  return record<EdxmlOrganization>(name, {
    organId: identifier("OrganId", 35, { required: true }),
    inCharge: text("OrganizationInCharge", 200, { sparse }),
    name: text("OrganName", 200, { required: named }),
    address: text("OrganAdd", 250, { sparse }),
    email: text("Email", 100, { sparse }),
    telephone: text("Telephone", 20, { sparse }),
    fax: text("Fax", 20, { sparse }),
    website: text("Website", 100, { sparse }),
  });
}

function responseFor(options: { required: boolean }): Codec<EdxmlResponseFor> {
  return record<EdxmlResponseFor>("ResponseFor", {
    organId: identifier("OrganId", 35, options),
    code: text("Code", 50, options),
    promulgationDate: day("PromulgationDate"),
    documentId: identifier("DocumentId", 200, options),
  });
}
