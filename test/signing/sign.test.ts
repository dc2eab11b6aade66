import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { PDFDocument } from "pdf-lib";
import { beforeAll, describe, expect, test } from "vitest";
import { imageAppearance, signatureAppearance, textAppearance } from "../../signing/appearance/appearance.ts";
import { prepareSignedData } from "../../signing/cms/write.ts";
import { addFields, type FieldSpec, listFields } from "../../signing/sign/fields.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { PdfDict, PdfName, PdfRef, PdfString } from "../../signing/pdf/objects.ts";
import { decodeText } from "../../signing/pdf/text.ts";
import { fillHole } from "../../signing/sign/hole.ts";
import { openForSigning } from "../../signing/sign/open.ts";
import type { RevisionRequest } from "../../signing/sign/request.ts";
import { prepareRevision } from "../../signing/sign/revision.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import type { Signer } from "../../signing/keys/signer.ts";
import { blankDocument, codeOf, craftedTable, newSigner, rootCertificate } from "./pdf-documents.ts";
import { installed, opensslAccepts, pageText, pdfsigVerdicts, qpdfComplaints, rawSignatures } from "./pdf-judges.ts";

const at = new Date("2026-01-05T01:15:30Z");
const leaderField: FieldSpec = {
  type: "signature",
  name: "leader",
  page: 0,
  rect: [300, 200, 480, 280],
  lock: { action: "EXCLUDE", fields: ["number", "date", "seal", "arrival"] },
};
const fields: readonly FieldSpec[] = [
  leaderField,
  {
    type: "signature",
    name: "seal",
    page: 0,
    rect: [249, 190, 351.05, 292.05],
    lock: { action: "EXCLUDE", fields: ["arrival"] },
  },
  { type: "signature", name: "arrival", page: 0, rect: [30, 780, 150, 830] },
  { type: "signature", name: "other", page: 0, rect: [30, 30, 90, 60] },
  { type: "text", name: "number", page: 0, rect: [60, 740, 140, 758], fontSize: 13, alignment: "center" },
  { type: "text", name: "date", page: 0, rect: [300, 740, 560, 758], fontSize: 13, alignment: "left" },
];
const DATE = "Huế, ngày 05 tháng 01 năm 2026";

let leader: Signer;
let seal: Signer;
let clerk: Signer;
beforeAll(() => {
  leader = newSigner("rsa-2048", "person", "Nguyễn Văn Đức");
  seal = newSigner("ec-p256", "agency-seal", "Ủy ban nhân dân thành phố Huế");
  clerk = newSigner("ec-p384", "person", "Lê Thị Ngọc Ánh");
});

/** The whole way of a document: leader, then number, date and seal in one revision, then the receiver's mark. */
async function signedThrice(kind: "table" | "stream", rotation = 0): Promise<{ states: Buffer[]; result: Buffer }> {
  const empty = addFields(await blankDocument(kind, [rotation]), fields);
  const signature = await signatureAppearance({ kind: "PERSON", name: "Nguyễn Văn Đức", width: 180, height: 80 });
  const byLeader = await signPdf(empty, {
    field: "leader",
    signer: leader,
    at,
    appearance: signature,
    name: "Nguyễn Văn Đức",
    reason: "Ký ban hành",
    location: "Huế",
  });
  const stamp = await signatureAppearance({ kind: "AGENCY_SEAL", agency: "Ủy ban nhân dân thành phố Huế" });
  const issued = await signPdf(byLeader, {
    field: "seal",
    signer: seal,
    at,
    appearance: stamp,
    fill: [
      { field: "number", value: "123" },
      { field: "date", value: DATE },
    ],
  });
  const lines = ["ĐẾN", "Số: 45"];
  const style = { fontSize: 12, color: "red", align: "center", bold: true } as const;
  const mark = await textAppearance({ width: 120, height: 50, lines, ...style });
  const result = await signPdf(issued, { field: "arrival", signer: clerk, at, appearance: mark });
  return { states: [empty, byLeader, issued, result], result };
}

