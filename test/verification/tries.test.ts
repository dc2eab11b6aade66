import { expect, test } from "vitest";
import { keysFrom } from "../../src/keys.ts";
import { lookupSecret, typedSecret } from "../../src/dossiers/secrets.ts";
import { linkHolds, resultLink } from "../../src/verification/links.ts";
import { Rate } from "../../src/verification/rate.ts";
import { Tries } from "../../src/tries.ts";

const minute = 60_000;
const refused = { code: "TOO_MANY_TRIES" };

test("five tries of a code in a quarter of an hour, from wherever they come", () => {
  const tries = new Tries();
  for (let n = 0; n < 5; n++) tries.take(["code A", `address ${n}`], n * minute);
  expect(() => tries.take(["code A", "address 9"], 14 * minute)).toThrow(expect.objectContaining(refused));
  tries.take(["code B", "address 9"], 14 * minute);
  tries.take(["code A", "address 9"], 15 * minute);
});

test("what was right is given back", () => {
  const tries = new Tries();
  for (let n = 0; n < 50; n++) tries.take(["code A", "address 1"], 0)();
  tries.take(["code A"], 0);
});

test("a refusal takes no try of the other key", () => {
  const tries = new Tries();
  for (let n = 0; n < 5; n++) tries.take(["code A"], 0);
  for (let n = 0; n < 20; n++)
    expect(() => tries.take(["code A", "address 1"], 0)).toThrow(expect.objectContaining(refused));
  tries.take(["address 1"], 0);
});

/** How many of 40 tries at once get to look before the first of them knows its outcome. */
async function atOnce(tryOne: () => Promise<void>): Promise<number> {
  let looked = 0;
  await Promise.all(
    Array.from({ length: 40 }, () =>
      tryOne().then(
        () => looked++,
        () => undefined,
      ),
    ),
  );
  return looked;
}

test("many at once are no way around the limit; a limit that counts afterwards is caught", async () => {
  const tries = new Tries();
  expect(
    await atOnce(async () => {
      tries.take(["code A"], 0);
      await Promise.resolve();
    }),
  ).toBe(5);
  // The planted bug: counting a failure only once it is known.
  let failures = 0;
  expect(
    await atOnce(async () => {
      if (failures >= 5) throw new Error("too many tries");
      await Promise.resolve();
      failures++;
    }),
  ).toBe(40);
});

test("a rate is kept per address", () => {
  const rate = new Rate(3, minute);
  for (let n = 0; n < 3; n++) rate.count("a", 0);
  expect(() => rate.count("a", minute - 1)).toThrow(expect.objectContaining(refused));
  rate.count("b", minute - 1);
  rate.count("a", minute);
});

test("a link holds for ten minutes, for its code and on its server only", () => {
  const keys = keysFrom("x".repeat(40));
  const now = new Date("2026-11-21T01:00:00Z");
  const link = new URL(resultLink(keys, "H99.10-261121-0001-KQ1", now), "http://x");
  const [expires, proof] = [link.searchParams.get("expires")!, link.searchParams.get("proof")!];
  const holds = (code: string, until: string, shown: string, at: number, by = keys) =>
    linkHolds(by, code, until, shown, new Date(now.getTime() + at));
  expect(holds("H99.10-261121-0001-KQ1", expires, proof, 10 * minute - 1)).toBe(true);
  expect(holds("H99.10-261121-0001-KQ1", expires, proof, 10 * minute)).toBe(false);
  expect(holds("H99.10-261121-0002-KQ1", expires, proof, 0)).toBe(false);
  expect(holds("H99.10-261121-0001-KQ1", String(Number(expires) + 1), proof, 0)).toBe(false);
  expect(holds("H99.10-261121-0001-KQ1", expires, `${proof.slice(0, -2)}AA`, 0)).toBe(false);
  expect(holds("H99.10-261121-0001-KQ1", expires, "", 0)).toBe(false);
  expect(holds("H99.10-261121-0001-KQ1", expires, proof, 0, keysFrom("y".repeat(40)))).toBe(false);
});

test("secrets are eight clear signs, evenly spread, and follow from key and dossier", () => {
  const keys = keysFrom("x".repeat(40));
  const secrets = Array.from({ length: 4_000 }, (_, n) => lookupSecret(keys, `dossier ${n}`));
  expect(new Set(secrets).size).toBe(4_000);
  expect(secrets.every((secret) => /^[2-9A-HJ-NP-Z]{8}$/.test(secret))).toBe(true);
  const counts = Map.groupBy(secrets.join(""), (sign) => sign);
  expect(counts.size).toBe(32);
  for (const [, { length }] of counts) expect(Math.abs(length - 1_000)).toBeLessThan(200);
  expect(lookupSecret(keys, "dossier 0")).toBe(secrets[0]);
  expect(lookupSecret(keysFrom("y".repeat(40)), "dossier 0")).not.toBe(secrets[0]);
  expect(typedSecret(" abcd-efgh ")).toBe("ABCDEFGH");
});
