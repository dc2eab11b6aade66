import { describe, expect, test } from "vitest";
import {
  administrativeDocument,
  type AdministrativeDocument,
  type Place,
  type Places,
} from "../../src/forms/administrative-document.ts";
import { dateWords } from "../../src/forms/document-head.ts";
import { mm, type Rect } from "../../src/forms/pdf.ts";
import { decision, letter } from "./examples.ts";
import { inTheClear, prose, random, readFonts, readPages, readText, readWords, type FoundWord } from "./poppler.ts";

const squeezed = (text: string) => text.normalize("NFC").replace(/\s+/g, "");
const sorted = (text: string) =>
  text
    .split(/\s+/)
    .filter((word) => word !== "")
    .sort();

const marks = { FLASH: "HỎA TỐC", VERY_URGENT: "THƯỢNG KHẨN", URGENT: "KHẨN" };

/** Every word a document must bear, and no other. */
function expectedWords(data: AdministrativeDocument, pages: number): string[] {
  const addressees = data.addressees ?? [];
  const punctuated = (list: readonly string[]) =>
    list.map((entry, index) => `- ${entry}${index < list.length - 1 ? ";" : "."}`);
  return sorted(
    [
      "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Nơi nhận:",
      (data.superior ?? "").toLocaleUpperCase("vi"),
      data.agency.toLocaleUpperCase("vi"),
      `Số: /${data.symbol} ${data.place},`,
      data.type ? data.type.toLocaleUpperCase("vi") : "V/v",
      data.subject,
      data.urgency ? marks[data.urgency] : "",
      addressees.length > 0 ? "Kính gửi:" : "",
      ...(addressees.length > 1 ? punctuated(addressees) : addressees),
      (data.authority ?? "").toLocaleUpperCase("vi"),
      ...(data.grounds ?? []),
      data.enactment ?? "",
      data.body,
      ...data.signerTitles.map((title) => title.toLocaleUpperCase("vi")),
      data.signerName,
      ...punctuated([...(data.recipients ?? []), `Lưu: ${data.archive}`]),
      ...Array.from({ length: pages - 1 }, (_, index) => String(index + 2)),
    ].join(" "),
  );
}

const apart = (a: Rect, b: Rect) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];

