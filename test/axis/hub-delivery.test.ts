import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  canonicalJson,
  parseManifest,
  sha256,
  uuidv7,
  verifyDeliveryReceipt,
  verifyHubReceipt,
  verifyManifest,
  type Signed,
} from "../../axis/index.ts";
import { hubWorld, idOf, withCode, type HubWorld } from "./hub-world.ts";
import { newCredential } from "./identities.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await hubWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe("taking a delivery", () => {
  test("what the recipient gets is what the sender signed", async () => {
    const message = await world.send();
    const entry = await world.entryOf(message, "H99.02");
    expect(entry.manifest).toEqual(message);
    const trust = { certificateFor: () => [world.credentialOf("H99.01").certificate], addressee: "H99.02" };
    expect((await verifyManifest(entry.manifest, trust)).messageId).toBe(idOf(message));
    expect(verifyHubReceipt(entry.hubReceipt, message.bytes, [world.hubCredential.certificate]).manifestSha256).toBe(
      sha256(message.bytes),
    );
  });

  test("of 8 consumers one gets the lease", async () => {
    const entry = await world.entryOf(await world.send(), "H99.02");
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.hub.lease(entry.deliveryId, "H99.02")),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const answer of answers) if (answer.status === "rejected") expect(answer.reason).toEqual(withCode("LEASED"));
    await expect(world.hub.acknowledge(entry.deliveryId, null, world.receipt(entry, "H99.02"))).rejects.toThrow(
      withCode("STALE_FENCE"),
    );
  });

  test("a lease that ran out can be taken over, and then its old holder is refused", async () => {
    await using quick = await hubWorld({ leaseSeconds: 0 });
    const message = quick.letter("H99.01", ["H99.02"]);
    await quick.hub.accept(message);
    const [entry] = await quick.hub.inbox("H99.02", { after: 0, limit: 1 });
    if (!entry) throw new Error("empty");
    const slow = await quick.hub.lease(entry.deliveryId, "H99.02");
    const next = await quick.hub.lease(entry.deliveryId, "H99.02");
    expect(next.fence).toBe(slow.fence + 1);
    const refused = quick.receipt(entry, "H99.02", "infected");
    await expect(quick.hub.acknowledge(entry.deliveryId, slow.fence, refused)).rejects.toThrow(withCode("STALE_FENCE"));
    expect((await quick.hub.acknowledge(entry.deliveryId, next.fence, quick.receipt(entry, "H99.02"))).state).toBe(
      "STORED",
    );
    await expect(quick.hub.acknowledge(entry.deliveryId, slow.fence, refused)).rejects.toThrow(withCode("CONFLICT"));
  });

  test("an acknowledgement may come twice; another outcome is a conflict", async () => {
    const entry = await world.entryOf(await world.send(), "H99.02");
    const { fence } = await world.hub.lease(entry.deliveryId, "H99.02");
    const receipt = world.receipt(entry, "H99.02");
    const first = await world.hub.acknowledge(entry.deliveryId, fence, receipt);
    expect(first).toEqual({ state: "STORED", receipt, replayed: false });
    const again = await world.hub.acknowledge(entry.deliveryId, fence, world.receipt(entry, "H99.02"));
    expect(again).toEqual({ state: "STORED", receipt, replayed: true });
    await expect(
      world.hub.acknowledge(entry.deliveryId, fence, world.receipt(entry, "H99.02", "infected")),
    ).rejects.toThrow(withCode("CONFLICT"));
    expect(await world.count("select count(*) from hub.receipt where delivery_id = $1", entry.deliveryId)).toBe(1);
  });

  test("16 acknowledgements at once count as one", async () => {
    const entry = await world.entryOf(await world.send(), "H99.02");
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => world.hub.acknowledge(entry.deliveryId, null, world.receipt(entry, "H99.02"))),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ receipt }) => receipt.jws)).size).toBe(1);
  });

  test("a receipt by another agency, for another delivery or other content is refused", async () => {
    const [one, other] = [
      await world.entryOf(await world.send(), "H99.02"),
      await world.entryOf(await world.send(), "H99.02"),
    ];
    await expect(world.hub.acknowledge(one.deliveryId, null, world.receipt(other, "H99.02"))).rejects.toThrow(
      withCode("digest_mismatch"),
    );
    await expect(world.hub.acknowledge(one.deliveryId, null, world.receipt(one, "H99.03"))).rejects.toThrow(
      withCode("bad_signature"),
    );
    const changed = Buffer.from(canonicalJson({ ...parseManifest(one.manifest.bytes), priority: 4 }));
    const forged = world.receipt({ ...one, manifest: { ...one.manifest, bytes: changed } }, "H99.02");
    await expect(world.hub.acknowledge(one.deliveryId, null, forged)).rejects.toThrow(withCode("digest_mismatch"));
  });

  test("what a recipient lost it can have again, and both receipts are kept", async () => {
    const message = await world.send();
    const entry = await world.entryOf(message, "H99.02");
    const lost = world.receipt(entry, "H99.02");
    await world.hub.acknowledge(entry.deliveryId, null, lost);
    await expect(world.entryOf(message, "H99.02")).rejects.toThrow("not in the inbox");
    await world.hub.reopen(entry.deliveryId, "H99.02");
    await world.hub.reopen(entry.deliveryId, "H99.02");
    expect((await world.entryOf(message, "H99.02")).seq).toBe(entry.seq);
    // The old receipt, sent again late, does not end the new delivery.
    await world.hub.acknowledge(entry.deliveryId, null, lost);
    expect((await world.entryOf(message, "H99.02")).state).toBe("AVAILABLE");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await world.hub.acknowledge(entry.deliveryId, null, world.receipt(entry, "H99.02"))).replayed).toBe(false);
    expect(await world.count("select count(*) from hub.receipt where delivery_id = $1", entry.deliveryId)).toBe(2);
  });
});

