import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { X509Certificate } from "node:crypto";
import { type SignatureVerdict, verifyPdf } from "../../signing/index.ts";
import { type Answer, ask, dss, type Judge, pyhanko, type Question } from "./judges.ts";
import { explanations } from "./explanations.ts";
import { signedFiles } from "./signed-files.ts";

/**
 * Both outside judges on everything that we sign and on the corpus of others' files, signature by signature; prints
 * each disagreement with its explanation, and fails where there is none.
 */

interface Case extends Question {
  readonly name: string;
  readonly pdf: Buffer;
  /** What the file's makers say; null for what we signed, which must be sound. */
  readonly expected: string | null;
  readonly levels: Readonly<Record<string, string>>;
}

async function ownCases(folder: string): Promise<Case[]> {
  const { files, root } = await signedFiles();
  const anchor = join(folder, "root.pem");
  writeFileSync(anchor, new X509Certificate(root).toString());
  return files.map(({ name, pdf, levels = {} }, index) => {
    const file = join(folder, `${index}.pdf`);
    writeFileSync(file, pdf);
    return { name, pdf, file, anchors: [anchor], expected: null, levels };
  });
}

interface Listed {
  readonly id: string;
  readonly file: string;
  readonly expected: string;
  readonly trust_anchor: string | null;
  readonly validate_at: string | null;
}

function corpusCases(): Case[] {
  const folder = resolve(import.meta.dirname, "../../../shared/data/pdf-corpus");
  if (!existsSync(folder)) {
    console.log("SKIPPED: the corpus of signed files made by others is not at hand");
    return [];
  }
  const list = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Listed[];
  return list.map(({ id, file, expected, trust_anchor, validate_at }) => ({
    name: id,
    pdf: readFileSync(join(folder, file)),
    file: join(folder, file),
    anchors: trust_anchor ? [join(folder, "trust", trust_anchor)] : [],
    ...(validate_at && { at: `${validate_at}T00:00:00Z` }),
    expected,
    levels: {},
  }));
}

const [passed, failed]: [string[], string[]] = [[], []];
const folder = mkdtempSync(join(tmpdir(), "congvan-interop-"));
try {
  const cases = [...(await ownCases(folder)), ...corpusCases()];
  const judges = [pyhanko, dss].filter((judge) => {
    if (!judge.command) console.log(`SKIPPED: ${judge.name} is not installed; scripts/judges.sh installs it`);
    return judge.command !== null;
  });
  const ours = cases.map(({ pdf, anchors, at }) =>
    verifyPdf(pdf, {
      anchors: anchors.map((path) => new X509Certificate(readFileSync(path)).raw),
      ...(at && { at: new Date(at) }),
    }),
  );
  for (const [index, { name, expected }] of cases.entries()) {
    if (expected !== null) continue;
    const { integrity, signatures } = ours[index]!;
    count(integrity === "PASS" && signatures.length > 0, `we ourselves pass: ${name}`, integrity);
  }
  for (const judge of judges) {
    const answers = await ask(judge, cases);
    for (const [index, answer] of answers.entries()) compare(judge, cases[index]!, ours[index]!.signatures, answer);
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const each of failed) console.log(`FAILED  ${each}`);
console.log(`\n${passed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || passed.length === 0 ? 1 : 0;

function count(right: boolean, what: string, detail: string): void {
  (right ? passed : failed).push(right ? what : `${what}: ${shortened(detail)}`);
}

function compare(judge: Judge, { name, levels }: Case, ours: readonly SignatureVerdict[], answer: Answer): void {
  if (answer.error !== null) return disagree(judge, name, "*", `the judge gives up: ${answer.error}`);
  for (const verdict of ours) {
    const where = `${judge.name} on “${name}”, ${verdict.field}`;
    const opinion = answer.opinions.find(({ field }) => field === verdict.field);
    if (!opinion) {
      disagree(judge, name, verdict.field, `we say ${verdict.integrity}, the judge does not see it`);
      continue;
    }
    const sound = verdict.integrity === "PASS";
    if (opinion.sound !== sound) {
      disagree(
        judge,
        name,
        verdict.field,
        `we say ${verdict.integrity}, the judge ${opinion.sound ? "sound" : "not sound"}: ${opinion.words}`,
      );
    } else count(true, where, "");
    const wanted = levels[verdict.field];
    if (wanted !== undefined) {
      const alike = verdict.modificationLevel === wanted && opinion.modificationLevel === wanted;
      count(
        alike,
        `${where}: changes are ${wanted} to both`,
        `${verdict.modificationLevel}, ${opinion.modificationLevel}`,
      );
    }
  }
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function disagree(judge: Judge, name: string, field: string, what: string): void {
  const why = explanations.find(
    (each) => each.judge === judge.name && each.file === name && (each.field === "*" || each.field === field),
  )?.why;
  console.log(
    `DISAGREES  ${judge.name} on “${name}”, ${field}: ${shortened(what)}\n           ${why ?? "no explanation"}`,
  );
  count(why !== undefined, `${judge.name} on “${name}”, ${field}`, what);
}
