import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AxisError,
  Hub,
  parseManifest,
  signManifest,
  verifyHubReceipt,
  type AxisHub,
  type Signed,
} from "../../axis/index.ts";
import { codes, databaseOn, hubWorld, idOf, withCode, type HubWorld } from "./hub-world.ts";
import { newCredential } from "./identities.ts";
import { letterManifest } from "./messages.ts";
import { Random } from "./random.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await hubWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe("accepting", () => {
  test("64 at once to overlapping recipients: each queue counts 1…N without gap, all receipts are good", async () => {
    const random = new Random(10);
    const messages = Array.from({ length: 64 }, () =>
      world.letter(
        "H99.01",
        codes.slice(1).filter((_, index) => index === 0 || random.below(2) === 0),
      ),
    );
    // Some come twice at the very same time.
    const answers = await Promise.all(
      [...messages, ...messages.slice(0, 16)].map((message) => world.hub.accept(message)),
    );
    expect(answers.filter(({ replayed }) => replayed)).toHaveLength(16);
    answers.forEach(({ receipt }, index) => {
      const message = messages[index % 64] as Signed;
      expect(verifyHubReceipt(receipt, message.bytes, [world.hubCredential.certificate]).messageId).toBe(idOf(message));
    });
    for (const recipient of codes.slice(1)) {
      const { rows } = await world.superuser.query<{ seq: string }>(
        "select seq from hub.delivery where recipient = $1 order by seq",
        [recipient],
      );
      expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
      expect(rows.length).toBe(
        messages.filter((message) => parseManifest(message.bytes).recipients.some(({ code }) => code === recipient))
          .length,
      );
    }
  });

  test("a reader that follows the queue while it grows misses nothing", async () => {
    const seen: number[] = [];
    let sending = true;
    const reading = (async () => {
      const [start] = await Promise.all([
        world.count("select last_seq as count from hub.recipient where code = 'H99.06'"),
      ]);
      for (let after = start; ;) {
        const done = !sending;
        const page = await world.hub.inbox("H99.06", { after, limit: 7 });
        seen.push(...page.map(({ seq }) => seq));
        after = page.at(-1)?.seq ?? after;
        if (done && page.length === 0) return start;
      }
    })();
    await Promise.all(Array.from({ length: 40 }, () => world.send("H99.01", ["H99.05", "H99.06"])));
    sending = false;
    const start = await reading;
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => start + index + 1));
  });

  test("the same message again gets the same receipt, byte for byte, even after the sender's key has changed", async () => {
    const message = world.letter("H99.03", ["H99.02"]);
    const first = await world.hub.accept(message);
    const old = world.credentialOf("H99.03").certificate;
    const agency = { code: "H99.03", code102: null, name: "Cơ quan", validFrom: new Date(0), validTo: null };
    await world.hub.registerAgency({ ...agency, certificates: [newCredential("H99.03").certificate] });
    const second = await world.hub.accept(message);
    expect(second).toEqual({ receipt: first.receipt, replayed: true });
    await expect(world.hub.accept(world.letter("H99.03", ["H99.02"]))).rejects.toThrow(withCode("bad_signature"));
    await world.hub.registerAgency({ ...agency, certificates: [old] });
  });

  /** What a hub must remember: one effect for one message, however often it comes, and no other content under its id. */
  async function remembers(hub: Pick<AxisHub, "accept">): Promise<boolean> {
    const message = world.letter("H99.01", ["H99.05", "H99.06"]);
    const receipts = [await hub.accept(message), await hub.accept(message)].map(({ receipt }) =>
      receipt.bytes.toString("hex"),
    );
    const deliveries = await world.count("select count(*) from hub.delivery where message_id = $1", idOf(message));
    const changed = { ...parseManifest(message.bytes), priority: 4 };
    const answer = await hub
      .accept(signManifest(changed, world.credentialOf("H99.01")))
      .catch((error: unknown) => error);
    return (
      new Set(receipts).size === 1 && deliveries === 2 && answer instanceof AxisError && answer.code === "CONFLICT"
    );
  }

  test("one message has one effect, and other content under its id is refused", async () => {
    expect(await remembers(world.hub)).toBe(true);
  });

  test("planted bug: a hub that has lost its memory of ids is caught", async () => {
    const forgetful = {
      accept: async (message: Signed) => {
        for (const table of ["event", "delivery", "message"]) {
          await world.superuser.query(`delete from hub.${table} where message_id = $1`, [idOf(message)]);
        }
        return world.hub.accept(message);
      },
    };
    expect(await remembers(forgetful)).toBe(false);
  });

  test("what is not in order is refused with a code, and leaves nothing behind", async () => {
    const before = await world.count("select count(*) from hub.message");
    const letter = letterManifest("H99.01", ["H99.02"]);
    const sign = (change: object, code = "H99.01") => signManifest({ ...letter, ...change }, world.credentialOf(code));
    await expect(world.hub.accept(sign({}, "H99.04"))).rejects.toThrow(withCode("bad_signature"));
    await expect(world.hub.accept(world.letter("H99.09", ["H99.02"]))).rejects.toThrow(withCode("UNKNOWN_SENDER"));
    await expect(world.hub.accept(world.letter("H99.01", ["H99.02", "H99.77"]))).rejects.toThrow(
      withCode("UNKNOWN_RECIPIENT"),
    );
    const past = { createdAt: "2020-01-01T00:00:00.000Z", expiresAt: "2020-01-02T00:00:00.000Z" };
    await expect(world.hub.accept(sign(past))).rejects.toThrow(withCode("expired"));
    expect(await world.count("select count(*) from hub.message")).toBe(before);
  });

  test("a message whose files have not arrived is refused, naming them, and taken once they are there", async () => {
    const blobs = new Set<string>();
    const hub = new Hub({
      database: databaseOn(world.pool),
      code: "H99",
      credential: world.hubCredential,
      hasBlob: (digest) => blobs.has(digest),
    });
    const message = world.letter("H99.01", ["H99.02"]);
    const digest = parseManifest(message.bytes).parts[0]?.sha256 ?? "";
    await expect(hub.accept(message)).rejects.toThrow(
      expect.objectContaining({ code: "MISSING_BLOBS", details: { missing: [digest] } }) as Error,
    );
    blobs.add(digest);
    expect((await hub.accept(message)).replayed).toBe(false);
  });
});

