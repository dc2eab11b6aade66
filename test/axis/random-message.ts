import {
  edxmlStatusCodes,
  type EdxmlAttachment,
  type EdxmlDocument,
  type EdxmlExtension,
  type EdxmlMessage,
  type EdxmlOrganization,
  type EdxmlResponseFor,
  type EdxmlStaff,
} from "../../axis/index.ts";
import type { Random } from "./random.ts";

const fragments = [
  "Ủy ban nhân dân",
  "tỉnh Mẫu",
  "V/v triển khai",
  "Nghị quyết số 15-NQ/TU",
  "Quyết định",
  "ĐƯỜNG ƯỚC",
  "ằẳẵặ",
  "\u0065\u0323\u0302",
  "& < > \" '",
  "]]>",
  "<![CDATA[",
  "&amp;",
  "&#13;",
  "\r\n",
  "\t",
  "\u00A0",
  "\u200B",
  "\uFEFF",
  "😀",
  "\u{2070E}",
  "--",
  "<!-- -->",
  "%00",
  "\\",
  "${x}",
  "{{}}",
  'a="b"',
  "N/A",
  "null",
  "0",
  " ",
  "\u0085",
  "\u2028",
];

/** A message in normal form, with whatever text XML allows. */
export function randomMessage(random: Random): EdxmlMessage {
  return random.below(4) === 0 ? randomStatus(random) : randomDocument(random);
}

export function randomDocument(random: Random): EdxmlDocument {
  const organization = () => randomOrganization(random);
  const to = [organization(), ...random.many(4, organization)];
  const attachments = random.many(3, () => randomAttachment(random));
  return {
    kind: "document",
    from: organization(),
    to,
    documentId: filled(random, 200).trim(),
    code: { number: phrase(random, 11), notation: phrase(random, 30) },
    promulgation: { place: phrase(random, 50), date: day(random) },
    documentType: { type: number(random, 99), detail: number(random, 9), name: phrase(random, 100) },
    subject: filled(random, 500),
    content: phrase(random, 500),
    signer: { competence: phrase(random, 100), position: phrase(random, 100), fullName: phrase(random, 50) },
    dueDate: day(random),
    other: {
      priority: number(random, 4),
      sphere: phrase(random, 100),
      typerNotation: phrase(random, 10),
      promulgationAmount: number(random, 9_999),
      pageAmount: number(random, 9_999),
      direction: random.pick([true, false, null]),
      appendixes: random.many(3, () => filled(random, 200)),
    },
    responseFor: random.many(2, () => randomResponseFor(random)),
    steeringType: number(random, 9),
    toPlaces: random.many(4, () => filled(random, 200)),
    trace: random.many(3, () => ({ organId: randomCode(random), timestamp: timestamp(random) })),
    business: {
      documentId: phrase(random, 200).trim(),
      type: random.below(4),
      reason: phrase(random, 300),
      paper: random.pick([0, 1, null]),
      update: random.pick([
        null,
        {
          information: random.pick([0, 1, null]),
          receivers: random.pick([0, 1, null]),
          changes: random.many(3, () => ({ organId: randomCode(random), type: random.pick([0, 1, null]) })),
        },
      ]),
      replaces: random.many(2, () => ({
        documentId: filled(random, 100).trim(),
        organIds: random.many(3, () => randomCode(random)),
      })),
      staff: randomStaff(random),
    },
    attachments: attachments.map((attachment, index) => ({
      ...attachment,
      contentId: `cid:${index}-${attachment.contentId}`,
    })),
    extensions: randomExtensions(random, [
      "MessageHeader.From",
      "MessageHeader.OtherInfo",
      "MessageHeader",
      "TraceHeaderList",
    ]),
  };
}

function randomStatus(random: Random): EdxmlMessage {
  const responseFor = randomResponseFor(random);
  return {
    kind: "status",
    from: { ...randomOrganization(random), name: filled(random, 200) },
    responseFor: { ...responseFor, code: filled(random, 50), documentId: filled(random, 200).trim() },
    staff: randomStaff(random),
    statusCode: random.pick(edxmlStatusCodes),
    description: phrase(random, 1_000),
    timestamp: timestamp(random),
    extensions: randomExtensions(random, ["MessageHeader.StaffInfo", "MessageHeader"]),
  };
}

function randomOrganization(random: Random): EdxmlOrganization {
  return {
    organId: randomCode(random),
    inCharge: phrase(random, 200),
    name: phrase(random, 200),
    address: phrase(random, 250),
    email: phrase(random, 100),
    telephone: phrase(random, 20),
    fax: phrase(random, 20),
    website: phrase(random, 100),
  };
}

function randomResponseFor(random: Random): EdxmlResponseFor {
  const documentId = phrase(random, 200).trim();
  return { organId: randomCode(random), code: phrase(random, 50), promulgationDate: day(random), documentId };
}

function randomStaff(random: Random): EdxmlStaff {
  const [department, staff] = [phrase(random, 100), phrase(random, 100)];
  return { department, staff, email: phrase(random, 100), mobile: phrase(random, 20) };
}

function randomAttachment(random: Random): EdxmlAttachment {
  const name = `${random.pick(["Công văn số 1", "phụ lục", "a&b<c>", "x"])}${random.pick([".pdf", ".DOCX", ".zip", ""])}`;
  const zipped = random.below(2) === 0;
  const content = Buffer.concat([
    random.pick([Buffer.from("%PDF-1.7\n"), Buffer.from("PK\x03\x04"), Buffer.alloc(0)]),
    random.bytes(600),
  ]);
  return {
    contentId: String(random.below(1_000_000)),
    name,
    description: phrase(random, 100),
    contentType: zipped ? "application/zip" : random.pick(["application/pdf", "text/plain"]),
    zipped,
    content: content.toString("base64"),
  };
}

function randomExtensions(random: Random, paths: readonly string[]): EdxmlExtension[] {
  const leaf = () => ({
    name: "TaskCode",
    namespace: "http://www.mic.gov.vn/TBT/QCVN_102_2016",
    attributes: {},
    text: filled(random, 50),
    children: [],
  });
  // One for each place, in the order in which a reader meets the places.
  return paths
    .filter(() => random.below(6) === 0)
    .map((path) => ({
      path,
      element: random.pick([
        leaf(),
        { ...leaf(), name: "ResponseForTask", text: "", children: [leaf(), leaf()] },
        {
          ...leaf(),
          name: "Note",
          namespace: "urn:example:note",
          attributes: { lang: "vi", title: phrase(random, 20) },
        },
      ]),
    }));
}

function randomCode(random: Random): string {
  return random.pick(["H99.01", "H99.02.3", "000.00.15.H51", "28.22.H17", "0101234567", "Z01ABC"]);
}

/** Text that is "" when blank. */
function phrase(random: Random, most: number): string {
  const text = random
    .many(8, () => random.pick(fragments))
    .join(random.pick(["", " "]))
    .slice(0, most)
    .toWellFormed()
    .replace("\uFFFD", "");
  return text.trim() === "" ? "" : text;
}

function filled(random: Random, most: number): string {
  return `v${phrase(random, most - 1)}`;
}

function number(random: Random, most: number): number | null {
  return random.below(4) === 0 ? null : random.below(most + 1);
}

function day(random: Random): string {
  return random.below(5) === 0
    ? ""
    : new Date(Date.UTC(1990 + random.below(50), random.below(12), 1 + random.below(31))).toISOString().slice(0, 10);
}

function timestamp(random: Random): string {
  const time = [random.below(24), random.below(60), random.below(60)]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const date = day(random);
  return date && `${date}T${time}+07:00`;
}
