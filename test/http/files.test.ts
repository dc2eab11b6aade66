import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileReader } from "../../src/files/access.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { contentDisposition } from "../../src/http/content-disposition.ts";
import { fileNameOf } from "../../src/files/uploads.ts";
import { newId } from "../../src/ids.ts";
import { type Official, startServer, type TestServer } from "./server.ts";

const maxFileBytes = 300_000;
let server: TestServer;
let an: Official;
let binh: Official;
let stranger: Official;

beforeAll(async () => {
  server = await startServer({ env: { MAX_FILE_BYTES: String(maxFileBytes) } });
  an = await server.official("An");
  binh = await server.official("Bình", an.agencyId);
  stranger = await server.official("Lạ");
});
afterAll(() => server[Symbol.asyncDispose]());

const pdf = (filler = "") => Buffer.from(`%PDF-1.7\n${filler}\n%%EOF\n`);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

function send(
  bytes: Buffer,
  headers: Record<string, string> = {},
  who: Record<string, string> = an.browser,
): Promise<Response> {
  const body = new Uint8Array(bytes);
  return fetch(`${server.url}/files`, {
    method: "POST",
    headers: { "x-file-name": "a.pdf", ...who, ...headers },
    body,
  });
}

const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

test("a file goes up and comes down whole, with its Vietnamese name", async () => {
  const bytes = pdf(randomBytes(150_000).toString("latin1"));
  const name = "Công văn số 15 “khẩn” – Sở Nội vụ (bản 1).pdf";
  const up = await send(bytes, { "x-file-name": encodeURIComponent(name), "x-content-sha256": sha256(bytes) });
  expect(up.status).toBe(201);
  const file = (await up.json()) as Uploaded;
  expect(file).toEqual({ id: file.id, name, mediaType: "application/pdf", size: bytes.length, sha256: sha256(bytes) });

  const down = await fetch(server.url + up.headers.get("location"), { headers: an.browser });
  expect(down.status).toBe(200);
  expect(sha256(Buffer.from(await down.arrayBuffer()))).toBe(file.sha256);
  expect(Object.fromEntries(down.headers)).toMatchObject({
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-disposition": contentDisposition("inline", name),
    "content-length": String(bytes.length),
    "content-security-policy": expect.stringContaining("sandbox"),
    "content-type": "application/pdf",
    etag: `"${file.sha256}"`,
    "repr-digest": `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`,
    "x-content-type-options": "nosniff",
  });
  expect(
    await server.sql("select act from audit_event where agency_id = $1 and act = 'file.upload'", [an.agencyId]),
  ).toHaveLength(1);
});

test("repeating an upload under its key gives the same file; another content under it is a conflict", async () => {
  const headers = { "idempotency-key": `upload-${newId()}` };
  const [first, again] = [await send(pdf("một"), headers), await send(pdf("một"), headers)];
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(await again.json()).toEqual(await first.json());
  expect(await codeOf(await send(pdf("hai"), headers))).toBe("CONFLICT");
});

