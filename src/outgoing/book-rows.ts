import { dayOf, printedDay } from "../calendar/rules.ts";
import type { Context } from "../context.ts";
import type { IncomingRow, OutgoingRow, UnusedNumber } from "../forms/register-book.ts";
import type { Urgency } from "../graphql/types.ts";
import { documentType } from "../organization/document-types.ts";
import { printedNumber } from "../registers/rules.ts";

const pageNumbers = 500;

/** The day of an instant as registers print it, empty for none. */
export const dayPrinted = (instant: Date | null): string => (instant ? printedDay(dayOf(instant)) : "");

interface Numbered {
  readonly number: number;
  readonly state: "USED" | "RESERVED" | "VOID";
  readonly reason: string | null;
}

/** Which numbers of a register: those above `after`, up to `until`. */
export interface Pages {
  readonly registerId: string;
  readonly after: number;
  readonly until: number;
}

/** Entries by `sql`, whose parameters are the register, the number before, the last number and how many. */
async function* entries<Row extends Numbered>(
  ctx: Context,
  sql: string,
  { registerId, after, until }: Pages,
): AsyncGenerator<Row> {
  for (let last = after; ;) {
    if (ctx.signal?.aborted) throw new Error("Whoever asked for the register has gone away");
    const rows = await ctx.read<Row>(sql, [registerId, last, until, pageNumbers]);
    yield* rows;
    if (rows.length < pageNumbers) return;
    last = rows.at(-1)!.number;
  }
}

const unusedOf = ({ number, state, reason }: Numbered): UnusedNumber | null =>
  state === "USED" ? null : { number: printedNumber(number), unused: state, reason: reason ?? "" };

interface IncomingEntry extends Numbered {
  readonly arrivedAt: Date;
  readonly senderName: string;
  readonly referenceCode: string;
  readonly issuedOn: string | null;
  readonly typeName: string;
  readonly subject: string;
  readonly assignees: string | null;
  readonly directedAt: Date | null;
  readonly note: string | null;
  readonly returnReason: string | null;
}

const incomingSql = `
  select e.number, e.state, e.reason, d.arrived_at as "arrivedAt", d.sender_name as "senderName",
    d.reference_code as "referenceCode", d.issued_on as "issuedOn", d.type_name as "typeName", d.subject, d.note,
    d.return_reason as "returnReason",
    (select min(x.at) from directive x where x.document_id = d.id) as "directedAt",
    (select left(string_agg(n.full_name || case a.role when 'LEAD' then ' (chủ trì)' else '' end, '; '
        order by a.role <> 'LEAD', n.full_name), 3900)
     from assignment a join appointment o on o.id = a.assignee_id join person n on n.id = o.person_id
     where a.document_id = d.id and a.role <> 'INFORMED') as assignees
  from register_entry e left join incoming_document d on d.id = e.document_id
  where e.register_id = $1 and e.number > $2 and e.number <= $3 order by e.number limit $4`;

/** The lines of a register of incoming documents, in the order of their numbers. */
export async function* incomingRows(ctx: Context, pages: Pages): AsyncGenerator<IncomingRow | UnusedNumber> {
  for await (const entry of entries<IncomingEntry>(ctx, incomingSql, pages))
    yield (
      unusedOf(entry) ?? {
        arrivedOn: dayPrinted(entry.arrivedAt),
        number: printedNumber(entry.number),
        author: entry.senderName,
        symbol: entry.referenceCode,
        day: entry.issuedOn ? printedDay(entry.issuedOn) : "",
        subject: `${entry.typeName}: ${entry.subject}`,
        recipient: entry.assignees ?? "",
        handedOverOn: dayPrinted(entry.directedAt),
        // Signed for by hand, where paper goes with it.
        receipt: "",
        note: entry.returnReason ? `Trả lại: ${entry.returnReason}` : (entry.note ?? ""),
      }
    );
}

interface OutgoingEntry extends Numbered {
  readonly referenceCode: string;
  readonly issuedOn: string;
  readonly typeCode: string;
  readonly subject: string;
  readonly signer: string | null;
  readonly recipients: string | null;
  readonly unit: string | null;
  readonly urgency: Urgency;
  readonly dispatchedAt: Date | null;
}

// The chain of acts knows when a document was handed on; the document itself keeps the day of its number.
const outgoingSql = `
  select e.number, e.state, e.reason, d.reference_code as "referenceCode", d.issued_on as "issuedOn",
    d.type_code as "typeCode", d.subject, d.block->>'fullName' as signer, d.urgency, u.symbol as unit,
    (select left(string_agg(x.name, '; ' order by x.ordinal), 3900)
     from outgoing_recipient x where x.document_id = d.id) as recipients,
    (select v.at from audit_event v
     where v.agency_id = d.agency_id and v.object_id = d.id and v.act = 'outgoing.dispatch'
     order by v.sequence limit 1) as "dispatchedAt"
  from register_entry e left join outgoing_document d on d.id = e.document_id
    left join appointment o on o.id = d.drafter_id left join position p on p.id = o.position_id
    left join unit u on u.id = p.unit_id
  where e.register_id = $1 and e.number > $2 and e.number <= $3 order by e.number limit $4`;

const urgencies: Readonly<Record<Urgency, string>> = {
  NORMAL: "",
  URGENT: "Khẩn",
  VERY_URGENT: "Thượng khẩn",
  FLASH: "Hỏa tốc",
};

/** The lines of a register of outgoing documents, in the order of their numbers. */
export async function* outgoingRows(ctx: Context, pages: Pages): AsyncGenerator<OutgoingRow | UnusedNumber> {
  for await (const entry of entries<OutgoingEntry>(ctx, outgoingSql, pages))
    yield (
      unusedOf(entry) ?? {
        number: entry.referenceCode,
        day: printedDay(entry.issuedOn),
        subject: `${documentType(entry.typeCode)?.name ?? entry.typeCode}: ${entry.subject}`,
        signer: entry.signer ?? "",
        recipients: entry.recipients ?? "",
        archivedBy: entry.unit ? `VT, ${entry.unit}` : "VT",
        // Copies are of paper; what goes over the axis is one file.
        copies: "",
        sentOn: dayPrinted(entry.dispatchedAt),
        receipt: "",
        note: [urgencies[entry.urgency], entry.dispatchedAt ? "" : "Chưa phát hành"].filter(Boolean).join("; "),
      }
    );
}
