import { dayOf } from "../calendar/rules.ts";
import { type Context, requireViewer } from "../context.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import { columns, Conditions } from "../sql.ts";
import { Procedure, ProcedureStep } from "./entities.ts";

/**
 * Procedures in force today, by code: an office that receives dossiers receives for every agency of the province (NĐ
 * 118/2025, phi địa giới hành chính); any other one is shown what its own agency decides.
 */
export async function procedures(ctx: Context, args: PageArguments): Promise<Connection<Procedure>> {
  const viewer = requireViewer(ctx);
  const page = pageOf(args, "code", "id");
  const today = dayOf(ctx.now());
  const where = new Conditions().add("r.valid_from <= ? and coalesce(r.valid_to, 'infinity') >= ?::date", today, today);
  if (!viewer.permissions.has("dossier:receive")) where.add("r.agency_id = ?", viewer.agencyId);
  const count = countOf(ctx, "procedure r", where);
  if (page.after) where.add("(r.code, r.id) > (?, ?::uuid)", ...page.after);
  const rows = await ctx.read<Procedure>(
    `select ${columns(ctx.services.orm, Procedure, "r").list} from procedure r where ${where.sql}
     order by r.code, r.id limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.code, row.id], count);
}

/** The internal process of a procedure, first step first. */
export const stepsOf = (ctx: Context, procedureId: string): Promise<ProcedureStep[]> =>
  ctx.read(
    `select ${columns(ctx.services.orm, ProcedureStep, "s").list} from procedure_step s
     where s.procedure_id = $1 order by s.ordinal`,
    [procedureId],
  );
