import { describe, expect, test } from "vitest";
import { SigningError } from "../../../signing/errors.ts";
import type { Authorization, RemoteSigner } from "../../../signing/keys/remote/remote-signer.ts";
import { remoteRefusals } from "../../../signing/keys/remote/refusals.ts";
import type { Faults, ServiceServer } from "../../support/signing-services/service-server.ts";
import { finish, request, stored } from "./deferred.ts";

/** A pretended service with clients for it. */
export interface OpenService {
  readonly server: ServiceServer;
  /** A client that knows nothing of the others, with so much patience. */
  readonly client: (timeoutMilliseconds?: number) => RemoteSigner;
  readonly authorization?: Authorization;
}

/** What a service is like. */
export interface ServiceNature {
  /** Part of the address that orders signatures. */
  readonly order: string;
  /** Part of the address that tells how it stands; undefined where the order itself is answered with signatures. */
  readonly status?: string;
  /** Secrets that must appear nowhere. */
  readonly secrets: readonly string[];
  /** What the service says when a quota is used up. */
  readonly quota?: string;
  /** Whether a person approves on a phone, so that one can decline and be late. */
  readonly phone: boolean;
}

/** Every fault of a service must end in the typed refusal that belongs to it, without signatures and secrets. */
export function describeFaults(
  name: string,
  nature: ServiceNature,
  open: (faults: Faults) => Promise<OpenService>,
): void {
  const attempt = async (faults: Faults, count = 1, patience?: number) => {
    const { server, client, authorization } = await open(faults);
    await using _ = server;
    const batch = await request(client(), count);
    return {
      server,
      outcome: await (async () =>
        finish(() => client(patience), await client(patience).start(batch), authorization))().then(
        () => "SIGNED" as const,
        (error: unknown) => {
          expect(error).toBeInstanceOf(SigningError);
          const { code, message, details } = error as SigningError;
          expect(Object.keys(remoteRefusals)).toContain(code);
          const told = JSON.stringify([code, message, details]);
          for (const secret of nature.secrets) expect(told).not.toContain(secret);
          return { code, details };
        },
      ),
    };
  };

  describe(`${name}: faults`, () => {
    test.each([
      ["signs other bytes", { wrongHash: true }, "OTHER_HASH_SIGNED", 1],
      ["signs with another key", { wrongKey: true }, "OTHER_KEY_SIGNED", 1],
      ["gives the first signature of a batch again for the second", { replay: true }, "OTHER_HASH_SIGNED", 2],
      ["changes the order of a batch", { swapped: true }, "OTHER_HASH_SIGNED", 2],
      ["leaves a signature out", { missing: true }, "BAD_ANSWER", 2],
    ])("%s", async (_, faults: Faults, code, count) => {
      expect((await attempt(faults, count)).outcome).toMatchObject({ code });
    });

    test("a signature of an earlier transaction is not taken for a new one", async () => {
      const faults: Faults = {};
      const { server, client, authorization } = await open(faults);
      await using _ = server;
      await finish(client, await client().start(await request(client())), authorization);
      faults.replay = true;
      const later = await request(client());
      const other = { ...later, items: [{ ...later.items[0]!, toBeSigned: Buffer.from("khác") }] };
      const again = (async () => finish(client, await client().start(other), authorization))();
      await expect(again).rejects.toMatchObject({ code: "OTHER_HASH_SIGNED" });
    });

    if (nature.phone)
      test("the person declines, or lets the time pass", async () => {
        expect((await attempt({ person: "rejects" })).outcome).toMatchObject({ code: "REJECTED" });
        expect((await attempt({ person: "expires" })).outcome).toMatchObject({ code: "EXPIRED" });
      });

    if (nature.quota)
      test("the quota is used up", async () => {
        expect((await attempt({ quota: true })).outcome).toMatchObject({ code: nature.quota });
      });

    test("no answer to the order: not repeated, and said to be uncertain", async () => {
      const { server, outcome } = await attempt({ silentFor: nature.order }, 1, 1_000);
      expect(outcome).toMatchObject({ code: "UNAVAILABLE", details: { reason: "TIMED_OUT", uncertain: true } });
      expect(server.asked.filter(({ path }) => path.includes(nature.order))).toHaveLength(1);
    });

    if (nature.status)
      test("questions are repeated after a failure, orders are not", async () => {
        const faults: Faults = {};
        const { server, client, authorization } = await open(faults);
        await using _ = server;
        const batch = await request(client());
        let progress = await client().start(batch);
        if (progress.state === "AUTHORIZE") progress = await client().authorize(progress.pending, authorization ?? {});
        if (progress.state !== "WAITING") throw new Error("a pending transaction was expected");
        faults.brokenFor = 1;
        const { state } = await client().poll(stored(progress.pending));
        expect(state).toBe("SIGNED");
      });

    test("out of order for good", async () => {
      const faults: Faults = {};
      const { server, client, authorization } = await open(faults);
      await using _ = server;
      const batch = await request(client());
      faults.brokenFor = 1_000;
      const failed = (async () => finish(client, await client().start(batch), authorization))();
      await expect(failed).rejects.toMatchObject({ code: "UNAVAILABLE" });
    });

    test("answers that are no answers", async () => {
      const faults: Faults = {};
      const { server, client, authorization } = await open(faults);
      await using _ = server;
      const batch = await request(client());
      faults.garbage = true;
      const failed = (async () => finish(client, await client().start(batch), authorization))();
      await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^BAD_ANSWER$/) });
      await expect(client().credentials()).rejects.toMatchObject({ code: "BAD_ANSWER" });
    });

    test("a service that is not there", async () => {
      const { server, client, authorization } = await open({});
      const batch = await request(client());
      await server[Symbol.asyncDispose]();
      const failed = (async () => finish(client, await client().start(batch), authorization))();
      await expect(failed).rejects.toMatchObject({ code: "UNAVAILABLE", details: { uncertain: false } });
    });

    test("a stored transaction that is damaged, another provider's or a stranger's", async () => {
      const { server, client } = await open({});
      await using _ = server;
      const progress = await client().start(await request(client()));
      if (progress.state === "SIGNED") return;
      const { pending } = progress;
      const damaged: unknown[] = [
        undefined,
        null,
        {},
        { ...pending, provider: "KHAC" },
        { ...pending, version: 2 },
        { ...pending, items: [] },
        { ...pending, items: [...pending.items, pending.items[0]] },
        { ...pending, items: [{ id: "../..", name: "", toBeSigned: "AA==" }] },
        { ...pending, certificate: "AAAA" },
        { ...pending, digest: "md5" },
        { ...pending, expiresAt: "bao giờ" },
        { ...pending, state: { x: 1 } },
      ];
      for (const wrong of damaged) {
        await expect(client().poll(wrong as typeof pending)).rejects.toMatchObject({ code: "BAD_PENDING" });
      }
      expect(await client().cancel(pending)).toBe(false);
    });
  });
}
