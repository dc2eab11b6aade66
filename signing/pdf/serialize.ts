import { MAX_DEPTH, exceeded } from "./limits.ts";
import { PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from "./objects.ts";

/** Text as latin1, one character per byte, or raw bytes: joined in order they are the file. */
export type Chunk = string | Buffer;

/** Appends an object as it is written in a file (7.3). Throws LIMIT_EXCEEDED for objects nested too deep. */
export function serialize(object: PdfObject, out: Chunk[], depth = 0): void {
  if (object instanceof PdfStream) {
    out.push(text(object.dict.with({ Length: object.raw.length }), depth), "\nstream\n", object.raw, "\nendstream");
  } else {
    out.push(text(object, depth));
  }
}

function text(object: PdfObject, depth: number): string {
  if (depth > MAX_DEPTH) throw exceeded("Objects are nested too deep.");
  if (object === null) return "null";
  switch (typeof object) {
    case "boolean":
      return object ? "true" : "false";
    case "number":
      return formatNumber(object);
  }
  if (object instanceof PdfName) return formatName(object.name);
  if (object instanceof PdfRef) return `${object.number} ${object.generation} R`;
  if (object instanceof PdfString) {
    return object.hex ? `<${object.bytes.toString("hex")}>` : formatLiteral(object.bytes);
  }
  if (Array.isArray(object)) return `[${object.map((item) => text(item, depth + 1)).join(" ")}]`;
  if (object instanceof PdfStream) throw new TypeError("A stream must be an indirect object (7.3.8).");
  let entries = "";
  for (const [key, value] of object.entries) entries += `${formatName(key)} ${text(value, depth + 1)}\n`;
  return entries === "" ? "<<>>" : `<<\n${entries}>>`;
}

/** A number without an exponent, which PDF does not have (7.3.3). */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("PDF has no such number.");
  const short = String(value);
  if (!short.includes("e")) return short;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(40).replace(/\.?0+$/, "");
}

const formattedNames = new Map<string, string>();
const MOST_FORMATTED_NAMES = 1_000;

function formatName(value: string): string {
  let known = formattedNames.get(value);
  if (known !== undefined) return known;
  const escape = (c: string): string => `#${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
  known = `/${value.replace(/[^!-~]|[#()<>[\]{}/%]/g, escape)}`;
  // Names come from files of strangers too: only so many are kept.
  if (formattedNames.size < MOST_FORMATTED_NAMES) formattedNames.set(value, known);
  return known;
}

function formatLiteral(bytes: Buffer): string {
  // A bare CR would be read back as LF.
  return `(${bytes
    .toString("latin1")
    .replace(/[\\()]/g, "\\$&")
    .replaceAll("\r", "\\r")})`;
}
