import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PoolClient } from "pg";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { newId } from "../ids.ts";
import type { Services } from "../services.ts";
import { type ChainLink, emptyChain, eventColumns, eventHash, type EventRow, readEvent } from "./chain.ts";
import {
  checkpointFolder,
  CheckpointLog,
  checkpointLine,
  lineHash,
  logNameAt,
  verifierFile,
} from "./checkpoint-log.ts";
import { makeNoteKey, type NoteSigner, noteSigner, verifierLine } from "./notes.ts";

export { readCheckpoints, type WitnessedChains } from "./checkpoint-log.ts";

/** Why a chain gets no further checkpoint: it does not continue what was signed. */
export interface Refusal {
  readonly agencyId: string;
  readonly reason: "MISSING" | "ROLLED_BACK" | "REWRITTEN" | "BROKEN" | "LOG_SHORTENED";
  /** Where the chain was when last signed, and where its head is now (0: there is none). */
  readonly signed: number;
  readonly head: number;
}

/** What a witness needs of the server: the application role's connections, and the data directory for key and log. */
export type WitnessServices = Pick<Services, "pool" | "now"> & {
  readonly config: Pick<Config, "dataDirectory">;
  readonly log: Pick<Logger, "error">;
};

export interface WitnessOptions {
  /** Between rounds; 10 seconds if not given. */
  readonly intervalMilliseconds?: number;
  /** Told once for each refusal as it begins: for metrics and alarms. */
  readonly onRefused?: (refusal: Refusal) => void;
}

const keyFile = "checkpoint.key";
const page = 5_000;

/** Starts to witness the chains (điểm kiểm nhật ký); dispose of it to have a last round and stop. */
export async function startCheckpoints(services: WitnessServices, options: WitnessOptions = {}): Promise<Witness> {
  const folder = checkpointFolder(services.config.dataDirectory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const witness = new Witness(services, options, folder, await openSigner(folder));
  witness.start();
  return witness;
}

/**
 * Signs every ten seconds how far each chain has come, after having verified itself that it continues what it signed
 * before. Several processes may share a data directory: one at a time writes.
 */
export class Witness implements AsyncDisposable {
  /** Chains that are refused now, by agency. */
  readonly refused = new Map<string, Refusal>();
  private readonly services: WitnessServices;
  private readonly options: WitnessOptions;
  private readonly folder: string;
  private readonly signer: NoteSigner;
  private readonly chain: CheckpointLog;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(services: WitnessServices, options: WitnessOptions, folder: string, signer: NoteSigner) {
    this.services = services;
    this.options = options;
    this.folder = folder;
    this.signer = signer;
    this.chain = new CheckpointLog(folder, signer);
  }

  start(): void {
    this.timer = setTimeout(() => {
      const again = () => {
        if (!this.stopped) this.start();
      };
      this.round().then(again, (error: unknown) => {
        this.services.log.error({ error }, "checkpoints could not be written");
        again();
      });
    }, this.options.intervalMilliseconds ?? 10_000).unref();
  }

  /** Signs what has moved now; gives the number of checkpoints written. Rounds follow one another. */
  round(): Promise<number> {
    const next = this.running.then(() => this.sign());
    this.running = next.catch(() => undefined);
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round().catch((error: unknown) => {
      this.services.log.error({ error }, "the last checkpoints could not be written");
    });
  }

  private async sign(): Promise<number> {
    const client = await this.services.pool.connect();
    let failed = true;
    try {
      await client.query("begin read only");
      await client.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [verifierLine(this.signer)]);
      const whole = await this.chain.refresh();
      const moved = await this.movedHeads(client, whole);
      await this.append(moved);
      await client.query("commit");
      failed = false;
      return moved.size;
    } finally {
      client.release(failed);
    }
  }

  /** Heads to be signed, by agency; the others have not moved or are refused. */
  private async movedHeads(client: PoolClient, logIsWhole: boolean): Promise<Map<string, ChainLink>> {
    const heads = await readHeads(client);
    const moved = new Map<string, ChainLink>();
    for (const agencyId of new Set([...heads.keys(), ...this.chain.latest.keys()])) {
      const head = heads.get(agencyId);
      const signed = this.chain.latest.get(agencyId) ?? emptyChain;
      const reason = logIsWhole ? await judge(client, agencyId, signed, head) : "LOG_SHORTENED";
      if (reason) this.refuse({ agencyId, reason, signed: signed.sequence, head: head?.sequence ?? 0 });
      else {
        this.refused.delete(agencyId);
        if (head && head.sequence > signed.sequence) moved.set(agencyId, head);
      }
    }
    return moved;
  }

  private refuse(refusal: Refusal): void {
    const known = this.refused.get(refusal.agencyId);
    this.refused.set(refusal.agencyId, refusal);
    if (known?.reason === refusal.reason) return;
    this.services.log.error({ refusal }, "an audit chain does not continue its checkpoints: no further one is signed");
    this.options.onRefused?.(refusal);
  }

  private async append(moved: ReadonlyMap<string, ChainLink>): Promise<void> {
    if (moved.size === 0) return;
    const now = this.services.now();
    // What a crash left of a line stays, for the log is only appended to; not even a whole line may count afterwards.
    let text = this.chain.torn ? "#torn\n" : "";
    let previous = this.chain.previous;
    for (const [agencyId, { sequence, hash }] of moved) {
      const line = checkpointLine({ agencyId, sequence, hash, at: now.toISOString() }, previous, this.signer);
      previous = lineHash(line);
      text += `${line}\n`;
    }
    // A clock that goes back must not put lines before those that are there.
    const name = [logNameAt(now), this.chain.file ?? ""].sort().at(-1)!;
    await using file = await open(join(this.folder, name), "a", 0o600);
    await file.appendFile(text);
    await file.sync();
    if (name !== this.chain.file) await syncFolder(this.folder);
  }
}

