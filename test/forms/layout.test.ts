import { expect, test } from "vitest";
import { Flow, paragraph, portrait, textWidth, type Block } from "../../src/forms/layout.ts";
import { mm, PdfWriter } from "../../src/forms/pdf.ts";
import { madeAt } from "./examples.ts";
import { prose, random, readWords } from "./poppler.ts";

interface Set {
  page: number;
  top: number;
  bottom: number;
}

/** Sets blocks and reports where each of them came to stand. */
async function setAll(blocks: Block[]): Promise<Set[]> {
  const flow = new Flow(await PdfWriter.create("Thử", madeAt), portrait);
  const places: Set[] = [];
  const recorded = blocks.map((block) => ({
    ...block,
    draw: (_: unknown, top: number, page: number) => void places.push({ page, top, bottom: top - block.height }),
  }));
  flow.add(recorded);
  return places;
}

function faults(blocks: Block[], places: Set[]): string[] {
  const found: string[] = [];
  if (places.length !== blocks.length) found.push("blocks lost");
  for (const [index, place] of places.entries()) {
    const next = places[index + 1];
    const [lowest, highest] = [portrait.bottom - 1e-6, portrait.height - portrait.top + 1e-6];
    if (place.bottom < lowest || place.top > highest) found.push("outside");
    if (next?.page === place.page && next.top > place.bottom + 1e-6) found.push("overlap");
    if (next && next.page < place.page) found.push("order");
    if (next && blocks[index]!.keepWithNext && next.page !== place.page) found.push(`parted after ${index}`);
  }
  return found;
}

function randomBlocks(seed: number): Block[] {
  const next = random(seed);
  return Array.from({ length: 120 }, () => ({
    height: 10 + next() * 60,
    before: next() * 10,
    keepWithNext: next() < 0.4,
    draw: () => undefined,
  })).map((block, index, all) => ({ ...block, keepWithNext: block.keepWithNext && index < all.length - 1 }));
}

test("random blocks: inside the margins, in order, never over each other, tied ones together", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const blocks = randomBlocks(seed);
    expect(faults(blocks, await setAll(blocks))).toEqual([]);
  }
});

test("the check finds a flow that forgets what is tied (planted)", async () => {
  const blocks = randomBlocks(1);
  const forgetful = await setAll(blocks.map((block) => ({ ...block, keepWithNext: false })));
  expect(faults(blocks, forgetful).join()).toContain("parted after");
});

test("a tied run longer than a page is divided rather than lost", async () => {
  const blocks = Array.from({ length: 100 }, (): Block => ({ height: 20, keepWithNext: true, draw: () => undefined }));
  const places = await setAll(blocks);
  expect(places).toHaveLength(100);
  expect(places.at(-1)!.page).toBe(3);
});

test("justified lines end at the right margin, the last line does not", async () => {
  const writer = await PdfWriter.create("Thử", madeAt);
  const flow = new Flow(writer, portrait);
  const style = { size: 14, leading: 17.5, before: 6, indent: mm(12.7) };
  flow.add(paragraph([{ text: prose(random(5), 120), face: "regular" }], portrait.left, textWidth(portrait), style));
  const { bytes } = await writer.finish();
  const ends = new Map<number, number>();
  for (const { rect } of readWords(bytes).words) {
    const line = Math.round(rect[1]);
    ends.set(line, Math.max(ends.get(line) ?? 0, rect[2]));
  }
  const edges = [...ends.values()];
  expect(edges.length).toBeGreaterThan(5);
  for (const edge of edges.slice(0, -1)) expect(Math.abs(edge - (portrait.width - portrait.right))).toBeLessThan(0.5);
  expect(edges.at(-1)).toBeLessThan(portrait.width - portrait.right - 5);
});

test("no paragraph leaves one line alone at the foot or the head of a page", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed);
    const sizes: number[] = [];
    const blocks = Array.from({ length: 25 }, () => {
      const runs = [{ text: prose(next, 10 + Math.floor(next() * 90)), face: "regular" as const }];
      const lines = paragraph(runs, portrait.left, textWidth(portrait), { size: 14, leading: 17.5, before: 6 });
      sizes.push(lines.length);
      return lines;
    }).flat();
    const places = await setAll(blocks);
    let start = 0;
    for (const size of sizes) {
      const pages = places.slice(start, start + size).map(({ page }) => page);
      start += size;
      if (size < 2) continue;
      expect(pages[1]).toBe(pages[0]);
      expect(pages.at(-2)).toBe(pages.at(-1));
    }
  }
});
