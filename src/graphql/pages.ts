import type { Context } from "../context.ts";
import { badInput } from "../errors.ts";
import type { Conditions } from "../sql.ts";

/** The arguments of a connection, going forward only: clerks read newest first. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** How many rows to read and after which sort key. */
export interface Page {
  readonly limit: number;
  readonly after: readonly string[] | null;
}

export interface Total {
  readonly count: number;
  readonly isExact: boolean;
}

/** Costs a statement, and only when it is asked for. */
export type CountsWhenAsked = () => Promise<Total>;

/** What a connection's resolvers read. */
export interface Connection<T> {
  readonly edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  total: CountsWhenAsked;
}

const largestPage = 100;
/** Rows are counted up to here; beyond it people read “1.000+”. */
export const countedRows = 1_000;

/** What a cursor's sort values may be; a day may be empty, for none. */
const keyForms = {
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  day: /^(\d{4}-\d\d-\d\d)?$/,
  number: /^\d{1,9}$/,
  code: /^[A-Z0-9.]{1,100}$/,
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const;

const isKey = (value: string, kind: keyof typeof keyForms): boolean =>
  keyForms[kind].test(value) &&
  ((kind !== "instant" && kind !== "day") || value === "" || new Date(value).toJSON()?.startsWith(value) === true);

/** Reads `first` (0 to 100) and `after` (a cursor with sort values of these kinds), or BAD_INPUT. */
export function pageOf({ first, after }: PageArguments, ...keys: readonly (keyof typeof keyForms)[]): Page {
  const limit = first ?? 20;
  if (limit < 0 || limit > largestPage)
    throw badInput("first", `Mỗi trang có từ 0 đến ${largestPage} dòng.`, `A page has 0 to ${largestPage} rows.`);
  if (after === null || after === undefined) return { limit, after: null };
  const values = Buffer.from(after, "base64url").toString("utf8").split("\n");
  if (
    after.length > 500 ||
    values.length !== keys.length ||
    !values.every((value, index) => isKey(value, keys[index]!))
  )
    throw badInput("after", "Con trỏ trang không hợp lệ.", "This is not a cursor of this list.");
  return { limit, after: values };
}

export const cursorOf = (values: readonly (string | Date | number | null)[]): string =>
  Buffer.from(
    values.map((value) => (value instanceof Date ? value.toISOString() : String(value ?? ""))).join("\n"),
  ).toString("base64url");

/** Counts the rows of a list up to the limit, before the page's own condition is added; the statement runs when asked. */
export function countOf(ctx: Pick<Context, "readOne">, from: string, where: Conditions): () => Promise<number> {
  const statement = `select count(*) as count from (select 1 from ${from} where ${where.sql} limit ${countedRows + 1}) counted`;
  const parameters = [...where.parameters];
  return async () => (await ctx.readOne<{ count: number }>(statement, parameters))?.count ?? 0;
}

/** A page from one row more than asked for, which tells whether there is a next one. */
export function connectionOf<T>(
  rows: readonly T[],
  page: Page,
  keys: (row: T) => readonly (string | Date | number | null)[],
  count: () => Promise<number>,
): Connection<T> {
  const nodes = rows.slice(0, page.limit);
  const cursor = (node: T | undefined) => (node === undefined ? null : cursorOf(keys(node)));
  return {
    // Made when asked for: most clients page by `pageInfo` alone.
    get edges() {
      return nodes.map((node) => ({ cursor: cursorOf(keys(node)), node }));
    },
    nodes,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      hasPreviousPage: page.after !== null,
      startCursor: cursor(nodes[0]),
      endCursor: cursor(nodes.at(-1)),
    },
    total: async () => {
      const counted = await count();
      return { count: Math.min(counted, countedRows), isExact: counted <= countedRows };
    },
  };
}
