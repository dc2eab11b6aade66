import type { Manifest } from "../manifest.ts";
import { uuidv7 } from "../uuid.ts";
import type { Query } from "./types.ts";

/** Queues an accepted message for each recipient under the next number of that recipient's queue. */
export async function fanOut(query: Query, { messageId, recipients }: Manifest): Promise<void> {
  const codes = JSON.stringify(recipients.map(({ code }) => code));
  await query("insert into hub.event (message_id, event) values ($1, 'ACCEPTED')", [messageId]);
  // Every message locks the counters in the same order, so that no two wait for each other.
  await query(
    `select code from hub.recipient where code in (select jsonb_array_elements_text($1))
     order by code for no key update`,
    [codes],
  );
  const counters = await query(
    `update hub.recipient set last_seq = last_seq + 1 where code in (select jsonb_array_elements_text($1))
     returning code, last_seq`,
    [codes],
  );
  const deliveries = counters.map((row) => ({ id: uuidv7(), recipient: row["code"], seq: String(row["last_seq"]) }));
  await query(
    `with queued as (
       insert into hub.delivery (delivery_id, message_id, recipient, seq, state)
       select d.id, $1, d.recipient, d.seq, 'AVAILABLE'
       from jsonb_to_recordset($2) as d (id uuid, recipient text, seq bigint) returning delivery_id, recipient)
     insert into hub.event (message_id, delivery_id, event)
     select $1, delivery_id, 'AVAILABLE' from queued order by recipient`,
    [messageId, JSON.stringify(deliveries)],
  );
}