/** What is wrong with the places: outside the page, over text, or over each other. */
function faults(places: Places, words: FoundWord[], { width, height }: { width: number; height: number }): string[] {
  const found: string[] = [];
  const { seal, moreInitials, coSigners, ...single } = places;
  const several = { moreInitials, coSigners };
  const free: Record<string, Place> = { ...single };
  for (const [name, list] of Object.entries(several))
    for (const [n, place] of list.entries()) free[`${name}${n}`] = place;
  for (const [name, { page, rect }] of Object.entries(free)) {
    const [x1, y1, x2, y2] = rect;
    if (!(x1 > 0 && y1 > 0 && x2 < width && y2 < height && x1 < x2 && y1 < y2)) found.push(`${name} leaves the page`);
    // Poppler's boxes are as high as the face; a hundredth of a point is rounding.
    const inner: Rect = [x1 + 0.05, y1 + 0.05, x2 - 0.05, y2 - 0.05];
    for (const word of words) {
      if (word.page === page && !apart(inner, word.rect)) found.push(`${name} covers ${word.text}`);
    }
    for (const [other, place] of Object.entries(free)) {
      if (other !== name && place.page === page && !apart(inner, place.rect)) found.push(`${name} covers ${other}`);
    }
  }
  // The ring of a real seal may touch the title above and the name below, by 3.5 mm at most.
  const [x1, y1, x2, y2] = seal.rect;
  const [x, y, radius] = [(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2 - mm(3.5)];
  for (const word of words) {
    const dx = x - Math.min(Math.max(x, word.rect[0]), word.rect[2]);
    const dy = y - Math.min(Math.max(y, word.rect[1]), word.rect[3]);
    if (word.page === seal.page && Math.hypot(dx, dy) < radius) found.push(`seal covers ${word.text}`);
  }
  return found;
}

function randomDocument(seed: number): AdministrativeDocument {
  const next = random(seed);
  const some = (limit: number) => Math.floor(next() * limit);
  const base = seed % 2 ? letter : decision;
  return {
    ...base,
    ...(seed % 3 ? {} : { urgency: (["FLASH", "URGENT", "VERY_URGENT"] as const)[some(3)]! }),
    subject: prose(next, 4 + some(40)),
    agency: prose(next, 2 + some(12)),
    addressees: Array.from({ length: some(6) }, () => prose(next, 2 + some(20)).replace(/[;.,]+$/, "")),
    body: Array.from({ length: 1 + some(14) }, () => prose(next, 1 + some(90))).join("\n\n"),
    recipients: Array.from({ length: some(25) }, () => prose(next, 1 + some(14)).replace(/[;.,]+$/, "")),
  };
}

describe("text", () => {
  test.each([
    ["công văn", letter],
    ["decision", decision],
  ])("a %s says exactly what was given", async (_, data) => {
    const { bytes, pages } = await administrativeDocument(data);

    expect(pages).toBe(1);
    expect(
      readWords(bytes)
        .words.map(({ text }) => text)
        .sort(),
    ).toEqual(expectedWords(data, pages));
    expect(readText(bytes)).toContain(squeezed(data.body));
  });

  test("a body of more than thirty pages keeps every word in order", async () => {
    const data = { ...letter, body: Array.from({ length: 240 }, (_, i) => prose(random(i + 1), 80)).join("\n\n") };
    const { bytes, pages } = await administrativeDocument(data);

    expect(pages).toBeGreaterThan(30);
    expect(
      readWords(bytes)
        .words.map(({ text }) => text)
        .sort(),
    ).toEqual(expectedWords(data, pages));
    const withoutNumbers = readPages(bytes).map((page, index) => (index ? page.slice(`${index + 1}`.length) : page));
    expect(withoutNumbers.join("")).toContain(squeezed(data.body));
  });

  test("decomposed letters (NFD) give the bytes that composed ones give", async () => {
    const decomposed = JSON.parse(JSON.stringify(letter).normalize("NFD")) as AdministrativeDocument;
    const [one, two] = await Promise.all([
      administrativeDocument(letter),
      administrativeDocument({ ...decomposed, madeAt: letter.madeAt }),
    ]);
    expect(two.bytes.equals(one.bytes)).toBe(true);
  });

  test("equal data give equal bytes, other data others", async () => {
    const first = await administrativeDocument(decision);
    await administrativeDocument(letter);
    const again = await administrativeDocument(structuredClone(decision));
    const other = await administrativeDocument({ ...decision, archive: "VT, TC" });
    expect(again.bytes.equals(first.bytes)).toBe(true);
    expect(other.bytes.equals(first.bytes)).toBe(false);
  });

  test("number and date known beforehand are printed in their places", async () => {
    const data = { ...decision, number: "07", issuedOn: "2026-03-05" };
    const { bytes, places } = await administrativeDocument(data);
    expect(readText(bytes)).toContain("Số:07/QĐ-SNV");
    const inDate = readWords(bytes).words.filter(({ rect }) => !apart(rect, places.date.rect));
    expect(inDate.map(({ text }) => text).join(" ")).toBe("ngày 05 tháng 3 năm 2026");
    expect(dateWords("2026-02-09")).toBe("ngày 09 tháng 02 năm 2026");
  });

  test("what is optional may be missing", async () => {
    const { agency, symbol, place, subject, body, signerTitles, signerName, archive, madeAt } = letter;
    const bare = { agency, symbol, place, subject, body, signerTitles, signerName, archive, madeAt };
    const { bytes, pages, places } = await administrativeDocument(bare);
    const { words, pages: sizes } = readWords(bytes);
    expect(words.map(({ text }) => text).sort()).toEqual(expectedWords(bare, pages));
    expect(faults(places, words, sizes[0]!)).toEqual([]);
  });
});

describe("page", () => {
  test("pages after the first bear their number in the middle of the top margin", async () => {
    const body = Array.from({ length: 12 }, (_, i) => prose(random(i + 7), 90)).join("\n\n");
    const { bytes, pages } = await administrativeDocument({ ...letter, body });
    const { words, pages: sizes } = readWords(bytes);
    const inTopMargin = words.filter(({ rect }) => (rect[1] + rect[3]) / 2 > sizes[0]!.height - mm(20));
    expect(pages).toBeGreaterThan(2);
    expect(inTopMargin.map(({ page, text }) => [page, text])).toEqual(
      Array.from({ length: pages - 1 }, (_, index) => [index + 2, String(index + 2)]),
    );
    for (const { rect } of inTopMargin) expect((rect[0] + rect[2]) / 2).toBeCloseTo(sizes[0]!.width / 2, 0);
  });

  test("A4, text inside the margins, fonts embedded and subset, structure sound", async () => {
    const { bytes } = await administrativeDocument(letter);
    const { words, pages } = readWords(bytes);
    expect(pages[0]!.width).toBeCloseTo(mm(210), 1);
    expect(pages[0]!.height).toBeCloseTo(mm(297), 1);
    for (const { text, rect } of words) {
      const inside = rect[0] >= mm(30) - 0.1 && rect[2] <= mm(195) + 0.1 && rect[1] >= mm(20) && rect[3] <= mm(277) + 3;
      expect([text, inside]).toEqual([text, true]);
    }
    const fonts = readFonts(bytes);
    expect(fonts).toHaveLength(4);
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+Tinos-\w+ +CID TrueType +Identity-H +yes yes yes /);
    expect(inTheClear(bytes)).toContain("/Lang");
  });

  const widths = [
    ["FLASH", 30],
    ["VERY_URGENT", 40],
    ["URGENT", 20],
  ] as const;
  test.each(widths)("mark %s is %d × 8 mm", async (urgency, width) => {
    const { bytes } = await administrativeDocument({ ...letter, urgency });
    const frames = [...inTheClear(bytes).matchAll(/0\.85 0 0\.05 RG [\d.]+ w [\d.]+ [\d.]+ ([\d.]+) ([\d.]+) re S/g)];
    expect(frames).toHaveLength(1);
    expect(Number(frames[0]![1])).toBeCloseTo(mm(width), 1);
    expect(Number(frames[0]![2])).toBeCloseTo(mm(8), 1);
  });

  test("a warm document takes at most 60 ms", async () => {
    const times: number[] = [];
    for (let run = 0; run < 15; run++) {
      const start = performance.now();
      await administrativeDocument(letter);
      times.push(performance.now() - start);
    }
    expect(times.sort((a, b) => a - b)[7]).toBeLessThan(60);
  });
});