async function readHeads(client: PoolClient): Promise<Map<string, ChainLink>> {
  const { rows } = await client.query<{ agency_id: string; sequence: string; hash: string }>(
    "select agency_id, sequence, encode(hash, 'hex') as hash from audit_heads()",
  );
  return new Map(rows.map(({ agency_id, sequence, hash }) => [agency_id, { sequence: Number(sequence), hash }]));
}

/** Whether a chain continues from what was signed to its head, recomputing every event in between; null if it does. */
async function judge(
  client: PoolClient,
  agencyId: string,
  signed: ChainLink,
  head: ChainLink | undefined,
): Promise<Refusal["reason"] | null> {
  if (!head) return "MISSING";
  if (head.sequence < signed.sequence) return "ROLLED_BACK";
  if (head.sequence === signed.sequence) return head.hash === signed.hash ? null : "REWRITTEN";
  await client.query("select set_config('app.agency_id', $1, true)", [agencyId]);
  let last: ChainLink = signed;
  while (last.sequence < head.sequence) {
    const { rows } = await client.query<EventRow>({
      text: `select ${eventColumns()} from audit_event e where agency_id = $1 and sequence > $2 and sequence <= $3
        order by sequence limit ${page}`,
      values: [agencyId, last.sequence, head.sequence],
      rowMode: "array",
    });
    if (rows.length === 0) return "BROKEN";
    for (const event of rows.map(readEvent)) {
      if (event.sequence !== last.sequence + 1 || eventHash(event) !== event.hash) return "BROKEN";
      if (event.previousHash !== last.hash) return last === signed ? "REWRITTEN" : "BROKEN";
      last = event;
    }
  }
  return last.hash === head.hash ? null : "BROKEN";
}

/** The witness's key, made at the first start; the public key is put beside it. */
async function openSigner(folder: string): Promise<NoteSigner> {
  await publish(folder, keyFile, makeNoteKey, 0o600);
  const signer = noteSigner("congvan", await readFile(join(folder, keyFile), "utf8"));
  const line = verifierLine(signer);
  await publish(folder, verifierFile, () => `${line}\n`, 0o644);
  if ((await readFile(join(folder, verifierFile), "utf8")).trim() !== line)
    throw new Error(`${join(folder, verifierFile)} does not belong to ${keyFile}: one of them was replaced.`);
  return signer;
}

/** Writes a file as a whole unless it is there; of several processes, the first one's stays. */
async function publish(folder: string, name: string, content: () => string, mode: number): Promise<void> {
  const path = join(folder, name);
  const temporary = join(folder, `${name}.${newId()}`);
  const there = await readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  if (there) return;
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(content());
    await file.sync();
    await chmod(temporary, mode);
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
