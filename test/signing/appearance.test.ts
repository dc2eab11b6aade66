import { deflateSync, crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type Appearance,
  imageAppearance,
  SEAL_DIAMETER,
  signatureAppearance,
  textAppearance,
} from "../../signing/appearance/appearance.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { embedAppearance } from "../../signing/appearance/form.ts";
import { pageGeometry, type Rect } from "../../signing/pdf/geometry.ts";
import { dict, name } from "../../signing/pdf/objects.ts";
import { PdfUpdate } from "../../signing/pdf/update.ts";
import { SigningError } from "../../signing/errors.ts";
import { blankDocument } from "./pdf-documents.ts";
import { installed, pagePixels, pageText, qpdfComplaints } from "./pdf-judges.ts";

/** A page that shows the appearance as an annotation in the rectangle as seen. */
async function shown(appearance: Appearance, rect: Rect, rotation = 0): Promise<Buffer> {
  const document = readPdf(await blankDocument("table", [rotation]));
  const page = document.latest.pages()[0]!;
  const geometry = pageGeometry(document.latest, page);
  const update = new PdfUpdate(document);
  const place = { width: rect[2] - rect[0], height: rect[3] - rect[1], rotate: geometry.rotate };
  const widget = update.add(
    dict({
      Type: name("Annot"),
      Subtype: name("Stamp"),
      F: 4,
      Rect: [...geometry.toPage(rect)],
      AP: dict({ N: embedAppearance(update, appearance, place) }),
    }),
  );
  update.set(page, document.latest.dict(page)!.with({ Annots: [widget] }));
  return update.finish().bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(data.length);
  out.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
}

/** A PNG with the left half black and the right half transparent; `claimed` may lie about its size. */
function halfTransparentPng(side: number, claimed = side): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claimed);
  header.writeUInt32BE(claimed, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + 4 * side);
  for (let x = 0; x < side; x++) row[1 + 4 * x + 3] = x < side / 2 ? 255 : 0;
  const data = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  const comment = chunk("tEXt", Buffer.from("k\0v"));
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([signature, chunk("IHDR", header), comment, chunk("IDAT", data), end]);
}

const LETTERS = "ỦắằẵẳặấầẫẩậếềễểệốồỗổộớờỡởợứừữửựỹỷỵýịđĐ0123456789/-";

/** The letters that left no ink in their own rows. */
function letterWithoutInk(pdf: Buffer, letters: string[], rowAt: (index: number) => [number, number]): string[] {
  const pixels = pagePixels(pdf);
  return letters.filter((_, index) => {
    const [top, bottom] = rowAt(index);
    for (let y = top; y < bottom; y++) for (let x = 20; x < 60; x++) if (pixels.at(x, y) < 200) return false;
    return true;
  });
}

