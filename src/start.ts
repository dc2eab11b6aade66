import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { pino } from "pino";
import { openFileStore, openS3Store } from "../storage/index.ts";
import { Changes } from "./changes.ts";
import type { Config } from "./config.ts";
import { signingServices } from "./credentials/keepers.ts";
import { type Databases, openDatabases } from "./databases.ts";
import { demoAgencies } from "./demo/agencies.ts";
import { withDemoAuthority } from "./demo/authority.ts";
import { fillDemo } from "./demo/fill.ts";
import { openHub } from "./exchange/hub.ts";
import { transmissionKeys } from "./exchange/transmission-keys.ts";
import { fileReaders } from "./file-readers.ts";
import { readNode } from "./graphql/schema.ts";
import { keysFrom } from "./keys.ts";
import { migrate, openOrm } from "./orm.ts";
import { reactions } from "./reactions.ts";
import type { Services } from "./services.ts";

/** Services that are open, and how to close them, last opened first. */
export interface OpenServices extends AsyncDisposable {
  readonly services: Services;
  readonly databases: Databases;
  /** Steps of the database's history that this start took. */
  readonly migrated: readonly string[];
}

/**
 * Opens all that the server needs, from an empty directory if need be; `tell` hears each step that takes a while.
 */
export async function openServices(
  config: Config,
  tell: (step: string) => void = () => undefined,
  overrides: Partial<Services> = {},
): Promise<OpenServices> {
  await using opened = new AsyncDisposableStack();
  await mkdir(config.dataDirectory, { recursive: true });
  const { urls } = opened.use(
    await openDatabases(config, tell, async (draft) => {
      await using drafted = await openOn(config, draft, tell, overrides);
      tell(`a new database is filled (${drafted.migrated.length} steps)`);
    }),
  );
  const services = opened.use(await openOn(config, urls, tell, overrides));
  const stack = opened.move();
  return { ...services, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Services on databases that are there. */
async function openOn(
  config: Config,
  databases: Databases,
  tell: (step: string) => void,
  overrides: Partial<Services>,
): Promise<OpenServices> {
  await using opened = new AsyncDisposableStack();
  const migrated = await migrate(databases.owner);
  if (migrated.length > 0) tell(`database brought up to date (${migrated.length} steps)`);

  const log =
    overrides.log ?? pino({ level: config.logLevel, base: null, serializers: { error: pino.stdSerializers.err } });
  const orm = await openOrm(databases.app, config.poolSize);
  opened.defer(() => orm.close(true));
  const pool = await orm.em.getDriver().getConnection().getNativeClient();
  await assertNoPrivileges(pool);
  const store = opened.use(
    config.s3Url ? await openS3Store(config.s3Url) : await openFileStore(join(config.dataDirectory, "files")),
  );
  const changes = opened.use(new Changes(pool, { connectionString: databases.app }, log));
  const transmission = await transmissionKeys(join(config.dataDirectory, "keys", "transmission"));
  const hub = opened.use(await openHub(databases.hub, store, transmission));

  const before: Services = {
    config,
    log,
    orm,
    pool,
    store,
    hub,
    transmission,
    signing: await signingServices(config),
    keys: keysFrom(config.sessionSecret ?? (await ownSecret(config.dataDirectory))),
    changes,
    reactions,
    fileReaders,
    readNode,
    now: () => new Date(),
    wake: () => undefined,
    ...overrides,
  };
  if (config.demo && (await fillDemo(before, databases.owner, tell)))
    tell(
      `demo province filled: ${demoAgencies.length} agencies, ${demoAgencies.flatMap(({ officials }) => officials).length} people`,
    );
  // The demo's authority is there once the province is.
  const demo = await withDemoAuthority(config);
  const signing = overrides.signing ?? (await signingServices(demo.config, demo.readdress));
  const services: Services = { ...before, config: demo.config, signing };

  const stack = opened.move();
  return { services, databases, migrated, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Row-level security is void for superusers, owners and BYPASSRLS: the server does not start as any of them. */
async function assertNoPrivileges(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ bad: boolean; role: string }>(
    `select current_user as role, r.rolsuper or r.rolbypassrls or exists (
       select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace) as bad
     from pg_roles r where r.rolname = current_user`,
  );
  if (rows[0]?.bad)
    throw new Error(
      `DATABASE_URL connects as ${rows[0].role}, which would pass by row-level security; use a role like congvan_app`,
    );
}

/** In demo mode the server keeps a secret of its own beside its data. */
async function ownSecret(directory: string): Promise<string> {
  const path = join(directory, "secret");
  const made = randomBytes(32).toString("base64url");
  try {
    await writeFile(path, made, { flag: "wx", mode: 0o600 });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readFile(path, "utf8");
  }
}
