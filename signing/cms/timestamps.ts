import { Oid } from "../oids.ts";
import type { SignedData } from "./signed-data.ts";

/** Most tokens that are looked at in one signature. */
const maximumTokens = 8;

/** The tokens over the signature value (EN 319 122-1 §5.3; Adobe's older attribute has the same content). */
export function signatureTimestamps({ unsignedAttributes }: SignedData): readonly Buffer[] {
  return [Oid.signatureTimeStampToken, Oid.adobeTimeStamp]
    .flatMap((oid) => unsignedAttributes.get(oid) ?? [])
    .slice(0, maximumTokens)
    .map((value) => value.raw);
}

const archives: readonly (readonly [string, string])[] = [
  [Oid.archiveTimeStamp, "ARCHIVE_TIMESTAMP_V1"],
  [Oid.archiveTimeStampV2, "ARCHIVE_TIMESTAMP_V2"],
  [Oid.archiveTimeStampV3, "ARCHIVE_TIMESTAMP_V3"],
  [Oid.longTermValidation, "LONG_TERM_VALIDATION"],
  // RFC 4998 §5.1: of the content, and of content kept elsewhere.
  ["1.2.840.113549.1.9.16.2.49", "EVIDENCE_RECORD"],
  ["1.2.840.113549.1.9.16.2.50", "EVIDENCE_RECORD"],
];

/** Names of the archive attributes that are there. PAdES has its own means, so they are named and not evaluated. */
export function archiveTimestampNotes({ unsignedAttributes }: SignedData): readonly string[] {
  return archives.filter(([oid]) => unsignedAttributes.has(oid)).map(([, name]) => name);
}
