import { markAppearance } from "./appearance.ts";
import type { Appearance } from "./form.ts";
import type { PageGeometry, Rect } from "../pdf/geometry.ts";

/** A mark and its place on a page as people see it. */
export interface PlacedMark {
  readonly appearance: Appearance;
  readonly rect: Rect;
}

/** How a document on paper was copied to an electronic one (NĐ 30/2020 Điều 25: sao y, sao lục, trích sao). */
export type CopyForm = "SAO Y" | "SAO LỤC" | "TRÍCH SAO";

/** NĐ 30/2020, Phụ lục I, phần II: Times New Roman, upright, size 10, black. */
const FONT_SIZE = 10;
/** From the edges of the page: within its margins, which are 15 mm and more. */
const EDGE = (10 / 25.4) * 72;

/**
 * The agency's mark on an annex that is a file of its own: number and notation of the document, time of signing; no
 * image of the seal.
 */
export function annexMark(geometry: PageGeometry, referenceCode: string, at: Date): Promise<PlacedMark> {
  return topRight(geometry, `${referenceCode}; ${vietnamTime(at)}`);
}

/** The agency's mark on a digitised copy: form of the copy, name of the copying agency, time of signing. */
export function copyMark(geometry: PageGeometry, form: CopyForm, agency: string, at: Date): Promise<PlacedMark> {
  return topRight(geometry, `${form}; ${agency.toLocaleUpperCase("vi")}; ${vietnamTime(at)}`);
}

/** "05/01/2026 08:15:30 +07:00": day, month, year; hour, minute, second; the zone of Vietnam as ISO 8601 writes it. */
export function vietnamTime(at: Date): string {
  const [day, time] = new Date(at.getTime() + 7 * 3_600_000).toISOString().split("T") as [string, string];
  return `${day.split("-").reverse().join("/")} ${time.slice(0, 8)} +07:00`;
}

/** Both marks stand at the top right of page 1. */
async function topRight(geometry: PageGeometry, text: string): Promise<PlacedMark> {
  const appearance = await markAppearance({ text, fontSize: FONT_SIZE, maxWidth: geometry.width - 2 * EDGE });
  const [right, top] = [geometry.width - EDGE, geometry.height - EDGE];
  return { appearance, rect: [right - appearance.width, top - appearance.height, right, top] };
}
