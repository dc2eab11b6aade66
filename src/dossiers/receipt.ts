import type { Context } from "../context.ts";
import { dossierReceipt } from "../forms/dossier-receipt.ts";
import { notFound } from "../errors.ts";
import type { ProcedureComponent } from "../procedures/entities.ts";
import { printedTimeLimit } from "../procedures/rules.ts";
import { dayOf } from "../calendar/rules.ts";
import { columns } from "../sql.ts";
import { Dossier } from "./entities.ts";
import { printedTime } from "./deadline.ts";
import { lookupSecret } from "./secrets.ts";
import { shareFile } from "./shared-files.ts";

interface Printable extends Dossier {
  readonly procedureCode: string;
  readonly procedureName: string;
  readonly timeLimit: number;
  readonly timeUnit: "WORKING_DAY" | "WORKING_HOUR";
  readonly components: readonly ProcedureComponent[];
  readonly superior: string | null;
  readonly agencyName: string;
  readonly agencyAddress: string | null;
  readonly place: string;
  readonly desk: string | null;
  readonly receiverName: string;
}

/**
 * Prints form 01, stores it and notes it as the dossier's receipt, once (giấy tiếp nhận hồ sơ và hẹn trả kết quả). The
 * same dossier always gives the same bytes, so it does not matter who comes first.
 */
export async function makeReceipt(ctx: Context, dossierId: string): Promise<void> {
  const data = await printable(ctx, dossierId);
  if (!data) throw notFound("Dossier");
  const { bytes } = await dossierReceipt(form(ctx, data));
  const stored = await ctx.services.store.put(bytes);
  const file = { name: `Giấy tiếp nhận ${data.code}.pdf`, mediaType: "application/pdf", ...stored };
  await ctx.transact(async (em) => {
    const [locked] = await em.execute<{ receipt_file_id: string | null }[]>(
      "select receipt_file_id from dossier where id = ? for update",
      [dossierId],
    );
    if (!locked || locked.receipt_file_id) return;
    const { receiverFileId, competentFileId } = await shareFile(ctx, em, data, file);
    await em.execute("update dossier set receipt_file_id = ?, competent_receipt_file_id = ? where id = ?", [
      receiverFileId,
      competentFileId,
      dossierId,
    ]);
  });
}

const printable = (ctx: Context, dossierId: string): Promise<Printable | undefined> =>
  ctx.readOne(
    `select ${columns(ctx.services.orm, Dossier, "d").list}, r.code as "procedureCode", r.name as "procedureName",
       r.time_limit as "timeLimit", r.time_unit as "timeUnit", r.components,
       s.name as superior, a.name as "agencyName", a.address as "agencyAddress",
       a.place, u.name as desk, n.full_name as "receiverName"
     from dossier d join procedure r on r.id = d.procedure_id join agency a on a.id = d.received_by_agency_id
       left join agency s on s.id = a.parent_id join appointment o on o.id = d.received_by_id
       join person n on n.id = o.person_id join position p on p.id = o.position_id left join unit u on u.id = p.unit_id
     where d.id = $1`,
    [dossierId],
  );

function form(ctx: Context, data: Printable) {
  const [year, month, day] = dayOf(data.receivedAt).split("-") as [string, string, string];
  return {
    ...(data.superior && { superior: data.superior }),
    agency: data.agencyName,
    desk: data.desk ?? "Bộ phận Tiếp nhận và Trả kết quả",
    receiptNumber: `${data.receiptNumber}/TNHS`,
    dossierCode: data.code,
    lookupSecret: lookupSecret(ctx.services.keys, data.id),
    procedureCode: data.procedureCode,
    procedureName: data.procedureName,
    applicantName: data.applicantName,
    ...(data.applicantIdentity && { applicantId: data.applicantIdentity }),
    address: data.applicantAddress ?? "",
    ...(data.applicantPhone && { phone: data.applicantPhone }),
    components: data.components,
    sets: "01",
    processingTime: printedTimeLimit(data),
    receivedAt: printedTime(data.receivedAt),
    dueAt: printedTime(data.dueAt),
    resultDelivery: [data.agencyName, data.agencyAddress].filter(Boolean).join(", "),
    registerBook: String(data.receiptYear),
    registerOrdinal: String(data.receiptNumber),
    placeAndDay: `${data.place}, ngày ${day} tháng ${month} năm ${year}`,
    receiverName: data.receiverName,
    madeAt: data.receivedAt,
  };
}
