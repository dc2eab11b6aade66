import { createHash } from "node:crypto";
import type { Client } from "pg";

/**
 * The independent checker: states from the tables alone, read as a superuser, whether what the server acknowledged is
 * there, and whether registers and audit chains are in order. Written from the schema and the rules of numbering; it
 * shares no code with the server.
 */

/** A document's number that a client was told. `agency` and ids are uuids; `series` is empty for the common one. */
export interface AcknowledgedNumber {
  readonly agency: string;
  readonly kind: "INCOMING" | "OUTGOING";
  readonly year: number;
  readonly series?: string;
  readonly number: number;
  readonly documentId: string;
  readonly idempotencyKey: string;
}

/** One sentence for each violation; all empty if the database is in order. */
export interface Verdict {
  /** Acknowledged, but the number, the document, the key or the record of the act is not there or is another's. */
  readonly lost: string[];
  /** One number for two documents, one document under two numbers, or one key for two documents. */
  readonly double: string[];
  /** Numbers that do not run 1, 2, 3, … to the register's last one. */
  readonly gaps: string[];
  /** Entries and documents that do not belong together, or lack the reason that they need. */
  readonly entries: string[];
  /** Audit chains that do not recompute. */
  readonly chains: string[];
}

interface Entry {
  readonly id: string;
  readonly agency_id: string;
  readonly register_id: string;
  readonly number: number;
  readonly state: "USED" | "RESERVED" | "VOID";
  readonly reason: string | null;
  readonly document_type: string | null;
  readonly document_id: string | null;
}

interface Register {
  readonly id: string;
  readonly agency_id: string;
  readonly kind: string;
  readonly year: number;
  readonly series: string;
  readonly last_number: number;
}

interface NumberedDocument {
  readonly type: string;
  readonly id: string;
  readonly agency_id: string;
  readonly register_id: string | null;
  readonly number: number | null;
}

/** Where documents keep their number; a table that the database does not have yet is passed over. */
const documentTables = [
  { type: "IncomingDocument", table: "incoming_document", number: "arrival_number" },
  { type: "OutgoingDocument", table: "outgoing_document", number: "number" },
] as const;

/** Checks everything in one snapshot; `root` must see all rows. */
export async function check(root: Client, acknowledged: readonly AcknowledgedNumber[] = []): Promise<Verdict> {
  await root.query("begin isolation level repeatable read, read only");
  try {
    const registers = (await root.query<Register>("select * from document_register")).rows;
    const entries = (await root.query<Entry>("select * from register_entry")).rows;
    const documents = await readDocuments(root);
    const { gaps, doubles } = checkNumbers(registers, entries);
    return {
      lost: await checkAcknowledged(root, acknowledged, registers, entries, documents),
      double: [...doubles, ...checkDoubles(acknowledged, entries, documents)],
      gaps,
      entries: checkEntries(registers, entries, documents),
      chains: await checkChains(root),
    };
  } finally {
    await root.query("rollback");
  }
}

async function readDocuments(root: Client): Promise<NumberedDocument[]> {
  const all: NumberedDocument[] = [];
  for (const { type, table, number } of documentTables) {
    const columns = await root.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_name = $1 and column_name in ('register_id', $2)",
      [table, number],
    );
    if (columns.rowCount !== 2) continue;
    const { rows } = await root.query<NumberedDocument>(
      `select '${type}' as type, id, agency_id, register_id, ${number} as number from ${table} where ${number} is not null`,
    );
    all.push(...rows);
  }
  return all;
}

