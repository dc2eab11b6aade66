import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { type Context, requirePermission, type Viewer } from "../context.ts";
import { badInput, wrongState } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { SetSigningChainInput, SigningRole } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { columns, type Conditions } from "../sql.ts";
import {
  type ChainEntry,
  checkedChain,
  defaultChain,
  fieldsOfChain,
  isPassedOver,
  isStepOf,
  permissionFor,
  statusesOf,
} from "./chain.ts";
import { SigningStep, type StoredBlock } from "./entities.ts";
import { assertColleague } from "./colleagues.ts";
import { lockUnchanged, seeDocument } from "./revisions.ts";
import { assertMay } from "./rules.ts";

/** A step of a chain that is frozen with its text: what is printed and where it is signed are known. */
export interface FrozenStep extends ChainEntry {
  readonly field: string;
  /** Null for those over whose signature no title stands. */
  readonly block: StoredBlock | null;
}

/** The steps of a document in their order. */
export const stepsOf = (ctx: Context, documentId: string): Promise<SigningStep[]> =>
  ctx.read(
    `select ${columns(ctx.services.orm, SigningStep).list} from signing_step where document_id = $1 order by ordinal`,
    [documentId],
  );

/** Whether a step that is open now is the viewer's, as a condition on `signing_step t`. */
export const isOpenFor = (viewer: Viewer, conditions: Conditions): string =>
  conditions.bind(
    `t.status = 'READY' and (t.appointment_id = ? or t.position_id = ?
      or (?::boolean and t.role = 'AGENCY_SEAL' and t.appointment_id is null and t.position_id is null))`,
    viewer.appointmentId,
    viewer.positionId,
    viewer.permissions.has("outgoing:seal"),
  );

/** The drafter says who answers for the document and in what order, until it is submitted (đặt chuỗi ký). */
export async function setSigningChain(ctx: Context, input: SetSigningChainInput): Promise<Done> {
  requirePermission(ctx, "outgoing:draft");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const chain = checkedChain(
    input.steps.map(({ role, appointmentId, positionId, turn, isRequired }) => ({
      role,
      appointmentId: appointmentId ? fromGlobalId("Appointment", appointmentId) : null,
      positionId: positionId ? fromGlobalId("Position", positionId) : null,
      turn,
      isRequired,
    })),
  );
  for (const { role, appointmentId, positionId } of chain) {
    if (appointmentId) await assertColleague(ctx, appointmentId, permissionFor(role), "steps");
    if (positionId) await assertPosition(ctx, positionId, permissionFor(role));
  }
  return once(ctx, "outgoing.set-chain", input, async (em) => {
    assertMay("set-chain", seen.status);
    await lockUnchanged(em, seen);
    await writeSteps(ctx, em, seen.id, chain, null);
    await em.execute("update outgoing_document set version = version + 1 where id = ?", [seen.id]);
    await record(ctx, em, {
      act: "outgoing.set-chain",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { steps: chain },
    });
  });
}

async function assertPosition(ctx: Context, positionId: string, permission: string): Promise<void> {
  const found = await ctx.readOne("select 1 from position where id = $1 and agency_id = $2 and $3 = any(permissions)", [
    positionId,
    ctx.agencyId,
    permission,
  ]);
  if (!found)
    throw badInput("steps", "Chức vụ này không có quyền ký bước đó.", "This position has no right to take that step.");
}

/** The chain that was set for a document, or the usual one. */
export async function chainOf(ctx: Context, documentId: string): Promise<readonly ChainEntry[]> {
  const steps = await stepsOf(ctx, documentId);
  return steps.length === 0
    ? defaultChain
    : steps.map(({ role, appointmentId = null, positionId = null, turn, isRequired }) => ({
        role,
        appointmentId,
        positionId,
        turn,
        isRequired,
      }));
}

