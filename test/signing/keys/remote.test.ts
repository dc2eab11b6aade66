import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SigningError } from "../../../signing/errors.ts";
import { algorithmParameters, chooseAlgorithm } from "../../../signing/keys/csc/algorithms.ts";
import { readCredential } from "../../../signing/keys/csc/credentials.ts";
import { tokenKeeper } from "../../../signing/keys/remote/access-token.ts";
import { base64Of, listOf, objectOf, textOf, wholeNumber } from "../../../signing/keys/remote/json.ts";
import { newPending } from "../../../signing/keys/remote/pending.ts";
import { isFinalRefusal, refuse } from "../../../signing/keys/remote/refusals.ts";
import type { RemoteCredential, SigningItem } from "../../../signing/keys/remote/remote-signer.ts";
import { acceptSignatures } from "../../../signing/keys/remote/returned-signature.ts";
import { serviceCalls, type ServiceFetch } from "../../../signing/keys/remote/service.ts";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import { Oid } from "../../../signing/oids.ts";
import { listen } from "../../support/signing-services/service-server.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import { issueSigner } from "../authorities.ts";

const held = heldKey("ec-p256");
const item: SigningItem = { id: "a", name: "", toBeSigned: Buffer.from("thuộc tính") };
const refused = (code: string) => expect.objectContaining({ code });

describe("returned signatures", () => {
  test.each(["ec-p256", "ec-p384", "ec-p521"] as const)("%s: r and s side by side, or DER, come out as DER", (kind) => {
    const { key, certificate, signer } = issueSigner(kind);
    const expected = { certificate, digest: signer.digest };
    const der = sign(signer.digest, item.toBeSigned, { key, dsaEncoding: "der" });
    const raw = sign(signer.digest, item.toBeSigned, { key, dsaEncoding: "ieee-p1363" });
    expect(acceptSignatures(expected, [item], [der])[0]!.signature).toEqual(der);
    const [accepted] = acceptSignatures(expected, [item], [raw]);
    expect(accepted!.signature[0]).toBe(0x30);
    expect(accepted!.signature).not.toEqual(raw);
  });

  test("damaged, cut and empty ones are refused", () => {
    const { key, certificate } = issueSigner("rsa-2048");
    const right = sign("sha256", item.toBeSigned, key);
    for (let i = 0; i < 64; i++) {
      const damaged = Buffer.from(right);
      damaged[(i * 31) % damaged.length]! ^= 1 << (i % 8);
      const accept = () => acceptSignatures({ certificate, digest: "sha256" }, [item], [damaged]);
      expect(accept).toThrow(refused("OTHER_KEY_SIGNED"));
    }
    for (const wrong of [Buffer.alloc(0), right.subarray(1), Buffer.concat([right, Buffer.alloc(1)])]) {
      const accept = () => acceptSignatures({ certificate, digest: "sha256" }, [item], [wrong]);
      expect(accept).toThrow(refused("OTHER_KEY_SIGNED"));
    }
  });

  test("another digest or scheme than was asked for is refused", () => {
    const { key, certificate } = issueSigner("rsa-2048");
    const sha512 = sign("sha512", item.toBeSigned, key);
    const accept = (digest: "sha256", scheme?: "pss") => () =>
      acceptSignatures({ certificate, digest, ...(scheme ? { scheme } : {}) }, [item], [sha512]);
    expect(accept("sha256")).toThrow(refused("OTHER_HASH_SIGNED"));
    expect(accept("sha256", "pss")).toThrow(refused("OTHER_HASH_SIGNED"));
  });
});

