import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PDFDocument } from "pdf-lib";
import {
  addFields,
  generateKeys,
  issueCertificate,
  issueRoot,
  signPdf,
  verifyPdf,
  writePkcs12,
  type Signer,
  type Verification,
} from "../../signing/index.ts";
import { startAuthorityServers } from "../support/authority-servers.ts";
import { libraryRecipes } from "./makers/libraries.ts";
import { expectedChange, recipes, type Recipe, type Step } from "./makers/recipes.ts";
import { Workers } from "./makers/workers.ts";

/**
 * Genuine files by other software, made on the spot, must raise no alarm; the same files attacked must not pass.
 * `--all` makes every combination, `--only WORD` those with the word in their name, `--keep FOLDER` leaves the files.
 */
const { values: options } = parseArgs({
  options: { all: { type: "boolean", default: false }, only: { type: "string" }, keep: { type: "string" } },
});
const workers = new Workers();
const python = workers.of("base");
const [passed, failed, made]: [string[], string[], Map<string, number>] = [[], [], new Map()];
if (!python) console.log("SKIPPED: reportlab and the other programs in Python; scripts/makers.sh installs them");

const folder = options.keep ? resolve(options.keep) : mkdtempSync(join(tmpdir(), "congvan-makers-"));
mkdirSync(folder, { recursive: true });
const servers = await startAuthorityServers({ authorityKey: "rsa-2048" });
const rootFile = join(folder, "root.der");
writeFileSync(rootFile, servers.root.certificate);
const people = {
  officer: person("officer", "person"),
  leader: person("leader", "person"),
  agency: person("agency", "agency-seal"),
};
const plain = plainPerson();
const anchors = [servers.root.certificate, plain.root];
const attacks = [
  "content",
  "widget-moved",
  "unsigned-field",
  "mark-changed",
  "annotation",
  "page-box",
  "picture",
  "signature-removed",
  "pages-swapped",
  "script",
];
/** Makers that name their fields themselves. */
const namesItself = new Set(["PDFBox", "PDFBox 2", "EU DSS", "@signpdf", "@signpdf with pdf-lib"]);
const skipped = new Set<string>();

