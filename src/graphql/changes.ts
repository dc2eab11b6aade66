import { Context, type Notice, requireViewer } from "../context.ts";
import { toGlobalId } from "./ids.ts";

/** Acts in the viewer's agency on what the viewer may see, as they happen (thay đổi). */
async function* visibleChanges(ctx: Context): AsyncGenerator<{ changes: Notice }> {
  const { agencyId } = requireViewer(ctx);
  const { services, viewer, origin } = ctx;
  for await (const notice of services.changes.subscribe(agencyId, ctx.signal ?? undefined)) {
    // A context of its own: what this one has loaded, and what its viewer was allowed, would be out of date.
    const now = ctx.renew ? await ctx.renew() : new Context(services, viewer, origin);
    // Who is signed out meanwhile is told so, by whoever answers with this event.
    if (!now || (await services.readNode(now, notice.objectType, notice.objectId))) yield { changes: notice };
  }
}

export const changes = {
  Subscription: { changes: { subscribe: (_: unknown, _args: unknown, ctx: Context) => visibleChanges(ctx) } },
  Change: { objectId: ({ objectType, objectId }: Notice) => toGlobalId(objectType, objectId) },
};
