import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { needs } from "../support/judges.ts";

export { installed } from "../support/judges.ts";

/** Runs `use` with a new directory that is removed afterwards. */
function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "congvan-"));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What qpdf finds wrong with the file; empty when nothing. */
export function qpdfComplaints(pdf: Buffer): string {
  needs("qpdf");
  return inDirectory((directory) => {
    const file = join(directory, "file.pdf");
    writeFileSync(file, pdf);
    const { status, stdout, stderr } = spawnSync("qpdf", ["--check", file], { encoding: "utf8" });
    return status === 0 ? "" : stdout + stderr;
  });
}

/** pdfsig's verdict for each signature, in the file's order. */
export function pdfsigVerdicts(pdf: Buffer): string[] {
  needs("pdfsig");
  return inDirectory((directory) => {
    const file = join(directory, "file.pdf");
    writeFileSync(file, pdf);
    const { stdout } = spawnSync("pdfsig", ["-nocert", file], { encoding: "utf8" });
    return [...stdout.matchAll(/Signature Validation: (.*)\./g)].map((match) => match[1]!);
  });
}

/** One signature as it stands in the file: found by its text alone, without our reader. */
export interface RawSignature {
  readonly byteRange: readonly number[];
  readonly cms: Buffer;
  readonly signed: Buffer;
}

/** The signatures in a file, in the file's order. */
export function rawSignatures(pdf: Buffer): RawSignature[] {
  return [...pdf.toString("latin1").matchAll(/\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/g)].map((match) => {
    const byteRange = match.slice(1).map(Number);
    const [first, firstLength, second, secondLength] = byteRange as [number, number, number, number];
    const hole = pdf.toString("latin1", firstLength + 1, second - 1);
    const padded = Buffer.from(hole, "hex");
    return {
      byteRange,
      cms: padded.subarray(0, 4 + padded.readUInt16BE(2)),
      signed: Buffer.concat([pdf.subarray(first, firstLength), pdf.subarray(second, second + secondLength)]),
    };
  });
}

/** Whether OpenSSL verifies the CMS over the bytes, up to the root. */
export function opensslAccepts({ cms, signed }: RawSignature, root: Buffer): boolean {
  needs("openssl");
  return inDirectory((directory) => {
    const path = (name: string): string => join(directory, name);
    writeFileSync(path("cms"), cms);
    writeFileSync(path("signed"), signed);
    writeFileSync(path("root.pem"), new X509Certificate(root).toString());
    const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", path("cms"), "-content", path("signed")];
    const trust = ["-CAfile", path("root.pem"), "-purpose", "any", "-out", path("out")];
    return spawnSync("openssl", [...verify, ...trust]).status === 0;
  });
}

/** The text on the first page, as poppler reads it. */
export function pageText(pdf: Buffer): string {
  needs("pdftotext");
  return execFileSync("pdftotext", ["-l", "1", "-layout", "-", "-"], { input: pdf, encoding: "utf8" });
}

/** Grey values of the first page at 72 dpi, one byte a pixel, from the top. */
export function pagePixels(pdf: Buffer): { width: number; height: number; at(x: number, y: number): number } {
  needs("pdftoppm");
  const image = execFileSync("pdftoppm", ["-r", "72", "-f", "1", "-l", "1", "-gray", "-"], { input: pdf });
  const [head, width, height] = /^P5\n(\d+) (\d+)\n255\n/.exec(image.toString("latin1", 0, 40))!;
  return {
    width: Number(width),
    height: Number(height),
    at: (x, y) => image[head.length + Math.floor(y) * Number(width) + Math.floor(x)]!,
  };
}
