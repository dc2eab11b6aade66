import { Budget, exceeded } from "../pdf/limits.ts";
import type { PdfObject } from "../pdf/objects.ts";
import { Parser } from "../pdf/parser.ts";

/** One operator of a content stream with what stands before it (7.8.2). */
export interface Operation {
  readonly operator: string;
  readonly operands: readonly PdfObject[];
}

/** The longest content that is read. */
const longestContent = 16 * 1024 * 1024;
/** A CMap has up to 100 ranges of three strings before one operator. */
const mostOperands = 300;
const fewestOperands = 6;

/** The operators of a content stream, inline images as one `BI`. Throws MALFORMED_PDF, LIMIT_EXCEEDED. */
export function* operations(content: Buffer): Generator<Operation> {
  if (content.length > longestContent) throw exceeded("A content stream is too long.");
  const parser = new Parser(content, 0, new Budget(content.length), false);
  let operands: PdfObject[] = [];
  for (parser.skip(); parser.position < content.length; parser.skip()) {
    const next = content.toString("latin1", parser.position, parser.position + 32);
    const operator = /^[A-Za-z'"][A-Za-z0-9*]*/.exec(next)?.[0];
    if (operator === undefined || operator === "true" || operator === "false" || operator === "null") {
      operands.push(parser.object());
      // What an operator takes are the last ones.
      if (operands.length > mostOperands) operands = operands.slice(-fewestOperands);
      continue;
    }
    parser.position += operator.length;
    if (operator === "BI") parser.position = endOfInlineImage(content, parser.position);
    yield { operator, operands };
    operands = [];
  }
}

/** 8.9.7: behind an EI that stands between white space and what is no data of an image. */
function endOfInlineImage(content: Buffer, start: number): number {
  for (let at = content.indexOf("EI", start); at >= 0; at = content.indexOf("EI", at + 1)) {
    const around = content.toString("latin1", at - 1, at + 12);
    if (/^\sEI\s[\x09-\x7e]*$/.test(around)) return at + 2;
  }
  return content.length;
}
