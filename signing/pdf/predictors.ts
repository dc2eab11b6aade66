import { malformed } from "./limits.ts";

/** Undoes what /Predictor names (7.4.4.4); `number` reads a key of the filter's parameters. Throws MALFORMED_PDF. */
export function undoPredictor(bytes: Buffer, number: (key: string, otherwise: number) => number): Buffer {
  const predictor = number("Predictor", 1);
  if (predictor === 1) return bytes;
  if (predictor !== 2 && !(predictor >= 10 && predictor <= 15)) {
    throw malformed(`Predictor ${predictor} is not supported.`);
  }
  const colors = number("Colors", 1);
  const bits = number("BitsPerComponent", 8);
  const columns = number("Columns", 1);
  const sane = Number.isInteger(colors) && colors >= 1 && colors <= 32 && [1, 2, 4, 8, 16].includes(bits);
  if (!sane || !Number.isInteger(columns) || columns < 1 || columns > 2 ** 26) {
    throw malformed("A predictor's parameters are out of range.");
  }
  const row = Math.ceil((colors * bits * columns) / 8);
  if (predictor === 2) return undoTiff(bytes, row, colors, bits, columns);
  return undoPng(bytes, row, Math.max(1, (colors * bits) >> 3));
}

/** PNG filtering (RFC 2083, 6): each row is led by the byte that names its filter. */
function undoPng(bytes: Buffer, row: number, pixel: number): Buffer {
  if (bytes.length % (row + 1) !== 0) throw malformed("Predicted data does not fill its rows.");
  const rows = bytes.length / (row + 1);
  const out = Buffer.allocUnsafe(rows * row);
  for (let y = 0; y < rows; y++) {
    const from = y * (row + 1) + 1;
    undoRow(bytes, from, out, y * row, row, pixel, bytes[from - 1]!);
  }
  return out;
}

function undoRow(bytes: Buffer, from: number, out: Buffer, to: number, row: number, pixel: number, kind: number): void {
  const above = to - row;
  switch (kind) {
    case 0:
      bytes.copy(out, to, from, from + row);
      return;
    case 1:
      for (let x = 0; x < row; x++) out[to + x] = bytes[from + x]! + (x >= pixel ? out[to + x - pixel]! : 0);
      return;
    case 2:
      for (let x = 0; x < row; x++) out[to + x] = bytes[from + x]! + (above >= 0 ? out[above + x]! : 0);
      return;
    case 3:
      for (let x = 0; x < row; x++) {
        const left = x >= pixel ? out[to + x - pixel]! : 0;
        const up = above >= 0 ? out[above + x]! : 0;
        out[to + x] = bytes[from + x]! + ((left + up) >> 1);
      }
      return;
    case 4:
      for (let x = 0; x < row; x++) {
        const left = x >= pixel ? out[to + x - pixel]! : 0;
        const up = above >= 0 ? out[above + x]! : 0;
        const corner = above >= 0 && x >= pixel ? out[above + x - pixel]! : 0;
        out[to + x] = bytes[from + x]! + paeth(left, up, corner);
      }
      return;
    default:
      throw malformed("A row names an unknown PNG filter.");
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** TIFF 6.0, section 14: each sample is written as its difference from the one to the left of the same colour. */
function undoTiff(bytes: Buffer, row: number, colors: number, bits: number, columns: number): Buffer {
  const out = Buffer.from(bytes);
  for (let start = 0; start < out.length; start += row) {
    const end = Math.min(start + row, out.length);
    if (bits === 8) {
      for (let at = start + colors; at < end; at++) out[at] = out[at]! + out[at - colors]!;
    } else if (bits === 16) {
      for (let at = start + 2 * colors; at + 1 < end; at += 2) {
        out.writeUInt16BE((out.readUInt16BE(at) + out.readUInt16BE(at - 2 * colors)) & 0xffff, at);
      }
    } else {
      undoTiffBits(out, start, end, colors, bits, columns);
    }
  }
  return out;
}

function undoTiffBits(out: Buffer, start: number, end: number, colors: number, bits: number, columns: number): void {
  const mask = (1 << bits) - 1;
  const before = new Uint8Array(colors);
  for (let sample = 0; sample < columns * colors; sample++) {
    const at = start + ((sample * bits) >> 3);
    if (at >= end) return;
    const shift = 8 - bits - ((sample * bits) & 7);
    const color = sample % colors;
    const value = (((out[at]! >> shift) & mask) + before[color]!) & mask;
    before[color] = value;
    out[at] = (out[at]! & ~(mask << shift)) | (value << shift);
  }
}