/** What is wrong with a file that should carry `count` good signatures; every judge here is foreign to our code. */
function faults(pdf: Buffer, count: number): string[] {
  const found: string[] = [];
  const signatures = rawSignatures(pdf);
  if (signatures.length !== count) found.push(`${signatures.length} signatures`);
  for (const [index, signature] of signatures.entries()) {
    if (!opensslAccepts(signature, rootCertificate)) found.push(`openssl refuses ${index}`);
  }
  const last = signatures.at(-1)?.byteRange;
  if (last === undefined || last[2]! + last[3]! !== pdf.length) found.push("bytes behind the last signature");
  const valid = pdfsigVerdicts(pdf).filter((verdict) => verdict === "Signature is Valid").length;
  if (valid !== count) found.push(`pdfsig finds ${valid} valid`);
  if (qpdfComplaints(pdf) !== "") found.push("qpdf complains");
  return found;
}

const judged = ["openssl", "pdfsig", "qpdf", "pdftotext"].every(installed);

describe.skipIf(!judged).each(["table", "stream"] as const)("leader, seal and receiver on a file with a %s", (kind) => {
  test("are all valid to others, one appended to the other", async () => {
    const { states, result } = await signedThrice(kind);
    expect(faults(result, 3)).toEqual([]);
    for (const state of states) expect(result.subarray(0, state.length).equals(state)).toBe(true);
    expect(readPdf(result).revisions.map((revision) => revision.kind)).toEqual(Array(5).fill(kind));
    const ends = readPdf(result)
      .revisions.slice(1)
      .map((revision) => revision.end);
    expect(ends).toEqual(states.map((state) => state.length));
  });

  test("number and date are in the revision of the seal, and visible", async () => {
    const { states, result } = await signedThrice(kind);
    expect(pageText(states[1]!)).not.toContain("123");
    for (const text of ["123", DATE, "Nguyễn Văn Đức", "ĐẾN"]) expect(pageText(result)).toContain(text);
    expect(
      listFields(result)
        .slice(-2)
        .map((field) => field.value),
    ).toEqual(["123", DATE]);
  });
});

describe.skipIf(!judged)("the judges", () => {
  test("catch a second signature by a writer that rewrites the file", async () => {
    const { states } = await signedThrice("table");
    const file = await PDFDocument.load(states[1]!);
    const rewritten = Buffer.from(await file.save({ useObjectStreams: false }));
    expect(await signPdf(rewritten, { field: "seal", signer: seal, at }).then((pdf) => faults(pdf, 2))).not.toEqual([]);
  });

  test("catch one changed byte before, and one behind, the hole", async () => {
    const { states } = await signedThrice("table");
    const [, , end] = rawSignatures(states[1]!)[0]!.byteRange as [number, number, number, number];
    for (const position of [100, end + 20]) {
      const changed = Buffer.from(states[1]!);
      changed[position]! ^= 1;
      expect(faults(changed, 1)).toContain("openssl refuses 0");
    }
  });

  test("catch a signature over a byte range that misses the end", async () => {
    const empty = addFields(await blankDocument("table"), fields);
    const prepared = prepareRevision(openForSigning(empty), { holeSize: 4096, field: "leader", at, digest: "sha256" });
    const [first, length, second, rest] = prepared.byteRange;
    const bytes = prepared.complete(Buffer.alloc(0));
    const from = bytes.indexOf("/ByteRange [");
    const range = [second, rest - 1].map((number) => String(number).padStart(10, "0")).join(" ");
    bytes.write(range, from + "/ByteRange [0000000000 0000000000 ".length, "latin1");
    const hash = createHash("sha256").update(bytes.subarray(first, length));
    const digest = hash.update(bytes.subarray(second, second + rest - 1)).digest();
    const data = prepareSignedData(leader, digest);
    const cms = data.complete(await leader.sign(data.toBeSigned));
    const signed = fillHole(bytes, prepared.byteRange, cms);
    expect(faults(signed, 1)).toEqual(["bytes behind the last signature"]);
  });
});

test("the byte range covers all but the hole, and the hole is the signature's own /Contents", async () => {
  const { result } = await signedThrice("stream");
  const { latest } = readPdf(result);
  const [field] = latest.array(latest.dict(latest.catalog.get("AcroForm"))!.get("Fields"));
  const signature = latest.dict(latest.dict(field)!.get("V"))!;
  const contents = signature.get("Contents") as PdfString;
  const [zero, length, next, rest] = signature.get("ByteRange") as number[];
  expect([zero, contents.span!.start, contents.span!.end]).toEqual([0, length, next]);
  expect(readPdf(result).revisions.map((revision) => revision.end)).toContain(next! + rest!);
});

