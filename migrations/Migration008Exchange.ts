import { isolate, Step } from "../src/migration-sql.ts";

/** This server's side of the axis: what it sends, what it has received, and what it knows of its partners. */
export default class Migration008Exchange extends Step {
  statements() {
    return [
      // A copy of the hub's directory: no network is needed to know who is on the axis, or whose signature counts.
      `create table axis_agency (
         code text primary key, code102 text, name text not null, certificates bytea[] not null,
         valid_from timestamptz not null, valid_to timestamptz, version bigint not null)`,
      `create index on axis_agency (version)`,
      `alter table axis_agency enable row level security`,
      `alter table axis_agency force row level security`,
      `create policy everybody on axis_agency to congvan_app using (true) with check (true)`,
      `grant select, insert, update on axis_agency to congvan_app`,

      // The id is the message's own; the manifest is signed once and never changed.
      `create table exchange_outbox (
         id uuid primary key, agency_id uuid not null references agency,
         kind text not null check (kind in ('document', 'status')),
         manifest bytea not null, signature text not null,
         state text not null check (state in ('QUEUED', 'RETRYING', 'ACCEPTED', 'BLOCKED')),
         attempts int not null default 0, next_attempt_at timestamptz(3) not null,
         lease_until timestamptz, fence int not null default 0, last_error text,
         hub_receipt bytea, hub_receipt_signature text, accepted_at timestamptz(3), created_at timestamptz(3) not null,
         check ((state = 'ACCEPTED') = (hub_receipt is not null)))`,
      `create index on exchange_outbox (agency_id, next_attempt_at) where state in ('QUEUED', 'RETRYING')`,
      ...isolate("exchange_outbox", "select, insert, update"),

      `create table exchange_delivery (
         id uuid primary key references outgoing_recipient, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document,
         message_id uuid references exchange_outbox, recipient_code text,
         state text not null check (state in ('QUEUED', 'RETRYING', 'ACCEPTED', 'STORED', 'REFUSED', 'BLOCKED', 'OFF_AXIS')),
         refusal_code text, receipt bytea, receipt_signature text,
         status text check (status in ('01', '02', '03', '04', '05', '06')), status_at timestamptz(3), status_note text,
         checks int not null default 0, next_check_at timestamptz(3),
         unique (message_id, recipient_code),
         check ((state = 'OFF_AXIS') = (message_id is null)))`,
      `create index on exchange_delivery (document_id)`,
      `create index on exchange_delivery (agency_id, next_check_at) where next_check_at is not null`,
      ...isolate("exchange_delivery", "select, insert, update"),

      `create table exchange_report (
         id uuid primary key, agency_id uuid not null references agency,
         delivery_id uuid not null references exchange_delivery, message_id uuid not null,
         status text not null check (status in ('01', '02', '03', '04', '05', '06')), at timestamptz(3) not null, note text,
         unique (delivery_id, message_id))`,
      ...isolate("exchange_report", "select, insert"),

      // The memory against replays: kept for good.
      `create table exchange_inbox (
         agency_id uuid not null references agency, sender text not null, message_id uuid not null,
         kind text not null, manifest_sha256 bytea not null, delivery_id uuid not null,
         receipt bytea not null, receipt_signature text not null, received_at timestamptz(3) not null,
         primary key (agency_id, sender, message_id))`,
      ...isolate("exchange_inbox", "select, insert"),

      // What was refused, kept as it came: its sender is not proven, so it never enters the memory above.
      `create table exchange_quarantine (
         delivery_id uuid not null, agency_id uuid not null references agency, message_id uuid not null,
         code text not null, reason text not null, manifest bytea not null, signature text not null,
         receipt bytea not null, receipt_signature text not null, refused_at timestamptz(3) not null,
         primary key (agency_id, delivery_id))`,
      ...isolate("exchange_quarantine", "select, insert"),

      `create table arrival (
         id uuid primary key, agency_id uuid not null references agency, message_id uuid not null, document_uid uuid not null,
         sender_code text not null, sender_id uuid references agency, sender_name text not null,
         reference_code text not null, issued_on date, type_name text not null, subject text not null,
         signer_name text, signer_position text, due_on date, page_count int check (page_count > 0),
         urgency text not null check (urgency in ('NORMAL', 'URGENT', 'VERY_URGENT', 'FLASH')),
         state text not null check (state in ('ARRIVED', 'ACCEPTED', 'REFUSED')),
         arrived_at timestamptz(3) not null, verification jsonb,
         incoming_document_id uuid references incoming_document, refusal_reason text,
         -- The last status told to the sender.
         reported text not null check (reported in ('01', '02', '03', '04', '05', '06')),
         manifest bytea not null, signature text not null,
         unique (agency_id, message_id),
         check ((state = 'ACCEPTED') = (incoming_document_id is not null)),
         check ((state = 'REFUSED') = (refusal_reason is not null)))`,
      `create index on arrival (agency_id, arrived_at desc, id desc)`,
      `create index on arrival (agency_id, state, arrived_at desc, id desc)`,
      `create unique index on arrival (incoming_document_id) where incoming_document_id is not null`,
      ...isolate("arrival", "select, insert, update"),

      `create table arrival_file (
         arrival_id uuid not null references arrival, agency_id uuid not null references agency,
         ordinal int not null, file_id uuid not null references file,
         role text not null check (role in ('MAIN', 'ANNEX')), primary key (arrival_id, ordinal))`,
      `create index on arrival_file (file_id)`,
      ...isolate("arrival_file", "select, insert"),

      // Whose turn it is, for the worker, which would have to ask agency by agency: tells of no message, only that one waits.
      `create function exchange_due(p_at timestamptz) returns table (agency_id uuid, task text)
         language sql stable security definer set search_path = public, pg_temp as $$
         select distinct o.agency_id, 'send' from exchange_outbox o
           where o.state in ('QUEUED', 'RETRYING') and o.next_attempt_at <= p_at
         union all
         select distinct d.agency_id, 'follow' from exchange_delivery d where d.next_check_at <= p_at $$`,
      `revoke all on function exchange_due from public`,
      `grant execute on function exchange_due to congvan_app`,
      `create policy whose_turn on exchange_outbox for select to current_user using (true)`,
      `create policy whose_turn on exchange_delivery for select to current_user using (true)`,
    ];
  }
}
