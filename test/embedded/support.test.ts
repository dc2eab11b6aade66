import { Client } from "pg";
import { expect, test } from "vitest";
import { crashableCluster, templateDatabase, testDatabase } from "../support/postgres.ts";

async function run(connection: ConstructorParameters<typeof Client>[0], sql: string) {
  const client = new Client(connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("each test file gets a database of its own from a template built once", async () => {
  let built = 0;
  const migrate = async (owner: object) => {
    built += 1;
    await run(owner, "create table register (number int); insert into register values (1)");
  };
  const name = `template_${process.pid}`;
  const names = await Promise.all([1, 2, 3].map(() => templateDatabase(name, migrate)));
  expect([built, ...names]).toEqual([1, name, name, name]);
  await using one = await testDatabase(name);
  await using two = await testDatabase(name);
  await run(one.ownerUrl, "insert into register values (2)");
  expect(await run(two.ownerUrl, "select * from register")).toEqual([{ number: 1 }]);
  await expect(run(two.appConnection, "select * from register")).rejects.toThrow("permission denied");
});

test("a killed cluster comes back with what was committed", async () => {
  await using cluster = await crashableCluster();
  await run(cluster.database.ownerConnection, "create table t as select 7 as n");
  await cluster.kill9();
  await expect(run(cluster.database.ownerConnection, "select 1")).rejects.toThrow();
  await cluster.restart();
  expect(await run(cluster.database.ownerConnection, "select n from t")).toEqual([{ n: 7 }]);
});
