import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Context, type Viewer } from "../../src/context.ts";
import type { Services } from "../../src/services.ts";
import { inParallel, register } from "../durability/registrar.ts";
import { startApp, type TestApp } from "../support/app.ts";

// Requirement T2: connections are shared by agencies, so what one transaction was told must be gone with it.
const requests = 4_000;
const connections = 4;
let app: TestApp;
let agencies: string[];

beforeAll(async () => {
  app = await startApp({ env: { DATABASE_POOL: String(connections) } });
  agencies = [];
  for (const username of ["vanthu.snv", "vanthu.stc"]) {
    const clerk = await app.signIn(username);
    await inParallel(20, 4, (index) => register(clerk, `${username} ${index}`));
    const { viewer } = await clerk.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
    agencies.push(Buffer.from(viewer.agency.id, "base64url").toString().split(":")[1]!);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const query = "select agency_id from incoming_document";

interface Row {
  agency_id: string;
}

/** What a request of an agency, or of nobody, reads; some break off in the middle, and give nothing. */
async function request(services: Services, index: number): Promise<{ agencyId: string | null; rows: Row[] | null }> {
  const agencyId = index % 9 === 8 ? null : agencies[index % 2]!;
  const ctx = new Context(services, agencyId ? ({ agencyId, personId: agencyId } as Viewer) : null, "test");
  const chance = Math.random();
  try {
    // Work that forgets to say for whom it is must see nothing at all.
    if (!agencyId && chance < 0.5) return { agencyId, rows: (await services.pool.query<Row>(query)).rows };
    if (chance < 0.1) await ctx.read("select 1 / 0");
    if (chance < 0.2)
      await ctx.transact(async (em) => {
        await em.execute(query);
        throw new Error("given up in the middle");
      });
    if (chance < 0.6) return { agencyId, rows: await ctx.transact((em) => em.execute<Row[]>(query)) };
    return { agencyId, rows: await ctx.read<Row>(query) };
  } catch (error) {
    const { message } = error as Error;
    if (/division by zero|given up in the middle/.test(message)) return { agencyId, rows: null };
    throw error;
  }
}

async function trial(services: Services): Promise<{ foreign: number; seen: number; aborted: number }> {
  const results = await inParallel(requests, 32, (index) => request(services, index));
  const read = results.filter(({ rows }) => rows !== null);
  return {
    foreign: read.reduce(
      (sum, { agencyId, rows }) => sum + rows!.filter((row) => row.agency_id !== agencyId).length,
      0,
    ),
    seen: read.reduce((sum, { rows }) => sum + rows!.length, 0),
    aborted: results.length - read.length,
  };
}

test(`${requests} requests of two agencies and of nobody on ${connections} connections, many given up: no foreign row`, async () => {
  const { foreign, seen, aborted } = await trial(app.services);
  expect(foreign).toBe(0);
  expect(seen).toBeGreaterThan(20 * 1_000);
  expect(aborted).toBeGreaterThan(300);
});

test("an agency set for the connection instead of the transaction is found", async () => {
  const leaking = (client: PoolClient): PoolClient =>
    new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== "query") return typeof value === "function" ? (value as () => unknown).bind(target) : value;
        // The fault: "false" makes it last as long as the connection.
        return (statement: unknown) =>
          target.query(
            (typeof statement === "string" ? statement.replaceAll(", true)", ", false)") : statement) as string,
          );
      },
    });
  const pool = new Proxy(app.services.pool, {
    get(target, name) {
      if (name === "connect") return async () => leaking(await target.connect());
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  }) as Pool;
  expect((await trial({ ...app.services, pool })).foreign).toBeGreaterThan(0);
});
