import { inflateSync } from "node:zlib";
import { decodeLzw, decodeRunLength } from "./lzw.ts";
import { type Budget, exceeded, malformed } from "./limits.ts";
import { PdfDict, PdfName, type PdfObject, type PdfStream } from "./objects.ts";
import { undoPredictor } from "./predictors.ts";

const MOST_FILTERS = 4;

type Resolve = (object: PdfObject | undefined) => PdfObject;

/**
 * The stream's bytes with its filters undone. Knows FlateDecode and LZWDecode with predictors, ASCIIHexDecode,
 * ASCII85Decode and RunLengthDecode; /Crypt is undone already when a stream is read. Throws MALFORMED_PDF for broken
 * data or another filter, LIMIT_EXCEEDED for a bomb. `resolve` follows references.
 */
export function decodeStream(stream: PdfStream, budget: Budget, resolve: Resolve): Buffer {
  // 7.3.8.2: the data would stand in another file, which nobody has signed.
  if (resolve(stream.dict.get("F")) !== null) throw malformed("A stream's data is said to be in another file.");
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
  const number = (key: string, otherwise: number): number => {
    const value = resolve(parameters?.get(key));
    return typeof value === "number" ? value : otherwise;
  };
  switch (filter) {
    case "FlateDecode":
    case "Fl":
      return undoPredictor(inflate(bytes, budget), number);
    case "LZWDecode":
    case "LZW": {
      const early = number("EarlyChange", 1);
      if (early !== 0 && early !== 1) throw malformed("/EarlyChange is neither 0 nor 1.");
      const plain = decodeLzw(bytes, early, budget.nextStream);
      budget.inflated(plain.length);
      return undoPredictor(plain, number);
    }
    case "RunLengthDecode":
    case "RL": {
      const plain = decodeRunLength(bytes, budget.nextStream);
      budget.inflated(plain.length);
      return plain;
    }
    case "ASCIIHexDecode":
    case "AHx":
      return decodeHexadecimal(bytes);
    case "ASCII85Decode":
    case "A85":
      return decodeAscii85(bytes);
    case "Crypt":
      return bytes;
    default:
      throw malformed(`The filter ${filter} is not supported here.`);
  }
}

function inflate(bytes: Buffer, budget: Budget): Buffer {
  // Some programs (qpdf) store nothing as nothing.
  if (bytes.length === 0) return bytes;
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
