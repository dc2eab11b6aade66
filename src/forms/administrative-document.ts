import { bodyBlocks, type Body } from "./document-body.ts";
import { closingBlocks, type Closing, type ClosingPlaces, coSignerBlocks, type CoSigner } from "./document-closing.ts";
import { drawHead, type Head, type UrgencyMark } from "./document-head.ts";
import { FormError } from "./errors.ts";
import { Flow, portrait, type Block, type Sheet } from "./layout.ts";
import { mm, PdfWriter, type Printed, type Rect } from "./pdf.ts";
import { atMost, capitals, exactText, requiredText } from "./text.ts";

/** A rectangle on a page, numbered from 1, in PDF user space. */
export interface Place {
  page: number;
  rect: Rect;
}

/**
 * Where signatures and marks belong. `number` takes the number alone ("Số:" and the slash are printed) and `date` what
 * `dateWords` gives; both are exactly as high as a line of `numberStyle` and `dateStyle`, whose text begins at the left
 * edge. `seal` is the square around a round seal of real size. `initials` is for the drafting unit, at the end of the
 * text; `moreInitials` stand beside the leader's block, the uppermost first. `coSigners` is in the order of the data's.
 * `arrival` is for the ĐẾN mark of an agency that receives the document, `copy` for the mark of one that copies it.
 */
export interface Places {
  number: Place;
  date: Place;
  leader: Place;
  seal: Place;
  initials: Place;
  moreInitials: Place[];
  coSigners: Place[];
  arrival: Place;
  copy: Place;
}

/** An administrative document (văn bản hành chính); what is optional is left out of the page. */
export interface AdministrativeDocument {
  /** Superior agency (cơ quan chủ quản); none for a People's Committee or Council. */
  superior?: string;
  agency: string;
  /** Number and date (`YYYY-MM-DD`), when known before the document is signed; left blank otherwise. */
  number?: string;
  issuedOn?: string;
  /** What follows the slash, as `SNV-VP` or `QĐ-SNV`. */
  symbol: string;
  /** Place name (địa danh). */
  place: string;
  /** Type, as "Quyết định"; none for a công văn. */
  type?: string;
  /** Subject (trích yếu), without "V/v" for a công văn. */
  subject: string;
  urgency?: UrgencyMark;
  /** Kính gửi. */
  addressees?: readonly string[];
  /** In decisions: who decides, as "GIÁM ĐỐC SỞ NỘI VỤ". */
  authority?: string;
  /** In decisions: the grounds (căn cứ), one a paragraph, with their punctuation. */
  grounds?: readonly string[];
  /** In decisions: "QUYẾT ĐỊNH:". */
  enactment?: string;
  /** Plain text; see `paragraphs`. */
  body: string;
  /** Lines of authority and title, as ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]. */
  signerTitles: readonly string[];
  signerName: string;
  /** Who signs beside the leader (đồng ký), above the leader's block; ten at most. */
  coSigners?: readonly CoSigner[];
  /** Nơi nhận without the last line, as "Như trên". */
  recipients?: readonly string[];
  /** What follows "Lưu:", as "VT, VP". */
  archive: string;
  /** Becomes the creation date of the file. */
  madeAt: Date;
}

/**
 * Sets an administrative document by NĐ 30/2020, Phụ lục I, and says where to sign it.
 * Throws FormError when a field is empty, too long or has characters that cannot be printed.
 */
export async function administrativeDocument(data: AdministrativeDocument): Promise<Printed & { places: Places }> {
  const { head, body, closing } = cleaned(data);
  const writer = await PdfWriter.create([head.type, head.subject].filter(Boolean).join(" "), data.madeAt);
  const flow = new Flow(writer, portrait);
  const firstPage = flow.page;
  const headPlaces = drawHead(flow, head);

  let initials: Place | undefined;
  let signing: ClosingPlaces | undefined;
  const coSigners: Place[] = [];
  const text = bodyBlocks(portrait, body);
  // The signature never stands on a page without text: the last two lines of the body go with it.
  const ending = text.splice(-2).map((block) => ({ ...block, keepWithNext: true }));
  const last = ending.pop()!;
  flow.add([
    ...text,
    ...ending,
    withEnd(last, (page, line) => (initials = { page, rect: besideLine(portrait, line) })),
    ...coSignerBlocks(portrait, closing.coSigners, (index, page, rect) => (coSigners[index] = { page, rect })),
    ...closingBlocks(portrait, closing, (places) => (signing = places)),
  ]);
  const { page, leader, seal } = signing!;

  const onFirst = coSigners.filter((place) => place.page === 1).map(({ rect }) => rect);
  const taken = [...firstPage.ink, headPlaces.number, headPlaces.date, ...onFirst];
  if (page === 1) taken.push(leader, seal, initials!.rect);
  const places: Places = {
    number: { page: 1, rect: headPlaces.number },
    date: { page: 1, rect: headPlaces.date },
    leader: { page, rect: leader },
    seal: { page, rect: seal },
    initials: initials!,
    moreInitials: besideLeader(portrait, leader).map((rect) => ({ page, rect })),
    coSigners,
    copy: { page: 1, rect: copyMark(portrait) },
    arrival: { page: 1, rect: arrivalMark(portrait, headPlaces.leftColumnBottom, taken) },
  };
  return { ...(await writer.finish()), places };
}

