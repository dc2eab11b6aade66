import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  buildingDepartment,
  type Department,
  dossierAct,
  draftPermit,
  issue,
  procedureId,
  readDossier,
  receive,
  sealPermit,
} from "../dossiers/office.ts";
import { codeOf } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

let app: TestApp;
let team: Department;
let root: pg.Client;
const stack = new AsyncDisposableStack();
const uuid = (globalId: string) => Buffer.from(globalId, "base64url").toString().split(":")[1]!;

beforeAll(async () => {
  app = stack.use(await startApp());
  team = await buildingDepartment(app);
  root = new pg.Client(app.database.superConnection);
  await root.connect();
  stack.defer(() => root.end());
});
afterAll(() => stack.disposeAsync());

/** Starts the acts one after another while a superuser holds a row's lock, then lets it go: so they meet. */
async function meeting<T>(lock: string, id: string, acts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const started: Promise<T>[] = [];
  await root.query("begin");
  try {
    const { rowCount } = await root.query(`${lock} for update`, [id]);
    expect(rowCount).toBe(1);
    for (const act of acts) {
      started.push(act());
      await sleep(400);
    }
  } finally {
    await root.query("commit");
  }
  return Promise.all(started);
}

test("issuing a result while its dossier moves on: neither fails, though each waits for the other", async () => {
  const procedure = await procedureId(team.desk, "9.009001", "H99.04");
  const { dossier } = await receive(team.desk, procedure);
  const { id: documentId } = await draftPermit(team);
  await dossierAct(team.officer, "linkDossierDocument", { dossierId: dossier.id, documentId, relation: "RESULT" });
  await sealPermit(team, documentId);
  const { rows } = await root.query<{ id: string }>("select id from agency where code = 'H99.04'");
  const agencyId = rows[0]!.id;

  const before = await deadlocks();
  const acts = [
    () => codeOf(issue(team, documentId)),
    () => codeOf(dossierAct(team.officer, "advanceDossier", { dossierId: dossier.id })),
  ];
  const [issued, advanced] = await meeting("select from audit_head where agency_id = $1", agencyId, acts);
  expect(issued).toBe("done");
  // Whoever comes second sees what the first has done: a dossier that is completed does not move on.
  expect(["done", "WRONG_STATE"]).toContain(advanced);
  expect((await readDossier(team.officer, dossier.id))?.status).toBe("COMPLETED");
  // They did wait for each other in a circle; otherwise this test would show nothing.
  expect(await deadlocks()).toBeGreaterThan(before);
});

/** Deadlocks that the server has ended in this database. */
async function deadlocks(): Promise<number> {
  // Sessions report their figures when they are idle, once a second at most.
  await sleep(1_200);
  await app.services.pool.query("select pg_stat_force_next_flush()");
  const { rows } = await root.query<{ deadlocks: string }>(
    "select deadlocks from pg_stat_get_snapshot_timestamp(), pg_stat_database where datname = current_database()",
  );
  return Number(rows[0]!.deadlocks);
}

test("a number that comes into use while it is being given up stays in use", async () => {
  const clerk = team.clerk.client;
  const { entry } = await clerk.act("reserveNumber", { kind: "OUTGOING", reason: "giữ số" }, "{ entry { id } }");
  const id = uuid(entry.id);
  const use = async () => {
    const use = "state = 'USED', document_type = 'OutgoingDocument', document_id = $2";
    await root.query(`update register_entry set ${use} where id = $1`, [id, randomUUID()]);
    return "used";
  };
  const giveUp = () => codeOf(clerk.act("voidNumber", { entryId: entry.id, reason: "bỏ số" }, "{ entry { state } }"));
  expect(await meeting("select from register_entry where id = $1", id, [giveUp, use])).toEqual(["WRONG_STATE", "used"]);
  const { rows } = await root.query("select state from register_entry where id = $1", [id]);
  expect(rows).toEqual([{ state: "USED" }]);
});

test("a report of progress that comes with the last one does not open the assignment again", async () => {
  const letter = { senderName: "Bộ Xây dựng", referenceCode: "7/BXD", typeName: "Công văn", subject: "Báo cáo" };
  const registered = await team.clerk.client.act("registerIncomingDocument", letter, "{ incomingDocument { id } }");
  const incomingDocumentId: string = registered.incomingDocument.id;
  const assignees = [{ appointmentId: team.officer.appointmentId, role: "LEAD" }];
  const assigned = await team.head.client.act(
    "assignIncomingDocument",
    { incomingDocumentId, directive: "Xử lý", assignees },
    "{ incomingDocument { assignments { id } } }",
  );
  const assignmentId: string = assigned.incomingDocument.assignments[0].id;
  const report = (client: Client, done: boolean) => () =>
    codeOf(client.act("reportProgress", { assignmentId, text: "báo cáo", done }, "{ assignment { status } }"));
  const reports = [report(team.officer.client, true), report(team.officer.client, false)];
  const lock = "select from incoming_document where id = $1";
  expect(await meeting(lock, uuid(incomingDocumentId), reports)).toEqual(["done", "WRONG_STATE"]);
  const { rows } = await root.query("select status from assignment where id = $1", [uuid(assignmentId)]);
  expect(rows).toEqual([{ status: "DONE" }]);
});
