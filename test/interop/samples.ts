import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { verifyPdf } from "../../signing/index.ts";

/**
 * The signed files that pyHanko's own tests judge, fetched by `scripts/judges.sh`: what they expect of each, and where we
 * differ, why. Their certificates are nobody's here, so `integrity` is what is compared.
 */
const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const judges = process.env["CONGVAN_JUDGES"] ?? join(cache, "congvan", "judges");
const folder = join(judges, "pyhanko-0.38.0", "samples", "pdf");

interface Sample {
  readonly file: string;
  readonly expected: "PASS" | "FAIL" | "INDETERMINATE";
  /** Where pyHanko's tests expect something else. */
  readonly difference?: string;
}

const samples: readonly Sample[] = [
  ...[
    "sig-with-ski-sid",
    "sig-no-signed-attrs",
    "ed448-shake256-nolen",
    "pades-with-old-style-signing-cert-attr",
    "pades-with-old-style-signing-cert-attr-issser",
    "certified-with-indirect-refs-in-dir",
    "extensions-direct",
    "extensions-indirect",
    "extensions-update-direct",
    "extensions-update-indirect",
    "form-update-override-appearance-stream",
    "form-update-override-appearance-stream-ap-indirect",
    "form-update-no-override-appearance-stream-ap-indirect",
    "form-update-original-ap-type-wrong",
    "minimal-signed-twice-both-created",
    "minimal-signed-twice-no-sig-type",
    "minimal-signed-twice-second-created",
    "minimal-two-fields-signed-twice",
    "pades-lta-dss-indirect-arrs-test",
    "pades-lta-dss-indirect-arrs-test-2",
    "separate-annots-kids-indir",
  ].map((file): Sample => ({ file, expected: "PASS" })),
  ...[
    "form-update-override-appearance-stream-sneaky",
    "form-update-override-appearance-stream-ap-indirect-sneaky",
    "extensions-indirect-not-all-paths",
    "pdf-sig-with-econtent",
    "coverage-anomalies/one-byterange",
    "coverage-anomalies/signature-gap-too-big",
    "coverage-anomalies/tail-uncovered",
    "coverage-anomalies/weird-byterange",
  ].map((file): Sample => ({ file, expected: "FAIL" })),
  { file: "ed448-disallowed-hash", expected: "INDETERMINATE" },
  ...["form-update-no-override-appearance-stream-ap-indirect-sneaky", "form-update-ap-indirect-sneaky-trailer"].map(
    (file): Sample => ({
      file,
      expected: "PASS",
      difference: "pyHanko refuses that a look known elsewhere is replaced; the object itself stays as it was signed",
    }),
  ),
  {
    file: "signed-encrypted-pubkey-with-catalog-ref",
    expected: "INDETERMINATE",
    difference: "pyHanko's tests have the recipient's key; without it nobody can read the file",
  },
];

if (!existsSync(folder)) {
  console.log("SKIPPED: pyHanko's signed samples; scripts/judges.sh fetches them");
} else {
  let failed = 0;
  for (const { file, expected, difference } of samples) {
    const { integrity } = verifyPdf(readFileSync(join(folder, `${file}.pdf`)), { anchors: [] });
    if (integrity !== expected) failed++;
    if (integrity !== expected) console.log(`FAILED ${file}: ${integrity}, expected ${expected}`);
    else if (difference) console.log(`${basename(file)}: ${integrity}; ${difference}`);
  }
  console.log(`pyHanko's samples: ${samples.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
