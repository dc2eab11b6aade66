import { syncDirectory } from "./exchange/directory.ts";
import { isOperated } from "./exchange/hub.ts";
import { answered } from "./exchange/patience.ts";
import { followDeliveries } from "./exchange/following.ts";
import { receiveInbox } from "./exchange/receiving.ts";
import { sendOutbox } from "./exchange/sending.ts";
import type { Services } from "./services.ts";
import { tendLevels } from "./signing/levels-job.ts";
import { tendSessions } from "./signing/sessions-job.ts";
import { checkWaiting } from "./verification/checking.ts";

export interface Worker extends AsyncDisposable {
  /** Something may be waiting: look now instead of at the next second. */
  wake(): void;
  /** Works until nothing is left that is due. */
  settle(): Promise<void>;
}

export interface WorkerOptions {
  /** False: works only when told to by `settle`. */
  readonly runs?: boolean;
}

/** What the worker does for one agency; gives how much it did, so that zero everywhere means rest. */
export type Task = (services: Services, agency: HostedAgency) => Promise<number>;

export interface HostedAgency {
  readonly id: string;
  readonly code: string;
}

/** In this order: what goes out is there to be fetched, what was fetched is there to be followed. */
const tasks: readonly { readonly run: Task; readonly isDue: (services: Services) => Promise<IsDue> }[] = [
  { run: sendOutbox, isDue: (services) => dueFor(services, "send") },
  { run: receiveInbox, isDue: waitsAtHub },
  { run: followDeliveries, isDue: (services) => dueFor(services, "follow") },
  { run: tendSessions, isDue: (services) => dueFor(services, "session") },
  { run: checkWaiting, isDue: (services) => dueFor(services, "check") },
  { run: tendLevels, isDue: (services) => dueFor(services, "level") },
];

type IsDue = (agency: HostedAgency) => boolean;

/** One question for all agencies, however many are hosted here. */
async function dueFor(
  { pool, now }: Services,
  task: "send" | "follow" | "session" | "check" | "level",
): Promise<IsDue> {
  const source = task === "send" || task === "follow" ? "exchange_due" : "signing_due";
  const { rows } = await pool.query<{ id: string }>(`select agency_id as id from ${source}($1) where task = $2`, [
    now(),
    task,
  ]);
  const due = new Set(rows.map(({ id }) => id));
  return ({ id }) => due.has(id);
}

/** A hub that is operated here is asked once; of another each agency asks for itself. */
async function waitsAtHub({ hub }: Services): Promise<IsDue> {
  if (!isOperated(hub)) return () => true;
  // Where the hub does not answer, each agency meets the fault by itself, and it is logged there.
  const waiting = await answered(hub.waiting()).catch(() => null);
  return ({ code }) => waiting?.includes(code) ?? true;
}

const pollMilliseconds = 1_000;
const directoryMilliseconds = 30_000;
/** Agencies worked for at the same time; each needs a connection now and then. */
const lanes = 3;
/** A settled province needs a handful of rounds; more means that something feeds itself. */
const mostRounds = 1_000;

/**
 * Sends, fetches and follows messages for every agency hosted here, in rounds: one a second, or at once when woken. Rounds
 * never overlap in a process; between processes leases decide. What fails is logged and tried again in the next round.
 */
export function startWorker(services: Services, { runs = true }: WorkerOptions = {}): Worker {
  let stopped = false;
  let woken = false;
  let rest = Promise.withResolvers<void>();
  let directoryRead = -Infinity;
  let turn: Promise<unknown> = Promise.resolve();

  async function round(): Promise<number> {
    if (performance.now() - directoryRead > directoryMilliseconds) {
      await syncDirectory(services);
      directoryRead = performance.now();
    }
    const agencies = await hostedAgencies(services);
    let done = 0;
    for (const { run: task, isDue } of tasks) {
      const queue = agencies.filter(await isDue(services)).values();
      const lane = async () => {
        for (const agency of queue) {
          if (stopped) return;
          // Not `done += await …`, which would add to what it was before the other lanes' work.
          const count = await task(services, agency).catch((error: unknown) => {
            services.log.error({ error, agency: agency.code, task: task.name }, "the worker failed");
            return 0;
          });
          done += count;
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
    return done;
  }

  /** Rounds one after another, whoever asks for them. */
  function nextRound(): Promise<number> {
    const next = turn.then(round);
    turn = next.catch(() => undefined);
    return next;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      const done = await nextRound().catch((error: unknown) => {
        services.log.error({ error }, "the worker's round failed");
        return 0;
      });
      if (stopped || woken || done > 0) continue;
      const timer = setTimeout(() => rest.resolve(), pollMilliseconds);
      await rest.promise;
      clearTimeout(timer);
      rest = Promise.withResolvers();
    }
  }

  const running = runs ? run() : Promise.resolve();
  return {
    wake() {
      woken = true;
      rest.resolve();
    },
    async settle() {
      directoryRead = -Infinity;
      for (let left = mostRounds; left > 0; left--) if ((await nextRound()) === 0) return;
      throw new Error(`The worker is not at rest after ${mostRounds} rounds`);
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      rest.resolve();
      await running;
      await turn;
    },
  };
}

async function hostedAgencies({ pool, transmission }: Services): Promise<HostedAgency[]> {
  const { rows } = await pool.query<HostedAgency>("select id, code from agency where code = any($1) order by code", [
    transmission.codes(),
  ]);
  return rows;
}
