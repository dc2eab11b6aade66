import { readElement } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { fillHole } from "./hole.ts";
import { levelIn } from "./levels.ts";
import { lift } from "./lift.ts";
import { readSignedFile, type ReadSignature } from "./material.ts";
import { type LevelServices, lowestOf, type SigningLevel } from "./services.ts";
import { assertSound } from "./sound.ts";
import { outage, withTimestamp } from "./stamping.ts";

/** How a file's signatures stand after repair. */
export interface RaisedPdf {
  /** The same buffer when nothing could be, or had to be, added. */
  readonly bytes: Buffer;
  /** The lowest level that our validator finds among the fields. */
  readonly level: SigningLevel;
  readonly wanted: SigningLevel;
  readonly notes: readonly string[];
}

export interface RaiseRequest {
  readonly to: SigningLevel;
  /** The signatures to be raised; all unless given. */
  readonly fields?: readonly string[];
  /**
   * Puts a missing time-stamp into the signature itself where that can be: in the last revision, whose hole nothing
   * covers yet. The file is then not an extension of the old one. Elsewhere, or without this, a document time-stamp
   * is appended, which proves as much (EN 319 142-1 §6.3).
   */
  readonly intoSignature?: boolean;
}

/**
 * Raises signatures to a level later on, after an outage say, by appended updates. Time-stamps then prove the time of
 * the repair, not that of signing. Throws FIELD_NOT_FOUND, REFUSE_SIGN, LIMIT_EXCEEDED, UNSOUND_RESULT.
 */
export async function raiseLevel(pdf: Buffer, request: RaiseRequest, services: LevelServices): Promise<RaisedPdf> {
  const notes: string[] = [];
  const { signatures } = readSignedFile(pdf);
  const fields = request.fields ?? ownFields(signatures);
  if (fields.length === 0) throw new SigningError("FIELD_NOT_FOUND", "The document is not signed.");
  let bytes = pdf;
  if (request.to !== "B-B") {
    if (request.intoSignature) bytes = await stampInside(bytes, signatures, fields, services, notes);
    const lifted = await lift(bytes, fields, request.to, services, notes);
    ({ bytes } = lifted);
  }
  const verdicts = await assertSound(bytes, pdf, [], services);
  const level = lowestOf(fields.map((field) => levelIn(verdicts.get(field)?.level ?? "NONE")));
  return { bytes, level, wanted: request.to, notes };
}

/** The fields of signatures by people and agencies. */
export function ownFields(signatures: readonly ReadSignature[]): string[] {
  return signatures.filter(({ found }) => found.kind !== "DOCUMENT_TIMESTAMP").map(({ found }) => found.field);
}

/** Time-stamps the last signature in its own hole, if it is one of the fields, has no time yet, and has the room. */
async function stampInside(
  pdf: Buffer,
  signatures: readonly ReadSignature[],
  fields: readonly string[],
  { timestamp: client }: LevelServices,
  notes: string[],
): Promise<Buffer> {
  const last = signatures.at(-1);
  if (!last?.data || !client || !fields.includes(last.found.field)) return pdf;
  const { found, data, tokens } = last;
  if (tokens.length > 0 || found.coverage !== "ENTIRE_FILE" || !found.range || found.kind === "DOCUMENT_TIMESTAMP") {
    return pdf;
  }
  const cms = readElement(found.contents).raw;
  const stamped = await withTimestamp(client, cms, data.signature, "sha256", notes);
  if (stamped === cms) return pdf;
  try {
    return fillHole(Buffer.from(pdf), found.range, stamped);
  } catch (error) {
    notes.push(outage(error));
    return pdf;
  }
}
