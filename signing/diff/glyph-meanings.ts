/** Most entries of one font program that are looked at: characters, and ranges of them. */
const mostEntries = 200_000;

/**
 * What characters a TrueType program draws with each glyph, by its own table `cmap` in Unicode (OpenType, 4 and 12);
 * nothing where it has none, or one that is broken.
 */
export function glyphMeanings(program: Buffer): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  let left = mostEntries;
  const charge = () => {
    if (--left < 0) throw new RangeError("There are too many characters.");
  };
  const put = (character: number, glyph: number) => {
    charge();
    if (character > 0x10ffff) return;
    const known = found.get(glyph);
    if (known) known.push(character);
    else found.set(glyph, [character]);
  };
  try {
    for (const table of unicodeTables(program)) {
      const format = table.readUInt16BE(0);
      charge();
      if (format === 4) readSegments(table, charge, put);
      if (format === 12) readGroups(table, charge, put);
    }
  } catch {
    // It would be read behind its end, or without one.
    return new Map();
  }
  return found;
}

function* unicodeTables(program: Buffer): Generator<Buffer> {
  for (let i = 0; i < program.readUInt16BE(4); i++) {
    const entry = 12 + 16 * i;
    if (program.toString("latin1", entry, entry + 4) !== "cmap") continue;
    const table = program.subarray(program.readUInt32BE(entry + 8));
    for (let j = 0; j < table.readUInt16BE(2); j++) {
      const [platform, encoding] = [table.readUInt16BE(4 + 8 * j), table.readUInt16BE(6 + 8 * j)];
      if (platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))) {
        yield table.subarray(table.readUInt32BE(8 + 8 * j));
      }
    }
    return;
  }
}

type Put = (character: number, glyph: number) => void;

function readSegments(table: Buffer, charge: () => void, put: Put): void {
  const size = table.readUInt16BE(6);
  for (let at = 0; at < size; at += 2) {
    charge();
    const [last, first] = [table.readUInt16BE(14 + at), table.readUInt16BE(16 + size + at)];
    const [delta, offset] = [table.readUInt16BE(16 + 2 * size + at), table.readUInt16BE(16 + 3 * size + at)];
    for (let character = first; character <= last; character++) {
      const place = 16 + 3 * size + at + offset + 2 * (character - first);
      const own = offset === 0 ? character : table.readUInt16BE(place);
      put(character, own === 0 ? 0 : (own + delta) & 0xffff);
    }
  }
}

function readGroups(table: Buffer, charge: () => void, put: Put): void {
  for (let i = 0; i < table.readUInt32BE(12); i++) {
    charge();
    const [first, last, glyph] = [0, 4, 8].map((part) => table.readUInt32BE(16 + 12 * i + part)) as [
      number,
      number,
      number,
    ];
    for (let character = first; character <= last; character++) put(character, glyph + character - first);
  }
}
