import { Client as Database } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { register } from "../durability/registrar.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

// Within an agency: who may not read everything sees what is assigned to the own office, and the list and the single read
// agree about it.
let app: TestApp;
let clerk: Client;
let leader: Client;
const documents: string[] = [];
const people = ["giamdoc.sxd", "phogiamdoc.sxd", "truongphong.sxd", "vanthu.sxd", "chuyenvien.sxd"];

const appointmentOf = async (client: Client): Promise<string> =>
  (await client.call<{ viewer: { appointment: { id: string } } }>("{ viewer { appointment { id } } }")).viewer
    .appointment.id;

beforeAll(async () => {
  app = await startApp();
  clerk = await app.signIn("vanthu.sxd");
  leader = await app.signIn("giamdoc.sxd");
  for (let index = 0; index < 12; index++) documents.push((await register(clerk, `Văn bản của sở ${index}`)).id);
  const [officer, head] = [
    await appointmentOf(await app.signIn("chuyenvien.sxd")),
    await appointmentOf(await app.signIn("truongphong.sxd")),
  ];
  // The officer leads some, helps in some, and has nothing to do with the rest.
  for (const [index, incomingDocumentId] of documents.entries()) {
    if (index % 3 === 0) continue;
    const roles =
      index % 3 === 1
        ? [[officer, "LEAD"]]
        : [[head, "LEAD"], ...(index % 2 === 0 ? [[officer, "COLLABORATING"]] : [])];
    const assignees = roles.map(([appointmentId, role]) => ({ appointmentId, role }));
    await leader.act(
      "assignIncomingDocument",
      { incomingDocumentId, directive: "Giao xử lý", assignees },
      "{ incomingDocument { id } }",
    );
  }
});
afterAll(() => app[Symbol.asyncDispose]());

/** By a query of its own: what the office may read. */
async function mayRead(appointmentId: string): Promise<Set<string>> {
  const database = new Database(app.database.superConnection);
  await database.connect();
  try {
    const { rows } = await database.query<{ id: string }>(
      `select d.id from incoming_document d join appointment me on me.id = $1 join position p on p.id = me.position_id
       where d.agency_id = me.agency_id and ('incoming:read' = any(p.permissions) or d.registered_by_id = me.id
         or d.id in (select document_id from assignment where assignee_id = me.id))`,
      [Buffer.from(appointmentId, "base64url").toString().split(":")[1]],
    );
    return new Set(rows.map(({ id }) => toGlobalId("IncomingDocument", id)));
  } finally {
    await database.end();
  }
}

async function listed(client: Client): Promise<Set<string>> {
  const { incomingDocuments } = await client.call<{
    incomingDocuments: { nodes: { id: string }[]; total: { count: number } };
  }>("{ incomingDocuments(first: 100) { nodes { id } total { count } } }");
  expect(incomingDocuments.total.count).toBe(incomingDocuments.nodes.length);
  return new Set(incomingDocuments.nodes.map(({ id }) => id));
}

test.each(people)("%s: list, count, single read and rule agree", async (username) => {
  const client = await app.signIn(username);
  const allowed = await mayRead(await appointmentOf(client));
  expect(await listed(client)).toEqual(allowed);
  for (const id of documents) {
    const { node } = await client.call<{ node: { id: string } | null }>("query ($id: ID!) { node(id: $id) { id } }", {
      id,
    });
    expect(node !== null).toBe(allowed.has(id));
  }
});

test("an officer sees some of the documents, a clerk all", async () => {
  const officer = await listed(await app.signIn("chuyenvien.sxd"));
  expect(officer.size).toBeGreaterThan(3);
  expect(officer.size).toBeLessThan(documents.length);
  expect(await listed(clerk)).toEqual(new Set(documents));
});
