import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { faultsOfCatalogue, sharedTables } from "./catalogue.ts";
import { type Acting, plantRow, type Table, tablesOf, withoutConstraints } from "./probe.ts";
import { leaksOf, type Side } from "./rows.ts";

let app: TestApp;
let superuser: Client;
let application: Client;
let tables: Table[];
let ours: Side;
let theirs: Side;
const stack = new AsyncDisposableStack();

async function sideOf(code: string): Promise<Side> {
  const { rows } = await superuser.query<{ agencyId: string; personId: string }>(
    `select a.id as "agencyId", p.id as "personId" from agency a join person p on p.home_agency_id = a.id where a.code = $1 limit 1`,
    [code],
  );
  return { acting: rows[0] as Acting, planted: new Map() };
}

beforeAll(async () => {
  app = stack.use(await startApp());
  [superuser, application] = [new Client(app.database.superConnection), new Client(app.database.appConnection)];
  for (const client of [superuser, application]) {
    await client.connect();
    stack.defer(() => client.end());
  }
  tables = await tablesOf(superuser);
  [ours, theirs] = [await sideOf("H99.02"), await sideOf("H99.03")];
});
afterAll(() => stack.disposeAsync());

describe("catalogue", () => {
  test("every table is shut off, the application's role has no privilege, and what runs as its owner is reviewed", async () => {
    expect(await faultsOfCatalogue(superuser)).toEqual([]);
    expect(tables.length).toBeGreaterThan(30);
    expect(
      tables
        .filter(({ isShared }) => isShared)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(sharedTables.toSorted());
  });

  const planted: readonly (readonly [fault: string, ...statements: string[]])[] = [
    [
      "table unguarded has no forced",
      "create table unguarded (id uuid, agency_id uuid)",
      "grant select on unguarded to congvan_app",
    ],
    ["table directive has no forced", "alter table directive no force row level security"],
    ["table assignment has no policy", "drop policy own_agency on assignment"],
    [
      "table incoming_document with agency data",
      "create policy everything on incoming_document for select to congvan_app using (true)",
    ],
    ["view open_view reads as its owner", "create view open_view as select * from incoming_document"],
    [
      "function open_function runs as its owner",
      "create function open_function() returns bigint language sql security definer as 'select count(*) from file'",
    ],
    ["the application's role passes by", "alter role congvan_app bypassrls"],
    ["the application's role owns tables", "alter table progress_note owner to congvan_app"],
    ["the application's role sees the hub", "grant usage on schema hub to congvan_app"],
    ["the application may empty register_entry", "grant truncate on register_entry to congvan_app"],
  ];
  test.each(planted)("a fault is found: %s", async (fault, ...statements) => {
    // Roles are the whole server's, but what is not committed is nobody else's.
    await superuser.query("begin");
    try {
      for (const statement of statements) await superuser.query(statement);
      expect((await faultsOfCatalogue(superuser)).some((each) => each.startsWith(fault))).toBe(true);
    } finally {
      await superuser.query("rollback");
    }
  });
});

describe("rows of another agency, with all checks of the application left out", () => {
  beforeAll(async () => {
    await withoutConstraints(superuser);
    for (const { acting, planted } of [ours, theirs])
      for (const table of tables) await plantRow(superuser, table, acting, planted);
  });

  test("of no table are they seen, added to, changed or deleted", async () => {
    const leaks: string[] = [];
    for (const table of tables) {
      leaks.push(...(await leaksOf(application, superuser, table, ours, theirs)));
      leaks.push(...(await leaksOf(application, superuser, table, theirs, ours)));
    }
    expect(leaks).toEqual([]);
  });

  const planted: readonly (readonly [fault: string, statement: string])[] = [
    [
      "incoming_document: foreign rows are seen",
      "create policy planted on incoming_document for select to congvan_app using (true)",
    ],
    [
      "directive: a foreign row is inserted",
      "create policy planted on directive for insert to congvan_app with check (true)",
    ],
    ["register_entry: foreign rows are changed", "create policy planted on register_entry to congvan_app using (true)"],
    [
      "file: rows are seen without an agency",
      "create policy planted on file to congvan_app using (app_agency() is null or agency_id = app_agency())",
    ],
    ["assignment: foreign rows are seen", "alter table assignment disable row level security"],
  ];
  test.each(planted)("a fault is found: %s", async (fault, statement) => {
    const name = fault.split(":")[0]!;
    await superuser.query(statement);
    try {
      const leaks = await leaksOf(
        application,
        superuser,
        tables.find((table) => table.name === name)!,
        ours,
        theirs,
      );
      expect(leaks.some((leak) => leak.startsWith(fault))).toBe(true);
    } finally {
      await superuser.query(`drop policy if exists planted on ${name}`);
      await superuser.query(`alter table ${name} enable row level security`);
    }
  });
});
