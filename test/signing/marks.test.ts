import { degrees, PDFDocument, PDFName, PDFNumber, rgb } from "pdf-lib";
import { describe, expect, test } from "vitest";
import { ARRIVAL_SIZE, arrivalAppearance } from "../../signing/appearance/appearance.ts";
import { annexMark, copyMark, type PlacedMark, vietnamTime } from "../../signing/appearance/marks.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { pageGeometry, type PageGeometry } from "../../signing/pdf/geometry.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { newSigner } from "./pdf-documents.ts";
import { pageText, qpdfComplaints } from "./pdf-judges.ts";
import { differenceFromPicture, looksLike } from "./pictures.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";

const at = new Date("2026-01-05T01:15:30Z");
const agency = newSigner("ec-p256", "agency-seal", "Sở Nội vụ tỉnh Mẫu Sơn");

interface PageKind {
  readonly rotate?: number;
  readonly crop?: readonly [number, number, number, number];
  readonly userUnit?: number;
}

/** One page whose content says where its own upper side is; without text, whose font would be the machine's. */
async function page({ rotate = 0, crop, userUnit }: PageKind = {}): Promise<Buffer> {
  const file = await PDFDocument.create();
  const sheet = file.addPage([595, 842]);
  sheet.drawSvgPath("M 0 30 L 20 0 L 40 30 Z", { x: 80, y: 720, color: rgb(0, 0, 0) });
  sheet.drawRectangle({ x: 80, y: 100, width: 300, height: 400, color: rgb(0.9, 0.9, 0.9) });
  sheet.setRotation(degrees(rotate));
  if (crop) sheet.setCropBox(...crop);
  if (userUnit) sheet.node.set(PDFName.of("UserUnit"), PDFNumber.of(userUnit));
  return Buffer.from(await file.save({ useObjectStreams: false }));
}

/** The page signed in a new field that shows the mark. */
async function marked(pdf: Buffer, mark: (geometry: PageGeometry) => Promise<PlacedMark>): Promise<Buffer> {
  const view = readPdf(pdf).latest;
  const { appearance, rect } = await mark(pageGeometry(view, view.pages()[0]!));
  return signPdf(pdf, { field: { type: "signature", name: "Mark", page: 0, rect }, signer: agency, at, appearance });
}

const annex = (geometry: PageGeometry) => annexMark(geometry, "15/QĐ-UBND", at);
const copy = (geometry: PageGeometry) => copyMark(geometry, "SAO Y", "Sở Nội vụ tỉnh Mẫu Sơn", at);

describe("marks without an image (NĐ 30/2020, Phụ lục I)", () => {
  test("the time is Vietnam's, with its zone as ISO 8601 writes it", () => {
    expect(vietnamTime(at)).toBe("05/01/2026 08:15:30 +07:00");
    expect(vietnamTime(new Date("2026-12-31T17:00:00Z"))).toBe("01/01/2027 00:00:00 +07:00");
  });

  test("an annex says number and time, a copy its form, agency and time, both as text that can be copied", async () => {
    const signed = await marked(await page(), annex);
    expect(pageText(signed)).toContain("15/QĐ-UBND; 05/01/2026 08:15:30 +07:00");
    expect(pageText(await marked(await page(), copy))).toContain(
      "SAO Y; SỞ NỘI VỤ TỈNH MẪU SƠN; 05/01/2026 08:15:30 +07:00",
    );
    expect(qpdfComplaints(signed)).toBe("");
    expect(verifyPdf(signed, { anchors: [], at }).integrity).toBe("PASS");
  });

  test("the text keeps its size of 10 points: a long name takes more lines", async () => {
    const view = readPdf(await page()).latest;
    const geometry = pageGeometry(view, view.pages()[0]!);
    const long = await copyMark(geometry, "TRÍCH SAO", "Ban Quản lý ".repeat(14).trim(), at);
    expect(long.appearance.height).toBe(36);
    expect(long.rect[0]).toBeGreaterThanOrEqual(28);
    expect((await annexMark(geometry, "15/QĐ-UBND", at)).appearance.height).toBe(12);
  });

  test.each<[string, PageKind]>([
    ["mark-upright", {}],
    ["mark-turned-90", { rotate: 90 }],
    ["mark-turned-180", { rotate: 180 }],
    ["mark-turned-270", { rotate: 270 }],
    ["mark-cropped", { crop: [50, 60, 400, 700] }],
    ["mark-cropped-turned", { crop: [50, 60, 400, 700], rotate: 90 }],
    ["mark-user-unit", { userUnit: 1.5 }],
  ])("stands at the top right of the page as seen: %s", async (name, kind) => {
    expect(looksLike(name, await marked(await page(kind), annex))).toBe(true);
  });

  test("a mark in a wrong place would be seen", async () => {
    const moved = async (geometry: PageGeometry): Promise<PlacedMark> => {
      const { appearance, rect } = await annex(geometry);
      return { appearance, rect: [rect[0] - 20, rect[1], rect[2] - 20, rect[3]] };
    };
    expect(differenceFromPicture("mark-upright", await marked(await page(), moved))).toBeGreaterThan(3);
    const unmarked = await page();
    expect(looksLike("mark-upright", unmarked)).toBe(false);
  });
});

test("the ĐẾN mark is 50 mm wide, 35 mm high, and says what the register says", async () => {
  expect([ARRIVAL_SIZE.width, ARRIVAL_SIZE.height].map((n) => Math.round((n * 25.4) / 72))).toEqual([50, 35]);
  const appearance = await arrivalAppearance({
    agency: "Sở Nội vụ tỉnh Mẫu Sơn",
    number: "123",
    arrivedOn: "05/01/2026",
    forwardedTo: "Phòng Cải cách hành chính",
  });
  const rect = [85, 560, 85 + ARRIVAL_SIZE.width, 560 + ARRIVAL_SIZE.height] as const;
  const signed = await marked(await page(), async () => ({ appearance, rect }));
  const text = pageText(signed);
  for (const part of ["SỞ NỘI VỤ TỈNH MẪU SƠN", "ĐẾN", "Số: 123", "Ngày: 05/01/2026", "Phòng Cải cách hành chính"]) {
    expect(text).toContain(part);
  }
  expect(looksLike("mark-arrival", signed)).toBe(true);
});
