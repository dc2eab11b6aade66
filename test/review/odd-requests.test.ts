import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Context } from "../../src/context.ts";
import { codeOf } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

let app: TestApp;
let root: pg.Client;
let clerk: Client;
let head: Client;
const stack = new AsyncDisposableStack();
const uuid = (globalId: string) => Buffer.from(globalId, "base64url").toString().split(":")[1]!;
const letter = { senderName: "Bộ Nội vụ", referenceCode: "12/BNV", typeName: "Công văn", subject: "Cải cách" };
const appointment = async (client: Client): Promise<string> =>
  (await client.call("{ viewer { appointment { id } } }")).viewer.appointment.id;
const assign = (incomingDocumentId: string, appointmentId: string) => {
  const assignees = [{ appointmentId, role: "LEAD" }];
  return head.act(
    "assignIncomingDocument",
    { incomingDocumentId, directive: "Xử lý", assignees },
    "{ incomingDocument { id } }",
  );
};
const register = async () =>
  (await clerk.act("registerIncomingDocument", letter, "{ incomingDocument { id } }")).incomingDocument.id as string;

beforeAll(async () => {
  app = stack.use(await startApp());
  root = new pg.Client(app.database.superConnection);
  await root.connect();
  stack.defer(() => root.end());
  clerk = await app.signIn("vanthu.snv");
  head = await app.signIn("giamdoc.snv");
  await register();
});
afterAll(() => stack.disposeAsync());

const lists = [
  "incomingDocuments",
  "outgoingDocuments",
  "myAssignments",
  "arrivals",
  "agencies",
  "procedures",
  "auditEvents",
  "dossiers",
];
const id = "00000000-0000-7000-8000-000000000000";
const cursors = [
  "x",
  "x\ny",
  "\0",
  "\0\n\0",
  "-1",
  "1e30",
  "Infinity",
  "2026-01-01T00:00:00Z\nnope",
  `infinity\n${id}`,
  `2026-02-31\n${id}`,
  `2026-99-01T00:00:00.000Z\n${id}`,
  `294277-01-01T00:00:00.000Z\n${id}`,
];

test("a cursor that this server never gave is the caller's fault, in every list", async () => {
  const codes = new Set<string>();
  for (const list of lists)
    for (const cursor of cursors) {
      const after = Buffer.from(cursor).toString("base64url");
      codes.add(await codeOf(clerk.call(`{ ${list}(after: "${after}") { nodes { id } } }`)));
    }
  const entries = "entries(first: 1) { pageInfo { endCursor } }";
  const { documentRegisters } = await clerk.call(`{ documentRegisters { ${entries} } }`);
  expect(documentRegisters[0].entries.pageInfo.endCursor).toBe(Buffer.from("1").toString("base64url"));
  expect([...codes].toSorted()).toEqual(["BAD_INPUT"]);
});

test("a year that no calendar prints is refused, the first and last that it does are not", async () => {
  const ask = (list: string, year: number) =>
    codeOf(clerk.call(`{ ${list}(filter: {year: ${year}}) { nodes { id } } }`));
  for (const list of ["incomingDocuments", "outgoingDocuments"]) {
    for (const year of [-2_147_483_648, -5, 0, 99, 9_999, 10_000, 2_147_483_647])
      expect(await ask(list, year)).toBe("BAD_INPUT");
    for (const year of [1_900, 9_998]) expect(await ask(list, year)).toBe("done");
  }
});

test("numbering rules name years and groups that registers can have", async () => {
  const set = (more: object) => {
    const usual = { kind: "OUTGOING", fromYear: 2030, mode: "PER_GROUP", numberBeforeSigning: false };
    return codeOf(clerk.act("setNumberingPolicy", { ...usual, ...more }, "{ numberingPolicy { id } }", false));
  };
  const codes = ["QD", "CV"];
  const groups = (...names: string[]) => names.map((name, index) => ({ name, documentTypeCodes: [codes[index]] }));
  expect(await set({ fromYear: -1, groups: groups("A") })).toBe("BAD_INPUT");
  expect(await set({ fromYear: 2_147_483_647, groups: groups("A") })).toBe("BAD_INPUT");
  for (const wrong of [groups(""), groups(" A"), groups("A", "A"), groups("A".repeat(51))])
    expect(await set({ groups: wrong })).toBe("BAD_INPUT");
  expect(await set({ groups: [...groups("A"), { name: "B", documentTypeCodes: ["QD"] }] })).toBe("BAD_INPUT");
  expect(await set({ mode: "PER_TYPE", groups: groups("A") })).toBe("BAD_INPUT");
  expect(await set({ groups: groups("Quyết định", "Công văn") })).toBe("done");
});

