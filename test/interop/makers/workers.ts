import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder =
  process.env["CONGVAN_JUDGES"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "congvan", "judges");
const jar = join(folder, "makers", "makers-1.jar");
const python = join(folder, "makers-python");

/** What a step needs that is done by other software; `maker` says by which. */
export interface Work {
  readonly maker: string;
  readonly in?: string;
  readonly out: string;
  readonly [option: string]: unknown;
}

/** A process that carries out one piece of work after the other. */
export interface Worker {
  /** Throws what the maker says. */
  run(work: Work): Promise<void>;
  stop(): void;
}

const commands = {
  java: existsSync(jar)
    ? ["java", "-Xmx512m", "-cp", `${jar}:${join(folder, "makers", "dependency", "*")}`, "congvan.Makers"]
    : undefined,
  python: existsSync(join(python, "complete"))
    ? [join(python, "bin", "python"), join(import.meta.dirname, "python", "makers.py")]
    : undefined,
};

/** Undefined where scripts/makers.sh has not installed it. */
export function startWorker(name: keyof typeof commands): Worker | undefined {
  const command = commands[name];
  if (!command) return undefined;
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    stdio: ["pipe", "pipe", process.env["MAKERS_TRACE"] ? "inherit" : "ignore"],
  });
  const waiting: ((answer: { error: string | null }) => void)[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => {
    waiting.shift()?.(JSON.parse(line) as { error: string | null });
  });
  child.on("exit", () => {
    for (const each of waiting.splice(0)) each({ error: `${name} ended` });
  });
  return {
    run: async (work) => {
      const answer = await new Promise<{ error: string | null }>((resolve) => {
        waiting.push(resolve);
        child.stdin!.write(`${JSON.stringify(work)}\n`);
      });
      if (answer.error !== null) throw new Error(answer.error);
    },
    stop: () => void child.kill(),
  };
}
