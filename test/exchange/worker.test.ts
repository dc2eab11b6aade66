import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "../../src/worker.ts";
import { deliveries, effects, exchangeWorld, type ExchangeWorld, issue, onceAt } from "./world.ts";

let world: ExchangeWorld;
beforeAll(async () => {
  world = await exchangeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("a commit wakes the worker, which does the rest by itself; an act that is taken back wakes nobody", async () => {
  let woken = 0;
  const worker = startWorker(world.services);
  world.services.wake = () => {
    woken++;
    worker.wake();
  };
  const ctx = world.context("H99.02");
  await expect(
    ctx.transact(async () => {
      ctx.afterCommit(() => world.services.wake());
      throw new Error("taken back");
    }),
  ).rejects.toThrow("taken back");
  expect(woken).toBe(0);
  const document = await issue(world, "H99.02", ["H99.03"]);
  expect(woken).toBeGreaterThan(0);
  await expect
    .poll(() => deliveries(world, document), { timeout: 10_000 })
    .toMatchObject([{ state: "STORED", status: "01" }]);
  await worker[Symbol.asyncDispose]();
});

test("an agency whose work fails holds up neither the others nor the worker", async () => {
  using _broken = world.throughHub((hub) => ({
    inbox: (recipient, page) =>
      recipient === "H99.04" ? Promise.reject(new Error("broken")) : hub.inbox(recipient, page),
  }));
  const document = await issue(world, "H99.02", ["H99.03", "H99.04", "H99.05"]);
  await world.settle();
  expect((await deliveries(world, document)).map(({ state }) => state)).toEqual(["STORED", "ACCEPTED", "STORED"]);
});

test("it ends in the middle of its work without losing or repeating any", async () => {
  const documents = [];
  for (let index = 0; index < 12; index++) documents.push(await issue(world, "H99.02", ["H99.05", "H99.06"]));
  for (let time = 0; time < 4; time++) {
    const worker = startWorker(world.services);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await worker[Symbol.asyncDispose]();
  }
  await world.settle();
  for (const document of documents) expect(await effects(world, document)).toEqual(onceAt(2));
});

test("the directory is filled once, and afterwards only with what has changed", async () => {
  const version = async () => (await world.query<{ version: string }>("select version from hub.directory"))[0]!.version;
  const before = await version();
  await world.settle();
  expect(await version()).toBe(before);
  await world.query("update agency set name = 'Sở Tài chính và Đầu tư' where code = 'H99.03'");
  await world.settle();
  expect(Number(await version())).toBe(Number(before) + 1);
  expect(await world.query("select name from axis_agency where code = 'H99.03'")).toEqual([
    { name: "Sở Tài chính và Đầu tư" },
  ]);
});
