import { isolate, Step } from "../src/migration-sql.ts";

export default class Migration007Outgoing extends Step {
  statements() {
    return [
      `create table signing_credential (
         id uuid primary key, agency_id uuid not null references agency, person_id uuid references person,
         is_agency_seal boolean not null, subject text not null, issuer text not null, serial text not null,
         not_before timestamptz(3) not null, not_after timestamptz(3) not null check (not_after > not_before),
         certificate bytea not null, keystore bytea not null check (octet_length(keystore) <= 1048576),
         created_at timestamptz(3) not null, revoked_at timestamptz(3),
         -- A key is one person's or the agency's, never both.
         check (is_agency_seal = (person_id is null)))`,
      `create index on signing_credential (agency_id, person_id)`,
      ...isolate("signing_credential", "select, insert, update"),

      `create table outgoing_document (
         id uuid primary key, agency_id uuid not null references agency,
         type_code text not null, subject text not null, body text, uploaded_file_id uuid references file,
         urgency text not null check (urgency in ('NORMAL', 'URGENT', 'VERY_URGENT', 'FLASH')),
         status text not null check (status in ('DRAFT', 'IN_REVIEW', 'AWAITING_SIGNATURE', 'SIGNED', 'NUMBERED',
           'SEALED', 'DISPATCHED', 'CANCELLED')),
         register_id uuid, number int, notation text not null, reference_code text, issued_on date,
         drafter_id uuid not null references appointment, signer_id uuid references appointment, block jsonb,
         answers_to_id uuid references incoming_document, created_at timestamptz(3) not null,
         cancel_reason text, version int not null default 1,
         foreign key (agency_id, register_id) references document_register (agency_id, id),
         foreign key (register_id, number) references register_entry (register_id, number),
         unique (register_id, number),
         check ((body is null) <> (uploaded_file_id is null)),
         check (num_nulls(register_id, number, reference_code, issued_on) in (0, 4)),
         check (num_nulls(signer_id, block) in (0, 2)),
         check (status not in ('DRAFT', 'IN_REVIEW') or signer_id is null),
         check (status not in ('AWAITING_SIGNATURE', 'SIGNED', 'NUMBERED', 'SEALED', 'DISPATCHED') or signer_id is not null),
         check (status not in ('NUMBERED', 'SEALED', 'DISPATCHED') or number is not null),
         check (status <> 'SIGNED' or number is null),
         check ((status = 'CANCELLED') = (cancel_reason is not null)))`,
      `create index on outgoing_document (agency_id, created_at desc, id desc)`,
      `create index on outgoing_document (agency_id, status, created_at desc, id desc)`,
      `create index on outgoing_document (drafter_id, created_at desc, id desc)`,
      `create index on outgoing_document (signer_id, status)`,
      `create index on outgoing_document (answers_to_id) where answers_to_id is not null`,
      `create index on outgoing_document (uploaded_file_id) where uploaded_file_id is not null`,
      ...isolate("outgoing_document", "select, insert, update"),
      // What was issued or given up is final, and a number stays with its document.
      `create function outgoing_document_stays() returns trigger language plpgsql as $$
         begin
           if old.status in ('DISPATCHED', 'CANCELLED')
              or (old.number is not null and (new.register_id, new.number, new.notation, new.reference_code, new.issued_on)
                is distinct from (old.register_id, old.number, old.notation, old.reference_code, old.issued_on)) then
             raise exception 'an issued document or a number once given is not changed';
           end if;
           return new;
         end $$`,
      `create trigger stays before update on outgoing_document for each row execute function outgoing_document_stays()`,

      `create table outgoing_revision (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document, ordinal int not null check (ordinal > 0),
         kind text not null check (kind in ('DRAFT', 'FOR_SIGNATURE', 'SIGNED', 'SEALED')),
         file_id uuid not null references file, at timestamptz(3) not null, by_id uuid not null references appointment,
         unique (document_id, ordinal))`,
      `create index on outgoing_revision (file_id)`,
      ...isolate("outgoing_revision", "select, insert"),

      `create table outgoing_signature (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document, revision_id uuid not null references outgoing_revision,
         field text not null, signer_id uuid not null references appointment,
         credential_id uuid not null references signing_credential,
         -- Null for the agency's seal, over which no title stands.
         block jsonb, delegation_id uuid references delegation, at timestamptz(3) not null,
         unique (revision_id, field))`,
      `create index on outgoing_signature (document_id)`,
      ...isolate("outgoing_signature", "select, insert"),

      `create table outgoing_review (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document, reviewer_id uuid not null references appointment,
         decision text check (decision in ('APPROVED', 'RETURNED')), comment text,
         requested_at timestamptz(3) not null, decided_at timestamptz(3),
         check ((decision is null) = (decided_at is null)),
         check (decision is distinct from 'RETURNED' or comment is not null))`,
      `create index on outgoing_review (document_id)`,
      `create index on outgoing_review (reviewer_id)`,
      `create unique index one_review_awaited on outgoing_review (document_id) where decision is null`,
      ...isolate("outgoing_review", "select, insert, update"),

      `create table outgoing_recipient (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document, ordinal int not null,
         recipient_id uuid references agency, name text not null, role text not null check (role in ('TO', 'CC')),
         unique (document_id, ordinal))`,
      ...isolate("outgoing_recipient"),

      `create table outgoing_file (
         document_id uuid not null references outgoing_document, ordinal int not null,
         agency_id uuid not null references agency, file_id uuid not null references file,
         role text not null check (role in ('MAIN', 'ANNEX')), primary key (document_id, ordinal))`,
      `create index on outgoing_file (file_id)`,
      ...isolate("outgoing_file", "select, insert"),
    ];
  }
}
