import type { PoolClient } from "pg";
import type { TokenScope } from "../graphql/types.ts";
import type { Viewer } from "../context.ts";
import type { Services } from "../services.ts";
import { dayOf } from "../calendar/rules.ts";

/** How long a viewer is kept in memory: a right that is withdrawn ends everywhere within this time. */
const keptMilliseconds = 2_000;
const keptViewers = 20_000;
const kept = new WeakMap<Services, Map<string, { until: number; viewer: Viewer | null }>>();

interface Found {
  agencyId: string;
  personId: string;
  appointmentId: string;
  scopes: TokenScope[] | null;
  positionId: string;
  unitId: string | null;
  rank: Viewer["rank"];
  permissions: string[];
}

/** Who a session's or personal token's secret stands for; null for nobody, or no longer anybody. */
export async function viewerOf(services: Services, token: string): Promise<Viewer | null> {
  if (token.length < 20 || token.length > 200) return null;
  let cache = kept.get(services);
  if (!cache) kept.set(services, (cache = new Map()));
  const tokenHash = services.keys.tokenHash(token);
  const key = tokenHash.toString("hex");
  const known = cache.get(key);
  // Not by the wall clock: set back, it would keep a withdrawn right alive.
  if (known && known.until > performance.now()) return known.viewer;
  const viewer = await find(services, tokenHash);
  cache.delete(key);
  cache.set(key, { until: performance.now() + keptMilliseconds, viewer });
  if (cache.size > keptViewers) cache.delete(cache.keys().next().value!);
  return viewer;
}

/** Forgets a viewer at once on this process, as after signing out. */
export function forgetViewer(services: Services, tokenHash: Buffer): void {
  kept.get(services)?.delete(tokenHash.toString("hex"));
}

async function find(services: Services, tokenHash: Buffer): Promise<Viewer | null> {
  const now = services.now();
  const client = await services.pool.connect();
  let failed = true;
  try {
    // The row is visible by its token alone; see the policies of `session` and `api_token`.
    await client.query(`begin; select set_config('app.token', '${tokenHash.toString("hex")}', true)`);
    const { rows } = await client.query<Found>({
      name: "viewer",
      text: `with credential as (
          select agency_id, person_id, appointment_id, null::text[] as scopes from session where token_hash = $1 and expires_at > $2
          union all
          select agency_id, person_id, appointment_id, scopes from api_token
          where token_hash = $1 and expires_at > $2 and revoked_at is null)
        select c.agency_id as "agencyId", c.person_id as "personId", c.appointment_id as "appointmentId", c.scopes,
          p.id as "positionId", p.unit_id as "unitId", p.rank, p.permissions
        from credential c join appointment a on a.id = c.appointment_id join position p on p.id = a.position_id
        where a.valid_from <= $3 and (a.valid_to is null or a.valid_to >= $3)`,
      values: [tokenHash, now, dayOf(now)],
    });
    const found = rows[0] && (await isEnabled(client, rows[0].personId)) ? rows[0] : undefined;
    if (found?.scopes)
      await client.query("update api_token set last_used_at = $2 where token_hash = $1", [tokenHash, now]);
    await client.query("commit");
    failed = false;
    if (!found) return null;
    return {
      ...found,
      permissions: new Set(found.permissions),
      scopes: found.scopes ? new Set(found.scopes) : null,
      tokenHash,
    };
  } finally {
    client.release(failed);
  }
}

/** Whether the person may still sign in: what an account opened ends when it is locked (khóa tài khoản). */
async function isEnabled(client: PoolClient, personId: string): Promise<boolean> {
  await client.query("select set_config('app.person_id', $1, true)", [personId]);
  const enabled = "select from account where person_id = $1 and disabled_at is null";
  const { rowCount } = await client.query(enabled, [personId]);
  return rowCount === 1;
}

/**
 * Somebody with the rights of this moment, without a session: for what a person has begun and the server ends later. Null
 * where the office is no longer held or the account is locked.
 */
export async function viewerOfOffice(services: Services, appointmentId: string): Promise<Viewer | null> {
  const client = await services.pool.connect();
  let failed = true;
  try {
    await client.query("begin read only");
    const { rows } = await client.query<Omit<Found, "scopes">>(
      `select a.agency_id as "agencyId", a.person_id as "personId", a.id as "appointmentId", p.id as "positionId",
         p.unit_id as "unitId", p.rank, p.permissions
       from appointment a join position p on p.id = a.position_id
       where a.id = $1 and a.valid_from <= $2 and (a.valid_to is null or a.valid_to >= $2)`,
      [appointmentId, dayOf(services.now())],
    );
    const found = rows[0] && (await isEnabled(client, rows[0].personId)) ? rows[0] : null;
    await client.query("commit");
    failed = false;
    return found && { ...found, permissions: new Set(found.permissions), scopes: null, tokenHash: Buffer.alloc(0) };
  } finally {
    client.release(failed);
  }
}
