import { randomUUID } from "node:crypto";
import {
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isNullableType,
} from "graphql";
import { PDFDocument } from "pdf-lib";
import { Client as Database } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { schema } from "../../src/graphql/schema.ts";
import { inParallel } from "../durability/registrar.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { sharedTables } from "./catalogue.ts";
import { plantRow, type Planted, tablesOf, withoutConstraints } from "./probe.ts";

// Requirement T5: whoever asks for another agency's object gets the very answer that is given for one that does not exist.
let app: TestApp;
/** Ids of rows of an agency, one or more of every table that has ids, but for what everybody may read. */
let foreign: string[];
/** Objects of the agency that were made through the API, so that it is known that they can be read by it. */
const real = new Map<string, string>();
let owner: Client;
let superuser: Database;
const stack = new AsyncDisposableStack();
const nodeTypes = schema.getImplementations(schema.getType("Node") as never).objects.map(({ name }) => name);

beforeAll(async () => {
  app = stack.use(await startApp());
  owner = await app.signIn("vanthu.stc");
  await makeObjects();
  superuser = new Database(app.database.superConnection);
  await superuser.connect();
  stack.defer(() => superuser.end());
  const { rows } = await superuser.query<{ agencyId: string; personId: string }>(
    `select a.id as "agencyId", p.id as "personId" from agency a join person p on p.home_agency_id = a.id where a.code = 'H99.03' limit 1`,
  );
  const tables = await tablesOf(superuser);
  await withoutConstraints(superuser);
  const planted: Planted = new Map();
  for (const table of tables) await plantRow(superuser, table, rows[0]!, planted);
  foreign = [
    ...[...planted].flatMap(([table, id]) => (id && !sharedTables.includes(table) ? [id] : [])),
    ...[...real.values()].map((id) => Buffer.from(id, "base64url").toString().split(":")[1]!),
  ];
});
afterAll(() => stack.disposeAsync());

async function emptyPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage();
  return pdf.save();
}

async function makeObjects(): Promise<void> {
  const leader = await app.signIn("giamdoc.stc");
  const officer = await app.signIn("chuyenvien.stc");
  const { viewer } = await officer.call<{ viewer: { appointment: { id: string } } }>(
    "{ viewer { appointment { id } } }",
  );
  const file = await owner.upload(await emptyPdf(), "thu.pdf");
  const data = {
    senderName: "Bộ Tài chính",
    referenceCode: "1/BTC",
    typeName: "Công văn",
    subject: "Của cơ quan khác",
  };
  const { incomingDocument: document } = await owner.act<any>(
    "registerIncomingDocument",
    { ...data, attachments: [{ role: "MAIN", fileId: file }] },
    "{ incomingDocument { id register { id } } }",
  );
  const assignees = [{ appointmentId: viewer.appointment.id, role: "LEAD" }];
  const { incomingDocument: assigned } = await leader.act<any>(
    "assignIncomingDocument",
    { incomingDocumentId: document.id, directive: "Xem xét", assignees },
    "{ incomingDocument { directives { id } assignments { id } } }",
  );
  const { entry } = await owner.act<any>("reserveNumber", { kind: "INCOMING", reason: "Giữ số" }, "{ entry { id } }");
  const { outgoingDocument } = await owner.act<any>(
    "draftOutgoingDocument",
    { typeCode: "CV", subject: "Dự thảo", body: "Nội dung." },
    "{ outgoingDocument { id } }",
  );
  const { auditEvents } = await owner.call<any>("{ auditEvents(first: 1) { nodes { id } } }");
  for (const id of [
    file,
    document.id,
    document.register.id,
    assigned.directives[0].id,
    assigned.assignments[0].id,
    entry.id,
    outgoingDocument.id,
    auditEvents.nodes[0].id,
  ])
    real.set(Buffer.from(id, "base64url").toString().split(":")[0]!, id);
}

