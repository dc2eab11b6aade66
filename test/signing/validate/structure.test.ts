import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fileSource } from "../../../signing/pdf/source.ts";
import { signPdf } from "../../../signing/sign/sign.ts";
import { MarkerScan } from "../../../signing/validate/stray.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { needs } from "../../support/judges.ts";
import { during, issueSigner, root } from "../authorities.ts";
import {
  addSignature,
  append,
  at,
  decision,
  sealWithNumber,
  signAsLeader,
  stream,
  waiting,
} from "../verify-documents.ts";

const trusted = { anchors: [root], at: during };
const leader = issueSigner().signer;
const agency = issueSigner("ec-p256", "agency-seal").signer;
const unsigned = append(Buffer.alloc(0), decision);
const signed = await signAsLeader(leader);
const sealed = await sealWithNumber(signed, agency);
const look = (pdf: Buffer) => verifyPdf(pdf, trusted);

/** The signature dictionary of an object of a file, as text. */
const dictionaryOf = (pdf: Buffer, number: number) => {
  const text = pdf.toString("latin1");
  return new RegExp(`\\n${number} 0 obj\\n(.*?)\\nendobj`, "s").exec(text)![1]!;
};

describe("signatures that share what they cover", () => {
  test("two of them in one revision cannot both be right", async () => {
    // A second dictionary with a range of its own over the same bytes, as only an attacker's signer writes it.
    const first = await addSignature(unsigned, {
      signer: leader,
      number: 20,
      objects: {
        [at.leader]: waiting.leader("/V 20 0 R"),
        [at.seal]: waiting.seal("/V 30 0 R"),
        30: `<</Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 0000000000 0000000000 0000000000] /Contents <${"0".repeat(200)}>>>`,
      },
    });
    const start = first.indexOf("/Contents <", first.indexOf("30 0 obj")) + "/Contents ".length;
    const copy = Buffer.from(first);
    const range = copy.indexOf("[0 0000000000", first.indexOf("30 0 obj"));
    copy.write(
      `[0 ${[start, start + 202, first.length - start - 202].map((n) => String(n).padEnd(10)).join(" ")}]`,
      range,
    );
    const { integrity, signatures } = look(copy);
    expect(integrity).toBe("FAIL");
    expect(signatures.map(({ notes }) => notes.includes("BYTE_RANGES_OVERLAP"))).toEqual([true, true]);
  });

  test("one value shown by two fields from the start is one signature, and said so", async () => {
    const pdf = await addSignature(unsigned, {
      signer: leader,
      number: 20,
      objects: { [at.leader]: waiting.leader("/V 20 0 R"), [at.seal]: waiting.seal("/V 20 0 R") },
    });
    const { integrity, signatures } = look(pdf);
    expect([integrity, signatures.length]).toEqual(["PASS", 1]);
    expect(signatures[0]!.notes).toContain("SIGNATURE_IN_SEVERAL_FIELDS Seal");
  });

  test("a value that a second field shows only later fails", () => {
    const pdf = append(signed, { [at.seal]: waiting.seal("/V 20 0 R") });
    expect(look(pdf).integrity).toBe("FAIL");
  });
});

describe("signatures that the form does not show", () => {
  const withoutForm = { ...decision, [at.form]: "<</Fields []>>" };

  test("a widget on a page alone: not checked by anyone, so it fails", async () => {
    const pdf = await addSignature(append(Buffer.alloc(0), withoutForm), {
      signer: leader,
      number: 20,
      objects: { [at.leader]: waiting.leader("/V 20 0 R") },
    });
    const { integrity, notes, signatures } = look(pdf);
    expect([integrity, signatures.length]).toEqual(["FAIL", 0]);
    expect(notes).toContain("SIGNATURE_OUTSIDE_THE_FORM Leader page 1");
  });

  test("one that was there before the first signature leaves a doubt that is named", async () => {
    const leftover = append(unsigned, {
      50: "<</Type /Annot /Subtype /Widget /FT /Sig /T (Old) /Rect [10 10 60 40] /P 3 0 R /V 51 0 R>>",
      51: "<</Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00>>>",
      [at.page]: decision[at.page]!.replace("8 0 R]", "8 0 R 50 0 R]"),
    });
    const pdf = await signAsLeader(leader, "", "", leftover);
    const { integrity, notes, signatures } = look(pdf);
    expect([integrity, signatures[0]!.integrity]).toEqual(["INDETERMINATE", "PASS"]);
    expect(notes).toContain("SIGNATURE_OUTSIDE_THE_FORM Old page 1");
  });

  test("a dictionary that no field shows: fails alone, and is named beside others", async () => {
    const orphan = "<</Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00>>>";
    const alone = look(append(unsigned, { 50: orphan }));
    expect(alone).toMatchObject({
      integrity: "FAIL",
      notes: expect.arrayContaining(["SIGNATURE_WITHOUT_A_FIELD object 50"]),
    });
    const beside = look(await signAsLeader(leader, "", "", append(unsigned, { 50: orphan })));
    expect(beside).toMatchObject({ integrity: "PASS", notes: ["SIGNATURE_WITHOUT_A_FIELD object 50"] });
  });

  test("usage rights, text and attached files that look like one are none", async () => {
    const orphan = "<</Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00>>>";
    const rights = append(unsigned, {
      [at.catalog]: "<</Type /Catalog /Pages 2 0 R /AcroForm 9 0 R /Perms <</UR3 50 0 R>>>>",
      50: orphan,
      51: stream("/Type /EmbeddedFile", `1 0 obj ${orphan} endobj`),
      52: "(a text with /ByteRange [0 1 2 3] in it)",
    });
    expect(look(rights)).toMatchObject({ integrity: "INDETERMINATE", notes: ["NO_SIGNATURES"] });
  });

  test("a signature taken out of the form fails", () => {
    const pdf = append(sealed, { [at.form]: "<</Fields [7 0 R 8 0 R] /SigFlags 3>>" });
    expect(look(pdf)).toMatchObject({ integrity: "FAIL", notes: expect.arrayContaining(["SIGNATURE_REMOVED Leader"]) });
  });
});

