import { dayOf } from "../calendar/rules.ts";
import { type Context, requireViewer } from "../context.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import { columns, Conditions } from "../sql.ts";
import { Agency, Appointment, Position, Unit } from "./entities.ts";

export async function agencies(ctx: Context, args: PageArguments & { query?: string | null }): Promise<Connection<Agency>> {
  requireViewer(ctx);
  const page = pageOf(args, 1);
  const where = new Conditions();
  if (args.query) where.add("(a.name ilike ? or a.code like ?)", `%${args.query.replace(/[\\%_]/g, "\\$&")}%`, `${args.query.toUpperCase()}%`);
  const count = countOf(ctx, "agency a", where);
  if (page.after) where.add("a.code > ?", page.after[0]);
  const rows = await ctx.read<Agency>(
    `select ${columns(ctx.services.orm, Agency, "a").list} from agency a where ${where.sql} order by a.code limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.code], count);
}

const list = <T extends object>(ctx: Context, entity: new () => T, where: string, parameters: readonly unknown[], order: string) =>
  ctx.read<T>(`select ${columns(ctx.services.orm, entity, "t").list} from ${columns(ctx.services.orm, entity).table} t where ${where} order by ${order}`, parameters);

export const unitsOf = (ctx: Context, agencyId: string) => list(ctx, Unit, "t.agency_id = $1", [agencyId], "t.name");

export const positionsOf = (ctx: Context, agencyId: string) =>
  list(ctx, Position, "t.agency_id = $1", [agencyId], "array_position('{HEAD,DEPUTY,UNIT_HEAD,UNIT_DEPUTY,CLERK,OFFICER}'::text[], t.rank), t.title, t.id");

export const holdersOf = (ctx: Context, positionId: string) =>
  list(ctx, Appointment, "t.position_id = $1 and t.valid_from <= $2 and (t.valid_to is null or t.valid_to >= $2)", [positionId, dayOf(ctx.now())], "t.valid_from, t.id");

export const predecessorsOf = (ctx: Context, agencyId: string) =>
  list(ctx, Agency, "t.id in (select predecessor_id from agency_succession where successor_id = $1)", [agencyId], "t.code");

export const successorsOf = (ctx: Context, agencyId: string) =>
  list(ctx, Agency, "t.id in (select successor_id from agency_succession where predecessor_id = $1)", [agencyId], "t.code");
