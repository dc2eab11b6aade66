import { inflateSync } from "node:zlib";
import { type Budget, exceeded, malformed } from "./limits.ts";
import { PdfDict, PdfName, type PdfObject, type PdfStream } from "./objects.ts";

const MOST_FILTERS = 4;

type Resolve = (object: PdfObject | undefined) => PdfObject;

/**
 * The stream's bytes with its filters undone. Knows FlateDecode with predictors, ASCIIHexDecode and ASCII85Decode;
 * throws MALFORMED_PDF for broken data or another filter, LIMIT_EXCEEDED for a bomb. `resolve` follows references.
 */
export function decodeStream(stream: PdfStream, budget: Budget, resolve: Resolve): Buffer {
  const filters = listOf(resolve(stream.dict.get("Filter"))).map(resolve);
  const parameters = listOf(resolve(stream.dict.get("DecodeParms"))).map(resolve);
  if (filters.length > MOST_FILTERS) throw exceeded("A stream has too many filters.");
  let bytes = stream.raw;
  for (const [index, filter] of filters.entries()) {
    if (!(filter instanceof PdfName)) throw malformed("A stream's filter is not a name.");
    const parameter = parameters[index];
    bytes = undo(filter.name, bytes, parameter instanceof PdfDict ? parameter : undefined, budget, resolve);
  }
  return bytes;
}

function listOf(value: PdfObject): PdfObject[] {
  return value === null ? [] : Array.isArray(value) ? value : [value];
}

function undo(
  filter: string,
  bytes: Buffer,
  parameters: PdfDict | undefined,
  budget: Budget,
  resolve: Resolve,
): Buffer {
  switch (filter) {
    case "FlateDecode":
    case "Fl": {
      const inflated = inflate(bytes, budget);
      if (parameters === undefined) return inflated;
      const number = (key: string, otherwise: number): number => {
        const value = resolve(parameters.get(key));
        return typeof value === "number" ? value : otherwise;
      };
      const predictor = number("Predictor", 1);
      if (predictor === 1) return inflated;
      if (predictor < 10 || predictor > 15) throw malformed(`Predictor ${predictor} is not supported.`);
      return undoPngPredictor(inflated, number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1));
    }
    case "ASCIIHexDecode":
    case "AHx":
      return decodeHexadecimal(bytes);
    case "ASCII85Decode":
    case "A85":
      return decodeAscii85(bytes);
    default:
      throw malformed(`The filter ${filter} is not supported here.`);
  }
}

function inflate(bytes: Buffer, budget: Budget): Buffer {
  let inflated: Buffer;
  try {
    inflated = inflateSync(bytes, { maxOutputLength: budget.nextStream });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw exceeded("A stream inflates to more than a file of this size may hold.");
    }
    throw malformed("A stream's compressed data is broken.");
  }
  budget.inflated(inflated.length);
  return inflated;
}

/** Undoes PNG filtering (RFC 2083, 6): each row is led by the byte that names its filter. */
function undoPngPredictor(bytes: Buffer, colors: number, bits: number, columns: number): Buffer {
  const sane = [colors, bits, columns].every((n) => Number.isInteger(n) && n >= 1) && colors <= 32 && bits <= 16;
  if (!sane || columns > bytes.length * 8) throw malformed("A predictor's parameters are out of range.");
  const pixel = Math.max(1, (colors * bits) >> 3);
  const row = Math.ceil((colors * bits * columns) / 8);
  if (bytes.length % (row + 1) !== 0) throw malformed("Predicted data does not fill its rows.");
  const rows = bytes.length / (row + 1);
  const out = Buffer.alloc(rows * row);
  for (let y = 0; y < rows; y++) {
    const kind = bytes[y * (row + 1)]!;
    const from = y * (row + 1) + 1;
    const to = y * row;
    if (kind > 4) throw malformed("A row names an unknown PNG filter.");
    for (let x = 0; x < row; x++) {
      const left = x >= pixel ? out[to + x - pixel]! : 0;
      const up = y > 0 ? out[to + x - row]! : 0;
      const corner = y > 0 && x >= pixel ? out[to + x - row - pixel]! : 0;
      out[to + x] = bytes[from + x]! + predict(kind, left, up, corner);
    }
  }
  return out;
}

function predict(kind: number, left: number, up: number, corner: number): number {
  if (kind === 0) return 0;
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function decodeHexadecimal(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0x3e);
  let digits = bytes.toString("latin1", 0, end < 0 ? bytes.length : end).replace(/\s+/g, "");
  if (digits.length % 2 === 1) digits += "0";
  const out = Buffer.from(digits, "hex");
  if (out.length * 2 !== digits.length) throw malformed("Hexadecimal data holds something else.");
  return out;
}

function decodeAscii85(bytes: Buffer): Buffer {
  const out: number[] = [];
  const end = bytes.indexOf("~>");
  let group = 0;
  let digits = 0;
  for (const byte of bytes.subarray(0, end < 0 ? bytes.length : end)) {
    if (byte <= 32) continue;
    if (byte === 0x7a && digits === 0) {
      out.push(0, 0, 0, 0);
      continue;
    }
    if (byte < 0x21 || byte > 0x75) throw malformed("ASCII85 data holds something else.");
    group = group * 85 + (byte - 0x21);
    if (++digits < 5) continue;
    if (group > 0xffffffff) throw malformed("ASCII85 data overflows.");
    out.push(group >>> 24, (group >>> 16) & 255, (group >>> 8) & 255, group & 255);
    group = digits = 0;
  }
  if (digits === 1) throw malformed("ASCII85 data ends too early.");
  if (digits > 1) {
    for (let pad = digits; pad < 5; pad++) group = group * 85 + 84;
    if (group > 0xffffffff) throw malformed("ASCII85 data overflows.");
    out.push(...[group >>> 24, (group >>> 16) & 255, (group >>> 8) & 255].slice(0, digits - 1));
  }
  return Buffer.from(out);
}
