import { baseline, paragraph, textWidth, type Block, type ParagraphStyle, type Sheet } from "./layout.ts";
import { singleLine, type Run } from "./line-breaking.ts";
import { mm } from "./pdf.ts";

/** Boxes 9a and 6 of the layout in NĐ 30/2020, Phụ lục I, cleaned. */
export interface Body {
  addressees: readonly string[];
  /** Empty for none. */
  authority: string;
  grounds: readonly string[];
  enactment: string | undefined;
  text: string;
}

const inset = mm(12.7);
const prose: ParagraphStyle = { size: 14, leading: 17.5, before: 6, indent: inset };

// A line that opens so is a paragraph of its own: 1. / 1.2. / 1) / a) / - / + / • / I. / Điều 1. / Chương I …
const opening = /^(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]|[a-zđ][.)]|[-–+•*]|[IVXLC]{1,6}\.|Điều \d|(?:Phần|Chương|Mục) )/u;
const article = /^(Điều \d{1,4}[a-zđ]?\.)(.*)$/su;
const division = /^(?:Phần|Chương|Mục) (?:[IVXLC]{1,6}|\d{1,3})$/u;

/** The body as blocks over the text width of the sheet, in order. */
export function bodyBlocks(sheet: Sheet, body: Body): Block[] {
  const set = (runs: readonly Run[], style: ParagraphStyle) => paragraph(runs, sheet.left, textWidth(sheet), style);
  const centred = (text: string, before: number) =>
    set([{ text, face: "bold" }], { size: 14, leading: 17.5, before, align: "centred", keepWithNext: true });
  return [
    ...addresseeBlocks(sheet, body.addressees),
    ...(body.authority ? centred(body.authority, 6) : []),
    ...body.grounds.flatMap((ground) => set([{ text: ground, face: "italic" }], prose)),
    ...(body.enactment ? centred(body.enactment, 10) : []),
    ...paragraphs(body.text).flatMap((text, index, all) => {
      if (division.test(text)) return centred(text, 10);
      // The title of a chapter stands under its number.
      const titled = division.test(all[index - 1] ?? "") && !opening.test(text) && index < all.length - 1;
      return titled ? centred(text, 0) : set(runs(text), prose);
    }),
  ];
}

/** The paragraphs of a plain text: parted by blank lines, or by a line that opens with a number, letter or dash. */
export function paragraphs(text: string): string[] {
  const result: string[] = [];
  let open = false;
  for (const line of text.split("\n").map((line) => line.trim())) {
    if (line === "") open = false;
    else if (open && !opening.test(line) && !division.test(result.at(-1)!)) result.push(`${result.pop()} ${line}`);
    else {
      result.push(line);
      open = true;
    }
  }
  return result;
}

function runs(text: string): Run[] {
  const [, heading, rest] = article.exec(text) ?? [];
  if (!heading) return [{ text, face: "regular" }];
  return [
    { text: heading, face: "bold" },
    { text: rest ?? "", face: "regular" },
  ];
}

/** One addressee stands on the line of "Kính gửi:"; several under it, each on a line of its own. */
function addresseeBlocks(sheet: Sheet, addressees: readonly string[]): Block[] {
  const [first, ...others] = addressees;
  if (first === undefined) return [];
  const style = { size: 14, leading: 17.5 };
  const label = singleLine("Kính gửi:", "regular", style.size);
  const gap = mm(2);
  const entries = others.length === 0 ? [first] : list(addressees);
  const widest = Math.max(...entries.map((entry) => singleLine(entry, "regular", style.size).width));
  const available = textWidth(sheet) - label.width - gap - 2 * inset;
  const width = Math.min(widest + 0.01, available);
  const left = sheet.left + inset + (available - width) / 2;
  const blocks = entries.flatMap((entry, index) =>
    paragraph([{ text: entry, face: "regular" }], left + label.width + gap, width, {
      ...style,
      before: index === 0 ? 4 : 0,
      align: "left",
      keepWithNext: index === entries.length - 1,
    }),
  );
  const draw: Block["draw"] = (page, top) => page.line(left, baseline(top, style), label);
  if (others.length > 0) return [{ height: style.leading, before: 4, keepWithNext: true, draw }, ...blocks];
  return [both(blocks[0]!, draw), ...blocks.slice(1)];
}

/** Entries as the law writes a list: a dash before each, a semicolon after, a full stop after the last. */
export function list(entries: readonly string[]): string[] {
  return entries.map((entry, index) => {
    const words = entry.replace(/^[-–]\s*/u, "").replace(/[;.,\s]+$/u, "");
    return `- ${words}${index === entries.length - 1 ? "." : ";"}`;
  });
}

function both(block: Block, also: Block["draw"]): Block {
  return {
    ...block,
    draw(page, top, pageNumber) {
      also(page, top, pageNumber);
      block.draw(page, top, pageNumber);
    },
  };
}
