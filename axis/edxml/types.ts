/**
 * edXML messages (QCVN 102:2016) as plain JSON.
 *
 * Normal form: text that is not given is "", never blank; numbers and flags that are not given are null; days are
 * "2026-03-02" or ""; instants are "2026-03-02T08:30:00+07:00" or "", always in Vietnam's time; contents are base64.
 * In this form `readEdxml(writeEdxml(message))` gives back the message.
 */
export type EdxmlMessage = EdxmlDocument | EdxmlStatus;

/** The header alone: what a manifest carries as `meta`. */
export type EdxmlHeader = EdxmlDocumentHeader | EdxmlStatus;

/** A document, or the recall, update or replacement of one: see `business.type`. */
export interface EdxmlDocument extends EdxmlDocumentHeader {
  readonly attachments: readonly EdxmlAttachment[];
}

/** A document message without its files. */
export interface EdxmlDocumentHeader {
  readonly kind: "document";
  readonly from: EdxmlOrganization;
  readonly to: readonly EdxmlOrganization[];
  /** Opaque and unique per sender: a UUID, or "H99.01,2026/03/02,15/STN-VP". */
  readonly documentId: string;
  /** Số and ký hiệu. Senders are known to swap the two. */
  readonly code: { readonly number: string; readonly notation: string };
  readonly promulgation: { readonly place: string; readonly date: string };
  /** The numbers disagree between systems: go by the name. */
  readonly documentType: { readonly type: number | null; readonly detail: number | null; readonly name: string };
  /** Trích yếu. */
  readonly subject: string;
  readonly content: string;
  /** Quyền hạn ký (KT., TM., TL. …), chức vụ, họ tên. */
  readonly signer: { readonly competence: string; readonly position: string; readonly fullName: string };
  readonly dueDate: string;
  readonly other: EdxmlOtherInfo;
  /** The documents that this one answers. */
  readonly responseFor: readonly EdxmlResponseFor[];
  /** Opaque: two dictionaries disagree about it. */
  readonly steeringType: number | null;
  /** Nơi nhận as printed on the document; not the routing. */
  readonly toPlaces: readonly string[];
  /** One entry for each hop. */
  readonly trace: readonly { readonly organId: string; readonly timestamp: string }[];
  readonly business: EdxmlBusiness;
  readonly extensions: readonly EdxmlExtension[];
}

/** A report of a recipient about a document (01–06, 15, 16), or a sender's request to have it back (13). */
export interface EdxmlStatus {
  readonly kind: "status";
  readonly from: EdxmlOrganization;
  readonly responseFor: EdxmlResponseFor;
  readonly staff: EdxmlStaff;
  readonly statusCode: EdxmlStatusCode | "";
  readonly description: string;
  readonly timestamp: string;
  readonly extensions: readonly EdxmlExtension[];
}

/** The status codes in use; 07 to 12 and 14 have no meaning. */
export const edxmlStatusCodes = ["01", "02", "03", "04", "05", "06", "13", "15", "16"] as const;
export type EdxmlStatusCode = (typeof edxmlStatusCodes)[number];

/** An agency as a message names it. */
export interface EdxmlOrganization {
  /** As received, in whichever of the two code schemes. */
  readonly organId: string;
  readonly inCharge: string;
  readonly name: string;
  readonly address: string;
  readonly email: string;
  readonly telephone: string;
  readonly fax: string;
  readonly website: string;
}

/** OtherInfo: urgency, circulation, copies, pages. */
export interface EdxmlOtherInfo {
  /** 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ. */
  readonly priority: number | null;
  readonly sphere: string;
  readonly typerNotation: string;
  readonly promulgationAmount: number | null;
  readonly pageAmount: number | null;
  readonly direction: boolean | null;
  readonly appendixes: readonly string[];
}

/** The document that a message answers. */
export interface EdxmlResponseFor {
  readonly organId: string;
  readonly code: string;
  readonly promulgationDate: string;
  readonly documentId: string;
}

/** What the message does. The wire spells it "Bussiness". */
export interface EdxmlBusiness {
  /** The document recalled or updated. */
  readonly documentId: string;
  /** 0 new, 1 recall (thu hồi), 2 update (cập nhật), 3 replacement (thay thế). */
  readonly type: number | null;
  readonly reason: string;
  /** 1 if a paper copy is sent too. */
  readonly paper: number | null;
  /** Of an update: whether information or recipients changed; for a recipient 0 is removed, 1 added. */
  readonly update: {
    readonly information: number | null;
    readonly receivers: number | null;
    readonly changes: readonly { readonly organId: string; readonly type: number | null }[];
  } | null;
  readonly replaces: readonly { readonly documentId: string; readonly organIds: readonly string[] }[];
  readonly staff: EdxmlStaff;
}

/** The person to ask. */
export interface EdxmlStaff {
  readonly department: string;
  readonly staff: string;
  readonly email: string;
  readonly mobile: string;
}

/** A file of the message. */
export interface EdxmlAttachment {
  readonly contentId: string;
  readonly name: string;
  readonly description: string;
  /** The label on the wire: "application/zip" for what travels zipped, and often wrong. Judge the file by its bytes. */
  readonly contentType: string;
  /** Whether the file travels inside a zip of its own. `content` is the file itself in either case. */
  readonly zipped: boolean;
  /** The file in base64, or null if it could not be read: a problem then says why. */
  readonly content: string | null;
}

/**
 * An element that QCVN 102 does not name, kept with the place where it stood: "MessageHeader.To[2]". Inner places come
 * first.
 */
export interface EdxmlExtension {
  readonly path: string;
  readonly element: EdxmlElement;
}

/** An XML element with its unprefixed attributes; of mixed content the text is joined. */
export interface EdxmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly EdxmlElement[];
}
