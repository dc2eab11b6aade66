import { unzipSync } from "fflate";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { EdxmlError, readEdxml, writeEdxml, type EdxmlDocument, type EdxmlMessage } from "../../axis/index.ts";
import { serializeEdxml } from "../../axis/edxml/serialize.ts";
import { Random } from "./random.ts";
import { randomDocument, randomMessage } from "./random-message.ts";

const secondParser = new XMLParser({
  removeNSPrefix: true,
  trimValues: false,
  parseTagValue: false,
  ignoreAttributes: true,
  htmlEntities: true,
  isArray: (name) => ["To", "Place", "Appendix", "Attachment", "TraceHeader"].includes(name),
});

const letter: EdxmlDocument = {
  kind: "document",
  from: {
    organId: "H99.01",
    inCharge: "UBND tỉnh Mẫu",
    name: "Sở Thử nghiệm",
    address: "1 Đường Mẫu",
    email: "vanthu@so.example.vn",
    telephone: "0200000001",
    fax: "",
    website: "",
  },
  to: [
    {
      organId: "H99.02",
      inCharge: "UBND tỉnh Mẫu",
      name: "Sở Kiểm thử",
      address: "",
      email: "",
      telephone: "",
      fax: "",
      website: "",
    },
  ],
  documentId: "H99.01,2026/03/02,15/STN-VP",
  code: { number: "15", notation: "STN-VP" },
  promulgation: { place: "Mẫu", date: "2026-03-02" },
  documentType: { type: 1, detail: 0, name: "Công văn" },
  subject: "V/v thử nghiệm <kết nối> & liên thông",
  content: "V/v thử nghiệm kết nối",
  signer: { competence: "KT. GIÁM ĐỐC", position: "Phó Giám đốc", fullName: "Trần Thị Mẫu" },
  dueDate: "",
  other: {
    priority: 0,
    sphere: "Liên thông",
    typerNotation: "VP",
    promulgationAmount: 1,
    pageAmount: 2,
    direction: false,
    appendixes: ["Phụ lục 1"],
  },
  responseFor: [],
  steeringType: 1,
  toPlaces: ["Như trên"],
  trace: [{ organId: "H99.01", timestamp: "2026-03-02T08:30:00+07:00" }],
  business: {
    documentId: "",
    type: 0,
    reason: "Văn bản điện tử mới",
    paper: 0,
    update: null,
    replaces: [],
    staff: { department: "Văn phòng", staff: "Lê Văn Mẫu", email: "lvm@so.example.vn", mobile: "" },
  },
  attachments: [
    {
      contentId: "cid:1",
      name: "15_STN-VP.pdf",
      description: "Văn bản chính",
      contentType: "application/pdf",
      zipped: false,
      content: "JVBERg==",
    },
  ],
  extensions: [],
};

