import { breakLines, singleLine, type Line, type Run } from "./line-breaking.ts";
import { mm, type Page, type PdfWriter } from "./pdf.ts";
import { ascent, descent } from "./typeface.ts";

/** A kind of page: size and margins in points. */
export interface Sheet {
  width: number;
  height: number;
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** A4 portrait with the margins of NĐ 30/2020, Phụ lục I: top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm. */
export const portrait: Sheet = {
  width: mm(210),
  height: mm(297),
  top: mm(20),
  bottom: mm(20),
  left: mm(30),
  right: mm(15),
};

/** A4 landscape, for registers. */
export const landscape: Sheet = {
  width: mm(297),
  height: mm(210),
  top: mm(20),
  bottom: mm(15),
  left: mm(20),
  right: mm(12),
};

/** Width of the text area of a sheet. */
export function textWidth(sheet: Sheet): number {
  return sheet.width - sheet.left - sheet.right;
}

/** Something of fixed height that is never divided. */
export interface Block {
  /** Height in points. */
  height: number;
  /** Free space above, dropped at the top of a page. */
  before?: number;
  /** Whether a page may not end after it. */
  keepWithNext?: boolean;
  /** Draws it with its upper edge at `top` on page `pageNumber`. */
  draw(page: Page, top: number, pageNumber: number): void;
}

/** Sets blocks one under another over as many pages as they need; from page 2 on, pages are numbered. */
export class Flow {
  readonly sheet: Sheet;
  readonly #writer: PdfWriter;
  readonly #firstNumber: number;
  #page: Page;
  #cursor: number;
  #fresh = true;

  constructor(writer: PdfWriter, sheet: Sheet) {
    this.sheet = sheet;
    this.#writer = writer;
    this.#firstNumber = writer.pages;
    this.#page = writer.page(sheet.width, sheet.height);
    this.#cursor = sheet.height - sheet.top;
  }

  /** The page being set. */
  get page(): Page {
    return this.#page;
  }

  /** Its number in this flow, from 1. */
  get pageNumber(): number {
    return this.#writer.pages - this.#firstNumber;
  }

  /** The height of the upper edge of the next block. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Free height left on the page. */
  get room(): number {
    return this.#cursor - this.sheet.bottom;
  }

  /** Goes on at a lower height, or leaves space. */
  moveTo(cursor: number): void {
    this.#cursor = cursor;
    this.#fresh = false;
  }

  /** Begins the next page. */
  breakPage(): void {
    this.#page = this.#writer.page(this.sheet.width, this.sheet.height);
    this.#cursor = this.sheet.height - this.sheet.top;
    this.#fresh = true;
    // NĐ 30/2020, Phụ lục I: numbered in the middle of the top margin, the first page without number.
    const number = singleLine(String(this.pageNumber), "regular", 13);
    this.#page.centred(this.sheet.width / 2, this.sheet.height - this.sheet.top + mm(6), number);
  }

  /** Sets blocks; a run tied by `keepWithNext` stays on one page unless it is longer than a page. */
  add(blocks: readonly Block[]): void {
    for (let start = 0; start < blocks.length;) {
      let end = start + 1;
      while (end < blocks.length && blocks[end - 1]!.keepWithNext) end++;
      const tied = blocks.slice(start, end);
      if (!this.#fresh && extent(tied) > this.room) this.breakPage();
      for (const block of tied) this.#set(block);
      start = end;
    }
  }

  #set(block: Block): void {
    if (!this.#fresh && (block.before ?? 0) + block.height > this.room) this.breakPage();
    const top = this.#cursor - (this.#fresh ? 0 : (block.before ?? 0));
    block.draw(this.#page, top, this.pageNumber);
    this.moveTo(top - block.height);
  }
}

/** How a paragraph is set: sizes and distances in points. */
export interface ParagraphStyle {
  size: number;
  leading: number;
  before: number;
  indent?: number;
  align?: "justified" | "centred" | "left";
  keepWithNext?: boolean;
}

/** A paragraph between `left` and `left + width`: its first two lines stay together, and its last two. */
export function paragraph(runs: readonly Run[], left: number, width: number, style: ParagraphStyle): Block[] {
  const { align = "justified" } = style;
  const lines = breakLines(runs, style.size, width, style.indent);
  return lines.map((line, index) => ({
    height: style.leading,
    before: index === 0 ? style.before : 0,
    keepWithNext: line.last ? style.keepWithNext : index === 0 || index === lines.length - 2,
    draw(page, top) {
      const x = left + (index === 0 ? (style.indent ?? 0) : 0);
      if (align === "centred") page.centred(left + width / 2, baseline(top, style), line);
      else page.line(x, baseline(top, style), line, stretch(line, align, left + width - x));
    },
  }));
}

/** Height of the baseline of a line of text whose strip of `leading` points begins at `top`. */
export function baseline(top: number, { size, leading }: { size: number; leading: number }): number {
  return top - (leading - (ascent + descent) * size) / 2 - ascent * size;
}

/** Draws lines one under another, each centred, in strips of `leading` points from `top`; answers the lower edge. */
export function stackCentred(page: Page, centre: number, top: number, lines: readonly Line[], leading: number): number {
  for (const [index, line] of lines.entries()) {
    page.centred(centre, baseline(top - index * leading, { size: line.size, leading }), line);
  }
  return top - lines.length * leading;
}

function stretch(line: Line, align: "justified" | "left", width: number): number | undefined {
  return align === "justified" && !line.last ? width : undefined;
}

function extent(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + (block.before ?? 0) + block.height, 0);
}
