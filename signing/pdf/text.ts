import { PdfString } from "./objects.ts";

/** A text string (7.9.2.2) as UTF-16BE with a byte-order mark, written in hex; NFC, as accents render best. */
export function encodeText(value: string): PdfString {
  return new PdfString(Buffer.from(`\ufeff${value.normalize("NFC")}`, "utf16le").swap16(), true);
}

/** What a text string says: UTF-16BE or UTF-8 by its mark, else PDFDocEncoding; unknown bytes become U+FFFD. */
export function decodeText(text: PdfString): string {
  const { bytes } = text;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString("utf16le");
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString("utf8", 3);
  return bytes.toString("latin1").replace(/[\x18-\x1f\x7f-\xa0\xad]/g, (c) => PDF_DOC_ENCODING[c] ?? "\ufffd");
}

/** Annex D.2: where PDFDocEncoding differs from Latin-1. */
const PDF_DOC_ENCODING: Readonly<Record<string, string>> = Object.fromEntries([
  ..."˘ˇˆ˙˝˛˚˜".split("").map((c, at) => [String.fromCharCode(0x18 + at), c]),
  ..."•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž".split("").map((c, at) => [String.fromCharCode(0x80 + at), c]),
  ["\xa0", "€"],
]);

const VIETNAM_OFFSET = 7 * 3_600_000;

/** A date string (7.9.4) in Vietnamese time: `D:YYYYMMDDHHmmSS+07'00'`. */
export function encodeDate(at: Date): PdfString {
  const local = new Date(at.getTime() + VIETNAM_OFFSET);
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  const day = `${String(local.getUTCFullYear()).padStart(4, "0")}${two(local.getUTCMonth() + 1)}${two(local.getUTCDate())}`;
  const time = `${two(local.getUTCHours())}${two(local.getUTCMinutes())}${two(local.getUTCSeconds())}`;
  return new PdfString(Buffer.from(`D:${day}${time}+07'00'`, "latin1"));
}
