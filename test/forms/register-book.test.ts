import { expect, test } from "vitest";
import { mm } from "../../src/forms/pdf.ts";
import { registerBook, type IncomingRow, type OutgoingRow, type UnusedNumber } from "../../src/forms/register-book.ts";
import { madeAt } from "./examples.ts";
import { inTheClear, prose, random, readFonts, readText, readWords, type FoundWord } from "./poppler.ts";

const cover = {
  superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
  agency: "Sở Nội vụ",
  year: "2026",
  fromDay: "01/01/2026",
  toDay: "30/6/2026",
  fromNumber: "01",
  toNumber: "1000",
  bookNumber: "03",
};

const incomingRow = (index: number): IncomingRow => {
  const next = random(index + 1);
  return {
    arrivedOn: "05/01/2026",
    number: `đến-${index}`,
    author: prose(next, 5),
    symbol: `${index}/UBND-VP`,
    day: "03/01/2026",
    subject: prose(next, 5 + Math.floor(next() * 40)),
    recipient: prose(next, 8),
    handedOverOn: "05/01/2026",
    receipt: "Đã ký",
    note: "",
  };
};

const outgoingRow: OutgoingRow = {
  number: "01/QĐ-SNV",
  day: "12/02/2026",
  subject: "Quyết định về việc cử công chức đi đào tạo",
  signer: "Hoàng Văn Thắng",
  recipients: "Các phòng, đơn vị thuộc Sở",
  archivedBy: "Văn thư",
  copies: "05",
  sentOn: "13/02/2026",
  receipt: "Đã ký",
  note: "Khẩn",
};

const headings = {
  INCOMING:
    "Ngày đến|Số đến|Tác giả|Số, ký hiệu văn bản|Ngày tháng văn bản|Tên loại và trích yếu nội dung văn bản|" +
    "Đơn vị hoặc người nhận|Ngày chuyển|Ký nhận|Ghi chú",
  OUTGOING:
    "Số, ký hiệu văn bản|Ngày tháng văn bản|Tên loại và trích yếu nội dung văn bản|Người ký|Nơi nhận văn bản|" +
    "Đơn vị, người nhận bản lưu|Số lượng bản|Ngày chuyển|Ký nhận|Ghi chú",
};

/** Pages from 2 to `last` that lack the ten titles in order, or the ten numbers under them. */
function pagesWithoutHeading(words: FoundWord[], last: number, direction: keyof typeof headings): number[] {
  const lacking: number[] = [];
  for (let page = 2; page <= last; page++) {
    const onPage = words.filter((word) => word.page === page);
    const numbers = onPage.filter(({ text }) => /^\(\d+\)$/.test(text)).sort((a, b) => a.rect[0] - b.rect[0]);
    const row = numbers[0]?.rect[3] ?? 0;
    const edges = numbers.map(({ rect }) => (rect[0] + rect[2]) / 2);
    const titles = edges.map((edge) =>
      onPage
        // The title above a number: the words nearer to its column's middle than to any other.
        .filter(({ rect }) => rect[1] >= row && rect[3] < mm(210 - 20) && nearest(edges, rect) === edge)
        .map(({ text }) => text),
    );
    const found = numbers.map(({ text }) => text).join("") + titles.map((title) => title.join(" ")).join("|");
    if (!sameWords(found, `(1)(2)(3)(4)(5)(6)(7)(8)(9)(10)${headings[direction]}`)) lacking.push(page);
  }
  return lacking;
}

const nearest = (edges: number[], [x1, , x2]: readonly number[]) =>
  edges.reduce((best, edge) => (Math.abs(edge - (x1! + x2!) / 2) < Math.abs(best - (x1! + x2!) / 2) ? edge : best));
const sameWords = (a: string, b: string) =>
  a
    .split(/[\s|]+/)
    .sort()
    .join(" ") ===
  b
    .split(/[\s|]+/)
    .sort()
    .join(" ");

test("a thousand incoming documents: each row once, in order, the heading on every page, nothing off it", async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => incomingRow(index));
  const { bytes, pages } = await registerBook({ direction: "INCOMING", cover, rows, madeAt });
  const { words, pages: sizes } = readWords(bytes);

  const inOrder = words.toSorted((a, b) => a.page - b.page || b.rect[1] - a.rect[1]);
  const numbers = inOrder.filter(({ text }) => text.startsWith("đến-")).map(({ text }) => text);
  expect(numbers).toEqual(rows.map(({ number }) => number));
  expect(pagesWithoutHeading(words, pages, "INCOMING")).toEqual([]);
  expect(sizes).toHaveLength(pages);
  expect(sizes[0]!.width).toBeCloseTo(mm(297), 1);
  for (const { rect } of words) {
    expect(rect[0] >= mm(20) && rect[2] <= mm(285) && rect[1] >= mm(15) && rect[3] <= mm(205)).toBe(true);
  }
  const given = rows.flatMap((row) => Object.values(row).flatMap((cell: string) => cell.split(" "))).filter(Boolean);
  const printed = new Map<string, number>();
  for (const { text } of words) printed.set(text, (printed.get(text) ?? 0) + 1);
  for (const word of given) printed.set(word, (printed.get(word) ?? 0) - 1);
  expect([...printed].filter(([, count]) => count < 0)).toEqual([]);
});

