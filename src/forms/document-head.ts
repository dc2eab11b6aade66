import { FormError } from "./errors.ts";
import { baseline, portrait, stackCentred, type Flow } from "./layout.ts";
import { balancedLines, singleLine } from "./line-breaking.ts";
import { mm, type Page, type Rect } from "./pdf.ts";
import { capitals } from "./text.ts";
import { ascent, descent, typeface, type Face } from "./typeface.ts";

/** Urgency of a document, by the mark it bears. */
export type UrgencyMark = "URGENT" | "VERY_URGENT" | "FLASH";

/** Boxes 1–5 and 10b of the layout in NĐ 30/2020, Phụ lục I, cleaned. */
export interface Head {
  superior: string | undefined;
  agency: string;
  number: string | undefined;
  symbol: string;
  place: string;
  issuedOn: string | undefined;
  type: string | undefined;
  subject: string;
  urgency: UrgencyMark | undefined;
}

/** Where number and date belong on page 1, and the height at which the head of the left column ends. */
export interface HeadPlaces {
  number: Rect;
  date: Rect;
  leftColumnBottom: number;
}

/** Face and size in which number and date are written into their places. */
export const numberStyle: { face: Face; size: number } = { face: "regular", size: 13 };
export const dateStyle: { face: Face; size: number } = { face: "italic", size: 13 };

// NĐ 30/2020, Phụ lục I, II: HỎA TỐC 30 × 8 mm, THƯỢNG KHẨN 40 × 8 mm, KHẨN 20 × 8 mm.
const marks: Record<UrgencyMark, { text: string; width: number }> = {
  FLASH: { text: "HỎA TỐC", width: mm(30) },
  VERY_URGENT: { text: "THƯỢNG KHẨN", width: mm(40) },
  URGENT: { text: "KHẨN", width: mm(20) },
};

const widestDate = "ngày 00 tháng 00 năm 0000";
/** Five digits of size 13. */
const numberGap = mm(12);
const columnGap = mm(3);
const leading = 16;

/** The words of a date after the place name, from `YYYY-MM-DD`: days under 10 and months 1 and 2 with a zero. */
export function dateWords(day: string): string {
  const [year, month, date] = day.split("-");
  return `ngày ${date} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`;
}

/** Draws the head at the top of page 1 and leaves the flow's cursor under it. */
export function drawHead(flow: Flow, head: Head): HeadPlaces {
  const { page, sheet } = flow;
  const state = singleLine("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 12);
  const right = sheet.width - sheet.right;
  const rightCentre = right - state.width / 2;
  const leftWidth = right - state.width - columnGap - sheet.left;
  const leftCentre = sheet.left + leftWidth / 2;
  const top = flow.cursor;

  const motto = singleLine("Độc lập - Tự do - Hạnh phúc", "bold", 13);
  const rightBottom = stackCentred(page, rightCentre, top, [state, motto], leading);
  underline(page, rightCentre, rightBottom, motto.width);

  const names = [
    ...(head.superior ? balancedLines(capitals(head.superior), "regular", 12, leftWidth) : []),
    ...balancedLines(capitals(head.agency), "bold", 12, leftWidth),
  ];
  const namesBottom = stackCentred(page, leftCentre, top, names, leading);
  underline(page, leftCentre, namesBottom, names.at(-1)!.width * 0.42);

  const rowTop = Math.min(namesBottom, rightBottom) - 9;
  const row = baseline(rowTop, { size: 13, leading: 18 });
  const number = numberRow(page, leftCentre, row, head);
  const date = dateRow(page, rightCentre, row, number.right + columnGap, head);

  let leftBottom = rowTop - 18;
  if (!head.type) {
    // Box 5b: the subject of a công văn stands under its number.
    const subject = /^v\/v\b/iu.test(head.subject) ? head.subject : `V/v ${head.subject}`;
    leftBottom = stackCentred(page, leftCentre, leftBottom - 4, balancedLines(subject, "regular", 12, leftWidth), 14);
  }
  if (head.urgency) leftBottom = urgencyMark(page, leftCentre, leftBottom - 7, head.urgency);

  let bottom = Math.min(leftBottom, date[1]);
  if (head.type) {
    // Box 5a: the type, and under it the subject over a rule of a third to a half of its length.
    const centre = (sheet.left + right) / 2;
    const lines = balancedLines(head.subject, "bold", 14, mm(130));
    bottom = stackCentred(page, centre, bottom - 14, balancedLines(capitals(head.type), "bold", 14, mm(150)), 18);
    bottom = stackCentred(page, centre, bottom, lines, 17);
    underline(page, centre, bottom, lines.at(-1)!.width * 0.4);
  }
  flow.moveTo(bottom - 14);
  return { number: number.place, date, leftColumnBottom: leftBottom };
}

function numberRow(page: Page, centre: number, y: number, head: Head): { place: Rect; right: number } {
  const { face, size } = numberStyle;
  const label = singleLine("Số:", face, size);
  const symbol = singleLine(`/${head.symbol}`, face, size);
  const space = typeface(face).width(" ", size);
  const number = head.number ? singleLine(head.number, face, size) : undefined;
  const width = number?.width ?? numberGap;
  const x = Math.max(portrait.left, centre - (label.width + space + width + symbol.width) / 2);
  const gap = x + label.width + space;
  page.line(x, y, label);
  if (number) page.line(gap, y, number);
  page.line(gap + width, y, symbol);
  return { place: strip(gap, y, width, size), right: gap + width + symbol.width };
}

/** On the row of the number, or one row lower when a long symbol takes its room from `free` on. */
function dateRow(page: Page, centre: number, y: number, free: number, head: Head): Rect {
  const { face, size } = dateStyle;
  const place = singleLine(`${head.place},`, face, size);
  const space = typeface(face).width(" ", size);
  const gap = typeface(face).width(widestDate, size);
  const width = place.width + space + gap;
  const right = portrait.width - portrait.right;
  if (width > 2 * (right - centre) + mm(6)) {
    throw new FormError("TOO_LONG", "place is wider than its column", { field: "place" });
  }
  const x = Math.min(centre - width / 2, right - width);
  const row = x < free ? y - 18 : y;
  const date = x + place.width + space;
  page.line(x, row, place);
  if (head.issuedOn) page.line(date, row, singleLine(dateWords(head.issuedOn), face, size));
  return strip(date, row, gap, size);
}

/** The place of a line of text: as high as the face, so that its text sits on the baseline of the row. */
function strip(x: number, y: number, width: number, size: number): Rect {
  return [x, y - descent * size, x + width, y + ascent * size];
}

function underline(page: Page, centre: number, y: number, width: number): void {
  page.rule(centre - width / 2, y - 2, centre + width / 2, y - 2, 0.75);
}

function urgencyMark(page: Page, centre: number, top: number, urgency: UrgencyMark): number {
  const { text, width } = marks[urgency];
  const height = mm(8);
  page.frame([centre - width / 2, top - height, centre + width / 2, top], 1.2, "red");
  page.centred(centre, baseline(top, { size: 13, leading: height }), singleLine(text, "bold", 13), "red");
  return top - height;
}
