import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { type Context, requirePermission, requireViewer, type Viewer } from "../context.ts";
import { badInput, forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { ReviewDraftInput, SubmitForReviewInput } from "../graphql/types.ts";
import { requireText } from "../incoming/rules.ts";
import { isStepOf, permissionFor } from "./chain.ts";
import { assertColleague } from "./colleagues.ts";
import { OutgoingReview, type SigningStep } from "./entities.ts";
import { lockUnchanged, type SeenDocument, seeDocument } from "./revisions.ts";
import { assertMay, statusAfterReview } from "./rules.ts";
import { returnStep, stepsOf } from "./steps.ts";

/** Hands a draft to a reviewer (trình duyệt). */
export async function submitForReview(ctx: Context, input: SubmitForReviewInput): Promise<Done> {
  requirePermission(ctx, "outgoing:draft");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const reviewerId = fromGlobalId("Appointment", input.reviewerId);
  await assertColleague(ctx, reviewerId, "outgoing:review", "reviewerId");
  return once(ctx, "outgoing.request-review", input, async (em, id) => {
    assertMay("request-review", seen.status);
    const document = await lockUnchanged(em, seen);
    document.status = "IN_REVIEW";
    em.create(OutgoingReview, { id, agencyId: ctx.agencyId!, documentId: seen.id, reviewerId, requestedAt: ctx.now() });
    await record(ctx, em, {
      act: "outgoing.request-review",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { reviewer: reviewerId },
    });
  });
}

/** A reviewer approves or returns a draft; a signer may return what was submitted for signature (duyệt, trả lại). */
export async function reviewDraft(ctx: Context, input: ReviewDraftInput): Promise<Done> {
  const viewer = requireViewer(ctx);
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const step = input.decision === "RETURNED" ? await openStepOf(ctx, viewer, seen) : undefined;
  requirePermission(ctx, step ? permissionFor(step.role) : "outgoing:review");
  const comment = input.comment?.trim() ? requireText("comment", input.comment, 4_000) : null;
  if (input.decision === "RETURNED" && !comment)
    throw badInput("comment", "Cần nêu lý do trả lại.", "Say why it is returned.");
  return once(ctx, "outgoing.review", input, async (em, id) => {
    if (!step) assertMay("review", seen.status);
    const document = await lockUnchanged(em, seen);
    const decided = { decision: input.decision, comment, decidedAt: ctx.now() };
    if (step) {
      await returnStep(ctx, em, step, viewer.appointmentId, comment!);
      em.create(OutgoingReview, {
        id,
        agencyId: viewer.agencyId,
        documentId: seen.id,
        reviewerId: viewer.appointmentId,
        requestedAt: ctx.now(),
        ...decided,
      });
      em.assign(document, { signerId: null, block: null });
    } else {
      const review = await em.findOneOrFail(OutgoingReview, { documentId: seen.id, decision: null });
      if (review.reviewerId !== viewer.appointmentId) throw forbidden("reviewer");
      em.assign(review, decided);
    }
    document.status = statusAfterReview[input.decision];
    await record(ctx, em, {
      act: "outgoing.review",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { decision: input.decision, comment },
    });
  });
}

/** The viewer's open step of a document that waits for signatures: who may sign may return instead. */
async function openStepOf(ctx: Context, viewer: Viewer, seen: SeenDocument): Promise<SigningStep | undefined> {
  if (seen.status !== "AWAITING_SIGNATURE") return undefined;
  const steps = await stepsOf(ctx, seen.id);
  return steps.find((step) => step.status === "READY" && isStepOf(viewer, step));
}
