import { isolate, Step } from "../src/migration-sql.ts";

const byPerson = "person_id = (select app_person())";
const byToken = "token_hash = (select decode(current_setting('app.token', true), 'hex'))";
const inAgency = "agency_id = (select app_agency())";

export default class Migration002Auth extends Step {
  statements() {
    return [
      // Found before anybody is known: by the name or the token that the request brought, and by nothing else.
      `create table account (
         person_id uuid primary key references person, username text not null unique,
         password_hash text not null, disabled_at timestamptz(3))`,
      `create table session (
         token_hash bytea primary key, agency_id uuid not null references agency,
         person_id uuid not null references person, appointment_id uuid not null references appointment,
         created_at timestamptz(3) not null, expires_at timestamptz(3) not null, address text)`,
      `create index on session (person_id)`,
      `create table api_token (
         id uuid primary key, token_hash bytea not null unique, agency_id uuid not null references agency,
         person_id uuid not null references person, appointment_id uuid not null references appointment,
         name text not null, scopes text[] not null, created_at timestamptz(3) not null,
         expires_at timestamptz(3) not null, last_used_at timestamptz(3), revoked_at timestamptz(3))`,
      `create index on api_token (person_id)`,
      `create table idempotency (
         agency_id uuid not null references agency, person_id uuid not null references person, key text not null,
         act text not null, request_hash bytea not null, result_id uuid not null, at timestamptz(3) not null,
         primary key (agency_id, person_id, key))`,

      ...isolate(
        "account",
        "select, insert, update",
        "person_id = (select app_person()) or username = (select current_setting('app.username', true))",
      ),
      // Whoever brings the secret sees the row; a new one is for the office that the transaction acts in.
      ...isolate("session", "select, insert, delete", `${byPerson} or ${byToken}`, `${byPerson} and ${inAgency}`),
      ...isolate(
        "api_token",
        "select, insert, update",
        `${byPerson} or ${byToken}`,
        `${byPerson} and ${inAgency} or ${byToken}`,
      ),
      ...isolate("idempotency", "select, insert"),
    ];
  }
}
