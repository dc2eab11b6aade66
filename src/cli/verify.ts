import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  fileSource,
  signedPieces,
  SigningError,
  verifyPdf,
  wantsLook,
  type PdfSource,
  type StoredAnchor,
  type Verification,
} from "../../signing/index.ts";
import { trustStore } from "../credentials/trust.ts";
import { AppError } from "../errors.ts";
import { PdfVerifier } from "../files/pdf-verification.ts";
import { type Command, couldNotRun, fine, notFine, UsageError } from "./command.ts";
import { trustDirectory } from "./trust.ts";
import { describeVerification } from "./verification-text.ts";

/** What `--json` prints; times are ISO 8601 in UTC, and what is not known is null. Documented in docs/verify.md. */
function shape(file: string, verification: Verification): string {
  const { sha256, indication, integrity, signatures, ...rest } = verification;
  const object = { file, sha256, indication, integrity, signatures: signatures.map(complete), ...rest };
  return JSON.stringify(object);
}

/** JSON leaves undefined keys out; readers should find every key. */
function complete(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === "evidence" ? deepNull(each) : (each ?? null)]),
  );
}

function deepNull(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(deepNull);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deepNull(each)]));
}

/** Each signature's revision as a file of its own, numbered in the order of signing. */
function extract(source: PdfSource, { signatures }: Verification, directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  return signatures.flatMap((signature, index) => {
    if (signature.revisionEnd === undefined) return [];
    const field = signature.field
      .normalize("NFC")
      .replace(/[^\p{L}\p{N}_-]+/gu, "_")
      .slice(0, 60);
    const path = join(directory, `${String(index + 1).padStart(3, "0")}-${field}.pdf`);
    const descriptor = openSync(path, "w");
    try {
      for (const piece of signedPieces(source, signature)) writeSync(descriptor, piece);
    } finally {
      closeSync(descriptor);
    }
    return [path];
  });
}

/** Larger files are not held in memory as a whole. */
const largestDrawn = 32 * 2 ** 20;
/** Pages are drawn in another thread, which ends with the file that is too hard to draw. */
const drawing = { threads: 1, milliseconds: 30_000, heapMegabytes: 512 } as const;

/** The verdict with a second opinion by drawing the pages; where that does not come to an end, a note says so. */
async function looked(
  source: PdfSource,
  verification: Verification,
  options: { readonly anchors: readonly StoredAnchor[]; readonly at: Date; readonly look: "always" | "where needed" },
): Promise<Verification> {
  const { notes, warnings } = verification;
  if (source.length > largestDrawn) return { ...verification, notes: [...notes, "NOT_DRAWN TOO_LARGE"] };
  try {
    const bytes = source.read(0, source.length);
    return { ...(await new PdfVerifier(drawing).verify(bytes, options)), warnings };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...verification, notes: [...notes, `NOT_DRAWN ${error.code}`] };
  }
}

export const verify: Command = {
  usage: "verify FILE.pdf [--trust DIR] [--at TIME] [--json] [--visual] [--extract DIR]",
  about: "checks the signatures of a PDF",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        trust: { type: "string" },
        at: { type: "string" },
        json: { type: "boolean", default: false },
        visual: { type: "boolean", default: false },
        extract: { type: "string" },
      },
    });
    const [file] = positionals;
    if (!file || positionals.length > 1) throw new UsageError("one file is needed");
    const at = values.at ? new Date(values.at) : new Date();
    if (Number.isNaN(at.getTime())) throw new UsageError(`--at: "${values.at}" is not a time`);
    const anchors = await trustStore(await trustDirectory(values.trust, env));
    const descriptor = openSync(file, "r");
    try {
      const source = fileSource(descriptor);
      const found = verifyPdf(source, { anchors, at, warnings: true });
      const look = values.visual ? "always" : "where needed";
      const verification = wantsLook(found, source.length, look)
        ? await looked(source, found, { anchors, at, look })
        : found;
      const extracted = values.extract === undefined ? [] : extract(source, verification, values.extract);
      print(values.json ? shape(file, verification) : describeVerification(file, verification));
      if (!values.json) for (const path of extracted) print(`  → ${path}`);
      return verification.indication === "TOTAL-PASSED" ? fine : notFine;
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      console.error(`${file}: ${error.code}: ${error.message}`);
      return couldNotRun;
    } finally {
      closeSync(descriptor);
    }
  },
};
