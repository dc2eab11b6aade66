import { describe, expect, test } from "vitest";
import { formFields, rootsFirst } from "../../signing/pdf/acroform.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { PdfRef } from "../../signing/pdf/objects.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { during, issueSigner, root } from "./authorities.ts";
import { append, at, decision, signAsLeader, type Objects } from "./verify-documents.ts";

const form = (fields: string, more: Objects = {}) =>
  append(Buffer.alloc(0), { ...decision, [at.form]: `<</Fields [${fields}]>>`, ...more });
const read = (pdf: Buffer) => {
  const document = readPdf(pdf);
  const names = formFields(document.latest).map(({ name }) => name);
  return { names, notes: document.repairs };
};
const plain = ["Leader", "Seal", "Number"];
const parent = { 40: "<</T (Group) /Kids [41 0 R]>>", 41: "<</FT /Tx /T (Kid) /Parent 40 0 R>>" };

describe("fields of a form", () => {
  test.each<[string, string, Objects, string[], RegExp[]]>([
    ["as they should be", "6 0 R 7 0 R 8 0 R", {}, plain, []],
    ["a reference to nothing", "6 0 R 99 0 R 7 0 R 8 0 R", {}, plain, []],
    ["nothing by itself", "6 0 R null 7 0 R 8 0 R", {}, plain, []],
    ["a reference to a null", "6 0 R 50 0 R 7 0 R 8 0 R", { 50: "null" }, plain, []],
    ["a field twice", "6 0 R 7 0 R 6 0 R 8 0 R", {}, plain, [/^FIELD_LISTED_TWICE 6 at byte \d{3}/]],
    ["a kid behind its parent, too", "40 0 R 41 0 R", parent, ["Group.Kid"], [/^FIELD_LISTED_TWICE 41 /]],
    ["a kid before its parent, too", "41 0 R 40 0 R", parent, ["Group.Kid"], [/^FIELD_LISTED_TWICE 41 /]],
    ["a kid alone", "41 0 R 6 0 R", parent, ["Leader", "Kid"], []],
    [
      "a kid twice below its parent",
      "40 0 R",
      { ...parent, 40: "<</T (Group) /Kids [41 0 R 41 0 R]>>" },
      ["Group.Kid"],
      [/^FIELD_LISTED_TWICE 41 /],
    ],
  ])("%s", (_, fields, more, names, notes) => {
    const found = read(form(fields, more));
    expect(found.names).toEqual(names);
    expect(found.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
  });

  test.each<[string, string, Objects, string]>([
    ["a dictionary in the list", "<</T (x)>>", {}, "A field of the form is not a reference."],
    ["a number", "50 0 R", { 50: "7" }, "A field is not a dictionary."],
    [
      "a kid of two fields",
      "40 0 R 42 0 R",
      { ...parent, 42: "<</T (Other) /Kids [41 0 R]>>" },
      "A field stands below two others in the form.",
    ],
    [
      "a field below itself",
      "40 0 R",
      { 40: "<</T (Group) /Kids [40 0 R]>>" },
      "A field stands below two others in the form.",
    ],
  ])("%s is still no form", (_, fields, more, message) => {
    expect(() => formFields(readPdf(form(fields, more)).latest)).toThrow(
      expect.objectContaining({ code: "MALFORMED_PDF", message }),
    );
  });

  test("one that is listed ten thousand times is too much", () => {
    expect(() => formFields(readPdf(form("6 0 R ".repeat(10_001))).latest)).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
    expect(formFields(readPdf(form("6 0 R ".repeat(10_000))).latest)).toHaveLength(1);
  });

  test("roots come first, otherwise in order", () => {
    const view = readPdf(form("6 0 R", parent)).latest;
    const refs = [41, 6, 99, 40].map((number) => new PdfRef(number));
    expect(rootsFirst(view, refs).map((each) => (each as PdfRef).number)).toEqual([6, 99, 40, 41]);
  });
});

describe("a signed document whose form is careless", async () => {
  const leader = issueSigner().signer;
  const look = (pdf: Buffer) => verifyPdf(pdf, { anchors: [root], at: during });
  const lists = "/Fields [6 0 R 7 0 R 8 0 R 7 0 R 99 0 R]";
  const fields = decision[at.form]!.replace(/\/Fields \[[^\]]*\]/, lists);
  const unsigned = append(Buffer.alloc(0), { ...decision, [at.form]: fields });
  const signed = await signAsLeader(leader, "", "", unsigned, fields);

  test("passes, with a note", () => {
    expect(look(signed)).toMatchObject({
      integrity: "PASS",
      notes: [expect.stringMatching(/^FIELD_LISTED_TWICE 7 at byte /)],
    });
  });

  test("what comes later under the number of nothing fails", () => {
    const pdf = append(signed, { 99: "<</FT /Tx /T (Moi) /Type /Annot /Subtype /Widget /Rect [0 0 9 9]>>" });
    expect(look(pdf)).toMatchObject({ integrity: "FAIL" });
  });

  test("a field listed once more fails", () => {
    const twice = fields.replace("6 0 R", "6 0 R 6 0 R").replace(">> /DA", ">> /SigFlags 3 /DA");
    expect(look(append(signed, { [at.form]: twice }))).toMatchObject({
      integrity: "FAIL",
      signatures: [{ notes: expect.arrayContaining(["CHANGED AcroForm/Fields"]) }],
    });
  });

  test("a signed field that was freed is one that was removed", () => {
    expect(look(append(signed, { [at.leader]: null }))).toMatchObject({
      integrity: "FAIL",
      notes: expect.arrayContaining(["SIGNATURE_REMOVED Leader"]),
    });
  });
});
