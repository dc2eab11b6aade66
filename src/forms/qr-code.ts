import QRCode from "qrcode";
import { FormError } from "./errors.ts";
import type { Page, Rect } from "./pdf.ts";

/**
 * Draws a QR code (TCVN 7322, ISO/IEC 18004; correction level M) as filled rectangles in the square of `size` points
 * whose upper left corner is (`left`, `top`). The free border of four modules is inside the square.
 * Throws TOO_LONG when the text is more than 500 bytes.
 */
export function drawQrCode(page: Page, text: string, left: number, top: number, size: number): void {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > 500) throw new FormError("TOO_LONG", "the QR code holds 500 bytes", { field: "qr", limit: 500 });
  const { modules } = QRCode.create([{ data: bytes, mode: "byte" }], { errorCorrectionLevel: "M" });
  const module = size / (modules.size + 8);
  const rects: Rect[] = [];
  for (let row = 0; row < modules.size; row++) {
    const upper = top - (row + 4) * module;
    // Neighbours in a row are one rectangle: fewer operators, and no hairlines between them.
    for (let start = 0; start < modules.size; start++) {
      if (!modules.get(row, start)) continue;
      let end = start + 1;
      while (end < modules.size && modules.get(row, end)) end++;
      rects.push([left + (start + 4) * module, upper - module, left + (end + 4) * module, upper]);
      start = end;
    }
  }
  page.fill(rects);
}