/** The form of exchange on the national axis, without the layout between elements. */
const letterXml = `<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
<edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>H99.01</edXML:OrganId><edXML:OrganizationInCharge>UBND tỉnh Mẫu</edXML:OrganizationInCharge>
<edXML:OrganName>Sở Thử nghiệm</edXML:OrganName><edXML:OrganAdd>1 Đường Mẫu</edXML:OrganAdd>
<edXML:Email>vanthu@so.example.vn</edXML:Email><edXML:Telephone>0200000001</edXML:Telephone><edXML:Fax/>
<edXML:Website/></edXML:From>
<edXML:To><edXML:OrganId>H99.02</edXML:OrganId><edXML:OrganizationInCharge>UBND tỉnh Mẫu</edXML:OrganizationInCharge>
<edXML:OrganName>Sở Kiểm thử</edXML:OrganName></edXML:To>
<edXML:DocumentId>H99.01,2026/03/02,15/STN-VP</edXML:DocumentId>
<edXML:Code><edXML:CodeNumber>15</edXML:CodeNumber><edXML:CodeNotation>STN-VP</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:Place>Mẫu</edXML:Place><edXML:PromulgationDate>2026/03/02</edXML:PromulgationDate>
</edXML:PromulgationInfo>
<edXML:DocumentType><edXML:Type>1</edXML:Type><edXML:TypeDetail>0</edXML:TypeDetail>
<edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
<edXML:Subject>V/v thử nghiệm &lt;kết nối&gt; &amp; liên thông</edXML:Subject>
<edXML:Content>V/v thử nghiệm kết nối</edXML:Content>
<edXML:SignerInfo><edXML:Competence>KT. GIÁM ĐỐC</edXML:Competence><edXML:Position>Phó Giám đốc</edXML:Position>
<edXML:FullName>Trần Thị Mẫu</edXML:FullName></edXML:SignerInfo>
<edXML:DueDate/>
<edXML:OtherInfo><edXML:Priority>0</edXML:Priority><edXML:SphereOfPromulgation>Liên thông</edXML:SphereOfPromulgation>
<edXML:TyperNotation>VP</edXML:TyperNotation><edXML:PromulgationAmount>1</edXML:PromulgationAmount>
<edXML:PageAmount>2</edXML:PageAmount>
<edXML:Direction>false</edXML:Direction><edXML:Appendixes><edXML:Appendix>Phụ lục 1</edXML:Appendix>
</edXML:Appendixes></edXML:OtherInfo>
<edXML:SteeringType>1</edXML:SteeringType>
<edXML:ToPlaces><edXML:Place>Như trên</edXML:Place></edXML:ToPlaces>
</edXML:MessageHeader>
<edXML:TraceHeaderList>
<edXML:TraceHeader><edXML:OrganId>H99.01</edXML:OrganId><edXML:Timestamp>2026/03/02 08:30:00</edXML:Timestamp>
</edXML:TraceHeader>
<edXML:Bussiness><edXML:BussinessDocType>0</edXML:BussinessDocType>
<edXML:BussinessDocReason>Văn bản điện tử mới</edXML:BussinessDocReason>
<edXML:Paper>0</edXML:Paper>
<edXML:StaffInfo><edXML:Department>Văn phòng</edXML:Department><edXML:Staff>Lê Văn Mẫu</edXML:Staff>
<edXML:Email>lvm@so.example.vn</edXML:Email>
<edXML:Mobile/></edXML:StaffInfo></edXML:Bussiness>
</edXML:TraceHeaderList></edXML:edXMLHeader>
<edXML:edXMLBody><edXML:edXMLManifest version="1.0">
<edXML:Reference><edXML:ContentId>cid:1</edXML:ContentId><edXML:ContentType>application/pdf</edXML:ContentType>
<edXML:Description>Văn bản chính</edXML:Description><edXML:AttachmentName>15_STN-VP.pdf</edXML:AttachmentName>
</edXML:Reference>
</edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope>
<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>15_STN-VP.pdf</AttachmentName>
<Description>Văn bản chính</Description><ContentType>application/pdf</ContentType>
<edXML:ContentTransferEncoded xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">JVBERg==</edXML:ContentTransferEncoded>
</Attachment></AttachmentEncoded></edXML>`;

const withoutLayout = (xml: string) => xml.replaceAll(/>\s+</g, "><").trim();
const bytesOf = (message: EdxmlMessage) => Buffer.from(writeEdxml(message));

