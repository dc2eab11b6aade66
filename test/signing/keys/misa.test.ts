import { describe, expect, test } from "vitest";
import {
  confirmMisaLogin,
  logInToMisa,
  refreshMisaSession,
  resendMisaCode,
  type MisaSession,
} from "../../../signing/keys/misa-login.ts";
import { misaSigner } from "../../../signing/keys/misa-signer.ts";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import { misaAccount, startMisaServer } from "../../support/signing-services/misa-server.ts";
import type { Faults, ServiceServer } from "../../support/signing-services/service-server.ts";
import { at, request, signBatch } from "./deferred.ts";
import { describeFaults } from "./service-faults.ts";

const held = heldKey("rsa-2048");
const { clientId, clientKey, userName, password, code } = misaAccount;

const optionsFor = (server: ServiceServer) => ({
  fetch: serviceFetch({ hosts: [server.host] }),
  baseUrl: server.url,
  clientId,
  clientKey,
  now: () => at,
  retryMilliseconds: 1,
});

async function open(faults: Faults = {}, more: { named?: boolean } = {}) {
  const server = await startMisaServer({ held, faults, ...more });
  const session = await logInToMisa(optionsFor(server), { userName, password });
  const client = (patience?: number) =>
    misaSigner({ ...optionsFor(server), session, ...(patience ? { timeoutMilliseconds: patience } : {}) });
  return { server, session, client };
}

describe("MISA eSign", () => {
  test.each([true, false])("documents signed after a slow approval; signatures named: %s", async (named) => {
    const { server, client } = await open({ person: { approvesAfter: 2 } }, { named });
    await using _ = server;
    await signBatch(client, { count: 3 });
    const order = server.asked.find(({ path }) => path.endsWith("/Signing/hash"))!;
    expect(order.headers).toMatchObject({ "x-clientid": clientId, "x-clientkey": clientKey });
    expect(order.body).toMatchObject({
      DataToBeDisplayed: "Ký quyết định số 12/QĐ-SYT",
      Documents: [{ DocumentId: "van-ban-0", DocumentName: "Quyết định số 0/QĐ-SYT" }, {}, {}],
    });
  });

  test("a notification gives the signatures only if they verify; else the service is asked", async () => {
    const { server, client } = await open();
    await using _ = server;
    const progress = await client().start(await request(client(), 2));
    if (progress.state !== "WAITING") throw new Error("it should wait");
    const { pending } = progress;
    const body = server.notification(pending.state["transaction"]!) as { signatures: object[] };
    expect(client().receive(pending, body)).toMatchObject({
      state: "SIGNED",
      signatures: [{ id: "d0" }, { id: "d1" }],
    });
    expect(client().receive(pending, { ...body, status: "FAILED" }).state).toBe("WAITING");
    expect(client().receive(pending, { ...body, transactionId: "khác" }).state).toBe("WAITING");
    const forged = {
      ...body,
      signatures: body.signatures.toReversed().map((each, i) => ({ ...each, documentId: `d${i}` })),
    };
    expect(() => client().receive(pending, forged)).toThrow(expect.objectContaining({ code: "OTHER_HASH_SIGNED" }));
  });

  test("the second factor is asked for, taken, and sent again", async () => {
    const server = await startMisaServer({ held, secondFactor: true });
    await using _ = server;
    const options = optionsFor(server);
    await expect(logInToMisa(options, { userName, password })).rejects.toMatchObject({
      code: "SECOND_FACTOR_REQUIRED",
    });
    await resendMisaCode(options, userName);
    const wrong = confirmMisaLogin(options, { userName, code: "000000", fromApp: true });
    await expect(wrong).rejects.toMatchObject({ code: "WRONG_OTP" });
    const session = await confirmMisaLogin(options, { userName, code, fromApp: true });
    expect(await misaSigner({ ...options, session }).credentials()).toHaveLength(1);
    expect(server.asked.at(-2)!.body).toMatchObject({ otpType: 1 });
  });

  test("a session is prolonged once by its refresh token; one that has run out is told", async () => {
    const { server, session } = await open();
    await using _ = server;
    const options = optionsFor(server);
    const fresh = await refreshMisaSession(options, session);
    expect(fresh.userId).toBe(session.userId);
    expect(await misaSigner({ ...options, session: fresh }).credentials()).toHaveLength(1);
    await expect(refreshMisaSession(options, session)).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    const over: MisaSession = { ...session, token: "qua-han" };
    await expect(misaSigner({ ...options, session: over }).credentials()).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
  });

  test("a wrong password, tried once", async () => {
    const server = await startMisaServer({ held });
    await using _ = server;
    const failed = logInToMisa(optionsFor(server), { userName, password: "sai mật khẩu" });
    await expect(failed).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    expect(server.asked).toHaveLength(1);
  });
});

describeFaults(
  "MISA",
  { order: "Signing/hash", status: "Signing/status", secrets: [clientKey, password], quota: "LIMIT", phone: true },
  (faults) => open(faults),
);
