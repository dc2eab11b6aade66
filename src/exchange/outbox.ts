import type { EntityManager } from "@mikro-orm/postgresql";
import { type Manifest, signManifest } from "../../axis/index.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";

/** Signs a message and queues it in the caller's transaction; the worker is woken once that is committed. */
export async function enqueue(ctx: Context, em: EntityManager, manifest: Manifest): Promise<void> {
  const credential = ctx.services.transmission.for(manifest.sender.code);
  if (!credential) throw noTransmissionKey(manifest.sender.code);
  const { bytes, jws } = signManifest(manifest, credential);
  const at = ctx.now();
  await em.execute(
    `insert into exchange_outbox (id, agency_id, kind, manifest, signature, state, next_attempt_at, created_at)
     values (?, ?, ?, ?, ?, 'QUEUED', ?, ?)`,
    [manifest.messageId, ctx.agencyId, manifest.kind, bytes, jws, at, at],
  );
  ctx.afterCommit(() => ctx.services.wake());
}

/** Tries a message again that was given up, after somebody has put right what blocked it; false if it is not blocked. */
export async function requeue(ctx: Context, messageId: string): Promise<boolean> {
  return ctx.transact(async (em) => {
    const rows = await em.execute<{ id: string }[]>(
      `update exchange_outbox set state = 'QUEUED', attempts = 0, next_attempt_at = ?, lease_until = null
       where id = ? and agency_id = ? and state = 'BLOCKED' returning id`,
      [ctx.now(), messageId, ctx.agencyId],
    );
    if (rows.length === 0) return false;
    await em.execute("update exchange_delivery set state = 'QUEUED' where message_id = ? and state = 'BLOCKED'", [
      messageId,
    ]);
    ctx.afterCommit(() => ctx.services.wake());
    return true;
  });
}

const noTransmissionKey = (code: string) =>
  new AppError(
    "UNAVAILABLE",
    "Cơ quan chưa có khóa truyền nhận trên trục liên thông.",
    "The agency has no transmission key for the axis.",
    { agency: code },
  );
