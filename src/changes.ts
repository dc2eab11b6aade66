import { EventEmitter } from "node:events";
import pg from "pg";
import type { Logger } from "pino";
import type { Notice } from "./context.ts";

const channel = "congvan_changes";
/** NOTIFY serialises commits (a lock over all of them), so acts are told in batches, apart from their transactions. */
const batchMilliseconds = 50;
/** PostgreSQL refuses payloads of 8,000 bytes or more. */
const batchBytes = 7_500;

/** Tells every process what was done in any of them, through the database; hints only, so that nothing is lost with one. */
export class Changes implements AsyncDisposable {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly pending: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private client: pg.Client | null = null;
  private closed = false;
  private readonly pool: pg.Pool;
  private readonly connection: pg.ClientConfig;
  private readonly log: Logger;

  constructor(pool: pg.Pool, connection: pg.ClientConfig, log: Logger) {
    this.pool = pool;
    this.connection = connection;
    this.log = log;
  }

  publish(notices: readonly Notice[]): void {
    for (const notice of notices) this.pending.push(JSON.stringify(notice));
    this.timer ??= setTimeout(() => void this.send(), batchMilliseconds);
  }

  /** Notices of one agency until the caller stops or the process closes. */
  async *subscribe(agencyId: string, signal?: AbortSignal): AsyncGenerator<Notice> {
    await this.listen();
    const queue: Notice[] = [];
    let wake = () => {};
    const push = (notice: Notice) => {
      // A reader that is too slow loses the oldest: it re-reads what it shows anyway.
      if (queue.push(notice) > 1_000) queue.shift();
      wake();
    };
    const stop = () => wake();
    this.emitter.on(agencyId, push);
    this.emitter.on("close", stop);
    signal?.addEventListener("abort", stop);
    try {
      while (!this.closed && !signal?.aborted) {
        const next = queue.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.emitter.off(agencyId, push);
      this.emitter.off("close", stop);
      signal?.removeEventListener("abort", stop);
    }
  }

  private async send(): Promise<void> {
    this.timer = null;
    while (this.pending.length > 0) {
      const batch = [this.pending.shift()!];
      let size = Buffer.byteLength(batch[0]!);
      while (this.pending[0] && size + Buffer.byteLength(this.pending[0]) + 2 < batchBytes) {
        const next = this.pending.shift()!;
        size += Buffer.byteLength(next) + 1;
        batch.push(next);
      }
      await this.pool
        .query("select pg_notify($1, $2)", [channel, `[${batch.join()}]`])
        .catch((err: unknown) => this.log.warn({ err }, "changes could not be told"));
    }
  }

  private async listen(): Promise<void> {
    if (this.client || this.closed) return;
    const client = new pg.Client({ ...this.connection, application_name: "congvan changes" });
    this.client = client;
    client.on("notification", ({ payload }) => {
      for (const notice of noticesOf(payload)) this.emitter.emit(notice.agencyId, notice);
    });
    const again = () => {
      if (this.client !== client) return;
      this.client = null;
      // Even while nobody listens yet: whoever comes first meets this very failure.
      if (!this.closed) setTimeout(() => void this.listen(), 500).unref();
    };
    client.on("error", again);
    client.on("end", again);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (err) {
      again();
      this.log.warn({ err }, "changes cannot be heard");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.emitter.emit("close");
    const client = this.client;
    this.client = null;
    await client?.end().catch(() => {});
  }
}

/** The notices of a batch; none of what something else in the database sent on the channel. */
function noticesOf(payload: string | undefined): Notice[] {
  try {
    const notices: unknown = JSON.parse(payload ?? "[]");
    const isNotice = (each: Partial<Notice> | null) => typeof each?.agencyId === "string";
    return Array.isArray(notices) ? notices.filter(isNotice) : [];
  } catch {
    return [];
  }
}
