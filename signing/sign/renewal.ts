import { acceptedUntil } from "../algorithms/suites.ts";
import { SigningError } from "../errors.ts";
import { publicKeyOf } from "../x509/certificates.ts";
import { addDocumentTimestamp } from "./document-timestamp.ts";
import { addValidationMaterial } from "./dss.ts";
import { levelIn } from "./levels.ts";
import { certificatesOf, readSignedFile } from "./material.ts";
import { ownFields, type RaisedPdf } from "./raise.ts";
import { collect, type LevelServices, lowestOf } from "./services.ts";
import { assertSound } from "./sound.ts";

/**
 * When the newest time-stamp of a file loses its force: at the end of its authority's certificate, or before, when its
 * algorithms are no longer trusted. Renew before then. Undefined where there is no time-stamp. Throws REFUSE_SIGN
 * with ENCRYPTED or STRUCTURE, LIMIT_EXCEEDED.
 */
export function renewalDue(pdf: Buffer): Date | undefined {
  const { signatures } = readSignedFile(pdf);
  const documentStamps = signatures.filter(({ found }) => found.kind === "DOCUMENT_TIMESTAMP");
  const last = documentStamps.at(-1);
  const stamps = last?.data ? [last.data] : signatures.flatMap(({ tokens }) => tokens);
  const ends = stamps.flatMap((data) => {
    const { ends: authorities } = certificatesOf([{ ...signatures[0]!, data, tokens: [] }]);
    return authorities.flatMap((authority) => {
      const until = acceptedUntil({ digest: data.digestAlgorithm.oid, key: publicKeyOf(authority) });
      return [authority.notAfter, ...(until === undefined ? [] : [until === "never" ? new Date(0) : until])];
    });
  });
  return ends.length === 0 ? undefined : new Date(Math.min(...ends.map((end) => end.getTime())));
}

/**
 * Lengthens the life of a file's signatures before its last time-stamp's authority or algorithm dies (EN 319 142-1
 * §5.5): fresh validation material for everything in it, then a new document time-stamp over all. Throws
 * TIMESTAMP_UNAVAILABLE, for a renewal without a time-stamp is none, FIELD_NOT_FOUND, REFUSE_SIGN, UNSOUND_RESULT.
 */
export async function renewTimestamp(
  pdf: Buffer,
  services: LevelServices & Required<Pick<LevelServices, "timestamp">>,
): Promise<RaisedPdf> {
  const { signatures, held } = readSignedFile(pdf);
  const fields = ownFields(signatures);
  if (fields.length === 0) throw new SigningError("FIELD_NOT_FOUND", "The document is not signed.");
  const { ends, pool } = certificatesOf(signatures);
  // Revocation data that is held is from before; what is asked for now is the state as of now.
  const collected = await collect(services, ends, pool, { ...held, crls: [], ocsp: [] });
  const material = addValidationMaterial(pdf, collected.evidence);
  const { bytes, field } = await addDocumentTimestamp(material, services.timestamp);
  const verdicts = await assertSound(bytes, pdf, [field], services);
  const level = lowestOf(fields.map((name) => levelIn(verdicts.get(name)?.level ?? "NONE")));
  const notes = collected.notes.map((note) => `MATERIAL ${note}`);
  return { bytes, level, wanted: "B-LTA", notes };
}
