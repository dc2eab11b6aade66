import { Client, Pool } from "pg";
import { expect } from "vitest";
import {
  Hub,
  hubGrants,
  hubSchema,
  parseManifest,
  receiptFor,
  signDeliveryReceipt,
  signManifest,
  type AxisError,
  type Database,
  type InboxEntry,
  type Query,
  type RefusalCode,
  type Signed,
} from "../../axis/index.ts";
import { testDatabase } from "../support/postgres.ts";
import { newCredential } from "./identities.ts";
import { letterManifest } from "./messages.ts";

export const codes = ["H99.01", "H99.02", "H99.03", "H99.04", "H99.05", "H99.06"] as const;

/** A hub on a database of its own with six agencies in its directory, used through the hub's own role. */
export async function hubWorld({ leaseSeconds = 300 } = {}) {
  const database = await testDatabase();
  const owner = new Client(database.ownerConnection);
  await owner.connect();
  // Twice: the schema must be harmless to repeat.
  await owner.query(hubSchema);
  await owner.query(hubSchema + hubGrants("congvan_hub"));
  const pool = new Pool({ ...database.hubConnection, max: 10 });
  pool.on("error", () => undefined);
  const superuser = new Client(database.superConnection);
  await superuser.connect();

  const hubCredential = newCredential("H99");
  const credentials = new Map(codes.map((code) => [code as string, newCredential(code)]));
  const credentialOf = (code: string) => credentials.get(code) ?? newCredential(code);
  const hubOn = (on: Database) =>
    new Hub({ database: on, code: "H99", credential: hubCredential, hasBlob: () => true, leaseSeconds });
  const hub = hubOn(databaseOn(pool));
  for (const code of codes) {
    await hub.registerAgency({
      code,
      code102: `000.00.${code.slice(-2)}.H99`,
      name: `Cơ quan ${code}`,
      certificates: [credentialOf(code).certificate],
      validFrom: new Date(0),
      validTo: null,
    });
  }

  const letter = (from: string, to: readonly string[]) => signManifest(letterManifest(from, to), credentialOf(from));
  const send = async (from = "H99.01", to: readonly string[] = ["H99.02"]): Promise<Signed> => {
    const message = letter(from, to);
    await hub.accept(message);
    return message;
  };
  /** The entry of a message in a recipient's inbox. */
  const entryOf = async (signed: Signed, recipient: string): Promise<InboxEntry> => {
    for (let after = 0; ;) {
      const page = await hub.inbox(recipient, { after, limit: 100 });
      const found = page.find(({ messageId }) => messageId === idOf(signed));
      const last = page.at(-1);
      if (found) return found;
      if (!last) throw new Error("not in the inbox");
      after = last.seq;
    }
  };
  /** The number that a query for one `count` gives. */
  const count = async (sql: string, ...params: unknown[]) =>
    Number((await superuser.query<{ count: string }>(sql, params)).rows[0]?.count);

  return {
    letter,
    send,
    entryOf,
    count,
    hub,
    hubOn,
    pool,
    superuser,
    hubCredential,
    credentialOf,
    receipt: (entry: InboxEntry, recipient: string, code: RefusalCode | null = null): Signed =>
      signDeliveryReceipt(
        receiptFor({ deliveryId: entry.deliveryId, recipient }, entry.manifest.bytes, code, new Date()),
        credentialOf(recipient),
      ),
    async [Symbol.asyncDispose]() {
      await pool.end();
      await owner.end();
      await superuser.end();
      await database.drop();
    },
  };
}

export type HubWorld = Awaited<ReturnType<typeof hubWorld>>;

export const idOf = (signed: Signed): string => parseManifest(signed.bytes).messageId;

/** What `toThrow` and `toEqual` take for an `AxisError` of this code. */
export const withCode = (code: string) => expect.objectContaining({ name: "AxisError", code }) as AxisError;

/** The hub's way to the database over a pool of `pg`; `before` may spoil a statement. */
export function databaseOn(
  pool: Pool,
  before: (sql: string, client: { pid: number }) => Promise<void> = async () => undefined,
): Database {
  return {
    async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      let broken: Error | undefined;
      client.on("error", (error) => (broken = error));
      const pid = (client as unknown as { processID: number }).processID;
      try {
        await client.query("begin");
        const result = await work(async (sql, params) => {
          await before(sql, { pid });
          return (await client.query<Record<string, unknown>>(sql, [...params])).rows;
        });
        await before("commit", { pid });
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback").catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        client.removeAllListeners("error");
        client.release(broken);
      }
    },
  };
}
