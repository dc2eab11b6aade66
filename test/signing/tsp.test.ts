import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { digest as digestBy } from "../../signing/algorithms/digests.ts";
import { der } from "../../signing/asn1.ts";
import { prepareSignedData } from "../../signing/cms/write.ts";
import { SigningError } from "../../signing/errors.ts";
import { outsideFetch, type Fetch } from "../../signing/fetching/fetch.ts";
import {
  issueTimestampResponse,
  issueTimestampToken,
  writeTstInfo,
  type TimestampTokenRequest,
} from "../../signing/issue/timestamps.ts";
import { signRaw } from "../../signing/algorithms/identifiers.ts";
import { Oid } from "../../signing/oids.ts";
import { checkTimestampResponse } from "../../signing/tsp/check.ts";
import { timestampClient, type TimestampClientOptions } from "../../signing/tsp/client.ts";
import { readTimestampRequest, writeTimestampRequest } from "../../signing/tsp/request.ts";
import { readTimestampResponse } from "../../signing/tsp/response.ts";
import { isStampingCertificate, readToken } from "../../signing/tsp/token.ts";
import { readTstInfo } from "../../signing/tsp/tst-info.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import {
  startAuthorityServers,
  type AuthorityPath,
  type AuthorityServers,
  type Fault,
} from "../support/authority-servers.ts";
import { authority, issueSigner, notAfter, notBefore } from "./authorities.ts";
import { issueCertificate } from "../../signing/issue/certificates.ts";
import { generateKeys } from "../../signing/issue/keys.ts";
import { buildCms } from "./cms-builder.ts";

const present = new Date("2026-08-01T01:02:03.456Z");
const digest = createHash("sha256").update("Quyết định").digest();
const stamper = issueSigner("ec-p256", "timestamp");
const issue = (more: Partial<TimestampTokenRequest> = {}) =>
  issueTimestampToken({ authority: stamper, imprint: digest, imprintAlgorithm: "sha256", at: present, ...more });
const read = (token: Buffer) => readToken({ token, imprint: () => digest });

