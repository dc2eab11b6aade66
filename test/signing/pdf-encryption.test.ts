import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rc4 } from "../../signing/pdf/ciphers.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { dict, name, PdfDict, PdfRef, PdfStream, PdfString } from "../../signing/pdf/objects.ts";
import { decodeText, encodeText } from "../../signing/pdf/text.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { needs } from "../support/judges.ts";
import { blankDocument, codeOf, craftedTable } from "./pdf-documents.ts";
import { qpdfComplaints } from "./pdf-judges.ts";
import { plain } from "./pdf-plain.ts";

const directory = mkdtempSync(join(tmpdir(), "congvan-encryption-"));
afterAll(() => rmSync(directory, { recursive: true }));

let source: Buffer;
beforeAll(async () => {
  const document = readPdf(await blankDocument("table", [0, 90]));
  const update = new PdfUpdate(document);
  const page = document.latest.pages()[0]!;
  const content = update.add(new PdfStream(dict({}), Buffer.from("0 0 m 10 10 l S % nội dung")));
  update.set(page, document.latest.dict(page)!.with({ Contents: content }));
  source = update.finish().bytes;
});

function qpdf(pdf: Buffer, ...options: readonly string[]): Buffer {
  needs("qpdf");
  const [from, to] = [join(directory, "from.pdf"), join(directory, "to.pdf")];
  writeFileSync(from, pdf);
  execFileSync("qpdf", [...options, from, to]);
  return readFileSync(to);
}

const encrypted = (bits: string, ...options: readonly string[]): Buffer =>
  qpdf(source, "--allow-weak-crypto", "--encrypt", "", "owner", bits, ...options);

const KINDS: readonly (readonly [name: string, bits: string, options: readonly string[], method: string])[] = [
  ["RC4 of 40 bits", "40", ["--"], "RC4"],
  ["RC4 of 128 bits", "128", ["--use-aes=n", "--"], "RC4"],
  ["RC4 with crypt filters", "128", ["--use-aes=n", "--force-V4", "--"], "RC4"],
  ["AES of 128 bits", "128", ["--use-aes=y", "--"], "AES-128"],
  ["AES of 128 bits, metadata in clear", "128", ["--use-aes=y", "--cleartext-metadata", "--"], "AES-128"],
  ["AES of 256 bits, revision 5", "256", ["--force-R5", "--"], "AES-256"],
  ["AES of 256 bits", "256", ["--"], "AES-256"],
  ["AES of 256 bits in object streams", "256", ["--", "--object-streams=generate"], "AES-256"],
  ["AES of 256 bits, linearized", "256", ["--", "--object-streams=generate", "--linearize"], "AES-256"],
];

describe.each(KINDS)("%s", (_, bits, options, method) => {
  test("strings and streams are read as they were written", () => {
    const { latest, encryption, repairs } = readPdf(encrypted(bits, ...options));
    expect([encryption?.method, encryption?.permissionsAreIntact, repairs]).toEqual([method, true, []]);
    const title = latest.dict(latest.trailer.get("Info"))?.get("Title") as PdfString;
    expect(decodeText(title)).toBe("Quyết định thử nghiệm");
    const content = latest.resolve(latest.dict(latest.pages()[0])?.get("Contents")) as PdfStream;
    expect(latest.document.decode(content).toString()).toBe("0 0 m 10 10 l S % nội dung");
  });

  test("an update is enciphered with the same key, and qpdf can read it", () => {
    const base = encrypted(bits, ...options);
    const document = readPdf(base);
    const update = new PdfUpdate(document);
    const info = document.latest.trailer.get("Info") as PdfRef;
    update.set(
      info,
      document.latest.dict(info)!.with({ Title: encodeText("Tên mới"), Deep: [dict({ A: encodeText("sâu") })] }),
    );
    const added = update.add(new PdfStream(dict({ Note: encodeText("ghi chú") }), Buffer.from("dữ liệu mới")));
    const { bytes, tail } = update.finish();
    expect(bytes.subarray(0, base.length).equals(base)).toBe(true);
    for (const open of ["Tên mới", "dữ liệu mới"]) expect(tail.includes(open)).toBe(false);
    for (const { latest } of [readPdf(bytes), document.extended(tail)]) {
      expect(plain(latest.trailer.get("Encrypt"))).toBe(plain(document.latest.trailer.get("Encrypt")));
      expect((latest.get(added) as PdfStream).raw.toString()).toBe("dữ liệu mới");
      expect(decodeText(latest.dict(added)?.get("Note") as PdfString)).toBe("ghi chú");
    }
    expect(qpdfComplaints(bytes)).toBe("");
    const opened = readPdf(qpdf(bytes, "--decrypt"));
    expect(opened.encryption).toBe(undefined);
    const { latest } = opened;
    expect(decodeText(latest.dict(latest.trailer.get("Info"))?.get("Title") as PdfString)).toBe("Tên mới");
  });
});

