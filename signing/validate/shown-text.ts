import type { PdfView } from "../pdf/view.ts";
import { Budget, exceeded } from "../pdf/limits.ts";
import { isName, PdfDict, PdfName, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { Parser } from "../pdf/parser.ts";
import { readCodeMap, type CodeMap } from "./code-map.ts";

/** Text shown by one operator, and where it begins. */
export interface ShownText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

type Matrix = readonly [number, number, number, number, number, number];

const limits = { bytes: 2 * 1024 * 1024, runs: 20_000, depth: 6, forms: 60 } as const;
const identity: Matrix = [1, 0, 0, 1, 0, 0];

interface Reader {
  readonly view: PdfView;
  readonly runs: ShownText[];
  readonly fonts: Map<PdfDict, CodeMap | undefined>;
  forms: number;
}

/**
 * The text that a content stream shows, forms inside it included, in its own coordinates. Codes are read by the
 * font's /ToUnicode, else as Latin-1; widths are estimates. Throws LIMIT_EXCEEDED, MALFORMED_PDF.
 */
export function shownText(view: PdfView, content: Buffer, resources: PdfDict | undefined): ShownText[] {
  const reader: Reader = { view, runs: [], fonts: new Map(), forms: 0 };
  read(reader, content, resources, identity, 0);
  return reader.runs;
}

function read(reader: Reader, content: Buffer, resources: PdfDict | undefined, start: Matrix, depth: number): void {
  if (content.length > limits.bytes) throw exceeded("A content stream is too long.");
  const { view, runs } = reader;
  const parser = new Parser(content, 0, new Budget(content.length), false);
  const saved: { ctm: Matrix; font: PdfDict | undefined; size: number }[] = [];
  let state: { ctm: Matrix; font: PdfDict | undefined; size: number } = { ctm: start, font: undefined, size: 12 };
  let [line, text]: [Matrix, Matrix] = [identity, identity];
  let leading = 0;
  let operands: PdfObject[] = [];
  const number = (i: number) => (typeof operands[i] === "number" ? operands[i] : 0);
  const named = (kind: string) =>
    operands[0] instanceof PdfName ? view.dict(resources?.get(kind))?.get(operands[0].name) : undefined;
  const matrix = (): Matrix => [number(0), number(1), number(2), number(3), number(4), number(5)];
  const move = (x: number, y: number) => {
    line = text = multiply([1, 0, 0, 1, x, y], line);
  };
  const show = (item: PdfObject | undefined) => {
    const parts = (Array.isArray(item) ? item : [item]).filter((part) => part instanceof PdfString);
    const shown = parts.map((part) => decode(reader, state.font, part.bytes)).join("");
    const at = multiply(text, state.ctm);
    if (shown && runs.length < limits.runs) runs.push({ text: shown, x: at[4], y: at[5] });
    text = multiply([1, 0, 0, 1, shown.length * state.size * 0.5, 0], text);
  };
  for (parser.skip(); parser.position < content.length; parser.skip()) {
    const next = content.toString("latin1", parser.position, parser.position + 12);
    const word = /^[A-Za-z'"][A-Za-z0-9*]*/.exec(next)?.[0];
    if (word === undefined || word === "true" || word === "false" || word === "null") {
      operands.push(parser.object());
      if (operands.length > 100) operands = [];
      continue;
    }
    parser.position += word.length;
    switch (word) {
      case "q":
        if (saved.length < 100) saved.push(state);
        break;
      case "Q":
        state = saved.pop() ?? state;
        break;
      case "cm":
        state = { ...state, ctm: multiply(matrix(), state.ctm) };
        break;
      case "BT":
        line = text = identity;
        break;
      case "Tf":
        state = { ...state, font: view.dict(named("Font")), size: number(1) };
        break;
      case "TL":
        leading = number(0);
        break;
      case "TD":
        leading = -number(1);
        move(number(0), number(1));
        break;
      case "Td":
        move(number(0), number(1));
        break;
      case "Tm":
        line = text = matrix();
        break;
      case "T*":
        move(0, -leading);
        break;
      case "Tj":
      case "TJ":
        show(operands[0]);
        break;
      case "'":
      case '"':
        move(0, -leading);
        show(operands.at(-1));
        break;
      case "BI": {
        const end = content.indexOf("EI", parser.position);
        parser.position = end < 0 ? content.length : end + 2;
        break;
      }
      case "Do": {
        const form = view.resolve(named("XObject"));
        if (!(form instanceof PdfStream) || !isName(view.resolve(form.dict.get("Subtype")), "Form")) break;
        if (depth >= limits.depth || ++reader.forms > limits.forms) break;
        const own = view.array(form.dict.get("Matrix")).map((n) => (typeof n === "number" ? n : 0));
        const inside = own.length === 6 ? multiply(own as unknown as Matrix, state.ctm) : state.ctm;
        const inner = view.dict(form.dict.get("Resources")) ?? resources;
        read(reader, view.document.decode(form, view), inner, inside, depth + 1);
      }
    }
    operands = [];
  }
}

function decode(reader: Reader, font: PdfDict | undefined, bytes: Buffer): string {
  if (font && !reader.fonts.has(font)) {
    const stream = reader.view.resolve(font.get("ToUnicode"));
    const map = stream instanceof PdfStream ? readCodeMap(reader.view.document.decode(stream, reader.view)) : undefined;
    reader.fonts.set(font, map);
  }
  const map = font && reader.fonts.get(font);
  const wide = font !== undefined && isName(reader.view.resolve(font.get("Subtype")), "Type0");
  if (!map) return wide ? "" : bytes.toString("latin1");
  const size = wide ? 2 : map.size;
  let text = "";
  for (let at = 0; at + size <= bytes.length; at += size) text += map.textOf(bytes.readUIntBE(at, size)) ?? "";
  return text;
}

function multiply([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix {
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}
