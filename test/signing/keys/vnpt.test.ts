import { describe, expect, test } from "vitest";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import { vnptSigner } from "../../../signing/keys/vnpt-signer.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import type { Faults } from "../../support/signing-services/service-server.ts";
import { startVnptServer, vnptAccount } from "../../support/signing-services/vnpt-server.ts";
import { at, request, signBatch, stored } from "./deferred.ts";
import { describeFaults } from "./service-faults.ts";

const held = heldKey("rsa-2048");
const { spId, spPassword, userId, password, otp } = vnptAccount;

async function open(flow: "app" | "otp", faults: Faults = {}) {
  const server = await startVnptServer({ held, faults });
  const client = (patience?: number) =>
    vnptSigner({
      fetch: serviceFetch({ hosts: [server.host] }),
      baseUrl: server.url,
      spId,
      spPassword,
      userId,
      flow,
      now: () => at,
      retryMilliseconds: 1,
      ...(patience ? { timeoutMilliseconds: patience } : {}),
    });
  return { server, client };
}

describe("VNPT SmartCA with the app (v1)", () => {
  test("documents signed after a slow approval", async () => {
    const { server, client } = await open("app", { person: { approvesAfter: 3 } });
    await using _ = server;
    await signBatch(client, { count: 3 });
    const order = server.asked.find(({ path }) => path === "/sca/sp769/v1/signatures/sign")!;
    expect(order.body).toMatchObject({
      sp_id: spId,
      transaction_desc: "Ký quyết định số 12/QĐ-SYT",
      time_stamp: "20260801010000Z",
      sign_files: [{ doc_id: "van-ban-0", file_type: "pdf", sign_type: "hash" }, {}, {}],
    });
  });

  test("a notification gives the signatures only if they verify; else the service is asked", async () => {
    const { server, client } = await open("app", { person: { approvesAfter: 1 } });
    await using _ = server;
    const progress = await client().start(await request(client()));
    if (progress.state !== "WAITING") throw new Error("it should wait");
    const { pending } = progress;
    await client().poll(pending);
    const transaction_id = pending.state["reference"]!;
    const url = `${server.url}/sca/sp769/v1/signatures/sign/${transaction_id}/status`;
    const answer = (await (await fetch(url, { method: "POST", body: "{}" })).json()) as {
      data: { signatures: object[] };
    };
    const body = {
      sp_id: spId,
      status_code: 200,
      message: "SUCCESS",
      transaction_id,
      signed_files: answer.data.signatures,
    };
    expect(client().receive(pending, body).state).toBe("SIGNED");
    expect(client().receive(pending, { ...body, transaction_id: "khác" }).state).toBe("WAITING");
    expect(client().receive(pending, { status_code: 4002, transaction_id, message: "REJECTED" }).state).toBe("WAITING");
    const forged = [{ doc_id: "d0", signature_value: Buffer.alloc(256, 7).toString("base64") }];
    const receiveForged = () => client().receive(pending, { ...body, signed_files: forged });
    expect(receiveForged).toThrow(expect.objectContaining({ code: "OTHER_KEY_SIGNED" }));
  });

  test("another account is refused, and no wrong PIN is made of it", async () => {
    const { server, client } = await open("app");
    await using _ = server;
    const batch = await request(client());
    const stranger = vnptSigner({
      fetch: serviceFetch({ hosts: [server.host] }),
      baseUrl: server.url,
      spId,
      spPassword: "sai",
      userId,
      flow: "app",
    });
    await expect(stranger.credentials()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    await expect(stranger.start(batch)).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });

  test("an answer of 403 says that the certificate cannot be used", async () => {
    const { server, client } = await open("app", { quota: true });
    await using _ = server;
    await expect(client().start(await request(client()))).rejects.toMatchObject({ code: "CREDENTIAL_UNUSABLE" });
  });
});

describe("VNPT SmartCA with one-time password (v2)", () => {
  test("documents signed with password and one-time password", async () => {
    const { server, client } = await open("otp");
    await using _ = server;
    await signBatch(client, { count: 2, authorization: { password, otp } });
  });

  test("wrong secrets are named and can be given again", async () => {
    const { server, client } = await open("otp");
    await using _ = server;
    const progress = await client().start(await request(client()));
    if (progress.state !== "AUTHORIZE") throw new Error("secrets were expected to be asked for");
    expect(progress.factors).toEqual(["password", "otp"]);
    const pending = stored(progress.pending);
    await expect(client().authorize(pending, { password, otp: "000000" })).rejects.toMatchObject({ code: "WRONG_OTP" });
    await expect(client().authorize(pending, { password: "sai", otp })).rejects.toMatchObject({ code: "WRONG_PIN" });
    await expect(client().authorize(pending, { otp })).rejects.toMatchObject({ code: "BAD_INPUT" });
    expect((await client().authorize(pending, { password, otp })).state).toBe("SIGNED");
  });

  test("an authorization that runs out between the two steps", async () => {
    const { server, client } = await open("otp", { person: "expires" });
    await using _ = server;
    const batch = { ...(await request(client())), authorization: { password, otp } };
    await expect(client().start(batch)).rejects.toMatchObject({ code: "EXPIRED" });
  });
});

describeFaults(
  "VNPT with the app",
  { order: "v1/signatures/sign", status: "/status", secrets: [spPassword], phone: true },
  (faults) => open("app", faults),
);
describeFaults(
  "VNPT with one-time password",
  { order: "v2/signatures/sign", secrets: [spPassword, password, otp], phone: false },
  async (faults) => ({ ...(await open("otp", faults)), authorization: { password, otp } }),
);
