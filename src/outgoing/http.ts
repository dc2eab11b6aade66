import { notFound, unauthenticated } from "../errors.ts";
import { parseGlobalId } from "../graphql/ids.ts";
import { contentDisposition } from "../http/content-disposition.ts";
import { Gate } from "../http/gate.ts";
import type { Request, Route } from "../http/request.ts";
import { printBook } from "./book.ts";

/** `GET /registers/<global id>.pdf[?volume=n]`: a printed register, for who keeps it or reads all that stands in it. */
export const registerRoutes: readonly Route[] = [{ method: "get", path: "/registers/:id", answer: printedRegister }];

// A full volume takes seconds of one core: few are printed at a time, one for each office.
const gate = new Gate(2, 1);

async function printedRegister(koa: Request): Promise<void> {
  const ctx = koa.state.context!;
  const { viewer } = ctx;
  if (!viewer) throw unauthenticated();
  const [, globalId] = /\/([\w-]{1,120})\.pdf$/.exec(koa.path) ?? [];
  const parsed = globalId ? parseGlobalId(globalId) : null;
  const volume = volumeOf(koa.query["volume"]);
  if (parsed?.type !== "DocumentRegister" || volume === null) throw notFound("DocumentRegister");
  const leave = gate.enter(viewer.appointmentId);
  try {
    const book = await printBook(ctx, viewer, parsed.id, volume);
    if (!book) throw notFound("DocumentRegister");
    koa.set({ "cache-control": "private, no-store", "content-disposition": contentDisposition("inline", book.name) });
    koa.type = "application/pdf";
    koa.body = book.pdf;
  } finally {
    leave();
  }
}

/** The volume asked for, the first one when none is; null where it is no number from 1 on. */
function volumeOf(value: string | string[] | undefined): number | null {
  if (value === undefined) return 1;
  return typeof value === "string" && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : null;
}