describe("places", () => {
  const seeds = Array.from({ length: 24 }, (_, index) => index + 1);

  test.each(seeds)("random document %d: places are free, and nothing is lost", async (seed) => {
    const data = randomDocument(seed);
    const { bytes, pages, places } = await administrativeDocument(data);
    const { words, pages: sizes } = readWords(bytes);

    expect(words.map(({ text }) => text).sort()).toEqual(expectedWords(data, pages));
    expect(faults(places, words, sizes[0]!)).toEqual([]);

    // NĐ 30/2020, Phụ lục I: real size, a third of the signature's image, on its left.
    const [leader, seal] = [places.leader.rect, places.seal.rect];
    expect(places.seal.page).toBe(places.leader.page);
    expect([seal[2] - seal[0], seal[3] - seal[1]].map((side) => Math.round(side))).toEqual([102, 102]);
    expect((seal[2] - leader[0]) / (leader[2] - leader[0])).toBeCloseTo(1 / 3, 3);

    expect(places.initials.page).toBe(places.leader.page);
  });

  test("who signs beside the leader has a block and a free place of one's own", async () => {
    for (let count = 1; count <= 5; count++) {
      const coSigners = Array.from({ length: count }, (_, nth) => ({
        titles: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        name: `Nguyễn Văn Thứ${nth}`,
      }));
      const { bytes, places } = await administrativeDocument({ ...decision, coSigners });
      const { words, pages: sizes } = readWords(bytes);
      expect(places.coSigners).toHaveLength(count);
      expect(faults(places, words, sizes[0]!)).toEqual([]);
      for (const [nth, { page, rect }] of places.coSigners.entries()) {
        const name = words.find(({ text }) => text === `Thứ${nth}`)!;
        expect(name.page).toBe(page);
        // The name stands right under the place of the signature.
        expect(rect[1] - name.rect[3]).toBeGreaterThan(0);
        expect(rect[1] - name.rect[3]).toBeLessThan(20);
      }
    }
  });

  test("wherever the page ends, the signature has two lines of the text with it", async () => {
    const splits = new Set<number>();
    for (let count = 16; count <= 30; count++) {
      const body = Array.from({ length: count }, (_, index) => `dòng${index + 1}`).join("\n\n");
      const { bytes, pages, places } = await administrativeDocument({ ...decision, body });
      const lines = readWords(bytes).words.filter(({ text }) => text.startsWith("dòng"));
      const withSignature = lines.filter(({ page }) => page === places.leader.page).map(({ text }) => text);
      expect(places.leader.page).toBe(pages);
      expect(withSignature.slice(-2)).toEqual([`dòng${count - 1}`, `dòng${count}`]);
      splits.add(withSignature.length);
    }
    // The page did end right before those two lines in one of the cases.
    expect(splits).toContain(2);
  });

  test("the check finds a place moved over the text (planted)", async () => {
    const { bytes, places } = await administrativeDocument(letter);
    const { words, pages } = readWords(bytes);
    const moved = ([x1, y1, x2, y2]: Rect, x: number, y: number): Rect => [x1 + x, y1 + y, x2 + x, y2 + y];
    const planted = (
      name: "number" | "date" | "leader" | "seal" | "arrival" | "initials" | "copy",
      x: number,
      y: number,
    ) => faults({ ...places, [name]: { ...places[name], rect: moved(places[name].rect, x, y) } }, words, pages[0]!);

    expect(planted("number", 6, 0)).toEqual(["number covers /SNV-VP"]);
    expect(planted("date", -10, 0).join()).toContain("date covers Sơn,");
    expect(planted("leader", 0, 20).join()).toContain("leader covers");
    expect(planted("seal", 0, 25).join()).toContain("seal covers");
    expect(planted("arrival", -20, 0).join()).toContain("leaves the page");
    expect(planted("initials", -30, 0).join()).toContain("initials covers 2026./.");
  });

  test("the place of the number holds five digits, that of the date any date, both on their line", async () => {
    const { places, bytes } = await administrativeDocument(letter);
    const { words } = readWords(bytes);
    const label = words.find(({ text }) => text === "Số:")!;
    const [x1, y1, x2, y2] = places.number.rect;
    expect(x2 - x1).toBeGreaterThan(32.5);
    expect(y1).toBeCloseTo(label.rect[1], 0);
    expect(y2).toBeCloseTo(label.rect[3], 0);
    const filled = await administrativeDocument({ ...letter, issuedOn: "2028-12-30" });
    const year = readWords(filled.bytes).words.find(({ text }) => text === "2028")!;
    expect(places.date.rect[2]).toBeCloseTo(year.rect[2], 0);
  });
});

