// Not by the library's door: where a page shows text is asked nowhere else.
import type { PdfDocument } from "../../signing/pdf/document.ts";
import { pageGeometry, type Rect } from "../../signing/pdf/geometry.ts";
import { textPlaces } from "../../signing/verify/differences/text-places.ts";
import type { Places } from "../forms/administrative-document.ts";
import { mm } from "../forms/pdf.ts";

interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly ink: readonly Rect[];
}

const line = { height: 17, numberWidth: mm(70), dateWidth: mm(85) };
const signature = { width: mm(50), height: mm(27) };
const sealDiameter = mm(36);
const arrival = { width: mm(50), height: mm(35) };
const margin = mm(15);

/**
 * Places on a file that somebody else has set: number and date on page 1 from the top, the signature on the last page
 * above the lowest line on the right, where the name stands, or else from the bottom; none over text. Null where the last
 * page has no room for a signature. Text in images is not seen.
 */
export function uploadPlaces(document: PdfDocument): Omit<Places, "initials"> | null {
  const view = document.latest;
  const pages = view.pages();
  const sheet = (index: number): Sheet => {
    const geometry = pageGeometry(view, pages[index]!);
    return { ...geometry, ink: textPlaces(document, view, pages[index]!).map((rect) => geometry.toSeen(rect)) };
  };
  const first = sheet(0);
  const last = pages.length === 1 ? first : sheet(pages.length - 1);
  const leader = signaturePlace(last);
  if (!leader) return null;
  const seal = sealPlace(leader);
  const used = pages.length === 1 ? [leader, seal] : [];
  const number = fromTop(first, margin, line.numberWidth, line.height, used);
  const date = fromTop(first, first.width - margin - line.dateWidth, line.dateWidth, line.height, [...used, number]);
  const mark = fromTop(first, margin, arrival.width, arrival.height, [...used, number, date]);
  const at = (page: number, rect: Rect) => ({ page, rect: [...rect] as [number, number, number, number] });
  return {
    number: at(1, number),
    date: at(1, date),
    leader: at(pages.length, leader),
    seal: at(pages.length, seal),
    arrival: at(1, mark),
  };
}

/** As NĐ 30/2020 Annex I: the seal covers about a third of the signature, on its left. */
function sealPlace([left, bottom, right, top]: Rect): Rect {
  const edge = left + (right - left) / 3;
  const middle = (bottom + top) / 2;
  return [edge - sealDiameter, middle - sealDiameter / 2, edge, middle + sealDiameter / 2];
}

function signaturePlace(sheet: Sheet): Rect | undefined {
  const { width, height } = signature;
  const left = sheet.width - margin - mm(10) - width;
  const inColumn = sheet.ink.filter((rect) => rect[2] > left);
  const name = inColumn.toSorted((a, b) => a[1] - b[1])[0];
  const bottoms = name ? [name[3] + 2] : [];
  for (let bottom = mm(18); bottom + height < sheet.height - margin; bottom += mm(2)) bottoms.push(bottom);
  return bottoms
    .map((bottom): Rect => [left, bottom, left + width, bottom + height])
    // On paper the seal's rim touches title and name, so the band of the signature is what must be free.
    .find((rect) => isFree(sheet, [sealPlace(rect)[0], rect[1], rect[2], rect[3]], []));
}

/** The highest free place of a size with this left edge in the upper half; the top margin where there is none. */
function fromTop(sheet: Sheet, left: number, width: number, height: number, used: readonly Rect[]): Rect {
  const place = (top: number): Rect => [left, top - height, left + width, top];
  for (let top = sheet.height - mm(7); top - height > sheet.height / 2; top -= mm(2))
    if (isFree(sheet, place(top), used)) return place(top);
  return place(sheet.height - 1);
}

const isFree = ({ ink }: Sheet, place: Rect, used: readonly Rect[]) => [...ink, ...used].every((rect) => apart(place, rect));

const apart = (a: Rect, b: Rect) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
