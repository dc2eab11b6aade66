import { AxisError } from "../errors.ts";
import { sha256 } from "../canonical.ts";
import { verifyDeliveryReceipt } from "../receipts.ts";
import type { Signed } from "../signature.ts";
import { certificatesOf } from "./directory.ts";
import { signedOf, type Row } from "./rows.ts";
import type { Acknowledged, DeliveryState, Lease, Query } from "./types.ts";

/** Claims an open delivery; a lease that has run out can be taken over, which ends the right of who held it. */
export async function lease(query: Query, deliveryId: string, recipient: string, seconds: number): Promise<Lease> {
  const delivery = await lock(query, deliveryId, "recipient", recipient);
  const { state, leased, leaseUntil } = delivery;
  if (leased) throw new AxisError("LEASED", "Another consumer works on this delivery", { until: leaseUntil });
  if (state !== "AVAILABLE" && state !== "LEASED") throw ended(state);
  const [row] = await query(
    `update hub.delivery set state = 'LEASED', fence = fence + 1,
       lease_until = clock_timestamp() + make_interval(secs => $2) where delivery_id = $1 returning fence, lease_until`,
    [deliveryId, seconds],
  );
  await record(query, delivery, "LEASED");
  return { fence: Number(row?.["fence"]), until: row?.["lease_until"] as Date };
}

/** Ends a delivery with its recipient's receipt. */
export async function acknowledge(
  query: Query,
  deliveryId: string,
  fence: number | null,
  signed: Signed,
): Promise<Acknowledged> {
  const delivery = await lock(query, deliveryId);
  const certificates = await certificatesOf(query, delivery.recipient);
  const receipt = verifyDeliveryReceipt(signed, delivery.manifest, certificates, new Date());
  if (receipt.deliveryId !== deliveryId || receipt.recipient !== delivery.recipient) {
    throw new AxisError("digest_mismatch", "The receipt is for another delivery");
  }
  const outcome = receipt.outcome === "stored" ? "STORED" : "REFUSED";
  const digest = Buffer.from(sha256(signed.bytes), "hex");

  // A repeated acknowledgement has no effect, be it under an old fence or of the time before a reopening.
  const [counted] = await query(
    `select bytes, signature, outcome from hub.receipt where delivery_id = $1 and (sha256 = $2 or sha256 = $3)
     order by sha256 = $2 desc limit 1`,
    [deliveryId, digest, delivery.receiptSha256],
  );
  if (counted?.["outcome"] === outcome) {
    return { state: outcome, receipt: signedOf(counted["bytes"], counted["signature"]), replayed: true };
  }
  if (delivery.state !== "AVAILABLE" && delivery.state !== "LEASED") throw ended(delivery.state);
  // Without a lease a delivery may be acknowledged as long as nobody else has one.
  if (fence === null ? delivery.leased : fence !== delivery.fence) {
    throw new AxisError("STALE_FENCE", "Another consumer has taken this delivery over", { fence: delivery.fence });
  }
  await query("insert into hub.receipt (delivery_id, sha256, bytes, signature, outcome) values ($1, $2, $3, $4, $5)", [
    deliveryId,
    digest,
    signed.bytes,
    signed.jws,
    outcome,
  ]);
  await query("update hub.delivery set state = $2, lease_until = null, receipt_sha256 = $3 where delivery_id = $1", [
    deliveryId,
    outcome,
    digest,
  ]);
  await record(query, delivery, outcome, digest);
  return { state: outcome, receipt: signed, replayed: false };
}

/** Makes an ended delivery available again. One that is open already stays as it is. */
export async function reopen(query: Query, deliveryId: string, recipient: string): Promise<void> {
  const delivery = await lock(query, deliveryId, "recipient", recipient);
  if (delivery.state === "WITHDRAWN") throw ended(delivery.state);
  if (delivery.state === "AVAILABLE" || delivery.state === "LEASED") return;
  await query(
    `update hub.delivery set state = 'AVAILABLE', fence = fence + 1, lease_until = null, receipt_sha256 = null
     where delivery_id = $1`,
    [deliveryId],
  );
  await record(query, delivery, "REOPENED");
}

/** Takes back a delivery that nobody has picked up. One that is withdrawn already stays so. */
export async function withdraw(query: Query, deliveryId: string, sender: string): Promise<void> {
  const delivery = await lock(query, deliveryId, "sender", sender);
  if (delivery.state === "WITHDRAWN") return;
  if (delivery.leased) throw new AxisError("CONFLICT", "The recipient is picking it up", { state: "LEASED" });
  if (delivery.state !== "AVAILABLE" && delivery.state !== "LEASED") throw ended(delivery.state);
  await query(
    "update hub.delivery set state = 'WITHDRAWN', fence = fence + 1, lease_until = null where delivery_id = $1",
    [deliveryId],
  );
  await record(query, delivery, "WITHDRAWN");
}

interface Delivery {
  readonly deliveryId: string;
  readonly messageId: string;
  readonly recipient: string;
  readonly state: DeliveryState;
  readonly fence: number;
  /** Whether somebody holds a lease that has not run out. */
  readonly leased: boolean;
  readonly leaseUntil: Date | null;
  readonly receiptSha256: Buffer | null;
  readonly manifest: Buffer;
}

/**
 * The delivery under a row lock, if `party` is its sender or recipient as asked; NOT_FOUND tells a stranger nothing.
 */
async function lock(
  query: Query,
  deliveryId: string,
  side?: "sender" | "recipient",
  party?: string,
): Promise<Delivery> {
  const [row]: (Row | undefined)[] = await query(
    `select d.*, m.sender, m.manifest, d.state = 'LEASED' and d.lease_until > clock_timestamp() as leased
     from hub.delivery d join hub.message m using (message_id) where d.delivery_id = $1 for update of d`,
    [deliveryId],
  );
  if (!row || (side && row[side] !== party)) throw new AxisError("NOT_FOUND", "No such delivery");
  return {
    deliveryId,
    messageId: row["message_id"] as string,
    recipient: row["recipient"] as string,
    state: row["state"] as DeliveryState,
    fence: Number(row["fence"]),
    leased: row["leased"] as boolean,
    leaseUntil: row["lease_until"] as Date | null,
    receiptSha256: row["receipt_sha256"] as Buffer | null,
    manifest: row["manifest"] as Buffer,
  };
}

async function record(
  query: Query,
  delivery: Delivery,
  event: DeliveryState | "REOPENED",
  receipt: Buffer | null = null,
): Promise<void> {
  await query("insert into hub.event (message_id, delivery_id, event, receipt_sha256) values ($1, $2, $3, $4)", [
    delivery.messageId,
    delivery.deliveryId,
    event,
    receipt,
  ]);
}

function ended(state: DeliveryState): AxisError {
  return new AxisError("CONFLICT", `The delivery is ${state.toLowerCase()}`, { state });
}
