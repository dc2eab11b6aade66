import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { box, type Rect } from "../pdf/geometry.ts";
import { exceeded } from "../pdf/limits.ts";
import { isName, PdfDict, PdfName, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { operations } from "./content.ts";
import { readFont, unknownFont, type Font } from "./fonts.ts";
import { fillColour, initialState, isVeiling, settings, taken, type State } from "./graphics-state.ts";
import { around, bounds, common, identity, multiply, type Matrix } from "./matrix.ts";
import { Path, type Point } from "./paths.ts";
import { strokePieces, strokeWidth, type Segment } from "./strokes.ts";
import { OpenWord, type Word } from "./words.ts";

export type { Word } from "./words.ts";

/** Something that hides what is under it, as far as is known: a filled area, or an image (placed by its matrix). */
export type Painted =
  | Word
  | {
      readonly kind: "area";
      readonly rect: Rect;
      /** Not of plain rectangles: it may be letters. */ readonly isDrawing?: true;
      /** Of a shape in the looks of a field, as long as it has few of them. */ readonly corners?: readonly Point[];
    }
  | { readonly kind: "image"; readonly rect: Rect; readonly matrix: Matrix; readonly image: PdfStream };

/** What is read of one page: items, forms inside forms. */
const limits = { items: 100_000, depth: 8, forms: 500, saved: 5_000, corners: 40 } as const;
const plain = { isDrawing: false } as const;
const untoldFont: Font = { ...unknownFont, text: () => undefined };

interface Shape {
  readonly isDrawing: boolean;
  readonly points?: readonly Point[];
}
/** Letters drawn with thinner lines are no larger than they are. */
const thickLine = 3;
/** Lower letters, in points, are not read by anybody. */
const smallest = 2;
/** Beyond this the corners of lines may reach anywhere (8.4.3.5); 10 is usual. */
const highestMiter = 20;
const everything: Rect = [-1e9, -1e9, 1e9, 1e9];

/** Where painting starts: with which transformation, inside what, or without any clipping. */
export interface Canvas {
  readonly matrix: Matrix;
  readonly clip: Rect | "none";
  /** Whether lines and drawn glyphs are wanted, too: all that could hide something. */
  readonly inks?: boolean;
  /**
   * For the looks of a field, which have to say what it holds: shapes come with their corners, lines as shapes, too; and
   * text that is turned, out of order or in a colour that resources define anew counts as not seen.
   */
  readonly looks?: boolean;
}

/** What content paints, in order, in the coordinates of the canvas. Throws MALFORMED_PDF, LIMIT_EXCEEDED. */
export function paintedBy(
  document: PdfDocument,
  view: PdfView,
  content: Buffer,
  resources: PdfDict | undefined,
  canvas: Canvas = { matrix: identity, clip: everything },
): Painted[] {
  const painter = new Painter(document, view, canvas);
  const clip = canvas.clip === "none" ? everything : canvas.clip;
  painter.run(content, resources, initialState(canvas.matrix, clip), 0);
  return painter.items;
}

class Painter {
  readonly items: Painted[] = [];
  readonly #document: PdfDocument;
  readonly #view: PdfView;
  readonly #clips: boolean;
  readonly #inks: boolean;
  readonly #looks: boolean;
  readonly #fonts = new Map<PdfDict, Font>();
  #forms = 0;
  #pieces = 0;
  #word: OpenWord | undefined;
  /** Where the last glyph in the looks of a field is. */
  #last: Rect | undefined;

  constructor(document: PdfDocument, view: PdfView, { clip, inks = false, looks = false }: Canvas) {
    this.#document = document;
    this.#view = view;
    this.#clips = clip !== "none";
    this.#inks = inks;
    this.#looks = looks;
  }

  run(content: Buffer, resources: PdfDict | undefined, start: State, depth: number): void {
    this.#document.reading.budget.painted(content.length);
    const isRedefined = this.#looks && redefinesColours(this.#view.dict(resources?.get("ColorSpace")));
    let state = { ...start, isPale: start.isPale || isRedefined };
    const saved: State[] = [];
    let [line, text]: [Matrix, Matrix] = [identity, identity];
    const path = new Path(this.#inks || this.#looks);
    let spiky = false;
    const move = (x: number, y: number) => {
      line = text = multiply([1, 0, 0, 1, x, y], line);
    };
    const show = (item: PdfObject | undefined) => {
      text = this.#show(Array.isArray(item) ? item : [item ?? null], text, state, depth);
    };
    const endPath = (fills: boolean, strokes: boolean) => {
      const { rect } = path;
      // A pattern may write (8.7.3).
      const mayWrite = this.#looks && state.space === "other";
      if (rect && fills) this.#area(rect, state.clip, mayWrite ? { isDrawing: true } : path);
      if (rect && strokes && spiky) this.#area(state.clip, state.clip);
      else if (rect && strokes && path.hasCurves && this.#looks) this.#area(rect, state.clip, path);
      else if (strokes) this.#lines(path.segments, state);
      // Readers take no notice of a clipping path that is empty.
      if (rect && path.clips && this.#clips) state = { ...state, clip: common(state.clip, rect) ?? [0, 0, 0, 0] };
      path.clear();
    };
    for (const { operator, operands: given } of operations(content)) {
      const operands = taken(operator, given);
      const number = (i: number) => (typeof operands[i] === "number" ? operands[i] : 0);
      const matrix = (): Matrix => [number(0), number(1), number(2), number(3), number(4), number(5)];
      if (path.take(operator, number, state.ctm)) continue;
      const setting = settings.get(operator);
      if (setting) state = { ...state, ...setting(number(0)) };
      const colour = fillColour(operator, operands, state.space);
      if (colour) state = { ...state, ...colour, isPale: colour.isPale || isRedefined };
      switch (operator) {
        case "q":
          if (saved.length >= limits.saved) throw exceeded("Graphics states are nested too deep.");
          saved.push(state);
          break;
        case "Q":
          state = saved.pop() ?? state;
          break;
        case "cm":
          state = { ...state, ctm: multiply(matrix(), state.ctm) };
          break;
        case "M":
          spiky ||= number(0) > highestMiter;
          break;
        case "gs":
          if (operands[0] instanceof PdfName) state = this.#changed(state, resources, operands[0].name);
          break;
        case "f":
        case "F":
        case "f*":
          endPath(true, false);
          break;
        case "b":
        case "b*":
          path.close();
          endPath(true, true);
          break;
        case "B":
        case "B*":
          endPath(true, true);
          break;
        case "s":
          path.close();
          endPath(false, true);
          break;
        case "S":
          endPath(false, true);
          break;
        case "n":
          endPath(false, false);
          break;
        case "sh":
          this.#area(state.clip, state.clip, this.#looks ? { isDrawing: true } : plain);
          break;
        case "BI":
          // Readers disagree about where it ends, and so about what follows.
          this.#area(this.#inks ? state.clip : bounds(state.ctm, [0, 0, 1, 1]), state.clip, { isDrawing: true });
          break;
        case "BT":
          line = text = identity;
          break;
        case "Tf": {
          const font = operands[0] instanceof PdfName ? this.#named(resources, "Font", operands[0].name) : undefined;
          state = { ...state, font: this.#font(this.#view.dict(font)), size: number(1) };
          break;
        }
        case "TD":
          state = { ...state, leading: -number(1) };
          move(number(0), number(1));
          break;
        case "Td":
          move(number(0), number(1));
          break;
        case "Tm":
          line = text = matrix();
          break;
        case "T*":
          move(0, -state.leading);
          break;
        case "Tj":
        case "TJ":
          show(operands[0]);
          break;
        case '"':
          state = { ...state, wordSpace: number(0), charSpace: number(1) };
          move(0, -state.leading);
          show(operands[2]);
          break;
        case "'":
          move(0, -state.leading);
          show(operands[0]);
          break;
        case "Do":
          if (operands[0] instanceof PdfName) {
            this.#draw(this.#named(resources, "XObject", operands[0].name), resources, state, depth);
          }
      }
    }
    this.#endWord();
  }

  #named(resources: PdfDict | undefined, kind: string, name: string): PdfObject {
    return this.#view.resolve(this.#view.dict(resources?.get(kind))?.get(name));
  }

  #font(font: PdfDict | undefined): Font {
    // Readers disagree about where else they look for it.
    if (!font) return this.#looks ? untoldFont : unknownFont;
    let known = this.#fonts.get(font);
    if (!known) this.#fonts.set(font, (known = readFont(this.#document, this.#view, font)));
    return known;
  }

  #draw(object: PdfObject, resources: PdfDict | undefined, state: State, depth: number): void {
    const view = this.#view;
    if (!(object instanceof PdfStream)) return;
    if (!isName(view.resolve(object.dict.get("Subtype")), "Form")) {
      const rect = common(bounds(state.ctm, [0, 0, 1, 1]), state.clip);
      if (rect) this.#add({ kind: "image", rect, matrix: state.ctm, image: object });
      return;
    }
    if (depth >= limits.depth || ++this.#forms > limits.forms) throw exceeded("A page draws too many forms.");
    this.#endWord();
    const inside = multiply(matrixOf(view, object.dict.get("Matrix")), state.ctm);
    const frame = box(view, object.dict.get("BBox"));
    const clip = frame && this.#clips ? (common(state.clip, bounds(inside, frame)) ?? [0, 0, 0, 0]) : state.clip;
    const own = view.dict(object.dict.get("Resources")) ?? resources;
    this.run(this.#document.decode(object, view), own, { ...state, ctm: inside, clip }, depth + 1);
  }

  /** Shows strings and gaps; gives the text matrix behind them (9.4.4). */
  #show(items: readonly PdfObject[], start: Matrix, state: State, depth: number): Matrix {
    const { font, size, scale, charSpace, wordSpace, rise, mode, lineWidth } = state;
    const stroke = [1, 2, 5, 6].includes(mode) ? strokeWidth(lineWidth, state.ctm) : 0;
    let text = start;
    const advance = (width: number) => {
      text = multiply([1, 0, 0, 1, width * scale, 0], text);
    };
    for (const item of items) {
      if (typeof item === "number") advance((-item / 1000) * size);
      if (!(item instanceof PdfString)) continue;
      for (let i = 0; i + font.bytesPerCode <= item.bytes.length; i += font.bytesPerCode) {
        const code = item.bytes.readUIntBE(i, font.bytesPerCode);
        const width = ((this.#looks ? font.exactWidth?.(code) : undefined) ?? font.width(code)) * size;
        const place = multiply([scale, 0, 0, 1, 0, rise], multiply(text, state.ctm));
        const rect = bounds(place, [0, 0, width, size * 0.7]);
        this.#glyph(code, rect, state, place);
        if (this.#inks && stroke >= thickLine) this.#area(grown(rect, stroke / 2), state.clip);
        if (this.#inks && font.drawing)
          this.#drawGlyph(font, code, multiply([size, 0, 0, size, 0, 0], place), state, depth);
        advance(width + charSpace + (code === 32 && font.bytesPerCode === 1 ? wordSpace : 0));
      }
    }
    return text;
  }

  /** Glyphs that stand close on one line make a word. */
  #glyph(code: number, rect: Rect, { font, mode, clip, isPale, isVeiled }: State, place: Matrix): void {
    const text = font.text(code);
    const shown = common(rect, clip);
    // Mode 3 shows nothing: the text behind a scanned page, which is often wrong.
    if (mode === 3 || !shown || (text !== undefined && text.trim() === "")) return this.#endWord();
    const height = rect[3] - rect[1];
    const near = this.#word?.isNear(rect, height / 3);
    if (!near) this.#endWord();
    this.#word ??= new OpenWord();
    // Modes 1, 5 and 7 (9.3.6) fill nothing.
    const isUnseen = isPale || isVeiled || [1, 5, 7].includes(mode) || height < smallest;
    this.#word.add(rect, code, text, isUnseen || (this.#looks && !this.#isRead(rect, place)));
  }

  /** Whether a glyph stands upright and behind the one before it, or in a line below. */
  #isRead(rect: Rect, [a, b, c, d]: Matrix): boolean {
    const last = this.#last ?? [rect[0], rect[1], rect[0], rect[3]];
    this.#last = rect;
    const isUpright = a > 0 && d > 0 && Math.max(Math.abs(b), Math.abs(c)) <= 0.4 * Math.min(a, d);
    const height = Math.min(last[3] - last[1], rect[3] - rect[1]);
    const isOnLine = Math.min(last[3], rect[3]) - Math.max(last[1], rect[1]) > height / 2;
    return isUpright && (isOnLine ? rect[0] >= last[0] - height / 10 : rect[1] < last[1]);
  }

  #endWord(): void {
    const word = this.#word?.close();
    this.#word = undefined;
    if (word) this.#add(word);
  }

  #area(rect: Rect, clip: Rect, { isDrawing, points }: Shape = plain): void {
    const shown = common(rect, clip);
    if (!shown) return;
    const corners = this.#looks && points && points.length <= limits.corners ? points : undefined;
    this.#add({ kind: "area", rect: shown, ...(isDrawing && { isDrawing }), ...(corners && { corners }) });
  }

  #lines(segments: readonly Segment[], { ctm, lineWidth, clip }: State): void {
    const width = strokeWidth(lineWidth, ctm);
    for (const segment of segments) {
      if (!common(grown(around(segment), width), clip)) continue;
      if (this.#looks) {
        this.#area(grown(around(segment), width / 2), clip, { isDrawing: false, points: segment });
        continue;
      }
      for (const rect of strokePieces(segment, width)) {
        if (++this.#pieces > limits.items) throw exceeded("A page draws too many lines.");
        this.#area(rect, clip);
      }
    }
  }

  /** 9.6.4: a glyph of a Type 3 font is content by itself, as large as it likes. */
  #drawGlyph({ drawing }: Font, code: number, place: Matrix, state: State, depth: number): void {
    const { glyph, matrix, resources } = drawing!;
    const content = glyph(code);
    if (!content) return;
    if (depth >= limits.depth || ++this.#forms > limits.forms) throw exceeded("A page draws too many forms.");
    const word = this.#word;
    this.#word = undefined;
    const start = { ...state, ctm: multiply(matrix, place) };
    this.run(this.#document.decode(content, this.#view), resources, start, depth + 1);
    this.#word = word;
  }

  /** What a dictionary of graphics state parameters sets of what counts here (8.4.5, table 57). */
  #changed(state: State, resources: PdfDict | undefined, name: string): State {
    const view = this.#view;
    const parameters = view.dict(this.#named(resources, "ExtGState", name));
    if (!parameters) return state;
    const isVeiled = state.isVeiled || isVeiling(view, parameters);
    const [width, font] = [view.resolve(parameters.get("LW")), view.resolve(parameters.get("Font"))];
    const size = Array.isArray(font) ? view.resolve(font[1]) : undefined;
    const lineWidth = typeof width === "number" ? width : state.lineWidth;
    if (!Array.isArray(font) || typeof size !== "number") return { ...state, isVeiled, lineWidth };
    return { ...state, isVeiled, lineWidth, size, font: this.#font(view.dict(font[0])) };
  }

  #add(item: Painted): void {
    if (item.kind !== "word") this.#endWord();
    if (this.items.length >= limits.items) throw exceeded("A page paints too much.");
    this.items.push(item);
  }
}

/** A form's /Matrix; the identity unless it is six numbers. */
export function matrixOf(view: PdfView, object: PdfObject | undefined): Matrix {
  const value = view.resolve(object);
  const numbers = Array.isArray(value) ? value.map((item) => view.resolve(item)) : [];
  const sane = numbers.length === 6 && numbers.every((item) => typeof item === "number");
  return sane ? (numbers as unknown as Matrix) : identity;
}

/** Whether resources give the colours of the device another meaning (8.6.5.6), or readers take them for that. */
function redefinesColours(spaces: PdfDict | undefined): boolean {
  return [...(spaces?.entries.keys() ?? [])].some((key) => /^(?:Default|Device)(?:Gray|RGB|CMYK)$/.test(key));
}

function grown([left, bottom, right, top]: Rect, by: number): Rect {
  return [left - by, bottom - by, right + by, top + by];
}
