import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Pool } from "pg";
import { canonicalJson } from "../../src/audit/canonical.ts";
import { startCheckpoints, type Witness, type WitnessOptions } from "../../src/audit/checkpoints.ts";
import { newId } from "../../src/ids.ts";
import { migrate } from "../../src/orm.ts";
import type { Random } from "../axis/random.ts";
import { type TestDatabase, templateDatabase, testDatabase } from "../support/postgres.ts";

/** A database with all tables and no data, and a superuser's connection to it: the attacker's and the verifier's. */
export interface Ledger extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly root: Client;
  /** The application role's connections. */
  readonly pool: Pool;
  /** A directory of its own. */
  readonly directory: string;
}

export async function openLedger(): Promise<Ledger> {
  const template = await templateDatabase("congvan_migrated", async (_, ownerUrl) => {
    await migrate(ownerUrl);
  });
  const database = await testDatabase(template);
  const root = new Client(database.superConnection);
  await root.connect();
  const pool = new Pool({ ...database.appConnection, max: 4 });
  // Those still closing when the database is dropped are cut off.
  pool.on("error", () => undefined);
  const directory = await mkdtemp(join(tmpdir(), "congvan-ledger-"));
  return {
    database,
    root,
    pool,
    directory,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await root.end();
      await database.drop();
      await rm(directory, { recursive: true });
    },
  };
}

/** Puts an agency in the directory; its id. */
export async function addAgency(root: Client, code: string): Promise<string> {
  const id = newId();
  await root.query(
    `insert into agency (id, code, name, symbol, level, kind, place, valid_from)
     values ($1, $2, 'Sở Nội vụ', 'SNV', 'PROVINCE', 'DEPARTMENT', 'Huế', '2025-07-01')`,
    [id, code],
  );
  return id;
}

export interface Happening {
  readonly act: string;
  readonly actorId: string | null;
  readonly origin: string;
  readonly objectType: string | null;
  readonly objectId: string | null;
  readonly data: string;
}

/** An act such as the server records, with texts in many scripts, and nulls where they may be. */
export function randomHappening(random: Random): Happening {
  const texts = ["", "Về việc nghỉ lễ", "12:34", "a\nb\u0000".replace("\u0000", " "), "漢字", "🖋️ ký số", '"\\', "1:a"];
  return {
    act: random.pick(["incoming.register", "outgoing.issue", "register.void", "ký:số"]),
    actorId: random.below(4) > 0 ? newId() : null,
    origin: random.pick(["10.0.0.7", "worker", "cli", ""]),
    objectType: random.pick(["IncomingDocument", "RegisterEntry", null]),
    objectId: random.below(4) > 0 ? newId() : null,
    data: canonicalJson({
      number: random.below(1e6),
      subject: random.pick(texts),
      list: random.many(3, () => random.pick(texts)),
    }),
  };
}

/** Appends to an agency's chain as the server does. */
export async function append(pool: Pool, agencyId: string, happenings: readonly Happening[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('app.agency_id', $1, true)", [agencyId]);
    const { rowCount } = await client.query(
      `select audit_append(gen_random_uuid(), clock_timestamp(), h.act, h."actorId", h.origin, h."objectType", h."objectId", h.data)
       from json_to_recordset($1) as h(act text, "actorId" uuid, origin text, "objectType" text, "objectId" uuid, data text)`,
      [JSON.stringify(happenings)],
    );
    if (rowCount !== happenings.length) throw new Error("Not all was appended.");
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** A witness that signs only when asked to, and tells what it refuses. */
export async function openWitness(
  ledger: Pick<Ledger, "pool" | "directory">,
  options: WitnessOptions & { now?: () => Date } = {},
): Promise<Witness> {
  const { now = () => new Date(), ...more } = options;
  const log = { error: () => undefined };
  const services = { pool: ledger.pool, now, log, config: { dataDirectory: ledger.directory } };
  return startCheckpoints(services, { intervalMilliseconds: 3_600_000, ...more });
}
