import { randomUUID } from "node:crypto";
import { ask, load, type Load, perSecond, together } from "./load.ts";
import { document } from "./register-sql.ts";
import { quantile, Report } from "./report.ts";
import { type Clerk, openWorld, type World } from "./world.ts";

const registers = 8;
const rounds = 5;
/** As many connections as the server has for each of the two ways. */
const connections = 10;

const mutation = `mutation ($input: RegisterIncomingDocumentInput!) {
  registerIncomingDocument(input: $input) { incomingDocument { id arrivalNumber register { year } } }
}`;

/**
 * Registration through the API against the same statements straight through `pg`, by turns in one run.
 * Both have two processes of ours besides PostgreSQL: this one, which orders and waits, and one that does it. Over the API
 * each act is one HTTP request from here; for SQL only the whole round is ordered from here, so that its acts cost no
 * messages at all: the comparison favours SQL.
 */
export async function benchRegister(flags: readonly string[] = []): Promise<Report> {
  const report = new Report("register");
  await using world = await openWorld(flags);
  const clerks = await world.signIn(registers);
  // The first of a year opens the book; the first of a process compiles the code.
  await throughApi(world, clerks, 400, 16);
  await throughSql(world, clerks, 400, 16);
  for (const { clients, count } of [
    { clients: 1, count: 150 },
    { clients: 16, count: 600 },
  ]) {
    const api: Load[] = [];
    const sql: Load[] = [];
    for (let round = 0; round < rounds; round++) {
      api.push(await throughApi(world, clerks, count, clients));
      sql.push(await throughSql(world, clerks, count, clients));
    }
    for (const [way, loads] of [
      ["API", api],
      ["SQL", sql],
    ] as const) {
      const { latencies } = together(loads);
      report.add(`${way}, ${clients} clients: median`, quantile(latencies, 0.5), "ms");
      report.add(`${way}, ${clients} clients: p95`, quantile(latencies, 0.95), "ms");
      report.add(`${way}, ${clients} clients: throughput`, perSecond(together(loads)), "registrations/s");
    }
    report.add(`API ÷ SQL, ${clients} clients`, perSecond(together(api)) / perSecond(together(sql)), "ratio", {
      atLeast: 0.5,
    });
  }
  return report;
}

const throughApi = (world: World, clerks: readonly Clerk[], count: number, clients: number) =>
  load(count, clients, (index) =>
    ask(world.server.url, { cookie: clerks[index % clerks.length]!.cookie }, mutation, {
      input: { ...document, idempotencyKey: randomUUID() },
    }),
  );

const throughSql = (world: World, clerks: readonly Clerk[], count: number, clients: number) =>
  world.sql({ work: "register", url: world.appUrl, connections, clerks, count, clients });
