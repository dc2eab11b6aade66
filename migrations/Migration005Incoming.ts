import { isolate, Step } from "../src/migration-sql.ts";

export default class Migration005Incoming extends Step {
  statements() {
    return [
      `create table incoming_document (
         id uuid primary key, agency_id uuid not null references agency,
         register_id uuid not null, arrival_number int not null,
         arrived_at timestamptz(3) not null, received_via text not null check (received_via in ('DIRECT', 'AXIS')),
         sender_name text not null, sender_id uuid references agency,
         reference_code text not null, issued_on date, type_name text not null, subject text not null,
         language text not null, page_count int check (page_count > 0), note text,
         signer_name text, signer_position text,
         urgency text not null check (urgency in ('NORMAL', 'URGENT', 'VERY_URGENT', 'FLASH')),
         status text not null check (status in ('REGISTERED', 'ASSIGNED', 'IN_PROGRESS', 'COMPLETED', 'RETURNED')),
         due_on date, due_reason text, registered_by_id uuid not null references appointment,
         completion_kind text check (completion_kind in ('ANSWERED', 'DONE', 'FILED')), completion_note text,
         completed_at timestamptz(3), completed_by_id uuid references appointment, return_reason text,
         version int not null default 1,
         unique (register_id, arrival_number),
         foreign key (agency_id, register_id) references document_register (agency_id, id),
         foreign key (register_id, arrival_number) references register_entry (register_id, number),
         check ((status = 'COMPLETED') = (completion_kind is not null)),
         check ((status = 'RETURNED') = (return_reason is not null)))`,
      `create index on incoming_document (agency_id, arrived_at desc, id desc)`,
      `create index on incoming_document (agency_id, status, arrived_at desc, id desc)`,
      `create index on incoming_document (agency_id, lower(replace(reference_code, ' ', '')) text_pattern_ops)`,
      ...isolate("incoming_document", "select, insert, update"),

      `create table incoming_file (
         document_id uuid not null references incoming_document, agency_id uuid not null references agency,
         ordinal int not null, file_id uuid not null references file,
         role text not null check (role in ('MAIN', 'ANNEX')), primary key (document_id, ordinal))`,
      `create index on incoming_file (file_id)`,
      ...isolate("incoming_file", "select, insert"),

      `create table directive (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references incoming_document, text text not null,
         by_id uuid not null references appointment, at timestamptz(3) not null)`,
      `create index on directive (document_id)`,
      ...isolate("directive", "select, insert"),

      `create table assignment (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references incoming_document, directive_id uuid not null references directive,
         assignee_id uuid not null references appointment,
         role text not null check (role in ('LEAD', 'COLLABORATING', 'INFORMED')),
         due_on date, status text not null check (status in ('ASSIGNED', 'IN_PROGRESS', 'DONE')),
         unique (document_id, assignee_id))`,
      // NĐ 30/2020 Điều 23.4: of several, one leads.
      `create unique index one_leads on assignment (document_id) where role = 'LEAD'`,
      `create index on assignment (assignee_id, status, due_on, id)`,
      ...isolate("assignment", "select, insert, update"),

      `create table progress_note (
         id uuid primary key, agency_id uuid not null references agency,
         assignment_id uuid not null references assignment, text text not null,
         by_id uuid not null references appointment, at timestamptz(3) not null)`,
      `create index on progress_note (assignment_id)`,
      ...isolate("progress_note", "select, insert"),
    ];
  }
}
