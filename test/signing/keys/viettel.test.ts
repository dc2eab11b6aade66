import { describe, expect, test } from "vitest";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import { viettelGatewaySigner, viettelSigner } from "../../../signing/keys/viettel-signer.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import type { Faults, ServiceServer } from "../../support/signing-services/service-server.ts";
import {
  startViettelGateway,
  startViettelServer,
  viettelAccount,
} from "../../support/signing-services/viettel-server.ts";
import { at, request, signBatch } from "./deferred.ts";
import { describeFaults } from "./service-faults.ts";

const held = heldKey("rsa-2048");
const { clientId, clientSecret, userId } = viettelAccount;

function optionsFor(server: ServiceServer, patience?: number) {
  return {
    fetch: serviceFetch({ hosts: [server.host] }),
    baseUrl: server.url,
    clientId,
    clientSecret,
    userId,
    now: () => at,
    retryMilliseconds: 1,
    ...(patience ? { timeoutMilliseconds: patience, approvalMilliseconds: patience } : {}),
  };
}

async function openCsc(faults: Faults, approvalDelay = 0) {
  const server = await startViettelServer({ keys: [held], faults, approvalDelay });
  return { server, client: (patience?: number) => viettelSigner(optionsFor(server, patience)) };
}

async function openGateway(faults: Faults) {
  const server = await startViettelGateway({ held, faults });
  return { server, client: (patience?: number) => viettelGatewaySigner(optionsFor(server, patience)) };
}

describe("Viettel MySign over CSC", () => {
  test("documents signed after one approval on the phone", async () => {
    const { server, client } = await openCsc({}, 100);
    await using _ = server;
    await signBatch(client, { count: 3 });
    const [logIn] = server.asked;
    expect(logIn).toMatchObject({
      path: "/adss/service/ras/v1/login",
      body: { client_id: clientId, user_id: userId, profile_id: "adss:ras:profile:001" },
    });
    const paths = new Set(server.asked.slice(1).map(({ path }) => path.replace("/adss/service/ras/", "")));
    for (const method of ["list", "info", "authorize"]) expect(paths).toContain(`csc/v1/credentials/${method}`);
    expect(paths).toContain("csc/v1/signatures/signHash");
  });

  test("another account is refused", async () => {
    const { server } = await openCsc({});
    await using _ = server;
    const stranger = viettelSigner({ ...optionsFor(server), clientSecret: "sai" });
    await expect(stranger.credentials()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("Viettel MySign over the gateway", () => {
  test("documents signed after a slow approval", async () => {
    const { server, client } = await openGateway({ person: { approvesAfter: 3 } });
    await using _ = server;
    await signBatch(client, { count: 2 });
    expect(server.asked.filter(({ path }) => path.endsWith("requests/status"))).toHaveLength(4);
  });

  test("long Vietnamese texts are cut to what the phone takes, between letters", async () => {
    const { server, client } = await openGateway({});
    await using _ = server;
    const text = "Ký quyết định về việc ban hành quy chế làm việc của Sở Y tế ".repeat(5);
    await client().start({ ...(await request(client())), text });
    const shown = Buffer.from(String(server.asked.at(-1)!.body["description"]), "base64").toString("utf8");
    expect(text.startsWith(shown)).toBe(true);
    expect(shown.length).toBeGreaterThan(40);
  });

  test("another account is refused", async () => {
    const { server } = await openGateway({});
    await using _ = server;
    const stranger = viettelGatewaySigner({ ...optionsFor(server), userId: "000" });
    await expect(stranger.credentials()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describeFaults(
  "Viettel over CSC",
  { order: "signHash", secrets: [clientSecret], quota: "LIMIT", phone: true },
  (faults) => openCsc(faults),
);
describeFaults(
  "Viettel over the gateway",
  { order: "signHash", status: "requests/status", secrets: [clientSecret], quota: "LIMIT", phone: true },
  openGateway,
);
