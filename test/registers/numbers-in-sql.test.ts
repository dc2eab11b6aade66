import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../src/ids.ts";
import { type Ledger, openLedger } from "../audit/chains.ts";
import { addOffice, enter, type EntryFields, inOffice, type Office } from "./books.ts";

let ledger: Ledger;
let office: Office;
let other: Office;

beforeAll(async () => {
  ledger = await openLedger();
  office = await addOffice(ledger.root, "H57.1");
  other = await addOffice(ledger.root, "H57.2");
});
beforeEach(async () => {
  await ledger.root.query("delete from register_entry");
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

const change = (id: string, set: string) =>
  inOffice(ledger.pool, office, (client) => client.query(`update register_entry set ${set} where id = $1`, [id]));

test.each<[string, EntryFields, string]>([
  ["a number that was given", { number: 7 }, "23505"],
  ["number 0", { number: 0 }, "23514"],
  ["a negative number", { number: -1 }, "23514"],
  ["a used number without document", { documentId: null, number: 8 }, "23514"],
  [
    "a reserved number with a document",
    { state: "RESERVED", reason: "Giữ chỗ", documentId: newId(), number: 8 },
    "23514",
  ],
  ["a reserved number without reason", { state: "RESERVED", number: 8 }, "23514"],
  ["a void number without reason", { state: "VOID", number: 8 }, "23514"],
  ["a state that there is not", { state: "LOST", reason: "?", number: 8 }, "23514"],
  ["a number for a register that there is not", { register: newId(), number: 8 }, "23503"],
])("a register refuses %s", async (_, fields, sqlstate) => {
  await inOffice(ledger.pool, office, (client) => enter(client, office, { number: 7 }));

  await expect(inOffice(ledger.pool, office, (client) => enter(client, office, fields))).rejects.toMatchObject({
    code: sqlstate,
  });
});

test("an agency writes no entry of another agency, and sees none", async () => {
  await inOffice(ledger.pool, other, (client) => enter(client, other, { number: 1 }));

  await expect(
    inOffice(ledger.pool, office, (client) =>
      enter(client, office, { agency: other.agency, register: other.register, number: 2 }),
    ),
  ).rejects.toMatchObject({ code: "42501" });
  await inOffice(ledger.pool, office, async (client) => {
    expect((await client.query("select from register_entry")).rowCount).toBe(0);
    expect((await client.query("update register_entry set reason = 'x'")).rowCount).toBe(0);
  });
});

test.each([
  "delete from register_entry",
  "truncate register_entry",
  "delete from document_register",
  "alter table register_entry disable trigger stays",
])("the application's role may not: %s", async (statement) => {
  await expect(inOffice(ledger.pool, office, (client) => client.query(statement))).rejects.toMatchObject({
    code: "42501",
  });
});

test.each([
  ["a number", "number = 9", "P0001"],
  ["the document of a number", "document_id = gen_random_uuid()", "P0001"],
  ["a used number so that it has no document", "document_id = null", "P0001"],
  ["a used number back into a reserved one", "state = 'RESERVED', reason = 'x'", "23514"],
  ["a used number into a void one without reason", "state = 'VOID'", "23514"],
])("nobody changes %s", async (_, set, sqlstate) => {
  const id = await inOffice(ledger.pool, office, (client) => enter(client, office));

  await expect(change(id, set)).rejects.toMatchObject({ code: sqlstate });
});

test("nobody moves a number to another register", async () => {
  const id = await inOffice(ledger.pool, office, (client) => enter(client, office));

  await expect(
    ledger.root.query("update register_entry set register_id = $2 where id = $1", [id, other.register]),
  ).rejects.toMatchObject({ code: "P0001" });
});

test("a reserved number is put to use once, or declared void; a void one stays as it is", async () => {
  const reserve = (number: number) =>
    inOffice(ledger.pool, office, (client) => enter(client, office, { state: "RESERVED", reason: "Giữ chỗ", number }));
  const used = await reserve(1);
  await change(used, "state = 'USED', document_id = gen_random_uuid()");
  await expect(change(used, "document_id = gen_random_uuid()")).rejects.toMatchObject({ code: "P0001" });
  await change(used, "state = 'VOID', reason = 'Thu hồi'");

  const voided = await reserve(2);
  await change(voided, "state = 'VOID', reason = 'Không dùng'");
  for (const set of ["state = 'RESERVED'", "reason = 'khác'", "state = 'USED', document_id = gen_random_uuid()"])
    await expect(change(voided, set)).rejects.toMatchObject({ code: "P0001" });
});

test("a register has one book for a kind, year and series, and its last number never goes back", async () => {
  await expect(
    inOffice(ledger.pool, office, (client) =>
      client.query(
        "insert into document_register (id, agency_id, kind, year, name) values (gen_random_uuid(), $1, 'INCOMING', 2026, 'Sổ hai')",
        [office.agency],
      ),
    ),
  ).rejects.toMatchObject({ code: "23505" });
  await expect(
    inOffice(ledger.pool, office, (client) => client.query("update document_register set last_number = -1")),
  ).rejects.toMatchObject({ message: "a register only counts up" });
});

test("planted bug: without the trigger a given number could be handed to another document", async () => {
  const id = await inOffice(ledger.pool, office, (client) => enter(client, office));
  await ledger.root.query("alter table register_entry disable trigger stays");
  try {
    await change(id, "document_id = gen_random_uuid()");
  } finally {
    await ledger.root.query("alter table register_entry enable trigger stays");
  }
  await expect(change(id, "document_id = gen_random_uuid()")).rejects.toMatchObject({ code: "P0001" });
});
