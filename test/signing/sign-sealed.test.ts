import { expect, test } from "vitest";
import { addDocumentTimestamp } from "../../signing/sign/document-timestamp.ts";
import { addValidationMaterial } from "../../signing/sign/dss.ts";
import { addFields } from "../../signing/sign/fields.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import type { TimestampClient } from "../../signing/tsp/client.ts";
import { noEvidence } from "../../signing/x509/evidence.ts";
import { during, issueSigner } from "./authorities.ts";
import { append, decision } from "./verify-documents.ts";

const { signer } = issueSigner("ec-p256");
const plain = append(Buffer.alloc(0), decision);
/** ISO/TS 32004: a file whose integrity is protected by a code over all of it. */
const sealed = append(plain, {}, "/AuthCode <</MACLocation /Standalone /ByteRange [0 1 2 3]>>");
const nobody = {
  stamp: () => Promise.reject(new Error("nobody is to be asked")),
} as unknown as TimestampClient;

const acts: Readonly<Record<string, (pdf: Buffer) => unknown>> = {
  "a signature": (pdf) => signPdf(pdf, { field: "Leader", signer, at: during }),
  "a new field": (pdf) => addFields(pdf, [{ type: "signature", name: "New", page: 0, rect: [10, 10, 90, 50] }]),
  "validation material": (pdf) => addValidationMaterial(pdf, noEvidence),
};

test.each(Object.keys(acts))("%s would break the code that seals a file, and is refused", async (name) => {
  const act = acts[name]!;
  const refusal = await Promise.resolve()
    .then(() => act(sealed))
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: "REFUSE_SIGN",
    message: "The file is sealed with a code that a change would break.",
    details: { reason: "ENCRYPTION" },
  });
  await act(plain);
});

test("a time-stamp is refused before anybody is asked for it", async () => {
  await expect(addDocumentTimestamp(sealed, nobody)).rejects.toMatchObject({
    code: "REFUSE_SIGN",
    details: { reason: "ENCRYPTION" },
  });
});
