import { setImmediate } from "node:timers/promises";
import { FormError } from "./errors.ts";
import { Flow, landscape, stackCentred, textWidth } from "./layout.ts";
import { balancedLines } from "./line-breaking.ts";
import { mm, PdfWriter, type Printed } from "./pdf.ts";
import { Table, type Column } from "./table.ts";
import { capitals, legibleText } from "./text.ts";
import type { Face } from "./typeface.ts";

/** What stands on the cover of a register; days and numbers are printed as given. */
export interface RegisterCover {
  superior?: string;
  agency: string;
  year: string;
  fromDay: string;
  toDay: string;
  fromNumber: string;
  toNumber: string;
  bookNumber: string;
}

/** A number without a document: cancelled (hủy) or kept free (giữ số), and why. A register has no unexplained hole. */
export interface UnusedNumber {
  number: string;
  unused: "VOID" | "RESERVED";
  reason: string;
}

/** A row of the register of outgoing documents (sổ đăng ký văn bản đi), in the order of its columns. */
export interface OutgoingRow {
  number: string;
  day: string;
  subject: string;
  signer: string;
  recipients: string;
  archivedBy: string;
  copies: string;
  sentOn: string;
  receipt: string;
  note: string;
}

/** A row of the register of incoming documents (sổ đăng ký văn bản đến), in the order of its columns. */
export interface IncomingRow {
  arrivedOn: string;
  number: string;
  author: string;
  symbol: string;
  day: string;
  subject: string;
  recipient: string;
  handedOverOn: string;
  receipt: string;
  note: string;
}

/** A register to print; `rows` may come from a cursor, at most 20 000. `madeAt` is the creation date of the file. */
export type RegisterBook = { cover: RegisterCover; madeAt: Date } & (
  { direction: "OUTGOING"; rows: Rows<OutgoingRow> } | { direction: "INCOMING"; rows: Rows<IncomingRow> }
);

type Rows<Row> = Iterable<Row | UnusedNumber> | AsyncIterable<Row | UnusedNumber>;

const centred = (title: string, share: number): Column => ({ title, share, align: "centred" });
const left = (title: string, share: number): Column => ({ title, share, align: "left" });

// NĐ 30/2020, Phụ lục IV, I and II: ten columns each, in this order and with these titles.
const outgoing: readonly Column[] = [
  centred("Số, ký hiệu văn bản", 26),
  centred("Ngày tháng văn bản", 22),
  left("Tên loại và trích yếu nội dung văn bản", 62),
  left("Người ký", 26),
  left("Nơi nhận văn bản", 34),
  left("Đơn vị, người nhận bản lưu", 24),
  centred("Số lượng bản", 14),
  centred("Ngày chuyển", 22),
  centred("Ký nhận", 17),
  left("Ghi chú", 18),
];
const incoming: readonly Column[] = [
  centred("Ngày đến", 22),
  centred("Số đến", 15),
  left("Tác giả", 34),
  centred("Số, ký hiệu văn bản", 28),
  centred("Ngày tháng văn bản", 22),
  left("Tên loại và trích yếu nội dung văn bản", 62),
  left("Đơn vị hoặc người nhận", 32),
  centred("Ngày chuyển", 22),
  centred("Ký nhận", 17),
  left("Ghi chú", 18),
];

const rowLimit = 20_000;
const cellLimit = 4_000;
const remarks = { VOID: "Số hủy", RESERVED: "Số giữ chỗ" };

/** Prints a register: cover, then the rows under a heading repeated on each page (NĐ 30/2020, Điều 16.2, 22.3). */
export async function registerBook(book: RegisterBook): Promise<Printed> {
  const title = book.direction === "OUTGOING" ? "SỔ ĐĂNG KÝ VĂN BẢN ĐI" : "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN";
  const writer = await PdfWriter.create(`${title} ${legibleText("year", book.cover.year, 20)}`, book.madeAt);
  drawCover(writer, title, book.cover);
  const table = new Table(new Flow(writer, landscape), book.direction === "OUTGOING" ? outgoing : incoming);
  table.heading();
  let count = 0;
  for await (const { cells, face } of printedRows(book)) {
    if (++count > rowLimit) {
      throw new FormError("TOO_MANY", `more than ${rowLimit} rows`, { field: "rows", limit: rowLimit });
    }
    table.row(
      cells.map((cell) => legibleText("rows", cell, cellLimit)),
      face,
    );
    // A long book must not hold up the other requests of the process.
    if (count % 50 === 0) await setImmediate();
  }
  return writer.finish();
}

interface Cells {
  cells: string[];
  face: Face;
}

function printedRows(book: RegisterBook): AsyncGenerator<Cells> {
  return book.direction === "OUTGOING" ? outgoingCells(book.rows) : incomingCells(book.rows);
}

async function* outgoingCells(rows: Rows<OutgoingRow>): AsyncGenerator<Cells> {
  for await (const row of rows) {
    if ("unused" in row) yield { cells: [row.number, "", remark(row)], face: "italic" };
    else {
      const { number, day, subject, signer, recipients, archivedBy, copies, sentOn, receipt, note } = row;
      const cells = [number, day, subject, signer, recipients, archivedBy, copies, sentOn, receipt, note];
      yield { cells, face: "regular" };
    }
  }
}

async function* incomingCells(rows: Rows<IncomingRow>): AsyncGenerator<Cells> {
  for await (const row of rows) {
    if ("unused" in row) yield { cells: ["", row.number, "", "", "", remark(row)], face: "italic" };
    else {
      const { arrivedOn, number, author, symbol, day, subject, recipient, handedOverOn, receipt, note } = row;
      const cells = [arrivedOn, number, author, symbol, day, subject, recipient, handedOverOn, receipt, note];
      yield { cells, face: "regular" };
    }
  }
}

function remark({ unused, reason }: UnusedNumber): string {
  return `${remarks[unused]}: ${reason}`;
}

function drawCover(writer: PdfWriter, title: string, cover: RegisterCover): void {
  const { width, height, left, right, top, bottom } = landscape;
  const page = writer.page(width, height);
  page.frame([left, bottom, width - right, height - top], 1.5);
  page.frame([left + mm(1.2), bottom + mm(1.2), width - right - mm(1.2), height - top - mm(1.2)], 0.5);
  const centre = left + textWidth(landscape) / 2;
  let cursor = height - top - mm(14);
  const set = (text: string, face: Face, size: number, before = 0) => {
    const lines = balancedLines(text, face, size, textWidth(landscape) - mm(30));
    cursor = stackCentred(page, centre, cursor - before, lines, size * 1.4);
  };
  const field = (name: keyof RegisterCover) => legibleText(name, cover[name] ?? "", 200).trim();

  if (field("superior")) set(capitals(field("superior")), "regular", 14);
  set(capitals(field("agency")), "bold", 14);
  page.rule(centre - mm(18), cursor - 2, centre + mm(18), cursor - 2, 0.75);
  set(title, "bold", 26, mm(26));
  set(`Năm: ${field("year")}`, "bold", 16, mm(5));
  set(`Từ ngày ${field("fromDay")} đến ngày ${field("toDay")}`, "regular", 14, mm(14));
  set(`Từ số ${field("fromNumber")} đến số ${field("toNumber")}`, "regular", 14, mm(2));
  set(`Quyển số: ${field("bookNumber")}`, "regular", 14, mm(2));
}
