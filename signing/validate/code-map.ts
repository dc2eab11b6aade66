/** From the codes of a font to text, as its /ToUnicode says (ISO 32000-2, 9.10.3). */
export interface CodeMap {
  /** Bytes in one code. */
  readonly size: 1 | 2;
  textOf(code: number): string | undefined;
}

/** Most codes that one map may name. */
const mostCodes = 70_000;
/** Entries that are looked at: some maps name the same codes over and over. */
const mostEntries = 100_000;

/** Reads the two kinds of lists that such maps are made of; anything else in them is passed over. */
export function readCodeMap(bytes: Buffer): CodeMap {
  const source = bytes.toString("latin1");
  const codes = new Map<number, string>();
  let size: 1 | 2 = 1;
  let left = mostEntries;
  const set = (code: number, text: string) => void (codes.size < mostCodes && left-- > 0 && codes.set(code, text));
  for (const [, list] of source.matchAll(/beginbfchar([^]*?)endbfchar/g)) {
    for (const [, code, text] of list!.matchAll(/<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]*)>/g)) {
      if (code!.length > 2) size = 2;
      set(parseInt(code!, 16), utf16(text!));
    }
  }
  for (const [, list] of source.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    const ranges = /<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*(?:<([0-9A-Fa-f]*)>|\[([^\]]*)\])/g;
    for (const [, from, to, start, each] of list!.matchAll(ranges)) {
      if (from!.length > 2) size = 2;
      const [first, last] = [parseInt(from!, 16), Math.min(parseInt(to!, 16), parseInt(from!, 16) + 0xffff)];
      const texts = [...(each ?? "").matchAll(/<([0-9A-Fa-f]*)>/g)].map(([, text]) => utf16(text!));
      for (let code = first; code <= last && codes.size < mostCodes && left > 0; code++) {
        set(code, start === undefined ? (texts[code - first] ?? "") : following(utf16(start), code - first));
      }
    }
  }
  return { size, textOf: (code) => codes.get(code) };
}

function utf16(hex: string): string {
  const bytes = Buffer.from(hex.length % 4 === 0 ? hex : hex.padStart(4, "0"), "hex");
  return bytes.swap16().toString("utf16le");
}

/** The text whose last character is `offset` further on. */
function following(text: string, offset: number): string {
  const last = text.charCodeAt(text.length - 1);
  return text.length === 0 ? "" : text.slice(0, -1) + String.fromCharCode((last + offset) & 0xffff);
}
