import { describe, expect, test } from "vitest";
import { cscSigner, type CscOptions } from "../../../signing/keys/csc/csc-signer.ts";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import { Oid } from "../../../signing/oids.ts";
import {
  cscAccount,
  startCscServer,
  type CscServer,
  type CscSetting,
} from "../../support/signing-services/csc-server.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import { at, finish, prepareBatch, request, signBatch, stored } from "./deferred.ts";
import { describeFaults } from "./service-faults.ts";

const rsa = heldKey("rsa-2048");
const ec = heldKey("ec-p256");
const [pin, otp] = ["1357-PIN", "864209"];
const { clientId, clientSecret, user, password } = cscAccount;

function clientOf(server: CscServer, version: 1 | 2, more: Partial<CscOptions> = {}) {
  return cscSigner({
    version,
    fetch: serviceFetch({ hosts: [server.host] }),
    baseUrl: server.baseUrl,
    login: { kind: "oauth2", baseUrl: server.url, clientId, clientSecret },
    now: () => at,
    retryMilliseconds: 1,
    ...more,
  });
}

async function open(setting: Omit<CscSetting, "keys"> & Partial<CscSetting>, more: Partial<CscOptions> = {}) {
  const server = await startCscServer({ keys: [rsa], ...setting });
  const client = (timeoutMilliseconds?: number) =>
    clientOf(server, setting.version, {
      ...more,
      ...(timeoutMilliseconds ? { timeoutMilliseconds, approvalMilliseconds: timeoutMilliseconds } : {}),
    });
  return { server, client };
}

