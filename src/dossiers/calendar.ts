import { type SpecialDay, usualSessions, type WorkingTime } from "../calendar/hours.ts";
import type { Context } from "../context.ts";

/** When the province's offices work, with the names of the days that differ. */
export async function workingTime(ctx: Context): Promise<WorkingTime> {
  const rows = await ctx.read<SpecialDay & { day: string }>(
    `select on_date as day, is_working as "isWorking", name from holiday`,
  );
  return { sessions: usualSessions, specialDays: new Map(rows.map(({ day, ...special }) => [day, special])) };
}
