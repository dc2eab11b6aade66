import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCheckpoints, type Refusal } from "../../src/audit/checkpoints.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { addAgency, append, type Ledger, openLedger, openWitness } from "./chains.ts";
import { plantBug } from "./mutant.ts";

const happening = {
  act: "incoming.register",
  actorId: null,
  origin: "cli",
  objectType: null,
  objectId: null,
  data: "{}",
};
const november = () => new Date("2026-11-30T16:59:59Z");
let ledger: Ledger;
let agency: string;
let other: string;

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.root.query("set session_replication_role = replica");
});
beforeEach(async () => {
  await ledger.root.query("truncate audit_event, audit_head");
  await ledger.root.query("delete from agency");
  await rm(join(ledger.directory, "audit"), { recursive: true, force: true });
  agency = await addAgency(ledger.root, "H57.5");
  other = await addAgency(ledger.root, "H57.6");
  for (const id of [agency, other]) await append(ledger.pool, id, [happening, happening, happening]);
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

const folder = () => join(ledger.directory, "audit");
const logPath = () => join(folder(), "checkpoints-2026-11.log");
const lines = async () => (await readFile(logPath(), "utf8")).split("\n").slice(0, -1);
const tamper = (sql: string) => ledger.root.query(sql);
const reading = async () => {
  const { read, badSignatures, badLinks } = await readCheckpoints(ledger.directory);
  return { read, badSignatures, badLinks };
};

test("one line is written for each chain that has moved, and none when nothing has", async () => {
  await using witness = await openWitness(ledger, { now: november });

  expect(await witness.round()).toBe(2);
  expect(await witness.round()).toBe(0);
  await append(ledger.pool, agency, [happening]);
  expect(await witness.round()).toBe(1);

  expect(await reading()).toEqual({ read: 3, badSignatures: 0, badLinks: 0 });
  const { byAgency } = await readCheckpoints(ledger.directory);
  expect([...byAgency.get(agency)!.keys()]).toEqual([3, 4]);
  const head = await ledger.root.query("select encode(hash, 'hex') as hash from audit_head where agency_id = $1", [
    agency,
  ]);
  expect(byAgency.get(agency)!.get(4)).toEqual(head.rows[0].hash);
});

test("a line is a signed note whose text is a checkpoint of the agency's own log", async () => {
  await using witness = await openWitness(ledger, { now: november });
  await witness.round();

  const note = JSON.parse((await lines())[0]!) as string;
  expect(note).toMatch(
    /^congvan\/audit\/[0-9a-f-]{36}\n3\n[A-Za-z0-9+/]{43}=\ntime 2026-11-30T16:59:59.000Z\nprevious 47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— congvan [A-Za-z0-9+/]{91}=\n$/,
  );
});

test("the key is readable by the server's account only, and the public key lies beside it", async () => {
  await (await openWitness(ledger))[Symbol.asyncDispose]();

  expect((await stat(join(folder(), "checkpoint.key"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder(), "checkpoint.pub"), "utf8")).toMatch(
    /^congvan\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/,
  );
  expect((await readdir(folder())).filter((name) => !name.includes("2"))).toEqual(["checkpoint.key", "checkpoint.pub"]);
});

test("rounds come by themselves, and a last one when the server stops", async () => {
  const witness = await openWitness(ledger, { intervalMilliseconds: 20 });
  await expect.poll(async () => (await reading()).read).toBe(2);
  await append(ledger.pool, agency, [happening]);
  await expect.poll(async () => (await reading()).read).toBe(3);
  await witness[Symbol.asyncDispose]();

  const slow = await openWitness(ledger);
  await append(ledger.pool, agency, [happening]);
  await slow[Symbol.asyncDispose]();
  expect((await reading()).read).toBe(4);
});

test("a month begins a file, whose first line follows the last one of the month before, also if the clock goes back", async () => {
  const clock = [november(), new Date("2026-12-01T00:00:00Z"), november()];
  for (const now of clock) {
    await using witness = await openWitness(ledger, { now: () => now });
    await append(ledger.pool, agency, [happening]);
    await witness.round();
  }

  expect((await readdir(folder())).filter((name) => name.endsWith(".log"))).toEqual([
    "checkpoints-2026-11.log",
    "checkpoints-2026-12.log",
  ]);
  expect(await reading()).toEqual({ read: 4, badSignatures: 0, badLinks: 0 });
});

test("processes that share a data directory write one log", async () => {
  await using one = await openWitness(ledger, { now: november });
  await using two = await openWitness(ledger, { now: november });
  for (let turn = 0; turn < 20; turn++) {
    await append(ledger.pool, agency, [happening]);
    await Promise.all([one.round(), two.round()]);
  }
  expect(await reading()).toEqual({ read: 21, badSignatures: 0, badLinks: 0 });
});

test("what a crash left of a line is passed over at every length, and the log goes on after it", async () => {
  await using first = await openWitness(ledger, { now: november });
  await first.round();
  const whole = await readFile(logPath());
  const secondLine = whole.indexOf(10) + 1;
  for (const length of [secondLine + 1, secondLine + 40, whole.length - 2, whole.length - 1]) {
    await writeFile(logPath(), whole.subarray(0, length));
    expect(await reading()).toEqual({ read: 1, badSignatures: 0, badLinks: 0 });
    await using later = await openWitness(ledger, { now: november });
    expect(await later.round()).toBe(1);
    expect(await reading()).toEqual({ read: 2, badSignatures: 0, badLinks: 0 });
  }
});

test("zeros, overlong lines and other rubbish at the end are passed over too", async () => {
  await using first = await openWitness(ledger, { now: november });
  await first.round();
  for (const rubbish of [Buffer.alloc(5_000), Buffer.alloc(200_000, "x"), Buffer.from("{}\n[1]\n\n")]) {
    await appendFile(logPath(), rubbish);
    await append(ledger.pool, agency, [happening]);
    await using later = await openWitness(ledger, { now: november });
    expect(await later.round()).toBe(1);
    expect(await reading()).toMatchObject({ badSignatures: 0, badLinks: 0 });
  }
  expect((await reading()).read).toBe(5);
});

test.each<[string, (all: string[]) => string[], object]>([
  ["a line altered", ([a, ...rest]) => [a!.replace("\\n3\\n", "\\n2\\n"), ...rest], { badSignatures: 1, badLinks: 1 }],
  ["a line taken out", ([a, , ...rest]) => [a!, ...rest], { badSignatures: 0, badLinks: 1 }],
  ["the first line taken out", ([, ...rest]) => rest, { badSignatures: 0, badLinks: 1 }],
  ["two lines swapped", ([a, b, ...rest]) => [b!, a!, ...rest], { badSignatures: 0, badLinks: 3 }],
  ["a line twice", ([a, ...rest]) => [a!, a!, ...rest], { badSignatures: 0, badLinks: 1 }],
  ["a line made unreadable", ([a, b, ...rest]) => [a!, b!.slice(1), ...rest], { badSignatures: 0, badLinks: 1 }],
])("%s in the log is seen", async (_, edit, expected) => {
  await using witness = await openWitness(ledger, { now: november });
  await witness.round();
  await append(ledger.pool, agency, [happening]);
  await witness.round();
  await writeFile(
    logPath(),
    edit(await lines())
      .map((line) => `${line}\n`)
      .join(""),
  );

  const checkpoints = await readCheckpoints(ledger.directory);
  expect(checkpoints).toMatchObject(expected);
  expect(await verifyAudit(ledger.root, { checkpoints })).toMatchObject({ ok: false, checkpoints: expected });
});

test("checkpoints of another key count as bad signatures, not as checkpoints", async () => {
  await (await openWitness(ledger))[Symbol.asyncDispose]();
  const rightKey = await readFile(join(folder(), "checkpoint.pub"), "utf8");
  await rm(folder(), { recursive: true });
  await (await openWitness(ledger))[Symbol.asyncDispose]();

  expect(await readCheckpoints(ledger.directory, rightKey)).toMatchObject({ read: 0, badSignatures: 2 });
  await writeFile(join(folder(), "checkpoint.pub"), rightKey);
  await expect(openWitness(ledger)).rejects.toThrow(/replaced/);
});

/** What a database administrator does, and what the witness says of it. */
const contradictions: readonly [string, string, Refusal["reason"]][] = [
  ["the chain is gone", "truncate audit_event, audit_head", "MISSING"],
  ["the head went back", "update audit_head set sequence = 2", "ROLLED_BACK"],
  ["the head is another", "update audit_head set hash = sha256('x')", "REWRITTEN"],
  [
    "the chain goes on from another event",
    `insert into audit_event select gen_random_uuid(), agency_id, 4, at, act, actor_id, origin, object_type,
     object_id, data, sha256('x'), audit_hash(sha256('x'), agency_id, 4, id, at, act, actor_id, origin, object_type, object_id, data)
     from audit_event where sequence = 3; update audit_event set id = '00000000-0000-7000-8000-000000000000' where sequence = 4;
     update audit_event e set hash = audit_hash(previous_hash, agency_id, sequence, id, at, act, actor_id, origin, object_type, object_id, data) where sequence = 4;
     update audit_head h set (sequence, hash) = (select 4, hash from audit_event e where e.agency_id = h.agency_id and sequence = 4)`,
    "REWRITTEN",
  ],
  ["an event since then is missing", "update audit_head set sequence = 5, hash = sha256('x')", "BROKEN"],
];

test.each(contradictions)("nothing is signed where %s, and it is told once", async (_, sql, reason) => {
  const refusals: Refusal[] = [];
  await ledger.root.query("delete from audit_event where agency_id = $1", [other]);
  await ledger.root.query("delete from audit_head where agency_id = $1", [other]);
  await using witness = await openWitness(ledger, { now: november, onRefused: (refusal) => refusals.push(refusal) });
  await witness.round();
  await tamper(sql);

  expect([await witness.round(), await witness.round()]).toEqual([0, 0]);
  expect(refusals).toMatchObject([{ agencyId: agency, reason, signed: 3 }]);
  expect(witness.refused.get(agency)).toEqual(refusals[0]);
});

test("a chain that is refused does not hold up the others, and is signed again when it is set right", async () => {
  await using witness = await openWitness(ledger, { now: november });
  await witness.round();
  await tamper(`create table kept as select * from audit_head`);
  await ledger.root.query("update audit_head set sequence = 1 where agency_id = $1", [agency]);
  await append(ledger.pool, other, [happening]);
  expect([await witness.round(), witness.refused.size]).toEqual([1, 1]);

  await ledger.root.query("update audit_head h set sequence = 3 where agency_id = $1", [agency]);
  await append(ledger.pool, agency, [happening]);
  expect([await witness.round(), witness.refused.size]).toEqual([1, 0]);
  await tamper("drop table kept");
});

test("a running witness remembers what it signed when its log is cut or removed", async () => {
  const refusals: Refusal[] = [];
  await using witness = await openWitness(ledger, { now: november, onRefused: (refusal) => refusals.push(refusal) });
  await witness.round();
  await witness.round();
  await truncate(logPath(), 0);
  await append(ledger.pool, agency, [happening]);

  expect(await witness.round()).toBe(0);
  expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(["LOG_SHORTENED"]));
});

test("planted bug 19: a witness that signs without checking is seen to sign a rewritten chain", async () => {
  await using bug = await plantBug(
    "checkpoints.ts",
    `logIsWhole ? await judge(client, agencyId, signed, head) : "LOG_SHORTENED"`,
    "null",
  );
  const { startCheckpoints } = await bug.checkpoints();
  const services = {
    pool: ledger.pool,
    now: november,
    log: { error: () => undefined },
    config: { dataDirectory: ledger.directory },
  };
  await using careless = await startCheckpoints(services, { intervalMilliseconds: 3_600_000 });
  await careless.round();
  await ledger.root.query("update audit_head set sequence = 4, hash = sha256('x') where agency_id = $1", [agency]);

  expect(await careless.round()).toBe(1);
  await using careful = await openWitness(ledger, { now: november });
  await ledger.root.query("update audit_head set sequence = 5, hash = sha256('y') where agency_id = $1", [agency]);
  expect(await careful.round()).toBe(0);
});
