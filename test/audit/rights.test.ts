import type { PoolClient } from "pg";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addAgency, append, type Ledger, openLedger } from "./chains.ts";

const happening = {
  act: "incoming.register",
  actorId: null,
  origin: "cli",
  objectType: null,
  objectId: null,
  data: "{}",
};
let ledger: Ledger;
let own: string;
let other: string;

beforeAll(async () => {
  ledger = await openLedger();
  own = await addAgency(ledger.root, "H57.1");
  other = await addAgency(ledger.root, "H57.2");
  for (const agency of [own, other]) await append(ledger.pool, agency, [happening, happening, happening]);
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

/** Runs statements in a transaction of the agency, then takes it back. */
async function asApp<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await ledger.pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('app.agency_id', $1, true)", [own]);
    return await work(client);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

const insertion = `insert into audit_event select gen_random_uuid(), agency_id, sequence + 100, at, act, actor_id, origin, object_type,
  object_id, data, previous_hash, hash from audit_event`;

test.each([
  ["update audit_event set act = 'x'", "42501"],
  ["delete from audit_event", "42501"],
  ["truncate audit_event", "42501"],
  [insertion, "42501"],
  ["update audit_head set sequence = 1", "42501"],
  ["delete from audit_head", "42501"],
  ["truncate audit_head", "42501"],
  ["insert into audit_head select gen_random_uuid(), 1, hash from audit_head limit 1", "42501"],
  ["alter table audit_event disable trigger only_append", "42501"],
  ["drop table audit_head", "42501"],
  ["create or replace function audit_refuse() returns trigger language sql as 'select null'", "42501"],
  ["create temp table audit_head (agency_id uuid)", "42501"],
  ["set session_replication_role = replica", "42501"],
  ["set role congvan_owner", "42501"],
])("the application's role may not: %s", async (statement, sqlstate) => {
  await expect(asApp((client) => client.query(statement))).rejects.toMatchObject({ code: sqlstate });
});

test("the application's role reads its own agency's chain only, and of the others how long they are", async () => {
  await asApp(async (client) => {
    const events = await client.query("select distinct agency_id from audit_event");
    const heads = await client.query("select agency_id from audit_head");
    expect([events.rows, heads.rows]).toEqual([[{ agency_id: own }], [{ agency_id: own }]]);
    const all = await client.query("select agency_id, sequence from audit_heads() order by agency_id");
    expect(all.rows).toEqual([own, other].sort().map((agency_id) => ({ agency_id, sequence: "3" })));
  });
});

test("nothing is appended when no agency is set, nor for another one", async () => {
  const client = await ledger.pool.connect();
  try {
    await expect(
      client.query("select audit_append(gen_random_uuid(), now(), 'x', null, 'cli', null, null, '{}')"),
    ).rejects.toMatchObject({ code: "P0001" });
  } finally {
    client.release();
  }
});

test.each([
  ["update audit_event set act = 'x'", "P0001"],
  ["delete from audit_event", "P0001"],
  ["truncate audit_event", "P0001"],
])("even the owner is refused by the trigger: %s", async (statement, sqlstate) => {
  const owner = new Client(ledger.database.ownerConnection);
  await owner.connect();
  try {
    await expect(owner.query(statement)).rejects.toMatchObject({ code: sqlstate });
  } finally {
    await owner.end();
  }
});

test.each([
  ["data that are no JSON", { ...happening, data: "{" }],
  ["data beyond 1 MiB", { ...happening, data: JSON.stringify("x".repeat(1 << 20)) }],
  ["an empty type of object, which would hash like none", { ...happening, objectType: "" }],
])("an act is refused with %s", async (_, wrong) => {
  await expect(append(ledger.pool, own, [wrong])).rejects.toMatchObject({ code: "23514" });
});

test("appends of many transactions at once make one chain without gap; those rolled back leave no trace", async () => {
  const before = await ledger.root.query("select sequence::int from audit_head where agency_id = $1", [other]);
  await Promise.all(
    Array.from({ length: 40 }, async (_, number) => {
      const wrong = number % 4 === 3;
      await append(ledger.pool, other, wrong ? [happening, { ...happening, data: "" }] : [happening]).then(
        () => expect(wrong).toBe(false),
        () => expect(wrong).toBe(true),
      );
    }),
  );
  const { rows } = await ledger.root.query(
    "select sequence::int from audit_event where agency_id = $1 order by sequence",
    [other],
  );
  expect(rows.map((row) => row.sequence)).toEqual(
    Array.from({ length: before.rows[0].sequence + 30 }, (_, index) => index + 1),
  );
});
