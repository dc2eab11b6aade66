import { createClient } from "graphql-sse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forgetViewer } from "../../src/auth/viewer.ts";
import { type Official, startServer, type TestServer } from "./server.ts";
import { sampleSchema } from "./sample-schema.ts";

let server: TestServer;
let official: Official;

beforeAll(async () => {
  server = await startServer({ schema: sampleSchema });
  official = await server.official();
});
afterAll(() => server[Symbol.asyncDispose]());

const clientOf = (headers: Record<string, string>, url = server.url) =>
  createClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });

type Result = { data?: Record<string, unknown> | null; errors?: readonly { extensions: Record<string, unknown> }[] };
const stream = (query: string, headers = official.browser, variables: Record<string, unknown> = {}, url?: string) =>
  clientOf(headers, url).iterate({ query, variables }) as AsyncIterableIterator<Result>;

async function all(results: AsyncIterable<Result>): Promise<Result[]> {
  const found: Result[] = [];
  for await (const result of results) found.push(result);
  return found;
}

test("a subscription gives its events in order and ends", async () => {
  const results = await all(stream("subscription($n: Int!) { ticks(count: $n) }", official.browser, { n: 3 }));
  expect(results).toEqual([1, 2, 3].map((ticks) => ({ data: { ticks } })));
});

test("a subscription receives a change told by the database and ends when its client leaves", async () => {
  const results = stream("subscription { changes }");
  const first = results.next();
  const notice = { agencyId: official.agencyId, objectType: "File", objectId: "1", act: "file.upload", at: "" };
  // The stream listens once its answer has begun; until then nothing is lost but hints.
  const telling = setInterval(
    () => server.services.changes.publish([notice, { ...notice, agencyId: "other", act: "other.act" }]),
    50,
  );
  try {
    expect((await first).value).toEqual({ data: { changes: "file.upload" } });
  } finally {
    clearInterval(telling);
  }
  await results.return!();
  const emitter = (server.services.changes as unknown as { emitter: { listenerCount(name: string): number } }).emitter;
  await expect.poll(() => emitter.listenerCount(official.agencyId)).toBe(0);
});

test("nobody, and whoever is not allowed to read, is told so in the stream", async () => {
  for (const [headers, code] of [
    [{ "x-congvan-csrf": "1" }, "UNAUTHENTICATED"],
    [await official.program("INTROSPECT"), "FORBIDDEN"],
  ] as const) {
    const [result, ...more] = await all(stream("subscription { whoami }", headers));
    expect([result?.errors?.[0]?.extensions["code"], more]).toEqual([code, []]);
  }
});

test("a source that fails ends the stream and shows nothing of itself", async () => {
  const results = await all(stream("subscription { fails }"));
  expect(results[0]).toEqual({ data: { fails: "once" } });
  expect(results[1]?.errors?.[0]?.extensions).toMatchObject({ code: "INTERNAL" });
  expect(JSON.stringify(results)).not.toContain("hunter2");
  expect(server.log.join("")).toContain("hunter2");
});

test("a stream ends when the session does", async () => {
  const leaver = await server.official("Cường", official.agencyId);
  const results = stream("subscription { whoami }", leaver.browser);
  expect((await results.next()).value).toEqual({ data: { whoami: leaver.appointmentId } });
  const [row] = await server.sql("delete from session where appointment_id = $1 returning token_hash", [
    leaver.appointmentId,
  ]);
  forgetViewer(server.services, row!["token_hash"] as Buffer);
  const rest = await all(results);
  expect(rest.at(-1)?.errors?.[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
});

test("a twenty-first stream of one office is turned away", async () => {
  const many = await server.official("Dung", official.agencyId);
  const open = Array.from({ length: 20 }, () => stream("subscription { whoami }", many.browser));
  await Promise.all(open.map((results) => results.next()));
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { ...many.browser, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription { whoami }" }),
  });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  await Promise.all(open.map((results) => results.return!()));
  await expect.poll(async () => (await all(stream("subscription { ticks(count: 1) }", many.browser))).length).toBe(1);
});

test("streams end when the server closes, and it does not wait for them", async () => {
  const closing = await startServer({ schema: sampleSchema });
  const guest = await closing.official();
  const results = stream("subscription { changes }", guest.browser, {}, closing.url);
  const ended = all(results);
  await expect.poll(() => closing.log.filter((line) => line.includes("request")).length >= 0).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  await closing[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await ended).toEqual([]);
});
