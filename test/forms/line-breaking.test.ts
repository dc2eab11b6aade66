import { expect, test } from "vitest";
import { balancedLines, breakLines, spaceWidth, type Line } from "../../src/forms/line-breaking.ts";
import { paragraphs } from "../../src/forms/document-body.ts";
import { prose, random } from "./poppler.ts";

const textOf = (lines: Line[]) => lines.map(({ words }) => words.map(({ text }) => text).join(" ")).join(" ");

/** What a set paragraph does wrong. */
function faults(lines: Line[], text: string, size: number, width: number, indent: number): string[] {
  const found: string[] = [];
  if (textOf(lines) !== text) found.push("text changed");
  for (const [index, line] of lines.entries()) {
    const room = index === 0 ? width - indent : width;
    if (line.width > room + 1e-9) found.push(`line ${index} too wide`);
    const next = lines[index + 1]?.words[0];
    if (next && line.width + spaceWidth("regular", size) + next.width <= room) found.push(`line ${index} broken early`);
    if (line.last !== (index === lines.length - 1)) found.push(`line ${index} ends wrongly`);
  }
  return found;
}

test("random paragraphs: every syllable whole and in order, no line too wide, none broken early", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const [size, width, indent] = [10 + next() * 5, 100 + next() * 400, next() * 36];
    const text = prose(next, 1 + Math.floor(next() * 200));
    expect(faults(breakLines([{ text, face: "regular" }], size, width, indent), text, size, width, indent)).toEqual([]);
  }
});

test("the check finds a breaker that cuts syllables or overfills lines (planted)", () => {
  const text = prose(random(3), 120);
  const lines = breakLines([{ text, face: "regular" }], 14, 300);
  const overfull = breakLines([{ text, face: "regular" }], 14, 330);
  const [first, ...rest] = lines;
  const [word, ...words] = first!.words;
  const halves = [word!.text[0]!, word!.text.slice(1)].map((text) => ({ ...word!, text }));
  const cut = [{ ...first!, words: [...halves, ...words] }];
  expect(faults([...cut, ...rest], text, 14, 300, 0)).toContain("text changed");
  expect(faults(overfull, text, 14, 300, 0).join()).toContain("too wide");
});

test("a word wider than a line is cut inside the line; a million characters end in bounded time", () => {
  const lines = breakLines([{ text: `Địa chỉ ${"w".repeat(200)} hết`, face: "regular" }], 14, 150);
  expect(Math.max(...lines.map(({ width }) => width))).toBeLessThanOrEqual(150);
  expect(textOf(lines).replaceAll(" ", "")).toBe(`Địachỉ${"w".repeat(200)}hết`);
  expect(breakLines([{ text: "x".repeat(1_000_000), face: "regular" }], 14, 400).length).toBeGreaterThan(1_000);
});

test("a no-break space holds its neighbours together", () => {
  const lines = breakLines([{ text: "số 30\u00a0ngày", face: "regular" }], 14, 60);
  expect(lines.map(({ words }) => words.map(({ text }) => text))).toEqual([["số"], ["30 ngày"]]);
});

test("balanced lines are as few as plain ones and less uneven", () => {
  const text = prose(random(9), 30);
  const plain = breakLines([{ text, face: "bold" }], 14, 360);
  const balanced = balancedLines(text, "bold", 14, 360);
  const spread = (lines: Line[]) => Math.max(...lines.map((l) => l.width)) - Math.min(...lines.map((l) => l.width));
  expect(balanced.length).toBe(plain.length);
  expect(textOf(balanced)).toBe(text);
  expect(spread(balanced)).toBeLessThanOrEqual(spread(plain));
});

test("paragraphs part at blank lines and before numbers, letters, dashes and articles, and nowhere else", () => {
  expect(paragraphs("Một\nhai\n\nba\n1. bốn\nnăm\na) sáu\n- bảy\nĐiều 1. tám\n2026 chín\nChương I\nQuy định")).toEqual([
    "Một hai",
    "ba",
    "1. bốn năm",
    "a) sáu",
    "- bảy",
    "Điều 1. tám 2026 chín",
    "Chương I",
    "Quy định",
  ]);
});
