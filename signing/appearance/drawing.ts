import { degrees, PDFDocument, type PDFFont, type PDFPage, type RGB, rgb } from "pdf-lib";
import {
  ARRIVAL_SIZE,
  type ArrivalMark,
  type InkColor,
  type MarkText,
  SEAL_DIAMETER,
  type SignatureAppearance,
  type Size,
  type TextAppearance,
} from "./appearance.ts";
import { SigningError } from "../errors.ts";
import { embedTinos } from "./fonts.ts";
import { type Appearance, appearanceOfPage } from "./form.ts";
import { cleanPng } from "./png.ts";

const INK: Readonly<Record<InkColor, RGB>> = { black: rgb(0, 0, 0), blue: rgb(0, 0.2, 0.7), red: rgb(0.85, 0, 0) };
const LINE_HEIGHT = 1.2;
const MOST_LINES = 50;
const LONGEST_LINE = 500;
const LARGEST_SIDE = 2_000;

/** Draws text in Tinos, which has the metrics of Times New Roman, as a subset. Throws BAD_INPUT for foreign letters. */
export function drawText(request: TextAppearance): Promise<Appearance> {
  return drawn(request, async (file, page) => {
    const font = await embedTinos(file, request);
    if (request.lines.length > MOST_LINES) throw new SigningError("BAD_INPUT", "There are too many lines.");
    const lines = request.lines.map((line) => drawable(font, line));
    const widest = Math.max(...lines.map((line) => font.widthOfTextAtSize(line, 1)), 0);
    const fitting = Math.min(request.height / (lines.length * LINE_HEIGHT), request.width / (widest || 1));
    const size = Math.min(request.fontSize, fitting);
    const block = lines.length * size * LINE_HEIGHT;
    for (const [index, line] of lines.entries()) {
      const free = request.width - font.widthOfTextAtSize(line, size);
      const x = request.align === "left" ? 0 : request.align === "right" ? free : free / 2;
      // The base line stands at about 0.93 of the size below the top of the line, so that descenders fit.
      const y = (request.height + block) / 2 - index * size * LINE_HEIGHT - size * 0.93;
      page.drawText(line, { x, y, size, font, color: INK[request.color] });
    }
  });
}

/**
 * Draws one text in exactly its size, broken at spaces where it would be wider than allowed, its lines to the right.
 * The appearance is as large as its text.
 */
export async function drawMark(request: MarkText): Promise<Appearance> {
  const { text, fontSize, maxWidth } = request;
  const file = await PDFDocument.create({ updateMetadata: false });
  const font = await embedTinos(file, {});
  const lines = brokenLines(font, drawable(font, text), fontSize, maxWidth);
  const width = Math.max(...lines.map((line) => font.widthOfTextAtSize(line, fontSize)));
  return drawText({
    width: width + 0.01,
    height: lines.length * fontSize * LINE_HEIGHT,
    lines,
    fontSize,
    color: "black",
    align: "right",
  });
}

function brokenLines(font: PDFFont, text: string, fontSize: number, maxWidth: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && font.widthOfTextAtSize(longer, fontSize) > maxWidth) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** The mark of arrival: a frame, the agency's name, ĐẾN, and lines that say what the register says. */
export function drawArrival(mark: ArrivalMark): Promise<Appearance> {
  const { width, height } = ARRIVAL_SIZE;
  return drawn(ARRIVAL_SIZE, async (file, page) => {
    const [regular, bold] = [await embedTinos(file, {}), await embedTinos(file, { bold: true })];
    page.drawRectangle({
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      borderColor: INK.black,
      borderWidth: 1,
    });
    const inside = width - 8;
    const write = (text: string, font: PDFFont, size: number, y: number, centred: boolean): void => {
      const line = drawable(font, text);
      const fitted = Math.min(size, inside / (font.widthOfTextAtSize(line, 1) || 1));
      const x = centred ? (width - font.widthOfTextAtSize(line, fitted)) / 2 : 4;
      page.drawText(line, { x, y, size: fitted, font, color: INK.black });
    };
    write(mark.agency.toLocaleUpperCase("vi"), bold, 9, height - 13, true);
    write("ĐẾN", bold, 14, height - 31, true);
    const rows = [
      `Số: ${mark.number}`,
      `Ngày: ${mark.arrivedOn}`,
      `Chuyển: ${mark.forwardedTo ?? ""}`,
      `Số và ký hiệu HS: ${mark.file ?? ""}`,
    ];
    for (const [index, row] of rows.entries()) write(row, regular, 10, height - 47 - index * 14, false);
  });
}

/** Draws a PNG, with its transparency, as large as fits and centred. Throws BAD_INPUT or LIMIT_EXCEEDED. */
export function drawPng(request: Size & { readonly png: Buffer }): Promise<Appearance> {
  return drawn(request, (file, page) => drawImage(file, page, request.png));
}

