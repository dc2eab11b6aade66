import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { type Context, requirePermission } from "../context.ts";
import { signatureBlockOf } from "../delegations/queries.ts";
import { badInput } from "../errors.ts";
import { fileOf, hexOf } from "../files/records.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { SubmitForSignatureInput } from "../graphql/types.ts";
import { issuerOf, renderForSignature } from "./composition.ts";
import type { StoredBlock } from "./entities.ts";
import { preparedOnce } from "./prepared.ts";
import { recipientsOf } from "./recipients.ts";
import { assertColleague } from "./colleagues.ts";
import { addRevision, lockUnchanged, type SeenDocument, seeDocument, storePdf } from "./revisions.ts";
import { assertMay } from "./rules.ts";
import { permissionFor } from "./chain.ts";
import { chainOf, freeze, type FrozenStep, writeSteps } from "./steps.ts";
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
    const steps = await frozenSteps(ctx, seen, signerId, block);
    const file = await storePdf(ctx, await finalText(ctx, seen, block, steps), "Trinh-ky.pdf");
    return { block, steps, file };
  };
  return preparedOnce(ctx, "outgoing.submit", input, prepare, async (em, _, { block, steps, file }) => {
    const document = await lockUnchanged(em, seen);
    await writeSteps(ctx, em, seen.id, [], steps);
    await addRevision(ctx, em, seen.id, "FOR_SIGNATURE", file);
    em.assign(document, { status: "AWAITING_SIGNATURE", signerId, block });
    await record(ctx, em, {
      act: "outgoing.submit",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { signer: signerId, block, sha256: file.sha256, ...(steps.length > 2 && { steps }) },
    });
  });
}

/** The chain as it will run: the leader is the signer, and whoever signs beside has a block of today. */
async function frozenSteps(
  ctx: Context,
  seen: SeenDocument,
  signerId: string,
  block: StoredBlock,
): Promise<FrozenStep[]> {
  const chain = await chainOf(ctx, seen.id);
  const blocks = new Map<string, StoredBlock>();
  for (const { role, appointmentId } of chain) {
    if (role === "LEADER" && appointmentId && appointmentId !== signerId)
      throw badInput("signerId", "Chuỗi ký đã nêu lãnh đạo khác.", "The chain names another leader.");
    if (!appointmentId || role === "LEADER") continue;
    // Whoever was named when the chain was set may have left the office since.
    await assertColleague(ctx, appointmentId, permissionFor(role), "steps");
    if (role !== "CO_SIGNER") continue;
    const { lines, fullName, delegationId } = await signatureBlockOf(ctx, appointmentId, seen.typeCode, ctx.now());
    blocks.set(appointmentId, { lines, fullName, delegationId });
  }
  return freeze(chain, signerId, block, blocks);
}

async function finalText(
  ctx: Context,
  seen: SeenDocument,
  block: StoredBlock,
  steps: readonly FrozenStep[],
): Promise<Buffer> {
  const { uploadedFileId, body } = seen;
  if (uploadedFileId) {
    const file = await fileOf(ctx, uploadedFileId);
    return preparedUpload(await documentBytes(ctx, hexOf(file!.sha256)), steps);
  }
  const text = { ...seen, body: body!, recipients: await recipientsOf(ctx, seen.id) };
  return renderForSignature(text, await issuerOf(ctx, seen.drafterId), block, ctx.now(), steps);
}
