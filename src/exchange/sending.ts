import type { EntityManager } from "@mikro-orm/postgresql";
import { AxisError, nextAttempt, type Signed, verifyHubReceipt } from "../../axis/index.ts";
import { record } from "../audit/record.ts";
import { Context } from "../context.ts";
import type { Services } from "../services.ts";
import { answered } from "./patience.ts";

/** How many messages one call sends at most, and how many it claims at once. */
const mostMessages = 200;
const claimSize = 10;
/** Longer than the hub's slowest answers to all that was claimed; after it another worker takes over. */
const leaseSeconds = 120;

interface Claimed {
  readonly id: string;
  readonly kind: "document" | "status";
  readonly manifest: Buffer;
  readonly signature: string;
  readonly attempts: number;
  readonly fence: number;
}

/** Sends what an agency has queued and what is due to be tried again; gives the number of tries. */
export async function sendOutbox(services: Services, agency: { readonly id: string }): Promise<number> {
  const ctx = new Context(services, null, "worker", agency.id);
  let tries = 0;
  while (tries < mostMessages) {
    const claimed = await claim(ctx);
    for (const message of claimed) await send(ctx, message);
    tries += claimed.length;
    if (claimed.length < claimSize) break;
  }
  return tries;
}

/** Takes the oldest due messages that nobody works on; the fence voids what an earlier holder may still report. */
function claim(ctx: Context): Promise<Claimed[]> {
  return ctx.transact((em) =>
    em.execute<Claimed[]>(
      `update exchange_outbox
       set lease_until = clock_timestamp() + make_interval(secs => ?), fence = fence + 1, attempts = attempts + 1
       where id in (select id from exchange_outbox
         where agency_id = ? and state in ('QUEUED', 'RETRYING') and next_attempt_at <= ?
           and (lease_until is null or lease_until < clock_timestamp())
         order by id limit ? for update skip locked)
       returning id, kind, manifest, signature, attempts, fence`,
      [leaseSeconds, ctx.agencyId, ctx.now(), claimSize],
    ),
  );
}

async function send(ctx: Context, message: Claimed): Promise<void> {
  const { hub, transmission } = ctx.services;
  try {
    const { receipt } = await answered(hub.accept({ bytes: message.manifest, jws: message.signature }));
    const trusted = transmission.hub.certificateChain.slice(0, 1);
    if (isReceiptGood(ctx, receipt, message.manifest, trusted)) await accepted(ctx, message, receipt);
    else await failed(ctx, message, "The hub's receipt does not fit the message", true);
  } catch (error) {
    // Blobs first, message second: what is missing may still come. Every other refusal stays one.
    const mayPass = !(error instanceof AxisError) || error.code === "MISSING_BLOBS";
    await failed(ctx, message, error instanceof AxisError ? `${error.code}: ${error.message}` : String(error), mayPass);
  }
}

/** A receipt that is not about this very content is none: the hub may not have the message. */
function isReceiptGood(ctx: Context, receipt: Signed, manifest: Buffer, trusted: readonly Buffer[]): boolean {
  try {
    verifyHubReceipt(receipt, manifest, trusted);
    return true;
  } catch (error) {
    ctx.services.log.error({ error, agencyId: ctx.agencyId }, "the hub gave a receipt that does not hold");
    return false;
  }
}

function accepted(ctx: Context, message: Claimed, receipt: Signed): Promise<void> {
  return ctx.transact(async (em) => {
    const at = ctx.now();
    const rows = await em.execute<{ id: string }[]>(
      `update exchange_outbox set state = 'ACCEPTED', hub_receipt = ?, hub_receipt_signature = ?, accepted_at = ?, lease_until = null,
         last_error = null
       where id = ? and fence = ? and state in ('QUEUED', 'RETRYING') returning id`,
      [receipt.bytes, receipt.jws, at, message.id, message.fence],
    );
    if (rows.length === 0 || message.kind !== "document") return;
    await moveDeliveries(ctx, em, message.id, "ACCEPTED", at);
  });
}

function failed(ctx: Context, message: Claimed, reason: string, mayPass: boolean): Promise<void> {
  const delay = mayPass ? nextAttempt(message.attempts, Math.random()) : null;
  const state = delay === null ? "BLOCKED" : "RETRYING";
  const { id: messageId, attempts } = message;
  ctx.services.log.warn({ agencyId: ctx.agencyId, messageId, attempts, state, reason }, "a message was not sent");
  return ctx.transact(async (em) => {
    const rows = await em.execute<{ id: string }[]>(
      `update exchange_outbox set state = ?, last_error = ?, next_attempt_at = ?, lease_until = null
       where id = ? and fence = ? and state in ('QUEUED', 'RETRYING') returning id`,
      [state, reason.slice(0, 500), new Date(+ctx.now() + (delay ?? 0)), message.id, message.fence],
    );
    if (rows.length > 0 && message.kind === "document") await moveDeliveries(ctx, em, message.id, state, null);
  });
}

/** What the sender sees of the transport, unless the recipient has been heard of already. */
async function moveDeliveries(
  ctx: Context,
  em: EntityManager,
  messageId: string,
  state: "ACCEPTED" | "RETRYING" | "BLOCKED",
  checkAt: Date | null,
): Promise<void> {
  const moved = await em.execute<{ document_id: string }[]>(
    `update exchange_delivery set state = case when state in ('QUEUED', 'RETRYING') then ? else state end, next_check_at = ?
     where message_id = ? and receipt is null and state in ('QUEUED', 'RETRYING', 'STORED') returning document_id`,
    [state, checkAt, messageId],
  );
  if (moved[0])
    await record(ctx, em, {
      act: `exchange.${state.toLowerCase()}`,
      objectType: "OutgoingDocument",
      objectId: moved[0].document_id,
      data: { messageId },
    });
}
