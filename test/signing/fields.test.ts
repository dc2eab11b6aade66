import { describe, expect, test } from "vitest";
import { addFields, type FieldSpec, listFields, type Rect } from "../../signing/sign/fields.ts";
import { formFields, isLocked } from "../../signing/pdf/acroform.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { box, pageGeometry } from "../../signing/pdf/geometry.ts";
import { PdfRef } from "../../signing/pdf/objects.ts";
import { blankDocument, codeOf, craftedTable } from "./pdf-documents.ts";
import { installed, qpdfComplaints } from "./pdf-judges.ts";

const leader: FieldSpec = {
  type: "signature",
  name: "lãnh đạo",
  page: 0,
  rect: [300, 200, 480, 280],
  lock: { action: "EXCLUDE", fields: ["số", "dấu"] },
};
const seal: FieldSpec = {
  type: "signature",
  name: "dấu",
  page: 0,
  rect: [250, 190, 352, 292],
  lock: { action: "ALL" },
};
const number: FieldSpec = {
  type: "text",
  name: "số",
  page: 0,
  rect: [60, 750, 140, 768],
  fontSize: 13,
  alignment: "center",
};

describe.each(["table", "stream"] as const)("fields in a file with a cross-reference %s", (kind) => {
  test("are listed as they were asked for", async () => {
    const pdf = addFields(await blankDocument(kind, [0, 0]), [leader, seal, { ...number, page: 1 }]);
    expect(listFields(pdf)).toEqual([
      { name: "lãnh đạo", type: "signature", signed: false, page: 0, rect: leader.rect, lock: leader.lock },
      { name: "dấu", type: "signature", signed: false, page: 0, rect: seal.rect, lock: { action: "ALL" } },
      { name: "số", type: "text", signed: false, page: 1, rect: number.rect, fontSize: 13, alignment: "center" },
    ]);
  });

  test("are in the form, on the page, printable and locked in place", async () => {
    const { latest } = readPdf(addFields(await blankDocument(kind), [leader, number]));
    const form = latest.dict(latest.catalog.get("AcroForm"))!;
    expect(form.get("SigFlags")).toBe(1);
    const [field, text] = latest.array(form.get("Fields")).map((ref) => latest.dict(ref)!);
    const page = latest.pages()[0]!;
    expect([field!.get("F"), text!.get("Ff"), field!.get("P")]).toEqual([132, 1, page]);
    expect(latest.array(latest.dict(page)!.get("Annots"))).toEqual(latest.array(form.get("Fields")));
    expect(form.get("NeedAppearances")).toBeUndefined();
  });

  test("can be added later without touching the earlier ones", async () => {
    const once = addFields(await blankDocument(kind), [leader]);
    const twice = addFields(once, [seal, number]);
    expect(twice.subarray(0, once.length).equals(once)).toBe(true);
    expect(listFields(twice).map((field) => field.name)).toEqual(["lãnh đạo", "dấu", "số"]);
    const [first] = formFields(readPdf(once).latest);
    expect(readPdf(twice).revisions[2]!.entries.has(first!.ref.number)).toBe(false);
  });

  test.skipIf(!installed("qpdf"))("please qpdf", async () => {
    expect(qpdfComplaints(addFields(await blankDocument(kind, [0, 90]), [leader, seal, number]))).toBe("");
  });
});

test.each([
  ["a taken name", { ...seal, name: "lãnh đạo" }],
  ["a full stop", { ...seal, name: "a.b" }],
  ["no name", { ...seal, name: "" }],
  ["a missing page", { ...seal, page: 1 }],
  ["a rectangle without area", { ...seal, rect: [10, 10, 10, 20] as Rect }],
  ["a rectangle that is no number", { ...seal, rect: [0, 0, Number.NaN, 20] as Rect }],
  ["a font size of nothing", { ...number, fontSize: 0 }],
])("a field with %s is refused", async (_, spec) => {
  const pdf = addFields(await blankDocument("table"), [leader]);
  expect(codeOf(() => addFields(pdf, [spec]))).toBe("BAD_INPUT");
});

test("annotations kept in an object of their own grow there, and a form inside the catalog stays there", () => {
  const pdf = craftedTable([
    "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /XFA null >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots 4 0 R >>",
    "[5 0 R]",
    "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] >>",
  ]);
  const { latest, revisions } = readPdf(addFields(pdf, [leader]));
  expect(revisions[1]!.entries.has(3)).toBe(false);
  expect(latest.array(new PdfRef(4))).toHaveLength(2);
  expect(listFields(latest.document.bytes)).toHaveLength(1);
});

test("a page's turn, crop and unit are undone", () => {
  const seen: Rect = [10, 20, 40, 80];
  for (const rotate of [0, 90, 180, 270, -90]) {
    const pdf = craftedTable([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [-50 -50 600 800] /Rotate ${rotate} >>`,
      "<< /Type /Page /Parent 2 0 R /CropBox [0 0 500 700] /UserUnit 2 >>",
    ]);
    const result = addFields(pdf, [{ ...leader, rect: seen }]);
    const geometry = pageGeometry(readPdf(result).latest, new PdfRef(3));
    expect([geometry.width, geometry.height]).toEqual(rotate % 180 === 0 ? [1000, 1400] : [1400, 1000]);
    expect(listFields(result)[0]!.rect).toEqual(seen);
    if (rotate === 90) {
      const { latest } = readPdf(result);
      const form = latest.dict(latest.catalog.get("AcroForm"))!;
      // Turned clockwise, the lower left corner as seen is the lower right one of the page itself.
      expect(box(latest, latest.dict(latest.array(form.get("Fields"))[0])!.get("Rect"))).toEqual([460, 5, 490, 20]);
    }
  }
});

describe("locks", () => {
  const exclude = { action: "EXCLUDE", fields: ["dấu", "Chữ ký1"] } as const;
  test("cover fields by whole components of their names", () => {
    expect(["dấu", "Chữ ký10", "dấu.con"].map((field) => isLocked(exclude, field))).toEqual([false, true, false]);
    const include = { action: "INCLUDE", fields: ["Chữ ký1"] } as const;
    expect(["Chữ ký1", "Chữ ký10", "Chữ ký1.a"].map((field) => isLocked(include, field))).toEqual([true, false, true]);
    expect(isLocked({ action: "ALL" }, "x")).toBe(true);
  });
});

test("several initials get numbers behind one name when that is wished", async () => {
  const initials = { ...seal, name: "nháy", numbered: true };
  const once = addFields(await blankDocument("table"), [initials, initials]);
  expect(listFields(addFields(once, [initials])).map(({ name }) => name)).toEqual(["nháy", "nháy2", "nháy3"]);
});

test("a signature field can be there without showing", async () => {
  const pdf = addFields(await blankDocument("table"), [{ ...seal, rect: [0, 0, 0, 0] }]);
  const { latest } = readPdf(pdf);
  const field = latest.dict(latest.array(latest.dict(latest.catalog.get("AcroForm"))!.get("Fields"))[0])!;
  expect([field.get("Rect"), field.get("AP"), field.get("F")]).toEqual([[0, 0, 0, 0], undefined, 132]);
});
