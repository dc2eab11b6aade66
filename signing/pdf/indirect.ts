import { malformed } from "./limits.ts";
import { PdfDict, type PdfObject, type PdfRef, PdfStream, type Span } from "./objects.ts";
import type { Parser } from "./parser.ts";

/** An indirect object as read; no span when it came out of an object stream. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfObject;
  /** From the object number to the end of `endobj`. */
  readonly span?: Span;
  /** Whether its extent hangs on another object (an indirect /Length), which a later revision may change. */
  readonly dependent?: boolean;
}

/** Reads `n g obj … endobj` at the parser's position; `lengthOf` finds an indirect /Length. Throws MALFORMED_PDF. */
export function readIndirect(parser: Parser, lengthOf: (ref: PdfRef) => number): IndirectObject {
  parser.skip();
  const start = parser.position;
  const number = parser.integer();
  const generation = parser.integer();
  parser.expect("obj");
  let value = parser.object();
  let dependent = false;
  parser.skip();
  if (value instanceof PdfDict && parser.accept("stream")) {
    const length = value.get("Length");
    dependent = typeof length !== "number";
    value = readStream(parser, value, typeof length === "number" ? length : lengthOf(length as PdfRef));
  }
  parser.expect("endobj");
  return { number, generation, value, span: { start, end: parser.position }, dependent };
}

function readStream(parser: Parser, dict: PdfDict, length: number): PdfStream {
  const { bytes } = parser;
  // 7.3.8.1: the keyword is followed by CR LF or LF, never by CR alone.
  if (bytes[parser.position] === 13) parser.position++;
  if (bytes[parser.position] !== 10) throw parser.error("A stream's keyword is not followed by a line end");
  const start = parser.position + 1;
  const end = start + length;
  if (!Number.isSafeInteger(length) || length < 0 || end > bytes.length) {
    throw malformed(`The stream at byte ${start} has a wrong length.`, { offset: start });
  }
  parser.position = end;
  parser.expect("endstream");
  return new PdfStream(dict, bytes.subarray(start, end));
}
