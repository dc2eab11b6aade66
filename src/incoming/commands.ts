import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { dayOf, printedDay } from "../calendar/rules.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { AppError, badInput, forbidden, notFound } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type {
  AssignIncomingDocumentInput,
  CompleteIncomingDocumentInput,
  ReportProgressInput,
  ReturnIncomingDocumentInput,
} from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { Appointment } from "../organization/entities.ts";
import { Assignment, Directive, IncomingDocument, ProgressNote } from "./entities.ts";
import { isReadable } from "./queries.ts";
import { assertAssignees, assertTransition, limitText, requireText } from "./rules.ts";

/** The leader's directive, and who deals with the document by when (bút phê, phân công). */
export async function assignIncomingDocument(ctx: Context, input: AssignIncomingDocumentInput): Promise<Done> {
  const viewer = requirePermission(ctx, "incoming:direct");
  const documentId = await readableId(ctx, input.incomingDocumentId);
  assertAssignees(input.assignees);
  const text = requireText("directive", input.directive, 4_000);
  const assignees = input.assignees.map((assignee) => ({
    assigneeId: fromGlobalId("Appointment", assignee.appointmentId),
    role: assignee.role,
    dueOn: assignee.dueOn ?? input.dueOn ?? null,
  }));
  return once(ctx, "incoming.assign", input, async (em, id) => {
    const document = await lock(em, documentId);
    if (input.version != null && document.version !== input.version) throw changedMeanwhile();
    // Work that has begun goes on under a new directive.
    const after = document.status === "IN_PROGRESS" ? "IN_PROGRESS" : "ASSIGNED";
    assertTransition(document.status, after);
    const today = dayOf(ctx.now());
    const colleagues = await em.count(Appointment, {
      id: { $in: assignees.map((each) => each.assigneeId) },
      agencyId: viewer.agencyId,
      validFrom: { $lte: today },
      $or: [{ validTo: null }, { validTo: { $gte: today } }],
    });
    if (colleagues !== assignees.length)
      throw badInput(
        "assignees",
        "Chỉ phân công cho người đang giữ chức vụ trong cơ quan.",
        "Assignees must hold an office of the agency.",
      );
    em.create(Directive, {
      id,
      agencyId: viewer.agencyId,
      documentId,
      text,
      byId: viewer.appointmentId,
      at: ctx.now(),
    });
    // A new directive replaces who leads; what was reported stays with the older assignments.
    const existing = new Map((await em.find(Assignment, { documentId })).map((each) => [each.assigneeId, each]));
    for (const each of existing.values()) if (each.role === "LEAD") each.role = "COLLABORATING";
    await em.flush();
    for (const assignee of assignees) {
      const dueOn = assignee.dueOn ?? document.dueOn ?? null;
      const before = existing.get(assignee.assigneeId);
      const status = before?.status === "IN_PROGRESS" ? "IN_PROGRESS" : "ASSIGNED";
      if (before) em.assign(before, { role: assignee.role, dueOn, directiveId: id, status });
      else
        em.create(Assignment, {
          id: newId(ctx.now().getTime()),
          agencyId: viewer.agencyId,
          documentId,
          directiveId: id,
          assigneeId: assignee.assigneeId,
          role: assignee.role,
          dueOn,
          status: "ASSIGNED",
        });
    }
    document.status = after;
    if (input.dueOn)
      em.assign(document, { dueOn: input.dueOn, dueReason: `Lãnh đạo ấn định ngày ${printedDay(input.dueOn)}.` });
    await record(ctx, em, {
      act: "incoming.assign",
      objectType: "IncomingDocument",
      objectId: documentId,
      data: { directive: text, assignees, dueOn: document.dueOn },
    });
  });
}

