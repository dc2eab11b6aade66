import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Journal } from "../journal.ts";
import { digestOf, type Output } from "../output.ts";
import type { Walked } from "../path/all.ts";
import type { Issued } from "../path/signing.ts";
import { congvan, type Judge, run } from "./programs.ts";

/** Each signed form keeps the bytes of the one before, and the last one is the same file everywhere. */
export async function compareBytes(
  journal: Journal,
  output: Output,
  { revisions, sealedSha256 }: Issued,
): Promise<void> {
  await journal.step(
    "each revision a byte prefix of the next",
    async ({ check }) => {
      const frozen = revisions.filter(({ kind }) => kind !== "DRAFT");
      const files = await Promise.all(frozen.map(({ path }) => readFile(path)));
      check("số phiên bản từ khi trình ký (frozen revisions)", 3, files.length);
      for (const [index, file] of files.slice(1).entries()) {
        const before = files[index]!;
        const isPrefix = file.length > before.length && file.subarray(0, before.length).equals(before);
        check(
          `${basename(frozen[index + 1]!.path)} chứa nguyên ${basename(frozen[index]!.path)} (prefix)`,
          true,
          isPrefix,
        );
      }
    },
    () => "Bản ký chứa nguyên bản trình ký, bản đóng dấu chứa nguyên bản ký",
  );
  await journal.step(
    "same SHA-256 at sender, recipients, dossier and public download",
    async ({ check }) => {
      const names = [
        "05-sealed.pdf",
        "arrival-ward.pdf",
        "arrival-environment.pdf",
        "dossier-result.pdf",
        "public-result.pdf",
      ];
      for (const name of names) check(name, sealedSha256, digestOf(await readFile(output.path(name))));
    },
    () => `Nơi gửi, nơi nhận, hồ sơ và công dân có cùng một tệp: SHA-256 ${sealedSha256.slice(0, 16)}…`,
  );
}

interface EdxmlReading {
  readonly problems: readonly unknown[];
}

/** The messages can be read as edXML by the command line (đọc thông điệp edXML). */
export async function readMessages(
  journal: Journal,
  output: Output,
  dataDirectory: string,
  { referenceCode }: Issued,
): Promise<void> {
  const names = ["outgoing.edxml", "arrival-ward.edxml", "arrival-environment.edxml"];
  await journal.step(
    "congvan edxml read",
    async ({ check }) => {
      for (const name of names) {
        const { status, output: printed } = await congvan(dataDirectory, "edxml", "read", output.path(name), "--json");
        check(`${name}: mã thoát (exit status)`, 0, status);
        check(`${name}: vấn đề (problems)`, [], (JSON.parse(printed || "{}") as Partial<EdxmlReading>).problems);
        const [number, notation] = referenceCode.split("/");
        check(
          `${name}: số, ký hiệu (reference code)`,
          true,
          printed.includes(`"${number}"`) && printed.includes(`"${notation}"`),
        );
      }
    },
    () => `congvan edxml read: ${names.length} thông điệp edXML (QCVN 102:2016) đọc được`,
  );
}

/** What people read on the printed files is what the server said (đọc chữ trên bản in). */
export async function readPrintedText(
  journal: Journal,
  output: Output,
  { dossier, issued }: Walked,
  installed: ReadonlySet<Judge>,
): Promise<void> {
  if (!installed.has("pdftotext")) return;
  const expected: Readonly<Record<string, readonly string[]>> = {
    "incoming-letter.pdf": ["TỔNG CÔNG TY ĐIỆN LỰC MIỀN BẮC", "Số: 312/ĐLMS-KT"],
    "05-sealed.pdf": ["QUYẾT ĐỊNH", "KT. GIÁM ĐỐC", issued.signerName, issued.referenceCode.split("/")[1]!],
    "dossier-receipt.pdf": ["GIẤY TIẾP NHẬN HỒ SƠ", dossier.code, dossier.secret],
    "register-outgoing.pdf": ["SỔ ĐĂNG KÝ VĂN BẢN ĐI", issued.referenceCode, "Số giữ chỗ", "Số hủy", issued.signerName],
    "register-incoming.pdf": ["SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "312/ĐLMS-KT"],
  };
  await journal.step(
    "pdftotext",
    async ({ check }) => {
      for (const [name, words] of Object.entries(expected)) {
        const { output: text } = await run("pdftotext", ["-layout", output.path(name), "-"]);
        // A cell of a register breaks its text over several lines.
        const plain = text.normalize("NFC").replaceAll(/\s+/g, "");
        for (const word of words) check(`${name}: “${word}”`, true, plain.includes(word.replaceAll(/\s+/g, "")));
      }
    },
    () => "pdftotext: chữ trên công văn đến, quyết định, giấy tiếp nhận và hai sổ in đúng như đã cấp",
  );
}
