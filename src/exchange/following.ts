import {
  AxisError,
  type DeliveryReceipt,
  type Signed,
  type TimelineEvent,
  verifyDeliveryReceipt,
} from "../../axis/index.ts";
import { record } from "../audit/record.ts";
import { Context } from "../context.ts";
import type { Services } from "../services.ts";
import { certificatesOf } from "./directory.ts";
import { answered } from "./patience.ts";
import { nextCheck } from "./rules.ts";

/** How many messages one call asks the hub about at most. */
const mostMessages = 50;

/**
 * Asks the hub what became of the deliveries that no receipt has come for yet, and keeps the recipients' signed receipts:
 * the proof that each has it, or the word why it was refused. Gives the number of things learned.
 */
export async function followDeliveries(
  services: Services,
  agency: { readonly id: string; readonly code: string },
): Promise<number> {
  const ctx = new Context(services, null, "worker", agency.id);
  const due = await ctx.read<Followed>(
    `select o.id as "messageId", o.manifest, array_agg(d.recipient_code) as codes
     from exchange_delivery d join exchange_outbox o on o.id = d.message_id
     where d.agency_id = $1 and d.next_check_at <= $2 group by o.id order by min(d.next_check_at) limit $3`,
    [agency.id, ctx.now(), mostMessages],
  );
  let found = 0;
  for (const message of due)
    try {
      found += await follow(ctx, agency.code, message);
    } catch (error) {
      services.log.error(
        { error, agency: agency.code, messageId: message.messageId },
        "a message could not be followed",
      );
    }
  return found;
}

interface Followed {
  readonly messageId: string;
  readonly manifest: Buffer;
  /** Recipients of which no receipt has come. */
  readonly codes: readonly string[];
}

async function follow(ctx: Context, sender: string, { messageId, manifest, codes }: Followed): Promise<number> {
  const events = await timelineOf(ctx, sender, messageId);
  if (!events) {
    await sendAgain(ctx, messageId);
    return 1;
  }
  const receipts = await goodReceipts(ctx, events, manifest, new Set(codes));
  await note(ctx, messageId, receipts);
  return receipts.length;
}

/** Null where the hub knows nothing of the message. */
async function timelineOf(ctx: Context, code: string, messageId: string): Promise<readonly TimelineEvent[] | null> {
  try {
    return await answered(ctx.services.hub.timeline(messageId, code));
  } catch (error) {
    if (error instanceof AxisError && error.code === "NOT_FOUND") return null;
    throw error;
  }
}

/** A hub restored from an older copy has lost what it had receipted; recipients that have the message know it again. */
function sendAgain(ctx: Context, messageId: string): Promise<void> {
  const { log } = ctx.services;
  log.error(
    { agencyId: ctx.agencyId, messageId },
    "the hub has lost a message that it had receipted; it is sent again",
  );
  return ctx.transact(async (em) => {
    await em.execute(
      `update exchange_outbox set state = 'QUEUED', hub_receipt = null, hub_receipt_signature = null, accepted_at = null, attempts = 0,
         next_attempt_at = ? where id = ? and state = 'ACCEPTED'`,
      [ctx.now(), messageId],
    );
    await em.execute(
      `update exchange_delivery set next_check_at = null, state = case when state = 'ACCEPTED' then 'QUEUED' else state end
       where message_id = ? and receipt is null`,
      [messageId],
    );
  });
}

interface Proof {
  readonly signed: Signed;
  readonly receipt: DeliveryReceipt;
}

/** The receipts by which deliveries stand as they do today, each checked against the message itself. */
async function goodReceipts(
  ctx: Context,
  events: readonly TimelineEvent[],
  manifest: Buffer,
  awaited: ReadonlySet<string>,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const { event, state, recipient, receipt: signed } of events) {
    if (!signed || !recipient || event !== state || !awaited.has(recipient)) continue;
    try {
      const receipt = verifyDeliveryReceipt(signed, manifest, await certificatesOf(ctx, recipient));
      if (receipt.recipient === recipient) proofs.push({ signed, receipt });
    } catch (error) {
      if (!(error instanceof AxisError)) throw error;
      ctx.services.log.error({ error, recipient }, "a delivery's receipt does not hold");
    }
  }
  return proofs;
}

function note(ctx: Context, messageId: string, proofs: readonly Proof[]): Promise<void> {
  return ctx.transact(async (em) => {
    for (const { signed, receipt } of proofs) {
      const state = receipt.outcome === "stored" ? "STORED" : "REFUSED";
      const moved = await em.execute<{ document_id: string }[]>(
        `update exchange_delivery set state = ?, refusal_code = ?, receipt = ?, receipt_signature = ?, next_check_at = null
         where message_id = ? and recipient_code = ? and receipt is null returning document_id`,
        [state, receipt.code, signed.bytes, signed.jws, messageId, receipt.recipient],
      );
      if (moved[0])
        await record(ctx, em, {
          act: `exchange.${receipt.outcome}`,
          objectType: "OutgoingDocument",
          objectId: moved[0].document_id,
          data: { messageId, recipient: receipt.recipient, code: receipt.code, at: receipt.at },
        });
    }
    const waiting = await em.execute<{ id: string; checks: number }[]>(
      "select id, checks from exchange_delivery where message_id = ? and next_check_at <= ? for update",
      [messageId, ctx.now()],
    );
    for (const { id, checks } of waiting)
      await em.execute("update exchange_delivery set checks = checks + 1, next_check_at = ? where id = ?", [
        new Date(+ctx.now() + nextCheck(checks)),
        id,
      ]);
  });
}
