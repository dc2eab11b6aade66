import { dayOf } from "../calendar/rules.ts";
import type { Context } from "../context.ts";
import { badInput } from "../errors.ts";

/** BAD_INPUT unless the office is of the viewer's agency, held today, and has the permission. */
export async function assertColleague(
  ctx: Context,
  appointmentId: string,
  permission: string,
  field: string,
): Promise<void> {
  const found = await ctx.readOne(
    `select 1 from appointment a join position p on p.id = a.position_id
     where a.id = $1 and a.agency_id = $2 and $3 = any(p.permissions)
       and a.valid_from <= $4 and (a.valid_to is null or a.valid_to >= $4)`,
    [appointmentId, ctx.agencyId, permission, dayOf(ctx.now())],
  );
  if (!found)
    throw badInput(
      field,
      "Người này không có quyền duyệt hoặc ký văn bản của cơ quan.",
      "This person has no right to do it in this agency.",
    );
}
