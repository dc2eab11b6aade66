import { connect } from "node:net";
import Koa from "koa";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphqlEndpoint } from "../../src/graphql/endpoint.ts";
import { maskFailures } from "../../src/http/mask.ts";
import { Gate } from "../../src/http/gate.ts";
import { logRequests, originOf, type RequestState } from "../../src/http/request.ts";
import { ListenError, serve } from "../../src/http/serve.ts";
import { identify, sessionCookie } from "../../src/auth/session.ts";
import { startPage } from "../../src/http/start-page.ts";
import { startServer, type TestServer } from "./server.ts";
import { sampleSchema } from "./sample-schema.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ schema: sampleSchema, env: { CONGVAN_DEMO: "1" } });
});
afterAll(() => server[Symbol.asyncDispose]());

test("the process says that it is alive, and that it is ready once database, migrations and store answer", async () => {
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ alive: true });
  const ready = await fetch(`${server.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, database: true, migrations: true, store: true, stopping: false },
  ]);
});

test("it is not ready without its store, nor on a database that is not up to date", async () => {
  const store = {
    stat: () => Promise.reject(new Error("gone")),
    [Symbol.asyncDispose]: async () => undefined,
  } as never;
  await using broken = await startServer({ overrides: { store } });
  const response = await fetch(`${broken.url}/readyz`);
  expect([response.status, ((await response.json()) as { store: boolean }).store]).toEqual([503, false]);

  await using old = await startServer();
  await old.sql("alter table file rename column media_type to kind");
  expect(((await (await fetch(`${old.url}/readyz`)).json()) as { migrations: boolean }).migrations).toBe(false);
});

test("metrics are for the machine itself, not for whom a proxy asks", async () => {
  await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-congvan-csrf": "1" },
    body: '{"query":"{ me }"}',
  });
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toContain('congvan_graphql_operations_total{type="query",outcome="ok"}');
  expect(text).toMatch(/congvan_http_request_seconds_count\{method="POST",route="\/graphql",status="200"\} [1-9]/);
  expect(text).toContain('congvan_database_connections{state="idle"}');
  expect((await fetch(`${server.url}/metrics`, { headers: { "x-forwarded-for": "203.0.113.7" } })).status).toBe(404);
});

test("what is not there is a plain 404, and a wrong method a 405, both with the usual headers", async () => {
  const missing = await fetch(`${server.url}/no/such/path?secret=1`);
  expect([missing.status, ((await missing.json()) as { error: { code: string } }).error.code]).toEqual([
    404,
    "NOT_FOUND",
  ]);
  const wrong = await fetch(`${server.url}/files`, { method: "DELETE" });
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
  for (const { headers } of [missing, wrong])
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
  expect(server.log.join("")).not.toContain("secret=1");
});

describe("the start page", () => {
  test("says in Vietnamese what this is, and who can sign in to the demo", async () => {
    await server.official("Nguyễn Thị <b>Ánh</b>");
    await server.sql(
      "update account set username = 'anh.nt' where person_id in (select id from person where full_name like '%Ánh%')",
    );
    const response = await fetch(server.url);
    const html = await response.text();
    expect(html).toContain('<html lang="vi">');
    expect(html).toContain("Nguyễn Thị &#60;b&#62;Ánh&#60;/b&#62;");
    expect(html).toContain("<code>anh.nt</code>");
    expect(html).not.toContain("<script");
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'; style-src 'sha256-/);
  });

  test("names nobody outside demo mode", () => {
    expect(startPage(null)).not.toMatch(/<table|mật khẩu/);
  });
});

test("the session cookie is for this site and for no script, and for TLS alone where there is TLS", () => {
  const expires = new Date("2026-11-22T00:00:00Z");
  expect(sessionCookie("t", expires, true)).toBe(
    "congvan_session=t; Path=/; Expires=Sun, 22 Nov 2026 00:00:00 GMT; HttpOnly; SameSite=Lax; Secure",
  );
  expect(sessionCookie(null, null, false)).toBe(
    "congvan_session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
  );
});

test("a client's address is the last hop of a proxy that is ours, and never made up", () => {
  const [plain, proxied] = [{ behindProxy: false }, { behindProxy: true }] as never[];
  expect(originOf(plain!, "::ffff:192.0.2.1", "203.0.113.7")).toBe("192.0.2.1");
  expect(originOf(proxied!, "127.0.0.1", "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
  expect(originOf(proxied!, "127.0.0.1", "<script>")).toBe("127.0.0.1");
});

test("so many at a time get in and the rest are turned away, in all and for each", () => {
  const gate = new Gate(2, 1);
  const leave = gate.enter("a");
  expect(() => gate.enter("a")).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  gate.enter("b");
  expect(() => gate.enter("c")).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  leave();
  gate.enter("c");
  expect(gate.count).toBe(2);
});

test("an operation that takes too long is answered in time, and keeps its place until it is over", async () => {
  const app = new Koa<RequestState>();
  const bounds = { operations: 1, operationsOfOne: 1, streams: 1, streamsOfOne: 1, milliseconds: 100 };
  app.use(logRequests(server.services.config, pino({ level: "silent" }), () => undefined));
  app.use(maskFailures(({ code }) => ({ code })));
  app.use(identify(server.services));
  app.use(
    graphqlEndpoint(server.services, sampleSchema, {
      stopping: new AbortController().signal,
      counted: () => undefined,
      bounds,
    }),
  );
  await using serving = await serve(app, { host: "127.0.0.1", port: 0 });
  const ask = (query: string) =>
    fetch(serving.url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-congvan-csrf": "1" },
      body: JSON.stringify({ query }),
    });
  const began = performance.now();
  const late = await ask("{ slow(ms: 700) }");
  expect([late.status, await late.json()]).toEqual([503, { code: "UNAVAILABLE" }]);
  expect(performance.now() - began).toBeLessThan(600);
  const crowded = await ask("{ me }");
  expect([crowded.status, crowded.headers.get("retry-after")]).toEqual([503, "1"]);
  await expect.poll(async () => (await ask("{ me }")).status, { timeout: 5_000 }).toBe(200);
});

describe("listening", () => {
  test("a port that is taken is said to be taken", async () => {
    const attempt = serve(new Koa(), { host: "127.0.0.1", port: server.serving.port });
    await expect(attempt).rejects.toThrow(ListenError);
    await expect(attempt).rejects.toThrow(/another program listens there/);
  });

  test("a head that trickles in is cut off", async () => {
    const socket = connect(server.serving.port, "127.0.0.1");
    const began = performance.now();
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
    const trickle = setInterval(() => socket.write("x: y\r\n"), 500);
    socket.on("error", () => undefined).resume();
    await new Promise((resolve) => socket.on("close", resolve));
    clearInterval(trickle);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test("requests under way are finished before the server is closed; new ones are not taken", async () => {
    const closing = await startServer({ schema: sampleSchema });
    const headers = { "content-type": "application/json", "x-congvan-csrf": "1" };
    const running = fetch(`${closing.url}/graphql`, { method: "POST", headers, body: '{"query":"{ slow(ms: 400) }"}' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    // As browsers do, in advance.
    const unused = connect(closing.serving.port, "127.0.0.1");
    await new Promise((resolve) => unused.once("connect", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    const closed = closing.serving.close();
    await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
    expect(await (await running).json()).toEqual({ data: { slow: "xong" } });
    await closed;
    expect(performance.now() - began).toBeLessThan(2_000);
    await closing[Symbol.asyncDispose]();
  });
});
