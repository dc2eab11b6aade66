import { spawnSync } from "node:child_process";
import { TestRunner } from "vitest";

const known = new Map<string, boolean>();

/** Whether a program is installed. */
export function installed(program: string): boolean {
  let found = known.get(program);
  if (found === undefined) {
    // Any answer will do, also a refusal of the option: what counts is that there is somebody to answer.
    found = spawnSync(program, ["--version"]).error === undefined;
    known.set(program, found);
    if (!found) console.warn(`SKIPPED: tests that ask ${program} to judge, which is not installed`);
  }
  return found;
}

/** Skips the running test where a judge from outside is not installed; the machine that merges changes has them all. */
export function needs(program: string): void {
  if (installed(program)) return;
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error(`${program} is not installed`);
  (test as unknown as { context: { skip(note: string): never } }).context.skip(`${program} is not installed`);
}
