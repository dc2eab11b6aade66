import { Client, type ClientConfig } from "pg";
import type { Told } from "./registrar.ts";

interface Row {
  id: string;
  number: number;
  year: number;
  subject: string;
  arrived_year: number;
  entry_state: string | null;
  by: string;
}

interface Register {
  id: string;
  year: number;
  last_number: number;
  numbers: number[];
}

/**
 * Compares what clients were told with what an agency's incoming registers say, read as superuser and by SQL of its own.
 * Gives a sentence for each promise that was broken; none when every act is there once, with the number that was told,
 * and every register runs 1, 2, … without a gap. `isWhole`: nobody else registered anything.
 */
export async function brokenPromises(superuser: ClientConfig, agencyId: string, told: readonly Told[], isWhole = true): Promise<string[]> {
  const client = new Client(superuser);
  await client.connect();
  try {
    const { rows: documents } = await client.query<Row>(
      `select d.id, d.arrival_number as number, r.year, d.subject, e.state as entry_state, d.registered_by_id as by,
         extract(year from d.arrived_at at time zone 'Asia/Ho_Chi_Minh')::int as arrived_year
       from incoming_document d join document_register r on r.id = d.register_id
       left join register_entry e on e.register_id = d.register_id and e.number = d.arrival_number and e.document_id = d.id
       where d.agency_id = $1`,
      [agencyId],
    );
    const { rows: registers } = await client.query<Register>(
      `select r.id, r.year, r.last_number, array_agg(e.number order by e.number) as numbers
       from document_register r join register_entry e on e.register_id = r.id
       where r.agency_id = $1 and r.kind = 'INCOMING' group by r.id`,
      [agencyId],
    );
    const { rows: keys } = await client.query<{ key: string; result_id: string }>(
      "select key, result_id from idempotency where agency_id = $1 and act = 'incoming.register'",
      [agencyId],
    );
    const results = new Map(keys.map(({ key, result_id }) => [key, result_id]));
    return [...againstTold(documents, results, told, isWhole), ...documents.flatMap(faultsOfDocument), ...registers.flatMap(faultsOfRegister)];
  } finally {
    await client.end();
  }
}

/** The number of rows in an agency's incoming registers: USED, RESERVED and VOID together. */
export async function entryCount(superuser: ClientConfig, agencyId: string): Promise<number> {
  const client = new Client(superuser);
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from register_entry e join document_register r on r.id = e.register_id
       where r.agency_id = $1 and r.kind = 'INCOMING'`,
      [agencyId],
    );
    return rows[0]!.count;
  } finally {
    await client.end();
  }
}

function* againstTold(documents: readonly Row[], results: ReadonlyMap<string, string>, told: readonly Told[], isWhole: boolean) {
  const bySubject = Map.groupBy(documents, ({ subject }) => subject);
  const acts = new Set(told.map(({ subject }) => subject));
  for (const { subject, id, number, year, key } of told) {
    const found = bySubject.get(subject) ?? [];
    if (found.length > 1) yield `doubled: ${subject} is there ${found.length} times`;
    const right = found.find((row) => row.id === uuidOf(id));
    if (!right) yield `lost: ${subject}, told number ${number}`;
    else if (right.number !== number || right.year !== year)
      yield `changed: ${subject} was told ${number} of ${year}, has ${right.number} of ${right.year}`;
    if (results.get(key) !== uuidOf(id)) yield `key: that of ${subject} leads to ${results.get(key)}`;
  }
  for (const { subject } of isWhole ? documents : []) if (!acts.has(subject)) yield `unasked: ${subject}`;
  const numbers = told.map(({ year, number }) => `${number} of ${year}`);
  if (new Set(numbers).size !== numbers.length) yield "told twice: two acts were told the same number";
}

function faultsOfDocument({ subject, number, year, arrived_year, entry_state }: Row): string[] {
  return [
    ...(arrived_year === year ? [] : [`wrong year: ${subject} arrived in ${arrived_year}, has number ${number} of ${year}`]),
    ...(entry_state === "USED" ? [] : [`entry: number ${number} of ${year} is not noted as used for ${subject}`]),
  ];
}

function faultsOfRegister({ year, last_number, numbers }: Register): string[] {
  const faults = numbers.flatMap((number, index) =>
    number === index + 1 ? [] : number === numbers[index - 1] ? [`twice: ${number} of ${year}`] : [`gap: before ${number} of ${year}`],
  );
  if (last_number !== numbers.length) faults.push(`counter: ${last_number} for ${numbers.length} numbers of ${year}`);
  return faults.slice(0, 20);
}

const uuidOf = (globalId: string) => Buffer.from(globalId, "base64url").toString().split(":")[1];
