// Not by the library's door: where a page shows text is asked nowhere else.
import { pageGeometry, type PdfDocument, type Rect, textPlaces } from "../../signing/index.ts";
import { mm } from "../forms/pdf.ts";
import type { SigningRole } from "../graphql/types.ts";
import { isInitialling } from "./chain.ts";
import type { FieldPlaces } from "./fields.ts";
import type { UploadStep } from "./uploads.ts";

interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly ink: readonly Rect[];
}

const line = { height: 17, numberWidth: mm(70), dateWidth: mm(85) };
const signature = { width: mm(50), height: mm(27) };
const sealDiameter = mm(36);
/** NĐ 30/2020 Annex IV: the mark of arrival is 35 × 50 mm. */
const mark = { width: mm(50), height: mm(35) };
/** Two lines of 10 pt, as NĐ 30/2020 Annex I has the mark of a copy. */
const copyMark = { width: mm(80), height: 26 };
const initials = { width: mm(18), height: 18 };
const margin = mm(15);

/**
 * Places on a file that somebody else has set: number and date on page 1 from the top, the signature on the last page
 * above the lowest line on the right, where the name stands, or else from the bottom. None is over text; null where there
 * is no room for one of them. Text in images is not seen.
 */
export function uploadPlaces(document: PdfDocument, steps: readonly UploadStep[] = []): FieldPlaces | null {
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
  const small: Record<string, Rect> = {};
  for (const { role, field } of steps) {
    if (role === "LEADER" || role === "AGENCY_SEAL") continue;
    const place = stepPlace(last, leader, role, [leader, seal, ...Object.values(small)]);
    if (!place) return null;
    small[field] = place;
  }
  const used = pages.length === 1 ? [leader, seal, ...Object.values(small)] : [];
  const number = fromTop(first, margin, line.numberWidth, line.height, used);
  if (!number) return null;
  const date = fromTop(first, first.width - margin - line.dateWidth, line.dateWidth, line.height, [...used, number]);
  if (!date) return null;
  const taken = [...used, number, date];
  const arrival = [1, 0.75, 0.5]
    .map((scale) => fromTop(first, margin, mark.width * scale, mark.height * scale, taken))
    .find((place) => place !== undefined);
  const copy = fromTop(first, first.width - margin - copyMark.width, copyMark.width, copyMark.height, [
    ...taken,
    ...(arrival ? [arrival] : []),
  ]);
  const at = (page: number, rect: Rect) => ({ page, rect: [...rect] as [number, number, number, number] });
  return {
    number: at(1, number),
    date: at(1, date),
    leader: at(pages.length, leader),
    seal: at(pages.length, seal),
    steps: Object.fromEntries(Object.entries(small).map(([field, rect]) => [field, at(pages.length, rect)])),
    ...(arrival && { arrival: at(1, arrival) }),
    ...(copy && { copy: at(1, copy) }),
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
  return (
    bottoms
      .map((bottom): Rect => [left, bottom, left + width, bottom + height])
      // On paper the seal's rim touches title and name, so the band of the signature is what must be free.
      .find((rect) => isFree(sheet, [sealPlace(rect)[0], rect[1], rect[2], rect[3]], []))
  );
}

/**
 * Room for another signature on the last page: initials right of the leader's, or else as near to it as there is room; who
 * signs beside the leader from the left margin on.
 */
function stepPlace(sheet: Sheet, leader: Rect, role: SigningRole, used: readonly Rect[]): Rect | undefined {
  const { width, height } = isInitialling(role) ? initials : signature;
  const lefts: number[] = isInitialling(role) ? [leader[2] + 2] : [];
  for (let left = margin; left + width < sheet.width - mm(2); left += mm(5)) lefts.push(left);
  const tops: number[] = [];
  for (let top = sheet.height - margin; top - height > mm(10); top -= mm(2)) tops.push(top);
  tops.sort((a, b) => Math.abs(a - leader[3]) - Math.abs(b - leader[3]));
  for (const left of lefts)
    for (const top of tops) {
      const place: Rect = [left, top - height, left + width, top];
      if (place[2] < sheet.width - 2 && isFree(sheet, place, used)) return place;
    }
  return undefined;
}

/** The highest free place of a size with this left edge in the upper half. */
function fromTop(sheet: Sheet, left: number, width: number, height: number, used: readonly Rect[]): Rect | undefined {
  for (let top = sheet.height - mm(7); top - height > sheet.height / 2; top -= mm(2)) {
    const place: Rect = [left, top - height, left + width, top];
    if (isFree(sheet, place, used)) return place;
  }
  return undefined;
}

const isFree = ({ ink }: Sheet, place: Rect, used: readonly Rect[]) =>
  [...ink, ...used].every((rect) => apart(place, rect));

const apart = (a: Rect, b: Rect) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
