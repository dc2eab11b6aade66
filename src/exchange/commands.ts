import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { dayOf, printedDay } from "../calendar/rules.ts";
import { type Context, requirePermission } from "../context.ts";
import { notFound, wrongState } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { AcceptArrivalInput, ArrivalState, FileRole, RefuseArrivalInput } from "../graphql/types.ts";
import { checked, enterInRegister } from "../incoming/registration.ts";
import { requireText } from "../incoming/rules.ts";
import { Arrival } from "./entities.ts";
import { type ArrivalRow, readArrival } from "./queries.ts";
import { report } from "./statuses.ts";

/**
 * Accepts what the axis brought: it is entered in the register with the fields of its message, and its sender told the
 * number (tiếp nhận, 03). Gives the incoming document's id.
 */
export async function acceptArrival(ctx: Context, input: AcceptArrivalInput): Promise<Done> {
  requirePermission(ctx, "exchange:accept");
  const arrival = await readable(ctx, input.arrivalId);
  const incoming = await checked(ctx, { ...fieldsOf(arrival, dayOf(ctx.now())), note: input.note ?? null });
  return once(ctx, "exchange.accept", input, async (em, id) => {
    const locked = await lockWaiting(ctx, em, arrival.id, "ACCEPTED");
    const number = await enterInRegister(ctx, em, id, incoming);
    em.assign(locked, { state: "ACCEPTED", incomingDocumentId: id });
    await em.flush();
    await report(ctx, em, arrival.id, "03", `Số đến ${number}, ngày ${printedDay(dayOf(ctx.now()))}`);
    await record(ctx, em, {
      act: "exchange.accept",
      objectType: "Arrival",
      objectId: arrival.id,
      data: { incomingDocument: id, number },
    });
  });
}

/** Refuses what the axis brought; its sender is told why (từ chối tiếp nhận, 02; NĐ 30/2020 Điều 21.2). */
export async function refuseArrival(ctx: Context, input: RefuseArrivalInput): Promise<Done> {
  requirePermission(ctx, "exchange:accept");
  const arrival = await readable(ctx, input.arrivalId);
  const reason = requireText("reason", input.reason, 1_000);
  return once(ctx, "exchange.refuse", input, async (em) => {
    const locked = await lockWaiting(ctx, em, arrival.id, "REFUSED");
    em.assign(locked, { state: "REFUSED", refusalReason: reason });
    await em.flush();
    await report(ctx, em, arrival.id, "02", reason);
    await record(ctx, em, { act: "exchange.refuse", objectType: "Arrival", objectId: arrival.id, data: { reason } });
  });
}

/** The register's fields as the message fills them; days that the register would not take are left out. */
function fieldsOf(arrival: ArrivalRow, today: string): Omit<Parameters<typeof checked>[1], "note"> {
  const { senderId, senderName, referenceCode, typeName, subject, signerName, signerPosition, urgency, pageCount } =
    arrival;
  const { issuedOn, dueOn } = arrival;
  const files = arrival.attachments as { role: FileRole; file: { id: string } }[];
  return {
    senderId: senderId ?? null,
    senderName,
    referenceCode,
    typeName,
    subject,
    signerName,
    signerPosition,
    urgency,
    pageCount,
    issuedOn: issuedOn && issuedOn <= today ? issuedOn : null,
    dueOn: dueOn && dueOn >= today ? dueOn : null,
    language: "Tiếng Việt",
    receivedVia: "AXIS",
    attachments: files.map(({ role, file }) => ({ role, fileId: file.id })),
  };
}

async function readable(ctx: Context, globalId: string): Promise<ArrivalRow> {
  const arrival = await readArrival(ctx, fromGlobalId("Arrival", globalId));
  if (!arrival) throw notFound("Arrival");
  return arrival;
}

const names: Readonly<Record<ArrivalState, string>> = {
  ARRIVED: "đang chờ tiếp nhận",
  ACCEPTED: "đã được tiếp nhận",
  REFUSED: "đã bị từ chối tiếp nhận",
};

async function lockWaiting(ctx: Context, em: EntityManager, id: string, to: ArrivalState): Promise<Arrival> {
  const arrival = await em.findOneOrFail(
    Arrival,
    { id, agencyId: ctx.agencyId! },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const from = arrival.state;
  if (from !== "ARRIVED") throw wrongState(`Văn bản này ${names[from]}.`, `This arrival is ${from}.`, { from, to });
  return arrival;
}
