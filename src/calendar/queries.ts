import type { Context } from "../context.ts";
import type { Exceptions } from "./rules.ts";

const cache = new WeakMap<object, { until: number; exceptions: Exceptions }>();

/** Holidays and worked weekend days, the same for all agencies; kept for a minute (ngày nghỉ lễ, làm bù). */
export async function exceptions(ctx: Context): Promise<Exceptions> {
  const kept = cache.get(ctx.services);
  const now = Date.now();
  if (kept && kept.until > now) return kept.exceptions;
  const rows = await ctx.read<{ day: string; is_working: boolean }>("select on_date as day, is_working from holiday");
  const found = new Map(rows.map((row) => [row.day, row.is_working]));
  cache.set(ctx.services, { until: now + 60_000, exceptions: found });
  return found;
}
