import type { Client } from "pg";
import { type Acting, ownerValue, type Planted, type Table, tryAs } from "./probe.ts";

/**
 * What somebody may see or do of a table's rows that belong to somebody else, tried as the application's role with all
 * checks of the application left out; one sentence each. Rows of both must be there.
 */
export async function leaksOf(
  app: Client,
  superuser: Client,
  table: Table,
  mine: Side,
  theirs: Side,
): Promise<string[]> {
  const { name, owner, isShared, rights } = table;
  if (!owner) return isShared ? [] : [`${name}: nothing says whose its rows are`];
  const leaks: string[] = [];
  const column = `"${owner.column}"`;
  const foreign = ownerValue(table, theirs.acting, theirs.planted);
  const own = ownerValue(table, mine.acting, mine.planted);
  const find = `select from public."${name}" where ${column} = $1`;
  const expect = (what: string, found: number | string, allowed: readonly (number | string)[]) => {
    if (!allowed.includes(found)) leaks.push(`${name}: ${what}: ${found}`);
  };

  if (rights.has("select")) {
    const seen = await tryAs(app, theirs.acting, find, [foreign]);
    if (typeof seen !== "number" || seen === 0)
      leaks.push(`${name}: its owner sees nothing of it (${seen}), so that this proves nothing`);
    if (!isShared) {
      expect("foreign rows are seen", await tryAs(app, mine.acting, find, [foreign]), [0]);
      expect("rows are seen without an agency", await tryAs(app, null, `select from public."${name}"`), [0]);
    }
  }
  const { rows } = await superuser.query(
    `select to_jsonb(t) as row from public."${name}" t where ${column} = $1 limit 1`,
    [foreign],
  );
  const insert = `insert into public."${name}" select * from jsonb_populate_record(null::public."${name}", $1)`;
  // Without the right 42501 comes before any policy; with it the policy itself must refuse.
  const refused = (right: string) => (rights.has(right) ? ["row-level security"] : ["42501"]);
  expect(
    "a foreign row is inserted",
    await tryAs(app, mine.acting, insert, [JSON.stringify(rows[0].row)]),
    refused("insert"),
  );
  expect(
    "a row is inserted without an agency",
    await tryAs(app, null, insert, [JSON.stringify(rows[0].row)]),
    refused("insert"),
  );
  const untouched = (right: string) => (rights.has(right) ? [0] : ["42501"]);
  expect(
    "foreign rows are changed",
    await tryAs(app, mine.acting, `update public."${name}" set ${column} = ${column} where ${column} = $1`, [foreign]),
    untouched("update"),
  );
  expect(
    "foreign rows are deleted",
    await tryAs(app, mine.acting, `delete from public."${name}" where ${column} = $1`, [foreign]),
    untouched("delete"),
  );
  expect(
    "own rows are given away",
    await tryAs(app, mine.acting, `update public."${name}" set ${column} = $2 where ${column} = $1`, [own, foreign]),
    refused("update"),
  );
  return leaks;
}

/** Somebody and the rows that were planted for them. */
export interface Side {
  readonly acting: Acting;
  readonly planted: Planted;
}