/** Writes a chain in place of the one before; with `frozen` it runs from now on. */
export async function writeSteps(
  ctx: Context,
  em: EntityManager,
  documentId: string,
  chain: readonly ChainEntry[],
  frozen: readonly FrozenStep[] | null,
): Promise<void> {
  await em.nativeDelete(SigningStep, { documentId });
  const entries = frozen ?? chain;
  const statuses = frozen ? statusesOf(frozen.map((step) => ({ ...step, status: "WAITING" as const }))) : null;
  for (const [index, { role, appointmentId, positionId, turn, isRequired }] of entries.entries())
    em.create(SigningStep, {
      id: newId(ctx.now().getTime()),
      agencyId: ctx.agencyId!,
      documentId,
      ordinal: index + 1,
      turn,
      role,
      appointmentId,
      positionId,
      isRequired,
      field: frozen?.[index]?.field ?? null,
      block: frozen?.[index]?.block ?? null,
      status: statuses?.[index] ?? "WAITING",
    });
  await em.flush();
}

/** Gives each step of a chain its field and each who signs beside the leader a block. */
export function freeze(
  chain: readonly ChainEntry[],
  leaderId: string,
  leaderBlock: StoredBlock,
  coSignerBlocks: ReadonlyMap<string, StoredBlock>,
): FrozenStep[] {
  const fields = fieldsOfChain(chain);
  return chain.map((entry, index) => ({
    ...entry,
    appointmentId: entry.role === "LEADER" ? leaderId : entry.appointmentId,
    field: fields[index]!,
    block:
      entry.role === "LEADER"
        ? leaderBlock
        : entry.role === "CO_SIGNER"
          ? coSignerBlocks.get(entry.appointmentId!)!
          : null,
  }));
}

/**
 * The step that the viewer would take now, of the given role or else the first one. WRONG_STATE where it is not the
 * viewer's turn yet, undefined where nothing of the chain is the viewer's.
 */
export function stepFor(
  viewer: Viewer,
  steps: readonly SigningStep[],
  role: SigningRole | null,
): SigningStep | undefined {
  const mine = steps.filter((step) => (!role || step.role === role) && isStepOf(viewer, step));
  const open = mine.find(({ status }) => status === "READY");
  if (!open && mine.length > 0) {
    const isDone = mine.every(({ status }) => status === "SIGNED" || status === "SKIPPED");
    throw isDone
      ? wrongState("Bước ký này đã xong.", "This step has been taken already.", { reason: "DONE" })
      : wrongState("Chưa đến lượt ký của bạn.", "It is not your turn to sign yet.", { reason: "NOT_YOUR_TURN" });
  }
  return open;
}

/**
 * Notes under the document's lock that a step was signed, passes over what was optional before it and opens what is next;
 * gives the whole chain as it is then.
 */
export async function completeStep(
  ctx: Context,
  em: EntityManager,
  taken: Pick<SigningStep, "id" | "documentId" | "turn"> & { readonly field?: string | null },
  done: { readonly byId: string; readonly signatureId: string | null; readonly at: Date },
): Promise<SigningStep[]> {
  const steps = await em.find(SigningStep, { documentId: taken.documentId }, { orderBy: { ordinal: "asc" } });
  for (const step of steps)
    if (step.id === taken.id)
      em.assign(step, {
        status: "SIGNED",
        // An agent signs in a field of its own.
        field: taken.field ?? null,
        doneById: done.byId,
        doneAt: done.at,
        signatureId: done.signatureId,
      });
    else if (isPassedOver(step, taken.turn))
      em.assign(step, { status: "SKIPPED", reason: "Bước không bắt buộc; người sau đã ký.", doneAt: done.at });
  const statuses = statusesOf(steps);
  for (const [index, step] of steps.entries()) step.status = statuses[index]!;
  await em.flush();
  return steps;
}

/** Ends a running chain because of one step; the others wait for the next submission (trả lại). */
export async function returnStep(
  ctx: Context,
  em: EntityManager,
  taken: Pick<SigningStep, "id" | "documentId">,
  byId: string,
  reason: string,
): Promise<void> {
  const steps = await em.find(SigningStep, { documentId: taken.documentId });
  for (const step of steps)
    em.assign(
      step,
      step.id === taken.id
        ? { status: "RETURNED", reason, doneById: byId, doneAt: ctx.now() }
        : { status: "WAITING", reason: null, doneById: null, doneAt: null, signatureId: null },
    );
  await em.flush();
}
