import { beforeAll, describe, expect, test } from "vitest";
import { readElement } from "../../../signing/asn1.ts";
import { prepareSignedData } from "../../../signing/cms/write.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfRef, PdfString } from "../../../signing/pdf/objects.ts";
import { addFields } from "../../../signing/sign/fields.ts";
import { prepareRevision } from "../../../signing/sign/revision.ts";
import { signPdf } from "../../../signing/sign/sign.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { installed, needs } from "../../support/judges.ts";
import { during, issueSigner, root } from "../authorities.ts";
import { encrypted } from "../encrypted-document.ts";
import { blankDocument } from "../pdf-documents.ts";

const { signer } = issueSigner("ec-p256");
const look = (pdf: Buffer) => verifyPdf(pdf, { anchors: [root], at: during });
const holeSize = 8192;

const fields = [{ type: "signature", name: "Leader", page: 0, rect: [10, 10, 90, 50] }] as const;
const blank = addFields(await blankDocument("table"), fields);

/** The hole of the signature: where its digits begin, its bytes, and where the CMS in it ends. */
function holeOf(pdf: Buffer) {
  const start = pdf.lastIndexOf("/Contents <") + "/Contents <".length;
  const bytes = Buffer.from(pdf.toString("latin1", start, pdf.indexOf(">", start)), "hex");
  return { start, bytes, end: readElement(bytes).end };
}

/** The file with other bytes in the hole behind the CMS. */
function padded(pdf: Buffer, padding: Buffer): Buffer {
  const { start, end } = holeOf(pdf);
  const copy = Buffer.from(pdf);
  copy.write(padding.toString("hex"), start + 2 * end, "latin1");
  return copy;
}

describe.each([
  ["RC4 of 40 bits", ["40"], 0],
  ["RC4 of 128 bits", ["128", "--use-aes=n"], 0],
  ["AES of 128 bits", ["128", "--use-aes=y"], 20],
  ["AES of 256 bits", ["256"], 32],
] as const)("padding enciphered by %s", (_, [bits, ...options], shorter) => {
  let made: { pdf: Buffer; end: number; enciphered: Buffer; other: Buffer };
  beforeAll(async () => {
    // Each test says so where the program is absent.
    if (!installed("qpdf")) return;
    const locked = encrypted(blank, "", "owner", bits, ...options);
    const request = { field: "Leader", at: during, digest: "sha256", holeSize } as const;
    const prepared = prepareRevision(readPdf(locked), request);
    const cms = prepareSignedData(signer, prepared.digest);
    const pdf = prepared.complete(await cms.complete(await signer.sign(cms.toBeSigned)));
    const { bytes, end } = holeOf(pdf);
    const document = readPdf(pdf);
    const field = document.latest.dict(document.latest.catalog.get("AcroForm"))!;
    const leader = document.latest.dict(document.latest.array(field.get("Fields"))[0])!;
    const { number } = leader.get("V") as PdfRef;
    // What a writer enciphers that takes the hole for a string of zeros.
    const zeros = new PdfString(Buffer.alloc(bytes.length - shorter), true);
    const enciphered = document.security!.protect(zeros, number, 0) as PdfString;
    expect(enciphered.bytes.length).toBe(bytes.length);
    const other = document.security!.protect(zeros, number + 1, 0) as PdfString;
    made = { pdf, end, enciphered: enciphered.bytes.subarray(end), other: other.bytes.subarray(end) };
  });

  test("is noted, and harmless", () => {
    needs("qpdf");
    const { pdf, enciphered } = made;
    expect(look(pdf)).toMatchObject({ integrity: "PASS", notes: [] });
    const { indication, integrity, notes } = look(padded(pdf, enciphered));
    expect({ indication, integrity }).toEqual({ indication: "TOTAL-PASSED", integrity: "PASS" });
    expect(notes).toEqual([expect.stringMatching(/^PADDING_ENCIPHERED at byte \d+$/)]);
  });

  test("is that and nothing else, to its last byte", () => {
    needs("qpdf");
    const { pdf, enciphered } = made;
    for (const at of [0, 1, 15, 16, 17, 40, enciphered.length - 17, enciphered.length - 1]) {
      const changed = Buffer.from(enciphered);
      changed[at]! ^= 1;
      expect([at, look(padded(pdf, changed)).integrity]).toEqual([at, "FAIL"]);
    }
    expect(look(padded(pdf, Buffer.from("41", "hex"))).integrity).toBe("FAIL");
    expect(look(padded(pdf, enciphered.subarray(0, -16))).integrity).toBe("FAIL");
  });

  test("is enciphered for the signature's own object", () => {
    needs("qpdf");
    const { pdf, other } = made;
    // AES of 256 bits has one key for all.
    expect(look(padded(pdf, other)).integrity).toBe(bits === "256" ? "PASS" : "FAIL");
  });
});

test("in a file that is not encrypted there is none", async () => {
  const pdf = await signPdf(blank, { field: "Leader", signer, at: during });
  expect(look(pdf).integrity).toBe("PASS");
  expect(look(padded(pdf, Buffer.from("0041", "hex"))).integrity).toBe("FAIL");
});
