import { createHash } from "node:crypto";
import { PDFDocument, PDFHexString, PDFName, type PDFRef } from "pdf-lib";
import { compressed } from "./compressed.ts";
import { FontSubset, resourceNames, textString } from "./font-subset.ts";
import type { Line, Word } from "./line-breaking.ts";
import { ascent, descent, type Face } from "./typeface.ts";

/** [x1, y1, x2, y2] in points of PDF user space, origin at the bottom left. */
export type Rect = [number, number, number, number];

/** A finished form. */
export interface Printed {
  bytes: Buffer;
  pages: number;
}

/** Colours by name, as PDF fill and stroke components. */
const colours = { black: "0 0 0", red: "0.85 0 0.05" };

/** Millimetres in points. */
export function mm(length: number): number {
  return (length * 72) / 25.4;
}

/** One page being drawn; `ink` are the rectangles covered by what has been drawn on it. */
export class Page {
  readonly width: number;
  readonly height: number;
  readonly ink: Rect[] = [];
  readonly #content: string[] = [];
  readonly #font: (face: Face) => FontSubset;

  constructor(width: number, height: number, font: (face: Face) => FontSubset) {
    this.width = width;
    this.height = height;
    this.#font = font;
  }

  /** Sets a line with its baseline at `y` from `x`; `stretchTo` widens the spaces until the line is that wide. */
  line(x: number, y: number, line: Line, stretchTo?: number, colour: keyof typeof colours = "black"): void {
    const gaps = line.words.length - 1;
    if (gaps < 0) return;
    const extra = stretchTo !== undefined && gaps > 0 ? (stretchTo - line.width) / gaps : 0;
    // In TJ a positive number moves back, in thousandths of an em.
    const adjustment = number((-extra * 1000) / line.size);
    const shown = spans(line.words).map(({ face, words }, index, all) => {
      const open = index < all.length - 1;
      const font = this.#font(face);
      const parts = words.map((word, at) => `<${font.encode(at < words.length - 1 || open ? `${word} ` : word)}>`);
      const array = parts.join(adjustment) + (open ? adjustment : "");
      return `/${resourceNames[face].decodeText()} ${number(line.size)} Tf [${array}] TJ`;
    });
    this.#content.push(`BT ${colours[colour]} rg 1 0 0 1 ${number(x)} ${number(y)} Tm ${shown.join(" ")} ET`);
    const width = line.width + extra * gaps;
    this.ink.push([x, y - descent * line.size, x + width, y + ascent * line.size]);
  }

  /** As `line`, centred on `centre`. */
  centred(centre: number, y: number, line: Line, colour: keyof typeof colours = "black"): void {
    this.line(centre - line.width / 2, y, line, undefined, colour);
  }

  /** A straight line, `thickness` points thick. */
  rule(x1: number, y1: number, x2: number, y2: number, thickness = 0.6): void {
    this.#content.push(
      `${colours.black} RG ${number(thickness)} w ${number(x1)} ${number(y1)} m ${number(x2)} ${number(y2)} l S`,
    );
    const half = thickness / 2;
    this.ink.push([Math.min(x1, x2) - half, Math.min(y1, y2) - half, Math.max(x1, x2) + half, Math.max(y1, y2) + half]);
  }

  /** The outline of a rectangle. */
  frame([x1, y1, x2, y2]: Rect, thickness = 0.6, colour: keyof typeof colours = "black"): void {
    const size = `${number(x2 - x1)} ${number(y2 - y1)}`;
    this.#content.push(`${colours[colour]} RG ${number(thickness)} w ${number(x1)} ${number(y1)} ${size} re S`);
    this.ink.push([x1, y1, x2, y2]);
  }

  /** Filled black rectangles, drawn as one path. */
  fill(rects: readonly Rect[]): void {
    const path = rects.map(([x1, y1, x2, y2]) =>
      [x1, y1, x2 - x1, y2 - y1].map((value) => number(value, 10_000)).join(" "),
    );
    this.#content.push(`${colours.black} rg ${path.map((rect) => `${rect} re`).join("\n")} f`);
    this.ink.push(...rects);
  }

  /** The content stream so far. */
  content(): Buffer {
    return Buffer.from(this.#content.join("\n"), "latin1");
  }
}

/** A PDF being written page by page; equal calls give equal bytes. */
export class PdfWriter {
  readonly #document: PDFDocument;
  readonly #fonts = new Map<Face, { subset: FontSubset; ref: PDFRef }>();
  readonly #resources: PDFRef;
  readonly #digest = createHash("sha256");
  #open: Page | undefined;
  #pages = 0;

  private constructor(document: PDFDocument) {
    this.#document = document;
    this.#resources = document.context.nextRef();
  }

  /** Starts a document; `title` is shown by viewers, `madeAt` becomes its creation date. */
  static async create(title: string, madeAt: Date): Promise<PdfWriter> {
    const document = await PDFDocument.create({ updateMetadata: false });
    document.setTitle(title, { showInWindowTitleBar: true });
    document.setProducer("Công Văn");
    document.setCreationDate(madeAt);
    document.catalog.set(PDFName.of("Lang"), textString("vi-VN"));
    return new PdfWriter(document);
  }

  /** Number of pages begun. */
  get pages(): number {
    return this.#pages;
  }

  /** Begins a page, width and height in points; the page before it is closed and must not be drawn on any more. */
  page(width: number, height: number): Page {
    this.#close();
    this.#pages++;
    this.#open = new Page(width, height, (face) => this.#font(face).subset);
    return this.#open;
  }

  /** Closes the last page and writes the file. */
  async finish(): Promise<Printed> {
    this.#close();
    const { context } = this.#document;
    const fonts = [...this.#fonts];
    for (const [, { subset, ref }] of fonts) subset.embed(context, ref);
    const dictionary = Object.fromEntries(fonts.map(([face, { ref }]) => [resourceNames[face].decodeText(), ref]));
    context.assign(this.#resources, context.obj({ Font: dictionary }));
    const id = PDFHexString.of(this.#digest.digest("hex").slice(0, 32));
    context.trailerInfo.ID = context.obj([id, id]);
    // No object streams: a signer appends a plain cross-reference section to this file.
    const bytes = await this.#document.save({
      useObjectStreams: false,
      addDefaultPage: false,
      updateFieldAppearances: false,
      objectsPerTick: 2_000,
    });
    return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), pages: this.#pages };
  }

  #font(face: Face): { subset: FontSubset; ref: PDFRef } {
    let font = this.#fonts.get(face);
    if (!font) {
      font = { subset: new FontSubset(face), ref: this.#document.context.nextRef() };
      this.#fonts.set(face, font);
    }
    return font;
  }

  #close(): void {
    if (!this.#open) return;
    const { context } = this.#document;
    const { width, height } = this.#open;
    const content = this.#open.content();
    this.#digest.update(content);
    const { node } = this.#document.addPage([width, height]);
    node.set(PDFName.of("Resources"), this.#resources);
    node.set(PDFName.of("Contents"), context.register(compressed(context, content)));
    this.#open = undefined;
  }
}

function spans(words: readonly Word[]): { face: Face; words: string[] }[] {
  const spans: { face: Face; words: string[] }[] = [];
  for (const { face, text } of words) {
    const span = spans.at(-1);
    if (span?.face === face) span.words.push(text);
    else spans.push({ face, words: [text] });
  }
  return spans;
}

function number(value: number, precision = 100): string {
  return String(Math.round(value * precision) / precision);
}