test("the check finds a page whose heading is missing or out of order (planted)", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => incomingRow(index));
  const { bytes, pages } = await registerBook({ direction: "INCOMING", cover, rows, madeAt });
  const { words } = readWords(bytes);
  const without = words.filter(({ page, text }) => page !== 3 || text !== "(10)");
  expect(pagesWithoutHeading(words, pages, "INCOMING")).toEqual([]);
  expect(pagesWithoutHeading(without, pages, "INCOMING")).toEqual([3]);
  expect(pagesWithoutHeading(words, pages, "OUTGOING")).toHaveLength(pages - 1);
});

test("outgoing: ten columns in the order of the law, cells as given", async () => {
  const { bytes, pages } = await registerBook({ direction: "OUTGOING", cover, rows: [outgoingRow], madeAt });
  const { words } = readWords(bytes);
  expect(pagesWithoutHeading(words, pages, "OUTGOING")).toEqual([]);
  const row = words.filter(({ page }) => page === 2);
  const left = (text: string) => row.findLast((word) => word.text === text)!.rect[0];
  const order = ["01/QĐ-SNV", "12/02/2026", "Quyết", "Hoàng", "Các", "Văn", "05", "13/02/2026", "ký", "Khẩn"].map(left);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("the cover bears agency, year, days, numbers and book number", async () => {
  const { bytes } = await registerBook({ direction: "OUTGOING", cover, rows: [], madeAt });
  const text = readWords(bytes)
    .words.filter(({ page }) => page === 1)
    .map((word) => word.text)
    .join(" ");
  expect(text).toBe(
    "ỦY BAN NHÂN DÂN TỈNH MẪU SƠN SỞ NỘI VỤ SỔ ĐĂNG KÝ VĂN BẢN ĐI Năm: 2026 Từ ngày 01/01/2026 đến ngày 30/6/2026 " +
      "Từ số 01 đến số 1000 Quyển số: 03",
  );
});

test("numbers without a document stand in the register with their reason", async () => {
  const rows: (OutgoingRow | UnusedNumber)[] = [
    outgoingRow,
    { number: "02", unused: "VOID", reason: "cấp nhầm loại" },
    { number: "03", unused: "RESERVED", reason: "chờ ký" },
  ];
  const { bytes } = await registerBook({ direction: "OUTGOING", cover, rows, madeAt });
  const text = readText(bytes);
  expect(text).toContain("02Sốhủy:cấpnhầmloại");
  expect(text).toContain("03Sốgiữchỗ:chờký");
});

test("a cell longer than a page goes on over pages, and no word is lost", async () => {
  const recipients = Array.from({ length: 700 }, (_, index) => `n${index}`).join(" ");
  const rows = [outgoingRow, { ...outgoingRow, recipients }, { ...outgoingRow, number: "cuối" }];
  const { bytes, pages } = await registerBook({ direction: "OUTGOING", cover, rows, madeAt });
  const { words } = readWords(bytes);
  expect(
    words
      .filter(({ text }) => /^n\d+$/.test(text))
      .map(({ text }) => text)
      .join(" "),
  ).toBe(recipients);
  expect(Math.min(...words.map(({ rect }) => rect[1]))).toBeGreaterThanOrEqual(mm(15));
  expect(pagesWithoutHeading(words, pages, "OUTGOING")).toEqual([]);
  expect(words.at(-1)!.page).toBe(pages);
});

test("rows may come from a cursor; what has no glyph is shown as a box; equal rows give equal bytes", async () => {
  async function* cursor() {
    yield { ...outgoingRow, subject: "Thư 漢 của\nđối tác" };
  }
  const print = () => registerBook({ direction: "OUTGOING", cover, rows: cursor(), madeAt });
  const [one, two] = [await print(), await print()];
  expect(one.bytes.equals(two.bytes)).toBe(true);
  expect(readText(one.bytes)).toContain("Thư□củađốitác");
  expect(readFonts(one.bytes).every((font) => font.includes("yes yes yes"))).toBe(true);
  inTheClear(one.bytes);
});

test("five thousand rows take bounded time, memory and never hold the process for long", async () => {
  function* rows() {
    for (let index = 0; index < 5000; index++) yield incomingRow(index);
  }
  let longest = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const { bytes } = await registerBook({ direction: "INCOMING", cover, rows: rows(), madeAt });
  clearInterval(pulse);
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(longest).toBeLessThan(1_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 * 1024);
  expect(bytes.length).toBeLessThan(10_000_000);
});

test("an endless cursor and an endless cell are refused", async () => {
  function* endless() {
    for (;;) yield { number: "1", unused: "VOID" as const, reason: "" };
  }
  const refused = (rows: Iterable<OutgoingRow | UnusedNumber>) =>
    registerBook({ direction: "OUTGOING", cover, rows, madeAt });
  await expect(refused(endless())).rejects.toMatchObject({ code: "TOO_MANY" });
  await expect(refused([{ ...outgoingRow, note: "a".repeat(4001) }])).rejects.toMatchObject({ code: "TOO_LONG" });
});