/** What an assignee has done so far; `done` closes the own part (cập nhật tiến độ). */
export function reportProgress(ctx: Context, input: ReportProgressInput): Promise<Done> {
  const viewer = requirePermission(ctx, "incoming:process");
  const assignmentId = fromGlobalId("Assignment", input.assignmentId);
  const text = requireText("text", input.text, 4_000);
  return once(ctx, "incoming.progress", input, async (em, id) => {
    const mine = { id: assignmentId, assigneeId: viewer.appointmentId };
    const [row] = await em.execute<{ document_id: string }[]>(
      "select document_id from assignment where id = ? and assignee_id = ?",
      [mine.id, mine.assigneeId],
    );
    if (!row) throw notFound("Assignment");
    const document = await lock(em, row.document_id);
    // Read under the document's lock: two reports at once would both find it open.
    const assignment = await em.findOneOrFail(Assignment, mine);
    assertTransition(document.status, "IN_PROGRESS");
    if (assignment.status === "DONE")
      throw new AppError("WRONG_STATE", "Việc này đã báo hoàn thành.", "This assignment has been reported done.");
    em.create(ProgressNote, {
      id,
      agencyId: viewer.agencyId,
      assignmentId,
      text,
      byId: viewer.appointmentId,
      at: ctx.now(),
    });
    assignment.status = input.done ? "DONE" : "IN_PROGRESS";
    document.status = "IN_PROGRESS";
    await record(ctx, em, {
      act: "incoming.progress",
      objectType: "IncomingDocument",
      objectId: document.id,
      data: { assignment: assignmentId, text, done: input.done },
    });
  });
}

export interface Completed {
  readonly kind: CompleteIncomingDocumentInput["kind"];
  readonly note: string | null;
}

/** Closes a document, saying how it was answered (hoàn thành xử lý); by who leads it or who directs. */
export async function completeIncomingDocument(
  ctx: Context,
  input: CompleteIncomingDocumentInput,
  answered: (em: EntityManager, documentId: string) => Promise<boolean>,
): Promise<Done> {
  const viewer = requirePermission(ctx, "incoming:process");
  const documentId = await readableId(ctx, input.incomingDocumentId);
  const note = input.note ? limitText("note", input.note, 1_000) : null;
  return once(ctx, "incoming.complete", input, async (em) => {
    const document = await lock(em, documentId);
    const leads = await em.count(Assignment, { documentId, assigneeId: viewer.appointmentId, role: "LEAD" });
    if (leads === 0 && !viewer.permissions.has("incoming:direct")) throw forbidden("incoming:direct");
    assertTransition(document.status, "COMPLETED");
    if (input.kind === "ANSWERED" && !(await answered(em, documentId)))
      throw badInput(
        "answeredById",
        "Cần chọn văn bản trả lời đã phát hành.",
        "An issued document that answers it is needed.",
      );
    await complete(ctx, em, document, { kind: input.kind, note });
  });
}

/** Closes a document in the caller's transaction. */
export async function complete(
  ctx: Context,
  em: EntityManager,
  document: IncomingDocument,
  { kind, note }: Completed,
): Promise<void> {
  em.assign(document, {
    status: "COMPLETED",
    completionKind: kind,
    completionNote: note,
    completedAt: ctx.now(),
    completedById: requireViewer(ctx).appointmentId,
  });
  await closeAssignments(em, document.id);
  await record(ctx, em, {
    act: "incoming.complete",
    objectType: "IncomingDocument",
    objectId: document.id,
    data: { kind, note },
  });
}

/** Sends a registered document back; its number stays taken and visible (trả lại, NĐ 30/2020 Điều 21.2). */
export async function returnIncomingDocument(ctx: Context, input: ReturnIncomingDocumentInput): Promise<Done> {
  requirePermission(ctx, "incoming:register");
  const documentId = await readableId(ctx, input.incomingDocumentId);
  const reason = requireText("reason", input.reason, 1_000);
  return once(ctx, "incoming.return", input, async (em) => {
    const document = await lock(em, documentId);
    assertTransition(document.status, "RETURNED");
    em.assign(document, { status: "RETURNED", returnReason: reason });
    await closeAssignments(em, documentId);
    await record(ctx, em, {
      act: "incoming.return",
      objectType: "IncomingDocument",
      objectId: documentId,
      data: { reason },
    });
  });
}

/** Nobody has anything left to do on a document that is closed or sent back. */
const closeAssignments = (em: EntityManager, documentId: string) =>
  em.nativeUpdate(Assignment, { documentId, status: { $ne: "DONE" } }, { status: "DONE" });

const lock = (em: EntityManager, id: string) =>
  em.findOneOrFail(IncomingDocument, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });

async function readableId(ctx: Context, globalId: string): Promise<string> {
  const id = fromGlobalId("IncomingDocument", globalId);
  if (!(await isReadable(ctx, id))) throw notFound("IncomingDocument");
  return id;
}

const changedMeanwhile = () =>
  new AppError(
    "CONFLICT",
    "Văn bản vừa được người khác thay đổi; hãy xem lại.",
    "Somebody else changed it meanwhile; look again.",
  );