function cleaned(data: AdministrativeDocument): { head: Head; body: Body; closing: Closing } {
  if (data.issuedOn !== undefined && !isDay(data.issuedOn)) {
    throw new FormError("INVALID", "issuedOn is not a day YYYY-MM-DD", { field: "issuedOn" });
  }
  if (data.signerTitles.length === 0) throw new FormError("EMPTY", "signerTitles is empty", { field: "signerTitles" });
  const every = (field: string, list: readonly string[] = [], limit: number, length: number) =>
    atMost(field, list, limit).map((entry) => requiredText(field, entry, length));
  const optional = (field: string, text: string | undefined, length: number) =>
    exactText(field, text ?? "", length).trim() || undefined;
  return {
    head: {
      superior: optional("superior", data.superior, 200),
      agency: requiredText("agency", data.agency, 200),
      number: optional("number", data.number, 11),
      symbol: requiredText("symbol", data.symbol, 30),
      place: requiredText("place", data.place, 40),
      issuedOn: data.issuedOn,
      type: optional("type", data.type, 60),
      subject: requiredText("subject", data.subject, 500),
      urgency: data.urgency,
    },
    body: {
      addressees: every("addressees", data.addressees, 200, 300),
      authority: capitals(optional("authority", data.authority, 300) ?? ""),
      grounds: every("grounds", data.grounds, 100, 2_000),
      enactment: optional("enactment", data.enactment, 100),
      text: requiredText("body", data.body, 500_000),
    },
    closing: {
      authority: every("signerTitles", data.signerTitles, 6, 200).map(capitals),
      signer: requiredText("signerName", data.signerName, 100),
      coSigners: atMost("coSigners", data.coSigners ?? [], 10).map(({ titles, name }) => ({
        titles: every("coSigners", titles, 6, 200).map(capitals),
        name: requiredText("coSigners", name, 100),
      })),
      recipients: every("recipients", data.recipients, 300, 300),
      archive: requiredText("archive", data.archive, 100),
    },
  };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function withEnd(block: Block, told: (page: number, line: Rect) => void): Block {
  return {
    ...block,
    draw(page, top, pageNumber) {
      block.draw(page, top, pageNumber);
      told(pageNumber, page.ink.at(-1)!);
    },
  };
}

/** Room for initials right behind the last line of the text, or beside it in the margin. */
function besideLine(sheet: Sheet, [, y1, x2, y2]: Rect): Rect {
  const edge = sheet.width - sheet.right;
  const left = x2 + mm(2);
  if (left + mm(20) <= edge) return [left, y1, left + mm(20), y2];
  return [edge + mm(1), y1, sheet.width - mm(2), y2];
}

/** Room for initials right of the image of the leader's signature: a column within the text area, one in the margin. */
function besideLeader(sheet: Sheet, [, bottom, right, top]: Rect): Rect[] {
  const edge = sheet.width - sheet.right;
  const columns = [
    [right + mm(1), edge],
    [edge + mm(1), sheet.width - mm(1)],
  ] as const;
  const height = (top - bottom) / 4;
  return columns.flatMap(([x1, x2]) =>
    [0, 1, 2, 3].map((row): Rect => [x1, top - (row + 1) * height + 1, x2, top - row * height]),
  );
}

/**
 * NĐ 30/2020, Phụ lục I: a copy's mark stands at the top on the right of page 1 (ô 14), where the margin leaves room for
 * two lines of 10 pt.
 */
function copyMark(sheet: Sheet): Rect {
  const [right, top] = [sheet.width - sheet.right, sheet.height - mm(4)];
  return [right - mm(90), top - mm(11), right, top];
}

/**
 * The ĐẾN mark is 35 × 50 mm (NĐ 30/2020, Phụ lục IV). It takes the first free place of that size in the upper half of
 * page 1, from the left column downwards; where there is none, the left margin at that height, in the same proportion.
 */
function arrivalMark(sheet: Sheet, below: number, taken: readonly Rect[]): Rect {
  const [width, height] = [mm(50), mm(35)];
  for (let top = below - mm(2); top - height > sheet.height / 2; top -= mm(2)) {
    const place: Rect = [sheet.left, top - height, sheet.left + width, top];
    if (taken.every((rect) => apart(place, rect))) return place;
  }
  const narrow = sheet.left - mm(4);
  return [mm(2), below - (narrow * 50) / 35, mm(2) + narrow, below];
}

function apart(a: Rect, b: Rect): boolean {
  return a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
}
