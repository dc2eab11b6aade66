import type { EntityManager } from "@mikro-orm/postgresql";
import { type Done, once } from "../auth/once.ts";
import { type Context, requireViewer } from "../context.ts";

/**
 * As `once`, for acts whose slow part (rendering, signing, storing) must stay outside the transaction: `prepare` runs
 * before it, unless the act has been done under this key already; `work` must check again, under the row's lock, what
 * `prepare` saw.
 */
export async function preparedOnce<P>(
  ctx: Context,
  act: string,
  input: { readonly idempotencyKey: string },
  prepare: () => Promise<P>,
  work: (em: EntityManager, id: string, prepared: P) => Promise<void>,
): Promise<Done> {
  const viewer = requireViewer(ctx);
  const isDone = async () =>
    (await ctx.readOne("select 1 from idempotency where agency_id = $1 and person_id = $2 and key = $3", [
      viewer.agencyId,
      viewer.personId,
      input.idempotencyKey.slice(0, 201),
    ])) !== undefined;
  const replay = () => once(ctx, act, input, () => Promise.reject(new Error("the act was done already")));
  if (await isDone()) return replay();
  let prepared: P;
  try {
    prepared = await prepare();
  } catch (error) {
    // The same request, sent twice at once, may have been done while this one prepared.
    if (await isDone()) return replay();
    throw error;
  }
  return once(ctx, act, input, (em, id) => work(em, id, prepared));
}