describe("universal signature forgery: what a careless reader takes for nothing to check", () => {
  const good = dictionaryOf(signed, 20);
  const contents = /<[0-9a-f]+>/.exec(good)![0];
  const range = /\[0 [\d ]+\]/.exec(good)![0];
  test.each([
    ["no /Contents", good.replace(`/Contents ${contents}`, "")],
    ["/Contents null", good.replace(contents, "null")],
    ["an empty /Contents", good.replace(contents, "<>")],
    ["/Contents of zeros", good.replace(contents, `<${"00".repeat(100)}>`)],
    ["/Contents as a literal string", good.replace(contents, "(abc)")],
    ["/Contents by reference", good.replace(contents, "21 0 R")],
    ["no /ByteRange", good.replace(`/ByteRange ${range}`, "")],
    ["/ByteRange null", good.replace(range, "null")],
    ["an empty /ByteRange", good.replace(range, "[]")],
    ["a negative number", good.replace(range, "[0 -1 20 30]")],
    ["a huge number", good.replace(range, "[0 99999999999999999999 20 30]")],
    ["a fraction", good.replace(range, "[0 1.5 20 30]")],
    ["names instead of numbers", good.replace(range, "[/a /b /c /d]")],
    ["a dictionary that is a number", "7"],
  ])("%s", (_, dictionary) => {
    const pdf = append(unsigned, { [at.leader]: waiting.leader("/V 20 0 R"), 20: dictionary, 21: "(x)" });
    const { integrity, indication, signatures } = look(pdf);
    expect([integrity, indication, signatures.length]).toEqual(["FAIL", "TOTAL-FAILED", 1]);
    expect(signatures[0]!.notes.length).toBeGreaterThan(0);
  });
});

test.each(["128", "256"])(
  "an encrypted file with an empty user password, AES-%s, is judged by its bytes",
  async (bits) => {
    needs("qpdf");
    const folder = mkdtempSync(join(tmpdir(), "encrypted-"));
    try {
      const [plain, locked] = [join(folder, "plain.pdf"), join(folder, "locked.pdf")];
      writeFileSync(plain, unsigned);
      const aes = bits === "128" ? ["--use-aes=y"] : [];
      const run = spawnSync("qpdf", ["--warning-exit-0", "--encrypt", "", "owner", bits, ...aes, "--", plain, locked]);
      expect(run.status).toBe(0);
      const first = await signPdf(readFileSync(locked), { field: "Leader", signer: leader, at: during });
      const second = await signPdf(first, { field: "Seal", signer: agency, at: during });
      expect(look(second)).toMatchObject({ integrity: "PASS", indication: "TOTAL-PASSED" });
      const altered = Buffer.from(second);
      altered[second.indexOf("/Rect") + 7]! ^= 1;
      expect(look(altered).integrity).toBe("FAIL");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

describe("evidence", () => {
  test("says where the signature stands and what it rests on", () => {
    const { evidence, signer } = look(sealed).signatures[0]!;
    expect(evidence).toMatchObject({ object: 20, fieldObject: at.leader, subFilter: "ETSI.CAdES.detached" });
    expect(sealed.toString("latin1", evidence.offset, evidence.offset! + 12)).toBe("<</Type /Sig");
    expect(evidence.digest?.algorithm).toBe("sha256");
    expect(evidence.path.map(({ trustedBy }) => trustedBy)).toEqual([undefined, undefined, "CUSTOM"]);
    expect(evidence.path[0]).toMatchObject({
      serial: signer!.serial,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("is plain data that can be sent to another thread", () => {
    expect(structuredClone(look(sealed))).toEqual(look(sealed));
  });
});

test("a marker is seen also where it lies across two pieces", () => {
  const text = Buffer.from(`${"x".repeat(10)}/ByteRange [0 1 2 3] ${"y".repeat(7)}/ByteRange`);
  for (const size of [1, 2, 3, 5, 9, 10, 11, 100]) {
    const scan = new MarkerScan();
    for (let start = 0; start < text.length; start += size) scan.look(text.subarray(start, start + size), start);
    expect(scan.places).toEqual([10, 38]);
  }
});

describe("a file on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["with two signatures", sealed],
    ["without a structure", Buffer.from(`%PDF-1.7\n${signed.toString("latin1", 30)}`, "latin1").subarray(0, -200)],
    ["spoiled by an update", append(sealed, { [at.catalog]: null, 90: stream("", "x".repeat(200_000)) })],
    ["of nothing", Buffer.alloc(0)],
  ])("%s gets the verdict that it gets in memory", (name, bytes) => {
    const path = join(folder, `${name}.pdf`);
    writeFileSync(path, bytes);
    const descriptor = openSync(path, "r");
    try {
      expect(verifyPdf(fileSource(descriptor), trusted)).toEqual(verifyPdf(bytes, trusted));
    } finally {
      closeSync(descriptor);
    }
  });
});
