import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger } from "../audit/chains.ts";
import { type AcknowledgedNumber, check, type Verdict } from "../support/checker.ts";
import { addOffice, enter, inOffice, type Office, registerDocument } from "./books.ts";

const inOrder: Verdict = { lost: [], double: [], gaps: [], entries: [], chains: [] };
let ledger: Ledger;
let office: Office;
let other: Office;
const told: AcknowledgedNumber[] = [];

beforeAll(async () => {
  ledger = await openLedger();
  office = await addOffice(ledger.root, "H57.1");
  other = await addOffice(ledger.root, "H57.2");
  for (const [place, count] of [
    [office, 12],
    [other, 5],
  ] as const)
    await Promise.all(
      Array.from({ length: count }, async (_, key) => {
        told.push(await inOffice(ledger.pool, place, (client) => registerDocument(client, place, `key-number-${key}`)));
      }),
    );
  await inOffice(ledger.pool, office, async (client) => {
    await client.query("update document_register set last_number = 14 where id = $1", [office.register]);
    await enter(client, office, { number: 13, state: "RESERVED", reason: "Giữ chỗ" });
    await enter(client, office, { number: 14, state: "VOID", reason: "Ghi nhầm" });
  });
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

/** The verdict on the database after `sql`, which is then taken back; the checker's own transaction becomes a part of it. */
async function verdictAfter(sql: string, acknowledged: readonly AcknowledgedNumber[] = told): Promise<Verdict> {
  const { root } = ledger;
  await root.query("begin isolation level repeatable read");
  try {
    await root.query("set local session_replication_role = replica");
    await root.query(sql);
    // `begin` and `rollback` of the checker would end this transaction.
    const within = {
      query: (text: string, values?: unknown[]) =>
        /^(begin|rollback)/.test(text) ? undefined : root.query(text, values),
    };
    return await check(within as unknown as typeof root, acknowledged);
  } finally {
    await root.query("rollback");
  }
}

test("registrations of many clients at once are found in order", async () => {
  expect(await check(ledger.root, told)).toEqual(inOrder);
  expect(told).toHaveLength(17);
  expect(await verdictAfter("select 1")).toEqual(inOrder);
});

test.each<[string, string, (keyof Verdict)[]]>([
  ["a document lost", "delete from incoming_document where arrival_number = 3", ["lost", "entries"]],
  ["an entry lost", "delete from register_entry where number = 3", ["lost", "gaps", "entries"]],
  [
    "the last entry and its document lost",
    "delete from register_entry where number = 5; delete from incoming_document where arrival_number = 5",
    ["lost", "gaps"],
  ],
  ["a key lost", "delete from idempotency where key = 'key-number-4'", ["lost"]],
  [
    "a key that leads elsewhere",
    "update idempotency set result_id = gen_random_uuid() where key = 'key-number-4'",
    ["lost"],
  ],
  [
    "an act that the audit does not tell of",
    "update audit_event set object_id = null where sequence = 2",
    ["lost", "chains"],
  ],
  ["a register whose counter ran ahead", "update document_register set last_number = last_number + 1", ["gaps"]],
  ["a register whose counter went back", "update document_register set last_number = last_number - 1", ["gaps"]],
  [
    "a number given to another document",
    "update register_entry set document_id = gen_random_uuid() where number = 2",
    ["lost", "entries"],
  ],
  [
    "one document under two numbers",
    `update register_entry e set document_id = (select document_id from register_entry o
     where o.register_id = e.register_id and o.number = 1) where number = 2`,
    ["lost", "double", "entries"],
  ],
  [
    "two documents under one number",
    `alter table incoming_document drop constraint incoming_document_register_id_arrival_number_key;
     update incoming_document set arrival_number = 1 where arrival_number = 2`,
    ["double", "entries"],
  ],
  [
    "two entries of one number",
    `alter table register_entry drop constraint register_entry_pkey cascade;
     update register_entry set number = 1 where number = 2`,
    ["lost", "double", "gaps", "entries"],
  ],
  [
    "a void number with a blank reason",
    `alter table register_entry drop constraint register_entry_check, drop constraint register_entry_check1;
     update register_entry set reason = ' ' where state = 'VOID'`,
    ["entries"],
  ],
  [
    "an entry of another agency",
    "update register_entry set agency_id = (select id from agency where code = 'H57.2') where number = 12",
    ["entries"],
  ],
  ["an audit event changed", "update audit_event set actor_id = null where sequence = 3", ["chains"]],
  ["an audit event removed", "delete from audit_event where sequence = 3", ["lost", "chains"]],
  ["a head set back", "update audit_head set sequence = sequence - 1", ["chains"]],
  ["a chain and its head removed", "truncate audit_event, audit_head", ["lost"]],
])("the checker sees %s", async (_, sql, expected) => {
  const verdict = await verdictAfter(sql);

  expect((Object.keys(verdict) as (keyof Verdict)[]).filter((name) => verdict[name].length > 0)).toEqual(expected);
});

test("the checker sees one number, one key told for two documents, and a number told that was never given", async () => {
  const [first, second] = told.filter(({ agency }) => agency === office.agency) as [
    AcknowledgedNumber,
    AcknowledgedNumber,
  ];
  for (const wrong of [
    { ...second, number: first.number },
    { ...second, idempotencyKey: first.idempotencyKey },
  ]) {
    const verdict = await check(ledger.root, [...told, wrong]);
    expect([verdict.double.length, verdict.lost.length]).toEqual([wrong.number === first.number ? 2 : 1, 1]);
  }
  expect((await check(ledger.root, [{ ...first, number: 99 }])).lost).toHaveLength(1);
});

test("the checker shares no code with the server", async () => {
  const source = await readFile(join(import.meta.dirname, "../support/checker.ts"), "utf8");
  expect([...source.matchAll(/from "([^"]+)"/g)].map(([, name]) => name)).toEqual(["node:crypto", "pg"]);
});