describe("a time-stamp from a server", () => {
  let servers: AuthorityServers;
  let fetch: Fetch;
  let now = present;
  const client = (paths: readonly AuthorityPath[], more: Partial<TimestampClientOptions> = {}) =>
    timestampClient({
      servers: paths.map((path) => ({ url: servers.url(path) })),
      fetch,
      timeout: 300,
      now: () => now,
      ...more,
    });

  beforeAll(async () => {
    servers = await startAuthorityServers({ now: () => present });
    fetch = outsideFetch({ hosts: [`${servers.host}+private`] });
  });
  afterAll(() => servers.close());
  beforeEach(() => {
    now = present;
    for (const path of ["/tsa/rsa", "/tsa/ec"] as const) servers.fault(path, undefined);
    (servers.asked as Map<string, number>).clear();
  });

  test.each<AuthorityPath>(["/tsa/rsa", "/tsa/pss", "/tsa/ec", "/tsa/ed25519"])("%s is right", async (path) => {
    const token = read(await client([path]).stamp(digest, "sha256"));
    expect(token).toMatchObject({ result: "valid", signingCertificate: true, accuracy: 1000, notes: [] });
    expect(token.time).toEqual(present);
    expect(token.info).toMatchObject({ timeText: "20260801010203.456Z", ordering: false });
    expect(token.certificates).toHaveLength(2);
  });

  test.each<[Fault, string]>([
    ["down", "FETCH_FAILED"],
    ["slow", "FETCH_FAILED"],
    ["error-500", "FETCH_FAILED"],
    ["redirect", "FETCH_FAILED"],
    ["huge", "FETCH_FAILED"],
    ["empty", "TIMESTAMP_MALFORMED"],
    ["garbage", "TIMESTAMP_MALFORMED"],
    ["rejected", "TIMESTAMP_REFUSED"],
    ["granted-without-token", "TIMESTAMP_MALFORMED"],
    ["wrong-imprint", "TIMESTAMP_IMPRINT_DIFFERS"],
    ["wrong-nonce", "TIMESTAMP_NONCE_DIFFERS"],
    ["no-nonce", "TIMESTAMP_NONCE_DIFFERS"],
    ["wrong-signature", "TIMESTAMP_SIGNATURE"],
    ["no-certificate", "TIMESTAMP_SIGNATURE"],
    ["expired-certificate", "TIMESTAMP_CERTIFICATE_EXPIRED"],
    ["other-purpose", "TIMESTAMP_PURPOSE"],
  ])("is not taken: %s, %s", async (fault, code) => {
    servers.fault("/tsa/ec", fault);
    await expect(client(["/tsa/ec"]).stamp(digest, "sha256")).rejects.toMatchObject({
      code: "TIMESTAMP_UNAVAILABLE",
      message: expect.stringContaining(`${servers.url("/tsa/ec")}: ${code}`),
      details: { servers: [{ url: servers.url("/tsa/ec"), code }] },
    });
    // The next server in the list makes good for it.
    expect(read(await client(["/tsa/ec", "/tsa/rsa"]).stamp(digest, "sha256")).result).toBe("valid");
  });

  test("a refusal is told in the authority's words", async () => {
    servers.fault("/tsa/ec", "rejected");
    await expect(client(["/tsa/ec"]).stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ message: "status 2 (badAlg): bị từ chối" }] },
    });
  });

  test("the machine's clock and ten seconds are taken where nothing else is said", async () => {
    const plain = timestampClient({ servers: [{ url: servers.url("/tsa/ec") }], fetch });
    expect(read(await plain.stamp(digest, "sha256")).result).toBe("valid");
    const strict = timestampClient({ servers: [{ url: servers.url("/tsa/ec") }], fetch, maximumSkew: 0 });
    await expect(strict.stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ code: "TIMESTAMP_SKEW" }] },
    });
  });

  test("is asked for under a policy, and not taken under another", async () => {
    const withPolicy = [{ url: servers.url("/tsa/ec"), policy: "1.2.3.9" }];
    const token = read(await client([], { servers: withPolicy }).stamp(digest, "sha256"));
    expect(token.info!.policy).toBe("1.2.3.9");
    servers.fault("/tsa/ec", "wrong-policy");
    await expect(client([], { servers: withPolicy }).stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ code: "TIMESTAMP_POLICY_DIFFERS" }] },
    });
  });

  test("may be checked with a certificate at hand where the server sends none", async () => {
    servers.fault("/tsa/ec", "no-certificate");
    const certificate = readCertificate(servers.stampers.ec.certificate);
    const list = [{ url: servers.url("/tsa/ec"), certificate }];
    await client([], { servers: list }).stamp(digest, "sha256");
  });

  test("a server that failed is asked last for a while, and first again afterwards", async () => {
    servers.fault("/tsa/ec", "down");
    const both = client(["/tsa/ec", "/tsa/rsa"]);
    for (let i = 0; i < 3; i++) await both.stamp(digest, "sha256");
    expect(servers.asked.get("/tsa/ec")).toBe(1);
    servers.fault("/tsa/ec", undefined);
    now = new Date(present.getTime() + 59_000);
    await both.stamp(digest, "sha256");
    expect(servers.asked.get("/tsa/ec")).toBe(1);
    now = new Date(present.getTime() + 61_000);
    await both.stamp(digest, "sha256");
    expect(servers.asked.get("/tsa/ec")).toBe(2);
    expect(servers.asked.get("/tsa/rsa")).toBe(4);
  });

  test("the only server is asked again although it failed", async () => {
    servers.fault("/tsa/ec", "down");
    const only = client(["/tsa/ec"]);
    await expect(only.stamp(digest, "sha256")).rejects.toThrow(SigningError);
    servers.fault("/tsa/ec", undefined);
    await only.stamp(digest, "sha256");
    expect(servers.asked.get("/tsa/ec")).toBe(2);
  });

  test("all faults are listed, in the order of asking", async () => {
    servers.fault("/tsa/ec", "down");
    servers.fault("/tsa/rsa", "wrong-nonce");
    await expect(client(["/tsa/ec", "/tsa/rsa"]).stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ code: "FETCH_FAILED" }, { code: "TIMESTAMP_NONCE_DIFFERS" }] },
    });
    await expect(client([]).stamp(digest, "sha256")).rejects.toMatchObject({
      code: "TIMESTAMP_UNAVAILABLE",
      message: expect.stringContaining("no server is configured"),
    });
  });

  test("a time far from ours is not taken where that is asked, nor a token that the caller refuses", async () => {
    now = new Date(present.getTime() + 301_000);
    await client(["/tsa/ec"]).stamp(digest, "sha256");
    await expect(client(["/tsa/ec"], { maximumSkew: 300_000 }).stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ code: "TIMESTAMP_SKEW" }] },
    });
    await client(["/tsa/ec"], { maximumSkew: 301_000 }).stamp(digest, "sha256");
    const refuse = () => "không tin";
    await expect(client(["/tsa/ec"], { refuse }).stamp(digest, "sha256")).rejects.toMatchObject({
      details: { servers: [{ code: "TIMESTAMP_NOT_TRUSTED", message: "không tin" }] },
    });
  });

  test("two questions never have the same nonce", async () => {
    const nonces = new Set<bigint>();
    const listening: Fetch = (request) => {
      nonces.add(readTimestampRequest(request.body!).nonce!);
      return fetch(request);
    };
    const listened = client(["/tsa/ec"], { fetch: listening });
    for (let i = 0; i < 5; i++) await listened.stamp(digest, "sha256");
    expect(nonces.size).toBe(5);
  });

  test("an error of ours is not taken for one of a server's", async () => {
    const broken = client(["/tsa/ec"], { fetch: () => Promise.reject(new TypeError("ours")) });
    await expect(broken.stamp(digest, "sha256")).rejects.toThrow(TypeError);
  });
});

