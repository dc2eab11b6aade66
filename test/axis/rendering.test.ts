import { expect, test } from "vitest";
import {
  AxisError,
  codeScheme,
  edxmlParts,
  edxmlToManifestMeta,
  manifestToEdxml,
  protocolVersion,
  readEdxml,
  signManifest,
  uuidv7,
  writeEdxml,
  type AgencyCodes,
  type EdxmlDocument,
  type Manifest,
} from "../../axis/index.ts";
import { newCredential } from "./identities.ts";
import { letterManifest } from "./messages.ts";

const agencies: AgencyCodes[] = [
  { code: "H99.01", code102: "000.00.01.H99" },
  { code: "H99.02", code102: "000.00.02.H99" },
];
const findAgency = (organId: string) => agencies.find(({ code, code102 }) => code === organId || code102 === organId);
const file = Buffer.from("%PDF-1.7 thử");
const plain = letterManifest("H99.01", ["H99.02"], file);
const letter: Manifest = {
  ...plain,
  sender: { ...plain.sender, code102: "000.00.01.H99" },
  recipients: plain.recipients.map((recipient) => ({ ...recipient, code102: "000.00.02.H99" })),
};
const files = new Map([["p1", file]]);

test.each([
  ["qcvn102", true],
  ["qcvn102", false],
  ["qd20", true],
] as const)(
  "a manifest goes to an axis of scheme %s (zipped: %s) and comes back with both codes and the same file",
  (scheme, zipped) => {
    const bytes = Buffer.from(writeEdxml(manifestToEdxml(letter, files, { scheme, zipped })));
    const message = readEdxml(bytes).message as EdxmlDocument;
    expect(message.from.organId).toBe(scheme === "qd20" ? "H99.01" : "000.00.01.H99");
    expect(message.to.map(({ organId }) => organId)).toEqual([scheme === "qd20" ? "H99.02" : "000.00.02.H99"]);

    const back = edxmlToManifestMeta(message, findAgency);
    const { kind, documentUid, sender, recipients, priority, confidentiality, legacy } = letter;
    expect(back).toMatchObject({ kind, documentUid, sender, recipients, priority, confidentiality, legacy });
    const received = edxmlParts(message.attachments);
    expect(received.files.get("p1")).toEqual(file);
    expect(received.parts).toEqual(letter.parts);
    const again: Manifest = {
      ...letter,
      ...back,
      v: protocolVersion,
      messageId: uuidv7(),
      parts: received.parts,
    };
    expect(() => signManifest(again, newCredential("H99.01"))).not.toThrow();
  },
);

test("a message without one of its files is not rendered at all", () => {
  expect(() => manifestToEdxml(letter, new Map(), { scheme: "qd20", zipped: true })).toThrow(AxisError);
});

test("an agency that the directory does not know keeps the code that it wrote", () => {
  const message = manifestToEdxml(letter, files, { scheme: "qcvn102", zipped: false });
  expect(edxmlToManifestMeta(message, () => undefined).sender).toEqual({
    code: "000.00.01.H99",
    code102: "000.00.01.H99",
    unit: null,
  });
});

test("a status names the document of the agency it answers; a request to give back names its own", () => {
  const status = (statusCode: "03" | "13", from: string, to: string) =>
    edxmlToManifestMeta(
      {
        kind: "status",
        from: { organId: from, inCharge: "", name: "x", address: "", email: "", telephone: "", fax: "", website: "" },
        responseFor: {
          organId: to,
          code: "15/STN-VP",
          promulgationDate: "2026-03-02",
          documentId: letter.legacy?.documentId ?? "",
        },
        staff: { department: "", staff: "", email: "", mobile: "" },
        statusCode,
        description: "",
        timestamp: "2026-03-02T09:05:12+07:00",
        extensions: [],
      },
      findAgency,
    );
  expect(status("03", "H99.02", "H99.01")).toMatchObject({
    kind: "status",
    documentUid: letter.documentUid,
    legacy: letter.legacy,
  });
  expect(status("13", "000.00.01.H99", "H99.02")).toMatchObject({
    documentUid: letter.documentUid,
    recipients: [{ code: "H99.02" }],
  });
});

test("the scheme of a code is told by its look", () => {
  expect(["H99", "H99.01.2", "G22"].map(codeScheme)).toEqual(["qd20", "qd20", "qd20"]);
  expect(["000.00.15.H51", "28.22.H17", "001.00.20.TT2"].map(codeScheme)).toEqual(["qcvn102", "qcvn102", "qcvn102"]);
  expect(["0101234567", "null", ""].map(codeScheme)).toEqual(["other", "other", "other"]);
});
