import pg from "pg";
import { type Colleague, colleague } from "../outgoing/office.ts";
import type { TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

/** Several people of offices, signed in. */
export const colleagues = <const Names extends readonly string[]>(
  app: TestApp,
  ...names: Names
): Promise<{ [Place in keyof Names]: Colleague }> =>
  Promise.all(names.map((name) => colleague(app, name))) as Promise<{ [Place in keyof Names]: Colleague }>;

/** The fields of an incoming document that the tests look at. */
export const fields = `id version status arrivalNumber arrivedAt receivedVia senderName sender { code }
  referenceCode issuedOn typeName
  subject language pageCount note signerName signerPosition urgency dueOn dueReason returnReason register { year name }
  registeredBy { id } attachments { role file { id name } } directives { text by { id } }
  assignments { id role dueOn status assignee { id } progress { text } } completion { kind note by { id } }`;

export interface Paper {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly arrivalNumber: number;
  readonly dueOn: string | null;
  readonly dueReason: string | null;
  readonly assignments: {
    id: string;
    role: string;
    dueOn: string | null;
    status: string;
    assignee: { id: string };
    progress: { text: string }[];
  }[];
  readonly directives: { text: string }[];
  readonly completion: { kind: string; note: string | null } | null;
}

export const letter = (referenceCode: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  senderName: "Bộ Nội vụ",
  referenceCode,
  typeName: "Công văn",
  subject: "Về việc báo cáo công tác văn thư, lưu trữ",
  ...more,
});

/** Registers a document; what stands in the register then. */
export async function register(
  clerk: Client,
  referenceCode: string,
  more: Record<string, unknown> = {},
): Promise<Paper> {
  return (
    await clerk.act("registerIncomingDocument", letter(referenceCode, more), `{ incomingDocument { ${fields} } }`)
  ).incomingDocument;
}

/** Does an act on an incoming document; the document as it is then. */
export async function act(
  client: Client,
  name: string,
  incomingDocumentId: string,
  input: Record<string, unknown>,
): Promise<Paper> {
  return (await client.act(name, { incomingDocumentId, ...input }, `{ incomingDocument { ${fields} } }`))
    .incomingDocument;
}

/** Gives a document to people: one by name leads, the others help. */
export const assign = (
  leader: Client,
  id: string,
  lead: string,
  others: readonly string[] = [],
  more: Record<string, unknown> = {},
) =>
  act(leader, "assignIncomingDocument", id, {
    directive: "Giao nghiên cứu, tham mưu trả lời",
    assignees: [
      { appointmentId: lead, role: "LEAD" },
      ...others.map((appointmentId) => ({ appointmentId, role: "COLLABORATING" })),
    ],
    ...more,
  });

export const read = async (client: Client, id: string): Promise<Paper | null> =>
  (
    await client.call<{ node: Paper | null }>(
      `query ($id: ID!) { node(id: $id) { ... on IncomingDocument { ${fields} } } }`,
      { id },
    )
  ).node;

export const uuidOf = (globalId: string): string => Buffer.from(globalId, "base64url").toString().split(":")[1]!;

/** Rows as the database's own superuser sees them, past all policies. */
export async function rows<T extends object>(
  { database }: TestApp,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client(database.superConnection);
  await client.connect();
  try {
    return (await client.query<T>(sql, parameters as unknown[])).rows;
  } finally {
    await client.end();
  }
}

/** Everything that an act on incoming documents could leave behind half done. */
export const traces = (app: TestApp) =>
  rows(
    app,
    `select (select coalesce(sum(last_number), 0) from document_register) as numbers,
     (select count(*) from register_entry) as entries,
    (select count(*) from incoming_document) as documents, (select count(*) from incoming_file) as files,
    (select coalesce(sum(version), 0) from incoming_document) as versions,
     (select count(*) from directive) as directives,
    (select md5(coalesce(string_agg(a::text, '' order by id), '')) from assignment a) as assignments,
    (select md5(coalesce(string_agg(d::text, '' order by id), '')) from incoming_document d) as content,
    (select count(*) from progress_note) as notes, (select count(*) from file where is_attached) as attached,
    (select count(*) from idempotency where act <> 'file.upload') as keys,
    (select count(*) from audit_event where act <> 'auth.sign-in') as acts`,
  );
