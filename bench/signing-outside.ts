import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type BenchSigner, password } from "./signing-documents.ts";
import type { Contender } from "./turns.ts";

/** Signers outside of JavaScript, as contenders that are kept running and told to sign one file after the other. */
export interface Outsiders extends Disposable {
  readonly contenders: readonly Contender[];
}

/** pyHanko, where CONGVAN_PYHANKO names a Python that has it. */
export function outsiders({ pkcs12 }: BenchSigner, files: readonly Buffer[]): Outsiders {
  const python = process.env["CONGVAN_PYHANKO"];
  if (!python) return { contenders: [], [Symbol.dispose]: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "congvan-bench-"));
  const key = join(folder, "key.p12");
  writeFileSync(key, pkcs12);
  const paths = files.map((file, index) => {
    const path = join(folder, `${index}.pdf`);
    writeFileSync(path, file);
    return path;
  });
  const script = join(import.meta.dirname, "pyhanko-signer.py");
  const child = spawn(python, [script, key, password, ...paths], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const act = async (index: number): Promise<void> => {
    child.stdin.write(`${index % files.length}\n`);
    const { value, done } = await lines.next();
    if (done || !(Number(value) > files[0]!.length)) throw new Error("pyHanko did not sign");
  };
  return {
    contenders: [{ name: "pyHanko", act }],
    [Symbol.dispose]() {
      child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}