describe("refusals", () => {
  test.each([
    ["a blank agency", { agency: " \u200b " }, "EMPTY"],
    ["no body", { body: "" }, "EMPTY"],
    ["nobody to sign", { signerTitles: [] }, "EMPTY"],
    ["a subject too long", { subject: "a".repeat(501) }, "TOO_LONG"],
    ["a subject far too long", { subject: "a".repeat(5_000_000) }, "TOO_LONG"],
    ["a place wider than its column", { place: "W".repeat(30) }, "TOO_LONG"],
    ["too many recipients", { recipients: Array.from({ length: 301 }, () => "a") }, "TOO_MANY"],
    ["a letter no font has", { subject: "về việc 漢字" }, "UNPRINTABLE"],
    ["a picture letter", { body: "Kính gửi 😀" }, "UNPRINTABLE"],
    ["a day that is none", { issuedOn: "2026-02-30" }, "INVALID"],
    ["a date in another form", { issuedOn: "05/02/2026" }, "INVALID"],
  ] as const)("%s is refused", async (_, fault, code) => {
    await expect(administrativeDocument({ ...letter, ...fault })).rejects.toMatchObject({ name: "FormError", code });
  });

  test("invisible and direction characters cannot hide in a document", async () => {
    const { bytes } = await administrativeDocument({ ...letter, signerName: "Nguyễn\u202e Văn\u200b An\u0000" });
    expect(readText(bytes)).toContain("NguyễnVănAn");
    // A lone surrogate becomes U+FFFD, which the font has.
    const lone = await administrativeDocument({ ...letter, signerName: "An \ud800" });
    expect(readText(lone.bytes)).toContain("An\ufffd");
  });
});
