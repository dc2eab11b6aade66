import { completeSignature as completeRevision, SigningError } from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { readSigningCredential } from "../credentials/queries.ts";
import { assertUsable } from "../credentials/signer.ts";
import { AppError, notFound } from "../errors.ts";
import { toGlobalId } from "../graphql/ids.ts";
import type { SigningState } from "../graphql/types.ts";
import { levelOf } from "../outgoing/levels.ts";
import {
  assertMade,
  assertRightKey,
  bytesToSign,
  keepSignature,
  type MadeSignature,
  signingTask,
  type SigningTask,
  storeSigned,
} from "../outgoing/making.ts";
import { seeDocument } from "../outgoing/revisions.ts";
import { SigningSession } from "./entities.ts";
import { openStates } from "./queries.ts";
import { faultOf } from "../credentials/refusals.ts";

/** A signature that was made but not completed by then was left behind by a server that stopped. */
export const leftBehindMilliseconds = 60_000;

/** Changes a session that is still in one of these states, with its record; false where it has gone on meanwhile. */
export function settle(
  ctx: Context,
  session: SigningSession,
  change: Partial<SigningSession> & { readonly state: SigningState },
  from: readonly SigningState[] = openStates,
): Promise<boolean> {
  return ctx.transact(async (em) => {
    const changed = await em.nativeUpdate(SigningSession, { id: session.id, state: { $in: [...from] } }, change);
    if (changed === 0) return false;
    await record(ctx, em, {
      act: `signing.${change.state.toLowerCase().replaceAll("_", "-")}`,
      objectType: "SigningSession",
      objectId: session.id,
      data: { document: session.documentId, ...(change.error && { code: change.error.code }) },
    });
    return true;
  });
}

/** Keeps a raw signature, before anything else is done with it: should the server stop here, the worker goes on with it. */
export function keepRaw(ctx: Context, session: SigningSession, raw: Buffer): Promise<boolean> {
  const nextPollAt = new Date(ctx.now().getTime() + leftBehindMilliseconds);
  return settle(ctx, session, { state: "SIGNED_RAW", rawSignature: raw, nextPollAt });
}

/** Keeps a raw signature and makes it the document's next revision, as `complete` does. */
export async function finish(ctx: Context, session: SigningSession, raw: Buffer): Promise<void> {
  if (await keepRaw(ctx, session, raw)) await complete(ctx, session, raw);
}

/**
 * Makes a raw signature the document's next revision: it is verified before it is put in, and the file by our own validator
 * before it is stored. Whatever is against it ends the session with the reason and leaves the document as it was. The
 * context's viewer is the session's.
 */
export async function complete(ctx: Context, session: SigningSession, raw: Buffer): Promise<void> {
  await ending(ctx, session, async () => {
    const task = await presentTask(ctx, session);
    const pdf = await bytesToSign(ctx, task);
    const { services } = ctx;
    const wanted = { level: session.wantedLevel, sound: task.signedFields.filter((field) => field !== session.field) };
    const made = await completeRevision(session.prepared!.state, pdf, raw, wanted, await services.signing.levels(ctx));
    await store(ctx, session, task, made.bytes, {
      at: new Date(session.prepared!.state.at),
      level: levelOf(ctx, made),
    });
  });
}

/** Runs the last part of a session and settles it by what comes of that. */
export async function ending(ctx: Context, session: SigningSession, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isStale =
      (error instanceof SigningError && error.code === "STALE") ||
      (error instanceof AppError && (error.code === "CONFLICT" || error.code === "WRONG_STATE"));
    const fault = faultOf(error);
    if (!fault) {
      ctx.services.log.error({ error, session: session.id }, "a signature could not be completed");
      throw error;
    }
    // Somebody else's signature that came in between shows in many ways: as a signature that is missed, for one.
    if (isStale || !(await hasMoved(ctx, session))) {
      await settle(ctx, session, { state: isStale ? "STALE" : "FAILED", error: fault });
    } else await settle(ctx, session, { state: "STALE", error: faultOf(stale()) });
  }
}

/** Whether the document is no longer the file that was prepared; who may not see it any more is told the fault itself. */
async function hasMoved(ctx: Context, session: SigningSession): Promise<boolean> {
  const seen = await seeDocument(ctx, toGlobalId("OutgoingDocument", session.documentId)).catch(() => undefined);
  return seen !== undefined && seen.headSha256 !== Buffer.from(session.baseSha256).toString("hex");
}

/** The session's step as it is now; STALE where the document is no longer what was prepared. */
export async function presentTask(ctx: Context, session: SigningSession): Promise<SigningTask> {
  const seen = await seeDocument(ctx, toGlobalId("OutgoingDocument", session.documentId));
  if (seen.headSha256 !== Buffer.from(session.baseSha256).toString("hex")) throw stale();
  const task = await signingTask(ctx, seen, session.role);
  if (task.step.id !== session.stepId) throw stale();
  return task;
}

const stale = () => new SigningError("STALE", "The document is no longer what the signature was prepared for.");

/** Checks the whole signed file and stores it as the document's next revision and the session's result. */
export async function store(
  ctx: Context,
  session: SigningSession,
  task: SigningTask,
  signed: Buffer,
  { at, level }: Pick<MadeSignature, "at" | "level">,
): Promise<void> {
  const credential = await readSigningCredential(ctx, session.credentialId);
  if (!credential) throw notFound("SigningCredential");
  assertUsable(credential, ctx.now());
  assertRightKey(task, credential);
  await assertMade(ctx, task, signed);
  const file = await storeSigned(ctx, task, signed);
  await ctx.transact(async (em) => {
    const made = { credential, at, file, ...(level && { level }) };
    const revisionId = await keepSignature(ctx, em, task, made);
    const stored = { state: "STORED", revisionId, pending: null, nextPollAt: null, error: null } as const;
    const changed = await em.nativeUpdate(SigningSession, { id: session.id, state: { $in: [...openStates] } }, stored);
    // Given up or run out in this very moment: then nothing of it stays.
    if (changed === 0) throw stale();
    await record(ctx, em, {
      act: "signing.stored",
      objectType: "SigningSession",
      objectId: session.id,
      data: { document: session.documentId, sha256: file.sha256 },
    });
  });
}
