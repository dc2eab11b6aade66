import { PDFDocument } from "pdf-lib";
import { describe, expect, test } from "vitest";
import { addFields, openPkcs12, signPdf, verifyPdf, writePkcs12 } from "../../signing/index.ts";
import { during, issueSigner, root, subordinate } from "./authorities.ts";

const leader = issueSigner("rsa-2048");
const file = writePkcs12({ ...leader, chain: [subordinate], password: "mật khẩu" });
const agency = issueSigner("ec-p384", "agency-seal").signer;

describe.each([
  ["classic table", false],
  ["object streams", true],
])("our own signer, %s", (_, useObjectStreams) => {
  test("leader, then number with seal, then an arrival mark: all pass", async () => {
    const document = await PDFDocument.create();
    document.addPage().drawText("So:          /QD-UBND", { x: 60, y: 700, size: 13 });
    const signer = openPkcs12(file, "mật khẩu");
    let pdf: Buffer = Buffer.from(await document.save({ useObjectStreams }));
    pdf = addFields(pdf, [
      { type: "signature", name: "Leader", page: 0, rect: [300, 100, 400, 160] },
      {
        type: "signature",
        name: "Seal",
        page: 0,
        rect: [260, 100, 320, 160],
        lock: { action: "INCLUDE", fields: ["Number"] },
      },
      { type: "text", name: "Number", page: 0, rect: [80, 700, 120, 716], fontSize: 13, alignment: "center" },
    ]);
    const signed = await signPdf(pdf, { field: "Leader", signer, at: during });
    const sealed = await signPdf(signed, {
      field: "Seal",
      signer: agency,
      at: during,
      fill: [{ field: "Number", value: "15" }],
    });
    const mark = { type: "signature", name: "Arrival", page: 0, rect: [10, 10, 80, 40] } as const;
    const received = await signPdf(sealed, { field: mark, signer, at: during });

    const { indication, integrity, signatures } = verifyPdf(received, { anchors: [root], at: during });
    expect({ indication, integrity }).toEqual({ indication: "TOTAL-PASSED", integrity: "PASS" });
    expect(
      signatures.map(({ field, level, modificationLevel, revisionEnd }) => [
        field,
        level,
        modificationLevel,
        revisionEnd,
      ]),
    ).toEqual([
      ["Leader", "B-B", "FORM_FILLING", signed.length],
      ["Seal", "B-B", "FORM_FILLING", sealed.length],
      ["Arrival", "B-B", "NONE", received.length],
    ]);
    // Each signed revision is a file of its own, in which its signature was the last word.
    expect(verifyPdf(received.subarray(0, signatures[0]!.revisionEnd), { anchors: [root], at: during })).toMatchObject({
      indication: "TOTAL-PASSED",
      signatures: [{ field: "Leader", coverage: "ENTIRE_FILE" }],
    });
  });
});
