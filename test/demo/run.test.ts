import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal, PathBroken, type StepRecord } from "../../demo/journal.ts";
import { Output } from "../../demo/output.ts";
import { runDemo } from "../../demo/run.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "congvan-demo-test-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const stepsIn = async (folder: string): Promise<StepRecord[]> =>
  JSON.parse(await readFile(join(folder, "steps.json"), "utf8"));

test("a server that tells a wrong number fails the run, and nothing else does", { timeout: 180_000 }, async () => {
  const lines: string[] = [];
  const status = await runDemo((line) => lines.push(line), {
    directory,
    script: join(import.meta.dirname, "lying-server.ts"),
  });
  const steps = await stepsIn(directory);
  const failed = steps.filter(({ ok }) => !ok);
  expect(failed.flatMap(({ faults }) => faults.map(({ came }) => came))).toContain("04/QĐ-SXD");
  // The number in the file and in the message is right; so whoever reads those sees that the answers were not.
  const liars = [
    "numbered",
    "congvan edxml read",
    ...(steps.some(({ gloss }) => gloss === "pdftotext") ? ["pdftotext"] : []),
  ];
  expect(failed.map(({ gloss }) => gloss)).toEqual(liars);
  expect(status).toBe(1);
  expect(lines.join("\n")).toContain("chờ đợi (expected) 03/QĐ-SXD; nhận được (came) 04/QĐ-SXD");
  expect(steps.length).toBeGreaterThan(40);
  // The server has been stopped, and what was made is there.
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines.join("\n"))![0];
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  expect(await readdir(directory)).toEqual(
    expect.arrayContaining([
      "01-draft.pdf",
      "05-sealed.pdf",
      "arrival-ward.pdf",
      "outgoing.edxml",
      "register-incoming.pdf",
      "audit-report.json",
      "trust",
    ]),
  );
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
