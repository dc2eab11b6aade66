import { Migration } from "@mikro-orm/migrations";

/**
 * Shuts a table with agency data off (cô lập dữ liệu): forced row-level security, so that even the owner sees nothing, and
 * for the application's role only rows of the agency set for the transaction. `rights` are what the application may do,
 * `own` which rows it sees, `written` which it may leave behind.
 */
export function isolate(
  table: string,
  rights = "select, insert, update, delete",
  own = "agency_id = (select app_agency())",
  written = own,
) {
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy own_agency on ${table} to congvan_app using (${own}) with check (${written})`,
    `grant ${rights} on ${table} to congvan_app`,
  ];
}

/** A table all agencies may read, but in which each may write its own rows only (danh bạ dùng chung). */
export function share(table: string, own: string, rights = "insert, update") {
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy everybody_reads on ${table} for select to congvan_app using (true)`,
    `create policy own_agency_inserts on ${table} for insert to congvan_app with check (${own})`,
    `create policy own_agency_updates on ${table} for update to congvan_app using (${own}) with check (${own})`,
    `grant select, ${rights} on ${table} to congvan_app`,
  ];
}

/** A step of the database's history: statements in order, in one transaction; never edited once released. */
export abstract class Step extends Migration {
  abstract statements(): string[];

  override up(): void {
    for (const statement of this.statements()) this.addSql(statement);
  }
}
