import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildApp } from "../../src/app.ts";
import { serve } from "../../src/http/serve.ts";
import { codeOf, type Colleague, colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { assign, register, rows, uuidOf } from "./office.ts";

let app: TestApp;
let people: Record<string, Colleague>;
const names = [
  "vanthu.snv",
  "giamdoc.snv",
  "phogiamdoc.snv",
  "chanhvanphong.snv",
  "chuyenvien.snv",
  "vanthu.stc",
  "chuyenvien.stc",
];

interface Case {
  readonly id: string;
  readonly parts: string[];
  readonly file: string;
  /** Who may read it, by the rule as written down here. */
  readonly readers: readonly string[];
}
const cases: Record<string, Case> = {};
const readAll = names.slice(0, 4);

beforeAll(async () => {
  app = await startApp();
  people = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await colleague(app, name)] as const)),
  );
  const [clerk, head, deputy, , officer] = names.map((name) => people[name]!) as [
    Colleague,
    Colleague,
    Colleague,
    Colleague,
    Colleague,
  ];
  const make = async (
    name: string,
    readers: readonly string[],
    prepare: (id: string) => Promise<unknown> = async () => {},
  ) => {
    const fileId = await clerk.client.upload(Buffer.from(`%PDF-1.7\n% ${name}\n%%EOF\n`), `${name}.pdf`);
    const { id } = await register(clerk.client, `${name}/ĐV`, { attachments: [{ role: "MAIN", fileId }] });
    await prepare(id);
    const { node } = await head.client.call(
      `query ($id: ID!) { node(id: $id) { ... on IncomingDocument {
         directives { id } assignments { id } attachments { file { url } } } } }`,
      { id },
    );
    const parts = [...node.directives, ...node.assignments].map((part: { id: string }) => part.id);
    cases[name] = { id, parts, file: node.attachments[0].file.url, readers };
  };
  const withOfficer = [...readAll, "chuyenvien.snv"];
  await make("given to nobody", readAll);
  await make("given to the head of the office", readAll, (id) =>
    assign(head.client, id, people["chanhvanphong.snv"]!.appointmentId),
  );
  await make("led by the officer", withOfficer, (id) => assign(head.client, id, officer.appointmentId));
  await make("the officer is told", withOfficer, (id) =>
    head.client.act(
      "assignIncomingDocument",
      {
        incomingDocumentId: id,
        directive: "Để biết",
        assignees: [
          { appointmentId: deputy.appointmentId, role: "LEAD" },
          { appointmentId: officer.appointmentId, role: "INFORMED" },
        ],
      },
      "{ incomingDocument { id } }",
    ),
  );
  await make("passed on by the officer", withOfficer, async (id) => {
    await assign(head.client, id, officer.appointmentId);
    await assign(head.client, id, deputy.appointmentId);
  });
  await make("registered by the officer", withOfficer, (id) =>
    rows(app, "update incoming_document set registered_by_id = $1 where id = $2", [
      uuidOf(officer.appointmentId),
      uuidOf(id),
    ]),
  );
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** Where what a server at `url` shows is not what the rule says, in each way of reading. */
async function faults(url: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const client = Object.assign(new Client(url), { cookie: people[name]!.client.cookie });
    const { incomingDocuments, documentRegisters } = await client.call(
      `{ incomingDocuments(first: 100) { nodes { id } total { count } }
         documentRegisters { entries(first: 100) { nodes { document { id } } } } }`,
    );
    const listed = incomingDocuments.nodes.map(({ id }: { id: string }) => id);
    const booked = documentRegisters.flatMap((book: { entries: { nodes: { document: { id: string } | null }[] } }) =>
      book.entries.nodes.map(({ document }) => document?.id),
    );
    if (incomingDocuments.total.count !== Object.values(cases).filter(({ readers }) => readers.includes(name)).length)
      found.push(`${name}: total`);
    for (const [title, { id, parts, file, readers }] of Object.entries(cases)) {
      const node = async (each: string) =>
        (await client.call("query ($id: ID!) { node(id: $id) { id } }", { id: each })).node !== null;
      const ways: Record<string, boolean> = {
        list: listed.includes(id),
        node: await node(id),
        register: booked.includes(id),
        file: (await codeOf(client.download(file))) === "done",
      };
      for (const part of parts) ways[`part ${part}`] = await node(part);
      for (const [way, reads] of Object.entries(ways))
        if (reads !== readers.includes(name)) found.push(`${name}: ${title}, by ${way}`);
    }
  }
  return found;
}

test("list, total, single read, parts, register and files agree about who may read what", async () => {
  expect(await faults(app.url)).toEqual([]);
});

/** Connections whose reads have forgotten that an office reads what is its own, and read everything of the agency. */
function forgetful(pool: Pool): Pool {
  const rule = /\(d\.registered_by_id = (\$\d+) or exists \(select 1 from assignment a where [^)]*= (\$\d+)\)\)/g;
  const rewritten = (query: string | { readonly name?: string; readonly text: string }) => {
    if (typeof query === "string") return query;
    const text = query.text.replace(rule, "($1::uuid is not null and $2::uuid is not null)");
    return text === query.text ? query : { ...query, name: `forgetful ${query.name}`, text };
  };
  const planted = (client: PoolClient) =>
    new Proxy(client, {
      get(target, name) {
        if (name === "query") return (query: string, ...rest: []) => target.query(rewritten(query) as string, ...rest);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value as () => unknown).bind(target) : value;
      },
    });
  return new Proxy(pool, {
    get: (target, name) =>
      name === "connect" ? async () => planted(await target.connect()) : (Reflect.get(target, name, target) as unknown),
  });
}

test("a rule that forgets whose a document is, is caught in every way of reading (planted bug)", async () => {
  await using server = await serve(buildApp({ ...app.services, pool: forgetful(app.services.pool) }), {
    host: "127.0.0.1",
    port: 0,
  });
  const found = await faults(server.url);
  expect(
    found.every((fault) => fault.startsWith("chuyenvien.snv: ")),
    "other agencies are kept out by the database",
  ).toBe(true);
  for (const way of ["total", "by list", "by node", "by register", "by file", "by part"])
    expect(found.join("\n")).toContain(way);
});

test("who may not read a document cannot act on it, and is not told that it is there", async () => {
  const { id } = cases["given to nobody"]!;
  const attempts = (client: Client, incomingDocumentId: string) =>
    Promise.all([
      codeOf(assign(client, incomingDocumentId, people["chuyenvien.stc"]!.appointmentId)),
      codeOf(
        client.act("completeIncomingDocument", { incomingDocumentId, kind: "DONE" }, "{ incomingDocument { id } }"),
      ),
      codeOf(
        client.act(
          "returnIncomingDocument",
          { incomingDocumentId, reason: "Không phải" },
          "{ incomingDocument { id } }",
        ),
      ),
    ]);
  expect(await attempts(people["chuyenvien.snv"]!.client, id)).toEqual(["FORBIDDEN", "NOT_FOUND", "FORBIDDEN"]);
  expect(await attempts(people["vanthu.stc"]!.client, id)).toEqual(["FORBIDDEN", "FORBIDDEN", "NOT_FOUND"]);
  expect(await attempts(app.anonymous, id)).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED"]);
});
