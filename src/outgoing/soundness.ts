import type { Verification } from "../../signing/index.ts";
import type { Context } from "../context.ts";
import { trustStore } from "../credentials/trust.ts";
import { AppError } from "../errors.ts";
import { validateOwn } from "../files/own-documents.ts";

/**
 * What our validator says of a revision before it is stored; SIGNING_REFUSED unless the integrity of each of the expected
 * signatures, and no others, is beyond doubt.
 */
export async function assertSound(ctx: Context, pdf: Buffer, expected: readonly string[]): Promise<Verification> {
  const anchors = await trustStore(ctx.services.config.trustDirectory);
  const verification = await validateOwn(pdf, { anchors, at: ctx.now() });
  const { integrity, signatures } = verification;
  // Time-stamps over the document keep signatures valid and are nobody's.
  const fields = signatures.flatMap(({ field, kind }) => (kind === "DOCUMENT_TIMESTAMP" ? [] : [field]));
  if (integrity !== "PASS" || fields.length !== expected.length || !expected.every((field) => fields.includes(field)))
    throw notSound(verification);
  return verification;
}

/** SIGNING_REFUSED unless nothing but fields was filled or signed after each signature, the leader's among them. */
export function assertLeaderUntouched(verification: Verification): void {
  const permitted = ["NONE", "LTA_UPDATES", "FORM_FILLING"];
  if (verification.signatures.some(({ modificationLevel }) => !permitted.includes(modificationLevel)))
    throw notSound(verification);
}

const notSound = ({ signatures, notes }: Verification) =>
  new AppError(
    "SIGNING_REFUSED",
    "Tệp sau khi ký không vượt qua kiểm tra chữ ký số nên không được lưu.",
    "The signed file did not pass validation and was not stored.",
    { reason: "NOT_SOUND", notes: [...notes, ...signatures.flatMap((signature) => signature.notes)].slice(0, 20) },
  );
