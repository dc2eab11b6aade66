import { describe, expect, test } from "vitest";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { during, issueSigner, root } from "../authorities.ts";
import {
  addSignature,
  append,
  at,
  decision,
  sealWithNumber,
  signAsLeader,
  signInNewField,
  type Objects,
  waiting,
} from "../verify-documents.ts";

const leader = issueSigner().signer;
const agency = issueSigner("ec-p256", "agency-seal").signer;
const unsigned = append(Buffer.alloc(0), decision);
const signed = await signAsLeader(leader);
const look = (pdf: Buffer) => verifyPdf(pdf, { anchors: [root], at: during });

describe("a newer signature that is false makes its field one that is not signed", () => {
  /** The signature of the last revision, with one byte of its value changed. */
  const spoil = (pdf: Buffer) => {
    const copy = Buffer.from(pdf);
    const last = pdf.lastIndexOf("/Contents <");
    const end = pdf.indexOf("0000000000>", last);
    const hex = pdf.toString("latin1", last + 11, end).replace(/0+$/, "");
    const place = last + 11 + (hex.length & ~1) - 6;
    copy.write(pdf.toString("latin1", place, place + 1) === "0" ? "1" : "0", place, "latin1");
    return copy;
  };

  test("in a new field", async () => {
    const pdf = await signInNewField(signed, agency, "75 698 105 718");
    expect(look(pdf).signatures.map(({ integrity }) => integrity)).toEqual(["PASS", "PASS"]);
    const { integrity, signatures } = look(spoil(pdf));
    expect(integrity).toBe("FAIL");
    expect(signatures).toMatchObject([
      { field: "Leader", integrity: "FAIL", notes: expect.arrayContaining(["NEW_FIELD Signature1"]) },
      { field: "Signature1", integrity: "FAIL", subIndication: "SIG_CRYPTO_FAILURE" },
    ]);
    // What was made of it for the comparison is not said of the signature itself.
    expect(signatures[1]!.notes).not.toContain("SIGNATURE_INVALID");
  });

  test("in a field that waited for it", async () => {
    const { signatures } = look(spoil(await sealWithNumber(signed, agency)));
    expect(signatures).toMatchObject([
      { field: "Leader", integrity: "FAIL", notes: expect.arrayContaining(["SIGNATURE_CLOSES_NO_REVISION Seal"]) },
      { field: "Seal", integrity: "FAIL" },
    ]);
  });

  test("one that only cannot be judged does not", async () => {
    const pdf = await addSignature(signed, {
      signer: agency,
      number: 30,
      subFilter: "Zzzz.detached",
      objects: { [at.seal]: waiting.seal("/V 30 0 R") },
    });
    expect(look(pdf)).toMatchObject({
      integrity: "INDETERMINATE",
      signatures: [
        { field: "Leader", integrity: "PASS" },
        {
          field: "Seal",
          indication: "INDETERMINATE",
          integrity: "INDETERMINATE",
          subIndication: "FORMAT_FAILURE",
          notes: expect.arrayContaining(["UNSUPPORTED_SUBFILTER Zzzz.detached"]),
        },
      ],
    });
  });
});

