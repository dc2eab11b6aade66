import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A file to be judged. */
export interface Question {
  readonly file: string;
  /** Paths of certificates to trust. */
  readonly anchors: readonly string[];
  /** ISO 8601; now if absent. */
  readonly at?: string;
}

/** A judge's opinion on one signature: whether its bytes, coverage and later changes are in order, trust left aside. */
export interface Opinion {
  readonly field: string;
  readonly sound: boolean;
  /** What was changed afterwards, in our words, where the judge tells. */
  readonly modificationLevel?: string;
  /** The judge's own words. */
  readonly words: string;
}

export interface Answer {
  readonly file: string;
  readonly opinions: readonly Opinion[];
  readonly error: string | null;
}

export interface Judge {
  readonly name: string;
  /** Null where it is not installed. */
  readonly command: readonly string[] | null;
  read(told: Record<string, unknown>): Opinion;
}

/** Where scripts/judges.sh and scripts/makers.sh install what they install. */
export const judgesFolder =
  process.env["CONGVAN_JUDGES"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "congvan", "judges");
const python = join(judgesFolder, "pyhanko-0.38.0", "bin", "python");
const jar = join(judgesFolder, "dss", "dss-judge-1.jar");
const sourceFolder = join(import.meta.dirname, "judges");

export const pyhanko: Judge = {
  name: "pyHanko",
  command: existsSync(join(judgesFolder, "pyhanko-0.38.0", "complete"))
    ? [python, join(sourceFolder, "pyhanko_judge.py")]
    : null,
  read(told) {
    const covered = told["kind"] === "DocTimeStamp" || /^ENTIRE_/.test(String(told["coverage"]));
    const permitted = told["modificationLevel"] !== "OTHER" && told["docmdpOk"] !== false;
    const stamped = told["timestampSound"] !== false;
    return {
      field: String(told["field"]),
      sound: told["intact"] === true && told["valid"] === true && covered && permitted && stamped,
      ...(typeof told["modificationLevel"] === "string" && { modificationLevel: told["modificationLevel"] }),
      words: JSON.stringify(told),
    };
  },
};

export const dss: Judge = {
  name: "EU DSS",
  command: existsSync(jar)
    ? ["java", "-cp", `${jar}:${join(judgesFolder, "dss", "dependency", "*")}`, "congvan.DssJudge"]
    : null,
  read(told) {
    const changes = ["undefined", "annotations"].reduce((sum, key) => sum + Number(told[key] ?? 0), 0);
    const sound =
      told["intact"] === true &&
      told["valid"] === true &&
      told["byteRangeValid"] !== false &&
      told["dictionaryConsistent"] !== false &&
      Number(told["undefined"] ?? 0) === 0 &&
      told["subIndication"] !== "FORMAT_FAILURE";
    const filled = Number(told["formFills"] ?? 0) > 0 ? "FORM_FILLING" : undefined;
    const level = changes > 0 ? "OTHER" : filled;
    return {
      field: String(told["field"]),
      sound,
      ...(level && { modificationLevel: level }),
      words: JSON.stringify(told),
    };
  },
};

/** Asks a judge about many files with one process; its answers come in the order of the questions. */
export async function ask(judge: Judge, questions: readonly Question[]): Promise<Answer[]> {
  const [program, ...parameters] = judge.command!;
  const child = spawn(program!, parameters, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(questions.map((question) => JSON.stringify(question)).join("\n"));
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { file: string; signatures: Record<string, unknown>[]; error: string | null };
    answers.push({
      file: told.file,
      error: told.error,
      // A signature's own time-stamps are listed beside the signatures, without a field.
      opinions: told.signatures.filter(({ field }) => field !== "").map((signature) => judge.read(signature)),
    });
  }
  if (answers.length !== questions.length)
    throw new Error(`${judge.name} answered ${answers.length} of ${questions.length}`);
  return answers;
}
