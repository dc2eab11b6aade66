import { deflateRawSync, crc32 } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import {
  defaultLimits,
  EdxmlError,
  readEdxml,
  writeEdxml,
  type EdxmlDocument,
  type ReadLimits,
} from "../../axis/index.ts";
import { looksZipped, singleEntry, unpack } from "../../axis/edxml/zip.ts";
import { Random } from "./random.ts";
import { randomMessage } from "./random-message.ts";

const namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
const message = (header: string, attachments = "", prolog = "") =>
  Buffer.from(
    `${prolog}<edXML xmlns="${namespace}"><edXMLEnvelope><edXMLHeader><MessageHeader>${header}</MessageHeader></edXMLHeader>` +
      `</edXMLEnvelope><AttachmentEncoded>${attachments}</AttachmentEncoded></edXML>`,
  );
const attachment = (name: string, content: Uint8Array | string) => {
  const encoded = typeof content === "string" ? content : Buffer.from(content).toString("base64");
  return (
    `<Attachment><ContentId>cid:1</ContentId><AttachmentName>${name}</AttachmentName>` +
    `<ContentTransferEncoded>${encoded}</ContentTransferEncoded></Attachment>`
  );
};
const document = (bytes: Uint8Array, limits?: ReadLimits) => readEdxml(bytes, limits).message as EdxmlDocument;
const refusal = (bytes: Uint8Array, limits?: ReadLimits) => {
  try {
    readEdxml(bytes, limits);
  } catch (error) {
    if (error instanceof EdxmlError) return error.reason;
    throw error;
  }
  return "read";
};

