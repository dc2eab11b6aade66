import { createHash, X509Certificate } from "node:crypto";
import { agencyCodePattern } from "../agency-code.ts";
import { malformed } from "../shape.ts";
import { agency, type Row } from "./rows.ts";
import type { Agency, DirectoryChanges, Query } from "./types.ts";

const pageSize = 1_000;
const validNow = "a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())";

/**
 * Enters an agency or changes it. Returns the directory's new version. Throws "malformed" for a code or certificate.
 */
export async function registerAgency(query: Query, entry: Agency): Promise<number> {
  if (entry.code.length > 35 || !agencyCodePattern.test(entry.code)) throw malformed("code", "is no agency code");
  const certificates = entry.certificates.map(certificateRow);
  const [row] = await query("update hub.directory set version = version + 1 returning version", []);
  const version = Number(row?.["version"]);
  await query(
    `insert into hub.agency (code, code102, name, valid_from, valid_to, version) values ($1, $2, $3, $4, $5, $6)
     on conflict (code) do update set code102 = excluded.code102, name = excluded.name,
       valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = excluded.version`,
    [entry.code, entry.code102, entry.name, entry.validFrom, entry.validTo, version],
  );
  await query("insert into hub.recipient (code) values ($1) on conflict do nothing", [entry.code]);
  await query(
    `insert into hub.certificate (agency, sha256, der)
     select $1, decode(c.sha256, 'hex'), decode(c.der, 'base64')
     from jsonb_to_recordset($2) as c (sha256 text, der text)
     on conflict (agency, sha256) do update set removed_at = null`,
    [entry.code, JSON.stringify(certificates)],
  );
  await query(
    `update hub.certificate set removed_at = clock_timestamp()
     where agency = $1 and removed_at is null and encode(sha256, 'hex') not in (select jsonb_array_elements_text($2))`,
    [entry.code, JSON.stringify(certificates.map(({ sha256 }) => sha256))],
  );
  return version;
}

/** The agencies changed after `since`, oldest change first, at most 1,000; `version` is where to go on. */
export async function directoryChanges(query: Query, since: number): Promise<DirectoryChanges> {
  const rows = await query(
    `select a.*, (select coalesce(jsonb_agg(translate(encode(c.der, 'base64'), E'\\n', '') order by c.sha256), '[]')
       from hub.certificate c where c.agency = a.code and c.removed_at is null) as certificates
     from hub.agency a where a.version > $1 order by a.version limit $2`,
    [since, pageSize],
  );
  return { version: Number(rows.at(-1)?.["version"] ?? since), agencies: rows.map(agency) };
}

/** The certificates, DER, by which an agency that is valid now may sign now; empty if there is no such agency. */
export async function certificatesOf(query: Query, code: string): Promise<Buffer[]> {
  const rows = await query(
    `select c.der from hub.certificate c join hub.agency a on a.code = c.agency
     where a.code = $1 and c.removed_at is null and ${validNow}`,
    [code],
  );
  return rows.map((row) => row["der"] as Buffer);
}

/** Those of the codes that no valid agency has. */
export async function unknownAgencies(query: Query, codes: readonly string[]): Promise<string[]> {
  const rows: Row[] = await query(
    `select w.code from jsonb_array_elements_text($1) as w (code) where not exists (
       select from hub.agency a where a.code = w.code and ${validNow})`,
    [JSON.stringify(codes)],
  );
  return rows.map((row) => row["code"] as string);
}

function certificateRow(der: Buffer): { sha256: string; der: string } {
  try {
    new X509Certificate(der);
  } catch {
    throw malformed("certificates", "holds something that is no certificate");
  }
  return { sha256: createHash("sha256").update(der).digest("hex"), der: der.toString("base64") };
}