describe("what is not taken", () => {
  test.each([
    ["a program", Buffer.concat([Buffer.from("MZ"), Buffer.alloc(200)])],
    ["an ELF program", Buffer.from("7f454c4602010100", "hex")],
    ["a script", Buffer.from("#!/bin/sh\nrm -rf /\n")],
    ["bytes of no known kind", Buffer.from([0, 1, 2, 3, 0xfe, 0xff, 0, 9])],
    ["HTML", Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["a PDF with a ZIP at its end", Buffer.concat([pdf(), Buffer.from("504b0506".padEnd(44, "0"), "hex")])],
    ["a PDF with something before it", Buffer.concat([Buffer.from("GIF89a"), pdf()])],
    ["nothing", Buffer.alloc(0)],
  ])("%s", async (_, bytes) => {
    const response = await send(bytes);
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_INPUT"]);
  });

  test("bytes that are not what was announced", async () => {
    expect(await codeOf(await send(pdf(), { "x-content-sha256": "0".repeat(64) }))).toBe("BAD_INPUT");
    expect(await codeOf(await send(pdf(), { "x-content-sha256": "zz" }))).toBe("BAD_INPUT");
  });

  test.each(["", "%", "..", "a%2Fb", "a%5Cb", "a%00.pdf", "a%0d%0aset-cookie:x", "%E2%80%AEfdp.exe", "a".repeat(201)])(
    "the name %j",
    (name) => {
      expect(() => fileNameOf(name)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
    },
  );

  test("a request without the CSRF header, of nobody, or with a token that may only read", async () => {
    expect(await codeOf(await send(pdf(), {}, { cookie: an.browser["cookie"]! }))).toBe("CSRF");
    expect(await codeOf(await send(pdf(), {}, { "x-congvan-csrf": "1" }))).toBe("UNAUTHENTICATED");
    expect(await codeOf(await send(pdf(), {}, await an.program("READ")))).toBe("FORBIDDEN");
    expect((await send(pdf(), {}, await an.program("WRITE"))).status).toBe(201);
  });
});

describe("too large", () => {
  test("an announced length is refused before the first byte", async () => {
    const response = await send(Buffer.alloc(maxFileBytes + 1));
    expect([response.status, await codeOf(response)]).toEqual([413, "TOO_LARGE"]);
  });

  test("an upload that never ends is cut off at the limit, answered and closed", async () => {
    const { status, sent } = await flood("/files", { ...an.browser, "x-file-name": "a.pdf" });
    expect(status).toBe(413);
    expect(sent).toBeGreaterThan(maxFileBytes);
    expect(sent).toBeLessThan(40 << 20);
    expect(await readdir(join(server.services.config.dataDirectory, "files", "incoming"))).toEqual([]);
  });

  test("so is a GraphQL request", async () => {
    const { status, sent } = await flood("/graphql", { ...an.browser, "content-type": "application/json" });
    expect(status).toBe(413);
    expect(sent).toBeGreaterThan(server.services.config.maxBodyBytes);
  });

  test("and one that is refused for another reason", async () => {
    expect((await flood("/files", { "x-congvan-csrf": "1" })).status).toBe(401);
  });
});

/** Sends a chunked body without end until the server closes the connection. */
function flood(path: string, headers: Record<string, string>): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const lines = Object.entries({ host: "x", ...headers, "transfer-encoding": "chunked" }).map(
      ([key, value]) => `${key}: ${value}\r\n`,
    );
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    const chunk = Buffer.concat([Buffer.from("4000\r\n"), Buffer.alloc(0x4000, 0x41), Buffer.from("\r\n")]);
    let sent = 0;
    let answer = "";
    const more = () => {
      while (!socket.destroyed && socket.writable) {
        sent += 0x4000;
        if (!socket.write(chunk)) break;
      }
    };
    socket.on("drain", more).on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      if (status && /connection: close/i.test(answer)) resolve({ status: Number(status), sent });
      else reject(new Error(`No answer before the end: ${answer}`));
    });
    more();
  });
}

