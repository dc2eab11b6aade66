import { createHash } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { colleagues } from "../incoming/office.ts";
import { codeOf, type Colleague, demoPin, draft, seal, number, sign, submit } from "../outgoing/office.ts";
import { demoPassword } from "../../src/demo/province.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let database: pg.Client;
const secrets: Record<string, string> = {};

beforeAll(async () => {
  app = await startApp();
  database = new pg.Client(app.database.superConnection);
  await database.connect();
  const [officer, head, clerk] = await colleagues(app, "chuyenvien.snv", "giamdoc.snv", "vanthu.snv");
  const { token } = await head.client.act("createApiToken", { name: "Phần mềm", scopes: ["READ"] }, "{ token }");
  const wrongPassword = "Mật-khẩu-gõ-nhầm-4711";
  expect(await codeOf(app.anonymous.signIn("giamdoc.snv", wrongPassword))).toBe("UNAUTHENTICATED");
  const { id } = await submit(officer, (await draft(officer)).id, head);
  const wrongPin = "Ma-PIN-sai-8150";
  expect(await codeOf(sign(head, id, { pin: wrongPin }))).toBe("BAD_PIN");
  await sign(head, id);
  await number(clerk, id);
  await seal(clerk, id);
  const session = (who: Colleague) => who.client.cookie.slice(who.client.cookie.indexOf("=") + 1);
  Object.assign(secrets, {
    password: demoPassword,
    wrongPassword,
    pin: demoPin,
    wrongPin,
    token,
    headSession: session(head),
    clerkSession: session(clerk),
  });
});
afterAll(async () => {
  await database?.end();
  await app?.[Symbol.asyncDispose]();
});

interface Column {
  readonly name: string;
  /** Where its values come from and what they are called there: those of an array one by one. */
  readonly source: string;
  readonly value: string;
  readonly isBytes: boolean;
}

/** Every column of every table of ours that can hold text or bytes. */
async function columns(): Promise<Column[]> {
  const { rows } = await database.query<{ table: string; column: string; type: string }>(
    `select format('%I.%I', n.nspname, c.relname) as table, format('%I', a.attname) as column, t.typname as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_type t on t.oid = a.atttypid
     where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
       and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and t.typname in ('text', 'varchar', 'bpchar', 'name', 'json', 'jsonb', 'xml', 'bytea',
         '_text', '_varchar', '_json', '_jsonb', '_bytea')
     order by 1, a.attnum`,
  );
  return rows.map(({ table, column, type }) => ({
    name: `${table}.${column}`,
    source: type.startsWith("_") ? `${table}, unnest(${column}) as item(value)` : table,
    value: type.startsWith("_") ? "item.value" : column,
    isBytes: type.endsWith("bytea"),
  }));
}

/** Where a secret lies: as it is, in base64 or hexadecimal, or as its plain digest, from which a PIN is soon found. */
async function leaks(): Promise<string[]> {
  const found: string[] = [];
  for (const { name: place, source, value, isBytes } of await columns()) {
    for (const [name, secret] of Object.entries(secrets)) {
      const bytes = Buffer.from(secret);
      const digest = createHash("sha256").update(bytes).digest();
      // A PIN of six digits is within many a digest by chance: it counts where it stands alone.
      const forms = [
        secret,
        bytes.toString("base64").replace(/=+$/, ""),
        bytes.toString("hex"),
        digest.toString("hex"),
        digest.toString("base64url"),
      ];
      const escaped = forms.map((form) => form.replace(/[^\p{L}\d]/gu, "\\$&"));
      const pattern = `(^|[^0-9A-Za-z_+/-])(${escaped.join("|")})($|[^0-9A-Za-z_+/-])`;
      const sql = isBytes
        ? `select 1 from ${source}
           where greatest(position($1::bytea in ${value}), position($2::bytea in ${value})) > 0 limit 1`
        : `select 1 from ${source} where ${value}::text ~ $1 limit 1`;
      const { rowCount } = await database.query(sql, isBytes ? [bytes, digest] : [pattern]);
      if (rowCount) found.push(`${name} in ${place}`);
    }
  }
  return found;
}

test("no password, PIN, session or token is in any column, nor a digest that gives it away", async () => {
  const looked = (await columns()).map(({ name }) => name);
  for (const place of [
    "public.audit_event.data",
    "public.idempotency.request_hash",
    "public.account.password_hash",
    "public.session.token_hash",
    "public.api_token.token_hash",
  ])
    expect(looked, "the search looks where secrets would lie").toContain(place);
  expect(await leaks()).toEqual([]);
});

test("a secret in text, JSON or bytes, plain or digested, is found (planted bugs)", async () => {
  await database.query(`create table planted (a text, b jsonb, c bytea, d bytea, e text[], f text, g text, h bytea[])`);
  const digest = createHash("sha256").update(secrets["pin"]!).digest();
  await database.query("insert into planted values ($1, $2, $3, $4, $5, $6, $7, $8)", [
    `Authorization: Bearer ${secrets["token"]}`,
    JSON.stringify({ input: { pin: secrets["pin"] } }),
    Buffer.from(`x${secrets["headSession"]}y`),
    digest,
    [secrets["wrongPassword"]],
    Buffer.from(secrets["clerkSession"]!).toString("base64").replace(/=+$/, ""),
    `tried ${secrets["wrongPin"]}`,
    [Buffer.from("nothing"), Buffer.from(secrets["password"]!)],
  ]);
  try {
    expect(await leaks()).toEqual([
      "token in public.planted.a",
      "pin in public.planted.b",
      "headSession in public.planted.c",
      "pin in public.planted.d",
      "wrongPassword in public.planted.e",
      "clerkSession in public.planted.f",
      "wrongPin in public.planted.g",
      "password in public.planted.h",
    ]);
  } finally {
    await database.query("drop table planted");
  }
});

test("the audit tells that somebody signed in and made a token, and by what name", async () => {
  const { rows } = await database.query<{ act: string; data: string }>(
    "select distinct act, data::text as data from audit_event where act like 'auth.%'",
  );
  expect(new Set(rows.map(({ act }) => act))).toEqual(new Set(["auth.sign-in", "auth.create-token"]));
  expect(rows.some(({ data }) => data.includes("giamdoc.snv"))).toBe(true);
});
