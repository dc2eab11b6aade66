import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AxisHub, InboxEntry } from "../../axis/index.ts";
import {
  arrivalOf,
  deliveries,
  effects,
  exchangeWorld,
  type ExchangeWorld,
  issue,
  type Issued,
  letter,
  onceAt,
} from "./world.ts";

let world: ExchangeWorld;
beforeAll(async () => {
  world = await exchangeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const quarantined = (code: string) =>
  world.query<{ code: string; reason: string }>(
    "select code, reason from exchange_quarantine where agency_id = $1 order by refused_at",
    [world.agencyId(code)],
  );
const statesOf = async (document: Issued) =>
  (await deliveries(world, document)).map(({ state, status }) => `${state} ${status}`);
const messageOf = async ({ documentId }: Issued) =>
  (
    await world.query<{ id: string }>(
      "select distinct message_id as id from exchange_delivery where document_id = $1",
      [documentId],
    )
  )[0]!.id;

/** A hub that gives one message to its recipients otherwise than it came. */
const spoiling = (messageId: string, spoil: (entry: InboxEntry) => InboxEntry) =>
  world.throughHub((hub: AxisHub) => ({
    inbox: async (recipient, page) =>
      (await hub.inbox(recipient, page)).map((entry) => (entry.messageId === messageId ? spoil(entry) : entry)),
  }));

describe("a message that cannot be taken in", () => {
  test.each<[string, (entry: InboxEntry) => InboxEntry]>([
    [
      "changed on the way",
      ({ manifest, ...entry }) => ({
        ...entry,
        manifest: {
          ...manifest,
          bytes: Buffer.from(manifest.bytes.toString().replace("Nguyễn Văn Mẫu", "Nguyễn Văn Khác")),
        },
      }),
    ],
    [
      "cut short on the way",
      ({ manifest, ...entry }) => ({ ...entry, manifest: { ...manifest, bytes: manifest.bytes.subarray(0, -1) } }),
    ],
    ["without a receipt of the hub", ({ manifest, ...entry }) => ({ ...entry, manifest, hubReceipt: manifest })],
  ])("%s is not taken in; the others arrive, and the genuine one does later", async (_, spoil) => {
    const bad = await issue(world, "H99.02", ["H99.04"]);
    const good = await issue(world, "H99.02", ["H99.04"]);
    {
      using _spoiled = spoiling(await messageOf(bad), spoil);
      await world.settle();
    }
    expect(await effects(world, good)).toEqual(onceAt(1));
    expect(await effects(world, bad)).toMatchObject({ memories: 0, arrivals: 0, reports: 0 });
    // What the hub itself holds was never refused: no receipt fits it.
    await world.expireLeases();
    await world.settle();
    expect(await effects(world, bad)).toEqual(onceAt(1));
  });

  test("with a signature that is not its sender's is refused with its code, kept as it came, and the others go on", async () => {
    const bad = await issue(world, "H99.02", ["H99.04"]);
    const good = await issue(world, "H99.02", ["H99.04"]);
    using _spoiled = spoiling(await messageOf(bad), ({ manifest, ...entry }) => ({
      ...entry,
      manifest: { ...manifest, jws: entry.hubReceipt.jws },
    }));
    await world.settle();
    expect(await effects(world, good)).toEqual(onceAt(1));
    expect(await effects(world, bad)).toMatchObject({ memories: 0, arrivals: 0, reports: 0 });
    expect((await quarantined("H99.04")).at(-1)).toMatchObject({ code: "bad_signature" });
    expect(await statesOf(bad)).toEqual(["REFUSED null"]);
  });

  test("for somebody else is refused", async () => {
    const document = await issue(world, "H99.02", ["H99.05"]);
    using _misdelivering = world.throughHub((hub) => ({
      waiting: async () => [...(await hub.waiting()), "H99.06"],
      inbox: async (recipient, page) => [
        ...(await hub.inbox(recipient, page)),
        ...(recipient === "H99.06" ? await hub.inbox("H99.05", page) : []),
      ],
      lease: async (deliveryId, recipient) =>
        recipient === "H99.06" ? { fence: 1, until: new Date() } : hub.lease(deliveryId, recipient),
    }));
    await world.settle();
    expect(await quarantined("H99.06")).toMatchObject([{ code: "not_addressee" }]);
    expect(await effects(world, document)).toEqual(onceAt(1));
    expect(await world.count("arrival where agency_id = $1", world.agencyId("H99.06"))).toBe(0);
  });

  test("whose file is gone is refused for good, and its sender learns it by a signed receipt", async () => {
    const bad = await issue(world, "H99.02", ["H99.04", "H99.05"]);
    using _losing = world.throughHub((hub) => ({
      async accept(signed) {
        const answer = await hub.accept(signed);
        await world.services.store.remove(bad.sha256);
        return answer;
      },
    }));
    await world.settle();
    expect(await statesOf(bad)).toEqual(["REFUSED null", "REFUSED null"]);
    expect(
      await world.query(
        "select refusal_code, receipt is not null as proven from exchange_delivery where document_id = $1",
        [bad.documentId],
      ),
    ).toEqual([
      { refusal_code: "digest_mismatch", proven: true },
      { refusal_code: "digest_mismatch", proven: true },
    ]);
    expect(await effects(world, bad)).toMatchObject({ arrivals: 0, memories: 0 });
    const good = await issue(world, "H99.02", ["H99.04"]);
    await world.settle();
    expect(await effects(world, good)).toEqual(onceAt(1));
  });

  test("with a program among its files is refused as infected", async () => {
    const program = Buffer.alloc(200);
    program.write("\x7fELF", "latin1");
    const bad = await issue(world, "H99.02", ["H99.04"], { file: program });
    await world.settle();
    expect(await statesOf(bad)).toEqual(["REFUSED null"]);
    expect((await quarantined("H99.04")).at(-1)).toMatchObject({ code: "infected" });
  });

  test("by a sender whose certificate the directory has dropped is refused, however well it is signed", async () => {
    const document = await issue(world, "H99.07", ["H99.04"]);
    await world.query("update axis_agency set certificates = '{}' where code = 'H99.07'");
    // The server would put its own agency's certificate back.
    using _fixed = world.throughHub(() => ({ registerAgency: () => Promise.resolve(0) }));
    await world.settle();
    expect((await quarantined("H99.04")).at(-1)).toMatchObject({ code: "bad_signature" });
    expect(await statesOf(document)).toEqual(["REFUSED null"]);
  });

  test("a report on what was never sent to the reporter is put aside", async () => {
    const document = await issue(world, "H99.02", ["H99.04", "H99.05"]);
    await world.settle();
    await world.query(
      "update exchange_outbox set state = 'QUEUED', hub_receipt = null, hub_receipt_signature = null where id = $1",
      [await messageOf(document)],
    );
    const clerk = await world.signIn("vanthu.sxd");
    await clerk.act(
      "refuseArrival",
      { arrivalId: await arrivalOf(world, "H99.04", document), reason: "Gửi nhầm" },
      "{ arrival { state } }",
    );
    await world.query(
      "update exchange_delivery set recipient_code = 'H99.31' where document_id = $1 and recipient_code = 'H99.04'",
      [document.documentId],
    );
    await world.settle();
    expect((await quarantined("H99.02")).at(-1)).toMatchObject({
      code: "malformed",
      reason: expect.stringContaining("nothing that was sent") as string,
    });
    expect(await statesOf(document)).toEqual(["STORED 01", "STORED 01"]);
  });
});

test("what is wrong for now, not for good, is neither lost nor refused", async () => {
  const document = await issue(world, "H99.02", ["H99.32"], { file: await letter("store") });
  const { store } = world.services;
  const failing = new Proxy(store, {
    get: (target, name) =>
      name === "read"
        ? () => Promise.reject(new Error("EIO"))
        : (Reflect.get(target, name) as unknown as (...parameters: unknown[]) => unknown).bind?.(target),
  });
  Object.assign(world.services, { store: failing });
  await world.settle();
  Object.assign(world.services, { store });
  expect(await effects(world, document)).toMatchObject({ arrivals: 0, memories: 0 });
  expect(await quarantined("H99.32")).toEqual([]);
  await world.expireLeases();
  await world.settle();
  expect(await effects(world, document)).toEqual(onceAt(1));
});
