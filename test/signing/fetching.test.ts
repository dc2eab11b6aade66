import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { der } from "../../signing/asn1.ts";
import { SigningError } from "../../signing/errors.ts";
import { addressKind } from "../../signing/fetching/addresses.ts";
import { readAllowedHost } from "../../signing/fetching/allowed-hosts.ts";
import { outsideFetch, type OutsideFetchOptions } from "../../signing/fetching/fetch.ts";
import { issueCertificate } from "../../signing/issue/certificates.ts";
import { generateKeys } from "../../signing/issue/keys.ts";
import { Oid } from "../../signing/oids.ts";
import { authority, notAfter, notBefore, root, subordinate, toPem } from "./authorities.ts";
import { forgedAddresses } from "./ssrf-addresses.ts";

let server: Server;
let port: number;
let arrived = 0;
let dialled: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    switch (request.url) {
      case "/redirect":
        return response.writeHead(302, { location: "/ok" }).end();
      case "/huge":
        return response.writeHead(200).end(Buffer.alloc(300 * 1024));
      case "/declared":
        return response.writeHead(200, { "content-length": 10_000_000 }).write("x");
      case "/slow":
        return response.writeHead(200).write("a");
      case "/broken":
        response.writeHead(200, { "content-length": 100 }).write("a");
        return setTimeout(() => request.socket.destroy(), 10);
      case "/gzip":
        return response.writeHead(200, { "content-encoding": "gzip" }).end("a");
      case "/missing":
        return response.writeHead(404).end();
      default: {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          response.end(
            `${request.method} ${request.headers.host} ${request.headers["content-type"]} ${Buffer.concat(chunks)}`,
          );
        });
      }
    }
  });
  server.on("connection", () => arrived++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  arrived = 0;
  dialled = [];
});

/** A fetcher whose connections are counted; whatever they are meant for, they go to the server of this test. */
const counted = (options: OutsideFetchOptions) =>
  outsideFetch({
    connect: (address, to): Socket => {
      dialled.push(`${address} ${to}`);
      return connect(port, "127.0.0.1");
    },
    ...options,
  });

const local = (more: OutsideFetchOptions = {}) =>
  counted({ hosts: [{ host: "127.0.0.1", port, privateAddresses: true }], timeout: 500, ...more });
const url = (path: string) => `http://127.0.0.1:${port}${path}`;

describe("a configured host", () => {
  test("is asked, with body and type", async () => {
    const request = { url: url("/a?b=c"), method: "POST", body: Buffer.from("hỏi"), contentType: "text/x" } as const;
    expect((await local()(request)).toString()).toBe(`POST 127.0.0.1:${port} text/x hỏi`);
    expect((await local()({ url: url("/a") })).toString()).toBe(`GET 127.0.0.1:${port} undefined `);
    expect(arrived).toBe(2);
  });

  test("is asked at the address that was checked, whatever its name leads to afterwards", async () => {
    const answers = [["93.184.216.34"], ["127.0.0.1"]];
    const resolve = async () => answers.shift()!;
    const fetch = counted({ hosts: ["crl.example.vn"], resolve });
    expect((await fetch({ url: "http://crl.example.vn/x" })).toString()).toContain("GET crl.example.vn ");
    expect(dialled).toEqual(["93.184.216.34 80"]);
    await expect(fetch({ url: "http://crl.example.vn/x" })).rejects.toMatchObject({ code: "FETCH_REFUSED" });
    expect(dialled).toHaveLength(1);
  });

  test.each([
    ["/redirect", "status 302"],
    ["/missing", "status 404"],
    ["/huge", "too large"],
    ["/declared", "too large"],
    ["/slow", "in time"],
    ["/broken", "no answer"],
    ["/gzip", "encoded"],
  ])("fails: %s", async (path, message) => {
    await expect(local()({ url: url(path) })).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining(message),
    });
  });

  test("may answer at length where the request says so, up to the ceiling", async () => {
    expect(await local()({ url: url("/huge"), maxBytes: 400 * 1024 })).toHaveLength(300 * 1024);
    const low = local({ ceiling: 1000 })({ url: url("/huge"), maxBytes: 400 * 1024 });
    await expect(low).rejects.toMatchObject({ code: "FETCH_FAILED" });
  });

  test("that does not answer, or has no address, or cannot be resolved in time fails", async () => {
    const hosts = ["crl.example.vn"];
    const refusing = counted({ hosts, resolve: async () => ["93.184.216.34"], connect: () => connect(1, "127.0.0.1") });
    await expect(refusing({ url: "http://crl.example.vn/" })).rejects.toMatchObject({ code: "FETCH_FAILED" });
    for (const resolve of [
      async () => [],
      () => new Promise<never>(() => undefined),
      () => Promise.reject(new Error("x")),
    ]) {
      const fetch = counted({ hosts, resolve, timeout: 50 });
      await expect(fetch({ url: "http://crl.example.vn/" })).rejects.toMatchObject({ code: "FETCH_FAILED" });
    }
    expect(dialled).toEqual([]);
  });
});

