import type { ContentProblem } from "./content.ts";

interface Archive {
  readonly mediaType: string;
  readonly extension: string;
  readonly problems: readonly ContentProblem[];
}

interface Entry {
  readonly name: string;
  readonly encrypted: boolean;
  readonly offset: number;
}

interface Directory {
  readonly entries: readonly Entry[];
  /** Bytes after the end record and its comment. */
  readonly trailing: number;
}

const mostEntries = 10_000;
const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = Buffer.from("PK\x05\x06", "latin1");

/** What an archive is by the names in its central directory, or by those in its head when no tail is given. */
export function readZip(head: Buffer, tail?: Buffer): Archive {
  const problems = new Set<ContentProblem>();
  const directory = tail && zipDirectory(tail);
  const first = localEntries(head);
  const entries = directory?.entries ?? first;
  if (tail !== undefined && directory === undefined) {
    problems.add(tail.includes(endSignature) ? "TOO_MANY_ENTRIES" : "TRUNCATED");
  }
  if (directory !== undefined) {
    if (directory.trailing !== 0) problems.add("TRAILING_BYTES");
    // Two readers, one by the directory and one from the front, must see the same archive.
    const atStart = entries.find((entry) => entry.offset === 0)?.name;
    if (atStart !== first[0]?.name) problems.add("POLYGLOT");
  }
  if (entries.some((entry) => entry.encrypted)) problems.add("ENCRYPTED");
  if (entries.some((entry) => isUnsafe(entry.name))) problems.add("UNSAFE_NAMES");
  const names = new Set(entries.map((entry) => entry.name));
  const has = (name: string): boolean => names.has(name);
  if ([...names].some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) problems.add("MACROS");
  if (has("META-INF/MANIFEST.MF") || has("AndroidManifest.xml") || has("classes.dex")) problems.add("EXECUTABLE");
  return { ...kindOf(has, head), problems: [...problems] };
}

const office = "application/vnd.openxmlformats-officedocument.";

function kindOf(has: (name: string) => boolean, head: Buffer): Pick<Archive, "mediaType" | "extension"> {
  if (has("[Content_Types].xml")) {
    if (has("word/document.xml")) return { mediaType: `${office}wordprocessingml.document`, extension: "docx" };
    if (has("xl/workbook.xml")) return { mediaType: `${office}spreadsheetml.sheet`, extension: "xlsx" };
    if (has("ppt/presentation.xml")) {
      return { mediaType: `${office}presentationml.presentation`, extension: "pptx" };
    }
  }
  // OASIS OpenDocument 1.2, part 3, 3.3: stored first, uncompressed and without extra fields, so it lies at byte 38.
  const kind = /^mimetypeapplication\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)$/.exec(
    head.toString("latin1", 30, head.length < 30 ? 30 : 38 + Math.min(head.readUInt32LE(18), 100)),
  )?.[1];
  if (kind !== undefined) {
    const extension = { text: "odt", spreadsheet: "ods", presentation: "odp" }[kind] ?? "zip";
    return { mediaType: `application/vnd.oasis.opendocument.${kind}`, extension };
  }
  return { mediaType: "application/zip", extension: "zip" };
}

/** The central directory whose end is the last one in these bytes; undefined where there is none or not all of it. */
export function zipDirectory(tail: Buffer): Directory | undefined {
  // An end record with the longest comment is 65,557 bytes (APPNOTE 6.3.10, 4.3.16).
  const earliest = Math.max(0, tail.length - 65_557 - 64 * 1024);
  let end = tail.lastIndexOf(endSignature);
  for (let tries = 0; tries < 16 && end >= earliest; tries++) {
    const directory = directoryAt(tail, end);
    if (directory !== undefined) return directory;
    if (end === 0) break;
    end = tail.lastIndexOf(endSignature, end - 1);
  }
  return undefined;
}

function directoryAt(tail: Buffer, end: number): Directory | undefined {
  if (end + 22 > tail.length) return undefined;
  const count = tail.readUInt16LE(end + 10);
  const begin = end - tail.readUInt32LE(end + 12);
  const trailing = tail.length - (end + 22 + tail.readUInt16LE(end + 20));
  if (begin < 0 || trailing < 0 || count > mostEntries) return undefined;
  const entries: Entry[] = [];
  let at = begin;
  while (entries.length < count) {
    if (at + 46 > end || tail.readUInt32LE(at) !== centralSignature) return undefined;
    const nameEnd = at + 46 + tail.readUInt16LE(at + 28);
    if (nameEnd > end) return undefined;
    entries.push({
      name: tail.toString("utf8", at + 46, nameEnd),
      encrypted: (tail.readUInt16LE(at + 8) & 1) === 1,
      offset: tail.readUInt32LE(at + 42),
    });
    at = nameEnd + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  }
  return at === end ? { entries, trailing } : undefined;
}

/** The entries that can be walked from the front: as far as their sizes are known and the bytes reach. */
function localEntries(head: Buffer): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (at + 30 <= head.length && head.readUInt32LE(at) === localSignature) {
    const flags = head.readUInt16LE(at + 6);
    const nameEnd = at + 30 + head.readUInt16LE(at + 26);
    if (nameEnd > head.length) break;
    entries.push({ name: head.toString("utf8", at + 30, nameEnd), encrypted: (flags & 1) === 1, offset: at });
    // Bit 3: the size comes after the data (APPNOTE, 4.4.4).
    if ((flags & 8) !== 0) break;
    at = nameEnd + head.readUInt16LE(at + 28) + head.readUInt32LE(at + 18);
  }
  return entries;
}

function isUnsafe(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\\|\0|(^|\/)\.\.(\/|$)/.test(name);
}
