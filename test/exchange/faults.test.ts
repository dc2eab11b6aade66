import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Signed, verifyHubReceipt } from "../../axis/index.ts";
import type { OperatedHub } from "../../src/exchange/hub.ts";
import { sendOutbox } from "../../src/exchange/sending.ts";
import { startWorker } from "../../src/worker.ts";
import { deliveries, effects, exchangeWorld, type ExchangeWorld, issue, type Issued, onceAt } from "./world.ts";

let world: ExchangeWorld;
beforeAll(async () => {
  world = await exchangeWorld();
});
afterEach(() => world.setClock(null));
afterAll(() => world[Symbol.asyncDispose]());

const states = async (document: Issued) => (await deliveries(world, document)).map(({ state }) => state);
const later = (seconds: number) => world.setClock(new Date(Date.now() + seconds * 1_000));
const messageOf = async ({ documentId }: Issued) =>
  (
    await world.query<{ id: string }>(
      "select distinct message_id as id from exchange_delivery where document_id = $1",
      [documentId],
    )
  )[0]!.id;
const reopenAt = async (document: Issued, code: string) => {
  const [row] = await world.query<{ id: string }>(
    "select delivery_id as id from hub.delivery where message_id = $1 and recipient = $2",
    [await messageOf(document), code],
  );
  await world.services.hub.reopen(row!.id, code);
};

describe("the way to the hub", () => {
  test("a hub that is down is tried again, later and later, and then has the message once", async () => {
    let tries = 0;
    const down = world.throughHub(() => ({
      accept: () => (tries++, Promise.reject(new Error("connect ECONNREFUSED"))),
    }));
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    await world.settle();
    expect(tries).toBe(1);
    expect(await states(document)).toEqual(["RETRYING"]);
    later(6);
    await world.settle();
    expect(tries).toBe(2);
    down[Symbol.dispose]();
    later(20);
    await world.settle();
    expect(await states(document), "the second delay is 22 to 30 s").toEqual(["RETRYING"]);
    later(40);
    await world.settle();
    expect(await states(document)).toEqual(["STORED"]);
    expect(await effects(world, document)).toEqual(onceAt(1));
  });

  test("an answer that is lost after the hub took the message leads to no second one", async () => {
    const lossy = world.throughHub((hub) => ({
      async accept(signed) {
        await hub.accept(signed);
        throw new Error("socket hang up");
      },
    }));
    const document = await issue(world, "H99.02", ["H99.03", "H99.04"]);
    await world.settle();
    lossy[Symbol.dispose]();
    later(10);
    await world.settle();
    expect(await states(document)).toEqual(["STORED", "STORED"]);
    expect(await effects(world, document)).toEqual(onceAt(2));
  });

  test("a row of the outbox that is sent again changes nothing", async () => {
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    for (let time = 0; time < 3; time++) {
      // As the row was before a process died between the hub's answer and its note of it.
      await world.query(
        `update exchange_outbox set state = 'QUEUED', hub_receipt = null, hub_receipt_signature = null, lease_until = now() - interval '1 s'
         where id = $1`,
        [await messageOf(document)],
      );
      await world.settle();
    }
    expect(await effects(world, document)).toEqual(onceAt(1));
    expect(await states(document)).toEqual(["STORED"]);
  });

  test("a message that a dying process had claimed is taken over once its lease has run out, and its late word is void", async () => {
    let die = () => {};
    const dying = world.throughHub(() => ({
      accept: () => new Promise((_, reject) => (die = () => reject(new Error("too late")))),
    }));
    const document = await issue(world, "H99.02", ["H99.03"]);
    const dead = sendOutbox(world.services, { id: world.agencyId("H99.02") });
    const id = await messageOf(document);
    await expect.poll(() => world.count("exchange_outbox where id = $1 and lease_until > now()", id)).toBe(1);
    dying[Symbol.dispose]();
    await world.settle();
    expect(await states(document), "the lease still holds").toEqual(["QUEUED"]);
    await world.expireLeases();
    await world.settle();
    die();
    await dead;
    expect(await states(document)).toEqual(["STORED"]);
    expect(await world.count("exchange_outbox where id = $1 and state = 'ACCEPTED' and fence = 2", id)).toBe(1);
  });

  test("what the hub refuses for good is blocked, and nothing else waits for it", async () => {
    const first = await issue(world, "H99.02", ["H99.03"]);
    await world.query("update exchange_outbox set signature = 'x' || signature where id = $1", [
      await messageOf(first),
    ]);
    const second = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    expect(await states(first)).toEqual(["BLOCKED"]);
    expect(await states(second)).toEqual(["STORED"]);
    expect(
      await world.query("select last_error from exchange_outbox where id = $1", [await messageOf(first)]),
    ).toMatchObject([{ last_error: expect.stringMatching(/^bad_signature/) as string }]);
  });

  test("a hub that was restored from an older copy gets again what it has lost; who has it knows it again", async () => {
    const silent = world.throughHub(() => ({ timeline: () => Promise.resolve([]) }));
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    silent[Symbol.dispose]();
    const id = await messageOf(document);
    const lost = "delivery_id in (select delivery_id from hub.delivery where message_id = $1)";
    for (const table of [
      `hub.event where message_id = $1`,
      `hub.receipt where ${lost}`,
      "hub.delivery where message_id = $1",
      "hub.message where message_id = $1",
    ])
      await world.query(`delete from ${table}`, [id]);
    later(10);
    await world.settle();
    expect(await effects(world, document)).toEqual(onceAt(1));
    expect(await world.count("hub.delivery where message_id = $1 and state = 'STORED'", id)).toBe(1);
    later(3_700);
    await world.settle();
    expect(await world.count("exchange_delivery where message_id = $1 and receipt is not null", id)).toBe(1);
  });
});