/** Draws a person's signature, or an agency's seal in its real size. */
export function drawSignature(request: SignatureAppearance): Promise<Appearance> {
  if (request.kind === "AGENCY_SEAL") {
    const size = { width: SEAL_DIAMETER, height: SEAL_DIAMETER };
    if (request.image !== undefined) return drawPng({ ...size, png: request.image });
    return drawn(size, (file, page) => drawSeal(file, page, request.agency));
  }
  const { width, height, name, image } = request;
  if (image !== undefined) return drawPng({ width, height, png: image });
  const style = { fontSize: height / 2, color: "blue", align: "center", italic: true } as const;
  return drawText({ width, height, lines: [name], ...style });
}

async function drawn(
  { width, height }: Size,
  draw: (file: PDFDocument, page: PDFPage) => Promise<void>,
): Promise<Appearance> {
  if (!(width > 0 && height > 0 && width <= LARGEST_SIDE && height <= LARGEST_SIDE)) {
    throw new SigningError("BAD_INPUT", "An appearance must have sides of up to 2,000 points.", { width, height });
  }
  const file = await PDFDocument.create({ updateMetadata: false });
  const page = file.addPage([width, height]);
  await draw(file, page);
  return appearanceOfPage(Buffer.from(await file.save({ useObjectStreams: false, addDefaultPage: false })));
}

/** NFC, for letters and marks apart are placed badly; only letters that the font has. */
function drawable(font: PDFFont, line: string): string {
  const text = line.normalize("NFC");
  if (text.length > LONGEST_LINE) throw new SigningError("BAD_INPUT", "A line is too long.", { length: text.length });
  const known = charactersOf(font);
  const strange = [...text].find((character) => !known.has(character.codePointAt(0)!));
  if (strange !== undefined) {
    throw new SigningError("BAD_INPUT", "The font has no such character.", { codePoint: strange.codePointAt(0) });
  }
  return text;
}

const characters = new Map<string, ReadonlySet<number>>();

/** The characters of a typeface; asked of the font once, as the answer is a list of thousands. */
function charactersOf(font: PDFFont): ReadonlySet<number> {
  let known = characters.get(font.name);
  if (known === undefined) characters.set(font.name, (known = new Set(font.getCharacterSet())));
  return known;
}

async function drawImage(file: PDFDocument, page: PDFPage, png: Buffer): Promise<void> {
  const clean = cleanPng(png);
  let image: Awaited<ReturnType<PDFDocument["embedPng"]>>;
  try {
    image = await file.embedPng(clean);
  } catch {
    throw new SigningError("BAD_INPUT", "The image is not a sound PNG.");
  }
  const { width, height } = page.getSize();
  const size = image.scaleToFit(width, height);
  page.drawImage(image, { x: (width - size.width) / 2, y: (height - size.height) / 2, ...size });
}

/** Two rings, the agency's name along the upper and, if long, the lower arc, a star in the middle. */
async function drawSeal(file: PDFDocument, page: PDFPage, agency: string): Promise<void> {
  const font = await embedTinos(file, { bold: true });
  const text = drawable(font, agency.toLocaleUpperCase("vi"));
  const radius = SEAL_DIAMETER / 2;
  const center = { x: radius, y: radius };
  page.drawCircle({ ...center, size: radius - 1, borderColor: INK.red, borderWidth: 2 });
  page.drawCircle({ ...center, size: radius * 0.58, borderColor: INK.red, borderWidth: 0.8 });
  page.drawSvgPath(star(radius * 0.36), { ...center, color: INK.red, borderWidth: 0 });
  const baseline = radius * 0.7;
  // 300 degrees at most: the gap at the bottom shows where the name begins and ends.
  const size = Math.min(10, (((Math.PI * 5) / 3) * baseline) / (font.widthOfTextAtSize(text, 1) || 1));
  let angle = Math.PI / 2 + font.widthOfTextAtSize(text, size) / baseline / 2;
  for (const character of text) {
    const advance = font.widthOfTextAtSize(character, size) / baseline;
    page.drawText(character, {
      x: center.x + baseline * Math.cos(angle),
      y: center.y + baseline * Math.sin(angle),
      // Each letter stands square to the radius through its own middle.
      rotate: degrees(((angle - advance / 2) * 180) / Math.PI - 90),
      size,
      font,
      color: INK.red,
    });
    angle -= advance;
  }
}

/** A five-pointed star around the origin, as an SVG path. */
function star(radius: number): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const length = index % 2 === 0 ? radius : radius * 0.382;
    const angle = (index * Math.PI) / 5;
    return `${(length * Math.sin(angle)).toFixed(3)} ${(-length * Math.cos(angle)).toFixed(3)}`;
  });
  return `M ${points.join(" L ")} Z`;
}