describe("taking back", () => {
  test("works until the recipient picks the message up, and may be asked twice", async () => {
    const message = await world.send("H99.01", ["H99.02", "H99.03"]);
    const [one, other] = [await world.entryOf(message, "H99.02"), await world.entryOf(message, "H99.03")];
    await world.hub.withdraw(one.deliveryId, "H99.01");
    await world.hub.withdraw(one.deliveryId, "H99.01");
    await expect(world.hub.lease(one.deliveryId, "H99.02")).rejects.toThrow(withCode("CONFLICT"));
    await expect(world.hub.acknowledge(one.deliveryId, null, world.receipt(one, "H99.02"))).rejects.toThrow(
      withCode("CONFLICT"),
    );
    await world.hub.lease(other.deliveryId, "H99.03");
    await expect(world.hub.withdraw(other.deliveryId, "H99.01")).rejects.toThrow(withCode("CONFLICT"));
  });

  test("and picking up at the same time: exactly one of the two happens", async () => {
    for (let round = 0; round < 20; round++) {
      const entry = await world.entryOf(await world.send(), "H99.02");
      const outcomes = await Promise.allSettled([
        world.hub.withdraw(entry.deliveryId, "H99.01"),
        world.hub.acknowledge(entry.deliveryId, null, world.receipt(entry, "H99.02")),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    }
  });
});

describe("who may see what", () => {
  test("a foreign agency finds neither message nor delivery, in any way", async () => {
    const message = await world.send("H99.01", ["H99.02"]);
    const { deliveryId } = await world.entryOf(message, "H99.02");
    expect((await world.hub.inbox("H99.04", { after: 0, limit: 100 })).map(({ messageId }) => messageId)).not.toContain(
      idOf(message),
    );
    const attempts = [
      world.hub.timeline(idOf(message), "H99.04"),
      world.hub.lease(deliveryId, "H99.04"),
      world.hub.reopen(deliveryId, "H99.04"),
      world.hub.withdraw(deliveryId, "H99.04"),
      world.hub.withdraw(deliveryId, "H99.02"),
      world.hub.lease(deliveryId, "H99.01"),
      world.hub.timeline(uuidv7(), "H99.01"),
      world.hub.timeline("' or true --", "H99.01"),
    ];
    for (const answer of await Promise.allSettled(attempts)) {
      expect(answer).toEqual({ status: "rejected", reason: withCode("NOT_FOUND") });
    }
  });

  test("the sender sees all that happened with the receipts, a recipient its own part", async () => {
    const message = await world.send("H99.01", ["H99.02", "H99.03"]);
    const entry = await world.entryOf(message, "H99.02");
    const { fence } = await world.hub.lease(entry.deliveryId, "H99.02");
    await world.hub.acknowledge(entry.deliveryId, fence, world.receipt(entry, "H99.02"));
    const told = async (agency: string) =>
      (await world.hub.timeline(idOf(message), agency)).map(({ event, recipient }) =>
        `${event} ${recipient ?? ""}`.trim(),
      );
    expect(await told("H99.01")).toEqual([
      "ACCEPTED",
      "AVAILABLE H99.02",
      "AVAILABLE H99.03",
      "LEASED H99.02",
      "STORED H99.02",
    ]);
    expect(await told("H99.02")).toEqual(["ACCEPTED", "AVAILABLE H99.02", "LEASED H99.02", "STORED H99.02"]);
    expect(await told("H99.03")).toEqual(["ACCEPTED", "AVAILABLE H99.03"]);
    const stored = (await world.hub.timeline(idOf(message), "H99.01")).at(-1)?.receipt as Signed;
    expect(verifyDeliveryReceipt(stored, message.bytes, [world.credentialOf("H99.02").certificate]).outcome).toBe(
      "stored",
    );
  });

  test("the hub's own role can unsay nothing", async () => {
    for (const sql of [
      "delete from hub.message",
      "update hub.message set sender = 'H99.02'",
      "delete from hub.receipt",
      "update hub.event set event = 'x'",
      "truncate hub.delivery",
    ]) {
      await expect(world.pool.query(sql)).rejects.toThrow("permission denied");
    }
  });
});

test("the directory tells what changed after a version, with certificates and both codes", async () => {
  const { version } = await world.hub.directory(0);
  const certificates = [newCredential("H99.10").certificate, newCredential("H99.10", "rsa").certificate];
  const agency = {
    code: "H99.10",
    code102: "000.00.10.H99",
    name: "Phường Mẫu",
    certificates,
    validFrom: new Date("2026-01-01"),
    validTo: null,
  };
  const next = await world.hub.registerAgency(agency);
  const changes = await world.hub.directory(version);
  expect(changes.version).toBe(next);
  expect(changes.agencies.map(({ certificates: held, ...rest }) => [rest, held.length])).toEqual([
    [
      {
        code: agency.code,
        code102: agency.code102,
        name: agency.name,
        validFrom: agency.validFrom,
        validTo: null,
      },
      2,
    ],
  ]);
  expect(changes.agencies[0]?.certificates.map((der) => der.toString("hex")).toSorted()).toEqual(
    certificates.map((der) => der.toString("hex")).toSorted(),
  );
  expect((await world.hub.directory(next)).agencies).toEqual([]);
  await expect(world.hub.registerAgency({ ...agency, certificates: [Buffer.from("no")] })).rejects.toThrow(
    withCode("malformed"),
  );
});
