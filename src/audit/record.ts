import type { EntityManager } from "@mikro-orm/postgresql";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import { execute } from "../sql.ts";
import { canonicalJson } from "./canonical.ts";

/** An act on an object: verbs in the style of `incoming.register`. */
export interface Act {
  readonly act: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What later modules do when an act is done, in the same transaction: the one list is src/reactions.ts. */
export type Reactions = Readonly<
  Record<string, readonly ((ctx: Context, em: EntityManager, act: Act) => Promise<void>)[]>
>;

/** Appends an act to the agency's chain in the act's own transaction (ghi nhật ký), and lets later modules react. */
export async function record(ctx: Context, em: EntityManager, act: Act): Promise<void> {
  await em.flush();
  const at = ctx.now();
  await execute(em, "select audit_append(?, ?, ?, ?, ?, ?, ?, ?)", [
    newId(at.getTime()),
    at,
    act.act,
    ctx.viewer?.appointmentId ?? null,
    ctx.origin,
    act.objectType,
    act.objectId,
    canonicalJson(act.data),
  ]);
  ctx.notice({
    agencyId: ctx.agencyId!,
    objectType: act.objectType,
    objectId: act.objectId,
    act: act.act,
    at: at.toISOString(),
  });
  for (const reaction of ctx.services.reactions[act.act] ?? []) await reaction(ctx, em, act);
}
