import type { EntityManager } from "@mikro-orm/postgresql";
import {
  AxisError,
  type InboxEntry,
  parseManifest,
  receiptFor,
  type RefusalCode,
  sha256,
  type Signed,
  signDeliveryReceipt,
} from "../../axis/index.ts";
import { record } from "../audit/record.ts";
import { Context } from "../context.ts";
import type { Services } from "../services.ts";
import { enterArrival } from "./arriving.ts";
import { type Examined, examine } from "./examination.ts";
import { answered } from "./patience.ts";
import { takeReport } from "./reports.ts";

const pageSize = 50;
/** How many pages one call reads at most, so that one agency's flood does not keep the others waiting. */
const mostPages = 4;

/** Takes in what waits for an agency at the hub; gives the number of messages that came to an end. */
export async function receiveInbox(
  services: Services,
  agency: { readonly id: string; readonly code: string },
): Promise<number> {
  if (!services.transmission.for(agency.code)) return 0;
  const ctx = new Context(services, null, "worker", agency.id);
  let ended = 0;
  let after = 0;
  for (let page = 0; page < mostPages; page++) {
    const entries = await answered(services.hub.inbox(agency.code, { after, limit: pageSize }));
    for (const entry of entries) {
      // One bad message, or one that cannot be taken now, keeps no other waiting.
      if (await receive(ctx, agency.code, entry)) ended++;
      after = entry.seq;
    }
    if (entries.length < pageSize) break;
  }
  return ended;
}

async function receive(ctx: Context, recipient: string, entry: InboxEntry): Promise<boolean> {
  const { hub, log } = ctx.services;
  try {
    const { fence } = await answered(hub.lease(entry.deliveryId, recipient));
    const receipt = (await replayed(ctx, recipient, entry)) ?? (await takeIn(ctx, recipient, entry));
    await answered(hub.acknowledge(entry.deliveryId, fence, receipt));
    return true;
  } catch (error) {
    // Somebody else works on it, or has ended it.
    const isTaken = error instanceof AxisError && ["LEASED", "STALE_FENCE", "CONFLICT"].includes(error.code);
    const { deliveryId, messageId } = entry;
    if (!isTaken) log.error({ error, recipient, deliveryId, messageId }, "a message could not be taken in");
    return false;
  }
}

/** Stores the message or refuses it, with its receipt, and gives the receipt. */
async function takeIn(ctx: Context, recipient: string, entry: InboxEntry): Promise<Signed> {
  try {
    return await store(ctx, recipient, entry, await examine(ctx, recipient, entry));
  } catch (error) {
    if (!(error instanceof AxisError)) throw error;
    return refuse(ctx, recipient, entry, error);
  }
}

/** All that a message does here, and the memory that it was done, in one transaction. */
function store(ctx: Context, recipient: string, entry: InboxEntry, examined: Examined): Promise<Signed> {
  const { manifest } = examined;
  return ctx.transact(async (em) => {
    const receipt = signed(ctx, recipient, entry, null);
    const [first] = await em.execute<{ message_id: string }[]>(
      `insert into exchange_inbox
         (agency_id, sender, message_id, kind, manifest_sha256, delivery_id, receipt, receipt_signature, received_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning message_id`,
      [
        ctx.agencyId,
        manifest.sender.code,
        manifest.messageId,
        manifest.kind,
        Buffer.from(sha256(entry.manifest.bytes), "hex"),
        entry.deliveryId,
        receipt.bytes,
        receipt.jws,
        ctx.now(),
      ],
    );
    // Another worker was quicker: its effect stands, and ours is none.
    if (!first) return (await remembered(em, ctx, recipient, entry))!;
    if (manifest.kind === "document") await enterArrival(ctx, em, entry.manifest, examined);
    else await takeReport(ctx, em, manifest);
    return receipt;
  });
}

/** The receipt of a message that has been taken in before; null if it is new. Its effect is not repeated. */
function replayed(ctx: Context, recipient: string, entry: InboxEntry): Promise<Signed | null> {
  return ctx
    .transact((em) => remembered(em, ctx, recipient, entry))
    .catch((error: unknown) => {
      if (error instanceof AxisError) return refuse(ctx, recipient, entry, error);
      throw error;
    });
}

interface Remembered {
  readonly manifest_sha256: Buffer;
  readonly delivery_id: string;
  readonly receipt: Buffer;
  readonly receipt_signature: string;
}

async function remembered(
  em: EntityManager,
  ctx: Context,
  recipient: string,
  entry: InboxEntry,
): Promise<Signed | null> {
  const { sender, messageId } = parseManifest(entry.manifest.bytes);
  const [before] = await em.execute<Remembered[]>(
    `select manifest_sha256, delivery_id, receipt, receipt_signature from exchange_inbox
     where agency_id = ? and sender = ? and message_id = ?`,
    [ctx.agencyId, sender.code, messageId],
  );
  if (!before) return null;
  if (before.manifest_sha256.toString("hex") !== sha256(entry.manifest.bytes))
    throw new AxisError("digest_mismatch", "A message of this id with another content was taken in before");
  // A hub that was restored from an older copy delivers again under another delivery, which wants a receipt of its own.
  return before.delivery_id === entry.deliveryId
    ? { bytes: before.receipt, jws: before.receipt_signature }
    : signed(ctx, recipient, entry, null);
}

/** Puts a message that nobody can take aside, as it came, with the reason; the queue goes on without it. */
async function refuse(ctx: Context, recipient: string, entry: InboxEntry, error: AxisError): Promise<Signed> {
  // Every other code is about the hub's own work, and nothing that a sender could put right.
  if (!isRefusal(error.code)) throw error;
  const { code } = error;
  const receipt = signed(ctx, recipient, entry, code);
  ctx.services.log.warn(
    { recipient, messageId: entry.messageId, code, reason: error.message },
    "a message was refused",
  );
  await ctx.transact(async (em) => {
    const [first] = await em.execute<{ delivery_id: string }[]>(
      `insert into exchange_quarantine
         (delivery_id, agency_id, message_id, code, reason, manifest, signature, receipt, receipt_signature, refused_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning delivery_id`,
      [
        entry.deliveryId,
        ctx.agencyId,
        entry.messageId,
        code,
        error.message.slice(0, 1_000),
        entry.manifest.bytes,
        entry.manifest.jws,
        receipt.bytes,
        receipt.jws,
        ctx.now(),
      ],
    );
    if (first)
      await record(ctx, em, {
        act: "exchange.quarantine",
        objectType: "ExchangeMessage",
        objectId: entry.messageId,
        data: { code, reason: error.message },
      });
  });
  return receipt;
}

const isRefusal = (code: AxisError["code"]): code is RefusalCode => code === code.toLowerCase();

function signed(ctx: Context, recipient: string, entry: InboxEntry, code: RefusalCode | null): Signed {
  const receipt = receiptFor({ deliveryId: entry.deliveryId, recipient }, entry.manifest.bytes, code, ctx.now());
  return signDeliveryReceipt(receipt, ctx.services.transmission.for(recipient)!);
}