describe("a written message", () => {
  test("has the exact prefixed form", () => {
    expect(withoutLayout(writeEdxml(letter))).toBe(withoutLayout(letterXml));
  });

  test("is the same bytes each time, zips included, and begins without byte order mark", () => {
    const zipped = {
      ...letter,
      attachments: letter.attachments.map((one) => ({ ...one, zipped: true, contentType: "application/zip" })),
    };
    expect(writeEdxml(zipped)).toBe(writeEdxml(zipped));
    expect(writeEdxml(zipped).startsWith("<?xml")).toBe(true);
  });

  test("of a status has the exact prefixed form", () => {
    const xml = writeEdxml({
      kind: "status",
      from: {
        organId: "H99.02",
        name: "Sở Kiểm thử",
        inCharge: "",
        address: "",
        email: "",
        telephone: "",
        fax: "",
        website: "",
      },
      responseFor: {
        organId: "H99.01",
        code: "15/STN-VP",
        promulgationDate: "2026-03-02",
        documentId: "H99.01,2026/03/02,15/STN-VP",
      },
      staff: { department: "Văn phòng", staff: "Phạm Thị Mẫu", mobile: "", email: "" },
      statusCode: "03",
      description: "Tiếp nhận, số đến 41",
      timestamp: "2026-03-02T09:05:12+07:00",
      extensions: [],
    });
    expect(withoutLayout(xml)).toBe(
      withoutLayout(`<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
<edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>H99.02</edXML:OrganId><edXML:OrganName>Sở Kiểm thử</edXML:OrganName></edXML:From>
<edXML:ResponseFor><edXML:OrganId>H99.01</edXML:OrganId><edXML:Code>15/STN-VP</edXML:Code>
<edXML:PromulgationDate>2026/03/02</edXML:PromulgationDate>
<edXML:DocumentId>H99.01,2026/03/02,15/STN-VP</edXML:DocumentId></edXML:ResponseFor>
<edXML:StaffInfo><edXML:Department>Văn phòng</edXML:Department><edXML:Staff>Phạm Thị Mẫu</edXML:Staff><edXML:Mobile/>
<edXML:Email/></edXML:StaffInfo>
<edXML:StatusCode>03</edXML:StatusCode><edXML:Description>Tiếp nhận, số đến 41</edXML:Description>
<edXML:Timestamp>2026/03/02 09:05:12</edXML:Timestamp>
</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>`),
    );
  });

  test("reads back equal, 600 random messages", () => {
    const random = new Random(1);
    for (let round = 0; round < 600; round++) {
      const message = randomMessage(random);
      const reading = readEdxml(bytesOf(message));
      expect(reading).toEqual({ message, problems: [], signed: false });
    }
  });

  test("says the same to a second parser, 600 random documents", () => {
    const random = new Random(2);
    for (let round = 0; round < 600; round++) {
      const message = randomDocument(random);
      expect(secondReading(writeEdxml(message))).toEqual(firstReading(message));
    }
  });

  test("planted bug: a writer that escapes twice is caught by the second parser", () => {
    const broken = writeEdxml(letter).replaceAll("&lt;", "&amp;lt;");
    expect(secondReading(broken)).not.toEqual(firstReading(letter));
  });
});

describe("a message is not written", () => {
  const faults: [string, unknown, string][] = [
    ["without sender", { ...letter, from: { ...letter.from, organId: "" } }, "N.MessageHeader.From.OrganId"],
    ["without recipient", { ...letter, to: [] }, "N.MessageHeader.To"],
    ["with a long subject", { ...letter, subject: "x".repeat(501) }, "R.MessageHeader.Subject"],
    ["with an impossible day", { ...letter, dueDate: "2026-02-30" }, "R.MessageHeader.DueDate"],
    ["with a number for text", { ...letter, subject: 5 }, "T.MessageHeader.Subject"],
    ["with a character that XML forbids", { ...letter, subject: "a\u0000b" }, "M.MessageHeader.Subject"],
    ["with half a character", { ...letter, content: "a\uD800b" }, "M.MessageHeader.Content"],
    [
      "with a file that could not be read",
      { ...letter, attachments: [{ ...letter.attachments[0], content: null }] },
      "N.Attachment.ContentTransferEncoded",
    ],
    [
      "with a broken file",
      { ...letter, attachments: [{ ...letter.attachments[0], content: "JVBERg=" }] },
      "T.Attachment.ContentTransferEncoded",
    ],
    ["with an unknown kind", { ...letter, kind: "letter" }, "T.edXML"],
    ["that is null", null, "T.edXML"],
  ];
  test.each(faults)("%s", (_, message, code) => {
    expect(() => writeEdxml(message as EdxmlMessage)).toThrow(
      expect.objectContaining({ name: "EdxmlError", code }) as EdxmlError,
    );
  });

  test("with a plain zip that a reader would take for packing, unless it is packed once more", () => {
    const packed = readZip(letter);
    const [file] = letter.attachments;
    const inner = { ...file, name: "15.pdf", content: packed } as EdxmlDocument["attachments"][number];
    expect(() => writeEdxml({ ...letter, attachments: [inner] })).toThrow(EdxmlError);
    const outer = { ...inner, zipped: true, contentType: "application/zip" };
    expect(readEdxml(bytesOf({ ...letter, attachments: [outer] })).message).toEqual({
      ...letter,
      attachments: [outer],
    });
  });
});

