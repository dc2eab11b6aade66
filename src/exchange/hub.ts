import pg from "pg";
import { type Agency, type AxisHub, type Database, Hub } from "../../axis/index.ts";
import type { ObjectStore } from "../../storage/index.ts";
import { hubCode, type TransmissionKeys } from "./transmission-keys.ts";

/** A hub that this server operates, and whose directory it may therefore fill. */
export interface OperatedHub extends AxisHub {
  registerAgency(agency: Agency): Promise<number>;
  /** Codes of the agencies for which something is open. */
  waiting(): Promise<readonly string[]>;
}

export interface HubSettings {
  /** How long a consumer may work on a delivery before another may take it. */
  readonly leaseSeconds?: number;
}

/** Whether a hub is operated here; the directory of any other is its operator's to fill. */
export const isOperated = (hub: AxisHub): hub is OperatedHub => "registerAgency" in hub && "waiting" in hub;

/** Opens the axis server in this process, with connections of its own as the hub's role (trục liên thông). */
export async function openHub(
  databaseUrl: string,
  store: ObjectStore,
  transmission: TransmissionKeys,
  { leaseSeconds = 60 }: HubSettings = {},
): Promise<OperatedHub & AsyncDisposable> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4, application_name: "congvan hub" });
  // A connection that breaks is replaced by the pool. Whoever uses it is told by rejection; the event, with nobody to
  // hear it while it is idle or in use, would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const hub = new Hub({
    database: databaseOn(pool),
    code: hubCode,
    // Read at each use: the demo makes the key after the hub has been opened.
    get credential() {
      return transmission.hub;
    },
    hasBlob: async (sha256) => (await store.stat(sha256)) !== undefined,
    leaseSeconds,
  });
  return Object.assign(hub, { [Symbol.asyncDispose]: () => pool.end() });
}

function databaseOn(pool: pg.Pool): Database {
  return {
    async transaction(work) {
      const client = await pool.connect();
      let broken = true;
      try {
        await client.query("begin");
        try {
          const result = await work(
            async (sql, parameters) => (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
          );
          await client.query("commit");
          broken = false;
          return result;
        } catch (error) {
          // A connection that is lost has rolled back by itself.
          broken = await client.query("rollback").then(
            () => false,
            () => true,
          );
          throw error;
        }
      } finally {
        client.release(broken);
      }
    },
  };
}