describe("a token", () => {
  test("with fractions, accuracy, ordering and a nonce", () => {
    const token = read(
      issue({
        at: new Date("2026-08-01T01:02:03.050Z"),
        accuracy: { seconds: 2, milliseconds: 300, microseconds: 40 },
        ordering: true,
        nonce: 99n,
        serialNumber: 7n,
      }),
    );
    expect(token.info).toMatchObject({
      timeText: "20260801010203.05Z",
      accuracy: 2300.04,
      ordering: true,
      nonce: 99n,
      serialNumber: 7n,
      imprintAlgorithm: Oid.sha256,
    });
    expect(token.time).toEqual(new Date("2026-08-01T01:02:03.050Z"));
  });

  test("without any of them", () => {
    const token = read(issue({ at: new Date("2026-08-01T00:00:00Z") }));
    expect(token.info).toMatchObject({
      timeText: "20260801000000Z",
      accuracy: undefined,
      ordering: false,
      nonce: undefined,
    });
  });

  test("of something else is invalid, and says so", () => {
    const token = readToken({ token: issue(), imprint: () => Buffer.alloc(32) });
    expect(token).toMatchObject({
      result: "invalid",
      notes: ["TIMESTAMP_IMPRINT_DIFFERS"],
      time: present,
      authority: undefined,
    });
    const shorter = readToken({ token: issue({ imprint: digest.subarray(0, 20) }), imprint: () => digest });
    expect(shorter).toMatchObject({ result: "invalid", notes: ["TIMESTAMP_IMPRINT_DIFFERS"] });
  });

  test("the imprint is asked for under the algorithm that the token names", () => {
    const bytes = Buffer.from("Quyết định");
    for (const name of ["sha256", "sha384", "sha512"] as const) {
      const token = issue({ imprintAlgorithm: name, imprint: createHash(name).update(bytes).digest() });
      expect(readToken({ token, imprint: (oid) => digestBy(oid, bytes) })).toMatchObject({
        result: "valid",
        notes: [],
      });
    }
    const weak = issue({ imprintAlgorithm: "sha1", imprint: createHash("sha1").update(bytes).digest() });
    expect(readToken({ token: weak, imprint: (oid) => digestBy(oid, bytes) })).toMatchObject({
      result: "valid",
      notes: ["TIMESTAMP_IMPRINT_SHA1"],
    });
  });

  test("with an imprint that nobody computes is unknown", () => {
    const token = readToken({ token: issue(), imprint: () => digestBy("1.2.3", digest) });
    expect(token).toMatchObject({ result: "unknown", notes: ["TIMESTAMP_ALGORITHM"], time: present });
  });

  test("without its authority's certificate is unknown until that is at hand", () => {
    const bare = issue({ withCertificates: false });
    expect(read(bare)).toMatchObject({ result: "unknown", authority: undefined, notes: ["TIMESTAMP_UNVERIFIED"] });
    const pool = [readCertificate(stamper.certificate)];
    expect(readToken({ token: bare, imprint: () => digest, pool })).toMatchObject({ result: "valid", notes: [] });
  });

  test("with one bit changed anywhere is never valid for another time", () => {
    const token = issue();
    const at = token.indexOf(Buffer.from("20260801010203.456Z"));
    const changed = Buffer.from(token);
    changed[at + 3]! ^= 1;
    expect(read(changed)).toMatchObject({ result: "invalid", notes: ["TIMESTAMP_SIGNATURE"] });
  });

  test("in the hole of a PDF may be followed by zeros only", () => {
    const imprint = () => digest;
    const token = issue();
    const padded = Buffer.concat([token, Buffer.alloc(50)]);
    expect(readToken({ token: padded, imprint, padded: true }).result).toBe("valid");
    expect(readToken({ token: padded, imprint })).toMatchObject({ result: "invalid", notes: ["TIMESTAMP_MALFORMED"] });
    const dirty = Buffer.concat([padded, Buffer.from([1])]);
    expect(readToken({ token: dirty, imprint, padded: true }).result).toBe("invalid");
  });

  test("with a critical extension proves nothing, with another one it does", () => {
    const extension = (critical: boolean) => ({ oid: "1.2.3.4", critical, value: der.null() });
    expect(read(issue({ extensions: [extension(true)] }))).toMatchObject({
      result: "unknown",
      notes: ["TIMESTAMP_CRITICAL_EXTENSION 1.2.3.4"],
    });
    expect(read(issue({ extensions: [extension(false)] }))).toMatchObject({ result: "valid", notes: [] });
  });

  test("without a signed certificate identifier is right but says so", () => {
    const bytes = writeTstInfo({ imprint: digest, imprintAlgorithm: "sha256", at: present });
    const parts = { key: stamper.key, certificate: stamper.certificate, content: bytes, enclosed: bytes };
    const bare = buildCms({ ...parts, contentType: Oid.tstInfo, attributes: (usual) => usual.slice(0, 2) });
    expect(read(bare)).toMatchObject({
      result: "valid",
      signingCertificate: false,
      notes: ["TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE"],
    });
    const response = issueTimestampResponse({ status: 0, token: bare });
    const expected = {
      imprint: digest,
      algorithm: "sha256" as const,
      nonce: undefined as never,
      policy: undefined,
      pool: [],
    };
    expect(() => checkTimestampResponse(response, expected)).toThrow(
      expect.objectContaining({ code: "TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE" }),
    );
  });

  test("that is a signature over something else, or encloses nothing, is none", () => {
    const other = prepareSignedData(stamper.signer, digest);
    const cms = other.complete(signRaw(stamper.key, "sha256", other.toBeSigned));
    expect(read(cms)).toMatchObject({ result: "invalid", notes: ["TIMESTAMP_MALFORMED"], time: undefined });
    const parts = { key: stamper.key, certificate: stamper.certificate, content: digest };
    expect(read(buildCms({ ...parts, contentType: Oid.tstInfo })).notes).toEqual(["TIMESTAMP_MALFORMED"]);
    expect(read(buildCms({ ...parts, enclosed: digest })).notes).toEqual(["TIMESTAMP_MALFORMED"]);
    expect(read(Buffer.from("3000", "hex"))).toMatchObject({ data: undefined, certificates: [] });
  });

  test("an error of ours is not taken for one of the token's", () => {
    const broken = () => {
      throw new TypeError("ours");
    };
    expect(() => readToken({ token: issue(), imprint: broken })).toThrow(TypeError);
  });
});

