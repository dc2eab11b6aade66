import { collect } from "./digest.ts";
import type { ObjectStore, StoredObject } from "./store.ts";
import { readText } from "./text.ts";
import { readZip, zipDirectory } from "./zip.ts";

/** Why a content should not be taken in. An empty list is the only good one. */
export type ContentProblem =
  | "EMPTY"
  | "UNKNOWN" // none of the formats known here
  | "EXECUTABLE" // a program, a script or an archive that runs as one
  | "POLYGLOT" // also reads as another format
  | "LEADING_BYTES" // something before the format's own beginning
  | "TRAILING_BYTES" // something after the format's own end
  | "TRUNCATED" // the format's own end is missing
  | "MACROS" // an office document with macros
  | "ACTIVE_CONTENT" // HTML, SVG and the like, which run scripts where they are shown
  | "DOCTYPE" // XML with a document type declaration
  | "ENCRYPTED" // an archive that cannot be looked into
  | "UNSAFE_NAMES" // an archive whose names leave the folder it is unpacked into
  | "TOO_MANY_ENTRIES" // an archive whose directory is larger than what is looked at
  | "LEGACY_FORMAT"; // binary office documents and RTF, in which macros and objects cannot be ruled out

/** What some bytes are, whatever the name and the media type that came with them say. */
export interface Content {
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  readonly problems: readonly ContentProblem[];
}

/** How many first and last bytes `mediaTypeOf` should be given. */
export const contentEnds = { head: 64 * 1024, tail: 1024 * 1024 } as const;

/** Reads both ends of a stored object and says what it is. */
export async function inspectContent(store: ObjectStore, { sha256, size }: StoredObject): Promise<Content> {
  const bytes = async (start: number, end: number): Promise<Buffer> =>
    collect(await store.get(sha256, { start, end }), end - start);
  const tail = await bytes(Math.max(0, size - contentEnds.tail), size);
  return mediaTypeOf(size <= tail.length ? tail.subarray(0, contentEnds.head) : await bytes(0, contentEnds.head), tail);
}

/**
 * Says what a content is by its first bytes and, given the last ones, whether it ends where it should. A content
 * shorter than either is given whole as that one; without a tail nothing is said about the end.
 */
export function mediaTypeOf(head: Buffer, tail?: Buffer): Content {
  if (head.length === 0) return { mediaType: "application/octet-stream", extension: "bin", problems: ["EMPTY"] };
  const format = formatOf(head, tail);
  const problems = new Set<ContentProblem>(format.problems);
  if (format.extension !== "pdf" && pdfHeader(head) > 0) problems.add("POLYGLOT");
  if (tail !== undefined && !format.isZip && zipDirectory(tail) !== undefined) problems.add("POLYGLOT");
  return { mediaType: format.mediaType, extension: format.extension, problems: [...problems] };
}

interface Format {
  readonly mediaType: string;
  readonly extension: string;
  readonly problems?: readonly ContentProblem[];
  readonly isZip?: boolean;
}

function formatOf(head: Buffer, tail: Buffer | undefined): Format {
  const begins = (...signature: number[]): boolean => head.subarray(0, signature.length).equals(Buffer.from(signature));
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) {
    return { mediaType: "application/pdf", extension: "pdf", problems: tail && endOfPdf(tail) };
  }
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) {
    return { mediaType: "image/png", extension: "png", problems: tail && endBy(tail, pngEnd) };
  }
  if (begins(0xff, 0xd8, 0xff)) {
    return { mediaType: "image/jpeg", extension: "jpg", problems: tail && endBy(tail, jpegEnd) };
  }
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) return { ...readZip(head, tail), isZip: true };
  const program = programOf(head, begins);
  if (program !== undefined) return { ...program, problems: ["EXECUTABLE"] };
  if (begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) {
    return { mediaType: "application/x-ole-storage", extension: "ole", problems: ["LEGACY_FORMAT"] };
  }
  const text = readText(head);
  if (text !== undefined) return text;
  // Readers look for the header in the first 1024 bytes (ISO 32000-1, Annex H, note 13).
  if (pdfHeader(head) > 0) {
    const problems: ContentProblem[] = ["LEADING_BYTES", ...(tail ? endOfPdf(tail) : [])];
    return { mediaType: "application/pdf", extension: "pdf", problems };
  }
  return { mediaType: "application/octet-stream", extension: "bin", problems: ["UNKNOWN"] };
}

function programOf(head: Buffer, begins: (...signature: number[]) => boolean): Format | undefined {
  if (begins(0x7f, 0x45, 0x4c, 0x46)) return { mediaType: "application/x-elf", extension: "elf" };
  // "MZ" can begin a text too, but a program has a NUL among its first words.
  if (begins(0x4d, 0x5a) && head.subarray(0, 64).includes(0)) {
    return { mediaType: "application/vnd.microsoft.portable-executable", extension: "exe" };
  }
  const machO = [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe];
  if (head.length >= 4 && machO.includes(head.readUInt32BE(0))) {
    return { mediaType: "application/x-mach-binary", extension: "bin" };
  }
  if (begins(0x00, 0x61, 0x73, 0x6d)) return { mediaType: "application/wasm", extension: "wasm" };
  if (begins(0x64, 0x65, 0x78, 0x0a)) return { mediaType: "application/vnd.android.dex", extension: "dex" };
  if (begins(0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0)) return { mediaType: "application/x-ms-shortcut", extension: "lnk" };
  if (begins(0x23, 0x21)) return { mediaType: "text/x-shellscript", extension: "sh" };
  return undefined;
}

/** Where a PDF header is among the first 1024 bytes, or -1. */
function pdfHeader(head: Buffer): number {
  return head
    .subarray(0, 1024)
    .toString("latin1")
    .search(/%PDF-[12]\.\d/);
}

/** ISO 32000-1, 7.5.5: the last line is %%EOF; 7.2.2: what counts as white space. */
function endOfPdf(tail: Buffer): ContentProblem[] {
  const end = tail.lastIndexOf("%%EOF");
  if (end < 0) return ["TRUNCATED"];
  return /[^\0\t\n\f\r ]/.test(tail.toString("latin1", end + 5)) ? ["TRAILING_BYTES"] : [];
}

const pngEnd = Buffer.from("0000000049454e44ae426082", "hex");
const jpegEnd = Buffer.from("ffd9", "hex");

function endBy(tail: Buffer, mark: Buffer): ContentProblem[] {
  const end = tail.lastIndexOf(mark);
  if (end < 0) return ["TRUNCATED"];
  return end + mark.length < tail.length ? ["TRAILING_BYTES"] : [];
}
