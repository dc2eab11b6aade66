import type { EntityManager } from "@mikro-orm/postgresql";
import { once } from "../auth/once.ts";
import { dayOf, yearOf } from "../calendar/rules.ts";
import { type Context, requirePermission, type Viewer } from "../context.ts";
import { badInput, notFound } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { ReceiveDossierInput } from "../graphql/types.ts";
import { limitText, requireText } from "../incoming/rules.ts";
import { Agency } from "../organization/entities.ts";
import { Procedure } from "../procedures/entities.ts";
import { assertInForce } from "../procedures/rules.ts";
import { workingTime } from "./calendar.ts";
import { appointedTime, printedTime } from "./deadline.ts";
import { recordOn } from "./history.ts";
import { makeReceipt } from "./receipt.ts";
import { compactDay, dossierCode, identityOf, phoneOf } from "./rules.ts";
import { lookupSecret } from "./secrets.ts";

export interface Received {
  readonly id: string;
  /** Null when the request was repeated. */
  readonly secret: string | null;
}

/** Receives a dossier under the next code of the day and starts its clock (tiếp nhận hồ sơ). */
export async function receiveDossier(ctx: Context, input: ReceiveDossierInput): Promise<Received> {
  const viewer = requirePermission(ctx, "dossier:receive");
  const [procedure, agency, time] = await Promise.all([
    ctx.load(Procedure, fromGlobalId("Procedure", input.procedureId)),
    ctx.load(Agency, viewer.agencyId),
    workingTime(ctx),
  ]);
  if (!procedure || !agency) throw notFound("Procedure");
  const received = { ...applicantOf(ctx, input), procedure, time };
  const done = await once(ctx, "dossier.receive", input, (em, id) => enter(ctx, em, id, agency, viewer, received));
  if (done.replayed) return { id: done.id, secret: null };
  // Printed after the commit: nobody waits for the printer to get a number, and what fails is made up for on demand.
  await makeReceipt(ctx, done.id).catch((error: unknown) =>
    ctx.services.log.warn({ error, dossierId: done.id }, "a receipt is not made yet"),
  );
  return { id: done.id, secret: lookupSecret(ctx.services.keys, done.id) };
}

function applicantOf(ctx: Context, input: ReceiveDossierInput) {
  const submittedAt = input.submittedAt ?? ctx.now();
  if (submittedAt > ctx.now())
    throw badInput("submittedAt", "Thời điểm nộp không thể ở tương lai.", "Nothing is handed in in the future.");
  return {
    applicantName: requireText("applicantName", input.applicantName, 200),
    applicantIdentity: input.applicantIdentity ? identityOf(input.applicantIdentity) : null,
    applicantAddress: limitText("applicantAddress", input.applicantAddress ?? "", 300) || null,
    applicantPhone: input.applicantPhone ? phoneOf(input.applicantPhone) : null,
    note: limitText("note", input.note ?? "", 500) || null,
    submittedAt,
  };
}

type Reception = ReturnType<typeof applicantOf> & {
  readonly procedure: Procedure;
  readonly time: Awaited<ReturnType<typeof workingTime>>;
};

async function enter(
  ctx: Context,
  em: EntityManager,
  id: string,
  agency: Agency,
  viewer: Viewer,
  data: Reception,
): Promise<void> {
  const { procedure } = data;
  const receivedAt = ctx.now();
  const day = dayOf(receivedAt);
  assertInForce(procedure, day);
  const { dueAt, dueReason } = appointedTime(procedure, receivedAt, data.time);
  const receiptYear = yearOf(receivedAt);
  // The year's counter before the day's, always: two receptions never wait for each other in a circle.
  const receiptNumber = await nextNumber(em, agency.id, String(receiptYear));
  const code = dossierCode(agency.code, day, await nextNumber(em, agency.id, compactDay(day)));
  await em.execute(
    `insert into dossier (id, agency_id, received_by_agency_id, code, procedure_id, applicant_name, applicant_identity,
       applicant_address, applicant_phone, note, submitted_at, received_at, received_by_id, due_at, due_reason, status,
       receipt_year, receipt_number)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'RECEIVED', ?, ?)`,
    [
      id,
      procedure.agencyId,
      agency.id,
      code,
      procedure.id,
      data.applicantName,
      data.applicantIdentity,
      data.applicantAddress,
      data.applicantPhone,
      data.note,
      data.submittedAt,
      receivedAt,
      viewer.appointmentId,
      dueAt,
      dueReason,
      receiptYear,
      receiptNumber,
    ],
  );
  const secret = lookupSecret(ctx.services.keys, id);
  await em.execute("insert into dossier_secret (dossier_id, hash) values (?, ?)", [
    id,
    ctx.services.keys.lookupHash(code, secret),
  ]);
  await recordOn(
    ctx,
    em,
    { id, agencyId: procedure.agencyId, receivedByAgencyId: agency.id },
    `${agency.name} tiếp nhận hồ sơ, hẹn trả kết quả lúc ${printedTime(dueAt)}.`,
    { act: "dossier.receive", data: { code, procedure: procedure.code, version: procedure.version, dueAt } },
  );
}

/** The next number of a period; its row stays locked until the transaction ends, so that none is lost or left out. */
async function nextNumber(em: EntityManager, agencyId: string, period: string): Promise<number> {
  const [row] = await em.execute<{ last_number: number }[]>(
    `insert into dossier_counter as c (agency_id, period, last_number) values (?, ?, 1)
     on conflict (agency_id, period) do update set last_number = c.last_number + 1 returning last_number`,
    [agencyId, period],
  );
  return row!.last_number;
}
