import type { EntityManager } from "@mikro-orm/postgresql";
import { type Act, record } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import { type Dossier, DossierEvent } from "./entities.ts";

type Parties = Pick<Dossier, "id" | "agencyId" | "receivedByAgencyId">;

/**
 * Notes an act on a dossier: a sentence that both agencies read, the acting agency's audit, and word to the other
 * agency's subscribers. In the caller's transaction.
 */
export async function recordOn(
  ctx: Context,
  em: EntityManager,
  dossier: Parties,
  text: string,
  { act, data }: Pick<Act, "act" | "data">,
): Promise<void> {
  const at = ctx.now();
  em.create(DossierEvent, {
    id: newId(at.getTime()),
    dossierId: dossier.id,
    at,
    text,
    byId: ctx.viewer?.appointmentId ?? null,
  });
  await record(ctx, em, { act, objectType: "Dossier", objectId: dossier.id, data });
  for (const agencyId of new Set([dossier.agencyId, dossier.receivedByAgencyId]))
    if (agencyId !== ctx.agencyId)
      ctx.notice({ agencyId, objectType: "Dossier", objectId: dossier.id, act, at: at.toISOString() });
}

/** A sentence with what somebody added to it. */
export const withNote = (sentence: string, note: string | null): string =>
  note ? `${sentence} Ghi chú: ${note}` : sentence;
