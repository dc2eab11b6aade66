import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventRow, emptyChain, eventColumns, eventHash, readEvent } from "../../src/audit/chain.ts";
import { Random } from "../axis/random.ts";
import { addAgency, append, type Ledger, openLedger, randomHappening } from "./chains.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

test("the server's hash and the database's agree on 1,000 events of all kinds", async () => {
  const random = new Random(31);
  const agency = await addAgency(ledger.root, "H57");
  await append(
    ledger.pool,
    agency,
    Array.from({ length: 1_000 }, () => randomHappening(random)),
  );

  const { rows } = await ledger.root.query<EventRow>({
    text: `select ${eventColumns()} from audit_event e order by sequence`,
    rowMode: "array",
  });

  expect(rows).toHaveLength(1_000);
  let previous = emptyChain.hash;
  for (const event of rows.map((row) => readEvent(row))) {
    expect(event.previousHash).toEqual(previous);
    expect(eventHash(event)).toEqual(event.hash);
    previous = event.hash;
  }
});

test("a known event has a known hash", () => {
  const event = {
    id: "0199b2f0-0000-7000-8000-000000000001",
    agencyId: "0199b2f0-0000-7000-8000-000000000002",
    sequence: 1,
    at: new Date("2026-03-05T01:02:03.004Z"),
    act: "incoming.register",
    actorId: null,
    origin: "cli",
    objectType: "IncomingDocument",
    objectId: null,
    data: `{"subject":"Về việc"}`,
    previousHash: emptyChain.hash,
    hash: "",
  };
  // Each field behind its length in bytes, put together by hand, through `openssl dgst -sha256`.
  expect(eventHash(event)).toBe("4f3cbee54b0ad9ee83dc48af6568aa7145eddd57aecbd0793f9721957757be5d");
});

test("where one field ends and the next begins is part of the hash", () => {
  const event = {
    id: "i",
    agencyId: "a",
    sequence: 1,
    at: new Date(0),
    act: "ab",
    actorId: null,
    origin: "c",
    objectType: null,
    objectId: null,
    data: "{}",
    previousHash: emptyChain.hash,
    hash: emptyChain.hash,
  };
  expect(eventHash(event)).not.toEqual(eventHash({ ...event, act: "a", origin: "bc" }));
  expect(eventHash(event)).not.toEqual(eventHash({ ...event, act: "ab1:c", origin: "" }));
  expect(eventHash({ ...event, at: new Date(NaN) })).toBeNull();
});
