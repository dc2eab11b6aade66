import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { judgesFolder } from "../judges.ts";
import { runInJavaScript } from "./javascript.ts";
import type { Step } from "./recipes.ts";

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

/** One process for each set of libraries that can be on one class path. */
const homes: Readonly<Record<Exclude<Step["maker"], "ours"> | "base" | "attack", keyof typeof commands | "here">> = {
  base: "python",
  attack: "python",
  pyHanko: "python",
  endesive: "python",
  "iText 5": "makers",
  "iText 7": "itext7",
  "iText 8": "itext8",
  "iText 9": "makers",
  PDFBox: "makers",
  "PDFBox 2": "pdfbox2",
  OpenPDF: "makers",
  "EU DSS": "makers",
  "@signpdf": "here",
  "@signpdf with pdf-lib": "here",
  "@libpdf/core": "here",
};

const python = join(judgesFolder, "makers-python");

const commands = {
  python: existsSync(join(python, "complete"))
    ? [join(python, "bin", "python"), join(import.meta.dirname, "python", "makers.py")]
    : undefined,
  makers: java("makers", "makers"),
  itext7: java("makers-itext7", "makers-itext"),
  itext8: java("makers-itext8", "makers-itext"),
  pdfbox2: java("makers-pdfbox2", "makers-pdfbox2"),
};

function java(folder: string, name: string): string[] | undefined {
  const [jar, others] = [join(judgesFolder, folder, `${name}-1.jar`), join(judgesFolder, folder, "dependency", "*")];
  return existsSync(jar) ? ["java", "-Xmx512m", "-cp", `${jar}:${others}`, "congvan.Makers"] : undefined;
}

/** All makers; processes are started when they are first needed. */
export class Workers {
  private readonly started = new Map<keyof typeof commands, Worker>();

  /** Undefined where scripts/makers.sh has not installed the maker. */
  of(maker: keyof typeof homes): Worker | undefined {
    const home = homes[maker];
    if (home === "here") {
      const there = maker !== "@signpdf with pdf-lib" || existsSync(join(judgesFolder, "makers-node", "complete"));
      return there ? { run: runInJavaScript, stop: () => undefined } : undefined;
    }
    const command = commands[home];
    if (command && !this.started.has(home)) this.started.set(home, startWorker(home, command));
    return this.started.get(home);
  }

  stop(): void {
    for (const worker of this.started.values()) worker.stop();
  }
}

function startWorker(name: string, command: readonly string[]): Worker {
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
