import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { readPostmaster } from "../../src/embedded/postmaster.ts";
import { asSuperuser, createDatabase, ensureRolesAndDatabase } from "../../src/embedded/roles.ts";
import { ask, clusterHome, expectNoServerLeft, startHolder } from "./processes.ts";

afterEach(expectNoServerLeft);

const FOUR = [1, 2, 3, 4];
const STARTED_AT = "select pg_postmaster_start_time()::text";

test("of four processes on an empty directory one creates the cluster and all use one server", async () => {
  await using home = await clusterHome();
  const holders = await Promise.all(FOUR.map(() => startHolder(home.path)));
  expect(holders.filter((holder) => holder.outcome === "created")).toHaveLength(1);
  const starts = await Promise.all(holders.map((holder) => ask(holder, STARTED_AT)));
  expect(new Set(starts.flat()).size).toBe(1);
  for (const holder of holders) {
    expect(await ask(holder, "select 1")).toEqual([1]);
    await holder.leave();
  }
  expect(await readPostmaster(home.data)).toBeUndefined();
});

test("four processes start and leave a stopped cluster together, five times", async () => {
  await using home = await clusterHome();
  await (await startHolder(home.path)).leave();
  for (let round = 1; round <= 5; round++) {
    const holders = await Promise.all(FOUR.map(() => startHolder(home.path)));
    expect(holders.filter((holder) => holder.outcome === "started")).toHaveLength(1);
    const servers = new Set((await Promise.all(holders.map((holder) => ask(holder, STARTED_AT)))).flat());
    expect(servers.size).toBe(1);
    await Promise.all(holders.map((holder) => holder.leave()));
    expect(await readPostmaster(home.data)).toBeUndefined();
  }
});

test("processes that come while others leave always get a server", async () => {
  await using home = await clusterHome();
  const open = () => openEmbeddedPostgres({ directory: home.path, settings: { fsync: "off" }, revive: false });
  let served = 0;
  const visitor = async (visits: number) => {
    for (let visit = 0; visit < visits; visit++) {
      await using postgres = await open();
      const [one] = await ask(postgres, "select 1");
      if (one === 1) served += 1;
    }
  };
  await Promise.all(FOUR.map(() => visitor(8)));
  expect(served).toBe(32);
});

test("a process that leaves does not take the server from another", async () => {
  await using home = await clusterHome();
  const release = (postgres: { release(): Promise<void> }) => postgres.release();
  expect(await servedThroughout(home.path, release)).toBe(true);
  // The planted bug: whoever leaves stops the server, without asking whether it is the last.
  const stopAnyway = async (postgres: { dataDirectory: string; release(): Promise<void> }) => {
    process.kill((await readPostmaster(postgres.dataDirectory))?.pid ?? 0, "SIGINT");
    await postgres.release();
  };
  expect(await servedThroughout(home.path, stopAnyway)).toBe(false);
});

/** Whether the connection of one user of the server outlives the leaving of another. */
async function servedThroughout(
  directory: string,
  leave: (postgres: Awaited<ReturnType<typeof openEmbeddedPostgres>>) => Promise<void>,
): Promise<boolean> {
  const options = { directory, settings: { fsync: "off" }, revive: false };
  const [staying, leaving] = [await openEmbeddedPostgres(options), await openEmbeddedPostgres(options)];
  const client = new Client(staying.connection("postgres", "postgres"));
  client.on("error", () => undefined);
  await client.connect();
  await leave(leaving);
  const served = await client.query("select 1").then(
    () => true,
    () => false,
  );
  await client.end().catch(() => undefined);
  await staying.release();
  // Nobody waits for a server that was stopped without being asked.
  while (await readPostmaster(staying.dataDirectory)) await sleep(10);
  return served;
}

test("roles and the database are made once, whoever asks and however often", async () => {
  await using home = await clusterHome();
  await using postgres = await openEmbeddedPostgres({ directory: home.path, settings: { fsync: "off" } });
  await Promise.all(FOUR.map(() => ensureRolesAndDatabase(postgres, { database: 'công "văn"' })));
  await ask(postgres, "alter role congvan_app superuser bypassrls");
  await ensureRolesAndDatabase(postgres, { database: 'công "văn"' });

  const powers = "array[rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication]";
  const roles = await ask(postgres, `select rolname, ${powers} from pg_roles where rolname ~ '^congvan_' order by 1`);
  const loginOnly = [true, false, false, false, false, false];
  expect(roles).toEqual(["congvan_app", loginOnly, "congvan_hub", loginOnly, "congvan_owner", loginOnly]);
  const owner = "select pg_get_userbyid(datdba), datlocale from pg_database where datname = 'công \"văn\"'";
  expect(await ask(postgres, owner)).toEqual(["congvan_owner", "C.UTF-8"]);

  const asApp = new Client(postgres.url("congvan_app", 'công "văn"'));
  await asApp.connect();
  await expect(asApp.query("create table mine (n int)")).rejects.toThrow("permission denied");
  await expect(asApp.query("create temporary table mine (n int)")).rejects.toThrow("permission denied");
  await asApp.end();
  await asSuperuser(postgres, (client) => createDatabase(client, "other"));
  await expect(asSuperuser(postgres, (client) => createDatabase(client, "other"))).rejects.toThrow("already exists");
});
