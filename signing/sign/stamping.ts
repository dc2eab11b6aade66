import { createHash } from "node:crypto";
import { digest } from "../algorithms/raw.ts";
import { withUnsignedAttribute } from "../cms/write.ts";
import { SigningError } from "../errors.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import { Oid } from "../oids.ts";
import type { TimestampClient } from "../tsp/client.ts";
import { readToken } from "../tsp/token.ts";
import { rememberRoom } from "./token-room.ts";

/**
 * The CMS with a time-stamp over its signature value (EN 319 122-1 §5.3), or as it was where none could be had: then
 * the notes say why, and no signature is lost over it.
 */
export async function withTimestamp(
  client: TimestampClient,
  cms: Buffer,
  signature: Buffer,
  algorithm: SignatureDigest,
  notes: string[],
): Promise<Buffer> {
  const token = await stampOrNote(client, createHash(algorithm).update(signature).digest(), algorithm, notes);
  if (token === undefined) return cms;
  const { result, notes: faults } = readToken({ token, imprint: (oid) => digest(oid, signature) });
  if (result !== "valid") {
    notes.push(`TIMESTAMP_REFUSED ${faults.join(" ")}`);
    return cms;
  }
  rememberRoom(client, token);
  return withUnsignedAttribute(cms, Oid.signatureTimeStampToken, token);
}

/** A token, or undefined and a note on the outage. */
async function stampOrNote(
  client: TimestampClient,
  imprint: Buffer,
  algorithm: SignatureDigest,
  notes: string[],
): Promise<Buffer | undefined> {
  try {
    return await client.stamp(imprint, algorithm);
  } catch (error) {
    notes.push(outage(error));
    return undefined;
  }
}

/** A note on a time-stamp that could not be had; other errors than the library's are thrown on. */
export function outage(error: unknown): string {
  if (!(error instanceof SigningError)) throw error;
  return `${error.code} ${error.message}`;
}
