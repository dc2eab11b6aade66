import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const startMilliseconds = 60_000;

/** The real server in a process of its own, which can be killed and started again on the same port. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** How long the last start took until the server was ready, in milliseconds. */
  readonly startMilliseconds: number;
  /** Ends the process at once, as the kernel does when memory runs out; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts it again, trying until it is ready: its database may be down just now. */
  restart(): Promise<void>;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly milliseconds: number;
}

/** Starts `src/main.ts` with these settings and nothing else of ours in its environment; `flags` are Node's own. */
export async function startServer(settings: NodeJS.ProcessEnv, flags: readonly string[] = []): Promise<ServerProcess> {
  let running = await launch(settings, flags);
  const { url } = running;
  const fixed = { ...settings, PORT: new URL(url).port };
  const end = async (signal: NodeJS.Signals) => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  return {
    url,
    get pid() {
      return running.child.pid!;
    },
    get startMilliseconds() {
      return running.milliseconds;
    },
    kill9: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    async restart() {
      await end("SIGKILL");
      const deadline = Date.now() + startMilliseconds;
      for (;;) {
        try {
          running = await launch(fixed, flags);
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await sleep(100);
        }
      }
    },
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

async function launch(settings: NodeJS.ProcessEnv, flags: readonly string[]): Promise<Started> {
  const began = performance.now();
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...flags, main], {
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = Promise.withResolvers<string>();
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
    const url = /ready at (http:\/\/\S+)/.exec(said)?.[1];
    if (url) ready.resolve(url);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.once("exit", (code, signal) => ready.reject(new Error(`The server ended with ${signal ?? code}:\n${said}`)));
  const timer = setTimeout(() => ready.reject(new Error(`The server is not ready:\n${said}`)), startMilliseconds);
  try {
    return { child, url: await ready.promise, milliseconds: performance.now() - began };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
