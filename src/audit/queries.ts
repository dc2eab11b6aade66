import { type Context, requirePermission } from "../context.ts";
import { parseGlobalId } from "../graphql/ids.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import { Conditions } from "../sql.ts";

/** A row of the chain as the API shows it. */
export interface AuditEventRecord {
  readonly id: string;
  readonly sequence: number;
  readonly at: Date;
  readonly act: string;
  readonly actorId: string | null;
  readonly objectType: string | null;
  readonly objectId: string | null;
  readonly data: string;
  readonly hash: string;
  readonly previousHash: string;
}

const columns = `e.id, e.sequence, e.at, e.act, e.actor_id as "actorId", e.object_type as "objectType", e.object_id as "objectId",
  e.data, encode(e.hash, 'hex') as hash, encode(e.previous_hash, 'hex') as "previousHash"`;

/** What was done in the viewer's agency, newest first; for one object when its global id is given. */
export async function auditEvents(
  ctx: Context,
  args: PageArguments & { objectId?: string | null },
): Promise<Connection<AuditEventRecord>> {
  const viewer = requirePermission(ctx, "audit:read", "READ");
  const page = pageOf(args, "number");
  const where = new Conditions().add("e.agency_id = ?", viewer.agencyId);
  if (args.objectId) where.add("e.object_id = ?", parseGlobalId(args.objectId)?.id ?? null);
  const count = countOf(ctx, "audit_event e", where);
  if (page.after) where.add("e.sequence < ?", Number(page.after[0]));
  const rows = await ctx.read<AuditEventRecord>(
    `select ${columns} from audit_event e where ${where.sql} order by e.sequence desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.sequence], count);
}

export const readAuditEvent = (ctx: Context, id: string): Promise<AuditEventRecord | undefined> =>
  ctx.viewer?.permissions.has("audit:read")
    ? ctx.readOne(`select ${columns} from audit_event e where e.id = $1`, [id])
    : Promise.resolve(undefined);
