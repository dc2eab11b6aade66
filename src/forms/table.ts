import { baseline, textWidth, type Flow } from "./layout.ts";
import { breakLines, type Line } from "./line-breaking.ts";
import { mm } from "./pdf.ts";
import type { Face } from "./typeface.ts";

/** A column; the widths of a table's columns are shares of the text width. */
export interface Column {
  title: string;
  share: number;
  align: "left" | "centred";
}

const text = { size: 10.5, leading: 12.5 };
const padding = mm(1);

/** A ruled table that goes on over pages, its heading repeated at the top of each. */
export class Table {
  readonly #flow: Flow;
  readonly #columns: readonly Column[];
  /** The columns' edges, from the left margin to the right one. */
  readonly #edges: number[];

  constructor(flow: Flow, columns: readonly Column[]) {
    const total = columns.reduce((sum, { share }) => sum + share, 0);
    this.#flow = flow;
    this.#columns = columns;
    this.#edges = [flow.sheet.left];
    for (const { share } of columns) this.#edges.push(this.#edges.at(-1)! + (share / total) * textWidth(flow.sheet));
  }

  /** Sets the heading: the titles, and under them the columns' numbers in brackets. */
  heading(): void {
    const titles = this.#columns.map(({ title }, index) => this.#lines(title, index, "bold"));
    const numbers = this.#columns.map((_, index) => this.#lines(`(${index + 1})`, index, "regular"));
    this.#strip(titles, "centred");
    this.#strip(numbers, "centred");
  }

  /** Sets a row; a line end in a cell is kept. Only a row higher than a whole page is divided. */
  row(cells: readonly string[], face: Face = "regular"): void {
    let rest = this.#columns.map((_, index) => this.#lines(cells[index] ?? "", index, face));
    if (stripHeight(rest) > this.#flow.room) this.#nextPage();
    // Each turn sets at least one line on a fresh page, so the loop ends.
    while (stripHeight(rest) > this.#flow.room) {
      const fitting = Math.max(1, Math.floor((this.#flow.room - 2 * padding) / text.leading));
      this.#strip(rest.map((lines) => lines.slice(0, fitting)));
      rest = rest.map((lines) => lines.slice(fitting));
      this.#nextPage();
    }
    this.#strip(rest);
  }

  #nextPage(): void {
    this.#flow.breakPage();
    this.heading();
  }

  #lines(cell: string, index: number, face: Face): Line[] {
    const width = this.#edges[index + 1]! - this.#edges[index]! - 2 * padding;
    return cell.split("\n").flatMap((part) => breakLines([{ text: part, face }], text.size, width));
  }

  #strip(cells: readonly Line[][], align?: "centred"): void {
    const { page, cursor: top } = this.#flow;
    const bottom = top - stripHeight(cells);
    for (const [index, lines] of cells.entries()) {
      const [left, right] = [this.#edges[index]!, this.#edges[index + 1]!];
      for (const [at, line] of lines.entries()) {
        const y = baseline(top - padding - at * text.leading, text);
        if ((align ?? this.#columns[index]!.align) === "centred") page.centred((left + right) / 2, y, line);
        else page.line(left + padding, y, line);
      }
    }
    for (const edge of this.#edges) page.rule(edge, top, edge, bottom, 0.5);
    for (const y of [top, bottom]) page.rule(this.#edges[0]!, y, this.#edges.at(-1)!, y, 0.5);
    this.#flow.moveTo(bottom);
  }
}

function stripHeight(cells: readonly Line[][]): number {
  return Math.max(1, ...cells.map((lines) => lines.length)) * text.leading + 2 * padding;
}