/** Every number from 1 to the last one has one entry, and there is no other. */
function checkNumbers(
  registers: readonly Register[],
  entries: readonly Entry[],
): { gaps: string[]; doubles: string[] } {
  const gaps: string[] = [];
  const doubles: string[] = [];
  const byRegister = Map.groupBy(entries, (entry) => entry.register_id);
  for (const register of registers) {
    const numbers = (byRegister.get(register.id) ?? []).map(({ number }) => number);
    const given = new Set(numbers);
    if (given.size !== numbers.length) doubles.push(`register ${register.id} has two entries of one number`);
    for (let number = 1; number <= register.last_number; number++)
      if (!given.has(number)) gaps.push(`register ${register.id} lacks number ${number} of ${register.last_number}`);
    for (const number of given)
      if (number < 1 || number > register.last_number)
        gaps.push(`register ${register.id} stands at ${register.last_number}, but ${number} was given`);
  }
  return { gaps, doubles };
}

/** A used number has its document and the document that number; what is void or reserved has a reason. */
function checkEntries(
  registers: readonly Register[],
  entries: readonly Entry[],
  documents: readonly NumberedDocument[],
): string[] {
  const wrong: string[] = [];
  const owners = new Map(registers.map(({ id, agency_id }) => [id, agency_id]));
  const byId = new Map(documents.map((document) => [document.id, document]));
  const byPlace = new Map(entries.map((entry) => [`${entry.register_id} ${entry.number}`, entry]));
  for (const entry of entries) {
    const name = `entry ${entry.number} of register ${entry.register_id}`;
    if (owners.get(entry.register_id) !== entry.agency_id) wrong.push(`${name} is of another agency than the register`);
    if (entry.state !== "USED") {
      if (!entry.reason?.trim()) wrong.push(`${name} is ${entry.state} without a reason`);
      continue;
    }
    const document = entry.document_id === null ? undefined : byId.get(entry.document_id);
    if (entry.document_id === null) wrong.push(`${name} is in use for no document`);
    else if (!document) {
      wrong.push(`${name} is in use for document ${entry.document_id}, which is not there`);
    } else if (
      document.register_id !== entry.register_id ||
      document.number !== entry.number ||
      document.type !== entry.document_type
    )
      wrong.push(
        `${name} is in use for document ${document.id}, which has number ${document.number} of ${document.register_id}`,
      );
  }
  for (const document of documents) {
    const entry = byPlace.get(`${document.register_id} ${document.number}`);
    if (entry?.document_id !== document.id)
      wrong.push(`document ${document.id} has number ${document.number}, which the register does not give it`);
    if (entry && entry.agency_id !== document.agency_id)
      wrong.push(`document ${document.id} is of another agency than its number`);
  }
  return wrong;
}

function checkDoubles(
  acknowledged: readonly AcknowledgedNumber[],
  entries: readonly Entry[],
  documents: readonly NumberedDocument[],
): string[] {
  const wrong: string[] = [];
  const once = (what: string, pairs: Iterable<readonly [key: string, value: string]>) => {
    const seen = new Map<string, string>();
    for (const [key, value] of pairs) {
      if (seen.has(key) && seen.get(key) !== value) wrong.push(`${what} ${key}: ${seen.get(key)} and ${value}`);
      seen.set(key, value);
    }
  };
  const place = (one: AcknowledgedNumber) => [one.agency, one.kind, one.year, one.series ?? "", one.number].join(" ");
  once(
    "two documents were told number",
    acknowledged.map((one) => [place(one), one.documentId]),
  );
  once(
    "two documents were told for key",
    acknowledged.map((one) => [`${one.agency} ${one.idempotencyKey}`, one.documentId]),
  );
  once(
    "two numbers were told for document",
    acknowledged.map((one) => [one.documentId, place(one)]),
  );
  once(
    "two documents have number",
    documents.map((one) => [`${one.type} ${one.register_id} ${one.number}`, one.id]),
  );
  once(
    "two entries have document",
    entries.flatMap((one) =>
      one.document_id === null ? [] : [[one.document_id, `${one.register_id} ${one.number}`] as const],
    ),
  );
  return wrong;
}

