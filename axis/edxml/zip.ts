import { constants, crc32, inflateRawSync } from "node:zlib";
import { zipSync } from "fflate";
import { EdxmlError } from "./errors.ts";

/** The one entry of a zip archive, still packed. */
export interface ZipEntry {
  readonly name: string;
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
}

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const endLength = 22;
// APPNOTE 4.4.3: bit 0 of the flags says encrypted.
const encrypted = 1;
const entryDate = new Date(1980, 0, 1);

/** Whether the bytes begin as a zip archive does. */
export function looksZipped(bytes: Buffer): boolean {
  return bytes.length > endLength && bytes.readUInt32LE(0) === localHeader;
}

/** The entry of an archive that has exactly one; null for any other bytes, encrypted and zip64 archives included. */
export function singleEntry(bytes: Buffer): ZipEntry | null {
  if (!looksZipped(bytes)) return null;
  const end = findEnd(bytes);
  if (end < 0 || bytes.readUInt16LE(end + 10) !== 1) return null;
  const central = bytes.readUInt32LE(end + 16);
  if (central + 46 > end || bytes.readUInt32LE(central) !== centralHeader) return null;
  if (bytes.readUInt16LE(central + 8) & encrypted) return null;

  const local = bytes.readUInt32LE(central + 42);
  const packedSize = bytes.readUInt32LE(central + 20);
  if (local + 30 > central || bytes.readUInt32LE(local) !== localHeader) return null;
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packedSize > central) return null;
  const name = bytes.toString("utf8", central + 46, central + 46 + bytes.readUInt16LE(central + 28));
  return {
    name,
    packed: bytes.subarray(start, start + packedSize),
    size: bytes.readUInt32LE(central + 24),
    crc: bytes.readUInt32LE(central + 16),
    method: bytes.readUInt16LE(central + 10),
  };
}

/**
 * Unpacks an entry to at most `limit` bytes. Null if it is damaged or its packing unknown.
 * Throws `EdxmlError` "zip_bomb" for more than `limit` bytes or `ratio` times the packed size, whatever the entry
 * claims.
 */
export function unpack(entry: ZipEntry, limit: number, ratio: number, path: string): Buffer | null {
  const most = Math.min(limit, Math.max(entry.packed.length, 1_024) * ratio);
  if (entry.size > most) throw new EdxmlError("R", path, "zip_bomb");
  const content = entry.method === 0 ? entry.packed : entry.method === 8 ? inflate(entry.packed, most, path) : null;
  return content && content.length === entry.size && crc32(content) === entry.crc ? content : null;
}

/** An archive with one entry; the same content always gives the same bytes. */
export function pack(name: string, content: Uint8Array): Buffer {
  return Buffer.from(zipSync({ [name]: [content, { mtime: entryDate }] }));
}

function inflate(packed: Buffer, most: number, path: string): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: most + 1, finishFlush: constants.Z_FINISH });
  } catch (error) {
    if (error instanceof RangeError) throw new EdxmlError("R", path, "zip_bomb");
    return null;
  }
}

function findEnd(bytes: Buffer): number {
  // The comment after the record is at most 65,535 bytes long.
  const first = Math.max(0, bytes.length - endLength - 0xffff);
  for (let at = bytes.length - endLength; at >= first; at--) {
    if (bytes.readUInt32LE(at) !== endOfDirectory) continue;
    if (at + endLength + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  return -1;
}
