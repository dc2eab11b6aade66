/** Tables that TrueType needs inside a PDF (ISO 32000-1, 9.9), besides those made anew. */
const copied = ["cvt ", "fpgm", "prep"];

/**
 * A TrueType file that keeps the outlines of some glyphs, and of the parts they are composed of. Glyphs keep their
 * numbers, so that nothing that refers to them changes; those left out are empty. `file` must be a sound font: it is
 * our own, not a user's.
 */
export function subsetTrueType(file: Buffer, glyphs: Iterable<number>): Buffer {
  const tables = readTables(file);
  const table = (tag: string) => tables.get(tag) ?? Buffer.alloc(0);
  const glyf = table("glyf");
  const head = Buffer.from(table("head"));
  const longOffsets = head.readInt16BE(50) === 1;
  const offset = (glyph: number) =>
    longOffsets ? table("loca").readUInt32BE(glyph * 4) : table("loca").readUInt16BE(glyph * 2) * 2;
  const outline = (glyph: number) => glyf.subarray(offset(glyph), offset(glyph + 1));

  const kept = new Set([0, ...glyphs]);
  // A set visits what is added to it meanwhile: the parts of parts too.
  for (const glyph of kept) for (const part of components(outline(glyph))) kept.add(part);
  const count = Math.max(...kept) + 1;

  const hhea = Buffer.from(table("hhea"));
  const metrics = hhea.readUInt16BE(34);
  const loca = Buffer.alloc((count + 1) * 4);
  const hmtx = Buffer.alloc(count * 4);
  const outlines: Buffer[] = [];
  let length = 0;
  for (let glyph = 0; glyph < count; glyph++) {
    loca.writeUInt32BE(length, glyph * 4);
    if (!kept.has(glyph)) continue;
    const padded = pad(outline(glyph));
    outlines.push(padded);
    length += padded.length;
    // Beyond the full metrics, glyphs share the last width and have a bearing of their own.
    const full = Math.min(glyph, metrics - 1);
    const bearing = glyph === full ? full * 4 + 2 : metrics * 4 + (glyph - metrics) * 2;
    table("hmtx").copy(hmtx, glyph * 4, full * 4, full * 4 + 2);
    table("hmtx").copy(hmtx, glyph * 4 + 2, bearing, bearing + 2);
  }
  loca.writeUInt32BE(length, count * 4);
  hhea.writeUInt16BE(count, 34);
  head.writeInt16BE(1, 50);
  const maxp = Buffer.from(table("maxp"));
  maxp.writeUInt16BE(count, 4);

  const made: [string, Buffer][] = [
    ...copied.map((tag): [string, Buffer] => [tag, table(tag)]),
    ["glyf", Buffer.concat(outlines)],
    ["head", head],
    ["hhea", hhea],
    ["hmtx", hmtx],
    ["loca", loca],
    ["maxp", maxp],
  ];
  return writeTables(made.filter(([, bytes]) => bytes.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readTables(file: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < file.readUInt16BE(4); index++) {
    const record = 12 + index * 16;
    const [start, length] = [file.readUInt32BE(record + 8), file.readUInt32BE(record + 12)];
    tables.set(file.toString("latin1", record, record + 4), file.subarray(start, start + length));
  }
  return tables;
}

// OpenType 1.9, glyf: flags of a component.
const wordArguments = 0x0001;
const oneScale = 0x0008;
const moreComponents = 0x0020;
const twoScales = 0x0040;
const matrix = 0x0080;

function components(outline: Buffer): number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  const parts: number[] = [];
  for (let at = 10, flags = moreComponents; flags & moreComponents;) {
    flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    at += 4 + (flags & wordArguments ? 4 : 2) + (flags & oneScale ? 2 : flags & twoScales ? 4 : flags & matrix ? 8 : 0);
  }
  return parts;
}

function writeTables(tables: readonly [string, Buffer][]): Buffer {
  const power = 2 ** Math.floor(Math.log2(tables.length));
  const header = Buffer.alloc(12 + tables.length * 16);
  header.writeUInt32BE(0x00010000, 0);
  header.writeUInt16BE(tables.length, 4);
  header.writeUInt16BE(power * 16, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE((tables.length - power) * 16, 10);
  let offset = header.length;
  for (const [index, [tag, bytes]] of tables.entries()) {
    const record = 12 + index * 16;
    header.write(tag, record, "latin1");
    header.writeUInt32BE(checksum(bytes), record + 4);
    header.writeUInt32BE(offset, record + 8);
    header.writeUInt32BE(bytes.length, record + 12);
    offset += pad(bytes).length;
  }
  return Buffer.concat([header, ...tables.map(([, bytes]) => pad(bytes))]);
}

function checksum(bytes: Buffer): number {
  const padded = pad(bytes);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

function pad(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}