test("the signature says what was asked for, and carries its field's lock", async () => {
  const { states } = await signedThrice("table");
  const { latest } = readPdf(states[1]!);
  const form = latest.dict(latest.catalog.get("AcroForm"))!;
  const signature = latest.dict(latest.dict(latest.array(form.get("Fields"))[0])!.get("V"))!;
  expect(form.get("SigFlags")).toBe(3);
  expect((signature.get("SubFilter") as PdfName).name).toBe("ETSI.CAdES.detached");
  expect((signature.get("M") as PdfString).bytes.toString()).toBe("D:20260105081530+07'00'");
  expect(["Name", "Reason", "Location"].map((key) => decodeText(signature.get(key) as PdfString))).toEqual([
    "Nguyễn Văn Đức",
    "Ký ban hành",
    "Huế",
  ]);
  const reference = latest.dict(latest.array(signature.get("Reference"))[0])!;
  expect((reference.get("TransformMethod") as PdfName).name).toBe("FieldMDP");
  const parameters = reference.get("TransformParams") as PdfDict;
  const excluded = latest.array(parameters.get("Fields")).map((item) => decodeText(item as PdfString));
  expect(excluded).toEqual(["number", "date", "seal", "arrival"]);
  expect(listFields(states[1]!)[0]).toMatchObject({ signed: true, lock: { action: "EXCLUDE" } });
});

test("signing twice writes the form once only, and never an unchanged object", async () => {
  const { result } = await signedThrice("table");
  const { revisions, latest } = readPdf(result);
  const form = (latest.catalog.get("AcroForm") as PdfRef).number;
  const root = (latest.trailer.get("Root") as PdfRef).number;
  const page = latest.pages()[0]!.number;
  expect(revisions.map((revision) => revision.entries.has(form))).toEqual([false, true, true, false, false]);
  const signatures = revisions.slice(2);
  for (const kept of [root, page]) expect(signatures.some((revision) => revision.entries.has(kept))).toBe(false);
});

test.skipIf(!judged)("a mark's field can be made by the signature itself", async () => {
  const { states } = await signedThrice("stream", 90);
  const field: FieldSpec = { type: "signature", name: "copy", page: 0, rect: [400, 500, 560, 530] };
  const style = { fontSize: 10, color: "black", align: "left" } as const;
  const appearance = await textAppearance({ width: 160, height: 30, lines: ["SAO Y; UBND xã A"], ...style });
  const empty = addFields(await blankDocument("stream", [90]), [{ ...field, name: "first" }]);
  const before = await signPdf(empty, { field: "first", signer: leader, at });
  const marked = await signPdf(before, { field, signer: clerk, at, appearance });
  expect(faults(marked, 2)).toEqual([]);
  expect(pageText(marked)).toContain("SAO Y; UBND xã A");
  const refused = { code: "REFUSE_SIGN", details: { reason: "LOCKED" } };
  await expect(signPdf(states[2]!, { field, signer: clerk, at })).rejects.toMatchObject(refused);
});

test.skipIf(!judged)("a hole that is too small is widened once", async () => {
  const chain = Array.from({ length: 40 }, (_, index) => newSigner("ec-p256", "person", `Người ${index}`).certificate);
  const wide: Signer = { ...clerk, chain };
  const signed = await signPdf(addFields(await blankDocument("table"), fields), { field: "leader", signer: wide, at });
  expect(rawSignatures(signed)[0]!.cms.length).toBeGreaterThan(16_384);
  expect(faults(signed, 1)).toEqual([]);
});

test("a signature that does not fit is refused, one that fits replaces what was there", async () => {
  const empty = addFields(await blankDocument("table"), fields);
  const prepared = prepareRevision(openForSigning(empty), { field: "leader", at, digest: "sha256", holeSize: 100 });
  expect(codeOf(() => prepared.complete(Buffer.alloc(101)))).toBe("HOLE_TOO_SMALL");
  prepared.complete(Buffer.alloc(100, 0xaa));
  const [, start, end] = prepared.byteRange;
  const hole = prepared.complete(Buffer.from("0102", "hex")).toString("latin1", start, end);
  expect(hole).toBe(`<0102${"0".repeat(196)}>`);
});

