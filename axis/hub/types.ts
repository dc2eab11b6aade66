import type { AgencyCodes } from "../agency-code.ts";
import type { Signed } from "../signature.ts";

/** The axis as agencies use it. The hub is one; a client that reaches a hub over HTTP is another. */
export interface AxisHub {
  /**
   * Takes a message for delivery. Sent again, the same message gets the same receipt; other content under its id
   * CONFLICT.
   */
  accept(signed: Signed): Promise<Accepted>;
  /** What waits for an agency, in the order of `seq`, after a given one. 0 gives everything open. */
  inbox(recipient: string, page: { readonly after: number; readonly limit: number }): Promise<readonly InboxEntry[]>;
  /** Claims a delivery for a while, against a second consumer of the same agency. LEASED, NOT_FOUND, CONFLICT. */
  lease(deliveryId: string, recipient: string): Promise<Lease>;
  /** Ends a delivery with the recipient's receipt. The same outcome again is taken; another one is CONFLICT. */
  acknowledge(deliveryId: string, fence: number | null, receipt: Signed): Promise<Acknowledged>;
  /** Makes an ended delivery available again, because its recipient lost it. */
  reopen(deliveryId: string, recipient: string): Promise<void>;
  /** Takes a delivery back before its recipient picks it up. CONFLICT once it is leased or ended. */
  withdraw(deliveryId: string, sender: string): Promise<void>;
  /** What happened to a message; a recipient sees its own part. NOT_FOUND for everybody else. */
  timeline(messageId: string, requester: string): Promise<readonly TimelineEvent[]>;
  /** The agencies changed after a version of the directory. */
  directory(since: number): Promise<DirectoryChanges>;
}

/** The answer to a message: the hub's signed receipt. */
export interface Accepted {
  readonly receipt: Signed;
  /** Whether the hub had the message already. */
  readonly replayed: boolean;
}

/** Where a delivery stands at the hub. */
export const deliveryStates = ["AVAILABLE", "LEASED", "STORED", "REFUSED", "WITHDRAWN"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A delivery that waits for its recipient. */
export interface InboxEntry {
  /** Place in the recipient's queue: 1, 2, 3 … without gap, in the order in which the hub committed. */
  readonly seq: number;
  readonly deliveryId: string;
  readonly messageId: string;
  readonly state: DeliveryState;
  readonly manifest: Signed;
  readonly hubReceipt: Signed;
}

/** The right to work on a delivery for a while. */
export interface Lease {
  /** Grows with each lease; only the holder of the latest may acknowledge. */
  readonly fence: number;
  readonly until: Date;
}

/** How a delivery ended. */
export interface Acknowledged {
  readonly state: "STORED" | "REFUSED";
  /** The receipt that counts: the first one with this outcome. */
  readonly receipt: Signed;
  readonly replayed: boolean;
}

/** One step of a message; `state` is the delivery's state today. */
export interface TimelineEvent {
  readonly at: Date;
  readonly event: "ACCEPTED" | DeliveryState | "REOPENED";
  readonly deliveryId: string | null;
  readonly recipient: string | null;
  readonly seq: number | null;
  readonly state: DeliveryState | null;
  readonly receipt: Signed | null;
}

/** An agency of the directory: what the axis trusts about it. */
export interface Agency extends AgencyCodes {
  readonly name: string;
  /** DER. A certificate that is no longer listed stops being valid at that moment, and is kept for old signatures. */
  readonly certificates: readonly Buffer[];
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** A page of the directory; ask again after `version` until it is empty. */
export interface DirectoryChanges {
  readonly version: number;
  readonly agencies: readonly Agency[];
}

/** One statement with `$1` parameters inside a transaction. */
export type Query = (sql: string, params: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/**
 * The hub's database. `transaction` commits when `work` resolves, rolls back when it rejects; isolation READ COMMITTED.
 */
export interface Database {
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
}
