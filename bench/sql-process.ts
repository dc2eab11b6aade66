import pg from "pg";
import { load } from "./load.ts";
import { registerBySql } from "./register-sql.ts";
import { type Place, pageBySql } from "./list-sql.ts";
import type { Clerk } from "./world.ts";

/** What the process shall do, `count` times with `clients` at a time. */
export type SqlOrder = {
  readonly url: string;
  readonly connections: number;
  readonly count: number;
  readonly clients: number;
} & (
  | { readonly work: "register"; readonly clerks: readonly Clerk[] }
  | { readonly work: "list"; readonly clerk: Clerk; readonly places: readonly Place[] }
);

const pools = new Map<string, pg.Pool>();

function poolFor({ url, connections }: SqlOrder): pg.Pool {
  const key = `${connections} ${url}`;
  let pool = pools.get(key);
  if (!pool) pools.set(key, (pool = new pg.Pool({ connectionString: url, max: connections, min: 0 })));
  return pool;
}

async function run(order: SqlOrder) {
  const pool = poolFor(order);
  let rows: unknown[] = [];
  const act =
    order.work === "register"
      ? (index: number) => registerBySql(pool, order.clerks[index % order.clerks.length]!)
      : async (index: number) =>
          (rows = await pageBySql(pool, order.clerk, order.places[index % order.places.length]!));
  return { ...(await load(order.count, order.clients, act)), rows };
}

process.on("message", (order: SqlOrder) => {
  run(order).then(
    (answer) => process.send!(answer),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