describe.each([1, 2] as const)("CSC v%i", (version) => {
  test.each([
    ["PIN", { pin }, { pin }],
    ["one-time password that is sent", { otp }, { otp }],
    ["PIN and one-time password", { pin, otp }, { pin, otp }],
    ["approval on a phone", {}, {}],
  ])("a document signed with %s", async (_, setting, authorization) => {
    const { server, client } = await open({ version, ...setting });
    await using __ = server;
    await signBatch(client, { authorization });
    expect(server.sent).toHaveLength("otp" in setting ? 1 : 0);
  });

  test("ECDSA, given as r and s side by side or in DER", async () => {
    for (const raw of [true, false]) {
      const { server, client } = await open({ version, pin, keys: [ec], signing: { raw } });
      await using _ = server;
      await signBatch(client, { authorization: { pin } });
    }
  });

  test("RSASSA-PSS where the key does nothing else", async () => {
    const { server, client } = await open({ version, pin, algorithms: [Oid.rsassaPss] });
    await using _ = server;
    await signBatch(client, { authorization: { pin } });
    expect(server.asked.at(-1)!.body).toMatchObject({ signAlgo: Oid.rsassaPss, signAlgoParams: expect.any(String) });
  });

  test("a DigestInfo without parameters, as a service in wide use writes it, is taken and named", async () => {
    const { server, client } = await open({ version, pin, signing: { bare: true } });
    await using _ = server;
    const [signed] = await signBatch(client, { authorization: { pin } });
    expect(signed!.notes).toContain("DIGEST_INFO_WITHOUT_PARAMETERS");
  });

  test("many documents with one authorization that is bound to exactly their digests", async () => {
    const { server, client } = await open({ version, pin });
    await using _ = server;
    await signBatch(client, { count: 7, authorization: { pin } });
    const authorizations = server.asked.filter(({ path }) => path.endsWith("credentials/authorize"));
    expect(authorizations).toHaveLength(1);
    const { body } = authorizations[0]!;
    expect(body["numSignatures"]).toBe(7);
    expect(new Set(body[version === 1 ? "hash" : "hashes"] as string[]).size).toBe(7);
  });

  test("a large batch goes on with extendTransaction", async () => {
    const { server, client } = await open({ version, pin }, { hashesPerCall: 3 });
    await using _ = server;
    await signBatch(client, { count: 8, authorization: { pin } });
    const calls = (name: string) => server.asked.filter(({ path }) => path.endsWith(name)).length;
    expect([calls("signHash"), calls("extendTransaction"), calls("authorize")]).toEqual([3, 2, 1]);
  });

  test("more documents than one authorization allows are refused before anybody is asked", async () => {
    const { server, client } = await open({ version, pin, multisign: 2 });
    await using _ = server;
    const batch = await request(client(), 3);
    await expect(client().start(batch)).rejects.toMatchObject({ code: "LIMIT", details: { most: 2 } });
    expect(server.asked.some(({ path }) => path.endsWith("authorize"))).toBe(false);
  });

  test("wrong secrets can be given again, and lock the key in the end", async () => {
    const { server, client } = await open({ version, pin, otp });
    await using _ = server;
    const progress = await client().start(await request(client()));
    if (progress.state !== "AUTHORIZE") throw new Error("secrets were expected to be asked for");
    expect(progress.factors).toEqual(["pin", "otp"]);
    const pending = stored(progress.pending);
    const give = (secrets: { pin?: string; otp?: string }) => client().authorize(pending, secrets);
    const wrong =
      version === 1
        ? { pin: "WRONG_PIN", otp: "WRONG_OTP" }
        : { pin: "WRONG_AUTHORIZATION", otp: "WRONG_AUTHORIZATION" };
    await expect(give({ pin: "sai", otp })).rejects.toMatchObject({ code: wrong.pin });
    await expect(give({ pin, otp: "sai" })).rejects.toMatchObject({ code: wrong.otp });
    expect((await give({ pin, otp })).state).toBe("SIGNED");
    await expect(give({ pin: "sai", otp })).rejects.toMatchObject({ code: wrong.pin });
    await expect(give({ pin, otp })).rejects.toMatchObject({ code: "LOCKED" });
  });

  test("one wrong secret alone is named, also by v2", async () => {
    const byPin = await open({ version, pin });
    await using _ = byPin.server;
    const start = { ...(await request(byPin.client())), authorization: { pin: "sai" } };
    await expect(byPin.client().start(start)).rejects.toMatchObject({ code: "WRONG_PIN" });
    const byOtp = await open({ version, otp });
    await using __ = byOtp.server;
    const other = { ...(await request(byOtp.client())), authorization: { otp: "sai" } };
    await expect(byOtp.client().start(other)).rejects.toMatchObject({ code: "WRONG_OTP" });
  });

  test.each([
    ["client credentials", (url: string) => ({ kind: "oauth2", baseUrl: url, clientId, clientSecret }) as const],
    [
      "a user's password",
      (url: string) =>
        ({ kind: "oauth2", baseUrl: url, clientId, clientSecret, user: { name: user, password } }) as const,
    ],
    ["HTTP Basic", () => ({ kind: "basic", user, password }) as const],
  ])("logs in with %s, and again when the token is no longer taken", async (_, login) => {
    const server = await startCscServer({ version, keys: [rsa], pin });
    await using __ = server;
    const client = clientOf(server, version, { login: login(server.url) });
    expect(await client.credentials()).toHaveLength(1);
    server.forgetTokens();
    expect(await client.credentials()).toHaveLength(1);
  });

  test("a token from elsewhere, and an account that is refused", async () => {
    const server = await startCscServer({ version, keys: [rsa], pin });
    await using _ = server;
    const bearer = clientOf(server, version, { login: { kind: "bearer", token: "la" } });
    await expect(bearer.credentials()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    const over = clientOf(server, version, { login: { kind: "bearer", token: "x", expiresAt: new Date(0) } });
    await expect(over.credentials()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    const wrong = { kind: "oauth2", baseUrl: server.url, clientId, clientSecret: "sai" } as const;
    await expect(clientOf(server, version, { login: wrong }).credentials()).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
  });

  test("secrets stand in no stored transaction", async () => {
    const { server, client } = await open({ version, pin, otp });
    await using _ = server;
    const batch = await request(client());
    const { signatures } = await finish(client, await client().start(batch), { pin, otp });
    expect(signatures).toHaveLength(1);
  });

  test("a transaction that nobody authorizes runs out", async () => {
    const { server, client } = await open({ version, pin });
    await using _ = server;
    const progress = await client().start(await request(client()));
    if (progress.state === "SIGNED") throw new Error("too early");
    const late = clientOf(server, version, { now: () => new Date(at.getTime() + 6 * 60_000) });
    await expect(late.authorize(progress.pending, { pin })).rejects.toMatchObject({ code: "EXPIRED" });
  });
});

describe("CSC v2, asynchronous", () => {
  test("the signatures are polled for", async () => {
    const faults = { person: { approvesAfter: 3 } };
    const { server, client } = await open({ version: 2, pin, faults }, { asynchronous: true });
    await using _ = server;
    // The person was asked once by authorize; then the service takes its time.
    await signBatch(client, { authorization: { pin } });
    expect(server.asked.filter(({ path }) => path.endsWith("signPolling")).length).toBeGreaterThan(2);
  });

  test("slow approval on a phone: WAITING, then signed", async () => {
    const { server, client } = await open({ version: 2, faults: { person: { approvesAfter: 4 } } });
    await using _ = server;
    await signBatch(client, { count: 2 });
    expect(server.asked.filter(({ path }) => path.endsWith("authorizeCheck"))).toHaveLength(5);
  });

  test("a phone that is never answered ends with EXPIRED", async () => {
    const { server, client } = await open({ version: 2, faults: { person: { approvesAfter: 1_000 } } });
    await using _ = server;
    const progress = await client().start(await request(client()));
    if (progress.state !== "WAITING") throw new Error("it should wait");
    const late = clientOf(server, 2, { now: () => new Date(at.getTime() + 6 * 60_000) });
    await expect(late.poll(progress.pending)).rejects.toMatchObject({ code: "EXPIRED" });
  });
});

test("CSC v1: the answer is held back while the phone is asked, up to the patience given", async () => {
  const slow = await open({ version: 1, approvalDelay: 150 });
  await using _ = slow.server;
  await signBatch(slow.client);
  const tooSlow = await open({ version: 1, approvalDelay: 3_000 });
  await using __ = tooSlow.server;
  const failed = tooSlow.client(1_000).start(await request(tooSlow.client()));
  await expect(failed).rejects.toMatchObject({ code: "UNAVAILABLE", details: { uncertain: true } });
});

test("a credential's certificate decides what is prepared: another one does not get through", async () => {
  const { server, client } = await open({ version: 1, pin });
  await using _ = server;
  const [credential] = await client().credentials();
  const other = heldKey("rsa-2048");
  const { items } = await prepareBatch({ ...credential!, certificate: other.certificate }, 1);
  const forged = {
    credential: { ...credential!, certificate: other.certificate },
    items,
    text: "",
    authorization: { pin },
  };
  await expect(client().start(forged)).rejects.toMatchObject({ code: "OTHER_KEY_SIGNED" });
});

for (const version of [1, 2] as const) {
  const nature = { order: "signHash", secrets: [pin, otp, clientSecret], quota: "LIMIT", phone: true };
  describeFaults(`CSC v${version}`, nature, async (faults) => {
    const opened = await open({ version, pin, otp, faults });
    return { ...opened, authorization: { pin, otp } };
  });
}
describeFaults(
  "CSC v2, asynchronous",
  { order: "signHash", status: "signPolling", secrets: [pin, clientSecret], quota: "LIMIT", phone: true },
  async (faults) => ({ ...(await open({ version: 2, pin, faults }, { asynchronous: true })), authorization: { pin } }),
);
describeFaults(
  "CSC v2 with a phone",
  { order: "signHash", secrets: [clientSecret], quota: "LIMIT", phone: true },
  (faults) => open({ version: 2, faults }),
);
