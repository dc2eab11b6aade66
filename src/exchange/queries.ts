import DataLoader from "dataloader";
import { type Context, requireViewer } from "../context.ts";
import { fileJson } from "../files/records.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import type { ArrivalState } from "../graphql/types.ts";
import { columns, Conditions } from "../sql.ts";
import { readableBy } from "./access.ts";
import { Arrival, type ReportedCode } from "./entities.ts";

/** A row of the list, with its files if the request wanted them. */
export type ArrivalRow = Arrival & { attachments?: object[] };

const attachments = `(select coalesce(jsonb_agg(jsonb_build_object('role', i.role, 'file', ${fileJson("f")}) order by i.ordinal), '[]')
  from arrival_file i join file f on f.id = i.file_id where i.arrival_id = x.id) as attachments`;

const select = (ctx: Context, withAttachments: boolean): string =>
  columns(ctx.services.orm, Arrival, "x").list + (withAttachments ? `, ${attachments}` : "");

/** What the axis has brought to the agency, newest first: one statement for a page. */
export async function arrivals(
  ctx: Context,
  args: PageArguments & { state?: ArrivalState | null },
  wanted: ReadonlySet<string>,
): Promise<Connection<ArrivalRow>> {
  const page = pageOf(args, "instant", "id");
  const where = readableBy(requireViewer(ctx), new Conditions());
  if (args.state) where.add("x.state = ?", args.state);
  const count = countOf(ctx, "arrival x", where);
  if (page.after) where.add("(x.arrived_at, x.id) < (?::timestamptz, ?::uuid)", ...page.after);
  const rows = await ctx.read<ArrivalRow>(
    `select ${select(ctx, wanted.has("attachments"))} from arrival x where ${where.sql}
     order by x.arrived_at desc, x.id desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.arrivedAt, row.id], count);
}

/** One arrival with its files, if the viewer may read it. */
export function readArrival(ctx: Context, id: string): Promise<ArrivalRow | undefined> {
  if (!ctx.viewer) return Promise.resolve(undefined);
  const where = readableBy(ctx.viewer, new Conditions()).add("x.id = ?", id);
  return ctx.readOne(`select ${select(ctx, true)} from arrival x where ${where.sql}`, where.parameters);
}

/** One report of a recipient. */
export interface ReportRow {
  readonly deliveryId: string;
  readonly status: ReportedCode;
  readonly at: Date;
  readonly note: string | null;
}

const histories = new WeakMap<Context, DataLoader<string, ReportRow[]>>();

/** Everything that a recipient reported, oldest first; those of several recipients come with one statement. */
export function historyOf(ctx: Context, deliveryId: string): Promise<ReportRow[]> {
  let loader = histories.get(ctx);
  if (!loader) {
    loader = new DataLoader<string, ReportRow[]>(
      async (ids) => {
        const rows = await ctx.read<ReportRow>(
          `select delivery_id as "deliveryId", status, at, note from exchange_report where delivery_id = any($1) order by at, status, id`,
          [ids],
        );
        const byDelivery = Map.groupBy(rows, (row) => row.deliveryId);
        return ids.map((id) => byDelivery.get(id) ?? []);
      },
      // Of one turn only: an act of the same request may change them.
      { maxBatchSize: 500, cache: false },
    );
    histories.set(ctx, loader);
  }
  return loader.load(deliveryId);
}
