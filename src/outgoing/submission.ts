import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { type Context, requirePermission } from "../context.ts";
import { signatureBlockOf } from "../delegations/queries.ts";
import { fileOf, hexOf } from "../files/records.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { SubmitForSignatureInput } from "../graphql/types.ts";
import { issuerOf, renderForSignature } from "./composition.ts";
import type { StoredBlock } from "./entities.ts";
import { preparedOnce } from "./prepared.ts";
import { recipientsOf } from "./recipients.ts";
import { assertColleague } from "./review.ts";
import { addRevision, lockUnchanged, type SeenDocument, seeDocument, storePdf } from "./revisions.ts";
import { assertMay } from "./rules.ts";
import { documentBytes, preparedUpload } from "./uploads.ts";

/** Freezes the text under the signer's block, with empty fields for what comes, and hands it to the signer (trình ký). */
export async function submitForSignature(ctx: Context, input: SubmitForSignatureInput): Promise<Done> {
  requirePermission(ctx, "outgoing:draft");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const signerId = fromGlobalId("Appointment", input.signerId);
  const prepare = async () => {
    assertMay("submit", seen.status);
    await assertColleague(ctx, signerId, "outgoing:sign", "signerId");
    const { lines, fullName, delegationId } = await signatureBlockOf(ctx, signerId, seen.typeCode, ctx.now());
    const block: StoredBlock = { lines, fullName, delegationId };
    const file = await storePdf(ctx, await finalText(ctx, seen, block), "Trinh-ky.pdf");
    return { block, file };
  };
  return preparedOnce(ctx, "outgoing.submit", input, prepare, async (em, _, { block, file }) => {
    const document = await lockUnchanged(em, seen);
    await addRevision(ctx, em, seen.id, "FOR_SIGNATURE", file);
    em.assign(document, { status: "AWAITING_SIGNATURE", signerId, block });
    await record(ctx, em, {
      act: "outgoing.submit",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { signer: signerId, block, sha256: file.sha256 },
    });
  });
}

async function finalText(ctx: Context, seen: SeenDocument, block: StoredBlock): Promise<Buffer> {
  const { uploadedFileId, body } = seen;
  if (uploadedFileId) {
    const file = await fileOf(ctx, uploadedFileId);
    return preparedUpload(await documentBytes(ctx, hexOf(file!.sha256)));
  }
  const text = { ...seen, body: body!, recipients: await recipientsOf(ctx, seen.id) };
  return renderForSignature(text, await issuerOf(ctx, seen.drafterId), block, ctx.now());
}
