import { isolate, Step } from "../src/migration-sql.ts";

// The hash of a row covers every field, each preceded by its length in bytes, so that no two rows read the same;
// src/audit/chain.ts computes it independently.
export default class Migration003Audit extends Step {
  statements() {
    return [
      `create table audit_head (
         agency_id uuid primary key references agency, sequence bigint not null, hash bytea not null)`,
      `create table audit_event (
         id uuid not null unique, agency_id uuid not null references agency, sequence bigint not null,
         at timestamptz(3) not null, act text not null, actor_id uuid, origin text not null,
         -- '' and null hash alike, so only one of them may occur.
         object_type text check (object_type <> ''), object_id uuid,
         data text not null check (data is json and octet_length(data) <= 1048576),
         previous_hash bytea not null, hash bytea not null,
         primary key (agency_id, sequence))`,
      `create index on audit_event (agency_id, object_id, sequence desc)`,

      `create function audit_hash(previous bytea, agency uuid, sequence bigint, id uuid, at timestamptz, act text, actor uuid,
           origin text, object_type text, object_id uuid, data text) returns bytea language sql immutable as $$
         select sha256(convert_to(string_agg(octet_length(field) || ':' || field, '' order by ordinal), 'UTF8'))
         from unnest(array[encode(previous, 'hex'), agency::text, sequence::text, id::text,
           to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), act, coalesce(actor::text, ''),
           origin, coalesce(object_type, ''), coalesce(object_id::text, ''), data]) with ordinality as f(field, ordinal) $$`,

      // The only way into the chain: the application's role may call it and read, nothing else.
      `create function audit_append(p_id uuid, p_at timestamptz, p_act text, p_actor uuid, p_origin text,
           p_object_type text, p_object_id uuid, p_data text) returns bigint
         language plpgsql security definer set search_path = public, pg_temp as $$
         declare
           v_agency uuid := app_agency(); v_at timestamptz(3) := p_at; v_sequence bigint; v_previous bytea; v_hash bytea;
         begin
           if v_agency is null then raise exception 'no agency is set for this transaction'; end if;
           update audit_head set sequence = sequence + 1 where agency_id = v_agency
             returning sequence, hash into v_sequence, v_previous;
           if not found then
             insert into audit_head values (v_agency, 0, sha256('')) on conflict do nothing;
             update audit_head set sequence = sequence + 1 where agency_id = v_agency
               returning sequence, hash into v_sequence, v_previous;
           end if;
           v_hash := audit_hash(v_previous, v_agency, v_sequence, p_id, v_at, p_act, p_actor, p_origin,
             p_object_type, p_object_id, p_data);
           insert into audit_event values (p_id, v_agency, v_sequence, v_at, p_act, p_actor, p_origin,
             p_object_type, p_object_id, p_data, v_previous, v_hash);
           update audit_head set hash = v_hash where agency_id = v_agency;
           return v_sequence;
         end $$`,
      `revoke all on function audit_append from public`,
      `grant execute on function audit_append to congvan_app`,

      // How far every agency's chain has come, for the checkpoints: tells of no act, only how many there are.
      `create function audit_heads() returns table (agency_id uuid, sequence bigint, hash bytea)
         language sql stable security definer set search_path = public, pg_temp
         as $$ select agency_id, sequence, hash from audit_head $$`,
      `revoke all on function audit_heads from public`,
      `grant execute on function audit_heads to congvan_app`,

      `create function audit_refuse() returns trigger language plpgsql as $$
         begin raise exception 'the audit chain is only appended to'; end $$`,
      `create trigger only_append before update or delete or truncate on audit_event
         for each statement execute function audit_refuse()`,

      ...isolate("audit_event", "select"),
      ...isolate("audit_head", "select"),
      `create policy chain on audit_event to current_user using (true) with check (true)`,
      `create policy chain on audit_head to current_user using (true) with check (true)`,
      // The owner verifies the chains, and needs to know whose they are.
      `create policy owner_reads on agency for select to current_user using (true)`,
    ];
  }
}
