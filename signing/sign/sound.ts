import { SigningError } from "../errors.ts";
import type { SignatureVerdict } from "../validate/report.ts";
import { verifyPdf } from "../validate/verify.ts";
import { type LevelServices, presentOf } from "./services.ts";

/**
 * Has our own validator look at what was made before anyone gets it. The given fields must have passed, and no other
 * signature may have failed that had not failed before. Gives the verdicts by field; throws UNSOUND_RESULT with
 * `details.fields`, a list of `{ field, notes }`.
 */
export async function assertSound(
  made: Buffer,
  base: Buffer,
  fields: readonly string[],
  services: LevelServices,
): Promise<ReadonlyMap<string, SignatureVerdict>> {
  const anchors = (services.anchors ?? []).map(({ certificate }) => certificate.der);
  const { validate = verifyPdf } = services;
  const look = async (pdf: Buffer) => validate(pdf, { anchors, at: presentOf(services) });
  const { signatures, integrity, notes } = await look(made);
  const verdicts = new Map(signatures.map((verdict) => [verdict.field, verdict]));
  const faults = fields.flatMap((field) => {
    const verdict = verdicts.get(field);
    return verdict?.integrity === "PASS" ? [] : [{ field, notes: verdict?.notes ?? ["SIGNATURE_MISSING"] }];
  });
  if (integrity === "FAIL" && faults.length === 0) {
    const before = await look(base);
    const broken = new Set(before.signatures.flatMap(({ field, integrity }) => (integrity === "FAIL" ? [field] : [])));
    for (const { field, integrity, notes } of signatures) {
      if (integrity === "FAIL" && !broken.has(field)) faults.push({ field, notes });
    }
    // The file as a whole may be at fault, by a signature that is gone, say.
    const fresh = notes.filter((note) => !before.notes.includes(note));
    if (before.integrity !== "FAIL" && faults.length === 0) faults.push({ field: "", notes: fresh });
  }
  if (faults.length > 0) {
    throw new SigningError("UNSOUND_RESULT", "The result does not pass validation and is not given out.", {
      fields: faults,
    });
  }
  return verdicts;
}
