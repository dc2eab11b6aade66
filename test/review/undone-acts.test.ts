import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Context } from "../../src/context.ts";
import { known } from "../../src/http/failures.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let root: pg.Client;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  app = stack.use(await startApp());
  root = new pg.Client(app.database.superConnection);
  await root.connect();
  stack.defer(() => root.end());
});
afterAll(() => stack.disposeAsync());

test("an act that is undone again and again is given up, and tells nobody of it", async () => {
  const ctx = new Context(app.services, null, "test");
  let runs = 0;
  const undone = ctx.transact(async (em) => {
    runs++;
    ctx.notice({ agencyId: "", objectType: "Nothing", objectId: "", act: "test", at: "" });
    await em.execute("do $$ begin raise exception 'as if' using errcode = '40P01'; end $$");
  });
  await expect(undone).rejects.toMatchObject({ code: "40P01" });
  expect(runs).toBe(3);
  const other = ctx.transact(async (em) => {
    runs++;
    await em.execute("select 1 / 0");
  });
  await expect(other).rejects.toMatchObject({ code: "22012" });
  expect(runs).toBe(4);
});

test("a lock that somebody forgot makes an act fail in time, and the caller is told to come again", async () => {
  const ctx = new Context(app.services, null, "test");
  await root.query("begin");
  await root.query("lock table holiday in access exclusive mode");
  try {
    const waiting = ctx.transact(async (em) => {
      const [usual] = await em.execute<{ lock: string }[]>("select current_setting('lock_timeout') as lock");
      expect(usual?.lock).toBe("10s");
      await em.execute("set local lock_timeout = '100ms'");
      await em.execute("select from holiday");
    });
    const error: unknown = await waiting.catch((cause: unknown) => cause);
    expect(known(error)?.code).toBe("UNAVAILABLE");
  } finally {
    await root.query("rollback");
  }
});
