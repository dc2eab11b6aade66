import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { dayOf } from "../calendar/rules.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { badInput, forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { ReviewDraftInput, SubmitForReviewInput } from "../graphql/types.ts";
import { requireText } from "../incoming/rules.ts";
import { OutgoingReview } from "./entities.ts";
import { lockUnchanged, seeDocument } from "./revisions.ts";
import { assertMay, statusAfterReview } from "./rules.ts";

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
  const bySigner = seen.signerId === viewer.appointmentId && input.decision === "RETURNED";
  requirePermission(ctx, bySigner ? "outgoing:sign" : "outgoing:review");
  const comment = input.comment?.trim() ? requireText("comment", input.comment, 4_000) : null;
  if (input.decision === "RETURNED" && !comment)
    throw badInput("comment", "Cần nêu lý do trả lại.", "Say why it is returned.");
  return once(ctx, "outgoing.review", input, async (em, id) => {
    const returnsUnsigned = bySigner && seen.status === "AWAITING_SIGNATURE";
    if (!returnsUnsigned) assertMay("review", seen.status);
    const document = await lockUnchanged(em, seen);
    const decided = { decision: input.decision, comment, decidedAt: ctx.now() };
    if (returnsUnsigned) {
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

/** BAD_INPUT unless the office is of the viewer's agency, held today, and has the permission. */
export async function assertColleague(
  ctx: Context,
  appointmentId: string,
  permission: string,
  field: string,
): Promise<void> {
  const found = await ctx.readOne(
    `select 1 from appointment a join position p on p.id = a.position_id
     where a.id = $1 and a.agency_id = $2 and $3 = any(p.permissions)
       and a.valid_from <= $4 and (a.valid_to is null or a.valid_to >= $4)`,
    [appointmentId, ctx.agencyId, permission, dayOf(ctx.now())],
  );
  if (!found)
    throw badInput(
      field,
      "Người này không có quyền duyệt hoặc ký văn bản của cơ quan.",
      "This person has no right to do it in this agency.",
    );
}
