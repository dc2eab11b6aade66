import { type Options, MikroORM } from "@mikro-orm/postgresql";
import { Migrator } from "@mikro-orm/migrations";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { entities } from "./entities.ts";
import { notFound } from "./errors.ts";

const migrations = fileURLToPath(new URL("../migrations", import.meta.url));

/** Options of MikroORM for one role; migrations run as the owner, everything else as the application. */
function options(url: string, poolSize: number, patience: object): Options {
  return {
    dbName: new URL(url).pathname.slice(1),
    driverOptions: { connectionString: url, pipeline: true, onPoolCreated: giveBackLostConnections, ...patience },
    entities,
    pool: { min: 0, max: poolSize },
    discovery: { warnWhenNoEntities: false },
    // Several processes start at once; whoever is not the first finds nothing to do.
    migrations: {
      path: migrations,
      pathTs: migrations,
      glob: "!(*.d).ts",
      snapshot: false,
      transactional: true,
      silent: true,
    },
    extensions: [Migrator],
    findOneOrFailHandler: (entityName) => notFound(String(entityName)),
    ignoreUndefinedInQuery: true,
  };
}

/** In milliseconds: a lock that somebody forgot, or a statement without end, must not take the pool from everybody. */
const patienceOfRequests = {
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 60_000,
};

export function openOrm(url: string, poolSize: number, patience: object = patienceOfRequests): Promise<MikroORM> {
  return MikroORM.init(options(url, poolSize, patience));
}

/**
 * Gives connections that broke while in use back to the pool. MikroORM answers a lost connection with a rollback, which
 * fails as well, and Kysely then never releases it: after as many losses as the pool has places nothing would move.
 */
function giveBackLostConnections(pool: Pool): void {
  pool.on("connect", (client) => {
    // Its queries are told by rejection; the event, with nobody to hear it while it is in use, would end the process.
    client.on("error", () => undefined);
    client.once("end", () => {
      // Whoever uses it gets the error first, and mostly releases it; releasing twice throws.
      setTimeout(() => {
        try {
          client.release?.(true);
        } catch {
          return;
        }
      }, 100).unref();
    });
  });
}

/** Brings the database up to date as its owner, one process at a time; returns the names of the steps taken. */
export async function migrate(ownerUrl: string): Promise<string[]> {
  // Migrations wait for each other and take their time.
  const orm = await openOrm(ownerUrl, 2, {});
  try {
    const pool = await orm.em.getDriver().getConnection().getNativeClient();
    const turn = await pool.connect();
    try {
      await turn.query("select pg_advisory_lock(hashtext('congvan migrations'))");
      const steps = await orm.migrator.up();
      return steps.map((step) => step.name);
    } finally {
      turn.release(true);
    }
  } finally {
    await orm.close(true);
  }
}
