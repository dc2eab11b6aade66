import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type {
  CancelOutgoingDocumentInput,
  CompleteIncomingDocumentInput,
  DispatchOutgoingDocumentInput,
} from "../graphql/types.ts";
import { completeIncomingDocument } from "../incoming/commands.ts";
import { requireText } from "../incoming/rules.ts";
import { voidEntry } from "../registers/commands.ts";
import { OutgoingDocument } from "./entities.ts";
import { lockUnchanged, type SeenDocument, seeDocument } from "./revisions.ts";
import { assertMay } from "./rules.ts";

/** Issues the sealed document; from here on nothing of it changes, and the axis takes it (phát hành). */
export async function dispatchOutgoingDocument(ctx: Context, input: DispatchOutgoingDocumentInput): Promise<Done> {
  requirePermission(ctx, "outgoing:dispatch");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const done = await once(ctx, "outgoing.dispatch", input, async (em) => {
    assertMay("dispatch", seen.status);
    const document = await lockUnchanged(em, seen);
    document.status = "DISPATCHED";
    await record(ctx, em, {
      act: "outgoing.dispatch",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { referenceCode: seen.referenceCode, issuedOn: seen.issuedOn, sha256: seen.headSha256 },
    });
  });
  ctx.services.wake();
  return done;
}

/** Gives a document up; its number, if it has one, becomes void with the same reason and stays in the register (hủy). */
export async function cancelOutgoingDocument(ctx: Context, input: CancelOutgoingDocumentInput): Promise<Done> {
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  assertMayCancel(ctx, seen);
  const reason = requireText("reason", input.reason, 1_000);
  return once(ctx, "outgoing.cancel", input, async (em) => {
    assertMay("cancel", seen.status);
    const document = await lockUnchanged(em, seen);
    em.assign(document, { status: "CANCELLED", cancelReason: reason });
    if (document.number != null) await voidEntry(ctx, em, { documentId: seen.id }, reason);
    await record(ctx, em, {
      act: "outgoing.cancel",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { reason, from: seen.status, referenceCode: seen.referenceCode ?? null },
    });
  });
}

/** A draft is its drafter's to give up; what is signed or numbered is the registry's. */
function assertMayCancel(ctx: Context, { status, drafterId, number }: SeenDocument): void {
  const viewer = requireViewer(ctx);
  const isDraft = number == null && ["DRAFT", "IN_REVIEW", "AWAITING_SIGNATURE"].includes(status);
  if (viewer.permissions.has("outgoing:number")) requirePermission(ctx, "outgoing:number");
  else if (isDraft && drafterId === viewer.appointmentId) requirePermission(ctx, "outgoing:draft");
  else throw forbidden("outgoing:number");
}

/** Closes an incoming document; “answered” needs an issued document of the agency that answers this very one. */
export function completeAnswered(ctx: Context, input: CompleteIncomingDocumentInput): Promise<Done> {
  const answerId = input.answeredById ? fromGlobalId("OutgoingDocument", input.answeredById) : null;
  return completeIncomingDocument(ctx, input, async (em, answersToId) => {
    if (!answerId) return false;
    const answer = { id: answerId, agencyId: ctx.agencyId!, answersToId, status: "DISPATCHED" } as const;
    return (await em.count(OutgoingDocument, answer)) === 1;
  });
}
