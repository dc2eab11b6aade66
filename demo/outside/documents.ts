import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Journal, Step } from "../journal.ts";
import { congvan, type Judge, run } from "./programs.ts";
import { findSignatures } from "./signatures.ts";

/** A signed PDF and how many signatures it must have. */
export interface SignedFile {
  readonly path: string;
  readonly signatures: number;
}

interface Report {
  readonly indication: string;
  readonly integrity: string;
  readonly signatures: readonly { readonly indication: string; readonly level: string }[];
}

/** Every program at hand judges every signed PDF from its bytes alone (kiểm tra độc lập). */
export async function judgeDocuments(
  journal: Journal,
  files: readonly SignedFile[],
  { trust, dataDirectory, installed }: { trust: string; dataDirectory: string; installed: ReadonlySet<Judge> },
): Promise<void> {
  await journal.step(
    "congvan verify",
    async ({ check }) => {
      await each(files, async ({ path, signatures }) => {
        const { status, output } = await congvan(dataDirectory, "verify", path, "--trust", trust, "--json");
        const report = JSON.parse(output || "{}") as Partial<Report>;
        check(`${basename(path)}: mã thoát (exit status)`, 0, status);
        check(
          `${basename(path)}: kết luận (indication)`,
          ["TOTAL-PASSED", "PASS"],
          [report.indication, report.integrity],
        );
        check(
          `${basename(path)}: từng chữ ký (each signature)`,
          Array.from({ length: signatures }, () => "TOTAL-PASSED B-LT"),
          report.signatures?.map(({ indication, level }) => `${indication} ${level}`),
        );
      });
    },
    () => `congvan verify: ${files.length} tệp đã ký đều TOTAL-PASSED, mọi chữ ký đạt mức B-LT`,
  );
  const judged = (judge: Judge, what: string, work: (step: Step, file: SignedFile) => Promise<void>) =>
    installed.has(judge)
      ? journal.step(
          judge,
          (step) => each(files, (file) => work(step, file)),
          () => `${judge}: ${what}`,
        )
      : undefined;

  await judged("pdfsig", "mọi chữ ký hợp lệ", async ({ check }, { path, signatures }) => {
    const { output } = await run("pdfsig", ["-nocert", path]);
    check(
      `${basename(path)}: chữ ký hợp lệ (valid)`,
      signatures,
      output.match(/Signature Validation: Signature is Valid\./g)?.length ?? 0,
    );
  });
  await judged("qpdf", "cấu trúc PDF không lỗi", async ({ check }, { path }) => {
    const { status, output, errors } = await run("qpdf", ["--check", path]);
    check(`${basename(path)}: qpdf --check`, [0, ""], [status, status === 0 ? "" : `${output}${errors}`]);
  });
  await judged("openssl", "từng CMS đúng với nội dung và chứng thư gốc", async ({ check }, { path, signatures }) => {
    const found = findSignatures(await readFile(path));
    check(`${basename(path)}: số chữ ký (signatures)`, signatures, found.length);
    for (const [index, { content, cms }] of found.entries())
      check(
        `${basename(path)}: chữ ký ${index + 1}, openssl cms -verify`,
        "verified",
        await verifyCms(content, cms, trust),
      );
  });
}

async function verifyCms(content: Buffer, cms: Buffer, trust: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "congvan-cms-"));
  try {
    const [signature, covered] = [join(directory, "signature.der"), join(directory, "content")];
    await Promise.all([writeFile(signature, cms), writeFile(covered, content)]);
    const { status, errors } = await run("openssl", [
      "cms",
      "-verify",
      "-binary",
      "-inform",
      "DER",
      "-in",
      signature,
      "-content",
      covered,
      "-out",
      join(directory, "out"),
      "-CAfile",
      join(trust, "demo-root.pem"),
      "-certfile",
      join(trust, "demo-issuer.pem"),
      "-purpose",
      "any",
    ]);
    return status === 0 ? "verified" : errors;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Two at a time: each judge is a process of its own. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all([lane(), lane()]);
}
