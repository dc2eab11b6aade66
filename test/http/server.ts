import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphQLSchema } from "graphql";
import pg from "pg";
import { type Logger, pino } from "pino";
import { buildApp } from "../../src/app.ts";
import { Changes } from "../../src/changes.ts";
import { readConfig } from "../../src/config.ts";
import { serve, type Serving } from "../../src/http/serve.ts";
import { newId } from "../../src/ids.ts";
import { keysFrom } from "../../src/keys.ts";
import { migrate, openOrm } from "../../src/orm.ts";
import type { Services } from "../../src/services.ts";
import { openFileStore } from "../../storage/index.ts";
import { templateDatabase, testDatabase } from "../support/postgres.ts";

const secret = "a secret of the tests that is long enough";
const far = "2099-01-01T00:00:00Z";

/** Somebody in an office, with what lets a client be them. */
export interface Official {
  readonly agencyId: string;
  readonly personId: string;
  readonly appointmentId: string;
  /** Headers of a browser that is signed in. */
  readonly browser: Record<string, string>;
  /** Headers of a program with a personal token of these scopes. */
  program(...scopes: string[]): Promise<Record<string, string>>;
}

/** The HTTP side on a real database and folder store, with any schema; nothing runs beside it. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  readonly serving: Serving;
  readonly log: string[];
  official(name?: string, agencyId?: string): Promise<Official>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

export interface ServerOptions {
  readonly schema?: GraphQLSchema;
  readonly env?: NodeJS.ProcessEnv;
  readonly overrides?: Partial<Services>;
}

export async function startServer({ schema, env = {}, overrides = {} }: ServerOptions = {}): Promise<TestServer> {
  await using opened = new AsyncDisposableStack();
  const template = await templateDatabase("congvan_http", async (_, url) => void (await migrate(url)));
  const database = opened.use(await testDatabase(template));
  const dataDirectory = await mkdtemp(join(tmpdir(), "congvan-http-"));
  opened.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_HUB_URL: database.hubUrl,
    SESSION_SECRET: secret,
    CONGVAN_DATA: dataDirectory,
    CONGVAN_DEMO: "0",
    ...env,
  });
  const lines: string[] = [];
  const log: Logger = pino({ level: "debug", base: null }, { write: (line: string) => void lines.push(line) });
  const orm = await openOrm(database.appUrl, 5);
  opened.defer(() => orm.close(true));
  const pool = await orm.em.getDriver().getConnection().getNativeClient();
  const store = opened.use(await openFileStore(join(dataDirectory, "files")));
  const changes = opened.use(new Changes(pool, { connectionString: database.appUrl }, log));
  const services = {
    fileReaders: [],
    config,
    log,
    orm,
    pool,
    store,
    changes,
    keys: keysFrom(secret),
    reactions: {},
    now: () => new Date(),
    wake: () => undefined,
    ...overrides,
  } as unknown as Services;
  const serving = opened.use(await serve(buildApp(services, schema), { host: "127.0.0.1", port: 0 }));
  const owner = new pg.Client({ connectionString: database.superUrl });
  await owner.connect();
  opened.defer(() => owner.end());
  const sql = async (text: string, values: unknown[] = []) =>
    (await owner.query(text, values)).rows as Record<string, unknown>[];
  const stack = opened.move();
  return {
    url: serving.url,
    services,
    serving,
    log: lines,
    sql,
    official: (name = "An", agencyId) => hire(sql, services, name, agencyId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function hire(
  sql: TestServer["sql"],
  services: Services,
  name: string,
  givenAgencyId?: string,
): Promise<Official> {
  const agencyId = givenAgencyId ?? newId();
  const [personId, positionId, appointmentId] = [newId(), newId(), newId()];
  const code = `H99.${createHash("sha256").update(agencyId).digest("hex").slice(0, 8).toUpperCase()}`;
  await sql(
    `insert into agency (id, code, name, symbol, level, kind, place, valid_from)
     values ($1, $2, 'Sở Nội vụ', 'SNV', 'PROVINCE', 'DEPARTMENT', 'Mẫu Sơn', '2025-07-01') on conflict do nothing`,
    [agencyId, code],
  );
  await sql("insert into position (id, agency_id, title, rank) values ($1, $2, 'Chuyên viên', 'OFFICER')", [
    positionId,
    agencyId,
  ]);
  await sql("insert into person (id, home_agency_id, full_name) values ($1, $2, $3)", [personId, agencyId, name]);
  await sql(
    "insert into appointment (id, agency_id, person_id, position_id, valid_from) values ($1, $2, $3, $4, '2025-07-01')",
    [appointmentId, agencyId, personId, positionId],
  );
  await sql("insert into account (person_id, username, password_hash) values ($1, $2, '')", [personId, personId]);
  const session = `session-${newId()}`;
  await sql(
    `insert into session (token_hash, agency_id, person_id, appointment_id, created_at, expires_at) values ($1, $2, $3, $4, now(), $5)`,
    [services.keys.tokenHash(session), agencyId, personId, appointmentId, far],
  );
  return {
    agencyId,
    personId,
    appointmentId,
    browser: { cookie: `congvan_session=${session}`, "x-congvan-csrf": "1" },
    program: async (...scopes) => {
      const token = `cv_${newId()}`;
      await sql(
        `insert into api_token (id, token_hash, agency_id, person_id, appointment_id, name, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, 'test', $6, now(), $7)`,
        [newId(), services.keys.tokenHash(token), agencyId, personId, appointmentId, scopes, far],
      );
      return { authorization: `Bearer ${token}` };
    },
  };
}
