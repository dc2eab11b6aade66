import { SigningError } from "../errors.ts";
import { type Budget, MAX_OBJECT_SIZE, exceeded } from "./limits.ts";
import { Parser } from "./parser.ts";
import type { Repairs } from "./repairs.ts";
import type { PdfSource } from "./source.ts";

/** What all reading of one file shares. */
export interface Reading {
  readonly source: PdfSource;
  readonly budget: Budget;
  readonly repairs: Repairs;
}

const FIRST_PIECE = 4_096;

/**
 * Lets `read` parse at an offset of the file. Of a file on disk it gets a piece, and a larger one as long as the piece
 * ends too early; of a file in memory it gets everything at once. Throws what `read` throws, and LIMIT_EXCEEDED.
 */
export function readAt<T>({ source, budget }: Reading, offset: number, read: (parser: Parser) => T): T {
  for (let size = FIRST_PIECE; ; size *= 8) {
    const { bytes, start } = source.window(offset, size);
    const whole = start + bytes.length >= source.length;
    const parser = new Parser(bytes, offset - start, budget, true, start, !source.inMemory);
    if (whole) return read(parser);
    const { mark } = budget;
    try {
      const result = read(parser);
      if (!parser.ranOut) return result;
    } catch (error) {
      if (!parser.ranOut || !(error instanceof SigningError)) throw error;
    }
    if (size > MAX_OBJECT_SIZE) throw exceeded("An object is too long.", { offset });
    budget.restore(mark);
  }
}
