import { describe, expect, test } from "vitest";
import { readEdxml, writeEdxml } from "../../axis/index.ts";
import { answered } from "../../src/exchange/patience.ts";
import {
  arrivalData,
  codeOf,
  documentHeader,
  edxmlInstant,
  type IssuedDocument,
  isReport,
  nextCheck,
  priorityOf,
  statusHeader,
  statusOf,
  urgencyOf,
} from "../../src/exchange/rules.ts";

const from = {
  code: "H99.02",
  name: "Sở Nội vụ tỉnh Mẫu Sơn",
  address: "Số 12 đường Trần Phú",
  email: null,
  phone: null,
};
const document: IssuedDocument = {
  referenceCode: "01/QĐ-SNV",
  issuedOn: "2026-11-21",
  place: "Mẫu Sơn",
  typeName: "Quyết định",
  subject: "Về việc thử nghiệm",
  urgency: "FLASH",
  signature: { lines: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], fullName: "Đặng Văn Long" },
  answers: null,
  places: ["Như trên"],
};

describe("the header of a message", () => {
  test("of a document says what is printed on it, and edXML takes it", () => {
    const header = documentHeader(from, [{ code: "H99.03", name: "Sở Tài chính" }], document);
    expect(header).toMatchObject({
      documentId: "H99.02,2026/11/21,01/QĐ-SNV",
      code: { number: "01", notation: "QĐ-SNV" },
      other: { priority: 3 },
      signer: { competence: "KT. GIÁM ĐỐC", position: "PHÓ GIÁM ĐỐC", fullName: "Đặng Văn Long" },
    });
    const { message, problems } = readEdxml(Buffer.from(writeEdxml({ ...header, attachments: [] })));
    expect(problems.filter(({ code }) => !code.includes("Attachment"))).toEqual([]);
    expect(message).toEqual({ ...header, attachments: [] });
  });

  test("never breaks the lengths of edXML, whatever the names are", () => {
    const long = "ộ".repeat(2_000);
    const agency = { code: "H99.02", name: long, address: long, email: long, phone: long };
    const header = documentHeader(agency, [agency], {
      ...document,
      subject: long,
      place: long,
      typeName: long,
      signature: { lines: [long, long], fullName: long },
      places: [long],
    });
    expect(() => writeEdxml({ ...header, attachments: [] })).not.toThrow();
    const about = {
      organId: "H99.02",
      code: "01/QĐ-SNV",
      promulgationDate: "2026-11-21",
      documentId: header.documentId,
    };
    expect(() =>
      writeEdxml(statusHeader(agency, about, { code: "02", note: long, at: new Date(), staff: long })),
    ).not.toThrow();
  });

  test("carries instants in Vietnam's time", () => {
    expect(edxmlInstant(new Date("2026-12-31T18:30:05.678Z"))).toBe("2027-01-01T01:30:05+07:00");
  });
});

describe("what arrives", () => {
  const header = documentHeader(from, [{ code: "H99.03", name: "Sở Tài chính" }], document);

  test("is shown as the register will have it, under the directory's name for its sender", () => {
    expect(
      arrivalData({ ...header, from: { ...header.from, name: "Sở Giả mạo" } }, 3, "Sở Nội vụ tỉnh Mẫu Sơn"),
    ).toMatchObject({
      senderName: "Sở Nội vụ tỉnh Mẫu Sơn",
      referenceCode: "01/QĐ-SNV",
      issuedOn: "2026-11-21",
      urgency: "FLASH",
      signerPosition: "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC",
      dueOn: null,
      pageCount: null,
    });
  });

  test("with fields left out or too long can still be accepted", () => {
    const bare = arrivalData(
      {
        ...header,
        code: { number: "", notation: "" },
        subject: "",
        documentType: { type: null, detail: null, name: "" },
        promulgation: { place: "", date: "" },
        signer: { competence: "", position: "", fullName: "" },
        other: { ...header.other, pageAmount: -3 },
      },
      9,
      null,
    );
    expect(bare).toEqual({
      senderName: "Sở Nội vụ tỉnh Mẫu Sơn",
      referenceCode: "Không số",
      issuedOn: null,
      typeName: "Văn bản",
      subject: "(Không có trích yếu)",
      signerName: null,
      signerPosition: null,
      dueOn: null,
      pageCount: null,
      urgency: "FLASH",
    });
    const long = arrivalData({ ...header, subject: `${"a".repeat(498)}😀${"b".repeat(100)}` }, 0, null).subject;
    expect(long).toHaveLength(499);
    expect(long.isWellFormed() && long.endsWith("a…")).toBe(true);
  });
});

describe("small words", () => {
  test("codes, urgencies and references go over and back", () => {
    for (const urgency of ["NORMAL", "URGENT", "VERY_URGENT", "FLASH"] as const)
      expect(urgencyOf(priorityOf(urgency))).toBe(urgency);
    expect(urgencyOf(4)).toBe("FLASH");
    expect((["01", "02", "03", "04", "05", "06"] as const).map(statusOf)).toEqual([
      "ARRIVED",
      "REFUSED",
      "ACCEPTED",
      "ASSIGNED",
      "IN_PROGRESS",
      "COMPLETED",
    ]);
    expect((["13", "15", "16", ""] as const).some(isReport)).toBe(false);
    expect([codeOf("01/QĐ-SNV"), codeOf("15/2026/NQ-HĐND"), codeOf("không")]).toEqual([
      { number: "01", notation: "QĐ-SNV" },
      { number: "15", notation: "2026/NQ-HĐND" },
      { number: "", notation: "không" },
    ]);
  });

  test("the hub is asked again ever later, and at least once an hour", () => {
    const delays = Array.from({ length: 12 }, (_, checks) => nextCheck(checks));
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect([delays[0], delays.at(-1)]).toEqual([1_000, 3_600_000]);
  });

  test("a hub that never answers is given up, one that does is not", async () => {
    await expect(answered(new Promise(() => undefined), 20)).rejects.toThrow("has not answered");
    await expect(answered(Promise.resolve(1), 20)).resolves.toBe(1);
    await expect(answered(Promise.reject(new Error("no")), 20)).rejects.toThrow("no");
  });
});
