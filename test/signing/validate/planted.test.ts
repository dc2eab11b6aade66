import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { verifyPdf, type VerifyOptions } from "../../../signing/validate/verify.ts";
import {
  authority,
  crl,
  day,
  evidenceOf,
  ocsp,
  person,
  revoked,
  root,
  sign,
  stamping,
  tokenOf,
  withDocumentStamp,
  withMaterial,
} from "./time-machine.ts";

const folder = mkdtempSync(join(tmpdir(), "planted-time-"));
afterAll(() => rmSync(folder, { recursive: true }));
const project = fileURLToPath(new URL("../../../", import.meta.url));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

const signer = person();
const stamp = { time: day("2025-06-01T08:00") };
const stamped = await sign(signer, [stamp]);
const good = {
  certificates: [authority.certificate, signer.certificate],
  ocsp: [ocsp(authority, signer.certificate, day("2025-06-01T08:02"))],
  crls: [crl(root, day("2025-06-01"))],
};
const short = stamping(day("2024-01-01"), day("2026-06-01"));
const within = day("2025-07-01");
const after = day("2027-01-01");
const earlyRevocation = evidenceOf({
  crls: [crl(authority, day("2025-06-20"), [revoked(signer.certificate, day("2025-05-15"))])],
});

/** Each must not pass; a validator with the bug lets it. */
const scenarios: Readonly<Record<string, { pdf: Buffer; at: Date; evidence?: VerifyOptions["evidence"] }>> = {
  "revoked before the time-stamp": { pdf: stamped, at: within, evidence: earlyRevocation },
  "expired, and nothing known of its revocation": { pdf: stamped, at: after },
  "stamped before it was issued": { pdf: await sign(signer, [{ time: day("2023-06-01") }]), at: within },
  "an authority for time that ended before it was stamped over": {
    pdf: await withDocumentStamp(
      withMaterial(await sign(signer, [{ ...stamp, tsa: short }]), good),
      day("2026-09-01"),
      stamping(day("2026-01-01"), day("2031-01-01")),
    ),
    at: after,
  },
  "time-stamps out of order": { pdf: await withDocumentStamp(stamped, day("2025-05-01")), at: within },
  "a copied time-stamp": {
    pdf: await sign(signer, [stamp], { exchange: tokenOf(await sign(person(), [stamp])) }),
    at: within,
  },
  "news from the day before": {
    pdf: withMaterial(stamped, {
      ...good,
      ocsp: [],
      crls: [crl(authority, day("2025-05-30")), crl(root, day("2025-06-01"))],
    }),
    at: after,
  },
};
const options = { anchors: [root.certificate] };

test.each(Object.keys(scenarios))("%s does not pass", (name) => {
  expect(verifyPdf(scenarios[name]!.pdf, { ...options, ...scenarios[name]! }).indication).not.toBe("TOTAL-PASSED");
});

test.each([
  [
    "a revocation taken for later",
    "validate/certificate.ts",
    "index === 0 && made < revokedAt",
    "index === 0",
    "revoked before the time-stamp",
  ],
  [
    "no news taken for good news",
    "validate/past.ts",
    'if (status.status === "UNKNOWN" || !source) return needed ? undefined : { control, status };',
    'if (status.status === "UNKNOWN" || !source) return { control, status };',
    "expired, and nothing known of its revocation",
  ],
  [
    "the issuance not compared",
    "validate/certificate.ts",
    'if (existed < certificate.notBefore.getTime()) return trust("NOT_YET_VALID", ["SIGNED_BEFORE_ISSUANCE"]);',
    "",
    "stamped before it was issued",
  ],
  [
    "the proven time not compared with the control time",
    "validate/certificate.ts",
    "if (!past || existed > past.controlTime) continue;",
    "if (!past) continue;",
    "an authority for time that ended before it was stamped over",
  ],
  [
    "the order of time-stamps not looked at",
    "validate/judgement.ts",
    "times.some((time) => time + policy.clockDifference < reached)",
    "times.some(() => false)",
    "time-stamps out of order",
  ],
  [
    "the imprint not compared",
    "tsp/token.ts",
    "!request.imprint(info.imprintAlgorithm).equals(info.imprint)",
    "false",
    "a copied time-stamp",
  ],
  [
    "news that have run out taken for new ones",
    "validate/past.ts",
    "return { control: Math.min(control, limit, lastWord(source, policy.freshness)), status };",
    "return { control, status };",
    "news from the day before",
  ],
])("planted bug: %s", async (name, file, code, broken, scenario) => {
  const copy = join(folder, name.replaceAll(" ", "-"));
  cpSync(join(project, "signing"), copy, { recursive: true });
  const source = readFileSync(join(copy, file), "utf8");
  expect(source.split(code)).toHaveLength(2);
  writeFileSync(join(copy, file), source.replace(code, broken));
  const { verifyPdf: verifyBroken } = (await import(pathToFileURL(join(copy, "validate/verify.ts")).href)) as {
    verifyPdf: typeof verifyPdf;
  };
  const passed = Object.entries(scenarios)
    .filter(([, { pdf, ...rest }]) => verifyBroken(pdf, { ...options, ...rest }).indication === "TOTAL-PASSED")
    .map(([each]) => each);
  expect(passed).toContain(scenario);
});
