import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Client } from "minio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ByteRange, type ObjectStore, openS3Store } from "../../storage/index.ts";
import { parseS3Url } from "../../storage/s3-location.ts";
import { findS3Server, type S3Server, startS3Server } from "../support/s3-server.ts";
import { sha256, type Subject, testContract } from "./contract.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { plantBug } from "./mutant.ts";

type OpenS3Store = typeof openS3Store;

const binary = findS3Server();
if (binary === undefined) {
  console.warn("SKIPPED: the S3 half of the storage tests has no server; scripts/s3-server.sh builds one");
}

describe.skipIf(binary === undefined)("the S3 driver", () => {
  let server: S3Server;
  let proxy: FaultProxy;
  beforeAll(async () => {
    server = await startS3Server(binary ?? "");
    proxy = await startFaultProxy(server.port);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  let buckets = 0;
  const newUrl = (port?: number): string => server.url(`documents-${++buckets}`, port);

  function client(url: string): { client: Client; bucket: string } {
    const { host, port, accessKey, secretKey, bucket, region } = parseS3Url(url);
    return { client: new Client({ endPoint: host, port, useSSL: false, accessKey, secretKey, region }), bucket };
  }

  async function s3Subject(): Promise<Subject> {
    const url = newUrl();
    const store = await openS3Store(url);
    const direct = client(url);
    return {
      store,
      async damage(key, change) {
        const stored = await (await direct.client.getObject(direct.bucket, `sha256/${key}`)).toArray();
        await direct.client.putObject(direct.bucket, `sha256/${key}`, change(Buffer.concat(stored)));
      },
      async leftovers() {
        const objects = await direct.client.listObjects(direct.bucket, "", true).toArray();
        const uploads = await direct.client.listIncompleteUploads(direct.bucket, "", true).toArray();
        const spools = (await readdir(tmpdir())).filter((name) => name.startsWith("congvan-spool-"));
        const names = objects.map(({ name }) => name as string);
        const strange = names.filter((name) => !/^sha256\/[0-9a-f]{64}$/.test(name));
        return [...strange, ...uploads.map(({ key }) => key as string), ...spools];
      },
    };
  }

  describe("does what every store does:", () => testContract(s3Subject));

  test("opens a bucket that is there, and lists more than one page of it in order", async () => {
    const url = newUrl();
    await using store = await openS3Store(url);
    const { client: direct, bucket } = client(url);
    const keys = Array.from({ length: 1_005 }, (_, n) => sha256(Buffer.from(String(n)))).sort();
    const putAll = (some: string[]): Promise<unknown> =>
      Promise.all(some.map((name) => direct.putObject(bucket, `sha256/${name}`, Buffer.from("x"))));
    for (let at = 0; at < keys.length; at += 50) await putAll(keys.slice(at, at + 50));
    await direct.putObject(bucket, "sha256/not-a-key", Buffer.from("x"));
    await direct.putObject(bucket, "elsewhere", Buffer.from("x"));
    await using again = await openS3Store(url);
    expect(await Array.fromAsync(again.list())).toEqual(keys);
    expect(await Array.fromAsync(store.list())).toEqual(keys);
  });

  /** Whether an object that somebody else stores just before the upload stays as it is. */
  async function writesOnce(open: OpenS3Store): Promise<void> {
    const url = newUrl(proxy.port);
    await using store = await open(url);
    const { client: direct, bucket } = client(url.replace(`:${proxy.port}/`, `:${server.port}/`));
    const name = `sha256/${sha256(Buffer.from("ours"))}`;
    proxy.fault = async (request) => {
      if (request.startsWith("PUT")) await direct.putObject(bucket, name, Buffer.from("theirs"));
      return undefined;
    };
    await expect(store.put(Buffer.from("ours"))).rejects.toMatchObject({ code: "CORRUPT" });
    proxy.fault = () => undefined;
    expect(String(Buffer.concat(await (await direct.getObject(bucket, name)).toArray()))).toBe("theirs");
  }

  test("does not replace an object that appears while it uploads", () => writesOnce(openS3Store));

  type Faulty = readonly [method: string, fault: Fault, times: number];

  /** A store behind the proxy, which lets the nth request of a kind go wrong, and the requests that were made. */
  async function withFault<T>(
    open: OpenS3Store,
    [method, fault, times]: Faulty,
    act: (store: ObjectStore) => Promise<T>,
    before?: (store: ObjectStore) => Promise<unknown>,
  ): Promise<{ outcome: T; requests: string[] }> {
    await using store = await open(newUrl(proxy.port));
    await before?.(store);
    proxy.requests.length = 0;
    let hits = 0;
    proxy.fault = (request) => (request.startsWith(method) && ++hits <= times ? fault : undefined);
    try {
      const outcome = await act(store);
      expect(hits, "the fault happened").toBeGreaterThan(0);
      return { outcome, requests: proxy.requests.map((request) => request.split(" ")[0] ?? "") };
    } finally {
      proxy.fault = () => undefined;
    }
  }

  const bytes = randomBytes(200_000);
  const key = sha256(bytes);
  const putWhole = async (open: OpenS3Store, fault: Faulty): Promise<string[]> => {
    const { requests } = await withFault(open, fault, async (store) => {
      expect(await store.put(bytes)).toEqual({ sha256: key, size: bytes.length });
      expect(bytes.equals(await store.read(key, bytes.length))).toBe(true);
    });
    return requests;
  };
  const putFails = async (open: OpenS3Store, fault: Faulty, code: string): Promise<string[]> => {
    const { requests } = await withFault(open, fault, async (store) => {
      await expect(store.put(bytes)).rejects.toMatchObject({ name: "StorageError", code });
    });
    return requests;
  };

  test.each<[string, Fault]>([
    ["HEAD", { kind: "status", status: 500 }],
    ["PUT", { kind: "status", status: 503 }],
    ["PUT", { kind: "reset request" }],
    ["PUT", { kind: "reset response", after: 0 }],
    ["PUT", { kind: "wrong request" }],
    ["PUT", { kind: "twice" }],
    ["GET", { kind: "reset response", after: 1_000 }],
  ])("puts and reads whole through one fault: %s %o", async (method, fault) => {
    await putWhole(openS3Store, [method, fault, 1]);
  });

  test("gives up a put after three tries", async () => {
    const requests = await putFails(openS3Store, ["PUT", { kind: "status", status: 503 }, 99], "UNAVAILABLE");
    expect(requests.filter((method) => method === "PUT")).toHaveLength(3);
  });

  test("gives up on a server that stays silent", async () => {
    const started = Date.now();
    await putWhole(openS3Store, ["HEAD", { kind: "silence" }, 1]);
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test("does not acknowledge what the server does not give back", async () => {
    await putFails(openS3Store, ["GET", { kind: "wrong response" }, 99], "CORRUPT");
    await putFails(openS3Store, ["GET", { kind: "short response" }, 99], "CORRUPT");
  });

  test("never reports the end of an answer that is cut, short or wrong", async () => {
    const readThrough = (fault: Fault, range?: ByteRange): Promise<unknown> =>
      withFault(
        openS3Store,
        ["GET", fault, 1],
        async (store) => (await store.get(key, range)).toArray(),
        (store) => store.put(bytes),
      );
    const outcomes: [Fault, string][] = [
      [{ kind: "reset response", after: 150_000 }, "UNAVAILABLE"],
      [{ kind: "short response" }, "CORRUPT"],
      [{ kind: "wrong response" }, "CORRUPT"],
    ];
    for (const [fault, code] of outcomes) {
      const read = readThrough(fault);
      await expect(read).rejects.toMatchObject({ code });
    }
    const part = readThrough({ kind: "short response" }, { start: 10, end: 100_010 });
    await expect(part).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("says by code that it may not in, and does not say the secret", async () => {
    const url = newUrl().replace(/:[0-9a-f]+@/, ":not-the-secret@");
    const refused = await openS3Store(url).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "UNAVAILABLE" });
    expect(String(refused)).not.toContain("not-the-secret");
  });

  type Check = (open: OpenS3Store) => Promise<unknown>;
  type PlantedBug = [bug: string, file: string, passage: string, instead: string, check: Check];
  test.each<PlantedBug>([
    [
      "no reading back",
      "s3.ts",
      "await retry(async () => drain(await this.#fetch(object.sha256)));",
      "",
      (open) => putFails(open, ["GET", { kind: "wrong response" }, 99], "CORRUPT"),
    ],
    [
      "no second try",
      "patience.ts",
      `error.code !== "UNAVAILABLE" ||`,
      "true ||",
      (open) => putWhole(open, ["PUT", { kind: "status", status: 503 }, 1]),
    ],
    ["an object replaced", "s3.ts", `"if-none-match": "*",`, "", writesOnce],
  ])("a planted bug is caught: %s", async (_bug, file, passage, replacement, check) => {
    await check(openS3Store);
    await using mutant = await plantBug(file, passage, replacement);
    const { openS3Store: broken } = await mutant.s3();
    await expect(check(broken)).rejects.toThrow();
  });
});

describe("the address of an S3 store", () => {
  test("is read with its escapes and its defaults", () => {
    expect(parseS3Url("s3://key:a%2Fb@store.example/bucket")).toEqual({
      host: "store.example",
      port: 443,
      tls: true,
      accessKey: "key",
      secretKey: "a/b",
      bucket: "bucket",
      region: "us-east-1",
    });
    const local = parseS3Url("s3://k:s@[::1]:9000/van-ban?region=vn-1&tls=false");
    expect(local).toMatchObject({ host: "::1", port: 9000, tls: false, bucket: "van-ban", region: "vn-1" });
  });

  test.each([
    "nonsense",
    "https://k:hidden@host/bucket",
    "s3://k:hidden@host",
    "s3://k:hidden@host/a/b",
    "s3://k:hidden@host/bucket?tls=maybe",
    "s3://host/bucket",
  ])("is refused without repeating it: %s", async (address) => {
    const refused = await openS3Store(address).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "BAD_URL" });
    expect(String(refused)).not.toContain("hidden");
  });
});
