import type {
  BusinessState,
  EdxmlDocumentHeader,
  EdxmlOrganization,
  EdxmlResponseFor,
  EdxmlStatus,
  EdxmlStatusCode,
} from "../../axis/index.ts";
import type { ExchangeStatus, Urgency } from "../graphql/types.ts";

const statusByCode: Record<BusinessState, ExchangeStatus> = {
  "01": "ARRIVED",
  "02": "REFUSED",
  "03": "ACCEPTED",
  "04": "ASSIGNED",
  "05": "IN_PROGRESS",
  "06": "COMPLETED",
};

/** The API's word for a code of QCVN 102. */
export const statusOf = (code: BusinessState): ExchangeStatus => statusByCode[code];

/** Whether a code is one that a recipient reports about a document; 13, 15 and 16 speak of its recall. */
export const isReport = (code: EdxmlStatusCode | ""): code is BusinessState => code in statusByCode;

const urgencies: readonly Urgency[] = ["NORMAL", "URGENT", "VERY_URGENT", "FLASH"];

/** The priority of edXML, 0 to 3, of an urgency. */
export const priorityOf = (urgency: Urgency): number => urgencies.indexOf(urgency);

/** The urgency of a priority; 4 is a flash with an hour, of which the law knows no more (NĐ 30/2020 Điều 8.2b). */
export const urgencyOf = (priority: number): Urgency => urgencies[Math.min(Math.max(priority, 0), 3)]!;

/** An instant as edXML writes it: Vietnam's time, whole seconds. */
export const edxmlInstant = (at: Date): string => `${new Date(+at + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;

/** How edXML names a document: sender, day, number and notation. */
export const documentIdOf = (code: string, issuedOn: string, referenceCode: string): string =>
  `${code},${issuedOn.replaceAll("-", "/")},${referenceCode}`;

/** Số and ký hiệu of a reference as printed. */
export function codeOf(referenceCode: string): { number: string; notation: string } {
  const slash = referenceCode.indexOf("/");
  return slash < 0
    ? { number: "", notation: referenceCode }
    : { number: referenceCode.slice(0, slash), notation: referenceCode.slice(slash + 1) };
}

/** An agency as a message names it. */
export interface NamedAgency {
  readonly code: string;
  readonly name: string;
  readonly address?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
}

const organization = ({ code, name, address, email, phone }: NamedAgency): EdxmlOrganization => ({
  organId: code,
  inCharge: "",
  name: fit(name, 200),
  address: fit(address, 250),
  email: fit(email, 100),
  telephone: fit(phone, 20),
  fax: "",
  website: "",
});

const nobody = { department: "", staff: "", email: "", mobile: "" };

/** An issued document in the words of the header. */
export interface IssuedDocument {
  /** Number and notation as printed: "01/SNV-VP". */
  readonly referenceCode: string;
  readonly issuedOn: string;
  readonly place: string;
  readonly typeName: string;
  readonly subject: string;
  readonly urgency: Urgency;
  readonly signature: { readonly lines: readonly string[]; readonly fullName: string } | null;
  readonly answers: EdxmlResponseFor | null;
  /** Everybody named as recipient, those who are not on the axis included. */
  readonly places: readonly string[];
}

/** How many places the header names at most; the document itself names them all. */
const mostPlaces = 500;

/** The edXML header of a document that is sent for the first time. */
export function documentHeader(
  from: NamedAgency,
  to: readonly NamedAgency[],
  document: IssuedDocument,
): EdxmlDocumentHeader {
  const lines = document.signature?.lines ?? [];
  const code = codeOf(document.referenceCode);
  return {
    kind: "document",
    from: organization(from),
    to: to.map(organization),
    documentId: documentIdOf(from.code, document.issuedOn, document.referenceCode),
    code: { number: code.number, notation: fit(code.notation, 30) },
    promulgation: { place: fit(document.place, 50), date: document.issuedOn },
    documentType: { type: null, detail: null, name: fit(document.typeName, 100) },
    subject: fit(document.subject, 500),
    content: "",
    signer: {
      competence: fit(lines.slice(0, -1).join(" "), 100),
      position: fit(lines.at(-1), 100),
      fullName: fit(document.signature?.fullName, 50),
    },
    dueDate: "",
    other: {
      priority: priorityOf(document.urgency),
      sphere: "",
      typerNotation: "",
      promulgationAmount: null,
      pageAmount: null,
      direction: null,
      appendixes: [],
    },
    responseFor: document.answers ? [document.answers] : [],
    steeringType: null,
    toPlaces: document.places.slice(0, mostPlaces).map((name) => fit(name, 200)),
    trace: [],
    business: { documentId: "", type: 0, reason: "", paper: 0, update: null, replaces: [], staff: nobody },
    extensions: [],
  };
}

/** The edXML message that reports on a document to who sent it. */
export function statusHeader(
  from: NamedAgency,
  about: EdxmlResponseFor,
  {
    code,
    note,
    at,
    staff,
  }: { readonly code: BusinessState; readonly note: string; readonly at: Date; readonly staff: string },
): EdxmlStatus {
  return {
    kind: "status",
    from: organization(from),
    responseFor: about,
    staff: { ...nobody, staff: fit(staff, 100) },
    statusCode: code,
    description: fit(note, 1_000),
    timestamp: edxmlInstant(at),
    extensions: [],
  };
}

/** What the clerk is shown of a document that arrived, within the lengths of the register; the whole is in the manifest. */
export interface ArrivalData {
  readonly senderName: string;
  readonly referenceCode: string;
  readonly issuedOn: string | null;
  readonly typeName: string;
  readonly subject: string;
  readonly signerName: string | null;
  readonly signerPosition: string | null;
  readonly dueOn: string | null;
  readonly pageCount: number | null;
  readonly urgency: Urgency;
}

/** Reads the header as the register will want it: senders leave fields out, and no field may make a document unacceptable. */
export function arrivalData(meta: EdxmlDocumentHeader, priority: number, directoryName: string | null): ArrivalData {
  const { number, notation } = meta.code;
  const pages = meta.other.pageAmount;
  return {
    // The directory decides what a sender is called, not the message.
    senderName: fit(directoryName ?? meta.from.name, 200) || fit(meta.from.organId, 200),
    referenceCode: fit([number, notation].filter(Boolean).join("/"), 60) || "Không số",
    issuedOn: meta.promulgation.date || null,
    typeName: fit(meta.documentType.name, 100) || "Văn bản",
    subject: fit(meta.subject, 500) || fit(meta.content, 500) || "(Không có trích yếu)",
    signerName: fit(meta.signer.fullName, 50) || null,
    signerPosition: fit([meta.signer.competence, meta.signer.position].filter(Boolean).join(", "), 100) || null,
    dueOn: meta.dueDate || null,
    pageCount: pages !== null && pages > 0 && pages <= 100_000 ? pages : null,
    urgency: urgencyOf(priority),
  };
}

/** Text in its composed form, cut where it is too long. */
function fit(text: string | null | undefined, longest: number): string {
  const whole = (text ?? "").normalize("NFC").trim();
  return whole.length <= longest
    ? whole
    : `${whole
        .slice(0, longest - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`;
}

/** The delay in milliseconds before the hub is asked again what became of a delivery: soon at first, later once an hour. */
export const nextCheck = (checks: number): number => Math.min(3_600_000, 1_000 * 4 ** Math.min(checks, 6));
