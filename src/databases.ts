import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { openEmbeddedPostgres } from "./embedded/postgres.ts";
import { ensureRolesAndDatabase } from "./embedded/roles.ts";

/** How each role reaches the database: connection URLs. */
export interface Databases {
  readonly app: string;
  readonly owner: string;
  readonly hub: string;
}

export interface OpenDatabases extends AsyncDisposable {
  readonly urls: Databases;
}

/**
 * The database of the settings, or the embedded one under the data directory: started, or joined where it is running.
 * `fill` is called once in its life, on the new embedded database before it gets its name.
 */
export async function openDatabases(
  config: Config,
  tell: (step: string) => void = () => undefined,
  fill?: (urls: Databases) => Promise<void>,
): Promise<OpenDatabases> {
  if (config.database) return { urls: config.database, [Symbol.asyncDispose]: async () => undefined };
  tell("preparing PostgreSQL");
  await mkdir(config.dataDirectory, { recursive: true });
  const postgres = await openEmbeddedPostgres({ directory: join(config.dataDirectory, "postgres"), onProgress: tell });
  const urls = (database: string): Databases => ({
    app: postgres.url("congvan_app", database),
    owner: postgres.url("congvan_owner", database),
    hub: postgres.url("congvan_hub", database),
  });
  try {
    await ensureRolesAndDatabase(postgres, { database: "congvan", prepare: async (draft) => fill?.(urls(draft)) });
  } catch (error) {
    await postgres.release();
    throw error;
  }
  tell(`PostgreSQL ${postgres.outcome} in ${postgres.dataDirectory}`);
  return { urls: urls("congvan"), [Symbol.asyncDispose]: () => postgres.release() };
}
