import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { serve } from "../../src/http/serve.ts";
import type { Services } from "../../src/services.ts";
import { openServices } from "../../src/start.ts";
import { plantedServer, type Rewrite } from "../durability/planted.ts";
import { brokenPromises, uuidOf } from "../durability/promises.ts";
import { register, type Told } from "../durability/registrar.ts";
import { demoPassword } from "../../src/demo/province.ts";
import { settings, startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

/** Midnight in Vietnam, at which 2027 begins. */
const newYear = Date.parse("2026-12-31T17:00:00Z");
const skews = [-2_000, 0, 2_000];
const stack = new AsyncDisposableStack();
let app: TestApp;
let began = 0;
let nodes: readonly { services: Services; url: string }[];

/** A clock that runs and is this much early or late; it started three seconds before midnight. */
const clock = (skew: number) => () => new Date(newYear - 3_000 + skew + (performance.now() - began));

beforeAll(async () => {
  app = stack.use(await startApp());
  const config = readConfig(settings(app.database, app.dataDirectory, { DATABASE_POOL: "4" }));
  const log = pino({ level: "silent" });
  nodes = await Promise.all(
    skews.map(async (skew) => {
      const { services } = stack.use(await openServices(config, undefined, { log, now: clock(skew) }));
      const { url } = stack.use(await serve(buildApp(services), { host: "127.0.0.1", port: 0 }));
      return { services, url };
    }),
  );
});
afterAll(() => stack.disposeAsync());

async function signedIn(username: string, urls: readonly string[]): Promise<{ agencyId: string; clients: Client[] }> {
  began = performance.now();
  const first = new Client(urls[1]!);
  await first.signIn(username, demoPassword);
  const { viewer } = await first.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
  const clients = urls.map((url) => Object.assign(new Client(url), { cookie: first.cookie }));
  return { agencyId: uuidOf(viewer.agency.id), clients };
}

/** Eight clients register at the three nodes until all their clocks show the new year. */
async function throughMidnight(clients: readonly Client[]): Promise<Told[]> {
  began = performance.now();
  const told: Told[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, client) => {
      for (let act = 0; performance.now() - began < 5_600; act++)
        told.push(await register(clients[(client + act) % clients.length]!, `Giao thừa ${client}, lần ${act}`));
    }),
  );
  return told;
}

test("across midnight of 31 December in Vietnam every number lies in the year of its arrival, at three clocks 2 s apart", async () => {
  const { agencyId, clients } = await signedIn(
    "vanthu.snv",
    nodes.map(({ url }) => url),
  );
  const told = await throughMidnight(clients);
  expect(await brokenPromises(app.database.superConnection, agencyId, told)).toEqual([]);
  for (const year of [2026, 2027]) expect(told.filter((each) => each.year === year).length).toBeGreaterThan(50);
  for (const { year, arrivedAt } of told) expect(year).toBe(Date.parse(arrivedAt) < newYear ? 2026 : 2027);
  // The clocks differ, so for four seconds numbers of both years are given.
  const firstOfNew = told.findIndex(({ year }) => year === 2027);
  expect(told.slice(firstOfNew).some(({ year }) => year === 2026)).toBe(true);
});

test("a request repeated after midnight keeps the number of the old year", async () => {
  const { agencyId, clients } = await signedIn(
    "vanthu.stc",
    nodes.map(({ url }) => url),
  );
  const keyOf = () => "vao-so-luc-giao-thua";
  const before = await register(clients[0]!, "Văn bản cuối năm", { keyOf });
  began -= 10_000;
  const after = await register(clients[2]!, "Văn bản cuối năm", { keyOf });
  expect(after).toEqual(before);
  expect(before.year).toBe(2026);
  expect(await brokenPromises(app.database.superConnection, agencyId, [after])).toEqual([]);
});

test("a year taken from UTC is found", async () => {
  // The fault: the clock's own year, which in Vietnam is last year's until seven in the morning.
  const inUtc: Rewrite = (sql, parameters) =>
    /update document_register|insert into document_register/.test(sql)
      ? [sql, parameters.map((value) => (value === 2027 ? 2026 : value))]
      : [sql, parameters];
  const urls = await Promise.all(
    nodes.map(async ({ services }) => stack.use(await plantedServer(services, inUtc)).url),
  );
  const { agencyId, clients } = await signedIn("vanthu.sxd", urls);
  const told = await throughMidnight(clients);
  const broken = await brokenPromises(app.database.superConnection, agencyId, told);
  expect(broken.filter((each) => each.startsWith("wrong year")).length).toBeGreaterThan(50);
});
