import type { Pool } from "pg";
import type { Clerk } from "./world.ts";

/** Where a page begins: after this document. */
export type Place = readonly [arrivedAt: string, id: string];

export const pageSize = 50;

/** A page of incoming documents with register, files and assignments, as one would write it by hand. */
const page = `
  select d.id, d.arrival_number, d.arrived_at, d.sender_name, d.reference_code, d.issued_on, d.type_name, d.subject, d.urgency,
    d.status, d.due_on,
    (select json_build_object('id', r.id, 'name', r.name, 'year', r.year) from document_register r where r.id = d.register_id) as register,
    (select coalesce(json_agg(json_build_object('role', i.role, 'name', f.name, 'size', f.size, 'sha256', encode(f.sha256, 'hex'))
      order by i.ordinal), '[]') from incoming_file i join file f on f.id = i.file_id where i.document_id = d.id) as attachments,
    (select coalesce(json_agg(json_build_object('id', a.id, 'role', a.role, 'status', a.status, 'dueOn', a.due_on) order by a.id), '[]')
      from assignment a where a.document_id = d.id) as assignments
  from incoming_document d
  where d.agency_id = $1 and (d.arrived_at, d.id) < ($2::timestamptz, $3::uuid)
  order by d.arrived_at desc, d.id desc limit ${pageSize + 1}`;

/** One statement on a connection whose agency is set already: less than the server may do. */
export async function pageBySql(pool: Pool, { agencyId }: Clerk, [arrivedAt, id]: Place): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    if (!ready.has(client)) {
      await client.query("select set_config('app.agency_id', $1, false)", [agencyId]);
      ready.add(client);
    }
    const { rows } = await client.query<{ id: string }>({
      name: "page",
      text: page,
      values: [agencyId, arrivedAt, id],
    });
    return rows;
  } finally {
    client.release();
  }
}

const ready = new WeakSet<object>();
