import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal, PathBroken } from "./journal.ts";
import { Output } from "./output.ts";
import { verifyAudit } from "./outside/audit.ts";
import { judgeDocuments } from "./outside/documents.ts";
import { compareBytes, readMessages, readPrintedText } from "./outside/files.ts";
import { installedJudges, missingJudges } from "./outside/programs.ts";
import { walk, type Walked } from "./path/all.ts";
import { signInAll } from "./people.ts";
import { root, type Server, startServer } from "./server.ts";

/** What a test may choose: where the files go, and which script answers in the server's place. */
export interface DemoOptions {
  readonly directory?: string;
  readonly script?: string;
}

/**
 * Drives the whole path against a fresh server, only over HTTP, and checks what came of it from outside. Prints a line
 * for each step and leaves the files in demo-out/. Gives the exit status: 0 when all was as expected, 1 when not.
 */
export async function runDemo(print: (line: string) => void, options: DemoOptions = {}): Promise<number> {
  const began = performance.now();
  const output = await Output.open(options.directory ?? join(root, "demo-out"));
  const dataDirectory = await mkdtemp(join(tmpdir(), "congvan-demo-"));
  // Where root starts the server, PostgreSQL runs as another user, who must get to its part of the data.
  await chmod(dataDirectory, 0o711);
  const journal = new Journal(print);
  try {
    await drive(journal, output, dataDirectory, options);
  } catch (error) {
    // A broken path is in the journal already; anything else is a fault of the demo itself.
    if (!(error instanceof PathBroken)) throw error;
  } finally {
    await output.keep("steps.json", `${JSON.stringify(journal.steps, null, 2)}\n`);
    await rm(dataDirectory, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  const checks = journal.steps.reduce((sum, step) => sum + step.checks, 0);
  const verdict =
    journal.failed === 0
      ? "Tất cả đúng như mong đợi (all as expected)"
      : `${journal.failed} bước không đạt (steps failed)`;
  print(
    `\n${verdict}: ${journal.steps.length} bước (steps), ${checks} phép kiểm tra (checks), ${seconds} giây (s).\n` +
      `Tệp ở (files in) ${output.directory}`,
  );
  return journal.failed === 0 ? 0 : 1;
}

async function drive(journal: Journal, output: Output, dataDirectory: string, { script }: DemoOptions): Promise<void> {
  await using server = await journal.step(
    "a fresh server started",
    () =>
      startServer({
        dataDirectory,
        logFile: output.path("server.log"),
        ...(script && { script }),
        tell: (line) => journal.note(line),
      }),
    ({ url }) => `Máy chủ mới chạy ở ${url}, cơ sở dữ liệu riêng, tỉnh Mẫu Sơn giả định`,
  );
  const walked = await walkThrough(journal, output, server);
  await verifyAudit(journal, output, dataDirectory);
  await output.keepCopy("trust", join(dataDirectory, "trust"));
  if (walked) await judge(journal, output, dataDirectory, walked);
}

/** The path; null where it broke, so that what can still be checked is. */
async function walkThrough(journal: Journal, output: Output, { url }: Server): Promise<Walked | null> {
  try {
    const people = await journal.step(
      "everybody signed in",
      () => signInAll(url),
      (all) => `${Object.keys(all).length - 1} cán bộ đăng nhập, mỗi người một chương trình; công dân thì không`,
    );
    return await walk({ journal, output, people });
  } catch (error) {
    if (error instanceof PathBroken) return null;
    throw error;
  }
}

async function judge(journal: Journal, output: Output, dataDirectory: string, walked: Walked): Promise<void> {
  const { issued } = walked;
  const installed = await installedJudges();
  const missing = missingJudges(installed);
  if (missing.length > 0)
    journal.note(`     Máy này không có (not installed): ${missing.join(", ")} — bỏ qua các phép kiểm tra của chúng`);
  await compareBytes(journal, output, issued);
  const signed = issued.revisions.flatMap(({ kind, path }) => {
    const signatures = { SIGNED: 1, SEALED: 2 }[kind];
    return signatures ? [{ path, signatures }] : [];
  });
  const received = ["arrival-ward.pdf", "dossier-result.pdf"].map((name) => ({
    path: output.path(name),
    signatures: 2,
  }));
  await judgeDocuments(journal, [...signed, ...received], { trust: output.path("trust"), dataDirectory, installed });
  await readMessages(journal, output, dataDirectory, issued);
  await readPrintedText(journal, output, walked, installed);
}