test("an unknown element of a foreign namespace keeps it", () => {
  const element = { name: "Note", namespace: "urn:example", attributes: { a: "1" }, text: "", children: [] };
  const xml = serializeEdxml(element);
  expect(xml).toContain('<Note xmlns="urn:example" a="1"/>');
});

function readZip(message: EdxmlDocument): string {
  const zipped = { ...message, attachments: message.attachments.map((one) => ({ ...one, zipped: true })) };
  return /ContentTransferEncoded xmlns[^>]*>([^<]+)</.exec(writeEdxml(zipped))?.[1] ?? "";
}

type Tree = { [name: string]: Tree } & { [name: string]: string };

/** Field by field what fast-xml-parser finds, by paths written out here and not taken from the writer. */
function secondReading(xml: string) {
  const root = (secondParser.parse(xml) as { edXML: Tree }).edXML;
  const header = root["edXMLEnvelope"]?.["edXMLHeader"]?.["MessageHeader"] as Tree;
  const list = <T>(value: unknown) => (Array.isArray(value) ? value : []) as T[];
  const files = list<Record<string, string>>(root["AttachmentEncoded"]?.["Attachment"]);
  return {
    from: header["From"]?.["OrganId"],
    fromName: header["From"]?.["OrganName"],
    to: list<Tree>(header["To"]).map((to) => [
      to["OrganId"],
      to["OrganName"] ?? "",
      to["OrganAdd"] ?? "",
      to["Website"] ?? "",
    ]),
    documentId: header["DocumentId"],
    number: header["Code"]?.["CodeNumber"],
    notation: header["Code"]?.["CodeNotation"],
    date: header["PromulgationInfo"]?.["PromulgationDate"],
    subject: header["Subject"],
    content: header["Content"],
    signer: header["SignerInfo"]?.["FullName"],
    priority: header["OtherInfo"]?.["Priority"],
    appendixes: list(header["OtherInfo"]?.["Appendixes"]?.["Appendix"]),
    places: list(header["ToPlaces"]?.["Place"]),
    reason: root["edXMLEnvelope"]?.["edXMLHeader"]?.["TraceHeaderList"]?.["Bussiness"]?.["BussinessDocReason"],
    files: files.map((file) => {
      const bytes = Buffer.from(file["ContentTransferEncoded"] ?? "", "base64");
      const zipped = file["ContentType"] === "application/zip";
      const content = zipped ? Buffer.concat(Object.values(unzipSync(bytes))) : bytes;
      return [file["ContentId"], file["AttachmentName"], content.toString("base64")];
    }),
  };
}

function firstReading(message: EdxmlDocument): ReturnType<typeof secondReading> {
  return {
    from: message.from.organId,
    fromName: message.from.name,
    to: message.to.map((to) => [to.organId, to.name, to.address, to.website]),
    documentId: message.documentId,
    number: message.code.number,
    notation: message.code.notation,
    date: message.promulgation.date.replaceAll("-", "/"),
    subject: message.subject,
    content: message.content,
    signer: message.signer.fullName,
    priority: message.other.priority === null ? "" : String(message.other.priority),
    appendixes: [...message.other.appendixes],
    places: [...message.toPlaces],
    reason: message.business.reason,
    files: message.attachments.map((file) => [file.contentId, file.name, file.content ?? ""]),
  } as ReturnType<typeof secondReading>;
}
