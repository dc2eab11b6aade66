import { fstatSync, readSync } from "node:fs";
import { SigningError } from "../errors.ts";
import { malformed } from "./limits.ts";

/** A piece of a file: its bytes, and the offset of the first one. */
export interface Window {
  readonly bytes: Buffer;
  readonly start: number;
}

/** Where a file's bytes come from. What is read is shared and must not be written to. */
export interface PdfSource {
  /** The file's length in bytes. */
  readonly length: number;
  /** Whether all bytes are in memory already, so that reading copies nothing. */
  readonly inMemory: boolean;
  /** The bytes [start, end). Throws MALFORMED_PDF when the file does not have them all. */
  read(start: number, end: number): Buffer;
  /** A piece that holds [start, start + size) as far as the file goes, and perhaps more before and behind. */
  window(start: number, size: number): Window;
}

/** A file that is in memory; nothing is copied. */
export function memorySource(bytes: Buffer): PdfSource {
  const whole: Window = { bytes, start: 0 };
  return {
    length: bytes.length,
    inMemory: true,
    read: (start, end) => bytes.subarray(start, checkEnd(start, end, bytes.length)),
    window: () => whole,
  };
}

const PAGE = 2 ** 16;
const MOST_PAGES = 16;

/**
 * A file on disk, read piece by piece: a few pieces are kept, so memory does not grow with the file. The descriptor
 * stays the caller's to close; the file must not change meanwhile. Throws FILE_UNREADABLE when the disk fails.
 */
export function fileSource(descriptor: number): PdfSource {
  const length = failing(() => fstatSync(descriptor).size);
  const pages = new Map<number, Window>();
  const read = (start: number, end: number): Buffer => {
    const bytes = Buffer.allocUnsafeSlow(checkEnd(start, end, length) - start);
    for (let at = 0; at < bytes.length;) {
      const got = failing(() => readSync(descriptor, bytes, at, bytes.length - at, start + at));
      if (got === 0) throw malformed("The file became shorter while it was read.");
      at += got;
    }
    return bytes;
  };
  return {
    length,
    inMemory: false,
    read: (start, end) => {
      const page = pages.get(Math.floor(start / PAGE));
      if (page === undefined || end > page.start + page.bytes.length) return read(start, end);
      // A copy, so that a few bytes that are kept do not keep their whole page.
      return Buffer.from(page.bytes.subarray(start - page.start, checkEnd(start, end, length) - page.start));
    },
    window: (start, size) => {
      const number = Math.floor(start / PAGE);
      const wanted = Math.min(length, start + size);
      const known = pages.get(number);
      if (known !== undefined && known.start + known.bytes.length >= wanted) return known;
      const from = Math.min(number * PAGE, length);
      const page = { bytes: read(from, Math.max(wanted, Math.min(length, from + PAGE))), start: from };
      // A large piece is for one large object; the small ones are asked for again.
      if (page.bytes.length <= 2 * PAGE) {
        pages.delete(number);
        if (pages.size >= MOST_PAGES) pages.delete(pages.keys().next().value!);
        pages.set(number, page);
      }
      return page;
    },
  };
}

/** A file to which a tail was appended, without copying the file. */
export function joinedSource(base: PdfSource, tail: Buffer): PdfSource {
  const length = base.length + tail.length;
  const behind: Window = { bytes: tail, start: base.length };
  const read = (start: number, end: number): Buffer => {
    checkEnd(start, end, length);
    if (end <= base.length) return base.read(start, end);
    if (start >= base.length) return tail.subarray(start - base.length, end - base.length);
    return Buffer.concat([base.read(start, base.length), tail.subarray(0, end - base.length)]);
  };
  return {
    length,
    inMemory: base.inMemory,
    read,
    window: (start, size) => {
      const end = Math.min(length, start + size);
      if (start >= base.length) return behind;
      return end <= base.length ? base.window(start, size) : { bytes: read(start, end), start };
    },
  };
}

/** The first `length` bytes of a file, as if it ended there. */
export function startOf(source: PdfSource, length: number): PdfSource {
  return {
    length,
    inMemory: source.inMemory,
    read: (start, end) => source.read(start, checkEnd(start, end, length)),
    window: (start, size) => {
      if (start >= length) return { bytes: Buffer.alloc(0), start: length };
      const piece = source.window(start, Math.min(size, length - start));
      return { bytes: piece.bytes.subarray(0, length - piece.start), start: piece.start };
    },
  };
}

function checkEnd(start: number, end: number, length: number): number {
  if (!(start >= 0 && start <= end && end <= length)) {
    throw malformed("Bytes are asked for that the file does not have.", { start, end });
  }
  return end;
}

function failing<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SigningError("FILE_UNREADABLE", "The file cannot be read.", { cause: code });
  }
}