describe("a https host", () => {
  let secure: Server;
  let securePort: number;
  const { privateKey, publicKey } = generateKeys("ec-p256");
  const name = {
    oid: Oid.subjectAltName,
    critical: false,
    value: der.sequence(der.implicitPrimitive(2, Buffer.from("crl.example.vn"))),
  };
  const certificate = issueCertificate({
    subject: { CN: "crl.example.vn" },
    publicKey,
    issuer: authority,
    usage: "transmission",
    notBefore,
    notAfter,
    extensions: [name],
  });

  beforeAll(async () => {
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    secure = createSecureServer({ key, cert: toPem(certificate) + toPem(subordinate) }, (_, response) =>
      response.end("mật"),
    );
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    securePort = (secure.address() as AddressInfo).port;
  });
  afterAll(() => secure.close());
  const asking = (more: OutsideFetchOptions = {}, host = "crl.example.vn") =>
    outsideFetch({
      hosts: [host],
      resolve: async () => ["93.184.216.34"],
      connect: () => connect(securePort, "127.0.0.1"),
      certificateAuthorities: [toPem(root)],
      ...more,
    })({ url: `https://${host}/` });

  test("is asked where its certificate is in order", async () => {
    expect((await asking()).toString()).toBe("mật");
  });

  test("is not believed under another name, nor certified by somebody unknown", async () => {
    await expect(asking({}, "other.example.vn")).rejects.toMatchObject({ code: "FETCH_FAILED" });
    await expect(asking({}, "93.184.216.34")).rejects.toMatchObject({ code: "FETCH_FAILED" });
    const fetch = outsideFetch({
      hosts: ["crl.example.vn"],
      resolve: async () => ["93.184.216.34"],
      connect: () => connect(securePort, "127.0.0.1"),
    });
    await expect(fetch({ url: "https://crl.example.vn/" })).rejects.toMatchObject({ code: "FETCH_FAILED" });
  });
});

test("a name is looked up with the system where nothing else is said", async () => {
  const fetch = outsideFetch({ hosts: [{ host: "localhost", port, privateAddresses: true }], timeout: 2000 });
  const answer = await fetch({ url: `http://localhost:${port}/` }).catch((error: SigningError) => error.code);
  // Where the name leads to ::1 first, nobody listens there.
  expect(["FETCH_FAILED", `GET localhost:${port} undefined `]).toContain(answer.toString());
  const refusing = outsideFetch({ hosts: [{ host: "localhost", port }] });
  await expect(refusing({ url: `http://localhost:${port}/` })).rejects.toMatchObject({ code: "FETCH_REFUSED" });
});

