import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";

type Entity = new () => object;

const known = new WeakMap<MikroORM, Map<string, { table: string; list: string }>>();

/**
 * The columns of an entity as SQL that names them as the entity does (`arrival_number as "arrivalNumber"`), so that a row
 * read by SQL has the entity's shape. `alias` is the table's name in the statement.
 */
export function columns(orm: MikroORM, entity: Entity, alias = ""): { table: string; list: string } {
  let cache = known.get(orm);
  if (!cache) known.set(orm, (cache = new Map()));
  const key = `${entity.name} ${alias}`;
  let entry = cache.get(key);
  if (!entry) {
    const meta = orm.getMetadata().get(entity);
    const prefix = alias ? `${alias}.` : "";
    const list = meta.props
      .filter((prop) => prop.persist !== false && prop.fieldNames?.length === 1)
      .map((prop) => `${prefix}"${prop.fieldNames[0]}" as "${prop.name}"`)
      .join(", ");
    cache.set(key, (entry = { table: `"${meta.tableName}"`, list }));
  }
  return entry;
}

/** As `columns`, those of the given properties alone. */
export function someColumns(orm: MikroORM, entity: Entity, alias: string, properties: ReadonlySet<string>): string {
  return orm
    .getMetadata()
    .get(entity)
    .props.filter((prop) => properties.has(prop.name))
    .map((prop) => `${alias}."${prop.fieldNames[0]}" as "${prop.name}"`)
    .join(", ");
}

/** Conditions joined by `and`, each written with `?` for its parameters; gives `$n` SQL. */
export class Conditions {
  readonly parameters: unknown[] = [];
  private readonly parts: string[] = [];

  add(condition: string, ...parameters: unknown[]): this {
    this.parts.push(this.bind(condition, ...parameters));
    return this;
  }

  /** A fragment with its parameters taken in, to be used elsewhere in the same statement. */
  bind(fragment: string, ...parameters: unknown[]): string {
    let next = 0;
    return fragment.replaceAll("?", () => {
      this.parameters.push(parameters[next++]);
      return `$${this.parameters.length}`;
    });
  }

  get sql(): string {
    return this.parts.length > 0 ? this.parts.join(" and ") : "true";
  }
}

/** A transaction as the query builder beneath the ORM has it; its driver hands `sql` to `pg` as it is. */
interface Transaction {
  executeQuery(query: object): Promise<{ rows: unknown[] }>;
}

const prepared = new Map<string, { readonly name: string; readonly text: string }>();

/**
 * Rows of a fixed statement (`?` for its parameters) in the transaction of `em`, planned once for each connection. For the
 * busiest acts: `em.execute` writes the parameters into the text, so that PostgreSQL plans it anew each time.
 */
export async function execute<T extends object>(
  em: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<T[]> {
  let statement = prepared.get(sql);
  if (!statement) {
    let place = 0;
    statement = { name: `t${prepared.size}`, text: sql.replaceAll("?", () => `$${++place}`) };
    prepared.set(sql, statement);
  }
  const transaction = em.getTransactionContext() as unknown as Transaction;
  const { rows } = await transaction.executeQuery({
    sql: statement,
    parameters,
    query: { kind: "RawNode" },
    queryId: { queryId: statement.name },
  });
  return rows as T[];
}
