import { type Agency as AxisAgency, canonicalJson } from "../../axis/index.ts";
import { startOf } from "../calendar/rules.ts";
import { Context } from "../context.ts";
import type { Services } from "../services.ts";
import { isOperated } from "./hub.ts";
import { answered } from "./patience.ts";

interface Hosted {
  readonly code: string;
  readonly code102: string | null;
  readonly name: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/**
 * Enters the agencies that this server hosts in the directory of its own hub, and takes over what changed in the hub's
 * directory. Nothing is written where nothing changed.
 */
export async function syncDirectory(services: Services): Promise<void> {
  await refreshDirectory(services);
  const ctx = new Context(services, null, "worker");
  if (!isOperated(services.hub)) return;
  const hosted = await ctx.read<Hosted>(
    `select code, code102, name, valid_from as "validFrom", valid_to as "validTo" from agency where code = any($1) order by code`,
    [services.transmission.codes()],
  );
  const known = await ctx.read<AxisAgency>(
    `select code, code102, name, certificates, valid_from as "validFrom", valid_to as "validTo" from axis_agency where code = any($1)`,
    [hosted.map(({ code }) => code)],
  );
  const before = new Map(known.map((agency) => [agency.code, comparable(agency)]));
  for (const { code, code102, name, validFrom, validTo } of hosted) {
    const [certificate] = services.transmission.for(code)?.certificateChain ?? [];
    if (!certificate) continue;
    const validity = { validFrom: startOf(validFrom), validTo: validTo ? startOf(validTo) : null };
    const entry = { code, code102, name, certificates: [certificate], ...validity };
    if (before.get(code) !== comparable(entry)) await answered(services.hub.registerAgency(entry));
  }
  await refreshDirectory(services);
}

const comparable = ({ code102, name, certificates, validFrom, validTo }: Omit<AxisAgency, "code">): string =>
  canonicalJson([
    code102,
    name,
    certificates.map((der) => der.toString("base64")).toSorted(),
    +validFrom,
    validTo && +validTo,
  ]);

/** Brings this server's copy of the hub's directory up to date. */
export async function refreshDirectory({ hub, pool }: Services): Promise<void> {
  const { rows } = await pool.query<{ version: string }>(
    "select coalesce(max(version), 0) as version from axis_agency",
  );
  let version = Number(rows[0]!.version);
  // Each page moves the version on; an empty one is the end.
  for (;;) {
    const changes = await answered(hub.directory(version));
    if (changes.agencies.length === 0 || changes.version <= version) return;
    for (const { code, code102, name, certificates, validFrom, validTo } of changes.agencies)
      await pool.query(
        `insert into axis_agency (code, code102, name, certificates, valid_from, valid_to, version) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (code) do update set code102 = excluded.code102, name = excluded.name, certificates = excluded.certificates,
           valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = excluded.version
         where axis_agency.version <= excluded.version`,
        [code, code102, name, certificates, validFrom, validTo, changes.version],
      );
    version = changes.version;
  }
}

/** The certificates, DER, by which an agency may sign on the axis; empty for one that the directory does not hold. */
export async function certificatesOf(ctx: Context, code: string): Promise<Buffer[]> {
  const row = await ctx.readOne<{ certificates: Buffer[] }>(
    "select certificates from axis_agency where code = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
    [code, ctx.now()],
  );
  return row?.certificates ?? [];
}