describe("refused whole", () => {
  const entities = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>`;
  const cases: [string, Uint8Array, string][] = [
    ["a document type", message("<Subject/>", "", "<!DOCTYPE edXML>"), "doctype"],
    ["billion laughs", message("<Subject>&lol2;</Subject>", "", entities), "doctype"],
    [
      "an external entity",
      message("<Subject>&x;</Subject>", "", '<!doctype a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      "doctype",
    ],
    ["an undefined entity", message("<Subject>&x;</Subject>"), "malformed"],
    ["deep nesting", message("<a>".repeat(100_000)), "too_deep"],
    ["an attribute of 1 MB", message(`<Subject a="${"x".repeat(1_000_000)}"/>`), "too_long"],
    [
      "a thousand attributes",
      message(`<Subject ${Array.from({ length: 1_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`),
      "too_many_attributes",
    ],
    ["a hundred thousand elements", message("<To/>".repeat(100_000)), "too_many_elements"],
    ["a text of 1 MB in a header field", message(`<Subject>${"x".repeat(1_000_000)}</Subject>`), "too_long"],
    ["a text of 1 MB in pieces", message(`<Subject>${"<![CDATA[xxxxxxxxxx]]>".repeat(100_000)}</Subject>`), "too_long"],
    [
      "a declared encoding other than UTF-8",
      message("<Subject/>", "", '<?xml version="1.0" encoding="windows-1258"?>'),
      "encoding",
    ],
    ["UTF-16 with byte order mark", Buffer.from(`\uFEFF${message("<Subject/>").toString()}`, "utf16le"), "encoding"],
    [
      "bytes that are not UTF-8",
      Buffer.concat([message("").subarray(0, 120), Buffer.from([0xff, 0xc0]), message("").subarray(120)]),
      "encoding",
    ],
    ["a character that XML forbids", message("<Subject>\u0001</Subject>"), "malformed"],
    ["two roots", Buffer.concat([message("<Subject/>"), message("<Subject/>")]), "malformed"],
    ["another vocabulary", Buffer.from("<html/>"), "not_edxml"],
    ["no header", Buffer.from(`<edXML xmlns="${namespace}"/>`), "not_edxml"],
    ["nothing", Buffer.alloc(0), "malformed"],
    ["text", Buffer.from("Kính gửi"), "malformed"],
  ];
  test.each(cases)("%s", (_, bytes, reason) => {
    const start = performance.now();
    expect(refusal(bytes)).toBe(reason);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test("a file over the limit", () => {
    expect(refusal(message("<Subject/>"), { ...defaultLimits, bytes: 100 })).toBe("too_large");
  });

  test("a message cut off anywhere", () => {
    const random = new Random(3);
    const whole = Buffer.from(writeEdxml(randomMessage(random)));
    for (let round = 0; round < 200; round++) {
      expect(["malformed", "encoding"]).toContain(refusal(whole.subarray(0, random.below(whole.length - 2))));
    }
  });

  test("zip bombs: by ratio, by sum, by a lie about the size", () => {
    const zeros = zipSync({ "a.pdf": [new Uint8Array(64 * 1024 * 1024), { level: 9 }] });
    expect(refusal(message("", attachment("a.pdf", zeros)))).toBe("zip_bomb");

    const small = { ...defaultLimits, unpackedBytes: 150_000 };
    const noise = new Random(4).bytes(200_000);
    const fits = zipSync({ "a.pdf": [noise.subarray(0, 70_000), { level: 0 }] });
    expect(refusal(message("", attachment("a.pdf", fits)), small)).toBe("read");
    expect(refusal(message("", attachment("a.pdf", fits).repeat(3)), small)).toBe("zip_bomb");

    const liar = Buffer.from(zeros);
    liar.writeUInt32LE(10, liar.lastIndexOf("PK\x01\x02") + 24);
    expect(refusal(message("", attachment("a.pdf", liar)))).toBe("zip_bomb");
  });

  test("planted bug: unpacking by the size that the zip claims lets the liar through", () => {
    const packed = deflateRawSync(Buffer.alloc(32 * 1024 * 1024));
    const entry = { name: "a.pdf", packed, size: 10, crc: crc32(Buffer.alloc(10)), method: 8 };
    const trusting = (claimed: typeof entry) => (claimed.size > 1_000_000 ? "zip_bomb" : "unpacked");
    expect(trusting(entry)).toBe("unpacked");
    expect(() => unpack(entry, 1_000_000, 200, "a")).toThrow(expect.objectContaining({ reason: "zip_bomb" }) as Error);
  });
});

describe("read all the same", () => {
  test("any order, case and spelling, prefix or not, either date order", () => {
    const read = (header: string) => document(message(header));
    expect(read("<subject>a</subject><TO><organid> H99.02 </organid></TO>").to[0]?.organId).toBe("H99.02");
    expect(
      document(Buffer.from(message("<Subject>a</Subject>").toString().replaceAll("Subject>", "edXML:Subject>")))
        .subject,
    ).toBe("a");
    for (const [written, day] of [
      ["2026/03/02", "2026-03-02"],
      ["02/03/2026", "2026-03-02"],
      ["2/3/2026", "2026-03-02"],
      ["2026-03-02", "2026-03-02"],
      ["2026-03-01T18:00:00Z", "2026-03-02"],
      ["2026-03-02T00:30:00+07:00", "2026-03-02"],
    ]) {
      expect(read(`<DueDate>${written}</DueDate>`).dueDate).toBe(day);
    }
  });

  test("Business in its right spelling, and in two parts", () => {
    const trace =
      "<TraceHeaderList><Business><BusinessDocType>1</BusinessDocType></Business>" +
      "<Bussiness><BussinessDocReason>Sai</BussinessDocReason></Bussiness></TraceHeaderList></edXMLHeader>";
    const bytes = Buffer.from(message("").toString().replace("</edXMLHeader>", trace));
    expect(document(bytes).business).toMatchObject({ type: 1, reason: "Sai" });
  });

  test("a value at fault is reported with its place, the rest is read", () => {
    const { message: read, problems } = readEdxml(
      message("<DueDate>30/02/2026</DueDate><Subject>a</Subject><Subject>b</Subject><From/>"),
    );
    expect(read).toMatchObject({ dueDate: "", subject: "a" });
    expect(problems).toEqual(
      expect.arrayContaining([
        { code: "T.MessageHeader.DueDate", reason: "bad_value", received: "30/02/2026" },
        { code: "M.MessageHeader.Subject", reason: "duplicate", received: "b" },
        { code: "N.MessageHeader.From.OrganId", reason: "missing", received: "" },
      ]),
    );
  });

  test("unknown elements are kept where they stood, those of foreign namespaces are never taken for known ones", () => {
    const { message: read } = readEdxml(
      message(
        '<ResponseForTask><TaskCode>1</TaskCode></ResponseForTask><x:Subject xmlns:x="urn:x">false</x:Subject><Subject>true</Subject>',
      ),
    );
    expect(read).toMatchObject({ subject: "true" });
    expect(read.extensions.map(({ path, element }) => [path, element.name, element.namespace])).toEqual([
      ["MessageHeader", "ResponseForTask", namespace],
      ["MessageHeader", "Subject", "urn:x"],
    ]);
  });

  test("attachments: base64 in lines, zip under any label, a .docx and a .zip left as they are", () => {
    const file = Buffer.from("%PDF-1.7 nội dung");
    const files = (xml: string) =>
      document(message("", xml)).attachments.map(({ zipped, content }) => [zipped, content]);
    const lines = file.toString("base64").replaceAll(/(.{8})/g, "$1\r\n ");
    expect(files(attachment("a.pdf", lines))).toEqual([[false, file.toString("base64")]]);
    expect(files(attachment("a.pdf", zipSync({ "0198.PDF": file })))).toEqual([[true, file.toString("base64")]]);
    const docx = zipSync({ "[Content_Types].xml": file, "word/document.xml": file });
    expect(files(attachment("a.docx", docx))).toEqual([[false, Buffer.from(docx).toString("base64")]]);
    const archive = zipSync({ "a.pdf": file });
    expect(files(attachment("a.zip", archive))).toEqual([[false, Buffer.from(archive).toString("base64")]]);
  });

  test("a damaged zip and a PDF that went through a text-mode transfer are reported", () => {
    const zip = Buffer.from(zipSync({ "a.pdf": [new Random(5).bytes(500), { level: 0 }] }));
    zip.writeUInt8(zip.readUInt8(100) ^ 1, 100);
    const damaged = readEdxml(message("", attachment("a.pdf", zip)));
    expect(damaged.problems.map(({ reason }) => reason)).toContain("bad_zip");
    expect((damaged.message as EdxmlDocument).attachments[0]?.content).toBeNull();
    const text = Buffer.from(`%PDF-1.7\n${"\uFFFDabc".repeat(20)}`);
    expect(readEdxml(message("", attachment("a.pdf", text))).problems.map(({ reason }) => reason)).toContain(
      "text_mode_damage",
    );
  });
});

test("3,000 mutated messages are read or refused with a typed error, and quickly", () => {
  const random = new Random(6);
  const seeds = Array.from({ length: 20 }, () => Buffer.from(writeEdxml(randomMessage(random))));
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let round = 0; round < 3_000; round++) {
    const start = performance.now();
    const outcome = refusal(mutate(random, random.pick(seeds), random.pick(seeds)));
    slowest = Math.max(slowest, performance.now() - start);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(slowest).toBeLessThan(5_000);
  // A mutator that breaks everything or nothing would prove nothing.
  expect(outcomes.get("read")).toBeGreaterThan(100);
  expect(outcomes.get("malformed")).toBeGreaterThan(100);
});

test("2,000 mutated zips are unpacked, left alone or refused with a typed error", () => {
  const random = new Random(7);
  const seed = Buffer.from(zipSync({ "a.pdf": random.bytes(3_000) }));
  for (let round = 0; round < 2_000; round++) {
    const zip = mutate(random, seed, seed);
    const entry = looksZipped(zip) ? singleEntry(zip) : null;
    try {
      if (entry) unpack(entry, 100_000, 200, "a");
    } catch (error) {
      expect(error).toBeInstanceOf(EdxmlError);
    }
  }
});

function mutate(random: Random, seed: Buffer, other: Buffer): Buffer {
  let bytes = Buffer.from(seed);
  for (let change = random.below(3); change >= 0; change--) {
    const at = random.below(bytes.length);
    const end = at + random.below(40);
    const piece = other.subarray(random.below(other.length)).subarray(0, random.below(60));
    bytes = random.pick([
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]),
      () => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.from([random.below(256)]), bytes.subarray(at + 1)]),
      () =>
        Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(random.pick(["<", ">", "&", "/>", "]]>", "<!--", "&#0;", "xmlns=''", "9"])),
          bytes.subarray(at),
        ]),
    ])();
  }
  return bytes;
}
