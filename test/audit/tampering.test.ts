import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";
import { campaign } from "./campaign.ts";
import { type Ledger, openLedger } from "./chains.ts";
import { plantBug } from "./mutant.ts";
import { changes, rewrites, tamperings } from "./tampering.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
});

test("A3: of 1,000 tamperings by a superuser every one is found, and no clean chain is suspected", async () => {
  const result = await campaign(
    ledger,
    (root, checkpoints) => verifyAudit(root, { checkpoints }),
    tamperings,
    1_000,
    57,
  );

  expect(result.tampered).toBe(1_000);
  expect(result.missed).toEqual([]);
  expect(result.cleanChains).toBeGreaterThanOrEqual(200);
  expect(result.falseAlarms).toEqual([]);
}, 300_000);

test("A1: without checkpoints a rewritten chain passes for whole: they, and nothing else, catch it", async () => {
  const result = await campaign(ledger, (root) => verifyAudit(root), rewrites, rewrites.length, 58);

  expect(result.missed).toEqual(rewrites.map(({ name }) => name));
});

test("planted bug 18: if the hash omits the actor, the campaign sees tamperings missed", async () => {
  await using bug = await plantBug("chain.ts", `    event.actorId ?? "",\n`, "");
  const { verifyAudit: verifyBadly } = await bug.verify();
  const { rows } = await ledger.root.query<{ definition: string }>(
    "select pg_get_functiondef('audit_hash'::regproc) as definition",
  );
  const right = rows[0]!.definition;
  await ledger.root.query(right.replace("coalesce(actor::text, ''),", ""));
  try {
    const result = await campaign(
      ledger,
      (root, checkpoints) => verifyBadly(root, { checkpoints }),
      changes,
      2 * changes.length,
      59,
    );

    expect(result.falseAlarms).toEqual([]);
    expect(new Set(result.missed)).toEqual(new Set(["change the actor", "take the actor away or make one up"]));
  } finally {
    await ledger.root.query(right);
  }
});

test("planted bug: a verifier that does not compare the head is seen to miss what is done to it", async () => {
  await using bug = await plantBug("walk.ts", "    this.judgeHead(head);\n", "");
  const { verifyAudit: verifyBadly } = await bug.verify();
  const result = await campaign(
    ledger,
    (root, checkpoints) => verifyBadly(root, { checkpoints }),
    tamperings,
    tamperings.length,
    60,
  );

  expect(result.missed).toEqual(
    expect.arrayContaining(["set the head back", "flip a bit of the head", "remove the head"]),
  );
});