describe("a connection that dies", () => {
  test("before any statement of an acceptance leaves all or nothing; the retry makes it one message", async () => {
    for (let at = 1; at <= 12; at++) {
      let statement = 0;
      const hub = world.hubOn(
        databaseOn(world.pool, async (_, { pid }) => {
          if (++statement === at) await world.superuser.query("select pg_terminate_backend($1, 5000)", [pid]);
        }),
      );
      const message = world.letter("H99.01", ["H99.02", "H99.03", "H99.04"]);
      const first = await hub.accept(message).catch((error: Error) => error);
      if (first instanceof Error)
        expect(await world.count("select count(*) from hub.message where message_id = $1", idOf(message))).toBe(0);
      expect((await world.hub.accept(message)).replayed).toBe(!(first instanceof Error));
      expect(await world.count("select count(*) from hub.delivery where message_id = $1", idOf(message))).toBe(3);
      expect(await world.count("select count(*) from hub.event where message_id = $1", idOf(message))).toBe(4);
      if (at === 1) expect(first).toBeInstanceOf(Error);
      if (at === 12) expect(first).not.toBeInstanceOf(Error);
    }
    for (const recipient of ["H99.02", "H99.03", "H99.04"]) {
      expect(
        await world.count("select max(seq) - count(*) as count from hub.delivery where recipient = $1", recipient),
      ).toBe(0);
    }
  });

  test("after the commit, with the answer lost: the retry gets the receipt that was stored", async () => {
    const message = world.letter("H99.01", ["H99.02"]);
    await world.hub.accept(message);
    const { rows } = await world.superuser.query<{ receipt: Buffer }>(
      "select receipt from hub.message where message_id = $1",
      [idOf(message)],
    );
    expect((await world.hub.accept(message)).receipt.bytes).toEqual(rows[0]?.receipt);
  });
});
