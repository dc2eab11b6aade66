const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** The bytes of a literal string: escapes undone, line ends as LF (7.3.4.2). */
export function unescapeLiteral(text: Buffer): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let byte = text[at]!;
    if (byte === 13) {
      if (text[at + 1] === 10) at++;
      byte = 10;
    } else if (byte === 0x5c) {
      byte = text[++at]!;
      const escape = ESCAPES[String.fromCharCode(byte)];
      if (escape !== undefined) byte = escape;
      else if (byte === 10) continue;
      else if (byte === 13) {
        if (text[at + 1] === 10) at++;
        continue;
      } else if (byte >= 0x30 && byte <= 0x37) {
        let code = byte - 0x30;
        for (let more = 0; more < 2; more++) {
          const digit = (text[at + 1] ?? 0) - 0x30;
          if (digit < 0 || digit > 7) break;
          code = code * 8 + digit;
          at++;
        }
        byte = code & 0xff;
      }
    }
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
