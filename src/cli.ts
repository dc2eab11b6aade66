#!/usr/bin/env node
import { type Command, couldNotRun, fine, UsageError } from "./cli/command.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openDatabases } from "./databases.ts";

const start: Command = {
  usage: "start",
  about: "runs the server (as npm start does)",
  run: async ({ env }) => {
    const { start: run } = await import("./run.ts");
    await run(env);
    return Number(process.exitCode ?? fine);
  },
};

const migrate: Command = {
  usage: "migrate",
  about: "brings the database up to date",
  run: async ({ env, print }) => {
    const { migrate: run } = await import("./orm.ts");
    await using databases = await openDatabases(readConfig(env));
    const steps = await run(databases.urls.owner);
    print(steps.length > 0 ? steps.join("\n") : "The database is up to date.");
    return fine;
  },
};

const worker: Command = {
  usage: "worker",
  about: "sends and fetches messages in a process of its own",
  run: async ({ env }) => {
    const { runWorker } = await import("./run.ts");
    await runWorker(env);
    return Number(process.exitCode ?? fine);
  },
};

const demo: Command = {
  usage: "demo",
  about: "drives the whole path against a fresh server over HTTP and leaves what it made in demo-out/",
  run: async ({ print }) => {
    const { runDemo } = await import("../demo/run.ts");
    return runDemo(print);
  },
};

/** Each is loaded when it is called for: checking a file needs no database. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => start,
  migrate: async () => migrate,
  worker: async () => worker,
  demo: async () => demo,
  verify: async () => (await import("./cli/verify.ts")).verify,
  trust: async () => (await import("./cli/trust.ts")).trust,
  edxml: async () => (await import("./cli/edxml.ts")).edxml,
  audit: async () => (await import("./cli/audit.ts")).audit,
  key: async () => (await import("./cli/key.ts")).key,
  user: async () => (await import("./cli/user.ts")).user,
};

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const list = all.map(({ usage, about }) => `  congvan ${usage}\n      ${about}`);
  return `${list.join("\n")}\n\nExit status: 0 fine, 1 not fine, 2 could not run.`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const load = name === undefined ? undefined : commands[name];
  if (!load) {
    const asked = name === undefined || name === "help" || name === "--help";
    (asked ? console.log : console.error)(await help());
    return asked ? fine : couldNotRun;
  }
  const command = await load();
  try {
    return await command.run({ args, env: process.env, print: (line) => console.log(line) });
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
    const message = error instanceof Error ? error.message : String(error);
    console.error(
      isUsage
        ? `${message}\nusage: congvan ${command.usage}`
        : error instanceof ConfigError
          ? message
          : `congvan ${name}: ${message}`,
    );
    return couldNotRun;
  }
}

process.exitCode = await main(process.argv.slice(2));