describe("entries of the list", () => {
  test.each([
    ["ocsp.example.vn", { host: "ocsp.example.vn" }],
    ["OCSP.example.vn:8080", { host: "ocsp.example.vn", port: 8080 }],
    ["10.0.0.7:80+private", { host: "10.0.0.7", port: 80, privateAddresses: true }],
    ["[2001:4860::1]:443", { host: "2001:4860::1", port: 443 }],
  ])("%s", (text, entry) => expect(readAllowedHost(text)).toEqual(entry));

  test.each(["", "http://a", "a:0", "a:70000", "a/b", "[::g]", "a b", "*", "a@b"])("%s is none", (text) => {
    expect(() => readAllowedHost(text)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
  });

  test("a host without a port is meant at the scheme's own", async () => {
    const fetch = counted({ hosts: ["crl.example.vn"], resolve: async () => ["93.184.216.34"] });
    await fetch({ url: "http://crl.example.vn:80/" });
    await expect(fetch({ url: "http://crl.example.vn:81/" })).rejects.toMatchObject({ code: "FETCH_REFUSED" });
    expect(dialled).toEqual(["93.184.216.34 80"]);
  });
});

test.each([
  ["93.184.216.34", "public"],
  ["2606:4700::1", "public"],
  ["10.1.2.3", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.1", "public"],
  ["192.168.0.1", "private"],
  ["100.64.0.1", "private"],
  ["127.0.0.1", "private"],
  ["::1", "private"],
  ["fd00::1", "private"],
  ["169.254.169.254", "forbidden"],
  ["0.0.0.0", "forbidden"],
  ["255.255.255.255", "forbidden"],
  ["224.0.0.1", "forbidden"],
  ["198.18.0.1", "forbidden"],
  ["::", "forbidden"],
  ["fe80::1", "forbidden"],
  ["fe80::1%lo", "forbidden"],
  ["::ffff:8.8.8.8", "forbidden"],
  ["::ffff:7f00:1", "forbidden"],
  ["0:0:0:0:0:ffff:7f00:1", "forbidden"],
  ["64:ff9b::7f00:1", "forbidden"],
  ["64:ff9b:1::7f00:1", "forbidden"],
  ["2002:7f00:1::", "forbidden"],
  ["2001:0:7f00:1::", "forbidden"],
  ["2001:db8::1", "forbidden"],
  ["ff02::1", "forbidden"],
  ["localhost", "forbidden"],
])("address %s is %s", (address, kind) => expect(addressKind(address)).toBe(kind));

describe("forged addresses", () => {
  const addresses = forgedAddresses();

  test("there are several hundred, each its own", () => {
    expect(addresses.length).toBeGreaterThan(500);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("not one connection is opened, to anything", async () => {
    const refusing = counted({
      // Configured, but its name leads inside: also that is an attack when it was not said to be so.
      hosts: ["ocsp.example.vn", "inside.example.vn", "127.0.0.1", "169.254.169.254"],
      resolve: async (host) => [host === "ocsp.example.vn" ? "93.184.216.34" : "10.0.0.1"],
    });
    for (const address of addresses) {
      const error: unknown = await refusing({ url: address.replaceAll("PORT", String(port)) }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, address).toBeInstanceOf(SigningError);
      expect((error as SigningError).code, address).toBe("FETCH_REFUSED");
    }
    expect(dialled).toEqual([]);
    expect(arrived).toBe(0);
  });

  test("without a configuration nobody is asked at all", async () => {
    const fetch = counted({});
    await expect(fetch({ url: "http://93.184.216.34/" })).rejects.toMatchObject({ code: "FETCH_REFUSED" });
    await expect(fetch({ url: url("/ok") })).rejects.toMatchObject({ code: "FETCH_REFUSED" });
    expect(dialled).toEqual([]);
  });

  test("the same fetcher asks where it may: the count above counts", async () => {
    const fetch = counted({ hosts: ["ocsp.example.vn"], resolve: async () => ["93.184.216.34"] });
    await fetch({ url: "http://ocsp.example.vn/" });
    expect(dialled).toEqual(["93.184.216.34 80"]);
    expect(arrived).toBe(1);
  });
});
