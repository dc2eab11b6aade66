import { isDeepStrictEqual } from "node:util";

/** Something that did not come as expected. */
export interface Fault {
  readonly what: string;
  readonly expected: unknown;
  readonly came: unknown;
}

/** One step of the path, as `steps.json` keeps it. */
export interface StepRecord {
  readonly number: number;
  readonly told: string;
  readonly gloss: string;
  readonly ok: boolean;
  readonly checks: number;
  readonly milliseconds: number;
  readonly faults: readonly Fault[];
}

/** What a step may use: `check` compares (deeply) and goes on either way. */
export interface Step {
  check(what: string, expected: unknown, came: unknown): void;
}

/** A step failed so that those which build on it cannot be tried. */
export class PathBroken extends Error {
  override readonly name = "PathBroken";
}

/** Numbers the steps, prints a line for each, and knows whether all went well. */
export class Journal {
  readonly steps: StepRecord[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /**
   * Does one step and prints `[nn] <what tell says> (gloss)`. Throws PathBroken where the work throws; failed checks
   * are noted and the path goes on.
   */
  async step<T>(gloss: string, work: (step: Step) => Promise<T>, tell: (result: T) => string): Promise<T> {
    const began = performance.now();
    const faults: Fault[] = [];
    let checks = 0;
    const step: Step = {
      check(what, expected, came) {
        checks++;
        if (!isDeepStrictEqual(came, expected)) faults.push({ what, expected, came });
      },
    };
    const end = (told: string) =>
      this.#end({ told, gloss, checks, faults, ok: faults.length === 0 }, performance.now() - began);
    try {
      const result = await work(step);
      end(tell(result));
      return result;
    } catch (error) {
      faults.push({
        what: gloss,
        expected: "làm được (done)",
        came: error instanceof Error ? error.message : String(error),
      });
      end("Không làm được");
      throw new PathBroken(gloss, { cause: error });
    }
  }

  note(line: string): void {
    this.#print(line);
  }

  get failed(): number {
    return this.steps.filter(({ ok }) => !ok).length;
  }

  #end(record: Omit<StepRecord, "number" | "milliseconds">, milliseconds: number): void {
    const number = this.steps.push({
      number: this.steps.length + 1,
      milliseconds: Math.round(milliseconds),
      ...record,
    });
    this.#print(`[${String(number).padStart(2, "0")}] ${record.ok ? "" : "✗ "}${record.told} (${record.gloss})`);
    for (const { what, expected, came } of record.faults)
      this.#print(`     ✗ ${what}: chờ đợi (expected) ${shown(expected)}; nhận được (came) ${shown(came)}`);
  }
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
