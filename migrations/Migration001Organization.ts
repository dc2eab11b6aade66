import { isolate, share, Step } from "../src/migration-sql.ts";

export default class Migration001Organization extends Step {
  statements() {
    return [
      // What a transaction acts for; set with set_config(…, true), so it ends with the transaction.
      `create function app_agency() returns uuid language sql stable parallel safe
         as $$ select nullif(current_setting('app.agency_id', true), '')::uuid $$`,
      `create function app_person() returns uuid language sql stable parallel safe
         as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$`,

      `create table agency (
         id uuid primary key,
         code text not null unique check (code ~ '^[A-Z0-9]+(\\.[A-Z0-9]+)*$' and length(code) <= 35),
         code102 text unique,
         name text not null, symbol text not null,
         level text not null check (level in ('PROVINCE', 'COMMUNE')),
         kind text not null check (kind in ('PEOPLES_COMMITTEE', 'OFFICE', 'DEPARTMENT', 'ONE_STOP_CENTRE')),
         parent_id uuid references agency,
         place text not null, address text, email text, phone text,
         valid_from date not null, valid_to date check (valid_to >= valid_from))`,
      `create table agency_succession (
         predecessor_id uuid not null references agency, successor_id uuid not null references agency,
         happened_on date not null, primary key (predecessor_id, successor_id))`,
      `create table unit (
         id uuid primary key, agency_id uuid not null references agency,
         name text not null, symbol text not null, unique (agency_id, symbol))`,
      `create table position (
         id uuid primary key, agency_id uuid not null references agency, unit_id uuid references unit,
         title text not null,
         rank text not null check (rank in ('HEAD', 'DEPUTY', 'UNIT_HEAD', 'UNIT_DEPUTY', 'OFFICER', 'CLERK')),
         permissions text[] not null default '{}')`,
      `create index on position (agency_id)`,
      `create table person (
         id uuid primary key, home_agency_id uuid not null references agency, full_name text not null, email text)`,
      `create table appointment (
         id uuid primary key, agency_id uuid not null references agency,
         person_id uuid not null references person, position_id uuid not null references position,
         valid_from date not null, valid_to date check (valid_to >= valid_from))`,
      `create index on appointment (person_id)`,
      `create index on appointment (position_id)`,
      `create table delegation (
         id uuid primary key, agency_id uuid not null references agency,
         kind text not null check (kind in ('KT', 'TL', 'TUQ', 'Q', 'TM')),
         grantor_id uuid not null references appointment, grantee_id uuid not null references appointment,
         document_types text[] not null default '{}',
         valid_from timestamptz(3) not null, valid_to timestamptz(3) check (valid_to > valid_from),
         legal_basis text not null, revoked_at timestamptz(3),
         -- NĐ 30/2020 Điều 13.3: an authorisation to sign is limited in time.
         check (kind <> 'TUQ' or valid_to is not null))`,
      `create index on delegation (agency_id, grantee_id)`,

      // Agencies are set up by who administers the server, never through the API.
      `create policy administration on agency to current_user using (true) with check (true)`,
      `create policy administration on agency_succession to current_user using (true) with check (true)`,
      ...share("agency", "id = (select app_agency())", "update"),
      ...share("agency_succession", "successor_id = (select app_agency())", "insert"),
      ...share("unit", "agency_id = (select app_agency())"),
      ...share("position", "agency_id = (select app_agency())"),
      ...share("person", "home_agency_id = (select app_agency())"),
      ...share("appointment", "agency_id = (select app_agency())"),
      ...isolate("delegation", "select, insert, update"),
    ];
  }
}
