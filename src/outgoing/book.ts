import type { Context, Viewer } from "../context.ts";
import { registerBook, type RegisterCover } from "../forms/register-book.ts";
import { printedNumber } from "../registers/rules.ts";
import { dayPrinted, incomingRows, outgoingRows } from "./book-rows.ts";

/** Numbers that one volume (quyển) holds; a register with more of them is printed volume by volume. */
export const volumeNumbers = 20_000;

/** A printed register: its bytes, and what its file is called. */
export interface PrintedBook {
  readonly name: string;
  readonly pdf: Buffer;
}

interface BookRow {
  readonly kind: "INCOMING" | "OUTGOING";
  readonly year: number;
  readonly name: string;
  readonly agency: string;
  readonly superior: string | null;
  readonly numbers: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/** Whether the viewer may read a whole register of that kind: who keeps it, or who reads all that stands in it. */
const mayRead = ({ permissions }: Viewer, kind: BookRow["kind"]): boolean =>
  permissions.has("register:manage") || permissions.has(kind === "INCOMING" ? "incoming:read" : "outgoing:read");

/**
 * Prints a volume of a register with all its columns (in sổ, NĐ 30/2020 Điều 16.2b, 22.3b), the first one being 1;
 * null where there is no such volume or it is not the viewer's to read. Every number has its line, void and reserved
 * ones too.
 */
export async function printBook(
  ctx: Context,
  viewer: Viewer,
  registerId: string,
  volume: number,
): Promise<PrintedBook | null> {
  const after = (volume - 1) * volumeNumbers;
  const book = await ctx.readOne<BookRow>(
    `select r.kind, r.year, r.name, g.name as agency, r.last_number as numbers, e.*,
       case when g.kind <> 'PEOPLES_COMMITTEE' then s.name end as superior
     from document_register r join agency g on g.id = r.agency_id left join agency s on s.id = g.parent_id
       cross join lateral (select min(number) as first, max(number) as last, min(at) as "firstAt", max(at) as "lastAt"
         from register_entry where register_id = r.id and number > $3 and number <= $4) e
     where r.id = $1 and r.agency_id = $2`,
    [registerId, viewer.agencyId, after, after + volumeNumbers],
  );
  if (!book || !mayRead(viewer, book.kind) || (volume > 1 && book.numbers <= after)) return null;
  const printed = { cover: coverOf(book, volume), madeAt: ctx.now() };
  const pages = { registerId, after, until: after + volumeNumbers };
  const { bytes } = await (book.kind === "INCOMING"
    ? registerBook({ ...printed, direction: "INCOMING", rows: incomingRows(ctx, pages) })
    : registerBook({ ...printed, direction: "OUTGOING", rows: outgoingRows(ctx, pages) }));
  return { name: `${book.name}${book.numbers > volumeNumbers ? ` quyển ${volume}` : ""}.pdf`, pdf: Buffer.from(bytes) };
}

function coverOf({ agency, superior, year, first, last, firstAt, lastAt }: BookRow, volume: number): RegisterCover {
  return {
    ...(superior && { superior }),
    agency,
    year: String(year),
    fromDay: dayPrinted(firstAt),
    toDay: dayPrinted(lastAt),
    fromNumber: first === null ? "" : printedNumber(first),
    toNumber: last === null ? "" : printedNumber(last),
    bookNumber: printedNumber(volume),
  };
}
