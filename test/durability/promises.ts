import { Client, type ClientConfig } from "pg";
import { check } from "../support/checker.ts";
import type { Told } from "./registrar.ts";

interface Row {
  id: string;
  subject: string;
  number: number;
  year: number;
  arrived_in: number;
}

/**
 * What the independent checker finds wrong, given what an agency's clients were told, and beyond it: an act that has more
 * than one document, a document that nobody asked for, a number in another year than its arrival. One sentence each; none
 * when every act is there once, with the number that was told, and all registers run 1, 2, … without a gap.
 */
export async function brokenPromises(
  superuser: ClientConfig,
  agencyId: string,
  told: readonly Told[],
): Promise<string[]> {
  return withClient(superuser, async (client) => {
    const verdict = await check(
      client,
      told.map(({ id, number, year, key }) => ({
        agency: agencyId,
        kind: "INCOMING",
        year,
        number,
        documentId: uuidOf(id),
        idempotencyKey: key,
      })),
    );
    const { rows } = await client.query<Row>(
      `select d.id, d.subject, d.arrival_number as number, r.year,
         extract(year from d.arrived_at at time zone 'Asia/Ho_Chi_Minh')::int as arrived_in
       from incoming_document d join document_register r on r.id = d.register_id where d.agency_id = $1`,
      [agencyId],
    );
    const named = Object.entries(verdict).flatMap(([kind, faults]: [string, string[]]) =>
      faults.map((fault) => `${kind}: ${fault}`),
    );
    return [...named, ...againstActs(rows, told)];
  });
}

function* againstActs(documents: readonly Row[], told: readonly Told[]) {
  const acts = new Set(told.map(({ subject }) => subject));
  for (const [subject, { length }] of Map.groupBy(documents, (document) => document.subject))
    if (length > 1) yield `double: ${subject} is there ${length} times`;
  for (const { subject, number, year, arrived_in } of documents) {
    if (!acts.has(subject)) yield `unasked: ${subject}`;
    if (arrived_in !== year)
      yield `wrong year: ${subject} arrived in ${arrived_in} and has number ${number} of ${year}`;
  }
}

/** How many numbers an agency's incoming registers have: used, reserved and void. */
export async function entryCount(superuser: ClientConfig, agencyId: string): Promise<number> {
  return withClient(superuser, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from register_entry e join document_register r on r.id = e.register_id
       where r.agency_id = $1 and r.kind = 'INCOMING'`,
      [agencyId],
    );
    return rows[0]!.count;
  });
}

async function withClient<T>(connection: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The UUID in a global id. */
export const uuidOf = (globalId: string): string => Buffer.from(globalId, "base64url").toString().split(":")[1] ?? "";