describe("ranges and conditions", () => {
  const bytes = pdf("0123456789".repeat(20_000));
  const size = bytes.length;
  let path: string;
  beforeAll(async () => {
    path = (await send(bytes)).headers.get("location")!;
  });
  const get = (headers: Record<string, string>, method = "GET") =>
    fetch(server.url + path, { method, headers: { ...an.browser, ...headers } });

  test.each([
    ["bytes=0-0", 0, 1],
    ["bytes=0-9", 0, 10],
    [`bytes=${size - 1}-`, size - 1, size],
    [`bytes=${size - 1}-${size - 1}`, size - 1, size],
    ["bytes=100-", 100, size],
    [`bytes=5-${size * 2}`, 5, size],
    ["bytes=-7", size - 7, size],
    [`bytes=-${size * 2}`, 0, size],
    ["BYTES=1-2", 1, 3],
  ])("%s is answered with that part", async (range, start, end) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/${size}`);
    expect(response.headers.get("content-length")).toBe(String(end - start));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(start, end))).toBe(true);
  });

  test.each(["bytes=0-1,5-6", "bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-0x"])(
    "%s is answered with all of it",
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(size);
    },
  );

  test.each([`bytes=${size}-`, `bytes=${size + 5}-${size + 9}`, "bytes=-0"])(
    "%s is refused with the size",
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(416);
      expect(response.headers.get("content-range")).toBe(`bytes */${size}`);
    },
  );

  test("HEAD has the head of GET and no body", async () => {
    const response = await get({ range: "bytes=0-0" }, "HEAD");
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      String(size),
      "",
    ]);
  });

  test("If-None-Match and If-Range go by the digest", async () => {
    const tag = `"${sha256(bytes)}"`;
    for (const value of [tag, `W/${tag}`, `"x", ${tag}`, "*"])
      expect((await get({ "if-none-match": value })).status).toBe(304);
    expect((await get({ "if-none-match": '"x"' })).status).toBe(200);
    expect((await get({ range: "bytes=0-0", "if-range": tag })).status).toBe(206);
    for (const value of ['"x"', `W/${tag}`, "Sat, 21 Nov 2026 00:00:00 GMT"])
      expect((await get({ range: "bytes=0-0", "if-range": value })).status).toBe(200);
  });
});

describe("who may read", () => {
  test("the uploader; to everybody else the file is as if it were not there", async () => {
    const { id } = (await (await send(pdf("riêng"))).json()) as Uploaded;
    const get = (who: Record<string, string>, fileId = id) => fetch(`${server.url}/files/${fileId}`, { headers: who });
    expect((await get(an.browser)).status).toBe(200);
    const absent = await get(an.browser, toGlobalId("File", newId()));
    for (const response of [
      await get(binh.browser),
      await get(stranger.browser),
      await get(an.browser, "nonsense"),
      await get(an.browser, toGlobalId("Agency", an.agencyId)),
    ]) {
      expect(response.status).toBe(404);
      expect(response.headers.get("etag")).toBeNull();
    }
    expect(await (await get(stranger.browser)).json()).toEqual(await absent.json());
    expect((await get({})).status).toBe(401);
  });

  test("whoever may read what it is attached to, within the agency", async () => {
    const { id } = (await (await send(pdf("chung"))).json()) as Uploaded;
    const get = (who: Official) =>
      fetch(`${server.url}/files/${id}`, { headers: who.browser }).then(({ status }) => status);
    const fileReaders = server.services.fileReaders as FileReader[];
    fileReaders.push((viewer, conditions, file) =>
      conditions.bind(`${file} is not null and ?::uuid is not null`, viewer.appointmentId),
    );
    try {
      expect([await get(binh), await get(stranger)]).toEqual([200, 404]);
    } finally {
      fileReaders.pop();
    }
    expect(await get(binh)).toBe(404);
  });
});

test("a damaged file never arrives whole", async () => {
  const bytes = pdf("x".repeat(200_000));
  const file = (await (await send(bytes)).json()) as Uploaded;
  const stored = join(server.services.config.dataDirectory, "files");
  const path = (await readdir(stored, { recursive: true })).find((name) => name.endsWith(file.sha256))!;
  const handle = await open(join(stored, path), "r+");
  await handle.write(Buffer.from("!"), 0, 1, 1_000);
  await handle.close();
  await expect(
    fetch(`${server.url}/files/${file.id}`, { headers: an.browser }).then((response) => response.arrayBuffer()),
  ).rejects.toThrow();
});

test("a reader that stops reading is not read ahead for", async () => {
  const path = (await send(pdf("y".repeat(250_000)))).headers.get("location")!;
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(server.url + path, { headers: an.browser }, (response) => {
      response.once("data", () => {
        outgoing.destroy();
        resolve();
      });
    });
    outgoing.once("error", (error) => (outgoing.destroyed ? undefined : reject(error)));
    outgoing.end();
  });
  expect((await fetch(server.url + path, { headers: an.browser })).status).toBe(200);
});

test("a name is given in ASCII for old readers and exactly for the others", () => {
  expect(contentDisposition("attachment", 'Đề án "số" 1%.pdf')).toBe(
    `attachment; filename="De an _so_ 1_.pdf"; filename*=UTF-8''%C4%90%E1%BB%81%20%C3%A1n%20%22s%E1%BB%91%22%201%25.pdf`,
  );
});
