import { isolate, Step } from "../src/migration-sql.ts";

// Bộ luật Lao động 2019 Điều 112, and the yearly notices where they are out. Tết and the swaps of 2027 are not announced yet:
// the days below follow the calendar and are to be checked against the notice.
const holidays: readonly (readonly [day: string, isWorking: boolean, name: string])[] = [
  ["2026-01-01", false, "Tết Dương lịch"],
  ["2026-01-02", false, "Nghỉ hoán đổi"],
  ["2026-01-10", true, "Làm bù ngày 02/01"],
  ["2026-02-16", false, "Tết Nguyên đán"],
  ["2026-02-17", false, "Tết Nguyên đán"],
  ["2026-02-18", false, "Tết Nguyên đán"],
  ["2026-02-19", false, "Tết Nguyên đán"],
  ["2026-02-20", false, "Tết Nguyên đán"],
  ["2026-04-27", false, "Nghỉ bù Giỗ Tổ Hùng Vương"],
  ["2026-04-30", false, "Ngày Chiến thắng"],
  ["2026-05-01", false, "Ngày Quốc tế Lao động"],
  ["2026-08-22", true, "Làm bù ngày 31/8"],
  ["2026-08-31", false, "Nghỉ hoán đổi"],
  ["2026-09-01", false, "Quốc khánh"],
  ["2026-09-02", false, "Quốc khánh"],
  ["2027-01-01", false, "Tết Dương lịch"],
  ["2027-02-05", false, "Tết Nguyên đán"],
  ["2027-02-08", false, "Tết Nguyên đán"],
  ["2027-02-09", false, "Tết Nguyên đán"],
  ["2027-02-10", false, "Nghỉ bù Tết Nguyên đán"],
  ["2027-02-11", false, "Nghỉ bù Tết Nguyên đán"],
  ["2027-04-16", false, "Giỗ Tổ Hùng Vương"],
  ["2027-04-30", false, "Ngày Chiến thắng"],
  ["2027-05-03", false, "Nghỉ bù Ngày Quốc tế Lao động"],
  ["2027-09-02", false, "Quốc khánh"],
  ["2027-09-03", false, "Quốc khánh"],
];

export default class Migration004Registers extends Step {
  statements() {
    return [
      `create table holiday (on_date date primary key, is_working boolean not null default false, name text not null)`,
      `alter table holiday enable row level security`,
      `alter table holiday force row level security`,
      `create policy everybody_reads on holiday for select to congvan_app using (true)`,
      `create policy administration on holiday to current_user using (true) with check (true)`,
      `grant select on holiday to congvan_app`,
      ...holidays.map(([day, isWorking, name]) => `insert into holiday values ('${day}', ${isWorking}, '${name}')`),

      `create table file (
         id uuid primary key, agency_id uuid not null references agency, name text not null, media_type text not null,
         size bigint not null check (size >= 0), sha256 bytea not null check (length(sha256) = 32),
         uploaded_at timestamptz(3) not null, uploaded_by uuid references appointment,
         -- Whether anything refers to it yet; until then only who uploaded it may see it.
         is_attached boolean not null default false)`,
      `create index on file (agency_id, sha256)`,
      ...isolate("file", "select, insert, update"),

      `create table numbering_policy (
         id uuid primary key, agency_id uuid not null references agency,
         kind text not null check (kind in ('INCOMING', 'OUTGOING')), from_year int not null,
         mode text not null check (mode in ('ONE_SERIES', 'PER_TYPE', 'PER_GROUP')),
         groups jsonb not null default '[]', number_before_signing boolean not null default false,
         unique (agency_id, kind, from_year))`,
      ...isolate("numbering_policy", "select, insert, update"),

      // One row is locked to give a number: room on the page keeps its updates cheap.
      `create table document_register (
         id uuid primary key, agency_id uuid not null references agency,
         kind text not null check (kind in ('INCOMING', 'OUTGOING')), year int not null, series text not null default '',
         name text not null, last_number int not null default 0 check (last_number >= 0),
         unique (agency_id, kind, year, series), unique (agency_id, id)) with (fillfactor = 50)`,
      ...isolate("document_register", "select, insert, update (name, last_number)"),
      // Numbers are counted up only: a lower one would be given twice.
      `create function document_register_counts_up() returns trigger language plpgsql as $$
         begin
           if new.last_number < old.last_number then raise exception 'a register only counts up'; end if;
           return new;
         end $$`,
      `create trigger counts_up before update on document_register for each row execute function document_register_counts_up()`,

      `create table register_entry (
         id uuid not null unique, agency_id uuid not null references agency, register_id uuid not null, number int not null check (number > 0),
         state text not null check (state in ('USED', 'RESERVED', 'VOID')),
         reason text, document_type text, document_id uuid, at timestamptz(3) not null, by_id uuid not null references appointment,
         primary key (register_id, number),
         -- With the agency, lest one agency take a number of another's register.
         foreign key (agency_id, register_id) references document_register (agency_id, id),
         check ((state = 'USED') = (document_id is not null) or state = 'VOID'),
         check (state = 'USED' or coalesce(btrim(reason), '') <> ''))`,
      ...isolate("register_entry", "select, insert, update"),
      // A number that was given stays given, and to the same document; only its state and reason may change.
      `create function register_entry_stays() returns trigger language plpgsql as $$
         begin
           if (new.id, new.agency_id, new.register_id, new.number, new.at, new.by_id)
                is distinct from (old.id, old.agency_id, old.register_id, old.number, old.at, old.by_id)
              or (old.document_id is not null
                and (new.document_type, new.document_id) is distinct from (old.document_type, old.document_id))
              or old.state = 'VOID' then
             raise exception 'a number once given is not changed';
           end if;
           return new;
         end $$`,
      `create trigger stays before update on register_entry for each row execute function register_entry_stays()`,
    ];
  }
}
