import { expect, test } from "vitest";
import { addFields, type FieldSpec, listFields } from "../../signing/sign/fields.ts";
import { fillFields } from "../../signing/sign/fill.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { issueSigner } from "./authorities.ts";
import { blankDocument } from "./pdf-documents.ts";
import { qpdfComplaints } from "./pdf-judges.ts";

const at = new Date("2026-05-05T05:05:05Z");
const fields: readonly FieldSpec[] = [
  { type: "signature", name: "leader", page: 0, rect: [300, 200, 480, 280] },
  { type: "text", name: "number", page: 0, rect: [60, 740, 140, 758], fontSize: 13, alignment: "center" },
  {
    type: "signature",
    name: "seal",
    page: 0,
    rect: [250, 190, 352, 292],
    lock: { action: "INCLUDE", fields: ["number"] },
  },
];
const sign = (pdf: Buffer, field: string) => signPdf(pdf, { field, at, signer: issueSigner().signer });
const signed = async () => sign(addFields(await blankDocument("stream"), fields), "leader");

test("a field is filled behind a signature by an appended update, which the next signature covers", async () => {
  const before = await signed();
  const filled = await fillFields(before, [{ field: "number", value: "27" }]);
  expect(filled.subarray(0, before.length).equals(before)).toBe(true);
  expect(qpdfComplaints(filled)).toBe("");
  expect(listFields(filled).find(({ name }) => name === "number")?.value).toBe("27");
  const { integrity, signatures } = verifyPdf(await sign(filled, "seal"), { anchors: [], at });
  expect(integrity).toBe("PASS");
  expect(signatures.map(({ field, modificationLevel }) => [field, modificationLevel])).toEqual([
    ["leader", "FORM_FILLING"],
    ["seal", "NONE"],
  ]);
});

/** The code of a refusal. */
const codeOf = (filled: Promise<Buffer>) =>
  filled.then(
    () => "filled",
    (error: { code?: string }) => error.code,
  );

test("a field that is not there, is of another kind, or was closed by a signature is not filled", async () => {
  const before = await signed();
  expect(await codeOf(fillFields(before, [{ field: "date", value: "27" }]))).toBe("FIELD_NOT_FOUND");
  expect(await codeOf(fillFields(before, [{ field: "seal", value: "27" }]))).toBe("BAD_INPUT");
  const sealed = await sign(before, "seal");
  expect(await codeOf(fillFields(sealed, [{ field: "number", value: "27" }]))).toBe("REFUSE_SIGN");
});
