import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { during, issueSigner, root } from "../authorities.ts";
import {
  addSignature,
  append,
  at,
  decision,
  signAsLeader,
  signInNewField,
  stream,
  waiting,
} from "../verify-documents.ts";

const folder = mkdtempSync(join(tmpdir(), "planted-later-"));
afterAll(() => rmSync(folder, { recursive: true }));
const project = fileURLToPath(new URL("../../../", import.meta.url));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

const leader = issueSigner().signer;
const agency = issueSigner("ec-p256", "agency-seal").signer;
const signed = await signAsLeader(leader);
const form = decision[at.form]!.replace(">> /DA", ">> /SigFlags 3 /DA");
const otherFormat = await signAsLeader(leader);
otherFormat.write("/Zzzz", otherFormat.indexOf("/ETSI.CAdES"), "latin1");
const hidden = stream("", "4 0 obj\n<</Length 0>>\nstream\nendstream\nendobj\n");

/** Each must not come out as the bug lets it. */
const scenarios: Readonly<Record<string, Buffer>> = {
  "a false signature in a new field": await signInNewField(signed, { ...agency, sign: leader.sign }, "75 698 105 718"),
  "the catalog freed": append(signed, { [at.catalog]: null }),
  "another name for the format": otherFormat,
  "a field listed once more": append(signed, { [at.form]: form.replace("7 0 R", "7 0 R 7 0 R") }),
  "something under the number of nothing": append(
    await addSignature(append(Buffer.alloc(0), { ...decision, [at.form]: "<</Fields [6 0 R 7 0 R 8 0 R 99 0 R]>>" }), {
      signer: leader,
      number: 20,
      objects: { [at.leader]: waiting.leader("/V 20 0 R") },
    }),
    { 99: "<</FT /Tx /T (Moi)>>", [at.form]: "<</Fields [6 0 R 7 0 R 8 0 R 99 0 R ]>>" },
  ),
  "an object in the data of a stream": append(signed, { 50: hidden }),
};
const options = { anchors: [root], at: during };
/** What is said of the leader's signature and of the file. */
const verdicts = (verify: typeof verifyPdf, name: string) => {
  const { integrity, signatures } = verify(scenarios[name]!, options);
  return `${signatures.find(({ field }) => field === "Leader")?.integrity ?? "none"} in ${integrity}`;
};

test.each([
  [
    "a field counts as signed by anything",
    "validate/verify.ts",
    'resultOf(each)[0] === "invalid"',
    "false",
    "a false signature in a new field",
    "FAIL in FAIL",
    "PASS in FAIL",
  ],
  [
    "what cannot be followed is left open",
    "validate/last-signed-state.ts",
    'signatures.some(({ integrity }) => integrity === "PASS")',
    "false",
    "the catalog freed",
    "FAIL in FAIL",
    "none in INDETERMINATE",
  ],
  [
    "what has an unknown format is not looked at",
    "cms/pdf-signature.ts",
    'if ("result" in read && read.result === "invalid") return read;',
    "",
    "another name for the format",
    "FAIL in FAIL",
    "INDETERMINATE in INDETERMINATE",
  ],
  [
    "fields may be listed any number of times",
    "diff/form.ts",
    "after.length - kept.size > before.length - known.size",
    "false",
    "a field listed once more",
    "FAIL in FAIL",
    "PASS in PASS",
  ],
  [
    "nothing may become something",
    "diff/form.ts",
    "else if (!context.nodes.has(ref.number)) step.equal(ref, ref, where);",
    "",
    "something under the number of nothing",
    "FAIL in FAIL",
    "PASS in PASS",
  ],
  [
    "streams are not searched",
    "validate/hidden-objects.ts",
    "if (!isOdd && !hasValue && listed.isStreamData(offset)) continue;",
    "if (!isOdd && listed.isStreamData(offset)) continue;",
    "an object in the data of a stream",
    "PASS in INDETERMINATE",
    "PASS in PASS",
  ],
])("planted bug: %s", async (name, file, code, broken, scenario, right, wrong) => {
  expect(verdicts(verifyPdf, scenario)).toBe(right);
  const copy = join(folder, name.replaceAll(" ", "-"));
  cpSync(join(project, "signing"), copy, { recursive: true });
  const source = readFileSync(join(copy, file), "utf8");
  expect(source.split(code)).toHaveLength(2);
  writeFileSync(join(copy, file), source.replace(code, broken));
  const { verifyPdf: verifyBroken } = (await import(pathToFileURL(join(copy, "validate/verify.ts")).href)) as {
    verifyPdf: typeof verifyPdf;
  };
  expect(verdicts(verifyBroken, scenario)).toBe(wrong);
});
