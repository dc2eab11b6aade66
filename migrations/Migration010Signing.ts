import { isolate, Step } from "../src/migration-sql.ts";

export default class Migration010Signing extends Step {
  statements() {
    return [
      // Where a key lies: in a file here, in a device, or with a service (nơi giữ khóa). Settings hold no secrets.
      `alter table signing_credential
         add column provider text not null default 'PKCS12'
           check (provider in ('PKCS12', 'PKCS11', 'CSC', 'VIETTEL', 'VNPT', 'MISA', 'VGCA', 'EXTERNAL')),
         add column settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
         add column chain bytea[] not null default '{}',
         alter column keystore drop not null,
         add check ((provider = 'PKCS12') = (keystore is not null))`,

      // The chain of those who answer for a document (chuỗi ký), frozen with its text.
      `create table signing_step (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document, ordinal int not null check (ordinal > 0),
         turn int not null check (turn > 0),
         role text not null check (role in ('INITIALS', 'CONTENT', 'FORMAT', 'CO_SIGNER', 'LEADER', 'AGENCY_SEAL')),
         appointment_id uuid references appointment, position_id uuid references position,
         is_required boolean not null, field text,
         status text not null check (status in ('WAITING', 'READY', 'SIGNED', 'RETURNED', 'SKIPPED')),
         reason text, block jsonb, signature_id uuid references outgoing_signature,
         done_by_id uuid references appointment, done_at timestamptz(3),
         unique (document_id, ordinal), unique (document_id, field),
         check (num_nonnulls(appointment_id, position_id) <= 1),
         check ((status in ('RETURNED', 'SKIPPED')) = (reason is not null)),
         check ((status in ('SIGNED', 'RETURNED', 'SKIPPED')) = (done_at is not null)),
         check (status <> 'SIGNED' or done_by_id is not null))`,
      `create unique index one_leader on signing_step (document_id) where role = 'LEADER'`,
      `create unique index one_seal on signing_step (document_id) where role = 'AGENCY_SEAL'`,
      `create index on signing_step (appointment_id, status)`,
      `create index on signing_step (position_id, status)`,
      `create index on signing_step (agency_id, role) where status = 'READY'`,
      ...isolate("signing_step"),

      `alter table outgoing_revision drop constraint outgoing_revision_kind_check, alter column by_id drop not null,
         add check (kind in ('DRAFT', 'FOR_SIGNATURE', 'INITIALLED', 'SIGNED', 'SEALED', 'AUGMENTED', 'ARCHIVAL'))`,

      // What a signature reaches, what it should reach, and when it is looked at again (mức chữ ký).
      `alter table outgoing_signature
         add column level text not null default 'B-B' check (level in ('B-B', 'B-T', 'B-LT', 'B-LTA')),
         add column wanted_level text not null default 'B-B' check (wanted_level in ('B-B', 'B-T', 'B-LT', 'B-LTA')),
         add column level_note text, add column tries int not null default 0,
         add column next_try_at timestamptz(3)`,
      `grant update (level, wanted_level, level_note, tries, next_try_at) on outgoing_signature to congvan_app`,
      `create index on outgoing_signature (next_try_at) where next_try_at is not null`,

      // A signature on its way, which may be made by a device or a service elsewhere (phiên ký số).
      `create table signing_session (
         id uuid primary key, agency_id uuid not null references agency,
         document_id uuid not null references outgoing_document,
         step_id uuid references signing_step on delete set null,
         role text not null, field text not null,
         appointment_id uuid not null references appointment, credential_id uuid not null references signing_credential,
         state text not null check (state in ('PREPARED', 'WAITING_USER', 'SIGNED_RAW', 'STORED', 'EXPIRED', 'REJECTED', 'STALE', 'FAILED')),
         base_sha256 bytea not null check (octet_length(base_sha256) = 32),
         batch_id uuid not null, wanted_level text not null, digest_algorithm text not null,
         -- What was made ready, without any secret; null where an agent signs the whole file.
         prepared jsonb, raw_signature bytea,
         challenge text not null, factors text[] not null default '{}',
         -- The service's transaction for a batch stands with its first session.
         pending jsonb, next_poll_at timestamptz(3),
         downloaded_at timestamptz(3), uploaded_at timestamptz(3), quarantined_sha256 bytea,
         created_at timestamptz(3) not null, expires_at timestamptz(3) not null check (expires_at > created_at),
         error jsonb, revision_id uuid references outgoing_revision,
         check ((state = 'STORED') = (revision_id is not null)), check ((state = 'FAILED') <= (error is not null)),
         check (expires_at <= created_at + interval '20 minutes'))`,
      `create index on signing_session (document_id)`,
      `create index on signing_session (batch_id)`,
      `create index on signing_session (appointment_id, created_at desc)`,
      `create index on signing_session (expires_at) where state in ('PREPARED', 'WAITING_USER', 'SIGNED_RAW')`,
      ...isolate("signing_session", "select, insert, update"),

      // What was found when a file with signatures came in (kết quả kiểm tra chữ ký, TT 41/2017 Điều 9).
      `create table signature_check (
         id uuid primary key, agency_id uuid not null references agency, file_id uuid not null references file,
         state text not null check (state in ('PENDING', 'DONE', 'FAILED')), requested_at timestamptz(3) not null,
         next_try_at timestamptz(3), tries int not null default 0,
         checked_at timestamptz(3), indication text, integrity text, signatures int, verdict jsonb,
         trust_store text, material_sha256 bytea, material_note text,
         check ((state = 'PENDING') = (next_try_at is not null)),
         check ((state = 'DONE') = (verdict is not null)))`,
      `create index on signature_check (file_id, requested_at desc, id desc)`,
      `create index on signature_check (next_try_at) where next_try_at is not null`,
      ...isolate("signature_check", "select, insert, update"),

      // Whose turn it is, as exchange_due: tells of nothing but that something waits.
      `create function signing_due(p_at timestamptz) returns table (agency_id uuid, task text)
         language sql stable security definer set search_path = public, pg_temp as $$
         select distinct s.agency_id, 'session' from signing_session s
           where s.state in ('PREPARED', 'WAITING_USER', 'SIGNED_RAW') and (s.expires_at <= p_at or s.next_poll_at <= p_at)
         union all
         select distinct c.agency_id, 'check' from signature_check c where c.next_try_at <= p_at
         union all
         select distinct g.agency_id, 'level' from outgoing_signature g where g.next_try_at <= p_at $$`,
      `revoke all on function signing_due from public`,
      `grant execute on function signing_due to congvan_app`,
      `create policy whose_turn on signing_session for select to current_user using (true)`,
      `create policy whose_turn on signature_check for select to current_user using (true)`,
      `create policy whose_turn on outgoing_signature for select to current_user using (true)`,

      // Documents that were submitted before there were chains have the simple one.
      `alter table outgoing_document no force row level security`,
      `alter table signing_step no force row level security`,
      `insert into signing_step (id, agency_id, document_id, ordinal, turn, role, appointment_id, is_required, field, status,
           block, signature_id, done_by_id, done_at)
         select gen_random_uuid(), d.agency_id, d.id, 1, 1, 'LEADER', d.signer_id, true, 'Leader',
           case when s.id is null then 'READY' else 'SIGNED' end, d.block, s.id, s.signer_id, s.at
         from outgoing_document d left join lateral (select g.id, g.signer_id, g.at from outgoing_signature g
           where g.document_id = d.id and g.field = 'Leader' order by g.at desc limit 1) s
           on d.status not in ('DRAFT', 'IN_REVIEW', 'AWAITING_SIGNATURE')
         where d.signer_id is not null`,
      `insert into signing_step (id, agency_id, document_id, ordinal, turn, role, is_required, field, status,
           signature_id, done_by_id, done_at)
         select gen_random_uuid(), d.agency_id, d.id, 2, 2, 'AGENCY_SEAL', true, 'Seal',
           case when s.id is not null then 'SIGNED' when l.status = 'SIGNED' then 'READY' else 'WAITING' end,
           s.id, s.signer_id, s.at
         from outgoing_document d join signing_step l on l.document_id = d.id and l.role = 'LEADER'
           left join lateral (select g.id, g.signer_id, g.at from outgoing_signature g
             where g.document_id = d.id and g.field = 'Seal' order by g.at desc limit 1) s on true`,
      `alter table outgoing_document force row level security`,
      `alter table signing_step force row level security`,
    ];
  }
}