test("permissions are told", () => {
  const open = readPdf(encrypted("256", "--")).encryption!.permissions;
  expect(open).toMatchObject({
    print: true,
    modify: true,
    copy: true,
    annotate: true,
    fillForms: true,
    assemble: true,
  });
  const closed = readPdf(encrypted("256", "--print=none", "--modify=none", "--")).encryption!.permissions;
  expect(closed).toMatchObject({ print: false, modify: false, copy: true, annotate: false, fillForms: false });
  const forms = readPdf(encrypted("128", "--modify=form", "--")).encryption!.permissions;
  expect(forms).toMatchObject({ modify: false, annotate: false, fillForms: true, assemble: true });
});

test("a changed /P is found out by its seal, or opens nothing", () => {
  const strict = encrypted("256", "--modify=none", "--").toString("latin1");
  const changed = Buffer.from(
    strict.replace(/\/P -\d+/, (p) => `/P -4${" ".repeat(p.length - 5)}`),
    "latin1",
  );
  expect(readPdf(changed).encryption).toMatchObject({ permissionsAreIntact: false });
  const older = encrypted("128", "--use-aes=y", "--modify=none", "--").toString("latin1");
  const opened = Buffer.from(
    older.replace(/\/P -\d+/, (p) => `/P -4${" ".repeat(p.length - 5)}`),
    "latin1",
  );
  expect(codeOf(() => readPdf(opened))).toBe("ENCRYPTED_PDF");
});

test("a file that needs a password is refused", () => {
  for (const bits of ["40", "128", "256"]) {
    const file = qpdf(source, "--allow-weak-crypto", "--encrypt", "user", "owner", bits, "--");
    expect(codeOf(() => readPdf(file))).toBe("ENCRYPTED_PDF");
    expect(codeOf(() => readPdf(file, { repair: true }))).toBe("ENCRYPTED_PDF");
  }
});

test("/Contents of a signature is never enciphered, /Contents of a comment is", () => {
  const document = readPdf(encrypted("256", "--"));
  const update = new PdfUpdate(document);
  const hole = new PdfString(Buffer.from("30820102", "hex"), true);
  const signature = update.add(
    dict({ Type: name("Sig"), ByteRange: [0, 1, 2, 3], Contents: hole, Reason: encodeText("Duyệt") }),
  );
  const comment = update.add(dict({ Type: name("Annot"), Contents: encodeText("ý kiến") }));
  const { tail } = update.finish();
  expect(tail.includes("/Contents <30820102>")).toBe(true);
  const { latest } = document.extended(tail);
  const read = latest.dict(signature) as PdfDict;
  expect((read.get("Contents") as PdfString).bytes.toString("hex")).toBe("30820102");
  expect(decodeText(read.get("Reason") as PdfString)).toBe("Duyệt");
  expect(decodeText(latest.dict(comment)?.get("Contents") as PdfString)).toBe("ý kiến");
  expect(tail.includes(encodeText("ý kiến").bytes.toString("hex"))).toBe(false);
});

