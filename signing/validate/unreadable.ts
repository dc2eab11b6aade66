import { createHash } from "node:crypto";
import { SigningError } from "../errors.ts";
import { digestName } from "../algorithms/raw.ts";
import type { Verification } from "./report.ts";
import { readSignedData, verifySignedData } from "../cms/signed-data.ts";

/** Most signatures that are looked for without a structure. */
const maximumCandidates = 100;

/**
 * The verdict on a file whose structure cannot be followed: never PASS. Signatures are looked for as plain text;
 * if one of them is broken by itself the file fails, else nothing certain can be said.
 */
export function verifyUnreadable(bytes: Buffer, cause: SigningError): Omit<Verification, "sha256"> {
  const notes = [`STRUCTURE_UNREADABLE ${cause.code} ${cause.message}`];
  const candidates = byteRanges(bytes);
  const broken = candidates.flatMap(([offset, range]) => {
    const fault = faultOf(bytes, range);
    return fault ? [`${fault} at byte ${offset}`] : [];
  });
  notes.push(`SIGNATURES_SEEN ${candidates.length}`, ...broken);
  return {
    indication: broken.length ? "TOTAL-FAILED" : "INDETERMINATE",
    integrity: broken.length ? "FAIL" : "INDETERMINATE",
    signatures: [],
    notes,
  };
}

function byteRanges(bytes: Buffer): [number, number[]][] {
  const found: [number, number[]][] = [];
  for (let at = bytes.indexOf("/ByteRange"); at >= 0 && found.length < maximumCandidates;) {
    const match = /^\/ByteRange\s*\[([^\]]{1,100})\]/.exec(bytes.toString("latin1", at, at + 160));
    if (match) found.push([at, match[1]!.trim().split(/\s+/).map(Number)]);
    at = bytes.indexOf("/ByteRange", at + 1);
  }
  return found;
}

function faultOf(bytes: Buffer, range: readonly number[]): string | undefined {
  const [start, before = -1, after = -1, rest = -1] = range;
  const sane = range.length === 4 && range.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!sane || start !== 0 || after <= before || after + rest > bytes.length) return "BYTE_RANGE_MALFORMED";
  const hole = bytes.toString("latin1", before, after);
  const hex = /^<([0-9A-Fa-f\s]*)>$/.exec(hole)?.[1];
  if (hex === undefined) return "BYTE_RANGE_GAP_IS_NOT_CONTENTS";
  const parts = [bytes.subarray(0, before), bytes.subarray(after, after + rest)];
  const contentDigest = (oid: string) => {
    const name = digestName(oid);
    if (!name) throw new SigningError("UNSUPPORTED_ALGORITHM", `digest ${oid} is not supported`);
    const hash = createHash(name);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  try {
    const data = readSignedData(Buffer.from(hex.replace(/\s/g, ""), "hex"), true);
    // A time-stamp or SHA-1 signature signs what it encloses; without a structure that is left open.
    if (data.content !== undefined) return undefined;
    const { result } = verifySignedData(data, contentDigest, () => Buffer.concat(parts));
    return result === "invalid" ? "SIGNATURE_INVALID" : undefined;
  } catch (error) {
    if (error instanceof SigningError) return "CMS_MALFORMED";
    throw error;
  }
}
