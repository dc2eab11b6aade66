import type { Signed } from "../signature.ts";
import type { Agency, DeliveryState, InboxEntry, TimelineEvent } from "./types.ts";

/** A row as the driver gives it: bytea as Buffer, timestamptz as Date, bigint as text or number. */
export type Row = Record<string, unknown>;

/** Bytes and their signature from two columns. */
export function signedOf(bytes: unknown, jws: unknown): Signed {
  return { bytes: bytes as Buffer, jws: jws as string };
}

/** A delivery joined with its message. */
export function inboxEntry(row: Row): InboxEntry {
  return {
    seq: Number(row["seq"]),
    deliveryId: row["delivery_id"] as string,
    messageId: row["message_id"] as string,
    state: row["state"] as DeliveryState,
    manifest: signedOf(row["manifest"], row["signature"]),
    hubReceipt: signedOf(row["receipt"], row["receipt_signature"]),
  };
}

/** An event joined with its delivery and receipt, if it has them. */
export function timelineEvent(row: Row): TimelineEvent {
  return {
    at: row["at"] as Date,
    event: row["event"] as TimelineEvent["event"],
    deliveryId: row["delivery_id"] as string | null,
    recipient: row["recipient"] as string | null,
    seq: row["seq"] === null ? null : Number(row["seq"]),
    state: row["state"] as DeliveryState | null,
    receipt: row["bytes"] ? signedOf(row["bytes"], row["receipt_signature"]) : null,
  };
}

/** An agency with its certificates as JSON list of base64. */
export function agency(row: Row): Agency {
  return {
    code: row["code"] as string,
    code102: row["code102"] as string | null,
    name: row["name"] as string,
    certificates: (row["certificates"] as string[]).map((der) => Buffer.from(der, "base64")),
    validFrom: row["valid_from"] as Date,
    validTo: row["valid_to"] as Date | null,
  };
}
