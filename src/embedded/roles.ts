import { Client, escapeIdentifier } from "pg";
import type { EmbeddedPostgres } from "./postgres.ts";

/**
 * The roles: `congvan_owner` owns the database and runs migrations, `congvan_app` serves requests, `congvan_hub` the
 * axis. All log in; none is a superuser or passes by row-level security; the last two have what migrations grant.
 */
export const ROLES = ["congvan_owner", "congvan_app", "congvan_hub"] as const;

/** "congvanr" in ASCII. */
const KEY = "7165064740884307570";

export interface DatabaseRequest {
  readonly database: string;
  /**
   * Fills a new database under a draft's name; only when it is done does the database get its own. Whoever is killed
   * meanwhile leaves nothing behind that a later start would take for whole. Must close its connections.
   */
  readonly prepare?: (draft: string) => Promise<void>;
}

/** Makes sure that the login roles and the database are there; harmless to repeat, from several processes at once. */
export async function ensureRolesAndDatabase(
  pg: EmbeddedPostgres,
  { database, prepare }: DatabaseRequest,
): Promise<void> {
  await asSuperuser(pg, async (client) => {
    // CREATE DATABASE runs in no transaction, so the lock is the session's.
    await client.query("select pg_advisory_lock($1)", [KEY]);
    for (const role of ROLES) await ensureRole(client, role);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
    if (rowCount !== 0) return closeDatabase(client, database);
    if (!prepare) return createDatabase(client, database);
    const draft = `${database}_draft`;
    await client.query(`drop database if exists ${escapeIdentifier(draft)} with (force)`);
    await createDatabase(client, draft);
    await prepare(draft);
    await client.query(`alter database ${escapeIdentifier(draft)} rename to ${escapeIdentifier(database)}`);
  });
}

/** Creates a database that `congvan_owner` owns, empty or as a copy of `template`. */
export async function createDatabase(client: Client, name: string, template = "template0"): Promise<void> {
  const source = `template ${escapeIdentifier(template)}`;
  const locale = "encoding 'UTF8' locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'";
  await client.query(`create database ${escapeIdentifier(name)} owner congvan_owner ${source} ${locale}`);
  await closeDatabase(client, name);
}

/** Runs `work` as the bootstrap superuser, connected to the database `postgres`. */
export async function asSuperuser<T>(
  pg: Pick<EmbeddedPostgres, "connection">,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client(pg.connection("postgres", "postgres"));
  // What breaks is told by rejection; without a listener the event would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: Client, role: string): Promise<void> {
  const attributes = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [role]);
  await client.query(`${rowCount === 0 ? "create" : "alter"} role ${escapeIdentifier(role)} ${attributes}`);
}

/** PUBLIC may connect to and make temporary tables in every database: take that back, let the roles connect. */
async function closeDatabase(client: Client, name: string): Promise<void> {
  const database = escapeIdentifier(name);
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to congvan_app, congvan_hub`);
}
