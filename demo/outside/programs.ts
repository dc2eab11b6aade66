import { execFile } from "node:child_process";
import { join } from "node:path";
import { freshEnvironment, root } from "../server.ts";

/** How a program ended and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

const limits = { timeout: 30_000, maxBuffer: 16 << 20 };

/** Runs a program to its end; status -1 where it could not be run or took too long. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, [...args], { ...limits, cwd: root, env }, (error, output, errors) => {
      const status = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ status, output, errors: errors || (status === -1 ? String(error?.message) : "") });
    });
  });
}

/** Runs a command of the project's own command line on the data of the demo's server. */
export const congvan = (dataDirectory: string, ...args: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [join(root, "src/cli.ts"), ...args], freshEnvironment(dataDirectory));

/** Programs of others that can judge what was made, with the words that make them tell their version. */
const judges = { pdfsig: "-v", qpdf: "--version", openssl: "version", pdftotext: "-v" } as const;

export type Judge = keyof typeof judges;

/** Which of the judges this machine has. */
export async function installedJudges(): Promise<ReadonlySet<Judge>> {
  const entries = Object.entries(judges) as [Judge, string][];
  const found = await Promise.all(
    entries.map(async ([name, version]) => ((await run(name, [version])).status === -1 ? null : name)),
  );
  return new Set(found.filter((name) => name !== null));
}

export const missingJudges = (installed: ReadonlySet<Judge>): readonly string[] =>
  Object.keys(judges).filter((name) => !installed.has(name as Judge));
