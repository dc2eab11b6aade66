import { exceeded, malformed } from "./limits.ts";

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4_096;

/**
 * Undoes LZWDecode (7.4.4.2). `early` is /EarlyChange. Throws MALFORMED_PDF for a code that means nothing,
 * LIMIT_EXCEEDED beyond `most` bytes.
 */
export function decodeLzw(bytes: Buffer, early: number, most: number): Buffer {
  // Each code stands for a text: the text of an earlier code and one more byte.
  const earlier = new Uint16Array(MOST_CODES);
  const last = new Uint8Array(MOST_CODES);
  const lengths = new Uint32Array(MOST_CODES);
  for (let code = 0; code < 256; code++) [last[code], lengths[code]] = [code, 1];
  let out = Buffer.allocUnsafe(Math.min(most, Math.max(1_024, bytes.length * 4)));
  let length = 0;
  let next = END + 1;
  let width = 9;
  let previous = -1;
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (held >>> bits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      width = 9;
      previous = -1;
      continue;
    }
    // A code that is just about to be defined: the text before, and once more its first byte.
    const fresh = code === next && previous >= 0;
    if (!fresh && (code >= next || (previous < 0 && code > 255))) throw malformed("LZW data is broken.");
    const size = fresh ? lengths[previous]! + 1 : lengths[code]!;
    if (length + size > most) throw exceeded("A stream inflates to more than a file of this size may hold.");
    if (length + size > out.length) out = grown(out, length, Math.min(most, 2 * (length + size)));
    let at = length + size - (fresh ? 1 : 0);
    for (let part = fresh ? previous : code; at > length; part = earlier[part]!) out[--at] = last[part]!;
    if (fresh) out[length + size - 1] = out[length]!;
    if (previous >= 0 && next < MOST_CODES) {
      earlier[next] = previous;
      last[next] = out[length]!;
      lengths[next] = lengths[previous]! + 1;
      next++;
      if (next + early >= 1 << width && width < 12) width++;
    }
    length += size;
    previous = code;
  }
  return out.subarray(0, length);
}

/** Undoes RunLengthDecode (7.4.5). Throws LIMIT_EXCEEDED beyond `most` bytes, MALFORMED_PDF when data is cut off. */
export function decodeRunLength(bytes: Buffer, most: number): Buffer {
  let out = Buffer.allocUnsafe(Math.min(most, Math.max(1_024, bytes.length * 2)));
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at++]!;
    if (kind === 128) break;
    const size = kind < 128 ? kind + 1 : 257 - kind;
    if (at + (kind < 128 ? size : 1) > bytes.length) throw malformed("Run-length data is cut off.");
    if (length + size > most) throw exceeded("A stream inflates to more than a file of this size may hold.");
    if (length + size > out.length) out = grown(out, length, Math.min(most, 2 * (length + size)));
    if (kind < 128) {
      bytes.copy(out, length, at, at + size);
      at += size;
    } else {
      out.fill(bytes[at++]!, length, length + size);
    }
    length += size;
  }
  return out.subarray(0, length);
}

function grown(out: Buffer<ArrayBuffer>, used: number, size: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(size);
  out.copy(larger, 0, 0, used);
  return larger;
}
