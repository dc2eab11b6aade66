import {
  documentUid,
  protocolVersion,
  sha256,
  uuidv7,
  type EdxmlDocumentHeader,
  type Manifest,
} from "../../axis/index.ts";

const staff = { department: "", staff: "", email: "", mobile: "" };
const organization = (organId: string, name: string) => ({
  organId,
  inCharge: "",
  name,
  address: "",
  email: "",
  telephone: "",
  fax: "",
  website: "",
});

/** The header of a letter between agencies. */
export function letterHeader(from: string, to: readonly string[], number = "15"): EdxmlDocumentHeader {
  return {
    kind: "document",
    from: organization(from, `Cơ quan ${from}`),
    to: to.map((code) => organization(code, `Cơ quan ${code}`)),
    documentId: `${from},2026/03/02,${number}/STN-VP`,
    code: { number, notation: "STN-VP" },
    promulgation: { place: "Mẫu", date: "2026-03-02" },
    documentType: { type: 18, detail: null, name: "Công văn" },
    subject: "V/v thử nghiệm liên thông",
    content: "",
    signer: { competence: "KT. GIÁM ĐỐC", position: "Phó Giám đốc", fullName: "Trần Thị Mẫu" },
    dueDate: "",
    other: {
      priority: 1,
      sphere: "",
      typerNotation: "VP",
      promulgationAmount: null,
      pageAmount: 2,
      direction: null,
      appendixes: [],
    },
    responseFor: [],
    steeringType: null,
    toPlaces: ["Như trên"],
    trace: [],
    business: { documentId: "", type: 0, reason: "", paper: 0, update: null, replaces: [], staff },
    extensions: [],
  };
}

/** An unsigned manifest of a letter with one file. */
export function letterManifest(
  from: string,
  to: readonly string[],
  file: Buffer = Buffer.from("%PDF-1.7 thử"),
): Manifest {
  const meta = letterHeader(from, to);
  return {
    v: protocolVersion,
    messageId: uuidv7(),
    kind: "document",
    documentUid: documentUid(from, meta.documentId),
    revision: 0,
    refersTo: null,
    sender: { code: from, code102: null, unit: null },
    recipients: to.map((code) => ({ code, code102: null, role: "chinh" as const })),
    createdAt: new Date().toISOString(),
    expiresAt: null,
    priority: 1,
    confidentiality: "thuong",
    legacy: { documentId: meta.documentId, codeNumber: "15", codeNotation: "STN-VP" },
    meta,
    parts: [
      {
        id: "p1",
        name: "15_STN-VP.pdf",
        description: "Văn bản chính",
        mediaType: "application/pdf",
        size: file.length,
        sha256: sha256(file),
        role: "main",
      },
    ],
  };
}