describe("a signed document that cannot be followed any more", () => {
  const spoiled: Readonly<Record<string, Buffer>> = {
    "one page shown twice": append(signed, { [at.pages]: "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>" }),
    "the catalog freed": append(signed, { [at.catalog]: null }),
    "the page freed": append(signed, { [at.page]: null }),
    "fields that are a number": append(signed, { [at.form]: "<</Fields 7>>" }),
    "a field that is none": append(signed, { [at.form]: "<</Fields [6 0 R 7 0 R 8 0 R 4 0 R]>>" }),
    "encryption added": append(signed, { 50: "<</Filter /Standard>>" }, "/Encrypt 50 0 R"),
    "encryption added in the trailer": append(signed, {}, "/Encrypt <</Filter /Standard /V 9 /R 9>>"),
  };

  test.each(Object.keys(spoiled))("%s: the signature that was right fails", (name) => {
    expect(look(spoiled[name]!)).toMatchObject({
      integrity: "FAIL",
      indication: "TOTAL-FAILED",
      notes: [expect.stringMatching(/^STRUCTURE_UNREADABLE [A-Z_]+ /), "SIGNATURES_SEEN 1"],
      warnings: [],
      signatures: [
        {
          field: "Leader",
          indication: "TOTAL-FAILED",
          subIndication: "FORMAT_FAILURE",
          integrity: "FAIL",
          coverage: "ENTIRE_REVISION",
          modificationLevel: "OTHER",
          level: "NONE",
          revisionEnd: signed.length,
          notes: expect.arrayContaining([expect.stringMatching(/^CANNOT_COMPARE [A-Z_]+ /)]),
        },
      ],
    });
  });

  const freed = { [at.catalog]: null };

  test("the last state with a right signature counts, however many broken ones follow", async () => {
    let pdf = await sealWithNumber(signed, agency);
    for (let i = 0; i < 3; i++) pdf = append(pdf, freed);
    expect(look(pdf)).toMatchObject({
      integrity: "FAIL",
      signatures: [
        { field: "Leader", integrity: "FAIL", coverage: "ENTIRE_REVISION" },
        { field: "Seal", integrity: "FAIL", coverage: "ENTIRE_REVISION" },
      ],
    });
  });

  test("what stands behind may name any number of other ends", () => {
    // Each of these says that it covers the file up to a place inside the broken update.
    const ends = Array.from({ length: 20 }, (_, i) => signed.length + 10 + i);
    const others = ends.map((end, i): [number, string] => [
      60 + i,
      `<</ByteRange [0 1 10 ${end - 10}] /Contents <00>>>`,
    ]);
    const pdf = append(signed, { ...Object.fromEntries(others), ...freed } as Objects);
    expect(look(pdf)).toMatchObject({ integrity: "FAIL", signatures: [{ field: "Leader", integrity: "FAIL" }] });
  });

  test("one that was not right before stays what it was", async () => {
    const odd = await addSignature(signed, {
      signer: agency,
      number: 30,
      subFilter: "Zzzz.detached",
      objects: { [at.seal]: waiting.seal("/V 30 0 R") },
    });
    expect(look(append(odd, freed)).signatures).toMatchObject([
      { field: "Leader", integrity: "FAIL", subIndication: "FORMAT_FAILURE" },
      { field: "Seal", integrity: "INDETERMINATE", coverage: "ENTIRE_REVISION" },
    ]);
  });

  test("without a right signature nothing is known", async () => {
    expect(look(append(unsigned, freed))).toMatchObject({ integrity: "INDETERMINATE", signatures: [] });
    const odd = await addSignature(unsigned, {
      signer: agency,
      number: 30,
      subFilter: "Zzzz.detached",
      objects: { [at.seal]: waiting.seal("/V 30 0 R") },
    });
    expect(look(append(odd, freed))).toMatchObject({ integrity: "INDETERMINATE", signatures: [] });
  });

  test("one that was broken before is not healed by a state before it", () => {
    const bytes = Buffer.from(append(signed, freed));
    bytes[bytes.indexOf("/Rect") + 7]! ^= 1;
    expect(look(bytes)).toMatchObject({ integrity: "FAIL", signatures: [] });
  });

  test("only a limit of ours leaves it open", () => {
    const kids = Array.from({ length: 5001 }, (_, i) => i + 100);
    const pages = Object.fromEntries(kids.map((number) => [number, "<</Type /Page /Parent 2 0 R>>"]));
    const many = `<</Type /Pages /Kids [${kids.map((number) => `${number} 0 R`).join(" ")}] /Count 5001>>`;
    const { integrity, notes, signatures } = look(append(signed, { ...pages, [at.pages]: many }));
    expect([integrity, signatures]).toEqual(["INDETERMINATE", []]);
    expect(notes[0]).toMatch(/^STRUCTURE_UNREADABLE LIMIT_EXCEEDED /);
  });
});

describe("a signature that cannot be read is there all the same", () => {
  test.each([
    ["a key without a value", "<</Type /Sig /ByteRange /Contents <00>>>"],
    ["a dictionary without an end", "<</Type /Sig /ByteRange [0 1 2 3]"],
  ])("%s", async (_, dictionary) => {
    const pdf = append(unsigned, { [at.leader]: waiting.leader("/V 20 0 R"), 20: dictionary });
    expect(look(pdf)).toMatchObject({
      integrity: "FAIL",
      signatures: [
        { field: "Leader", integrity: "FAIL", notes: expect.arrayContaining(["SIGNATURE_IS_NO_DICTIONARY"]) },
      ],
    });
  });
});
