import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dss, pyhanko } from "../test/interop/judges.ts";
import { at, type BenchSigner, password } from "./signing-documents.ts";
import type { Contender } from "./turns.ts";

/** Signers and validators outside of JavaScript, kept running and told to work on one file after the other. */
export interface Outsiders extends Disposable {
  readonly signers: readonly Contender[];
  readonly validators: readonly Contender[];
}

/** A program as it is spawned, and how often it signs and validates before its speed counts. */
interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly warmUp: number;
}

/** A Python that has pyHanko and a class path that has EU DSS: those that the environment names, or the judges' own. */
function programs(): Program[] {
  const python = process.env["CONGVAN_PYHANKO"] ?? pyhanko.command?.[0];
  const classes = process.env["CONGVAN_DSS"] ?? dss.command?.[2];
  if (!python)
    console.error("SKIPPED: pyHanko is not here; scripts/judges.sh installs it, or CONGVAN_PYHANKO names a Python");
  if (!classes)
    console.error("SKIPPED: EU DSS is not here; scripts/judges.sh installs it, or CONGVAN_DSS names a class path");
  return [
    ...(python
      ? [{ name: "pyHanko", command: [python, join(import.meta.dirname, "pyhanko-signer.py")], warmUp: 20 }]
      : []),
    // Java compiles what is called often; it is let come to that before it is measured.
    ...(classes
      ? [
          {
            name: "EU DSS",
            command: ["java", "-cp", classes, join(import.meta.dirname, "DssSigner.java")],
            warmUp: 500,
          },
        ]
      : []),
  ];
}

/** Resolves when each has started and warmed up; `signed[n]` is `files[n]` with one signature by this signer. */
export async function outsiders(
  { pkcs12 }: BenchSigner,
  files: readonly Buffer[],
  signed: readonly Buffer[],
): Promise<Outsiders> {
  const folder = mkdtempSync(join(tmpdir(), "congvan-bench-"));
  const key = join(folder, "key.p12");
  writeFileSync(key, pkcs12);
  for (const [index, file] of files.entries()) {
    writeFileSync(join(folder, `${index}.pdf`), file);
    writeFileSync(join(folder, `signed-${index}.pdf`), signed[index]!);
  }
  const [signers, validators, children]: [Contender[], Contender[], Disposable[]] = [[], [], []];
  for (const { name, command, warmUp } of programs()) {
    const child = await started([...command, key, password, at.toISOString(), String(warmUp), folder]);
    children.push(child);
    signers.push({
      name,
      act: async (index) => {
        const { length } = await child.ask(`sign ${index % files.length}`);
        if (!(Number(length) > files[index % files.length]!.length)) throw new Error(`${name} did not sign`);
      },
    });
    validators.push({
      name,
      act: async (index) => {
        const { sound } = await child.ask(`validate ${index % signed.length}`);
        if (sound !== true) throw new Error(`${name} does not find our signature sound`);
      },
    });
  }
  return {
    signers,
    validators,
    [Symbol.dispose]() {
      for (const child of children) child[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Child extends Disposable {
  /** One line to the program, and its answer. */
  ask(line: string): Promise<Record<string, unknown>>;
}

/** Resolves at the program's first line, which says that it has warmed up. */
async function started([program, ...parameters]: readonly string[]): Promise<Child> {
  const child = spawn(program!, parameters, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ended`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  await answer();
  return {
    ask(line) {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}
