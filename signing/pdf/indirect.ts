import { SigningError } from "../errors.ts";
import { malformed } from "./limits.ts";
import { PdfDict, type PdfObject, PdfRef, PdfStream, type Span } from "./objects.ts";
import type { Parser } from "./parser.ts";
import { readAt, type Reading } from "./reading.ts";
import { findForward } from "./search.ts";
import type { PdfSource } from "./source.ts";
import { StoredBytes } from "./stored.ts";

/** An indirect object as read; no span when it came out of an object stream. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfObject;
  /** From the object number to the end of `endobj`. */
  readonly span?: Span;
  /** The reference and its value when the extent hangs on another object, which a later revision may change. */
  readonly length?: { readonly ref: PdfRef; readonly value: number };
}

/** Follows an indirect /Length. */
export type LengthOf = (ref: PdfRef) => number;

/** Reads `n g obj … endobj` at an offset. Throws MALFORMED_PDF unless it stands there, or can be put right. */
export function readIndirect(reading: Reading, offset: number, lengthOf: LengthOf): IndirectObject {
  return readAt(reading, offset, (parser) => {
    parser.skip();
    const start = parser.offset;
    const number = parser.integer();
    const generation = parser.integer();
    parser.expect("obj");
    if (start !== offset) reading.repairs.harmless("SPACE_BEFORE_OBJECT", offset);
    const value = parser.object();
    parser.skip();
    if (value instanceof PdfDict && parser.accept("stream")) {
      const { stream, end, length } = readStream(reading, parser, value, lengthOf);
      const object = { number, generation, value: stream, span: { start, end } };
      return length === undefined ? object : { ...object, length };
    }
    if (!parser.accept("endobj")) missingEnd(reading, parser);
    return { number, generation, value, span: { start, end: parser.offset } };
  });
}

/** 7.3.10 demands `endobj`; where the next thing follows at once, every reader goes on there. */
function missingEnd({ repairs }: Reading, parser: Parser): void {
  const error = parser.error('Expected "endobj"');
  parser.need(40);
  if (!repairs.tolerant) throw error;
  const { position, offset } = parser;
  if (
    !/^(?:\d+\s+\d+\s+obj\b|xref\b|trailer\b|startxref\b)/.test(
      parser.bytes.toString("latin1", position, position + 40),
    )
  ) {
    throw error;
  }
  repairs.harmless("MISSING_ENDOBJ", offset);
}

interface ReadStream {
  readonly stream: PdfStream;
  readonly end: number;
  readonly length?: { readonly ref: PdfRef; readonly value: number };
}

function readStream(reading: Reading, parser: Parser, dict: PdfDict, lengthOf: LengthOf): ReadStream {
  const { source, repairs, budget } = reading;
  skipLineEnd(reading, parser);
  const start = parser.offset;
  try {
    const written = dict.get("Length");
    const value = written instanceof PdfRef ? lengthOf(written) : written;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || start + value > source.length) {
      throw malformed(`The stream at byte ${start} has a wrong length.`, { offset: start });
    }
    const end = readStreamEnd(reading, parser, start + value);
    const stream = new PdfStream(dict, new StoredBytes(source, start, value));
    return written instanceof PdfRef ? { stream, end, length: { ref: written, value } } : { stream, end };
  } catch (error) {
    if (!repairs.tolerant || !(error instanceof SigningError) || error.code === "LIMIT_EXCEEDED") throw error;
    const close = findForward(source, "endstream", start);
    budget.searched((close ?? source.length) - start);
    if (close === undefined) throw error;
    repairs.guessed("WRONG_STREAM_LENGTH", start);
    const length = close - start - lineEndBefore(source, start, close);
    return {
      stream: new PdfStream(dict, new StoredBytes(source, start, length)),
      end: readStreamEnd(reading, parser, close),
    };
  }
}

/** 7.3.8.1: the keyword is followed by CR LF or LF, never by CR alone. */
function skipLineEnd({ repairs }: Reading, parser: Parser): void {
  const { bytes, position } = parser;
  let at = position;
  parser.need(16);
  if (repairs.tolerant) while (bytes[at] === 32 || bytes[at] === 9) at++;
  const blanks = at > position;
  const ends =
    bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : bytes[at] === 10 || (repairs.tolerant && bytes[at] === 13) ? 1 : 0;
  if (ends === 0) throw parser.error("A stream's keyword is not followed by a line end");
  if (blanks || (ends === 1 && bytes[at] === 13)) repairs.guessed("STREAM_KEYWORD_LINE_END", parser.offset);
  parser.position = at + ends;
}

/** The offset behind `endstream endobj`, which must follow the data; in the same piece of the file where it can. */
function readStreamEnd(reading: Reading, parser: Parser, offset: number): number {
  const read = (behind: Parser): number => {
    behind.skipWhite();
    if (!behind.accept("endstream")) throw behind.error('Expected "endstream"');
    behind.skip();
    if (!behind.accept("endobj")) missingEnd(reading, behind);
    return behind.offset;
  };
  const position = offset - parser.base;
  if (position + 64 > parser.bytes.length && parser.base + parser.bytes.length < reading.source.length) {
    return readAt(reading, offset, read);
  }
  parser.position = position;
  return read(parser);
}

/** How long the line end is that stands before `endstream` and is no data. */
function lineEndBefore(source: PdfSource, start: number, close: number): number {
  const before = source.read(Math.max(start, close - 2), close).toString("latin1");
  return before.endsWith("\r\n") ? 2 : /[\r\n]$/.test(before) ? 1 : 0;
}