test("each act of a request with several sees what the one before it did", async () => {
  const rule = { kind: "OUTGOING", fromYear: 2031, groups: [], numberBeforeSigning: false };
  const set = "setNumberingPolicy(input: $INPUT) { numberingPolicy { mode } }";
  const query = `mutation ($a: SetNumberingPolicyInput!, $b: SetNumberingPolicyInput!) {
    a: ${set.replace("$INPUT", "$a")} b: ${set.replace("$INPUT", "$b")} }`;
  const { a, b } = await clerk.call(query, { a: { ...rule, mode: "ONE_SERIES" }, b: { ...rule, mode: "PER_TYPE" } });
  expect([a.numberingPolicy.mode, b.numberingPolicy.mode]).toEqual(["ONE_SERIES", "PER_TYPE"]);
});

test("nothing is given to somebody whose office has ended", async () => {
  const deputy = await appointment(await app.signIn("phogiamdoc.snv"));
  const incomingDocumentId = await register();
  const grant = () => {
    const right = {
      kind: "KT",
      granteeId: deputy,
      legalBasis: "Quyết định 01",
      documentTypeCodes: [],
      validFrom: new Date(),
    };
    return codeOf(head.act("grantDelegation", right, "{ delegation { id } }"));
  };
  const until = (day: string | null) =>
    root.query("update appointment set valid_to = $2 where id = $1", [uuid(deputy), day]);
  await until("2026-01-01");
  expect([await codeOf(assign(incomingDocumentId, deputy)), await grant()]).toEqual(["BAD_INPUT", "NOT_FOUND"]);
  await until(null);
  expect([await codeOf(assign(incomingDocumentId, deputy)), await grant()]).toEqual(["done", "done"]);
});

test("a repeated request of somebody who may no longer read what it made is answered NOT_FOUND", async () => {
  const deputy = await app.signIn("phogiamdoc.snv");
  const input = { idempotencyKey: randomUUID(), typeCode: "CV", subject: "Dự thảo", body: "Nội dung." };
  const draft = () => codeOf(deputy.act("draftOutgoingDocument", input, "{ outgoingDocument { id } }"));
  expect([await draft(), await draft()]).toEqual(["done", "done"]);
  // As from another office of the same person in the same agency, with fewer rights.
  await root.query("update outgoing_document set drafter_id = $1", [uuid(await appointment(clerk))]);
  await root.query(
    "update position set permissions = array_remove(permissions, 'outgoing:read') where rank = 'DEPUTY'",
  );
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  expect(await draft()).toBe("NOT_FOUND");
});

/** Statements' transactions that a request takes. */
async function connectionsFor(client: Client, query: string): Promise<number> {
  const { pool } = app.services;
  let taken = 0;
  const count = () => void taken++;
  pool.on("acquire", count);
  await client.call(query);
  pool.off("acquire", count);
  return taken;
}

test("a page costs a handful of statements, however many rows it has", async () => {
  const officer = await app.signIn("chuyenvien.snv");
  const officerId = await appointment(officer);
  for (let left = 12; left > 0; left--) await assign(await register(), officerId);
  const assignments = "{ myAssignments(first: 20) { nodes { document { subject } } } }";
  expect(await connectionsFor(officer, assignments)).toBeLessThan(6);
  const offices = "units { name } positions { title holders { person { fullName } } } successors { code }";
  expect(await connectionsFor(officer, `{ agencies(first: 20) { nodes { ${offices} } } }`)).toBeLessThan(12);
});

test("however many forms of lists are asked for, a connection keeps a bounded number of statements", async () => {
  const ctx = new Context(app.services, null, "test");
  for (let form = 0; form < 700; form++) await ctx.read(`select ${form} as form`);
  const { rows } = await app.services.pool.query<{ count: string }>("select count(*) from pg_prepared_statements");
  expect(Number(rows[0]!.count)).toBeLessThanOrEqual(600);
});
