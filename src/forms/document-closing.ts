import { list } from "./document-body.ts";
import { baseline, stackCentred, type Block, type Sheet } from "./layout.ts";
import { balancedLines, breakLines, singleLine, type Line } from "./line-breaking.ts";
import { mm, type Page, type Rect } from "./pdf.ts";

/** Boxes 7a, 7b and 9b of the layout in NĐ 30/2020, Phụ lục I, cleaned. */
export interface Closing {
  authority: readonly string[];
  signer: string;
  recipients: readonly string[];
  archive: string;
  /** Who signs beside the leader, each with lines of title and a name. */
  coSigners: readonly CoSigner[];
}

/** Somebody who signs beside the leader (người đồng ký). */
export interface CoSigner {
  readonly titles: readonly string[];
  readonly name: string;
}

/** Where the leader's signature and the agency's seal belong. */
export interface ClosingPlaces {
  page: number;
  leader: Rect;
  seal: Rect;
}

const bold = { size: 14, leading: 17 };
const small = { size: 11, leading: 13 };
const headingHeight = 15;
const signatureGap = mm(30);
const signatureImage = { width: mm(50), height: mm(27) };
const sealDiameter = mm(36);
/** Half the width of the column of the signature, counted from its centre. */
const half = mm(44);

/**
 * The closing as blocks: the first holds the signature and as many recipients as stand beside it, the others are the
 * recipients that remain. `placed` is told the places when the first is drawn.
 */
export function closingBlocks(sheet: Sheet, closing: Closing, placed: (places: ClosingPlaces) => void): Block[] {
  const centre = sheet.width - sheet.right - half;
  // The list ends where the seal begins.
  const recipientsWidth = centre - signatureImage.width / 6 - sealDiameter - mm(2) - sheet.left;
  const titles = closing.authority.flatMap((title) => balancedLines(title, "bold", bold.size, 2 * half));
  const name = balancedLines(closing.signer, "bold", bold.size, 2 * half);
  const recipients = list([...closing.recipients, `Lưu: ${closing.archive}`]).flatMap((entry) =>
    breakLines([{ text: entry, face: "regular" }], small.size, recipientsWidth),
  );
  const height = (titles.length + name.length) * bold.leading + signatureGap;
  const beside = Math.floor((height - headingHeight) / small.leading);

  const signature: Block = {
    height,
    before: 16,
    draw(page, top, pageNumber) {
      const heading = singleLine("Nơi nhận:", "boldItalic", 12);
      page.line(sheet.left, baseline(top, { size: 12, leading: headingHeight }), heading);
      drawLines(page, sheet.left, top - headingHeight, recipients.slice(0, beside));
      const middle = stackCentred(page, centre, top, titles, bold.leading) - signatureGap / 2;
      stackCentred(page, centre, middle - signatureGap / 2, name, bold.leading);
      placed({ page: pageNumber, ...places(centre, middle) });
    },
  };
  const remaining = recipients.slice(beside).map((line): Block => ({
    height: small.leading,
    draw: (page, top) => drawLines(page, sheet.left, top, [line]),
  }));
  return [signature, ...remaining];
}

/**
 * Those who sign beside the leader, two in a row above the closing, each with room for the image of a signature between
 * title and name; `placed` is told each one's place in order.
 */
export function coSignerBlocks(
  sheet: Sheet,
  coSigners: readonly CoSigner[],
  placed: (index: number, page: number, rect: Rect) => void,
): Block[] {
  const column = (sheet.width - sheet.left - sheet.right) / 2;
  const set = coSigners.map(({ titles, name }) => ({
    titles: titles.flatMap((title) => balancedLines(title, "bold", bold.size, column - mm(4))),
    name: balancedLines(name, "bold", bold.size, column - mm(4)),
  }));
  const rows = Array.from({ length: Math.ceil(set.length / 2) }, (_, row) => row * 2);
  return rows.map((first): Block => {
    const inRow = set.slice(first, first + 2);
    const titleLines = Math.max(...inRow.map(({ titles }) => titles.length));
    const nameLines = Math.max(...inRow.map(({ name }) => name.length));
    return {
      height: (titleLines + nameLines) * bold.leading + signatureGap,
      before: 16,
      keepWithNext: true,
      draw(page, top, pageNumber) {
        for (const [place, { titles, name }] of inRow.entries()) {
          const centre = sheet.left + column * (place + 0.5);
          stackCentred(page, centre, top, titles, bold.leading);
          const middle = top - titleLines * bold.leading - signatureGap / 2;
          stackCentred(page, centre, middle - signatureGap / 2, name, bold.leading);
          placed(first + place, pageNumber, places(centre, middle).leader);
        }
      },
    };
  });
}

/**
 * NĐ 30/2020, Phụ lục I: the image of the signature is centred between title and name; the seal has its real size and
 * covers about a third of that image, on its left.
 */
function places(centre: number, middle: number): { leader: Rect; seal: Rect } {
  const { width, height } = signatureImage;
  const left = centre - width / 2;
  const sealRight = left + width / 3;
  return {
    leader: [left, middle - height / 2, left + width, middle + height / 2],
    seal: [sealRight - sealDiameter, middle - sealDiameter / 2, sealRight, middle + sealDiameter / 2],
  };
}

function drawLines(page: Page, x: number, top: number, lines: readonly Line[]): void {
  for (const [index, line] of lines.entries()) page.line(x, baseline(top - index * small.leading, small), line);
}
