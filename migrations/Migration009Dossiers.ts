import { isolate, share, Step } from "../src/migration-sql.ts";

const either = "agency_id = (select app_agency()) or received_by_agency_id = (select app_agency())";
const ofVisibleDossier = "exists (select from dossier d where d.id = dossier_id)";

export default class Migration009Dossiers extends Step {
  statements() {
    return [
      `create table procedure (
         id uuid primary key, agency_id uuid not null references agency,
         code text not null check (code ~ '^[0-9]\\.[0-9]{6}(\\.[A-Z0-9]+)*$'),
         version int not null check (version > 0),
         name text not null, sector text not null,
         time_limit int not null check (time_limit between 1 and 2000),
         time_unit text not null check (time_unit in ('WORKING_HOUR', 'WORKING_DAY')),
         valid_from date not null, valid_to date check (valid_to >= valid_from),
         components jsonb not null default '[]',
         unique (agency_id, code, version))`,
      `create index on procedure (code, id)`,
      ...share("procedure", "agency_id = (select app_agency())"),
      `create table procedure_step (
         procedure_id uuid not null references procedure, ordinal int not null check (ordinal > 0),
         name text not null, hours int not null check (hours > 0), primary key (procedure_id, ordinal))`,
      ...share(
        "procedure_step",
        "exists (select from procedure p where p.id = procedure_id and p.agency_id = (select app_agency()))",
        "insert",
      ),

      // One row is locked to give a number, of a day (in the dossier's code) or of a year (of the receipt).
      `create table dossier_counter (
         agency_id uuid not null references agency, period text not null, last_number int not null check (last_number > 0),
         primary key (agency_id, period)) with (fillfactor = 50)`,
      ...isolate("dossier_counter", "select, insert, update"),

      `create table dossier (
         id uuid primary key, agency_id uuid not null references agency,
         received_by_agency_id uuid not null references agency,
         code text not null unique check (code ~ '^[A-Z0-9.]+-[0-9]{6}-[0-9]{4,}$'),
         procedure_id uuid not null references procedure,
         applicant_name text not null, applicant_identity text, applicant_address text, applicant_phone text, note text,
         submitted_at timestamptz(3) not null, received_at timestamptz(3) not null check (received_at >= submitted_at),
         received_by_id uuid not null references appointment,
         due_at timestamptz(3) not null check (due_at > received_at), due_reason text not null,
         status text not null check (status in ('RECEIVED', 'IN_PROGRESS', 'COMPLETED', 'RETURNED')),
         steps_done int not null default 0 check (steps_done >= 0),
         completed_at timestamptz(3), returned_at timestamptz(3),
         receipt_year int not null, receipt_number int not null check (receipt_number > 0),
         -- Each agency has a row of its own for the same bytes; null until the receipt has been made.
         receipt_file_id uuid references file, competent_receipt_file_id uuid references file,
         version int not null default 1,
         unique (received_by_agency_id, receipt_year, receipt_number),
         check ((status in ('COMPLETED', 'RETURNED')) = (completed_at is not null)),
         check ((status = 'RETURNED') = (returned_at is not null)))`,
      `create index on dossier (agency_id, received_at desc, id desc)`,
      `create index on dossier (received_by_agency_id, received_at desc, id desc)`,
      `create index on dossier (receipt_file_id)`,
      `create index on dossier (competent_receipt_file_id)`,
      ...isolate("dossier", "select, insert, update", either),
      `create policy received_here on dossier as restrictive for insert to congvan_app
         with check (received_by_agency_id = (select app_agency()))`,

      // The application may write it once and never read it: comparing is for dossier_lookup alone.
      `create table dossier_secret (
         dossier_id uuid primary key references dossier, hash bytea not null check (length(hash) = 32))`,
      ...isolate("dossier_secret", "insert", ofVisibleDossier),

      `create table dossier_event (
         id uuid primary key, dossier_id uuid not null references dossier, at timestamptz(3) not null,
         text text not null, by_id uuid references appointment)`,
      `create index on dossier_event (dossier_id, at, id)`,
      ...isolate("dossier_event", "select, insert", ofVisibleDossier),

      // What an agency's documents are to a dossier is for that agency to see; the other one sees the results.
      `create table dossier_document (
         id uuid primary key, dossier_id uuid not null references dossier, agency_id uuid not null references agency,
         relation text not null check (relation in ('RELATED', 'RESULT')),
         incoming_document_id uuid references incoming_document, outgoing_document_id uuid references outgoing_document,
         at timestamptz(3) not null, by_id uuid not null references appointment,
         check (num_nonnulls(incoming_document_id, outgoing_document_id) = 1),
         check (relation = 'RELATED' or outgoing_document_id is not null),
         unique nulls not distinct (dossier_id, incoming_document_id, outgoing_document_id))`,
      `create index on dossier_document (incoming_document_id)`,
      `create index on dossier_document (outgoing_document_id)`,
      ...isolate("dossier_document", "select, insert, update"),

      `create table dossier_result (
         id uuid primary key, dossier_id uuid not null references dossier, agency_id uuid not null references agency,
         received_by_agency_id uuid not null references agency,
         ordinal int not null check (ordinal > 0), code text not null unique,
         outgoing_document_id uuid not null references outgoing_document, reference_code text not null,
         file_id uuid not null references file, receiver_file_id uuid not null references file,
         sha256 bytea not null check (length(sha256) = 32), size bigint not null, issued_at timestamptz(3) not null,
         unique (dossier_id, ordinal), unique (dossier_id, outgoing_document_id))`,
      `create index on dossier_result (sha256)`,
      `create index on dossier_result (file_id)`,
      `create index on dossier_result (receiver_file_id)`,
      ...isolate("dossier_result", "select, insert", either),
      `create policy decided_here on dossier_result as restrictive for insert to congvan_app
         with check (agency_id = (select app_agency()))`,

      // What somebody without an office may learn: only through the three functions below, which the owner runs.
      ...["dossier", "dossier_secret", "dossier_result", "procedure", "procedure_step"].map(
        (table) => `create policy public_lookup on ${table} for select to current_user using (true)`,
      ),
      `create function dossier_lookup(p_code text, p_hash bytea) returns jsonb
         language sql stable security definer set search_path = public, pg_temp as $$
         select jsonb_build_object('code', d.code, 'procedureName', p.name, 'status', d.status,
           'receivedByName', r.name, 'competentAgencyName', c.name, 'receivedAt', d.received_at, 'dueAt', d.due_at,
           'completedAt', d.completed_at, 'stepsDone', d.steps_done,
           'stepsTotal', (select count(*) from procedure_step s where s.procedure_id = p.id),
           'results', (select coalesce(jsonb_agg(jsonb_build_object('code', x.code, 'sha256', encode(x.sha256, 'hex'),
             'issuedAt', x.issued_at) order by x.ordinal), '[]') from dossier_result x where x.dossier_id = d.id))
         from dossier d join dossier_secret k on k.dossier_id = d.id join procedure p on p.id = d.procedure_id
           join agency r on r.id = d.received_by_agency_id join agency c on c.id = d.agency_id
         where d.code = p_code and k.hash = p_hash $$`,
      `create function result_by_code(p_code text) returns table (sha256 bytea, size bigint)
         language sql stable security definer set search_path = public, pg_temp
         as $$ select x.sha256, x.size from dossier_result x where x.code = p_code $$`,
      `create function results_by_digest(p_sha256 bytea)
         returns table (code text, agency_name text, reference_code text, issued_at timestamptz, size bigint)
         language sql stable security definer set search_path = public, pg_temp as $$
         select x.code, a.name, x.reference_code, x.issued_at, x.size
         from dossier_result x join agency a on a.id = x.agency_id
         where x.sha256 = p_sha256 order by x.issued_at, x.id limit 200 $$`,
      ...["dossier_lookup", "result_by_code", "results_by_digest"].flatMap((name) => [
        `revoke all on function ${name} from public`,
        `grant execute on function ${name} to congvan_app`,
      ]),
    ];
  }
}
