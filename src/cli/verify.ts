import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SigningError, type Verification, verifyPdf } from "../../signing/index.ts";
import { trustAnchors } from "../credentials/trust.ts";
import { type Command, couldNotRun, fine, notFine, UsageError } from "./command.ts";
import { readInput } from "./input.ts";

/** Files beyond this are not read into memory. */
const largestFile = 512 * 2 ** 20;

/** What `--json` prints; times are ISO 8601 in UTC. Documented in docs/verify.md. */
function shape(file: string, verification: Verification) {
  return {
    file,
    sha256: verification.sha256,
    indication: verification.indication,
    integrity: verification.integrity,
    signatures: verification.signatures.map((signature) => ({
      field: signature.field,
      kind: signature.kind,
      indication: signature.indication,
      subIndication: signature.subIndication ?? null,
      integrity: signature.integrity,
      coverage: signature.coverage,
      modificationLevel: signature.modificationLevel,
      level: signature.level,
      signer: signature.signer ?? null,
      claimedTime: signature.claimedTime ?? null,
      provenTime: signature.provenTime ?? null,
      revisionEnd: signature.revisionEnd ?? null,
      notes: signature.notes,
    })),
    notes: verification.notes,
  };
}

const words = {
  "TOTAL-PASSED": "hợp lệ (valid)",
  INDETERMINATE: "chưa đủ căn cứ (indeterminate)",
  "TOTAL-FAILED": "không hợp lệ (invalid)",
};

function describe(file: string, verification: Verification): string {
  const lines = [
    `${file}`,
    `  SHA-256    ${verification.sha256}`,
    `  kết luận   ${words[verification.indication]}`,
    `  toàn vẹn   ${verification.integrity}`,
  ];
  for (const each of verification.signatures)
    lines.push(
      `  • ${each.field}: ${words[each.indication]}${each.subIndication ? ` — ${each.subIndication}` : ""}`,
      `      ${each.signer?.subject ?? "không rõ người ký (unknown signer)"}`,
      `      toàn vẹn ${each.integrity}, phạm vi ${each.coverage}, thay đổi sau đó ${each.modificationLevel}, mức ${each.level}`,
      ...(each.claimedTime ? [`      thời gian ký theo lời người ký: ${each.claimedTime.toISOString()}`] : []),
      ...each.notes.map((note) => `      ghi chú: ${note}`),
    );
  lines.push(...verification.notes.map((note) => `  ghi chú: ${note}`));
  return lines.join("\n");
}

async function anchors(trust: string | undefined, env: NodeJS.ProcessEnv): Promise<Buffer[]> {
  if (trust) {
    if (!(await stat(trust)).isDirectory()) throw new UsageError(`--trust: ${trust} is not a directory`);
    return trustAnchors(resolve(trust));
  }
  const directory = env["TRUST_DIR"] ? resolve(env["TRUST_DIR"]) : resolve(env["CONGVAN_DATA"] ?? "data", "trust");
  return trustAnchors(directory);
}

export const verify: Command = {
  usage: "verify FILE.pdf [--trust DIR] [--at TIME] [--json]",
  about: "checks the signatures of a PDF",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { trust: { type: "string" }, at: { type: "string" }, json: { type: "boolean", default: false } },
    });
    const [file] = positionals;
    if (!file || positionals.length > 1) throw new UsageError("one file is needed");
    const at = values.at ? new Date(values.at) : new Date();
    if (Number.isNaN(at.getTime())) throw new UsageError(`--at: "${values.at}" is not a time`);
    const pdf = await readInput(file, largestFile);
    let verification: Verification;
    try {
      verification = verifyPdf(pdf, { anchors: await anchors(values.trust, env), at });
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      console.error(`${file}: ${error.code}: ${error.message}`);
      return couldNotRun;
    }
    print(values.json ? JSON.stringify(shape(file, verification)) : describe(file, verification));
    return verification.indication === "TOTAL-PASSED" ? fine : notFine;
  },
};
