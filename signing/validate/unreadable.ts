import { readSignedData } from "../cms/signed-data.ts";
import { verifySignedData } from "../cms/verify.ts";
import { SigningError } from "../errors.ts";
import type { PdfSource } from "../pdf/source.ts";
import { hashRanges } from "./hashing.ts";
import { lastSignedState } from "./last-signed-state.ts";
import type { Verification } from "./report.ts";
import { SignedBytes } from "./signed-bytes.ts";
import { MarkerScan } from "./stray.ts";

/** Most signatures that are looked for without a structure, and the largest hole that is read. */
const maximumCandidates = 100;
const largestHole = 4 * 2 ** 20;

type UnreadableVerdict = Pick<Verification, "sha256" | "indication" | "integrity" | "signatures" | "notes">;

/**
 * The verdict on a file whose structure cannot be followed: never PASS. Signatures are looked for as plain text. If one
 * of them is broken by itself, or sound in the state that it covers, so that what came later spoiled the file, the file
 * fails; else nothing certain can be said. `verifyPart` judges the beginning of the file as a file.
 */
export function verifyUnreadable(
  source: PdfSource,
  cause: SigningError,
  verifyPart: (part: PdfSource) => Pick<Verification, "signatures">,
): UnreadableVerdict {
  const scan = new MarkerScan();
  const { sha256 } = hashRanges(source, [], (piece, start) => scan.look(piece, start));
  const candidates = scan.places.flatMap((place) => byteRangeAt(source, place) ?? []).slice(0, maximumCandidates);
  // Copies of one signature would be hashed again and again.
  const hashed = new Set<string>();
  const broken = candidates.flatMap(({ place, range }) => {
    if (hashed.has(range.join())) return [];
    hashed.add(range.join());
    const fault = faultOf(source, range);
    return fault ? [`${fault} at byte ${place}`] : [];
  });
  // Where only a limit of ours is at fault, others may find the file in order.
  const ends = cause.code === "LIMIT_EXCEEDED" ? [] : candidates.map(({ range: [, , after, rest] }) => after! + rest!);
  const signatures = lastSignedState(source, ends, cause, verifyPart);
  const failed = broken.length > 0 || signatures.length > 0;
  return {
    sha256,
    indication: failed ? "TOTAL-FAILED" : "INDETERMINATE",
    integrity: failed ? "FAIL" : "INDETERMINATE",
    signatures,
    notes: [
      `STRUCTURE_UNREADABLE ${cause.code} ${cause.message}`,
      `SIGNATURES_SEEN ${candidates.length}`,
      ...broken.slice(0, 20),
    ],
  };
}

interface Candidate {
  readonly place: number;
  readonly range: readonly number[];
}

function byteRangeAt(source: PdfSource, place: number): Candidate | undefined {
  const text = source.read(place, Math.min(place + 160, source.length)).toString("latin1");
  const match = /^\/ByteRange\s*\[([^\]]{1,100})\]/.exec(text);
  return match ? { place, range: match[1]!.trim().split(/\s+/).map(Number) } : undefined;
}

function faultOf(source: PdfSource, range: readonly number[]): string | undefined {
  const [start, before = -1, after = -1, rest = -1] = range;
  const sane = range.length === 4 && range.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!sane || start !== 0 || after <= before || after + rest > source.length) return "BYTE_RANGE_MALFORMED";
  if (after - before > largestHole) return undefined;
  const hole = source.read(before, after).toString("latin1");
  const hex = /^<([0-9A-Fa-f\s]*)>$/.exec(hole)?.[1];
  if (hex === undefined) return "BYTE_RANGE_GAP_IS_NOT_CONTENTS";
  const bytes = new SignedBytes(source, [start, before, after, rest]);
  try {
    const data = readSignedData(Buffer.from(hex.replace(/\s/g, ""), "hex"), true);
    // A time-stamp or SHA-1 signature signs what it encloses; without a structure that is left open.
    if (data.content !== undefined) return undefined;
    const { result } = verifySignedData(
      data,
      (oid) => bytes.digest(oid),
      () => bytes.chunks(),
    );
    return result === "invalid" ? "SIGNATURE_INVALID" : undefined;
  } catch (error) {
    if (error instanceof SigningError) return "CMS_MALFORMED";
    throw error;
  }
}
