/** Numbers of 16 bits. */
export const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(2 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt16BE(number & 0xffff, 2 * i);
  return bytes;
};
const longs = (...numbers: number[]) => words(...numbers.flatMap((number) => [number >>> 16, number & 0xffff]));

/** A font program with a table of another kind and a `cmap` of the given subtables. */
export function program(...tables: (readonly [platform: number, encoding: number, table: Buffer])[]): Buffer {
  const head = words(0, tables.length);
  let at = 4 + 8 * tables.length;
  const entries = tables.map(([platform, encoding, table]) => {
    const entry = Buffer.concat([words(platform, encoding), longs(at)]);
    at += table.length;
    return entry;
  });
  const cmap = Buffer.concat([head, ...entries, ...tables.map(([, , table]) => table)]);
  const directory = [
    Buffer.concat([Buffer.from("glyf"), longs(0, 0, 0)]),
    Buffer.concat([Buffer.from("cmap"), longs(0, 44, cmap.length)]),
  ];
  return Buffer.concat([longs(0x10000), words(2, 0, 0, 0), ...directory, cmap]);
}
/** Format 12: first and last character of each group, and the glyph of the first. */
export const groups = (...all: number[][]) =>
  Buffer.concat([words(12, 0), longs(0, 0, all.length), ...all.map((each) => longs(...each))]);
