import type { PdfDocument, PdfView } from "../pdf/document.ts";
import type { Rect } from "../pdf/geometry.ts";
import { Budget, exceeded } from "../pdf/limits.ts";
import { isName, PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { Parser } from "../pdf/parser.ts";

type Matrix = readonly [number, number, number, number, number, number];

/** What is read of one page: bytes of content, runs of text, and forms inside forms. */
const limits = { bytes: 4 * 1024 * 1024, runs: 20_000, depth: 8, forms: 200 } as const;
const identity: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * Where a page shows text, one rectangle for each run, in the page's own coordinates. Widths are estimates (half an em
 * for each character where a font gives none); runs of one repeated character, as in dotted lines, are left out.
 */
export function textPlaces(document: PdfDocument, view: PdfView, ref: PdfRef): Rect[] {
  const dictionary = view.dict(ref);
  const contents = view.resolve(dictionary?.get("Contents"));
  const streams = (Array.isArray(contents) ? contents : [contents]).map((item) => view.resolve(item));
  const newline = Buffer.from("\n");
  const parts = streams.flatMap((item) => (item instanceof PdfStream ? [document.decode(item, view), newline] : []));
  let resources = dictionary;
  for (let up = 0; up < 50 && resources && resources.get("Resources") === undefined; up++) {
    resources = view.dict(resources.get("Parent"));
  }
  const page = { document, view, places: [], forms: 0 };
  read(page, Buffer.concat(parts), view.dict(resources?.get("Resources")), identity, 0);
  return page.places;
}

interface Page {
  readonly document: PdfDocument;
  readonly view: PdfView;
  readonly places: Rect[];
  forms: number;
}

function read(page: Page, content: Buffer, resources: PdfDict | undefined, start: Matrix, depth: number): void {
  if (content.length > limits.bytes) throw exceeded("A page's content is too long.");
  const { document, view, places } = page;
  const parser = new Parser(content, 0, new Budget(content.length), false);
  const saved: Matrix[] = [];
  let ctm = start;
  let [line, text]: [Matrix, Matrix] = [identity, identity];
  let [size, leading, bytesPerCode] = [12, 0, 1];
  let operands: PdfObject[] = [];
  const number = (i: number) => (typeof operands[i] === "number" ? operands[i] : 0);
  const named = (kind: string) =>
    operands[0] instanceof PdfName ? view.dict(resources?.get(kind))?.get(operands[0].name) : undefined;
  const matrix = (): Matrix => [number(0), number(1), number(2), number(3), number(4), number(5)];
  const move = (x: number, y: number) => {
    line = text = multiply([1, 0, 0, 1, x, y], line);
  };
  const show = (item: PdfObject | undefined) => {
    const strings = (Array.isArray(item) ? item : [item]).filter((part) => part instanceof PdfString);
    const bytes = Buffer.concat(strings.map((part) => part.bytes));
    const codes = new Set<number>();
    for (let i = 0; i + bytesPerCode <= bytes.length; i += bytesPerCode) codes.add(bytes.readUIntBE(i, bytesPerCode));
    const width = (bytes.length / bytesPerCode) * size * 0.5;
    if (codes.size > 1 && places.length < limits.runs) places.push(bounds(multiply(text, ctm), width, size));
    text = multiply([1, 0, 0, 1, width, 0], text);
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
        if (saved.length < 100) saved.push(ctm);
        break;
      case "Q":
        ctm = saved.pop() ?? ctm;
        break;
      case "cm":
        ctm = multiply(matrix(), ctm);
        break;
      case "BT":
        line = text = identity;
        break;
      case "Tf": {
        size = number(1);
        const font = view.dict(named("Font"));
        bytesPerCode = isName(view.resolve(font?.get("Subtype")), "Type0") ? 2 : 1;
        break;
      }
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
        if (depth >= limits.depth || ++page.forms > limits.forms) throw exceeded("A page draws too many forms.");
        const matrixOfForm = view.array(form.dict.get("Matrix")).map((n) => (typeof n === "number" ? n : 0));
        const inside = matrixOfForm.length === 6 ? multiply(matrixOfForm as unknown as Matrix, ctm) : ctm;
        const inner = view.dict(form.dict.get("Resources")) ?? resources;
        read(page, document.decode(form, view), inner, inside, depth + 1);
      }
    }
    operands = [];
  }
}

function multiply([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix {
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

/** The rectangle around a run that starts at the origin of `m`. */
function bounds([a, b, c, d, e, f]: Matrix, width: number, height: number): Rect {
  const points = [
    [0, 0],
    [width, 0],
    [0, height * 0.7],
    [width, height * 0.7],
  ] as const;
  const xs = points.map(([x, y]) => a * x + c * y + e);
  const ys = points.map(([x, y]) => b * x + d * y + f);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
