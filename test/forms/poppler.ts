import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../support/judges.ts";

/** A word as poppler finds it on a page (from 1), in PDF user space. */
export interface FoundWord {
  text: string;
  page: number;
  rect: [number, number, number, number];
}

/** The words of a PDF in reading order, and the sizes of its pages. */
export function readWords(bytes: Buffer): { words: FoundWord[]; pages: { width: number; height: number }[] } {
  const xml = run("pdftotext", bytes, (file) => ["-bbox", file, "-"]).toString("utf8");
  const words: FoundWord[] = [];
  const pages: { width: number; height: number }[] = [];
  for (const line of xml.split("\n")) {
    const page = /<page width="([\d.]+)" height="([\d.]+)"/.exec(line);
    if (page) pages.push({ width: Number(page[1]), height: Number(page[2]) });
    const word = /<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)<\/word>/.exec(line);
    if (!word) continue;
    const [x1, y1, x2, y2] = word.slice(1, 5).map(Number) as [number, number, number, number];
    const { height } = pages.at(-1)!;
    words.push({ text: unescape(word[5]!), page: pages.length, rect: [x1, height - y2, x2, height - y1] });
  }
  return { words, pages };
}

/** The text of each page without white space, in the order of its content stream. */
export function readPages(bytes: Buffer): string[] {
  const pages = run("pdftotext", bytes, (file) => ["-raw", file, "-"])
    .toString("utf8")
    .split("\f")
    .slice(0, -1);
  return pages.map((page) => page.replace(/\s+/g, ""));
}

/** The text of all pages without white space. */
export function readText(bytes: Buffer): string {
  return readPages(bytes).join("");
}

/** The table of `pdffonts`. */
export function readFonts(bytes: Buffer): string[] {
  return run("pdffonts", bytes, (file) => [file])
    .toString("utf8")
    .trim()
    .split("\n")
    .slice(2);
}

/** The content of a PDF with all streams in the clear, checked by qpdf, which fails on any fault of structure. */
export function inTheClear(bytes: Buffer): string {
  run("qpdf", bytes, (file) => ["--check", file]);
  return run("qpdf", bytes, (file) => ["--qdf", "--stream-data=uncompress", file, "-"]).toString("latin1");
}

/** Page 1 as grey values, row by row, at so many dots per inch. */
export function render(bytes: Buffer, dpi: number): { width: number; height: number; grey: Buffer } {
  const image = run("pdftoppm", bytes, (file) => ["-gray", "-r", String(dpi), "-f", "1", "-l", "1", file]);
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(image.toString("latin1", 0, 64))!;
  return { width: Number(header[1]), height: Number(header[2]), grey: image.subarray(header[0].length) };
}

/** Numbers from 0 to 1 that are the same in every run. */
export function random(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((seed ^ (seed >>> 13)) >>> 0) / 2 ** 32;
  };
}

const syllables = (
  "Sở Nội vụ tỉnh Mẫu Sơn đề nghị các cơ quan, đơn vị khẩn trương thực hiện; báo cáo kết quả trước ngày " +
  "chuyển đổi số nghiệp đường thuộc quyền hưởng ưu tiên giữa nguyễn phường xã hồ sơ (kèm theo) lưu trữ, ký số."
).split(" ");

/** So many Vietnamese syllables. */
export function prose(next: () => number, count: number): string {
  return Array.from({ length: count }, () => syllables[Math.floor(next() * syllables.length)]).join(" ");
}

function run(tool: string, bytes: Buffer, options: (file: string) => string[]): Buffer {
  needs(tool);
  const folder = mkdtempSync(join(tmpdir(), "forms-"));
  try {
    const file = join(folder, "form.pdf");
    writeFileSync(file, bytes);
    return execFileSync(tool, options(file), { maxBuffer: 256 * 1024 * 1024, stdio: ["ignore", "pipe", "pipe"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
