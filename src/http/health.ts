import { createHash } from "node:crypto";
import type { Middleware } from "koa";
import type { Services } from "../services.ts";
import type { RequestState } from "./request.ts";

/** Whether each thing that the server needs answers. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: boolean;
  readonly migrations: boolean;
  readonly store: boolean;
  readonly stopping: boolean;
}

const patience = 2_000;
/** However often somebody asks, the database and the store are asked once a second. */
const keptMilliseconds = 1_000;

/** `/healthz`: the process is alive and its event loop turns. */
export const alive: Middleware<RequestState> = async (koa) => {
  koa.set("cache-control", "no-store");
  koa.body = { alive: true };
};

/** `/readyz`: 200 when requests can be served, 503 while something is missing or the server stops. */
export function ready(services: Services, stopping: AbortSignal): Middleware<RequestState> {
  let known: Promise<Readiness> | undefined;
  let until = 0;
  return async (koa) => {
    if (!known || Date.now() > until) {
      known = look(services);
      until = Date.now() + keptMilliseconds;
    }
    const found = await known;
    const isReady = found.ready && !stopping.aborted;
    koa.set("cache-control", "no-store");
    koa.body = { ...found, stopping: stopping.aborted, ready: isReady };
    koa.status = isReady ? 200 : 503;
  };
}

/**
 * Whether the database has every column that this version's entities name: the role that serves requests may not read
 * the list of migrations.
 */
async function isMigrated({ pool, orm }: Services): Promise<boolean> {
  const wanted = [...orm.getMetadata().getAll().values()].flatMap(({ tableName, props }) =>
    props
      .filter(({ persist }) => tableName && persist !== false)
      .flatMap(({ fieldNames }) => (fieldNames ?? []).map((name) => [tableName, name])),
  );
  const { rowCount } = await pool.query(
    `select from unnest($1::text[], $2::text[]) as wanted (relation, name)
     where not exists (
       select from pg_attribute where attrelid = to_regclass(relation) and attname = name and not attisdropped)
     limit 1`,
    [wanted.map(([table]) => table), wanted.map(([, column]) => column)],
  );
  return wanted.length > 0 && rowCount === 0;
}

async function look(services: Services): Promise<Readiness> {
  const { pool, store, log } = services;
  const holds = async (what: string, question: () => Promise<boolean>) => {
    const { promise, reject } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => reject(new Error(`No answer within ${patience} ms`)), patience);
    try {
      return await Promise.race([question(), promise]);
    } catch (error) {
      log.warn({ err: error, what }, "not ready");
      return false;
    } finally {
      clearTimeout(timer);
    }
  };
  const [database, migrations, stored] = await Promise.all([
    holds("database", async () => (await pool.query("select 1")).rowCount === 1),
    holds("migrations", () => isMigrated(services)),
    // Whether this object is there does not matter, only that the store can say so.
    holds("store", async () => store.stat(createHash("sha256").digest("hex")).then(() => true)),
  ]);
  return { ready: database && migrations && stored, database, migrations, store: stored, stopping: false };
}
