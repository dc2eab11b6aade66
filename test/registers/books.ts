import type { Client, Pool, PoolClient } from "pg";
import { newId } from "../../src/ids.ts";
import { addAgency } from "../audit/chains.ts";

/** An agency with a clerk and an open register of incoming documents. */
export interface Office {
  readonly agency: string;
  readonly person: string;
  readonly clerk: string;
  readonly register: string;
}

export async function addOffice(root: Client, code: string): Promise<Office> {
  const agency = await addAgency(root, code);
  const [person, position, clerk, register] = [newId(), newId(), newId(), newId()];
  await root.query("insert into person (id, home_agency_id, full_name) values ($1, $2, 'Lê Thị Văn Thư')", [
    person,
    agency,
  ]);
  await root.query("insert into position (id, agency_id, title, rank) values ($1, $2, 'Văn thư', 'CLERK')", [
    position,
    agency,
  ]);
  await root.query(
    "insert into appointment (id, agency_id, person_id, position_id, valid_from) values ($1, $2, $3, $4, '2026-01-01')",
    [clerk, agency, person, position],
  );
  await root.query(
    "insert into document_register (id, agency_id, kind, year, name) values ($1, $2, 'INCOMING', 2026, 'Sổ đến')",
    [register, agency],
  );
  return { agency, person, clerk, register };
}

/** Runs `work` as the application in a transaction of an agency. */
export async function inOffice<T>(pool: Pool, office: Office, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query("begin");
    await client.query("select set_config('app.agency_id', $1, true), set_config('app.person_id', $2, true)", [
      office.agency,
      office.person,
    ]);
    const result = await work(client);
    await client.query("commit");
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

export interface EntryFields {
  readonly state?: string;
  readonly reason?: string | null;
  readonly documentId?: string | null;
  readonly number?: number;
  readonly agency?: string;
  readonly register?: string;
}

/** Writes an entry in the register, a used one unless told otherwise; its id. */
export async function enter(client: PoolClient | Client, office: Office, fields: EntryFields = {}): Promise<string> {
  const id = newId();
  const { state = "USED", reason = null, documentId = state === "USED" ? newId() : null, number = 1 } = fields;
  await client.query(
    `insert into register_entry (id, agency_id, register_id, number, state, reason, document_type, document_id, at, by_id)
     values ($1, $2, $3, $4, $5, $6, 'IncomingDocument', $7, now(), $8)`,
    [
      id,
      fields.agency ?? office.agency,
      fields.register ?? office.register,
      number,
      state,
      reason,
      documentId,
      office.clerk,
    ],
  );
  return id;
}

/** Registers a document in all tables that it concerns, by plain SQL; what a client would have been told. */
export async function registerDocument(client: PoolClient, office: Office, idempotencyKey: string) {
  const documentId = newId();
  await client.query("insert into idempotency values ($1, $2, $3, 'incoming.register', sha256('x'), $4, now())", [
    office.agency,
    office.person,
    idempotencyKey,
    documentId,
  ]);
  const { rows } = await client.query<{ number: number }>(
    "update document_register set last_number = last_number + 1 where id = $1 returning last_number as number",
    [office.register],
  );
  const { number } = rows[0]!;
  await enter(client, office, { number, documentId });
  await client.query(
    `insert into incoming_document (id, agency_id, register_id, arrival_number, arrived_at, received_via, sender_name, reference_code,
       type_name, subject, language, urgency, status, registered_by_id)
     values ($1, $2, $3, $4, now(), 'DIRECT', 'UBND tỉnh', '12/CV', 'Công văn', 'V/v', 'Tiếng Việt', 'NORMAL', 'REGISTERED', $5)`,
    [documentId, office.agency, office.register, number, office.clerk],
  );
  await client.query(
    "select audit_append(gen_random_uuid(), now(), 'incoming.register', $1, 'test', 'IncomingDocument', $2, '{}')",
    [office.clerk, documentId],
  );
  return { agency: office.agency, kind: "INCOMING" as const, year: 2026, number, documentId, idempotencyKey };
}
