import { Client } from "pg";
import { afterAll, beforeEach, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../src/audit/canonical.ts";
import { readCheckpoints } from "../../src/audit/checkpoints.ts";
import { printAudit, verifyAudit } from "../../src/audit/verify.ts";
import { addAgency, append, type Ledger, openLedger, openWitness } from "./chains.ts";

const happening = {
  act: "incoming.register",
  actorId: null,
  origin: "cli",
  objectType: null,
  objectId: null,
  data: "{}",
};
let ledger: Ledger;
let agency: string;

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.root.query("set session_replication_role = replica");
});
beforeEach(async () => {
  await ledger.root.query("truncate audit_event, audit_head");
  await ledger.root.query("delete from agency");
  agency = await addAgency(ledger.root, "H57.5");
  await append(
    ledger.pool,
    agency,
    Array.from({ length: 6 }, () => happening),
  );
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

const tamper = (sql: string) => ledger.root.query(sql);
const kinds = async () => {
  const report = await verifyAudit(ledger.root);
  return report.agencies.flatMap(({ faults }) => faults.map(({ kind, sequence }) => `${kind} ${sequence}`));
};

test("the report of a whole chain says so, in JSON and to people", async () => {
  const report = await verifyAudit(ledger.root, { now: () => new Date("2026-11-22T00:00:00Z") });

  const { hash } = (await ledger.root.query("select encode(hash, 'hex') as hash from audit_head")).rows[0];
  expect(report).toEqual({
    ok: true,
    checkedAt: "2026-11-22T00:00:00.000Z",
    agencies: [{ agency, code: "H57.5", events: 6, head: { sequence: 6, hash }, ok: true, faultCount: 0, faults: [] }],
    checkpoints: { read: 0, badSignatures: 0, badLinks: 0 },
  });
  expect(printAudit(report)).toBe(
    "ĐÚNG  H57.5: 6 bản ghi\nĐiểm kiểm đã ký: 0\nKhông có điểm kiểm: không phát hiện được việc viết lại cả chuỗi.\n" +
      "Nhật ký nguyên vẹn: 6 bản ghi của 1 cơ quan.",
  );
});

test.each([
  ["a changed content", "update audit_event set act = 'x' where sequence = 3", ["CHANGED 3"]],
  ["a changed hash", "update audit_event set hash = sha256('x') where sequence = 3", ["CHANGED 3"]],
  ["a missing first event", "delete from audit_event where sequence = 1", ["REMOVED 1"]],
  ["missing events in the middle", "delete from audit_event where sequence in (3, 4)", ["REMOVED 3"]],
  ["a missing last event", "delete from audit_event where sequence = 6", ["REMOVED 6"]],
  [
    "events that changed places",
    "update audit_event set sequence = 7 - sequence where sequence in (3, 4)",
    ["REORDERED 3", "REORDERED 4"],
  ],
  [
    "a removed event with the rest renumbered",
    `with gone as (delete from audit_event where sequence = 3 returning 1)
    update audit_event set sequence = sequence - 1 where sequence > 3`,
    ["REMOVED 3", "REMOVED 6"],
  ],
  ["an event behind the head", "update audit_head set sequence = 5", ["INSERTED 6"]],
  ["another head", "update audit_head set hash = sha256('x')", ["HEAD 6"]],
  ["a missing head", "delete from audit_head", ["HEAD 6"]],
  ["an agency that the directory does not know", "delete from agency", ["INSERTED 0"]],
])("names %s", async (_, sql, expected) => {
  await tamper("alter table audit_event drop constraint audit_event_pkey");
  await tamper(sql);

  expect(await kinds()).toEqual(expected);

  await tamper("truncate audit_event, audit_head");
  await tamper("alter table audit_event add primary key (agency_id, sequence)");
});

test("keys that look like numbers stand in the order of their text, as the server writes them", async () => {
  await append(ledger.pool, agency, [
    { ...happening, data: canonicalJson({ 10: { b: [1, { d: 1, c: 2 }] }, 9: "x", ["__proto__"]: 1 }) },
  ]);

  expect(await kinds()).toEqual([]);
});

test("an event whose hash is right but whose data are not as the server writes them is a change", async () => {
  await append(ledger.pool, agency, [
    { ...happening, data: `{"b":1,"a":2}` },
    { ...happening, data: `{"a":1,"a":2}` },
    { ...happening, data: "1.0" },
  ]);

  expect(await kinds()).toEqual(["CHANGED 7", "CHANGED 8", "CHANGED 9"]);
});

test("large data are verified, larger than the server writes are a change, and neither is read by the page", async () => {
  await append(ledger.pool, agency, [{ ...happening, data: canonicalJson({ text: "ố".repeat(100_000) }) }]);
  expect(await kinds()).toEqual([]);

  await tamper("alter table audit_event drop constraint audit_event_data_check");
  await tamper("update audit_event set data = to_json(repeat('x', 5000000))::text where sequence = 7");
  expect(await kinds()).toEqual(["CHANGED 7"]);
});

test("nulls where the server writes none are a change, not a failure of the verification", async () => {
  const columns = ["id", "at", "act", "origin", "data", "previous_hash", "hash"];
  await tamper("alter table audit_event drop constraint audit_event_id_key");
  for (const column of columns) await tamper(`alter table audit_event alter ${column} drop not null`);
  for (const column of columns) {
    await ledger.root.query("begin");
    await tamper(`update audit_event set ${column} = null where sequence = 6`);
    await ledger.root.query("commit");
    expect((await verifyAudit(ledger.root)).agencies[0]?.faults[0]).toMatchObject({ kind: "CHANGED", sequence: 6 });
    await tamper("truncate audit_event, audit_head");
    await append(
      ledger.pool,
      agency,
      Array.from({ length: 6 }, () => happening),
    );
  }
});

test("of a wholly spoilt chain a hundred faults are listed and all are counted", async () => {
  await append(
    ledger.pool,
    agency,
    Array.from({ length: 300 }, () => happening),
  );
  await tamper("update audit_event set origin = 'elsewhere'");

  const [audit] = (await verifyAudit(ledger.root)).agencies;
  expect([audit?.faultCount, audit?.faults.length]).toEqual([306, 100]);
  expect(printAudit(await verifyAudit(ledger.root))).toContain("tất cả 306 lỗi");
});

test("the owner may verify; a role that does not see all chains is told so instead of finding nothing wrong", async () => {
  const as = async (connection: ConstructorParameters<typeof Client>[0]) => {
    const client = new Client(connection);
    await client.connect();
    return verifyAudit(client).finally(() => client.end());
  };

  expect(await as(ledger.database.ownerConnection)).toMatchObject({
    ok: true,
    agencies: [{ code: "H57.5", events: 6 }],
  });
  await expect(as(ledger.database.appConnection)).rejects.toMatchObject({ name: "AuditError", code: "NOT_ALLOWED" });
});

test("verifying while the server appends and signs raises no false alarm", async () => {
  const witness = await openWitness(ledger);
  let done = false;
  const appending = (async () => {
    for (let turn = 0; turn < 60; turn++) {
      await append(ledger.pool, agency, [happening, happening]);
      await witness.round();
    }
    done = true;
  })();
  let verified = 0;
  while (!done) {
    const report = await verifyAudit(ledger.root, { checkpoints: await readCheckpoints(ledger.directory) });
    expect(report.agencies.flatMap(({ faults }) => faults)).toEqual([]);
    expect(report.ok).toBe(true);
    verified++;
  }
  await appending;
  await witness[Symbol.asyncDispose]();
  expect(verified).toBeGreaterThan(3);
});
