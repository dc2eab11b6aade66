import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { socketConnection } from "../../src/embedded/connection.ts";
import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { readPostmaster } from "../../src/embedded/postmaster.ts";
import { killServer } from "../support/postgres.ts";
import { ask, clusterHome, expectNoServerLeft, startHolder } from "./processes.ts";

afterEach(expectNoServerLeft);

test("the first start creates, a second starts, a third process attaches, the last one out stops", async () => {
  await using home = await clusterHome();
  const first = await startHolder(home.path, { settings: {} });
  expect(first.outcome).toBe("created");
  await ask(first, "create table register as select 1 as number");
  await first.leave();
  expect(await readPostmaster(home.data)).toBeUndefined();

  const second = await startHolder(home.path, { settings: {} });
  const third = await startHolder(home.path);
  expect([second.outcome, third.outcome]).toEqual(["started", "attached"]);
  expect(third.socketDirectory).toBe(second.socketDirectory);
  await second.leave();
  expect(await ask(third, "select number from register")).toEqual([1]);
  await third.leave();
  expect(await readPostmaster(home.data)).toBeUndefined();
  console.log(`ms: first ${first.milliseconds}, second ${second.milliseconds}, attach ${third.milliseconds}`);
});

test("the server is durable, checked, in UTC, closed to the network and knows Vietnamese letters", async () => {
  await using home = await clusterHome();
  await using postgres = await openEmbeddedPostgres({ directory: home.path });
  const settings = ["fsync", "synchronous_commit", "data_checksums", "timezone", "listen_addresses", "shared_buffers"];
  const values = await ask(postgres, settings.map((name) => `select current_setting('${name}')`).join(" union all "));
  expect(values).toEqual(["on", "on", "on", "UTC", "", "128MB"]);
  expect(await ask(postgres, "select lower('ĐẮK LẮK')")).toEqual(["đắk lắk"]);
  expect((await stat(postgres.dataDirectory)).mode & 0o777).toBe(0o700);
  expect((await stat(postgres.socketDirectory)).mode & 0o777).toBe(0o700);
  const rules = (await readFile(join(home.data, "pg_hba.conf"), "utf8")).match(/^host.*$/gm);
  expect(rules?.every((rule) => rule.trim().endsWith("reject"))).toBe(true);
});

test("after kill -9 of the process the server stays and the next start attaches at once", async () => {
  await using home = await clusterHome();
  const killed = await startHolder(home.path);
  const server = await readPostmaster(home.data);
  await ask(killed, "create table register as select 1 as number");
  await killed.kill();

  const next = await startHolder(home.path);
  expect(next.outcome).toBe("attached");
  expect(await readPostmaster(home.data)).toEqual(server);
  expect(await ask(next, "select number from register")).toEqual([1]);
  await next.leave();
  console.log(`ms: attach after kill -9 ${next.milliseconds}`);
});

test("after kill -9 of the process and of the server nothing committed is lost", async () => {
  await using home = await clusterHome();
  expect(await numbersAfterCrash(home.path, {})).toBe(200);
});

// The planted bug: a server that confirms before it has written must fail the test above.
test("the crash test notices a server that confirms too early", async () => {
  await using home = await clusterHome();
  const early = { synchronous_commit: "off", wal_writer_delay: "10s" };
  expect(await numbersAfterCrash(home.path, early)).toBeLessThan(200);
});

/** How many of 200 rows, each confirmed on its own, are there after everything was killed and started again. */
async function numbersAfterCrash(directory: string, settings: Record<string, string>): Promise<unknown> {
  const killed = await startHolder(directory, { settings });
  await ask(killed, "create table register (number int)");
  await ask(killed, "checkpoint");
  await ask(killed, "do $$ begin for n in 1..200 loop insert into register values (n); commit; end loop; end $$");
  // The process first: it would start the server again.
  await killed.kill();
  await killServer({ connection: (user, database) => socketConnection(killed.socketDirectory, user, database) });
  const next = await startHolder(directory);
  expect(next.outcome).toBe("started");
  const [count] = await ask(next, "select count(*)::int from register");
  await next.leave();
  console.log(`ms: start after kill -9 of both ${next.milliseconds}`);
  return count;
}