describe("refusals", () => {
  const reasonOf = (pdf: Buffer, request: Partial<RevisionRequest>): unknown => {
    try {
      prepareRevision(openForSigning(pdf), { holeSize: 4096, field: "leader", at, digest: "sha256", ...request });
      return "";
    } catch (error) {
      const { code, details } = error as { code: string; details?: { reason?: string } };
      return details?.reason ?? code;
    }
  };
  let states: Buffer[];
  beforeAll(async () => ({ states } = await signedThrice("table")));

  test("of fields that are missing, of another kind, signed, or closed by an earlier signature", async () => {
    const style = { fontSize: 9, color: "black", align: "left" } as const;
    const appearance = await textAppearance({ width: 9, height: 9, lines: ["9"], ...style });
    const fill = [{ field: "number", value: "9", appearance }];
    expect(reasonOf(states[1]!, { field: "nobody" })).toBe("FIELD_NOT_FOUND");
    expect(reasonOf(states[1]!, { field: "number" })).toBe("BAD_INPUT");
    expect(reasonOf(states[1]!, { field: "leader" })).toBe("ALREADY_SIGNED");
    expect(reasonOf(states[3]!, { field: "arrival" })).toBe("ALREADY_SIGNED");
    expect(reasonOf(states[1]!, { field: "other" })).toBe("LOCKED");
    expect(reasonOf(states[1]!, { field: "seal", fill })).toBe("");
    expect(reasonOf(states[2]!, { field: "arrival", fill })).toBe("LOCKED");
    expect(reasonOf(states[1]!, { field: "seal", fill: [{ field: "number", value: "9" }] })).toBe("BAD_INPUT");
    expect(reasonOf(states[1]!, { field: "seal", holeSize: 2 ** 30 })).toBe("BAD_INPUT");
  });

  test("of encrypted and of finally certified files", () => {
    const page = ["<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"];
    const encrypted = craftedTable(["<< /Pages 2 0 R >>", ...page], "/Root 1 0 R /Encrypt << /Filter /Standard >>");
    expect(reasonOf(encrypted, {})).toBe("ENCRYPTED");
    const certified = (level: string): Buffer =>
      craftedTable([
        "<< /Pages 2 0 R /Perms << /DocMDP 4 0 R >> >>",
        ...page,
        `<< /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams << ${level} >> >>] >>`,
      ]);
    const field: FieldSpec = { type: "signature", name: "late", page: 0, rect: [1, 1, 5, 5] };
    expect(reasonOf(certified("/P 1"), { field })).toBe("CERTIFIED");
    expect(codeOf(() => addFields(certified("/P 1"), [field]))).toBe("REFUSE_SIGN");
    expect(reasonOf(certified("/P 2"), { field })).toBe("");
    expect(reasonOf(certified(""), { field })).toBe("");
  });
});

const finalFile = "../shared/data/pdf-corpus/mdp-46-certified-no-change-permitted.pdf";
test.skipIf(!existsSync(finalFile))("of a file that Adobe certified as final (where the corpus is present)", () => {
  const field: FieldSpec = { type: "signature", name: "late", page: 0, rect: [1, 1, 5, 5] };
  expect(
    codeOf(() =>
      prepareRevision(openForSigning(readFileSync(finalFile)), { holeSize: 4096, field, at, digest: "sha256" }),
    ),
  ).toBe("REFUSE_SIGN");
});

const adobeFile = "../shared/data/pdf-corpus/multi-10-minimal-two-fields-signed-twice.pdf";
const adobe = test.skipIf(!existsSync(adobeFile) || !judged);
adobe("another maker's two signatures outlive ours (where the corpus is present)", async () => {
  const before = readFileSync(adobeFile);
  const field: FieldSpec = { type: "signature", name: "arrival", page: 0, rect: [30, 30, 90, 60] };
  const pdf = await signPdf(before, { field, signer: clerk, at });
  expect(pdf.subarray(0, before.length).equals(before)).toBe(true);
  expect(pdfsigVerdicts(pdf)).toEqual(Array(3).fill("Signature is Valid"));
});

test("an appearance that was drawn once serves many files", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const appearance = await imageAppearance({ width: 90, height: 40, png });
  const empty = addFields(await blankDocument("table"), fields);
  const request = { field: "leader", at, digest: "sha256", holeSize: 4096, appearance } as const;
  const [first, second] = [
    prepareRevision(openForSigning(empty), request),
    prepareRevision(openForSigning(empty), request),
  ];
  expect(first.tail.length).toBe(second.tail.length);
});
