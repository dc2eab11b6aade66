import { buildApp } from "./app.ts";
import { startCheckpoints } from "./audit/checkpoints.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { demoPassword } from "./demo/province.ts";
import { serve } from "./http/serve.ts";
import { giveBackMemory } from "./memory.ts";
import { openServices } from "./start.ts";
import { startWorker } from "./worker.ts";

const began = performance.now();
const tell = (step: string) => console.log(`[${((performance.now() - began) / 1_000).toFixed(1)} s] ${step}`);

/** Runs the server until it is told to stop; says what it does. Exit status 1 when it cannot. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = readConfig(env);
    await run(config);
  } catch (error) {
    console.error(
      error instanceof ConfigError ? error.message : error instanceof Error ? `Cannot start: ${error.message}` : error,
    );
    if (!(error instanceof ConfigError) && process.env["LOG_LEVEL"] === "debug") console.error(error);
    process.exitCode = 1;
  }
}

async function run(config: Config): Promise<void> {
  await using open = new AsyncDisposableStack();
  const stop = stopSignal();
  const { services } = open.use(await openServices(config, tell));
  if (stop.aborted) return;
  open.use(await startCheckpoints(services));
  const worker = open.use(startWorker(services));
  services.wake = worker.wake;
  const server = open.use(await serve(buildApp(services), { host: config.host, port: config.port }));
  giveBackMemory();

  tell(`Công Văn is ready at ${server.url}  (API: ${server.url}/graphql)`);
  if (config.demo)
    console.log(
      `\nDemo mode: everybody's password is "${demoPassword}", every signing PIN is "123456"; bound to this machine alone.\n` +
        `Who can sign in is listed on the start page. Stop with Ctrl-C; the data stay in ${config.dataDirectory}.\n`,
    );
  await stopped(stop);
  tell("stopping");
}

/** Runs the worker's loops alone, beside servers on the same database, until it is told to stop. */
export async function runWorker(env: NodeJS.ProcessEnv): Promise<void> {
  const stop = stopSignal();
  await using open = new AsyncDisposableStack();
  const { services } = open.use(await openServices(readConfig(env), tell));
  open.use(startWorker(services));
  giveBackMemory();
  tell("the worker is running");
  await stopped(stop);
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** One Ctrl-C reaches the server twice under npm: from the terminal and from npm, which passes it on. */
const sameKeystroke = 1_000;

/** Aborts at the first SIGINT or SIGTERM; a later one ends the process at once, for who cannot wait. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (!controller.signal.aborted) firstAt = performance.now();
      else if (performance.now() - firstAt > sameKeystroke) process.exit(1);
      controller.abort();
    });
  return controller.signal;
}