describe("the hub's receipt", () => {
  /** A broken check, planted: any receipt that the hub has signed will do. */
  function isSignedByHub({ bytes, jws }: Signed, certificate: Buffer): boolean {
    const [header = "", signature = ""] = jws.split("..");
    const key = {
      key: createPublicKey(new X509Certificate(certificate).publicKey.export({ type: "spki", format: "pem" })),
      dsaEncoding: "ieee-p1363" as const,
    };
    return verify(
      "sha256",
      Buffer.from(`${header}.${bytes.toString("base64url")}`),
      key,
      Buffer.from(signature, "base64url"),
    );
  }

  test("for another content is none: the message is tried again, where a check of the signature alone would have lost it", async () => {
    const other = await issue(world, "H99.02", ["H99.04"]);
    await world.settle();
    const [row] = await world.query<{ receipt: Buffer; receipt_signature: string }>(
      "select receipt, receipt_signature from hub.message where message_id = $1",
      [await messageOf(other)],
    );
    const stale = { bytes: row!.receipt, jws: row!.receipt_signature };
    const lying = world.throughHub(() => ({ accept: () => Promise.resolve({ receipt: stale, replayed: false }) }));
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    expect(await states(document)).toEqual(["RETRYING"]);
    lying[Symbol.dispose]();

    const [{ manifest }] = (await world.query<{ manifest: Buffer }>(
      "select manifest from exchange_outbox where id = $1",
      [await messageOf(document)],
    )) as [{ manifest: Buffer }];
    const certificate = world.services.transmission.hub.certificateChain[0]!;
    expect(isSignedByHub(stale, certificate)).toBe(true);
    expect(() => verifyHubReceipt(stale, manifest, [certificate])).toThrow(
      expect.objectContaining({ code: "digest_mismatch" }) as Error,
    );
    later(10);
    await world.settle();
    expect(await effects(world, document)).toEqual(onceAt(1));
  });
});

describe("the way from the hub", () => {
  test("a process that dies between its commit and the hub's word repeats the receipt, not the effect", async () => {
    const dying = world.throughHub(() => ({ acknowledge: () => Promise.reject(new Error("killed")) }));
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    const id = await messageOf(document);
    expect(await world.count("hub.delivery where message_id = $1 and state = 'LEASED'", id)).toBe(1);
    dying[Symbol.dispose]();
    await world.settle();
    expect(
      await world.count("hub.delivery where message_id = $1 and state = 'LEASED'", id),
      "the dead one's lease holds",
    ).toBe(1);
    await world.expireLeases();
    await world.settle();
    expect(await effects(world, document)).toEqual(onceAt(1));
    const [receipts] = await world.query<{ same: boolean }>(
      `select i.receipt = r.bytes as same from exchange_inbox i join hub.receipt r using (delivery_id) where i.message_id = $1`,
      [id],
    );
    expect(receipts).toEqual({ same: true });
  });

  test("a delivery that comes again, and an acknowledgement that is repeated, change nothing", async () => {
    const document = await issue(world, "H99.02", ["H99.03", "H99.04"]);
    await world.settle();
    for (let time = 0; time < 3; time++) {
      await reopenAt(document, "H99.03");
      await world.settle();
    }
    expect(await effects(world, document)).toEqual(onceAt(2));
    const [status] = await world.query<{ delivery_id: string }>(
      `select d.delivery_id from hub.delivery d join hub.message m using (message_id)
       where m.kind = 'status' and d.recipient = 'H99.02' order by d.seq desc limit 1`,
    );
    await world.services.hub.reopen(status!.delivery_id, "H99.02");
    await world.settle();
    expect(await effects(world, document)).toEqual(onceAt(2));
  });

  test("workers at the same time do everything once", async () => {
    const documents: Issued[] = [];
    for (let index = 0; index < 8; index++) documents.push(await issue(world, "H99.02", ["H99.03", "H99.05"]));
    const others = Array.from({ length: 3 }, () => startWorker(world.services, { runs: false }));
    await Promise.all([world, ...others].map((worker) => worker.settle()));
    await world.settle();
    for (const document of documents) {
      expect(await effects(world, document)).toEqual(onceAt(2));
      expect(await states(document)).toEqual(["STORED", "STORED"]);
    }
    expect(await world.count("exchange_outbox where state <> 'ACCEPTED' and state <> 'BLOCKED'")).toBe(0);
    for (const other of others) await other[Symbol.asyncDispose]();
  });

  test("without the memory of what has come (planted) the same message would take effect twice", async () => {
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    expect(await effects(world, document)).toEqual(onceAt(1));
    // Both barriers: the memory itself, and the arrival's own uniqueness.
    await world.query("delete from exchange_inbox where message_id = $1", [await messageOf(document)]);
    await world.query("alter table arrival drop constraint arrival_agency_id_message_id_key");
    await reopenAt(document, "H99.03");
    await world.settle();
    expect(await effects(world, document)).toMatchObject({ arrivals: 2 });
  });
});

test("a hub whose connection breaks while in use says so, and goes on", async () => {
  const hub = world.services.hub as OperatedHub;
  const other = new Client(world.database.superConnection);
  await other.connect();
  try {
    await other.query("begin; lock table hub.delivery in access exclusive mode");
    const answer = hub.waiting().then(
      () => "answered",
      (error: Error) => error.message,
    );
    const kill = () =>
      world.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'congvan hub' and datname = current_database() and wait_event_type = 'Lock'`,
      );
    await vi.waitUntil(async () => (await kill()).length > 0, { timeout: 5_000 });
    expect(await answer).toMatch(/terminat/);
  } finally {
    await other.end();
  }
  expect(await hub.waiting()).toBeInstanceOf(Array);
});
