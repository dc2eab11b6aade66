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
  /** The end of what it has written, its log included. */
  readonly output: string;
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

/** The last of what a server's processes have written. */
class Output {
  text = "";

  add(chunk: Buffer): void {
    this.text = (this.text + chunk.toString()).slice(-20_000);
  }
}

/** Starts `src/main.ts` with these settings and nothing else of ours in its environment; `flags` are Node's own. */
export async function startServer(settings: NodeJS.ProcessEnv, flags: readonly string[] = []): Promise<ServerProcess> {
  const output = new Output();
  let running = await launch(settings, flags, output);
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
    get output() {
      return output.text;
    },
    kill9: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    async restart() {
      await end("SIGKILL");
      const deadline = Date.now() + startMilliseconds;
      for (;;) {
        try {
          running = await launch(fixed, flags, output);
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

async function launch(settings: NodeJS.ProcessEnv, flags: readonly string[], output: Output): Promise<Started> {
  const began = performance.now();
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...flags, main], {
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ready = Promise.withResolvers<string>();
  let said = "";
  const hear = (chunk: Buffer) => {
    output.add(chunk);
    said = (said + chunk.toString()).slice(-2_000);
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