try {
  for (const image of ["seal", "handwriting"])
    await python?.run({ ...baseWork(image), out: join(folder, `${image}.png`) });
  const wanted = [...libraryRecipes(options.all), ...recipes(options.all)].filter(
    ({ name }) => !options.only || name.includes(options.only),
  );
  for (const [index, recipe] of wanted.entries()) {
    const file = await make(recipe);
    if (!file) continue;
    for (const maker of new Set(recipe.steps.map((step) => step.maker))) made.set(maker, (made.get(maker) ?? 0) + 1);
    judge(recipe, verifyPdf(readFileSync(file), { anchors }));
    if (options.all || options.only || index % 5 === 0) await attack(recipe, file);
  }
} finally {
  workers.stop();
  await servers.close();
  if (!options.keep) rmSync(folder, { recursive: true });
}
for (const each of skipped) console.log(`SKIPPED: ${each}`);
for (const each of failed) console.log(`FAILED  ${each}`);
console.log([...made].map(([maker, count]) => `${maker}: ${count} files`).join(", "));
console.log(`\n${passed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

function person(name: string, usage: "person" | "agency-seal"): { signer: Signer; file: string } {
  const { key, certificate, signer } = servers.issue("rsa-2048", usage);
  const file = join(folder, `${name}.p12`);
  const chain = [...signer.chain, servers.root.certificate];
  writeFileSync(file, writePkcs12({ key, certificate, chain, password: "congvan" }));
  return { signer, file };
}

/** For @signpdf, which reads no keys but RSA and breaks names in Vietnamese: a person of a root with plain names. */
function plainPerson(): { root: Buffer; file: string } {
  const validity = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 86_400_000) };
  const [rootKeys, keys] = [generateKeys("rsa-2048"), generateKeys("rsa-2048")];
  const root = issueRoot({ key: rootKeys.privateKey, subject: { C: "VN", CN: "Plain root" }, ...validity });
  const certificate = issueCertificate({
    publicKey: keys.publicKey,
    issuer: { key: rootKeys.privateKey, certificate: root },
    usage: "person",
    subject: { C: "VN", CN: "Nguyen Thi Uoc" },
    ...validity,
  });
  const file = join(folder, "plain.p12");
  writeFileSync(file, writePkcs12({ key: keys.privateKey, certificate, chain: [root], password: "congvan" }));
  return { root, file };
}

function baseWork(name: string) {
  const font = createRequire(import.meta.url).resolve("@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf");
  return { maker: "base", name, font };
}

/** The finished file's path; undefined where a maker is not at hand, or failed. */
async function make({ name, base, steps }: Recipe): Promise<string | undefined> {
  const stem = join(folder, name.replaceAll(/[^A-Za-z0-9]+/g, "-"));
  let current = join(folder, `base-${base.replaceAll(" ", "-")}.pdf`);
  try {
    if (base === "pdf-lib" || base === "pdf-lib table") writeFileSync(current, await plainFile(base === "pdf-lib"));
    else if (!python) return undefined;
    else await python.run({ ...baseWork(base), out: current });
  } catch (error) {
    skipped.add(`${base}: ${(error as Error).message}`);
    return undefined;
  }
  for (const [index, step] of steps.entries()) {
    const out = index === steps.length - 1 ? `${stem}.pdf` : `${stem}-${index + 1}.pdf`;
    try {
      if (!(await carryOut(step, current, out))) return undefined;
    } catch (error) {
      skipped.add(`${name}: step ${index + 1}, ${step.maker}: ${(error as Error).message}`);
      return undefined;
    }
    current = out;
  }
  return current;
}

async function plainFile(useObjectStreams: boolean): Promise<Uint8Array> {
  const file = await PDFDocument.create();
  const page = file.addPage([595, 842]);
  page.drawText("So:", { x: 60, y: 740, size: 12 });
  page.drawText("/QD-SYT", { x: 118, y: 740, size: 12 });
  page.drawText("ngay        thang        nam 2026", { x: 340, y: 740, size: 12 });
  file.addPage([595, 842]);
  return file.save({ useObjectStreams });
}

async function carryOut(step: Step, from: string, out: string): Promise<boolean> {
  const { who = "officer", stamped, image, ...rest } = step;
  if (step.maker === "ours" && step.action === "fields") {
    const fields = Object.entries(step.fields!).map(
      ([name, [left, bottom, right, top]]) =>
        ({ type: "signature", name, page: 0, rect: [left, bottom, right, top] }) as const,
    );
    writeFileSync(out, addFields(readFileSync(from), fields));
    return true;
  }
  if (step.maker === "ours") {
    const [left, bottom, right, top] = step.rect!;
    const field = { type: "signature", name: step.field!, page: 0, rect: [left, bottom, right, top] } as const;
    writeFileSync(out, await signPdf(readFileSync(from), { field, signer: people[who].signer, at: new Date() }));
    return true;
  }
  const worker = workers.of(step.maker);
  if (!worker) {
    skipped.add(`${step.maker}; scripts/makers.sh installs it`);
    return false;
  }
  await worker.run({
    ...rest,
    in: from,
    out,
    root: rootFile,
    key: step.maker.startsWith("@signpdf") ? plain.file : people[who].file,
    ...(stamped && { tsa: servers.url("/tsa/rsa") }),
    ...(image && { image: join(folder, `${image}.png`) }),
  });
  return true;
}

function check(right: boolean, what: string, detail = ""): void {
  (right ? passed : failed).push(right ? what : `${what}: ${detail}`);
}

function judge({ name, steps }: Recipe, verdict: Verification): void {
  check(verdict.integrity === "PASS", `${name}: sound`, `${verdict.integrity} ${verdict.notes.join("; ")}`);
  const signing = steps.filter(({ is }) => is !== undefined);
  check(verdict.signatures.length >= signing.length, `${name}: all signatures seen`, String(verdict.signatures.length));
  let at = -1;
  for (const step of signing) {
    // A time-stamp is always the last.
    const named = verdict.signatures.findIndex(({ field }) => field === step.field);
    const own = namesItself.has(step.maker);
    at = step.action === "timestamp" ? verdict.signatures.length - 1 : own ? at + 1 : named;
    const signature = verdict.signatures[at];
    if (!signature) {
      check(false, `${name}: ${step.field} seen`);
      continue;
    }
    const where = `${name}: ${signature.field} by ${step.maker}`;
    const notes = signature.notes.join("; ");
    check(signature.integrity === "PASS", `${where} sound`, `${signature.integrity} ${notes}`);
    check(signature.mark === step.mark, `${where} is marked ${step.mark}`, String(signature.mark));
    check(signature.level === step.is, `${where} is ${step.is}`, `${signature.level} ${notes}`);
    const later = steps.slice(steps.indexOf(step) + 1);
    const change = expectedChange(
      step.level === "B-LT" || step.level === "B-LTA" ? [...later, { ...step, action: "lta" }] : later,
    );
    if (change)
      check(
        signature.modificationLevel === change,
        `${where}: later changes are ${change}`,
        `${signature.modificationLevel} ${notes}`,
      );
    const last = change === "NONE";
    const coverage = last ? "ENTIRE_FILE" : "ENTIRE_REVISION";
    check(signature.coverage === coverage, `${where} covers ${coverage}`, signature.coverage);
  }
}

async function attack(recipe: Recipe, file: string): Promise<void> {
  if (!python) return;
  for (const kind of attacks) {
    const out = join(folder, `attacked-${kind}-${basename(file)}`);
    try {
      await python.run({ maker: "attack", kind, in: file, out });
    } catch (error) {
      skipped.add(`attack ${kind} on ${recipe.name}: ${(error as Error).message}`);
      continue;
    }
    const { integrity, signatures } = verifyPdf(readFileSync(out), { anchors });
    check(
      integrity === "FAIL",
      `${recipe.name}, attacked: ${kind}`,
      `${integrity} ${signatures.flatMap(({ notes }) => notes).join("; ")}`,
    );
    if (!options.keep) rmSync(out);
  }
}
