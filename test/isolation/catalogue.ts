import type { Client } from "pg";

/** Tables without row-level security, and why: none but the list of migrations, which tells of no agency. */
const reviewedTables = ["mikro_orm_migrations"];
/**
 * Functions that run as their owner, and why: the one door into the chain, how far each chain has come, and what an
 * applicant without an office may learn by code and secret, or by a result's code or digest.
 */
const reviewedFunctions = [
  "audit_append",
  "audit_heads",
  "dossier_lookup",
  "exchange_due",
  "result_by_code",
  "results_by_digest",
  "signing_due",
];

/** What in the database's catalogue would let one agency see another's data; one sentence each. */
export async function faultsOfCatalogue(superuser: Client): Promise<string[]> {
  const faults: string[] = [];
  const each = async (sentence: (name: string) => string, sql: string, parameters: unknown[] = []) => {
    const { rows } = await superuser.query<{ name: string }>(sql, parameters);
    faults.push(...rows.map(({ name }) => sentence(name)));
  };
  const ours = "c.relnamespace = 'public'::regnamespace";

  await each(
    (name) => `table ${name} has no forced row-level security`,
    `select relname as name from pg_class c where ${ours} and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
       and relname <> all($1)`,
    [reviewedTables],
  );
  await each(
    (name) => `table ${name} has no policy for the application`,
    `select relname as name from pg_class c where ${ours} and relkind in ('r', 'p') and relname <> all($1)
       and has_table_privilege('congvan_app', c.oid, 'select')
       and not exists (select from pg_policy p where p.polrelid = c.oid and 'congvan_app'::regrole = any(p.polroles))`,
    [reviewedTables],
  );
  await each(
    (name) => `table ${name} with agency data may be read by everybody`,
    `select distinct relname as name from pg_class c join pg_policy p on p.polrelid = c.oid
     where ${ours} and pg_get_expr(p.polqual, p.polrelid) = 'true' and p.polcmd in ('r', '*') and p.polroles && array['congvan_app'::regrole::oid, 0]
       and relname <> all($1)`,
    [sharedTables],
  );
  await each(
    (name) => `a policy of ${name} is for everybody (PUBLIC)`,
    `select relname as name from pg_class c join pg_policy p on p.polrelid = c.oid where ${ours} and 0 = any(p.polroles)`,
  );
  await each(
    (name) => `the application may change the reviewed table ${name}`,
    `select relname as name from pg_class c where ${ours} and relname = any($1) and has_table_privilege('congvan_app', c.oid, 'insert, update, delete')`,
    [reviewedTables],
  );
  await each(
    (name) => `the application may empty ${name}`,
    `select relname as name from pg_class c where ${ours} and relkind in ('r', 'p') and has_table_privilege('congvan_app', c.oid, 'truncate, references, trigger')`,
  );
  await each(
    (name) => `view ${name} reads as its owner`,
    `select relname as name from pg_class c where ${ours} and relkind in ('v', 'm')
       and (relkind = 'm' or not coalesce(reloptions @> '{security_invoker=true}', false))`,
  );
  await each(
    (name) => `function ${name} runs as its owner and is not reviewed, or has no search_path of its own`,
    `select proname as name from pg_proc p where pronamespace = 'public'::regnamespace and prosecdef
       and (proname <> all($1) or not exists (select from unnest(proconfig) c where c like 'search_path=%pg_temp'))`,
    [reviewedFunctions],
  );
  await each(
    (name) => `everybody may call ${name}, which runs as its owner`,
    `select proname as name from pg_proc p where prosecdef and pronamespace = 'public'::regnamespace
       and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
  );
  await each(
    (name) => `the application's role ${name}`,
    `select unnest(array[
       case when rolsuper then 'is a superuser' end, case when rolbypassrls then 'passes by row-level security' end,
       case when rolcreaterole then 'makes roles' end, case when rolcreatedb then 'makes databases' end,
       case when rolreplication then 'may replicate' end,
       case when exists (select from pg_class where relowner = r.oid) then 'owns tables' end,
       case when exists (select from pg_auth_members where member = r.oid) then 'is a member of another role' end,
       case when has_schema_privilege(r.oid, 'public', 'create') then 'may create in public' end,
       case when has_database_privilege(r.oid, current_database(), 'create') then 'may create schemas' end,
       case when has_schema_privilege(r.oid, 'hub', 'usage') then 'sees the hub' end]) as name
     from pg_roles r where rolname = 'congvan_app'`,
  );
  return faults.filter((fault) => !fault.endsWith(" null"));
}

/** What everybody may read: the directory of agencies and offices, the calendar, and the procedures that the province offers. */
export const sharedTables = [
  "agency",
  "agency_succession",
  "unit",
  "position",
  "person",
  "appointment",
  "holiday",
  "axis_agency",
  "procedure",
  "procedure_step",
];
