/** The hub's tables in a schema of their own; idempotent, run as the owner. */
export const hubSchema = `
create schema if not exists hub;

-- One row: the version of the directory, locked until commit so that no reader passes over a change.
create table if not exists hub.directory (
  one boolean primary key default true check (one),
  version bigint not null
);
insert into hub.directory (version) values (0) on conflict do nothing;

create table if not exists hub.agency (
  code text primary key,
  code102 text,
  name text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  version bigint not null
);
create index if not exists agency_version on hub.agency (version);
create unique index if not exists agency_code102 on hub.agency (code102) where valid_to is null;

create table if not exists hub.certificate (
  agency text not null references hub.agency,
  sha256 bytea not null,
  der bytea not null,
  removed_at timestamptz,
  primary key (agency, sha256)
);

-- The counter of each recipient's queue, locked until commit: numbers become visible in their order, without gap.
create table if not exists hub.recipient (
  code text primary key references hub.agency,
  last_seq bigint not null default 0
);

-- Immutable once accepted.
create table if not exists hub.message (
  message_id uuid primary key,
  sender text not null references hub.agency,
  kind text not null,
  document_uid uuid not null,
  revision integer not null,
  manifest_sha256 bytea not null,
  manifest bytea not null,
  signature text not null,
  accepted_at timestamptz not null,
  receipt bytea not null,
  receipt_signature text not null
);
create index if not exists message_document on hub.message (document_uid, revision);

create table if not exists hub.delivery (
  delivery_id uuid primary key,
  message_id uuid not null references hub.message,
  recipient text not null references hub.recipient,
  seq bigint not null,
  state text not null check (state in ('AVAILABLE', 'LEASED', 'STORED', 'REFUSED', 'WITHDRAWN')),
  fence integer not null default 0,
  lease_until timestamptz,
  receipt_sha256 bytea,
  unique (recipient, seq),
  unique (message_id, recipient),
  check ((state = 'LEASED') = (lease_until is not null)),
  check ((state in ('STORED', 'REFUSED')) = (receipt_sha256 is not null))
);
create index if not exists delivery_open on hub.delivery (recipient, seq) where state in ('AVAILABLE', 'LEASED');

-- All receipts ever taken, those before a reopening included.
create table if not exists hub.receipt (
  delivery_id uuid not null references hub.delivery,
  sha256 bytea not null,
  bytes bytea not null,
  signature text not null,
  outcome text not null check (outcome in ('STORED', 'REFUSED')),
  taken_at timestamptz not null default clock_timestamp(),
  primary key (delivery_id, sha256)
);

create table if not exists hub.event (
  id bigint generated always as identity primary key,
  message_id uuid not null references hub.message,
  delivery_id uuid references hub.delivery,
  event text not null,
  receipt_sha256 bytea,
  at timestamptz not null default clock_timestamp()
);
create index if not exists event_message on hub.event (message_id, id);
`;

/**
 * What the hub's own role may do: all that it needs and nothing that could unsay what it has taken.
 * `role` is a plain lower-case name.
 */
export function hubGrants(role: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(role)) throw new TypeError("Not a plain role name");
  return `
grant usage on schema hub to ${role};
grant select, insert on all tables in schema hub to ${role};
grant update on hub.directory, hub.agency, hub.certificate, hub.recipient, hub.delivery to ${role};
`;
}
