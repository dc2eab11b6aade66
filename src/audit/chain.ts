import { hash } from "node:crypto";

/** One row of `audit_event`; `data` is canonical JSON, the hashes are SHA-256 in hexadecimal. */
export interface AuditEvent {
  readonly id: string;
  readonly agencyId: string;
  readonly sequence: number;
  readonly at: Date;
  readonly act: string;
  readonly actorId: string | null;
  readonly origin: string;
  readonly objectType: string | null;
  readonly objectId: string | null;
  readonly data: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** A place in a chain: the number of an event and its hash in hexadecimal. */
export interface ChainLink {
  readonly sequence: number;
  readonly hash: string;
}

/** What the first event of an agency links to. */
export const emptyChain: ChainLink = { sequence: 0, hash: hash("sha256", "") };

/**
 * The hash that an event must carry: SHA-256 over its fields, each preceded by its length in UTF-8 bytes and a colon,
 * so that no two events read the same. Null if the event's time is none that the server writes.
 */
export function eventHash(event: AuditEvent): string | null {
  // The database also knows "infinity" and years before Christ.
  if (!(event.at.getTime() >= 0)) return null;
  const fields = [
    event.previousHash,
    event.agencyId,
    String(event.sequence),
    event.id,
    event.at.toISOString(),
    event.act,
    event.actorId ?? "",
    event.origin,
    event.objectType ?? "",
    event.objectId ?? "",
    event.data,
  ];
  let framed = "";
  for (const field of fields) framed += `${Buffer.byteLength(field)}:${field}`;
  return hash("sha256", framed);
}

/**
 * The columns of `audit_event e` in the order of EventRow, to be read with `rowMode: "array"`; `bounded` may wrap those
 * that have no length of their own.
 */
export const eventColumns = (bounded = (column: string) => column): string =>
  `e.id, e.agency_id, e.sequence, extract(epoch from e.at) * 1000, ${bounded("e.act")}, e.actor_id,
   ${bounded("e.origin")}, ${bounded("e.object_type")}, e.object_id, ${bounded("e.data")}, ${bounded("encode(e.previous_hash, 'hex')")},
   ${bounded("encode(e.hash, 'hex')")}`;

/** A row of those columns. */
export type EventRow = [
  id: string,
  agencyId: string,
  sequence: string,
  at: string,
  act: string,
  actorId: string | null,
  origin: string,
  objectType: string | null,
  objectId: string | null,
  data: string,
  previousHash: string,
  hash: string,
];

/** An event as the database gives it. */
export const readEvent = (row: readonly [...EventRow, ...unknown[]]): AuditEvent => ({
  id: row[0],
  agencyId: row[1],
  sequence: Number(row[2]),
  at: new Date(Number(row[3])),
  act: row[4],
  actorId: row[5],
  origin: row[6],
  objectType: row[7],
  objectId: row[8],
  data: row[9],
  previousHash: row[10],
  hash: row[11],
});