describe("what is written in a token", () => {
  const time = Buffer.from("\x18\x0f20260801000000Z", "latin1");
  const imprint = der.sequence(der.sequence(der.oid(Oid.sha256)), der.octets(digest));
  const info = (...more: Buffer[]) =>
    der.sequence(der.integer(1), der.oid("1.2.3"), imprint, der.integer(1), time, ...more);
  const tagged = (tag: number, hex: string) => der.implicitPrimitive(tag, Buffer.from(hex, "hex"));

  test("is read with all its fields", () => {
    expect(readTstInfo(info(der.sequence(tagged(0, "03e7"), tagged(1, "01")), der.boolean(false)))).toMatchObject({
      accuracy: 999.001,
      ordering: false,
    });
    expect(readTstInfo(info(der.sequence(tagged(0, "00"), tagged(1, "00")))).accuracy).toBe(0);
    const named = info(der.integer(5), der.explicit(0, der.null()), der.implicit(1, Buffer.alloc(0)));
    expect(readTstInfo(named)).toMatchObject({ nonce: 5n, criticalExtensions: [] });
  });

  test.each<[string, Buffer]>([
    ["no policy and nothing behind it", der.sequence(der.integer(1), der.oid("1.2.3"))],
    ["another version", der.sequence(der.integer(2), der.oid("1.2.3"), imprint, der.integer(1), time)],
    ["nothing but a version", der.sequence(der.integer(1))],
    ["no time", der.sequence(der.integer(1), der.oid("1.2.3"), imprint, der.integer(1))],
    [
      "a time of two digits' year",
      der.sequence(der.integer(1), der.oid("1.2.3"), imprint, der.integer(1), der.time(present)),
    ],
    [
      "half an imprint",
      der.sequence(
        der.integer(1),
        der.oid("1.2.3"),
        der.sequence(der.sequence(der.oid(Oid.sha256))),
        der.integer(1),
        time,
      ),
    ],
    ["fields out of order", info(der.integer(5), der.boolean(true))],
    ["a field that nobody knows", info(der.explicit(2, der.null()))],
    ["milliseconds above 999", info(der.sequence(tagged(0, "03e8")))],
    ["negative milliseconds", info(der.sequence(tagged(0, "ff")))],
    ["no milliseconds in their field", info(der.sequence(tagged(0, "")))],
    ["milliseconds of three bytes", info(der.sequence(tagged(0, "000001")))],
    ["constructed milliseconds", info(der.sequence(der.explicit(0, der.integer(1))))],
    ["another field in the accuracy", info(der.sequence(tagged(2, "01")))],
    ["an empty extension", info(der.implicit(1, der.sequence()))],
  ])("is refused: %s", (_, bytes) => {
    expect(() => readTstInfo(bytes)).toThrow(SigningError);
  });
});

