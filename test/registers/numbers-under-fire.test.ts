import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brokenPromises, entryCount, uuidOf } from "../durability/promises.ts";
import { inParallel, register, registration, type Told } from "../durability/registrar.ts";
import { type ServerProcess, startServer } from "../durability/server-process.ts";
import { settings, startApp, type TestApp } from "../support/app.ts";
import { ApiError, Client } from "../support/client.ts";

/** Clients at the same time, half of them at each of two server processes on one database. */
const clientCount = 64;
let app: TestApp;
let servers: readonly ServerProcess[];

beforeAll(async () => {
  app = await startApp();
  const env = settings(app.database, app.dataDirectory, { DATABASE_POOL: "8" });
  servers = await Promise.all([startServer(env), startServer(env)]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await app[Symbol.asyncDispose]();
});

interface Clerks {
  readonly agencyId: string;
  /** The same office at the one process and the other, by turns. */
  readonly clients: readonly Client[];
}

async function clerksOf(username: string): Promise<Clerks> {
  const first = await app.signIn(username);
  const { viewer } = await first.call<{ viewer: { agency: { id: string } } }>("{ viewer { agency { id } } }");
  const clients = Array.from({ length: clientCount }, (_, index) =>
    Object.assign(new Client(servers[index % servers.length]!.url), { cookie: first.cookie }),
  );
  return { agencyId: uuidOf(viewer.agency.id), clients };
}

/** Each client does so many acts, one after the other; all clients at the same time. */
async function eachDoes<T>(
  clients: readonly Client[],
  acts: number,
  act: (client: Client, index: number) => Promise<T>,
): Promise<T[]> {
  const results = await Promise.all(
    clients.map(async (client, place) => {
      const mine: T[] = [];
      for (let count = 0; count < acts; count++) mine.push(await act(client, place * acts + count));
      return mine;
    }),
  );
  return results.flat();
}

const numbersOf = (told: readonly { number: number }[]) => told.map(({ number }) => number).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test(`${clientCount} clients at two processes get 1 to N, none twice, none left out, each as the database has it`, async () => {
  const { agencyId, clients } = await clerksOf("vanthu.snv");
  const told = await eachDoes(clients, 10, (client, index) => register(client, `Văn bản dưới tải số ${index}`));
  expect(numbersOf(told)).toEqual(upTo(clientCount * 10));
  expect(await brokenPromises(app.database.superConnection, agencyId, told)).toEqual([]);
  expect(told.flatMap(({ failures }) => failures)).toEqual([]);
});

test("reserved and void numbers and acts that fail leave no gap and take nobody's number", async () => {
  const { agencyId, clients } = await clerksOf("vanthu.stc");
  const absent = Buffer.from(`File:${randomUUID()}`).toString("base64url");
  let refused = 0;
  const entries: number[] = [];
  const acts: ((client: Client, name: string) => Promise<Told | null>)[] = [
    register,
    register,
    // The number is taken before the missing file is noticed: it must go back.
    async (client, name) => {
      const input = { ...registration(name), attachments: [{ role: "MAIN", fileId: absent }] };
      const error = await client
        .act("registerIncomingDocument", input, "{ incomingDocument { id } }")
        .catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(ApiError);
      expect((error as ApiError).code).toBe("NOT_FOUND");
      refused++;
      return null;
    },
    async (client) => {
      const entry = await reserve(client);
      entries.push(entry.number);
      return null;
    },
    async (client) => {
      const { id, number } = await reserve(client);
      entries.push(number);
      const input = { entryId: id, reason: "Giữ nhầm" };
      const { entry } = await client.act<{ entry: Entry }>("voidNumber", input, "{ entry { id number state } }");
      expect(entry).toEqual({ id, number, state: "VOID" });
      return null;
    },
  ];
  const count = clientCount * 8;
  const results = await eachDoes(clients, 8, (client, index) => acts[index % acts.length]!(client, `Việc ${index}`));
  const told = results.filter((each) => each !== null);
  expect(refused).toBeGreaterThan(90);
  expect([...numbersOf(told), ...entries].sort((a, b) => a - b)).toEqual(upTo(count - refused));
  expect(await brokenPromises(app.database.superConnection, agencyId, told)).toEqual([]);
  expect(await entryCount(app.database.superConnection, agencyId)).toBe(count - refused);
});

interface Entry {
  id: string;
  number: number;
  state: string;
}

async function reserve(client: Client): Promise<Entry> {
  const input = { kind: "INCOMING", reason: "Giữ số cho văn bản giấy" };
  const { entry } = await client.act<{ entry: Entry }>("reserveNumber", input, "{ entry { id number state } }");
  expect(entry.state).toBe("RESERVED");
  return entry;
}

describe("one key", () => {
  test("sent by 16 clients at once makes one document and gives all the same answer", async () => {
    const { agencyId, clients } = await clerksOf("vanthu.sxd");
    const told: Told[] = [];
    for (let round = 0; round < 5; round++) {
      const key = randomUUID();
      const same = await inParallel(16, 16, (index) =>
        register(clients[index]!, `Gửi lại ${round}`, { keyOf: () => key }),
      );
      for (const answer of same) expect({ ...answer, failures: [] }).toEqual({ ...same[0], failures: [] });
      told.push(same[0]!);
    }
    expect(numbersOf(told)).toEqual(upTo(5));
    expect(await brokenPromises(app.database.superConnection, agencyId, told)).toEqual([]);
  });

  test("used for another request is refused, and takes no number", async () => {
    const { agencyId, clients } = await clerksOf("vanthu.stp");
    const keyOf = () => "khoa-da-dung-roi";
    const first = await register(clients[0]!, "Yêu cầu thứ nhất", { keyOf });
    const second = await register(clients[1]!, "Yêu cầu thứ hai", { keyOf }).catch((error: unknown) => error);
    expect((second as ApiError).code).toBe("CONFLICT");
    expect(await brokenPromises(app.database.superConnection, agencyId, [first])).toEqual([]);
  });
});
