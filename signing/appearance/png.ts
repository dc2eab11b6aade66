import { inflateSync } from "node:zlib";
import { SigningError } from "../errors.ts";
import { exceeded } from "../pdf/limits.ts";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const LARGEST_FILE = 10 * 2 ** 20;
const LARGEST_SIDE = 8_192;
const MOST_PIXELS = 16 * 2 ** 20;
const MOST_CHUNKS = 10_000;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What shows the picture; text, profiles and dates are none of a stamp's business. */
const KEPT = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/**
 * The PNG with nothing but its picture. Throws BAD_INPUT for what is no PNG, LIMIT_EXCEEDED for one that is too large
 * or unfolds to more than its header says.
 */
export function cleanPng(png: Buffer): Buffer {
  if (png.length > LARGEST_FILE) throw exceeded("The image is too large.");
  if (png.length < 33 || !png.subarray(0, 8).equals(SIGNATURE)) throw notPng();
  const data: Buffer[] = [];
  const kept: Buffer[] = [SIGNATURE];
  let at = 8;
  for (let chunks = 0; at < png.length; chunks++) {
    if (chunks === MOST_CHUNKS) throw exceeded("The image has too many parts.");
    if (at + 12 > png.length) throw notPng();
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (at + 12 + length > png.length || (chunks === 0) !== (type === "IHDR")) throw notPng();
    if (type === "IHDR" && length !== 13) throw notPng();
    if (type === "IDAT") data.push(png.subarray(at + 8, at + 8 + length));
    if (KEPT.has(type)) kept.push(png.subarray(at, at + 12 + length));
    at += 12 + length;
    if (type === "IEND") break;
  }
  const [width, height, depth, color] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24]!, CHANNELS[png[25]!]];
  if (width === 0 || height === 0 || color === undefined || ![1, 2, 4, 8, 16].includes(depth)) throw notPng();
  if (Math.max(width, height) > LARGEST_SIDE || width * height > MOST_PIXELS) throw exceeded("The image is too large.");
  // Interlacing (Adam7) starts up to 7 rows anew: one more byte for each row, at most twice the rows.
  const unfolded = Math.ceil((width * depth * color) / 8 + 8) * height + 2 * height + 64;
  try {
    inflateSync(Buffer.concat(data), { maxOutputLength: unfolded });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw tooLarge ? exceeded("The image unfolds to too much.") : notPng();
  }
  return Buffer.concat(kept);
}

function notPng(): SigningError {
  return new SigningError("BAD_INPUT", "The image is not a sound PNG.");
}
