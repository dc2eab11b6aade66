import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Journal, PathBroken, type StepRecord } from "../../demo/journal.ts";
import { Output } from "../../demo/output.ts";
import { judgeDocuments } from "../../demo/outside/documents.ts";
import { compareBytes } from "../../demo/outside/files.ts";
import { installedJudges } from "../../demo/outside/programs.ts";
import { runDemo } from "../../demo/run.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "congvan-demo-test-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const stepsIn = async (folder: string): Promise<StepRecord[]> =>
  JSON.parse(await readFile(join(folder, "steps.json"), "utf8"));

describe("a run against a server that tells a wrong number", () => {
  const lines: string[] = [];
  let out: string;
  let status: number;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), "congvan-demo-test-"));
    const script = join(import.meta.dirname, "lying-server.ts");
    status = await runDemo((line) => lines.push(line), { directory: out, script });
  }, 180_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  test("fails, and nothing else in it does", async () => {
    const steps = await stepsIn(out);
    // The number in the file and in the message is right; so whoever reads those sees that the answers were not.
    const reader = steps.some(({ gloss }) => gloss === "pdftotext") ? ["pdftotext"] : [];
    expect(steps.filter(({ ok }) => !ok).map(({ gloss }) => gloss)).toEqual([
      "numbered",
      "congvan edxml read",
      ...reader,
    ]);
    expect(status).toBe(1);
    expect(lines.join("\n")).toContain("chờ đợi (expected) 03/QĐ-SXD; nhận được (came) 04/QĐ-SXD");
    expect(steps.length).toBeGreaterThan(40);
  });

  test("still stops the server and leaves what was made", async () => {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines.join("\n"))![0];
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    const left = [
      "01-draft.pdf",
      "05-sealed.pdf",
      "arrival-ward.pdf",
      "outgoing.edxml",
      "register-incoming.pdf",
      "trust",
    ];
    expect(await readdir(out)).toEqual(expect.arrayContaining(left));
  });

  test("each judge of signatures says no to the tampered copy", async () => {
    const journal = new Journal(() => undefined);
    const installed = await installedJudges();
    const file = { path: join(out, "tampered.pdf"), signatures: 2 };
    await judgeDocuments(journal, [file], { trust: join(out, "trust"), dataDirectory: out, installed });
    const judges = ["congvan verify", ...(["pdfsig", "openssl"] as const).filter((name) => installed.has(name))];
    expect(journal.steps.filter(({ ok }) => !ok).map(({ gloss }) => gloss)).toEqual(judges);
  });

  test("a revision that does not hold the one before, and a file that differs, are found", async () => {
    const journal = new Journal(() => undefined);
    const revisions = (["02-draft.pdf", "04-signed.pdf", "05-sealed.pdf"] as const).map((name, index) => ({
      kind: ["FOR_SIGNATURE", "SIGNED", "SEALED"][index]!,
      path: join(out, name),
    }));
    const issued = { id: "", referenceCode: "", signerName: "", revisions, sealedSha256: "0".repeat(64) };
    await compareBytes(journal, { path: (name: string) => join(out, name) } as Output, issued);
    expect(journal.steps.map(({ faults }) => faults.length)).toEqual([1, 5]);
  });
});

test("a server that does not start fails the run at its first step", async () => {
  const script = join(directory, "broken.mjs");
  await writeFile(script, 'console.error("no database today"); process.exit(3);');
  const out = join(directory, "out");
  const lines: string[] = [];
  expect(await runDemo((line) => lines.push(line), { directory: out, script })).toBe(1);
  expect((await stepsIn(out)).map(({ ok }) => ok)).toEqual([false]);
  expect(lines.join("\n")).toContain("no database today");
});

test("a failed check is noted and the step goes on; a step that throws breaks the path", async () => {
  const lines: string[] = [];
  const journal = new Journal((line) => lines.push(line));
  const result = await journal.step(
    "counted",
    async ({ check }) => (check("count", 2, 3), check("same", [1], [1]), "done"),
    () => "Đếm",
  );
  expect(result).toBe("done");
  expect(journal.failed).toBe(1);
  await expect(
    journal.step(
      "lost",
      () => Promise.reject(new Error("gone")),
      () => "",
    ),
  ).rejects.toThrow(PathBroken);
  expect(journal.steps.map(({ ok, checks }) => [ok, checks])).toEqual([
    [false, 2],
    [false, 0],
  ]);
  expect(lines).toEqual([
    "[01] ✗ Đếm (counted)",
    "     ✗ count: chờ đợi (expected) 2; nhận được (came) 3",
    "[02] ✗ Không làm được (lost)",
    "     ✗ lost: chờ đợi (expected) làm được (done); nhận được (came) gone",
  ]);
});

test("a folder that is not the demo's own is never emptied", async () => {
  const foreign = join(directory, "papers");
  await mkdir(foreign);
  await writeFile(join(foreign, "thesis.txt"), "years of work");
  await expect(Output.open(foreign)).rejects.toThrow("no earlier run of the demo made it");
  expect(await readdir(foreign)).toEqual(["thesis.txt"]);

  const own = join(directory, "own");
  await (await Output.open(own)).keep("old.pdf", "old");
  await Output.open(own);
  expect(await readdir(own)).toEqual([".congvan-demo"]);
});
