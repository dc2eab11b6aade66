import { SigningError } from "../errors.ts";
import { addDocumentTimestamp } from "./document-timestamp.ts";
import { addValidationMaterial } from "./dss.ts";
import { certificatesOf, type ReadSignature, readSignedFile } from "./material.ts";
import { collect, type LevelServices, reaches, type SigningLevel } from "./services.ts";
import { outage } from "./stamping.ts";

/** What an appended update left behind. */
export interface Lifted {
  readonly bytes: Buffer;
  /** Names of the fields of new document time-stamps. */
  readonly stamps: readonly string[];
}

/**
 * Appends what the level still lacks for the given fields: a time, validation material, and a time-stamp over it.
 * What cannot be had is named in the notes, and ends the way up there. Throws FIELD_NOT_FOUND, REFUSE_SIGN.
 */
export async function lift(
  pdf: Buffer,
  fields: readonly string[],
  to: SigningLevel,
  services: LevelServices,
  notes: string[],
): Promise<Lifted> {
  let bytes = pdf;
  const stamps: string[] = [];
  const stamp = async (): Promise<boolean> => {
    try {
      if (services.timestamp === undefined) throw new SigningError("TIMESTAMP_UNAVAILABLE", "no server is configured");
      const stamped = await addDocumentTimestamp(bytes, services.timestamp);
      ({ bytes } = stamped);
      stamps.push(stamped.field);
      return true;
    } catch (error) {
      notes.push(`DOCUMENT_${outage(error)}`);
      return false;
    }
  };

  const { signatures } = readSignedFile(bytes);
  const chosen = fields.map((field) => find(signatures, field));
  // EN 319 142-1 §6.3: the time of B-T is proven by a signature time-stamp or by a document time-stamp behind it.
  const timeless = chosen.filter((signature) => signature.tokens.length === 0 && !isStamped(signature, signatures));
  if (timeless.length > 0 && !(await stamp())) return { bytes, stamps };
  if (!reaches(to, "B-LT")) return { bytes, stamps };

  bytes = await withMaterial(bytes, fields, services, notes);
  const last = readSignedFile(bytes).signatures.at(-1);
  const covered = last?.found.kind === "DOCUMENT_TIMESTAMP" && last.found.coverage === "ENTIRE_FILE";
  if (reaches(to, "B-LTA") && !covered) await stamp();
  return { bytes, stamps };
}

/** Adds material for the fields' signers and for every time-stamp that proves when they signed. */
async function withMaterial(
  pdf: Buffer,
  fields: readonly string[],
  services: LevelServices,
  notes: string[],
): Promise<Buffer> {
  const { signatures, held } = readSignedFile(pdf);
  const concerned = signatures.filter(
    ({ found }) => fields.includes(found.field) || found.kind === "DOCUMENT_TIMESTAMP",
  );
  const { ends } = certificatesOf(concerned);
  const { pool } = certificatesOf(signatures);
  const collected = await collect(services, ends, pool, held);
  notes.push(...collected.notes.map((note) => `MATERIAL ${note}`));
  return addValidationMaterial(pdf, collected.evidence);
}

function find(signatures: readonly ReadSignature[], field: string): ReadSignature {
  const signature = signatures.find(({ found }) => found.field === field);
  if (signature === undefined) throw new SigningError("FIELD_NOT_FOUND", "No signature has this field.", { field });
  return signature;
}

/** Whether a document time-stamp in a later revision covers the signature. */
export function isStamped({ found }: ReadSignature, signatures: readonly ReadSignature[]): boolean {
  const own = found.revision ?? Infinity;
  return signatures.some((other) => other.found.kind === "DOCUMENT_TIMESTAMP" && (other.found.revision ?? -1) > own);
}
