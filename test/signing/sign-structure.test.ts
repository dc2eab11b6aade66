import { describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { PdfDict, PdfRef } from "../../signing/pdf/objects.ts";
import { addFields, type FieldSpec, listFields } from "../../signing/sign/fields.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { craftedTable, newSigner, rootCertificate } from "./pdf-documents.ts";
import { installed, qpdfComplaints } from "./pdf-judges.ts";

const field = (name: string, y = 30): FieldSpec & { type: "signature" } => ({
  type: "signature",
  name,
  page: 0,
  rect: [30, y, 90, y + 30],
});

/** A tagged document of one page whose parent tree is as given. */
function tagged(tree: string, more: readonly string[] = [], root = "/K 5 0 R /ParentTreeNextKey 1"): Buffer {
  return craftedTable([
    "<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 4 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /StructParents 0 /Tabs /S >>",
    `<< /Type /StructTreeRoot ${root} /ParentTree ${tree} >>`,
    "<< /Type /StructElem /S /Document /P 4 0 R /K 6 0 R >>",
    "<< /Type /StructElem /S /P /P 5 0 R /Pg 3 0 R /K 0 >>",
    ...more,
  ]);
}

describe("fields added to a tagged document", () => {
  test.each([
    ["whose parent tree is one node", tagged("7 0 R", ["<< /Nums [0 [6 0 R]] >>"])],
    ["whose parent tree stands in its root", tagged("<< /Nums [0 [6 0 R]] >>")],
    [
      "whose parent tree has branches",
      tagged("7 0 R", ["<< /Kids [8 0 R] >>", "<< /Limits [0 0] /Nums [0 [6 0 R]] >>"]),
    ],
    ["that does not say its next key", tagged("7 0 R", ["<< /Nums [0 [6 0 R]] >>"], "/K [5 0 R]")],
    ["without one element for the whole", tagged("7 0 R", ["<< /Nums [0 [6 0 R]] >>"], "/K [5 0 R 6 0 R]")],
  ])("%s become Form elements with object references", (_, pdf) => {
    const result = addFields(pdf, [field("a"), field("b", 90)]);
    const { latest } = readPdf(result);
    const root = latest.dict(latest.catalog.get("StructTreeRoot"))!;
    const tree = latest.dict(root.get("ParentTree"))!;
    const leaves = [tree, ...latest.array(tree.get("Kids")).map((kid) => latest.dict(kid)!)];
    const nums = leaves.flatMap((leaf) => latest.array(leaf.get("Nums")));
    expect(root.get("ParentTreeNextKey")).toBe(3);
    for (const [index, ref] of latest.array(latest.dict(latest.catalog.get("AcroForm"))!.get("Fields")).entries()) {
      const widget = latest.dict(ref)!;
      expect(widget.get("StructParent")).toBe(1 + index);
      const element = latest.dict(nums[nums.indexOf(1 + index) + 1])!;
      const kid = element.get("K") as PdfDict;
      expect([kid.get("Obj"), kid.get("Pg"), element.get("Pg")]).toEqual([ref, new PdfRef(3), new PdfRef(3)]);
      const parent = latest.dict(element.get("P"))!;
      expect(latest.array(parent.get("K")).some((each) => latest.dict(each) === element)).toBe(true);
    }
    if (installed("qpdf")) expect(qpdfComplaints(result)).toBe("");
  });

  test.each([
    [
      "is not marked as tagged",
      tagged("7 0 R", ["<< /Nums [] >>"]).toString("latin1").replace("/Marked true ", "/Marked false"),
    ],
    ["has no parent tree", tagged("null").toString("latin1")],
    ["has a parent tree that runs in a circle", tagged("7 0 R", ["<< /Kids [7 0 R] >>"]).toString("latin1")],
    ["has keys that are no numbers", tagged("7 0 R", ["<< /Nums [/a null] >>"]).toString("latin1")],
  ])("that %s stay out of the tree", (_, pdf) => {
    const result = addFields(Buffer.from(pdf, "latin1"), [field("a")]);
    expect(listFields(result)).toHaveLength(1);
    expect(readPdf(result).revisions[1]!.entries.has(4)).toBe(false);
  });

  test("in the revision of a first signature are tagged, in a later one the signed tree stays as it is", async () => {
    const signer = newSigner("ec-p256", "person", "Phạm Văn Cường");
    const at = new Date("2026-02-02");
    const first = await signPdf(tagged("7 0 R", ["<< /Nums [0 [6 0 R]] >>"]), { field: field("a"), signer, at });
    const second = await signPdf(first, { field: field("b", 90), signer, at });
    const { revisions } = readPdf(second);
    expect(revisions.map(({ entries }) => entries.has(7))).toEqual([true, true, false]);
    expect(verifyPdf(second, { anchors: [rootCertificate], at }).integrity).toBe("PASS");
  });
});
