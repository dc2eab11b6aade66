import { createHash, randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { canonicalJson } from "../src/audit/canonical.ts";
import { newId } from "../src/ids.ts";
import type { Clerk } from "./world.ts";

/** The document that both ways register. */
export const document = {
  senderName: "Bộ Nội vụ",
  referenceCode: "1234/BNV-VP",
  typeName: "Công văn",
  subject: "Về việc triển khai nhiệm vụ cải cách hành chính sáu tháng cuối năm tại các sở, ban, ngành và địa phương",
};

/**
 * The transaction of a registration written by hand: the statements that the server sends, in their order, with parameters
 * made anew each time as there, and nothing else: no HTTP, no GraphQL, no reading back of the document.
 */
export async function registerBySql(pool: Pool, { agencyId, personId, appointmentId }: Clerk): Promise<void> {
  const at = new Date();
  const id = newId();
  const key = randomUUID();
  const request = createHash("sha256").update(canonicalJson(document)).digest();
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config($1, $2, true), set_config($3, $4, true)", [
      "app.agency_id",
      agencyId,
      "app.person_id",
      personId,
    ]);
    await client.query(
      `insert into idempotency (agency_id, person_id, key, act, request_hash, result_id, at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict do nothing returning result_id`,
      [agencyId, personId, key, "incoming.register", request, id, at],
    );
    const { rows } = await client.query<{ register_id: string; number: number }>(
      `with register as (
         update document_register set last_number = last_number + 1
         where agency_id = $1 and kind = $2 and year = $3 and series = $4 returning id, agency_id, last_number)
       insert into register_entry (id, agency_id, register_id, number, state, reason, document_type, document_id, at, by_id)
       select $5, agency_id, id, last_number, $6, $7, $8, $9, $10, $11 from register returning register_id, number`,
      [agencyId, "INCOMING", at.getFullYear(), "", newId(), "USED", null, "IncomingDocument", id, at, appointmentId],
    );
    const { register_id: registerId, number } = rows[0]!;
    await client.query(
      `insert into incoming_document (id, agency_id, register_id, arrival_number, arrived_at, received_via, sender_name, sender_id,
         reference_code, issued_on, type_name, subject, language, page_count, note, signer_name, signer_position, urgency, status,
         due_on, due_reason, registered_by_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'REGISTERED', $19, $20, $21)`,
      [
        id,
        agencyId,
        registerId,
        number,
        at,
        "DIRECT",
        document.senderName,
        null,
        document.referenceCode,
        null,
        document.typeName,
        document.subject,
        "Tiếng Việt",
        null,
        null,
        null,
        null,
        "NORMAL",
        "2026-12-31",
        "10 ngày làm việc kể từ sau ngày đến",
        appointmentId,
      ],
    );
    await client.query("select audit_append($1, $2, $3, $4, $5, $6, $7, $8)", [
      newId(),
      at,
      "incoming.register",
      appointmentId,
      "127.0.0.1",
      "IncomingDocument",
      id,
      canonicalJson({
        register: registerId,
        number,
        referenceCode: document.referenceCode,
        sender: document.senderName,
        subject: document.subject,
        dueOn: "2026-12-31",
      }),
    ]);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