describe("questions and answers", () => {
  test("a question is read as it was written", () => {
    const full = { imprint: digest, imprintAlgorithm: "sha256" as const, nonce: 5n, policy: "1.2.3" };
    expect(readTimestampRequest(writeTimestampRequest(full))).toEqual({
      imprint: digest,
      imprintAlgorithm: Oid.sha256,
      nonce: 5n,
      policy: "1.2.3",
      certificatesWanted: true,
    });
    const least = { imprint: digest, imprintAlgorithm: "sha512" as const, certificatesWanted: false };
    expect(readTimestampRequest(writeTimestampRequest(least))).toMatchObject({
      nonce: undefined,
      policy: undefined,
      certificatesWanted: false,
    });
    for (const bytes of [
      der.sequence(),
      der.sequence(der.integer(2), der.sequence()),
      der.sequence(der.integer(1), der.sequence()),
    ]) {
      expect(() => readTimestampRequest(bytes)).toThrow(expect.objectContaining({ code: "CMS_MALFORMED" }));
    }
  });

  test("an answer tells status, words and failures", () => {
    const answer = issueTimestampResponse({ status: 2, text: "hết giờ", failure: 14 });
    expect(readTimestampResponse(answer)).toEqual({ status: 2, text: "hết giờ", failures: [14], token: undefined });
    expect(readTimestampResponse(issueTimestampResponse({ status: 1 }))).toMatchObject({
      status: 1,
      text: "",
      failures: [],
    });
    for (const bytes of [
      der.sequence(),
      der.sequence(der.sequence()),
      der.sequence(der.sequence(der.integer(0)), der.null(), der.null()),
    ]) {
      expect(() => readTimestampResponse(bytes)).toThrow(expect.objectContaining({ code: "CMS_MALFORMED" }));
    }
  });

  describe("an answer held against its question", () => {
    const expected = { imprint: digest, algorithm: "sha256" as const, nonce: 5n, policy: undefined, pool: [] };
    const answer = (token: Buffer, status = 0) => issueTimestampResponse({ status, token });
    const code = (bytes: Buffer, more: object = {}) => {
      try {
        checkTimestampResponse(bytes, { ...expected, ...more });
        return "taken";
      } catch (error) {
        return (error as SigningError).code;
      }
    };

    test.each<[string, number]>([
      ["taken", 0],
      ["taken", 1],
      ["TIMESTAMP_REFUSED", 2],
      ["TIMESTAMP_REFUSED", 3],
      ["TIMESTAMP_REFUSED", 4],
      ["TIMESTAMP_REFUSED", 5],
    ])("%s with status %i, whatever token comes with it", (outcome, status) => {
      expect(code(answer(issue({ nonce: 5n }), status))).toBe(outcome);
    });

    test("a failure without a name is told by its number, and words may be missing", () => {
      const message = (bytes: Buffer) => {
        try {
          checkTimestampResponse(bytes, expected);
        } catch (error) {
          return (error as SigningError).message;
        }
      };
      expect(message(issueTimestampResponse({ status: 2, failure: 9 }))).toBe("status 2 (failure 9)");
      expect(message(issueTimestampResponse({ status: 2 }))).toBe("status 2");
      expect(message(issueTimestampResponse({ status: 3, text: "đợi" }))).toBe("status 3: đợi");
    });

    test("a token that cannot be read", () => {
      expect(code(answer(der.sequence()))).toBe("TIMESTAMP_MALFORMED");
    });

    test("the token is given out as it came", () => {
      const token = issue({ nonce: 5n });
      expect(checkTimestampResponse(answer(token), expected).token).toEqual(token);
    });

    test("an imprint under another algorithm is another imprint, though the bytes be the same", () => {
      const same = { imprintAlgorithm: "sha1" as const, imprint: digest, nonce: 5n };
      expect(code(answer(issue(same)))).toBe("TIMESTAMP_IMPRINT_DIFFERS");
    });

    test("purpose, validity and strength of the authority", () => {
      const make = (options: object, issuedAs: "timestamp" | "person" = "timestamp") => {
        const { privateKey, publicKey } = generateKeys("ec-p256");
        const certificate = issueCertificate({
          subject: { CN: "Dấu thời gian" },
          publicKey,
          issuer: authority,
          usage: issuedAs,
          notBefore,
          notAfter,
          ...options,
        });
        return { key: privateKey, certificate };
      };
      const eku = (critical: boolean, ...purposes: string[]) => ({
        extensions: [{ oid: Oid.extendedKeyUsage, critical, value: der.sequence(...purposes.map(der.oid)) }],
      });
      const judged = (options: object) => code(answer(issue({ nonce: 5n, authority: make(options) })));
      expect(judged({})).toBe("taken");
      expect(judged(eku(false, Oid.timeStamping))).toBe("TIMESTAMP_PURPOSE");
      expect(judged(eku(true, Oid.timeStamping, Oid.clientAuth))).toBe("TIMESTAMP_PURPOSE");
      expect(judged(eku(true, Oid.clientAuth))).toBe("TIMESTAMP_PURPOSE");
      expect(judged({ without: [Oid.extendedKeyUsage] })).toBe("TIMESTAMP_PURPOSE");
      expect(judged({ notAfter: new Date("2026-08-01T01:02:02Z") })).toBe("TIMESTAMP_CERTIFICATE_EXPIRED");
      expect(judged({ notAfter: new Date("2026-08-01T01:02:04Z") })).toBe("taken");
      expect(judged({ notBefore: new Date("2026-08-01T01:02:04Z") })).toBe("TIMESTAMP_CERTIFICATE_EXPIRED");
      // The first and the last instant of the validity belong to it (RFC 5280 §4.1.2.5).
      const at = new Date("2026-08-01T01:02:03Z");
      const atOnce = (options: object) => code(answer(issue({ nonce: 5n, at, authority: make(options) })));
      expect([atOnce({ notBefore: at }), atOnce({ notAfter: at })]).toEqual(["taken", "taken"]);
      expect(isStampingCertificate(readCertificate(make({}).certificate))).toBe(true);
    });

    test("a signature by SHA-1 is not taken", () => {
      const bytes = writeTstInfo({ imprint: digest, imprintAlgorithm: "sha256", at: present, nonce: 5n });
      const parts = { key: stamper.key, certificate: stamper.certificate, content: bytes, enclosed: bytes };
      expect(code(answer(buildCms({ ...parts, contentType: Oid.tstInfo, digest: "sha1" })))).toBe("TIMESTAMP_WEAK");
    });
  });
});
