/** A signature as it stands in a PDF: what it covers and its CMS. */
export interface FoundSignature {
  readonly content: Buffer;
  readonly cms: Buffer;
}

const most = 100;

/**
 * Finds the signatures of a PDF by its bytes alone: `/ByteRange [a b c d]` and the hexadecimal string in the gap (ISO
 * 32000-2, 12.8.1). Shares nothing with the server's reader, so that a fault of that one shows.
 */
export function findSignatures(pdf: Buffer): FoundSignature[] {
  const text = pdf.toString("latin1");
  const found: FoundSignature[] = [];
  for (const match of text.matchAll(/\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g)) {
    const [start, length, second, secondLength] = match.slice(1).map(Number) as [number, number, number, number];
    if (start !== 0 || length >= second || second + secondLength > pdf.length)
      throw new Error(`a ByteRange is out of place: ${match[0]}`);
    const gap = text.slice(length, second);
    const hex = /^<([0-9A-Fa-f]+)>$/.exec(gap)?.[1];
    if (!hex) throw new Error("the gap of a ByteRange holds no hexadecimal string");
    found.push({
      content: Buffer.concat([pdf.subarray(0, length), pdf.subarray(second, second + secondLength)]),
      cms: derElement(Buffer.from(hex, "hex")),
    });
    if (found.length > most) throw new Error(`more than ${most} signatures`);
  }
  return found;
}

/** The first DER element, without the zeros that fill the gap (X.690, 8.1.3). */
function derElement(bytes: Buffer): Buffer {
  const first = bytes[1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  const length = count === 0 ? first : bytes.readUIntBE(2, Math.min(count, 6));
  return bytes.subarray(0, 2 + count + length);
}
