import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The file as qpdf enciphers it: user password, owner password, key length and further options. */
export function encrypted(pdf: Buffer, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "congvan-"));
  try {
    const [plain, result] = [join(folder, "plain.pdf"), join(folder, "encrypted.pdf")];
    writeFileSync(plain, pdf);
    execFileSync("qpdf", ["--allow-weak-crypto", "--encrypt", ...options, "--", plain, result]);
    return readFileSync(result);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
