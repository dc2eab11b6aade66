import DataLoader from "dataloader";
import { dayOf } from "../calendar/rules.ts";
import { type Context, requireViewer } from "../context.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import { columns, Conditions } from "../sql.ts";
import { Agency, Appointment, Position, Unit } from "./entities.ts";

export async function agencies(
  ctx: Context,
  args: PageArguments & { query?: string | null },
): Promise<Connection<Agency>> {
  requireViewer(ctx);
  const page = pageOf(args, "code");
  const where = new Conditions();
  if (args.query) {
    const typed = args.query.normalize("NFC").replace(/[\\%_]/g, "\\$&");
    where.add("(a.name ilike ? or a.code like ?)", `%${typed}%`, `${typed.toUpperCase()}%`);
  }
  const count = countOf(ctx, "agency a", where);
  if (page.after) where.add("a.code > ?", page.after[0]);
  const rows = await ctx.read<Agency>(
    `select ${columns(ctx.services.orm, Agency, "a").list} from agency a where ${where.sql} order by a.code limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.code], count);
}

/** How rows belong to others; `parent` is the column that says to which, `parameters` are those from $2 on. */
interface Relation {
  readonly entity: new () => object;
  readonly parent: string;
  readonly from: string;
  readonly order: string;
  readonly parameters?: (ctx: Context) => readonly unknown[];
}

const ranks = "array_position('{HEAD,DEPUTY,UNIT_HEAD,UNIT_DEPUTY,CLERK,OFFICER}'::text[], t.rank)";
const relations = {
  units: { entity: Unit, parent: "t.agency_id", from: "unit t where true", order: "t.name, t.id" },
  positions: {
    entity: Position,
    parent: "t.agency_id",
    from: "position t where true",
    order: `${ranks}, t.title, t.id`,
  },
  holders: {
    entity: Appointment,
    parent: "t.position_id",
    from: "appointment t where t.valid_from <= $2 and (t.valid_to is null or t.valid_to >= $2)",
    order: "t.valid_from, t.id",
    parameters: (ctx: Context) => [dayOf(ctx.now())],
  },
  predecessors: {
    entity: Agency,
    parent: "s.successor_id",
    from: "agency t join agency_succession s on s.predecessor_id = t.id where true",
    order: "t.code",
  },
  successors: {
    entity: Agency,
    parent: "s.predecessor_id",
    from: "agency t join agency_succession s on s.successor_id = t.id where true",
    order: "t.code",
  },
} satisfies Record<string, Relation>;

type RowOf<Name extends keyof typeof relations> = InstanceType<(typeof relations)[Name]["entity"]>;

const loaders = new WeakMap<Context, Map<string, DataLoader<string, object[]>>>();

/** Rows that belong to another; those of several parents, asked for in one turn, come with one statement. */
function related<Name extends keyof typeof relations>(name: Name) {
  return (ctx: Context, parentId: string): Promise<RowOf<Name>[]> => {
    let ofContext = loaders.get(ctx);
    if (!ofContext) loaders.set(ctx, (ofContext = new Map()));
    let loader = ofContext.get(name);
    if (!loader) ofContext.set(name, (loader = loaderOf(ctx, relations[name])));
    return loader.load(parentId) as Promise<RowOf<Name>[]>;
  };
}

function loaderOf(ctx: Context, { entity, parent, from, order, parameters }: Relation): DataLoader<string, object[]> {
  return new DataLoader(
    async (ids) => {
      const rows = await ctx.read<{ parent: string }>(
        `select ${columns(ctx.services.orm, entity, "t").list}, ${parent} as parent
         from ${from} and ${parent} = any($1) order by ${order}`,
        [ids, ...(parameters?.(ctx) ?? [])],
      );
      const found = Map.groupBy(rows, (row) => row.parent);
      return ids.map((id) => found.get(id) ?? []);
    },
    { maxBatchSize: 500, cache: false },
  );
}

export const unitsOf = related("units");
export const positionsOf = related("positions");
export const holdersOf = related("holders");
export const predecessorsOf = related("predecessors");
export const successorsOf = related("successors");
