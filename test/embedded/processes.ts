import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect } from "vitest";
import { connectionUrl, socketConnection } from "../../src/embedded/connection.ts";
import { judgeLock, readPostmaster } from "../../src/embedded/postmaster.ts";
import { removeHome, temporaryHome } from "../support/postgres.ts";

export const isRoot = process.getuid?.() === 0;

/** What a holder says once it has the server, or why it has not. */
export interface Opened {
  readonly outcome: "created" | "started" | "attached";
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  readonly milliseconds: number;
  readonly steps: readonly string[];
}

/** Another process that holds the embedded PostgreSQL. */
export interface Holder extends Opened {
  readonly process: ChildProcess;
  /** Lets it finish as it should; resolves when it has ended. */
  leave(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export class HolderFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const PROGRAM = fileURLToPath(new URL("holder.ts", import.meta.url));

/**
 * Starts a process that opens the server in `directory`; under another user when told. Its server does not wait for
 * the disk unless `settings` says otherwise.
 */
export async function startHolder(
  directory: string,
  options: { uid?: number; settings?: Record<string, string>; program?: string } = {},
): Promise<Holder> {
  const { uid, settings = { fsync: "off" }, program = PROGRAM } = options;
  const child = spawn(process.execPath, [program, directory, JSON.stringify(settings)], {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    cwd: "/",
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = JSON.parse(String((await lines.next()).value ?? '{"code":"none","message":"no answer"}')) as
    Opened | { code: string; message: string };
  if ("code" in answer) throw new HolderFailed(answer.code, answer.message);
  return {
    ...answer,
    process: child,
    async leave() {
      child.stdin.end();
      const last = (await lines.next()).value as string | undefined;
      await ended;
      if (last !== '{"released":true}') throw new Error(`The holder did not release the server: ${last}`);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const leftRunning: string[] = [];

/** For each test's end: a server that a test has left behind, in any `clusterHome`, fails it. */
export function expectNoServerLeft(): void {
  expect(leftRunning.splice(0)).toEqual([]);
}

/** A directory for a cluster, removed at the end; a server that still runs in it is stopped and noted. */
export async function clusterHome(
  options: { uid?: number } = {},
): Promise<AsyncDisposable & { path: string; data: string }> {
  const path = await temporaryHome();
  if (options.uid !== undefined) await chown(path, options.uid, options.uid);
  const data = join(path, "data");
  return {
    path,
    data,
    async [Symbol.asyncDispose]() {
      const left = await readPostmaster(data);
      if (left && (await judgeLock(data)) === "server") {
        leftRunning.push(data);
        process.kill(left.pid, "SIGQUIT");
      }
      await removeHome(path);
    },
  };
}

/** One statement as the superuser. */
export async function ask(opened: { socketDirectory: string }, sql: string): Promise<unknown[]> {
  const client = new Client(connectionUrl(socketConnection(opened.socketDirectory, "postgres", "postgres")));
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
