import { Client, type ClientConfig } from "pg";

/** Who a transaction acts for; null where nobody has said. */
export interface Acting {
  readonly agencyId: string;
  readonly personId: string;
}

/** A table that the application may reach, as the catalogue has it. */
export interface Table {
  readonly name: string;
  /** What makes a row somebody's: a column with an agency, a person, or a row of another table that is somebody's. */
  readonly owner: { readonly column: string; readonly of: string } | null;
  /** Whether everybody may read it: a policy says so with no condition. */
  readonly isShared: boolean;
  readonly rights: ReadonlySet<string>;
}

interface TableRow {
  name: string;
  columns: string[];
  is_shared: boolean;
  is_personal: boolean;
  rights: string[];
  parents: { column: string; table: string }[];
}

/** Tables of the schema `public` with what the role `congvan_app` may do, but for the migrations' own; whose comes first. */
export async function tablesOf(superuser: Client): Promise<Table[]> {
  const { rows } = await superuser.query<TableRow>(
    `select c.relname as name,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*') and pg_get_expr(p.polqual, p.polrelid) = 'true'
         and 'congvan_app'::regrole = any(p.polroles)) as is_shared,
       exists (select from pg_policy p where p.polrelid = c.oid and 'congvan_app'::regrole = any(p.polroles)
         and pg_get_expr(p.polqual, p.polrelid) like '%app_person%') as is_personal,
       array(select r from unnest(array['select', 'insert', 'update', 'delete']) r where has_table_privilege('congvan_app', c.oid, r)) as rights,
       (select coalesce(json_agg(json_build_object('column', a.attname, 'table', f.confrelid::regclass::text)), '[]')
         from pg_constraint f join pg_attribute a on a.attrelid = c.oid and a.attnum = f.conkey[1]
         where f.conrelid = c.oid and f.contype = 'f' and a.attnotnull) as parents
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'mikro_orm_migrations'
     order by c.relname`,
  );
  const direct = new Map(rows.map((row) => [row.name, directOwner(row)]));
  const tables = rows.map(({ name, is_shared: isShared, rights, parents }): Table => {
    const parent = parents.find(({ table }) => table !== "appointment" && direct.get(table));
    const owner = direct.get(name) ?? (parent ? { column: parent.column, of: parent.table } : null);
    return { name, owner, isShared, rights: new Set(rights) };
  });
  return tables.toSorted((a, b) => Number(!direct.get(a.name)) - Number(!direct.get(b.name)));
}

function directOwner({ name, columns, is_personal }: TableRow): Table["owner"] {
  if (is_personal) return { column: "person_id", of: "person" };
  const column =
    name === "agency" ? "id" : ["agency_id", "home_agency_id", "successor_id"].find((each) => columns.includes(each));
  return column ? { column, of: "agency" } : null;
}

/** Opens a connection for `work`. */
export async function connected<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The number of rows that a statement gives or touches in a transaction for somebody, undone afterwards; or its SQLSTATE. */
export async function tryAs(
  app: Client,
  acting: Acting | null,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<number | string> {
  await app.query("begin");
  try {
    if (acting)
      await app.query("select set_config('app.agency_id', $1, true), set_config('app.person_id', $2, true)", [
        acting.agencyId,
        acting.personId,
      ]);
    const { rowCount } = await app.query(sql, parameters as unknown[]);
    return rowCount ?? 0;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return /row-level security/.test(message) ? "row-level security" : code;
  } finally {
    await app.query("rollback");
  }
}

/** Rows that were put into the tables for somebody: by table, the id of the row or, where there is none, nothing. */
export type Planted = Map<string, string | null>;

/** The value of the owner's column that makes a row theirs. */
export function ownerValue({ owner }: Table, { agencyId, personId }: Acting, planted: Planted): string {
  if (owner?.of === "agency") return agencyId;
  if (owner?.of === "person") return personId;
  const parent = owner && planted.get(owner.of);
  if (!parent) throw new Error(`No row of ${owner?.of} to belong to.`);
  return parent;
}

/**
 * Puts a row of somebody into a table, whatever else the table demands: constraints are of no interest here, so the
 * database of the caller loses them. Every column gets some value of its type.
 */
export async function plantRow(superuser: Client, table: Table, acting: Acting, planted: Planted): Promise<void> {
  const { rows: columns } = await superuser.query<{ name: string; type: string }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [`public.${table.name}`],
  );
  const values = columns.map(({ name, type }) => {
    if (table.owner?.column === name) return `'${ownerValue(table, acting, planted)}'::uuid`;
    if (name === "agency_id") return `'${acting.agencyId}'::uuid`;
    const sample = samples.find(([pattern]) => pattern.test(type));
    if (!sample) throw new Error(`No sample value for ${table.name}.${name} of type ${type}.`);
    return sample[1];
  });
  const { rows } = await superuser.query<{ id?: string }>(
    `insert into public."${table.name}" (${columns.map(({ name }) => `"${name}"`).join()}) values (${values.join()})
     on conflict do nothing returning *`,
  );
  planted.set(table.name, rows[0]?.id ?? null);
}

const samples: readonly (readonly [RegExp, string])[] = [
  [/\[\]$/, "'{}'"],
  [/^uuid/, "gen_random_uuid()"],
  [/^(text|character)/, "'mẫu ' || gen_random_uuid()"],
  [/^bytea/, "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')"],
  [/^(integer|bigint|smallint|numeric)/, "(random() * 1000000 + 1000)::int"],
  [/^timestamp/, "now()"],
  [/^date/, "now()::date - (random() * 10000)::int"],
  [/^boolean/, "false"],
  [/^json/, "'{}'"],
  [/^tsvector/, "''"],
];

/** Takes away what would stop `plantRow`: constraints other than keys, and triggers. Row-level security stays as it is. */
export async function withoutConstraints(superuser: Client): Promise<void> {
  await superuser.query(`do $$ declare r record; begin
    for r in select conrelid::regclass as t, conname from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('f', 'c') loop
      execute format('alter table %s drop constraint %I', r.t, r.conname);
    end loop;
    for r in select tgrelid::regclass as t, tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid
      where c.relnamespace = 'public'::regnamespace and not tgisinternal loop
      execute format('drop trigger %I on %s', r.tgname, r.t);
    end loop;
  end $$`);
}
