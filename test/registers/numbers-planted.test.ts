import { randomUUID } from "node:crypto";
import { Client as Database } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plantedServer, type Rewrite } from "../durability/planted.ts";
import { brokenPromises, uuidOf } from "../durability/promises.ts";
import { inParallel, register, registration, type Told } from "../durability/registrar.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

// Ways of giving numbers that look right and are wrong. Each is put in the place of the real statement, and the check
// that the real one passes must find it.
let app: TestApp;
const stack = new AsyncDisposableStack();
beforeAll(async () => void (app = stack.use(await startApp())));
afterAll(() => stack.disposeAsync());

interface Trial {
  readonly told: Told[];
  readonly errors: unknown[];
  readonly broken: string[];
}

/** 200 registrations by 16 clients of which every fourth fails after its number was taken. */
async function tryOut(username: string, rewrite: Rewrite): Promise<Trial> {
  const { url } = stack.use(await plantedServer(app.services, rewrite));
  const { cookie } = await app.signIn(username);
  const client = Object.assign(new Client(url), { cookie });
  const { viewer } = await client.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
  const absent = Buffer.from(`File:${randomUUID()}`).toString("base64url");
  const errors: unknown[] = [];
  const results = await inParallel(200, 16, async (index) => {
    if (index % 4 !== 3) return register(client, `Văn bản ${index}`).catch((error: unknown) => void errors.push(error));
    const input = { ...registration(`Hỏng ${index}`), attachments: [{ role: "MAIN", fileId: absent }] };
    await client.act("registerIncomingDocument", input, "{ incomingDocument { id } }").catch(() => undefined);
    return undefined;
  });
  const told = results.filter((each) => each !== undefined);
  const agencyId = uuidOf(viewer.agency.id);
  return { told, errors, broken: await brokenPromises(app.database.superConnection, agencyId, told) };
}

async function asSuperuser(...statements: string[]): Promise<void> {
  const database = new Database(app.database.superConnection);
  await database.connect();
  try {
    for (const statement of statements) await database.query(statement);
  } finally {
    await database.end();
  }
}

const isTaking = (sql: string) => sql.includes("set last_number = last_number + 1");

test("the real statement passes the trial", async () => {
  const { told, errors, broken } = await tryOut("vanthu.snv", (sql, parameters) => [sql, parameters]);
  expect({ told: told.length, errors, broken }).toEqual({ told: 150, errors: [], broken: [] });
});

// A pause such as a slower disk makes: two transactions read before either writes.
const maximum: Rewrite = (sql, parameters) =>
  isTaking(sql)
    ? [
        `with register as (
           select r.id, r.agency_id, 1 + coalesce((select max(number) from register_entry e where e.register_id = r.id), 0) as last_number,
             pg_sleep(0.002) from document_register r where agency_id = $1 and kind = $2 and year = $3 and series = $4)
         ${sql.slice(sql.indexOf("insert into register_entry"))}`,
        parameters,
      ]
    : [sql, parameters];

test("MAX + 1 is refused by the primary key, so that acts fail that should not", async () => {
  const { errors, broken } = await tryOut("vanthu.stc", maximum);
  expect(errors.length).toBeGreaterThan(0);
  expect(broken.some((each) => each.startsWith("gaps"))).toBe(true);
});

test("a sequence is found: what fails leaves a gap", async () => {
  await asSuperuser("create sequence planted", "grant usage on sequence planted to congvan_app");
  const { broken } = await tryOut("vanthu.stp", (sql, parameters) =>
    isTaking(sql) ? [sql.replace("last_number + 1", "nextval('planted')"), parameters] : [sql, parameters],
  );
  expect(broken.some((each) => each.startsWith("gaps"))).toBe(true);
});

test("a key of its own for each attempt is found: a repeated act has two documents", async () => {
  const client = await app.signIn("vanthu.sxd");
  const { viewer } = await client.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
  await register(client, "Gửi hai lần", { keyOf: () => randomUUID() });
  const told = await register(client, "Gửi hai lần", { keyOf: () => randomUUID() });
  const agencyId = uuidOf(viewer.agency.id);
  const broken = await brokenPromises(app.database.superConnection, agencyId, [told]);
  expect(broken).toContain("double: Gửi hai lần is there 2 times");
});

test("MAX + 1 without the unique keys is found: numbers are given twice", async () => {
  await asSuperuser(
    "alter table register_entry drop constraint register_entry_pkey cascade",
    "alter table incoming_document drop constraint incoming_document_register_id_arrival_number_key",
  );
  const { broken } = await tryOut("vanthu.skhcn", maximum);
  expect(broken.some((each) => each.startsWith("double: two documents were told number"))).toBe(true);
});