test("Ctrl-C in the terminal reaches the application, not the server", async () => {
  await using home = await clusterHome();
  const holder = await startHolder(home.path);
  // The holder leads a process group, as a shell's foreground job does; the terminal signals the whole group.
  process.kill(-(holder.process.pid ?? 0), "SIGINT");
  await sleep(100);
  expect(await ask(holder, "select 1")).toEqual([1]);
  await holder.leave();
});

test("a server that dies while in use is started again", async () => {
  await using home = await clusterHome();
  const steps: string[] = [];
  await using postgres = await openEmbeddedPostgres({ directory: home.path, onProgress: (step) => steps.push(step) });
  await ask(postgres, "create table register as select 1 as number");
  await killServer(postgres);
  let answer: unknown[] = [];
  for (let attempt = 0; attempt < 100 && answer.length === 0; attempt++) {
    await sleep(50);
    answer = await ask(postgres, "select number from register").catch(() => []);
  }
  expect(answer).toEqual([1]);
  expect(steps).toContain("the connection to PostgreSQL was lost");
});

test("letting go at the moment when the server dies neither hangs nor fails", async () => {
  await using home = await clusterHome();
  const open = () => openEmbeddedPostgres({ directory: home.path, settings: { fsync: "off" } });
  const before = await open();
  await killServer(before);
  await before.release();
  const during = await open();
  const server = await readPostmaster(home.data);
  const leaving = [during.release(), during.release()];
  process.kill(server?.pid ?? 0, "SIGKILL");
  await Promise.all(leaving);
});

test("a lock file whose process id now belongs to another program does not keep the server down", async () => {
  await using home = await clusterHome();
  const first = await startHolder(home.path);
  await first.leave();
  const { uid, gid } = await stat(home.data);
  // Under the server's own account, as in a container: PostgreSQL by itself would refuse to start.
  const other = spawn("/bin/sleep", ["60"], { ...(process.getuid?.() === 0 ? { uid, gid } : {}), stdio: "ignore" });
  await once(other, "spawn");
  await writeFile(join(home.data, "postmaster.pid"), `${other.pid}\n${home.data}\n1\n5432\n/nowhere\n\n1 1\nready\n`);
  const second = await startHolder(home.path);
  expect(second.outcome).toBe("started");
  await second.leave();
  other.kill();
});

test("half-made clusters of dead processes are swept, those of living ones are left alone", async () => {
  await using home = await clusterHome();
  const dead = spawn("/bin/true");
  await once(dead, "exit");
  await mkdir(join(home.path, `data.init-${dead.pid}-0badcafe`, "base"), { recursive: true });
  await mkdir(join(home.path, `data.init-${process.pid}-0ddba11a`, "base"), { recursive: true });
  const holder = await startHolder(home.path);
  await holder.leave();
  expect((await readdir(home.path)).sort()).toEqual(["data", `data.init-${process.pid}-0ddba11a`, "start.log"]);
});

test("a process killed in the middle of creating the cluster leaves nothing that matters", async () => {
  await using home = await clusterHome();
  const unlucky = startHolder(home.path).catch((error: Error) => error);
  let drafts: string[] = [];
  for (let attempt = 0; attempt < 500 && drafts.length === 0; attempt++) {
    await sleep(5);
    drafts = (await readdir(home.path)).filter((name) => name.startsWith("data.init-"));
  }
  process.kill(Number(drafts[0]?.split("-")[1]), "SIGKILL");
  await unlucky;
  const next = await startHolder(home.path);
  expect(next.outcome).toBe("created");
  await next.leave();
  expect((await readdir(home.path)).sort()).toEqual(["data", "start.log"]);
});

test("data of another major version, or none of PostgreSQL's, is refused and left as it is", async () => {
  await using home = await clusterHome();
  await mkdir(home.data);
  await writeFile(join(home.data, "PG_VERSION"), "17\n");
  await expect(startHolder(home.path)).rejects.toMatchObject({ code: "WRONG_VERSION" });
  expect(await readdir(home.data)).toEqual(["PG_VERSION"]);
});

test("a server that cannot start says why", async () => {
  await using home = await clusterHome();
  const attempt = startHolder(home.path, { settings: { shared_buffers: "much", fsync: "off" } });
  await expect(attempt).rejects.toMatchObject({ code: "START_FAILED", message: /shared_buffers/ });
});
