import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { dayOf, yearOf } from "../calendar/rules.ts";
import { type Context, requirePermission } from "../context.ts";
import { badInput } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { NumberOutgoingDocumentInput } from "../graphql/types.ts";
import { policyOf, takeNumber, type TakenNumber, useReservedNumber } from "../registers/commands.ts";
import { DocumentRegister } from "../registers/entities.ts";
import { referenceCodeOf, seriesOf } from "../registers/rules.ts";
import { lockUnchanged, seeDocument } from "./revisions.ts";
import { assertMayNumber } from "./rules.ts";

/** Gives number and date by the agency's rule, together and under the register's lock (cấp số, ngày). */
export async function numberOutgoingDocument(ctx: Context, input: NumberOutgoingDocumentInput): Promise<Done> {
  requirePermission(ctx, "outgoing:number");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const entryId = input.reservedEntryId ? fromGlobalId("RegisterEntry", input.reservedEntryId) : null;
  return once(ctx, "outgoing.number", input, async (em) => {
    const policy = await policyOf(ctx, em, "OUTGOING", yearOf(ctx.now()));
    assertMayNumber(seen.status, seen.number != null, policy);
    const document = await lockUnchanged(em, seen);
    const series = seriesOf(policy, seen.typeCode);
    const holder = { type: "OutgoingDocument", id: seen.id };
    const { registerId, number, at } = entryId
      ? await reserved(ctx, em, entryId, series, holder)
      : await takeNumber(ctx, em, { kind: "OUTGOING", series, state: "USED", document: holder });
    const referenceCode = referenceCodeOf(number, document.notation);
    const issuedOn = dayOf(at);
    em.assign(document, { registerId, number, referenceCode, issuedOn });
    if (document.status === "SIGNED") document.status = "NUMBERED";
    await record(ctx, em, {
      act: "outgoing.number",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { register: registerId, number, referenceCode, issuedOn, reservedEntry: entryId },
    });
  });
}

/** A number kept for later, of the very series and of this year: a document is never dated back. */
async function reserved(
  ctx: Context,
  em: EntityManager,
  entryId: string,
  series: string,
  holder: { type: string; id: string },
): Promise<TakenNumber> {
  const at = ctx.now();
  const entry = await useReservedNumber(ctx, em, entryId, holder);
  const register = await em.findOneOrFail(DocumentRegister, { id: entry.registerId });
  if (register.kind !== "OUTGOING" || register.series !== series || register.year !== yearOf(at))
    throw badInput(
      "reservedEntryId",
      "Số đã giữ thuộc sổ khác hoặc năm khác với văn bản này.",
      "The reserved number is of another register or year than this document's.",
    );
  await em.flush();
  return { registerId: register.id, number: entry.number, year: register.year, at };
}