test("what a writer has serialised itself can be enciphered for it", () => {
  const document = readPdf(encrypted("128", "--use-aes=y", "--"));
  const update = new PdfUpdate(document);
  const ref = update.allocate();
  const sealed = update.protect(ref, encodeText("bí mật")) as PdfString;
  update.set(ref, Buffer.from(`<${sealed.bytes.toString("hex")}>`));
  expect(decodeText(document.extended(update.finish().tail).latest.get(ref) as PdfString)).toBe("bí mật");
  const open = new PdfUpdate(readPdf(source));
  expect(open.protect(ref, sealed)).toBe(sealed);
});

test("a stream with the Identity filter is taken as it is", () => {
  const document = readPdf(encrypted("256", "--"));
  const update = new PdfUpdate(document);
  const ref = update.add(new PdfStream(dict({ Filter: [name("Crypt")] }), Buffer.from("offen")));
  const { tail } = update.finish();
  expect(tail.includes("offen")).toBe(true);
  const stream = document.extended(tail).latest.get(ref) as PdfStream;
  expect([stream.raw.toString(), document.decode(stream).toString()]).toEqual(["offen", "offen"]);
});

describe("unknown and broken encryption", () => {
  const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
  const file = (encrypt: string): Buffer =>
    craftedTable([CATALOG, "<< /Kids [] >>"], `/Root 1 0 R /Encrypt ${encrypt}`);
  test.each([
    ["<< /Filter /Adobe.PubSec /V 4 /R 4 /P 0 >>", "ENCRYPTED_PDF"],
    ["<< /Filter /Standard /V 3 /R 3 /P 0 >>", "ENCRYPTED_PDF"],
    ["<< /Filter /Standard /V 5 /R 6 /P 0 >>", "ENCRYPTED_PDF"],
    ["<< /Filter /Standard /V 5 /R 6 /P 0 /U (short) /UE (short) >>", "ENCRYPTED_PDF"],
    ["<< /Filter /Standard /V 4 /R 4 /P 0 /CF << /A << /CFM /XYZ >> >> /StmF /A >>", "ENCRYPTED_PDF"],
    ["<< /Filter /Standard /V 4 /R 4 /P 0 /StmF /Absent >>", "MALFORMED_PDF"],
    ["<< /Filter /Standard /V 2 /R 6 /P 0 >>", "MALFORMED_PDF"],
    ["<< /Filter /Standard /V 2 /R 3 >>", "MALFORMED_PDF"],
    ["17", "MALFORMED_PDF"],
    ["9 0 R", "MALFORMED_PDF"],
  ])("%s", (encrypt, code) => {
    expect(codeOf(() => readPdf(file(encrypt)))).toBe(code);
  });

  test("a revision that is encrypted where another one is not", () => {
    const base = encrypted("256", "--");
    const document = readPdf(base);
    const tail = new PdfUpdate(document)
      .finish()
      .tail.toString("latin1")
      .replace(/\/Encrypt \d+ 0 R\n/, "");
    const moved = Buffer.concat([base, Buffer.from(tail, "latin1")]);
    expect(codeOf(() => readPdf(moved))).toBe("MALFORMED_PDF");
  });
});

test("RC4 gives what its author's test vectors say", () => {
  const cipher = (key: string, text: string): string => rc4(Buffer.from(key), Buffer.from(text)).toString("hex");
  expect(cipher("Key", "Plaintext")).toBe("bbf316e8d940af0ad3");
  expect(cipher("Wiki", "pedia")).toBe("1021bf0420");
});

test("/Encrypt null is no encryption", () => {
  const file = craftedTable(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [] >>"], "/Root 1 0 R /Encrypt null");
  const document = readPdf(file);
  expect(document.encryption).toBe(undefined);
  expect(new PdfUpdate(document).finish().tail.includes("/Encrypt")).toBe(false);
});

test.each([
  ["", undefined],
  ["/AuthCode << /MACLocation /Standalone >>", "Standalone"],
  ["/AuthCode << /MACLocation /AttachedToSig >>", "AttachedToSig"],
  ["/AuthCode 7", "unknown"],
])("a code that seals the file (ISO/TS 32004) is told of: %s", (keys, place) => {
  const file = craftedTable(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [] >>"], `/Root 1 0 R ${keys}`);
  expect(readPdf(file).authCode).toBe(place);
});
