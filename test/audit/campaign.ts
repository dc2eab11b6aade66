import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { readCheckpoints, type WitnessedChains } from "../../src/audit/checkpoints.ts";
import type { AuditReport } from "../../src/audit/verify.ts";
import { Random } from "../axis/random.ts";
import { addAgency, append, type Ledger, openWitness, randomHappening } from "./chains.ts";
import type { Tampering, Target } from "./tampering.ts";

export type Verify = (root: Client, checkpoints: WitnessedChains) => Promise<AuditReport>;

export interface CampaignResult {
  readonly tampered: number;
  /** Names of what the verifier called whole. */
  readonly missed: string[];
  readonly cleanChains: number;
  readonly falseAlarms: string[];
}

/** What is compared to see that a database is again as it was. */
const tables = ["audit_event", "audit_head", "agency"];

/**
 * Makes chains, has them witnessed, and does every tampering in turn to them until there were `count`, restoring them after
 * each; ten tamperings for each set of two to four chains. Chains must be found whole before, and again when restored.
 */
export async function campaign(
  ledger: Ledger,
  verify: Verify,
  list: readonly Tampering[],
  count: number,
  seed: number,
): Promise<CampaignResult> {
  const random = new Random(seed);
  const { root } = ledger;
  const result = { tampered: 0, missed: [] as string[], cleanChains: 0, falseAlarms: [] as string[] };
  // Foreign keys and the trigger that refuses do not hold for this session: as a database administrator may decide.
  await root.query("set session_replication_role = replica");
  while (result.tampered < count) {
    const target = await freshChains(ledger, random);
    const checkpoints = await readCheckpoints(ledger.directory);
    const expectWhole = async () => {
      const clean = await verify(root, checkpoints);
      if (!clean.ok) result.falseAlarms.push(JSON.stringify(clean.agencies.flatMap(({ faults }) => faults)));
    };
    await expectWhole();
    result.cleanChains += target.agencies.length;
    for (let turn = 0; turn < 10 && result.tampered < count; turn++) {
      const tampering = list[result.tampered % list.length]!;
      await tampering.does(root, target, random);
      const report = await verify(root, checkpoints);
      if (report.ok) result.missed.push(tampering.name);
      result.tampered++;
      await restore(root);
      await expectWhole();
    }
  }
  return result;
}

/** Empties the tables and fills them with new chains through the server's own function, and has a witness sign them. */
async function freshChains(ledger: Ledger, random: Random): Promise<Target> {
  const { root, pool, directory } = ledger;
  await root.query("truncate audit_event, audit_head");
  await root.query("delete from agency");
  await rm(join(directory, "audit"), { recursive: true, force: true });
  const agencies: { id: string; events: number }[] = [];
  for (let number = 0, many = 2 + random.below(3); number < many; number++) {
    const id = await addAgency(root, `H57.${number}`);
    const events = 5 + random.below(8);
    await append(
      pool,
      id,
      Array.from({ length: events }, () => randomHappening(random)),
    );
    agencies.push({ id, events });
  }
  const witness = await openWitness(ledger);
  await witness[Symbol.asyncDispose]();
  for (const table of tables) {
    await root.query(`drop table if exists kept_${table}`);
    await root.query(`create table kept_${table} as table ${table}`);
  }
  return { agencies };
}

async function restore(root: Client): Promise<void> {
  await root.query("truncate audit_event, audit_head");
  await root.query("delete from agency");
  for (const table of tables) await root.query(`insert into ${table} select * from kept_${table}`);
  const { rowCount } = await root.query("select from pg_constraint where conname = 'audit_event_pkey'");
  if (rowCount === 0) await root.query("alter table audit_event add primary key (agency_id, sequence)");
}
