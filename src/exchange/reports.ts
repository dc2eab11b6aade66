import type { EntityManager } from "@mikro-orm/postgresql";
import { AxisError, currentStatus, type Manifest } from "../../axis/index.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { ReportedCode } from "./entities.ts";
import { isReport } from "./rules.ts";

/**
 * Notes what a recipient reports about a document of the agency's, in the caller's transaction. Reports may come late and
 * in any order: all are kept, and the state that counts never goes back. AxisError for what was never sent to the reporter.
 */
export async function takeReport(ctx: Context, em: EntityManager, manifest: Manifest): Promise<void> {
  const { meta, refersTo, sender, messageId, createdAt } = manifest;
  if (meta.kind !== "status" || !isReport(meta.statusCode) || !refersTo)
    throw new AxisError("unknown_kind", "This is no report");
  const [delivery] = await em.execute<{ id: string; document_id: string }[]>(
    "select id, document_id from exchange_delivery where agency_id = ? and message_id = ? and recipient_code = ? for update",
    [ctx.agencyId, refersTo.messageId, sender.code],
  );
  if (!delivery) throw new AxisError("malformed", "The report is about nothing that was sent to the reporter");
  // The text of a report is what people read; when it happened is what the signed message says, to the millisecond.
  const report: Report = { code: meta.statusCode, at: createdAt, note: meta.description.slice(0, 1_000) || null };
  await noteReport(ctx, em, delivery.id, messageId, report);
  await record(ctx, em, {
    act: "exchange.report",
    objectType: "OutgoingDocument",
    objectId: delivery.document_id,
    data: { recipient: sender.code, status: report.code, at: report.at, note: report.note },
  });
}

interface Report {
  readonly code: ReportedCode;
  readonly at: string;
  readonly note: string | null;
}

async function noteReport(
  ctx: Context,
  em: EntityManager,
  deliveryId: string,
  messageId: string,
  report: Report,
): Promise<void> {
  await em.execute(
    `insert into exchange_report (id, agency_id, delivery_id, message_id, status, at, note) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (delivery_id, message_id) do nothing`,
    [newId(ctx.now().getTime()), ctx.agencyId, deliveryId, messageId, report.code, report.at, report.note],
  );
  const reports = await em.execute<Report[]>(
    `select status as code, note, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from exchange_report where delivery_id = ?`,
    [deliveryId],
  );
  // A delivery is of one revision.
  const current = currentStatus(reports.map(({ code, at }) => ({ revision: 0, code, at })));
  const counted = reports.find(({ code, at }) => code === current?.code && at === current.at);
  if (!counted) return;
  // Who reports on a document has it: that says more than the hub's word that it took the message.
  await em.execute(
    `update exchange_delivery set status = ?, status_at = ?, status_note = ?,
       state = case when state in ('QUEUED', 'RETRYING', 'ACCEPTED', 'BLOCKED') then 'STORED' else state end
     where id = ?`,
    [counted.code, counted.at, counted.note, deliveryId],
  );
}
