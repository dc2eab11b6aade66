import { type Context, requireViewer } from "../context.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import type { RegisterEntryState, RegisterKind } from "../graphql/types.ts";
import { columns, Conditions } from "../sql.ts";
import { DocumentRegister, NumberingPolicy, RegisterEntry } from "./entities.ts";

/** The agency's books, newest year first. */
export function documentRegisters(
  ctx: Context,
  { kind, year }: { kind?: RegisterKind | null; year?: number | null },
): Promise<DocumentRegister[]> {
  const where = new Conditions().add("agency_id = ?", requireViewer(ctx).agencyId);
  if (kind) where.add("kind = ?", kind);
  if (year != null) where.add("year = ?", year);
  return ctx.read(
    `select ${columns(ctx.services.orm, DocumentRegister).list} from document_register where ${where.sql}
     order by year desc, kind, series limit 200`,
    where.parameters,
  );
}

export const numberingPolicies = (ctx: Context): Promise<NumberingPolicy[]> =>
  ctx.read(
    `select ${columns(ctx.services.orm, NumberingPolicy).list} from numbering_policy where agency_id = $1 order by from_year desc, kind`,
    [requireViewer(ctx).agencyId],
  );

/** What became of each number of a register, highest first. */
export async function registerEntries(
  ctx: Context,
  registerId: string,
  args: PageArguments & { state?: RegisterEntryState | null },
): Promise<Connection<RegisterEntry>> {
  const page = pageOf(args, "number");
  const where = new Conditions().add("register_id = ?", registerId);
  if (args.state) where.add("state = ?", args.state);
  const count = countOf(ctx, "register_entry", where);
  if (page.after) where.add("number < ?", Number(page.after[0]));
  const rows = await ctx.read<RegisterEntry>(
    `select ${columns(ctx.services.orm, RegisterEntry).list} from register_entry where ${where.sql}
     order by number desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.number], count);
}