/** The whole answer to a request, but for the number of the request. */
async function answerTo(client: Client, query: string, variables: object): Promise<string> {
  const response = await fetch(`${client.url}/graphql`, {
    method: "POST",
    headers: { ...client.headers(), "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return `${response.status} ${(await response.text()).replaceAll(/"requestId":"[^"]+"/g, "")}`;
}

const nodeQuery = "query ($id: ID!) { node(id: $id) { id __typename } }";

test("the agency itself reads what it made", async () => {
  expect([...real.keys()].toSorted()).toEqual([
    "Assignment",
    "AuditEvent",
    "Directive",
    "DocumentRegister",
    "File",
    "IncomingDocument",
    "OutgoingDocument",
    "RegisterEntry",
  ]);
  for (const id of real.values()) expect(await answerTo(owner, nodeQuery, { id })).toContain(id);
});

test("under every type that has ids, what is another agency's answers as what is absent", async () => {
  expect(nodeTypes.length).toBeGreaterThan(20);
  expect(foreign.length).toBeGreaterThan(25);
  expect(await toldOf(nodeTypes)).toEqual([]);
});

test("a table that is not shut off is found by its ids", async () => {
  await superuser.query("alter table register_entry disable row level security");
  try {
    expect(await toldOf(["RegisterEntry"])).toContain(Buffer.from(real.get("RegisterEntry")!, "base64url").toString());
  } finally {
    await superuser.query("alter table register_entry enable row level security");
  }
});

/** Which foreign ids, tried under these types, another agency's people get another answer for than for an absent id. */
async function toldOf(types: readonly string[]): Promise<string[]> {
  const clients = [await app.signIn("vanthu.snv"), await app.signIn("giamdoc.snv")];
  const absent = await answerTo(clients[0]!, nodeQuery, { id: toGlobalId("IncomingDocument", randomUUID()) });
  expect(absent).toBe('200 {"data":{"node":null}}');
  const questions = types.flatMap((type) => foreign.map((id) => toGlobalId(type, id)));
  const answers = await inParallel(questions.length, 16, (index) =>
    answerTo(clients[index % 2]!, nodeQuery, { id: questions[index] }),
  );
  return questions.filter((_, index) => answers[index] !== absent).map((id) => Buffer.from(id, "base64url").toString());
}

/** What an id in an input names, where its name does not say so. */
const namedOtherwise: Readonly<Record<string, string>> = {
  credentialId: "SigningCredential",
  entryId: "RegisterEntry",
  reservedEntryId: "RegisterEntry",
  answersToId: "IncomingDocument",
  answeredById: "OutgoingDocument",
  documentId: "IncomingDocument",
};
/** Offices and procedures are in the directory that everybody reads. */
const ofTheDirectory = ["granteeId", "reviewerId", "signerId", "appointmentId", "positionId", "procedureId"];

const directoryTypes: Readonly<Record<string, string>> = { procedureId: "Procedure", positionId: "Position" };

/** A value of an input type, its ids made by `idOf` from the field's name. */
function sample(type: GraphQLInputType, name: string, idOf: (field: string) => string): unknown {
  if (isNonNullType(type)) return sample(type.ofType, name, idOf);
  if (isListType(type)) return [sample(type.ofType, name, idOf)];
  if (isInputObjectType(type)) return sampleInput(type, idOf);
  if (isEnumType(type)) return type.getValues()[0]!.name;
  const { name: scalar } = getNamedType(type);
  if (scalar === "ID") return idOf(name);
  if (scalar === "Int") return 1;
  if (scalar === "Boolean") return false;
  if (scalar === "Date") return "2026-11-30";
  if (scalar === "DateTime") return "2026-11-30T01:00:00.000Z";
  if (name === "pin") return "123456";
  return name === "idempotencyKey" ? randomUUID() : "Thử xem có gì không";
}

const sampleInput = (type: GraphQLInputObjectType, idOf: (field: string) => string): object =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => !isNullableType(field.type) || getNamedType(field.type).name === "ID")
      .map((field) => [field.name, sample(field.type, field.name, idOf)]),
  );

test("no mutation tells an id of another agency from an absent one", async () => {
  const clients = await Promise.all(
    ["giamdoc.snv", "vanthu.snv", "chuyenvien.snv"].map((username) => app.signIn(username)),
  );
  const differences: string[] = [];
  const looked = new Set<string>();
  for (const { name, args, type } of Object.values(schema.getMutationType()!.getFields())) {
    const input = args[0] && getNamedType(args[0].type);
    // Signing in is about nobody's objects, and its brake answers differently from try to try.
    if (
      name === "signIn" ||
      !input ||
      !isInputObjectType(input) ||
      !JSON.stringify(sampleInput(input, () => "<id>")).includes("<id>")
    )
      continue;
    const payload = Object.keys((getNamedType(type) as unknown as { getFields(): object }).getFields())[0];
    const query = `mutation ($input: ${input.name}!) { ${name}(input: $input) { ${payload} { __typename } } }`;
    const typeOf = (field: string) => namedOtherwise[field] ?? `${field[0]!.toUpperCase()}${field.slice(1, -2)}`;
    const ids = (isForeign: boolean) => (field: string) =>
      ofTheDirectory.includes(field)
        ? toGlobalId(directoryTypes[field] ?? "Appointment", "00000000-0000-7000-8000-000000000000")
        : (isForeign && real.get(typeOf(field))) || toGlobalId(typeOf(field), isForeign ? foreign[0]! : randomUUID());
    for (const client of clients) {
      const [there, absent] = [
        await answerTo(client, query, { input: sampleInput(input, ids(true)) }),
        await answerTo(client, query, { input: sampleInput(input, ids(false)) }),
      ];
      if (absent.includes('"NOT_FOUND"')) looked.add(name);
      if (there !== absent || !there.includes('"code"')) differences.push(`${name}: ${there} instead of ${absent}`);
    }
  }
  expect(differences).toEqual([]);
  // The others refuse for another reason first, to all the same.
  expect(looked.size).toBeGreaterThanOrEqual(20);
});
