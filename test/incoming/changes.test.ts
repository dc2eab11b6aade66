import { createClient } from "graphql-sse";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, assign, colleagues, register, uuidOf } from "./office.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, officer, stranger] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "chuyenvien.snv", "vanthu.stc");
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Change {
  readonly objectId: string;
  readonly objectType: string;
  readonly act: string;
  readonly at: string;
}

/** Collects what a colleague is told until stopped. */
function listen({ client }: Colleague): { heard: Change[]; stop: () => Promise<unknown> } {
  const heard: Change[] = [];
  const events = createClient({ url: `${app.url}/graphql`, headers: client.headers(), retryAttempts: 0 }).iterate({
    query: "subscription { changes { objectId objectType act at } }",
  });
  const reading = (async () => {
    for await (const event of events) {
      const { changes } = event.data as unknown as { changes: Change };
      // Signing in is told too, and may be told late.
      if (changes.objectType !== "Person") heard.push(changes);
    }
  })();
  return { heard, stop: async () => (await events.return?.(), await reading.catch(() => undefined)) };
}

const listeners = async (agencyId: string, count: number) => {
  const { emitter } = app.services.changes as unknown as { emitter: { listenerCount(name: string): number } };
  await expect.poll(() => emitter.listenerCount(agencyId), { timeout: 10_000 }).toBe(count);
};

const agencyOf = async ({ client }: Colleague) =>
  uuidOf((await client.call("{ viewer { agency { id } } }")).viewer.agency.id);

test("an act is told to the colleagues who may read its object, in order, and to nobody else", async () => {
  const everybody = [clerk, head, officer, stranger].map(listen);
  try {
    await listeners(await agencyOf(clerk), 3);
    await listeners(await agencyOf(stranger), 1);
    const hidden = await register(clerk.client, "1/TĐ");
    const given = await register(clerk.client, "2/TĐ");
    const { assignments } = await assign(head.client, given.id, officer.appointmentId);
    await officer.client.act(
      "reportProgress",
      { assignmentId: assignments[0]!.id, text: "Đã đọc" },
      "{ assignment { id } }",
    );
    await act(head.client, "completeIncomingDocument", hidden.id, { kind: "FILED" });
    const own = await register(stranger.client, "3/TĐ");

    const [forClerk, forHead, forOfficer, forStranger] = everybody.map(({ heard }) => heard) as [
      Change[],
      Change[],
      Change[],
      Change[],
    ];
    const acts = (heard: Change[], id: string) =>
      heard.filter(({ objectId }) => objectId === id).map(({ act: name }) => name);
    await expect
      .poll(() => [acts(forClerk, hidden.id).length, acts(forHead, hidden.id).length, forStranger.length], {
        timeout: 10_000,
      })
      .toEqual([2, 2, 1]);
    await expect.poll(() => acts(forOfficer, given.id), { timeout: 10_000 }).toContain("incoming.progress");
    await sleep(300);
    for (const heard of [forClerk, forHead]) {
      expect(acts(heard, hidden.id)).toEqual(["incoming.register", "incoming.complete"]);
      expect(acts(heard, given.id)).toEqual(["incoming.register", "incoming.assign", "incoming.progress"]);
      expect(
        heard.every(({ objectType, at }) => objectType === "IncomingDocument" && !Number.isNaN(Date.parse(at))),
      ).toBe(true);
    }
    // The officer may read it by the time that the registration is told, or not yet: a hint either way.
    expect(acts(forOfficer, given.id).filter((name) => name !== "incoming.register")).toEqual([
      "incoming.assign",
      "incoming.progress",
    ]);
    expect(
      forOfficer.map(({ objectId }) => objectId),
      "nothing of what the officer may not read",
    ).not.toContain(hidden.id);
    expect(
      forStranger.map(({ objectId }) => objectId),
      "nothing of another agency",
    ).toEqual([own.id]);
  } finally {
    await Promise.all(everybody.map(({ stop }) => stop()));
  }
});

test("an act that is refused, and one that is repeated, is not told", async () => {
  const { heard, stop } = listen(clerk);
  try {
    await listeners(await agencyOf(clerk), 1);
    await expect(register(clerk.client, " ")).rejects.toMatchObject({ code: "BAD_INPUT" });
    const idempotencyKey = "told-only-once";
    const { id } = await register(clerk.client, "4/TĐ", { idempotencyKey });
    await register(clerk.client, "4/TĐ", { idempotencyKey });
    const last = await register(clerk.client, "5/TĐ");
    await expect.poll(() => heard.at(-1)?.objectId, { timeout: 10_000 }).toBe(last.id);
    expect(heard.map(({ objectId }) => objectId)).toEqual([id, last.id]);
  } finally {
    await stop();
  }
});
