import type { Context } from "../context.ts";
import { notFound, unauthenticated } from "../errors.ts";
import { parseGlobalId } from "../graphql/ids.ts";
import { contentDisposition } from "../http/content-disposition.ts";
import type { Request, Route } from "../http/request.ts";
import { arrivalEdxml, type EdxmlFile, outgoingEdxml } from "./edxml.ts";

/** `GET /exchange/arrivals/<global id>.edxml` and `GET /exchange/outgoing/<global id>.edxml`, for who may read the object itself. */
export const exchangeRoutes: readonly Route[] = [
  { method: "get", path: "/exchange/arrivals/:id", answer: edxmlRoute("Arrival", arrivalEdxml) },
  { method: "get", path: "/exchange/outgoing/:id", answer: edxmlRoute("OutgoingDocument", outgoingEdxml) },
];

function edxmlRoute(type: string, read: (ctx: Context, id: string) => Promise<EdxmlFile | null>) {
  return async (koa: Request): Promise<void> => {
    const ctx = koa.state.context!;
    if (!ctx.viewer) throw unauthenticated();
    const [, globalId] = /\/([\w-]{1,120})\.edxml$/.exec(koa.path) ?? [];
    const parsed = globalId ? parseGlobalId(globalId) : null;
    const file = parsed?.type === type ? await read(ctx, parsed.id) : null;
    if (!file) throw notFound(type);
    koa.set({
      "cache-control": "private, no-store",
      "content-disposition": contentDisposition("attachment", file.name),
    });
    koa.type = "application/xml; charset=utf-8";
    koa.body = file.xml;
  };
}
