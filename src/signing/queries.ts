import { type Context, requireViewer } from "../context.ts";
import { notFound } from "../errors.ts";
import type { SigningState } from "../graphql/types.ts";
import { columns, Conditions } from "../sql.ts";
import { SigningSession } from "./entities.ts";

/** States in which a session can still become a signature. */
export const openStates: readonly SigningState[] = ["PREPARED", "WAITING_USER", "SIGNED_RAW"];

/** Sessions by a condition on `signing_session s`, in the order of their making; of the agency, whoever's they are. */
export function sessionsWhere(ctx: Context, condition: string, ...parameters: unknown[]): Promise<SigningSession[]> {
  const where = new Conditions().add(condition, ...parameters);
  const list = columns(ctx.services.orm, SigningSession, "s").list;
  return ctx.read(`select ${list} from signing_session s where ${where.sql} order by s.id limit 500`, where.parameters);
}

/** A session of the viewer's own office; nobody else is to see it. */
export async function readSigningSession(ctx: Context, id: string): Promise<SigningSession | undefined> {
  if (!ctx.viewer) return undefined;
  return (await sessionsWhere(ctx, "s.id = ? and s.appointment_id = ?", id, ctx.viewer.appointmentId))[0];
}

/** The viewer's sessions with these ids, all of them; NOT_FOUND otherwise. */
export async function ownSessions(ctx: Context, ids: readonly string[]): Promise<SigningSession[]> {
  const mine = "s.id = any(?::uuid[]) and s.appointment_id = ?";
  const sessions = await sessionsWhere(ctx, mine, ids, requireViewer(ctx).appointmentId);
  if (ids.length === 0 || sessions.length !== new Set(ids).size) throw notFound("SigningSession");
  return sessions;
}

export const sessionsOfBatch = (ctx: Context, batchId: string): Promise<SigningSession[]> =>
  sessionsWhere(ctx, "s.batch_id = ?", batchId);