describe("values in answers", () => {
  test("base64: with line breaks, without padding, in a PEM; nothing else", () => {
    const bytes = Buffer.from("chứng thư số");
    const text = bytes.toString("base64");
    for (const form of [
      text,
      text.replace(/=+$/, ""),
      text.replace(/.{4}/g, "$&\r\n"),
      `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    ]) {
      expect(base64Of(form, "x")).toEqual(bytes);
    }
    for (const wrong of ["", "====", "a", "ab*d", "ab-_", `${text}x`, 5, null, undefined, {}, ["YWJj"]]) {
      expect(() => base64Of(wrong, "x")).toThrow(refused("BAD_ANSWER"));
    }
  });

  test("objects, lists, texts and numbers", () => {
    for (const wrong of [null, undefined, [], "x", 1])
      expect(() => objectOf(wrong, "x")).toThrow(refused("BAD_ANSWER"));
    expect(() => listOf({ length: 1 }, "x")).toThrow(refused("BAD_ANSWER"));
    expect(() => listOf(Array(5), "x", 4)).toThrow(refused("BAD_ANSWER"));
    expect(() => textOf("", "x")).toThrow(refused("BAD_ANSWER"));
    expect(() => textOf("dài", "x", 2)).toThrow(refused("BAD_ANSWER"));
    expect([3, "3", "03", " 3", "3.0", 3.5, "x", null, 2 ** 60].map(wholeNumber)).toEqual([
      3,
      3,
      3,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a request", () => {
  const credential: RemoteCredential = {
    id: "k",
    certificate: held.certificate,
    chain: [],
    digest: "sha256",
    status: "VALID",
    factors: [],
    batch: 3,
    state: {},
  };
  const make =
    (more: object, changed: Partial<RemoteCredential> = {}) =>
    () =>
      newPending(
        "X",
        { credential: { ...credential, ...changed }, items: [item], text: "", ...more },
        { startedAt: new Date(), milliseconds: 1 },
      );

  test.each([
    ["nothing to sign", { items: [] }, "BAD_INPUT"],
    ["two of one number", { items: [item, item] }, "BAD_INPUT"],
    ["a number with strange signs", { items: [{ ...item, id: "a/b" }] }, "BAD_INPUT"],
    ["a number that is too long", { items: [{ ...item, id: "x".repeat(37) }] }, "BAD_INPUT"],
    ["no bytes", { items: [{ ...item, toBeSigned: Buffer.alloc(0) }] }, "BAD_INPUT"],
    ["too many bytes", { items: [{ ...item, toBeSigned: Buffer.alloc(200_000) }] }, "BAD_INPUT"],
    ["a text that is too long", { text: "x".repeat(1_001) }, "BAD_INPUT"],
    ["a batch that is too large", { items: ["1", "2", "3", "4"].map((id) => ({ ...item, id })) }, "LIMIT"],
  ])("is refused: %s", (_, more, code) => {
    expect(make(more)).toThrow(refused(code));
  });

  test.each(["EXPIRED", "REVOKED", "SUSPENDED", "DISABLED"] as const)("is refused for a key that is %s", (status) => {
    expect(make({}, { status })).toThrow(refused("CREDENTIAL_UNUSABLE"));
  });

  test("is refused for a certificate that cannot be read, and goes through as it is", () => {
    expect(make({}, { certificate: Buffer.from("x") })).toThrow(refused("BAD_INPUT"));
    expect(make({ text: "Ky\u0301" })().text).toBe("Ký");
    expect(make({}, { status: "UNKNOWN" })().step).toBe("AUTHORIZE");
  });
});

describe("the way a CSC key signs", () => {
  const rsa = createPublicKey(heldKey("rsa-2048").key);
  const ec = createPublicKey(held.key);
  const large = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;

  test.each([
    [
      "the digest that fits first",
      rsa,
      [Oid.sha512WithRsa, Oid.sha256WithRsa],
      { digest: "sha256", signAlgo: Oid.sha256WithRsa },
    ],
    [
      "one that leaves the digest open",
      rsa,
      [Oid.sha512WithRsa, Oid.rsaEncryption],
      { digest: "sha256", signAlgo: Oid.rsaEncryption },
    ],
    [
      "another digest where nothing else is offered",
      rsa,
      [Oid.sha512WithRsa],
      { digest: "sha512", signAlgo: Oid.sha512WithRsa },
    ],
    ["PSS alone", rsa, [Oid.rsassaPss], { digest: "sha256", scheme: "pss", signAlgo: Oid.rsassaPss }],
    ["ECDSA", ec, [Oid.ecdsaWithSha256], { digest: "sha256", signAlgo: Oid.ecdsaWithSha256 }],
    ["ECDSA over P-384", large, [Oid.ecPublicKey], { digest: "sha384", signAlgo: Oid.ecPublicKey }],
    ["an algorithm of another kind of key", ec, [Oid.sha256WithRsa], undefined],
    ["nothing", rsa, [], undefined],
    ["Ed25519, which signs no digests", generateKeyPairSync("ed25519").publicKey, [Oid.ed25519], undefined],
  ])("%s", (_, key, offered, expected) => {
    expect(chooseAlgorithm(key, offered)).toEqual(expected);
  });

  test("only PSS has parameters", () => {
    expect(algorithmParameters(Oid.sha256WithRsa, "sha256")).toBeUndefined();
    expect(Buffer.from(algorithmParameters(Oid.rsassaPss, "sha256")!, "base64")[0]).toBe(0x30);
  });
});

describe("a CSC credential", () => {
  const info = (more: object) => ({
    key: { status: "enabled", algo: [Oid.ecdsaWithSha256], len: 256 },
    cert: { status: "valid", certificates: [held.certificate.toString("base64")] },
    multisign: "5",
    ...more,
  });
  const pin = { type: "Password", id: "PIN" };
  const totp = { type: "Password", id: "Mobile", generator: "totp" };
  const phone = { type: "PasswordOOB", id: "App" };
  const objects = (list: object[], expression?: string) => ({ auth: { mode: "explicit", expression, objects: list } });

  test.each([
    ["v1, implicit", { authMode: "implicit" }, [], {}],
    ["v1, web page", { authMode: "oauth2code" }, ["sad"], {}],
    ["v1, PIN", { authMode: "explicit", PIN: { presence: "true" } }, ["pin"], {}],
    [
      "v1, PIN and sent code",
      { PIN: { presence: "optional" }, OTP: { presence: "true", type: "online" } },
      ["pin", "otp"],
      { sendOtp: "OTP" },
    ],
    ["v1, code of a device", { OTP: { presence: "true", type: "offline" } }, ["otp"], {}],
    ["v2, web page", { auth: { mode: "oauth2code" } }, ["sad"], {}],
    ["v2, both", objects([pin, totp], "PIN AND Mobile"), ["pin", "otp"], { pinId: "PIN", otpId: "Mobile" }],
    ["v2, one of both", objects([pin, totp], "PIN XOR Mobile"), ["pin"], { pinId: "PIN", otpId: "Mobile" }],
    ["v2, phone", objects([phone]), [], { elsewhere: '["App"]' }],
    ["v2, PIN and phone", objects([pin, phone], "PIN AND App"), ["pin"], { pinId: "PIN", elsewhere: '["App"]' }],
    ["v2, PIN or phone", objects([pin, phone], "PIN OR App"), ["pin"], { pinId: "PIN" }],
  ])("asks for what it needs: %s", (_, more, factors, state) => {
    expect(readCredential("k", info(more))).toMatchObject({ factors, batch: 5, status: "VALID" });
    expect(readCredential("k", info(more))!.state).toEqual({ signAlgo: Oid.ecdsaWithSha256, ...state });
  });

  test("tells what it is like, and is left out where it cannot sign digests", () => {
    expect(readCredential("k", info({ key: { status: "disabled", algo: [Oid.ecdsaWithSha256] } }))!.status).toBe(
      "DISABLED",
    );
    const revoked = { status: "revoked", certificates: [held.certificate.toString("base64")] };
    expect(readCredential("k", info({ cert: revoked }))!.status).toBe("REVOKED");
    expect(readCredential("k", info({ key: { algo: [] } }))).toBeUndefined();
    expect(readCredential("k", info({ cert: { certificates: ["AAAA"] } }))).toBeUndefined();
    expect(() => readCredential("k", {})).toThrow(refused("BAD_ANSWER"));
    expect(() => readCredential("k", info({ cert: {} }))).toThrow(refused("BAD_ANSWER"));
  });
});

describe("a log-in", () => {
  test("is made once for many at a time, and anew when it runs out or failed", async () => {
    let [made, time] = [0, 0];
    const keeper = tokenKeeper(
      async () => {
        if (++made === 1) throw new SigningError("UNAVAILABLE", "");
        return { token: `t${made}`, expiresAt: time + 3_600_000 };
      },
      () => new Date(time),
    );
    const use = () => keeper.with(async (token) => token);
    await expect(use()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await Promise.all([use(), use(), use()])).toEqual(["t2", "t2", "t2"]);
    time += 3_600_000;
    expect(await use()).toBe("t3");
    expect(await keeper.with(async (token) => (token === "t3" ? "UNAUTHORIZED" : token))).toBe("t4");
    await expect(keeper.with(async () => "UNAUTHORIZED")).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("requests go", () => {
  const server = createServer((request, response) => {
    if (request.url === "/redirect") return response.writeHead(302, { location: "/secret" }).end();
    if (request.url === "/large") return response.end(Buffer.alloc(100_000));
    if (request.url === "/cut") {
      response.writeHead(200, { "content-length": "100" }).write("{");
      return setTimeout(() => response.destroy(), 20);
    }
    return response.end(JSON.stringify({ url: request.url }));
  });
  let host = "";
  beforeAll(async () => {
    host = `127.0.0.1:${await listen(server)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = (fetch: ServiceFetch, url: string, maxBytes = 10_000) =>
    fetch({ url, method: "GET", headers: {}, maxBytes, signal: AbortSignal.timeout(5_000) });

  test("only where they may, and follow nobody elsewhere", async () => {
    const fetch = serviceFetch({ hosts: [host, "example.test", "localhost:1"] });
    expect((await get(fetch, `http://${host}/x`)).status).toBe(200);
    expect((await get(fetch, `http://${host}/redirect`)).status).toBe(302);
    const forbidden = [
      "http://example.test/",
      "http://localhost:1/",
      `http://a:b@${host}/`,
      "https://other.test/",
      "ftp://example.test/",
      "file:///etc/passwd",
    ];
    for (const url of forbidden) await expect(get(fetch, url)).rejects.toMatchObject({ code: "FETCH_REFUSED" });
    await expect(get(fetch, `http://${host}/large`)).rejects.toMatchObject({ code: "TOO_LARGE" });
    await expect(get(fetch, `http://${host}/cut`)).rejects.toThrow();
  });

  test("a fetcher that fails in any way is an outage, and its words go nowhere", async () => {
    const failures: ServiceFetch[] = [
      () => Promise.reject(new Error("mật khẩu 123 at https://u:p@host")),
      () => Promise.reject(Object.assign(new Error("x"), { code: "mật khẩu" })),
      () => Promise.reject(new SigningError("FETCH_REFUSED", "")),
      async () => ({ status: 200, body: Buffer.alloc(5 * 1024 * 1024) }),
      async () => ({ status: 503, body: Buffer.from("mật khẩu") }),
      async () => ({ status: 429, body: Buffer.alloc(0) }),
      () => new Promise(() => undefined),
    ];
    for (const fetch of failures) {
      const call = serviceCalls({ fetch, baseUrl: "https://x.test", timeoutMilliseconds: 50, retryMilliseconds: 1 });
      const failed = call({ path: "p", json: {}, safe: false });
      await expect(failed).rejects.toMatchObject({ code: "UNAVAILABLE" });
      await failed.catch((error: SigningError) =>
        expect(JSON.stringify([error.message, error.details])).not.toContain("mật khẩu"),
      );
    }
  });
});

test("what ends a transaction and what does not", () => {
  expect([refuse("REJECTED", ""), refuse("OTHER_KEY_SIGNED", "")].map(isFinalRefusal)).toEqual([true, true]);
  const others = [
    refuse("UNAVAILABLE", ""),
    refuse("WRONG_OTP", ""),
    new SigningError("X", ""),
    new Error("x"),
    undefined,
  ];
  expect(others.map(isFinalRefusal)).toEqual([false, false, false, false, false]);
});