describe.skipIf(!installed("pdftoppm"))("text", () => {
  // One letter a line of 16 points, from the top of a box of 800 points that begins 21 points below the page's top.
  const letters = [...LETTERS];
  const column = {
    width: 40,
    height: 800,
    lines: letters,
    fontSize: 800 / 50 / 1.2,
    color: "black",
    align: "left",
  } as const;
  const rowAt = (index: number): [number, number] => [21 + index * 16, 21 + (index + 1) * 16];

  test("every Vietnamese letter and digit leaves ink", async () => {
    const pdf = await shown(await textAppearance(column), [20, 21, 60, 821]);
    expect(letters).toHaveLength(50);
    expect(letterWithoutInk(pdf, letters, rowAt)).toEqual([]);
  });

  test("the check for ink finds a letter that is missing", async () => {
    const lines = letters.map((letter) => (letter === "5" ? " " : letter));
    const pdf = await shown(await textAppearance({ ...column, lines }), [20, 21, 60, 821]);
    expect(letterWithoutInk(pdf, letters, rowAt)).toEqual(["5"]);
  });

  test("letters can be copied out, even if the font first drew them as parts of others", async () => {
    const size = { width: 200, height: 20, fontSize: 13, color: "black", align: "left", italic: true } as const;
    await textAppearance({ ...size, lines: ["Ủy ế"] });
    const pdf = await shown(await textAppearance({ ...size, lines: ["UBND Ủy ban em êm ếm"] }), [50, 50, 250, 70]);
    expect(pageText(pdf).trim()).toBe("UBND Ủy ban em êm ếm");
  });

  test.each([0, 90, 180, 270])("stands upright on a page turned by %i degrees", async (rotation) => {
    const line = "Số: 123/QĐ-UBND ngày 05 tháng 01";
    const style = { fontSize: 13, color: "black", align: "left" } as const;
    const appearance = await textAppearance({ width: 300, height: 40, lines: [line.normalize("NFD")], ...style });
    const pdf = await shown(appearance, [50, 500, 350, 540], rotation);
    expect(qpdfComplaints(pdf)).toBe("");
    expect(pageText(pdf).trim()).toBe(line);
    const pixels = pagePixels(pdf);
    let [top, bottom, left] = [Infinity, 0, Infinity];
    for (let y = 0; y < pixels.height; y++) {
      for (let x = 0; x < pixels.width; x++) {
        if (pixels.at(x, y) > 160) continue;
        [top, bottom, left] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x)];
      }
    }
    expect(left).toBeGreaterThanOrEqual(49);
    expect(left).toBeLessThan(60);
    // Seen from the top, the box is from 540 to 500 points above the lower edge.
    expect(top).toBeGreaterThanOrEqual(pixels.height - 541);
    expect(bottom).toBeLessThanOrEqual(pixels.height - 499);
  });
});

test.each([
  ["a letter that the font has not", { lines: ["文"] }],
  ["a control character", { lines: ["a\nb"] }],
  ["too long a line", { lines: ["x".repeat(501)] }],
  ["no width", { width: 0 }],
  ["too large a side", { height: 1e9 }],
])("text with %s is refused", async (_, change) => {
  const style = { fontSize: 13, color: "black", align: "left" } as const;
  const request = { width: 90, height: 20, lines: ["a"], ...style, ...change };
  await expect(textAppearance(request)).rejects.toMatchObject({ code: "BAD_INPUT" });
});

describe("images", () => {
  test.skipIf(!installed("pdftoppm"))("keep their transparency and proportions", async () => {
    const appearance = await imageAppearance({ width: 100, height: 200, png: halfTransparentPng(40) });
    const pixels = pagePixels(await shown(appearance, [100, 300, 200, 500]));
    const fromBottom = (x: number, y: number): number => pixels.at(x, pixels.height - y);
    expect([fromBottom(110, 400), fromBottom(190, 400)]).toEqual([0, 255]);
    expect([fromBottom(110, 310), fromBottom(110, 490)]).toEqual([255, 255]);
  });

  test.each([
    ["no PNG", Buffer.from("GIF89a".padEnd(50)), "BAD_INPUT"],
    ["a cut PNG", halfTransparentPng(40).subarray(0, 60), "BAD_INPUT"],
    ["a PNG that unfolds to more than it says", halfTransparentPng(200, 10), "LIMIT_EXCEEDED"],
    ["a PNG of a gigapixel", halfTransparentPng(10, 32_000), "LIMIT_EXCEEDED"],
  ])("refuse %s", async (_, png, code) => {
    const attempt = imageAppearance({ width: 10, height: 10, png });
    await expect(attempt).rejects.toBeInstanceOf(SigningError);
    await expect(attempt).rejects.toMatchObject({ code });
  });
});

test.skipIf(!installed("pdftoppm"))("a seal without an image is drawn in its real size of 36 mm", async () => {
  const appearance = await signatureAppearance({ kind: "AGENCY_SEAL", agency: "Ủy ban nhân dân tỉnh Đồng Tháp" });
  expect(appearance.width).toBeCloseTo(102.05, 2);
  const pixels = pagePixels(await shown(appearance, [100, 100, 100 + SEAL_DIAMETER, 100 + SEAL_DIAMETER]));
  const inked = Array.from({ length: 140 }, (_, x) => x + 80).filter((x) => pixels.at(x, pixels.height - 151) < 200);
  expect([Math.min(...inked), Math.max(...inked)]).toEqual([100, 201]);
});
