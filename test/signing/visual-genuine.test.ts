import { crc32, deflateSync } from "node:zlib";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { describe, expect, test } from "vitest";
import { ARRIVAL_SIZE, arrivalAppearance, imageAppearance } from "../../signing/appearance/appearance.ts";
import { copyMark } from "../../signing/appearance/marks.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { pageGeometry, type Rect } from "../../signing/pdf/geometry.ts";
import { addFields } from "../../signing/sign/fields.ts";
import type { SignRequest } from "../../signing/sign/request.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { verifyAndLook } from "../../signing/visual/second-opinion.ts";
import { newSigner } from "./pdf-documents.ts";
import { chain, draft, signAll } from "./validate/practice-documents.ts";

const at = new Date("2026-01-05T01:15:30Z");
const [leader, agency] = [
  newSigner("ec-p256", "person", "Nguyễn Văn An"),
  newSigner("ec-p256", "agency-seal", "Sở Nội vụ tỉnh Mẫu Sơn"),
];
const mm = 72 / 25.4;

const chunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
/** A picture of four bytes a pixel, see-through where the test says so. */
function png(side: number, color: readonly number[], isInk: (x: number, y: number) => boolean): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: side }, (_, y) => {
    const pixels = Array.from({ length: side }, (_, x) => [...color, isInk(x, y) ? 255 : 0]);
    return Buffer.from([0, ...pixels.flat()]);
  });
  const data = deflateSync(Buffer.concat(rows));
  const magic = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([magic, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}
/** Two rings and a star's disc, as seals have, 36 mm wide. */
const seal = png(200, [220, 0, 0], (x, y) => {
  const radius = Math.hypot(x - 100, y - 100);
  return (radius > 90 && radius < 99) || (radius > 66 && radius < 70) || radius < 24;
});
const hand = png(200, [0, 0, 160], (x, y) => Math.abs(y - 100 - 60 * Math.sin(x / 14)) < 4);

/** A decision of one page: with words, or as a picture of them, as a scanner leaves it. */
async function decision(kind: "typed" | "scanned"): Promise<Buffer> {
  const file = await PDFDocument.create();
  const page = file.addPage([595, 842]);
  if (kind === "typed") {
    const font = await file.embedFont(StandardFonts.TimesRoman);
    const write = (text: string, x: number, y: number) => page.drawText(text, { x, y, size: 13, font });
    write("So:        /QD-SNV", 70, 740);
    write("Noi nhan: nhu tren, luu van thu", 60, 150);
    write("KT. GIAM DOC", 370, 240);
    write("PHO GIAM DOC", 370, 222);
    write("Nguyen Van An", 375, 130);
    for (let line = 0; line < 20; line++) write("Dieu nay la noi dung cua quyet dinh so muoi lam", 70, 640 - 18 * line);
  } else {
    const text = png(400, [20, 20, 20], (x, y) => y % 12 < 7 && (x * 7 + (y >> 1) * 5) % 11 < 4 && y > 60 && y < 250);
    page.drawImage(await file.embedPng(text), { x: 0, y: 0, width: 595, height: 842 });
  }
  return Buffer.from(await file.save({ useObjectStreams: false }));
}

const sign = (pdf: Buffer, request: Omit<SignRequest, "at">) => signPdf(pdf, { at, ...request });

/** Signed by the leader, numbered and sealed, copied, and marked by who received it. */
async function course(pdf: Buffer): Promise<Buffer[]> {
  const leaderRect: Rect = [340, 145, 490, 218];
  const sealRect: Rect = [390 - 36 * mm, 182 - 18 * mm, 390, 182 + 18 * mm];
  const [number, place] = [
    { type: "text", name: "Number", page: 0, rect: [92, 736, 122, 754], fontSize: 13, alignment: "center" },
    { type: "signature", page: 0 },
  ] as const;
  const fields = [
    number,
    { ...place, name: "Leader", rect: leaderRect },
    { ...place, name: "Seal", rect: sealRect },
  ] as const;
  const prepared = addFields(pdf, fields);
  const image = await imageAppearance({ width: 150, height: 73, png: hand });
  const signed = await sign(prepared, { field: "Leader", signer: leader, appearance: image });
  const sealLook = await imageAppearance({ width: 36 * mm, height: 36 * mm, png: seal });
  const sealed = await sign(signed, {
    field: "Seal",
    signer: agency,
    appearance: sealLook,
    fill: [{ field: "Number", value: "15" }],
  });
  const view = readPdf(sealed).latest;
  const mark = await copyMark(pageGeometry(view, view.pages()[0]!), "SAO Y", "Sở Nội vụ tỉnh Mẫu Sơn", at);
  const copied = await sign(sealed, {
    field: { ...place, name: "Copy", rect: mark.rect },
    signer: agency,
    appearance: mark.appearance,
  });
  const arrival = await arrivalAppearance({ agency: "SỞ Y TẾ", number: "12", arrivedOn: "06/01/2026" });
  const arrived = await sign(copied, {
    field: {
      ...place,
      name: "Arrival",
      rect: [20, 760 - ARRIVAL_SIZE.height, 20 + ARRIVAL_SIZE.width / 2, 760 - ARRIVAL_SIZE.height / 2],
    },
    signer: agency,
    appearance: arrival,
  });
  return [sealed, copied, arrived];
}

describe("genuine documents give no alarm to who looks at them", () => {
  test.each(["typed", "scanned"] as const)("%s: leader, number, seal, copy, arrival", async (kind) => {
    for (const pdf of await course(await decision(kind))) {
      const { integrity, signatures, notes } = await verifyAndLook(pdf, { anchors: [], at, look: "always" });
      expect([integrity, notes]).toEqual(["PASS", []]);
      const said = signatures.flatMap((each) => each.notes.map((note) => note.split(" ")[0]));
      expect(said.filter((code) => /^(?:LOOKS|COVER|FIELD_OVER|VALUE|NOT_DRAWN)/.test(code!))).toEqual([]);
    }
  });

  test("each number, day and month a signature, as agencies' tools make them", async () => {
    const { integrity, signatures } = await verifyAndLook(await signAll(draft, chain), {
      anchors: [],
      at,
      look: "always",
    });
    expect([integrity, signatures.length]).toEqual(["PASS", chain.length]);
  });
});
