import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** The project's folder. */
export const root = join(import.meta.dirname, "..");

/** A server of its own, started as a user would start it. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly dataDirectory: string;
}

export interface ServerOptions {
  readonly dataDirectory: string;
  /** Where what the server says is kept. */
  readonly logFile: string;
  /** The script that Node runs; src/main.ts unless somebody else shall answer. */
  readonly script?: string;
  readonly tell: (line: string) => void;
}

const startSeconds = 60;
const stopSeconds = 20;

/** What the server and its commands read from the environment. */
const settings = new Set([
  "BEHIND_PROXY",
  "DATABASE_HUB_URL",
  "DATABASE_OWNER_URL",
  "DATABASE_POOL",
  "DATABASE_URL",
  "CONGVAN_DEMO",
  "HOST",
  "LOG_LEVEL",
  "MAX_BODY_BYTES",
  "MAX_FILE_BYTES",
  "PORT",
  "PUBLIC_URL",
  "S3_URL",
  "SESSION_SECRET",
  "SIGNING_LEVEL",
  "SIGNING_SERVICES",
  "TIMESTAMP_URLS",
  "TRUST_DIR",
  "VALIDATION_HOSTS",
]);

/** The environment without any setting that would make it another server than a fresh one in demo mode. */
export function freshEnvironment(dataDirectory: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !settings.has(name));
  return { ...Object.fromEntries(others), CONGVAN_DATA: dataDirectory };
}

/** Starts a server on an empty data directory and waits until it is ready; throws with its last words if it is not. */
export async function startServer({
  dataDirectory,
  logFile,
  script = "src/main.ts",
  tell,
}: ServerOptions): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: { ...freshEnvironment(dataDirectory), PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lastWords: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => {
      log.write(`${line}\n`);
      lastWords.push(line);
      if (lastWords.length > 30) lastWords.shift();
      if (/^\[\d+\.\d s\]/.test(line)) tell(`     ${line}`);
    });
  const stop = () => end(child);
  try {
    await readiness(url, child, lastWords);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, dataDirectory, [Symbol.asyncDispose]: stop };
}

async function readiness(url: string, child: ChildProcess, lastWords: readonly string[]): Promise<void> {
  const deadline = performance.now() + startSeconds * 1_000;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`the server ended before it was ready:\n${lastWords.join("\n")}`);
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server was not ready within ${startSeconds} s:\n${lastWords.join("\n")}`);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** Asks the process to stop and insists when it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), stopSeconds * 1_000);
  await ended;
  clearTimeout(insist);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (!address || typeof address === "string") throw new Error("no free port was found");
  return address.port;
}