async function checkAcknowledged(
  root: Client,
  acknowledged: readonly AcknowledgedNumber[],
  registers: readonly Register[],
  entries: readonly Entry[],
  documents: readonly NumberedDocument[],
): Promise<string[]> {
  if (acknowledged.length === 0) return [];
  const keys = await root.query<{ agency_id: string; key: string; result_id: string }>(
    "select agency_id, key, result_id from idempotency",
  );
  const results = new Set(keys.rows.map((row) => `${row.agency_id} ${row.key} ${row.result_id}`));
  const recorded = await root.query<{ agency_id: string; object_id: string }>(
    "select distinct agency_id, object_id from audit_event where object_id is not null",
  );
  const acts = new Set(recorded.rows.map((row) => `${row.agency_id} ${row.object_id}`));
  const registerIds = new Map(
    registers.map((one) => [[one.agency_id, one.kind, one.year, one.series].join(" "), one.id]),
  );
  const byPlace = new Map(entries.map((entry) => [`${entry.register_id} ${entry.number}`, entry]));
  const documentIds = new Set(documents.map(({ id }) => id));
  return acknowledged.flatMap((told) => {
    const name = `number ${told.number}/${told.year} ${told.kind} of ${told.agency} for document ${told.documentId}`;
    const register = registerIds.get([told.agency, told.kind, told.year, told.series ?? ""].join(" "));
    const entry = byPlace.get(`${register} ${told.number}`);
    return [
      entry?.document_id === told.documentId
        ? []
        : [`${name}: the register gives it to ${entry?.document_id ?? "nothing"}`],
      documentIds.has(told.documentId) ? [] : [`${name}: the document is not there`],
      results.has(`${told.agency} ${told.idempotencyKey} ${told.documentId}`)
        ? []
        : [`${name}: key ${told.idempotencyKey} does not lead to it`],
      acts.has(`${told.agency} ${told.documentId}`) ? [] : [`${name}: the audit does not tell of it`],
    ].flat();
  });
}

/** Chains from 1 on, each event hashed over its fields with their lengths, linked to the one before, up to the head. */
async function checkChains(root: Client): Promise<string[]> {
  const wrong: string[] = [];
  const heads = new Map<string, string>();
  for (const row of (await root.query("select agency_id, sequence, encode(hash, 'hex') as hash from audit_head")).rows)
    heads.set(row.agency_id, `${row.sequence} ${row.hash}`);
  const last = new Map<string, { sequence: number; hash: string }>();
  const start = { sequence: 0, hash: createHash("sha256").digest("hex") };
  const { rows } = await root.query<Record<string, string | null> & { agency_id: string; sequence: string }>(
    `select agency_id, sequence, id, act, actor_id, origin, object_type, object_id, data, encode(previous_hash, 'hex') as previous,
       encode(hash, 'hex') as hash, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from audit_event order by agency_id, sequence`,
  );
  for (const row of rows) {
    const before = last.get(row.agency_id) ?? start;
    const own = createHash("sha256");
    for (const name of [
      "previous",
      "agency_id",
      "sequence",
      "id",
      "at",
      "act",
      "actor_id",
      "origin",
      "object_type",
      "object_id",
      "data",
    ]) {
      const bytes = Buffer.from(row[name] ?? "", "utf8");
      own.update(`${bytes.length}:`).update(bytes);
    }
    const place = `event ${row.sequence} of ${row.agency_id}`;
    if (Number(row.sequence) !== before.sequence + 1) wrong.push(`${place} follows ${before.sequence}`);
    if (row["previous"] !== before.hash) wrong.push(`${place} is not linked to the one before`);
    if (row["hash"] !== own.digest("hex")) wrong.push(`${place} does not hash to what it says`);
    last.set(row.agency_id, { sequence: Number(row.sequence), hash: row["hash"] ?? "" });
  }
  for (const agency of new Set([...heads.keys(), ...last.keys()])) {
    const end = last.get(agency) ?? start;
    if (heads.get(agency) !== `${end.sequence} ${end.hash}`) wrong.push(`the head of ${agency} is not its last event`);
  }
  return wrong;
}
