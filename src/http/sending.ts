import { pipeline } from "node:stream/promises";
import type { ByteRange } from "../../storage/index.ts";
import type { Services } from "../services.ts";
import { contentDisposition } from "./content-disposition.ts";
import { Refusal } from "./failures.ts";
import { namesTag, partOf } from "./ranges.ts";
import type { Request } from "./request.ts";

/** What browsers show without running anything; all else is saved. */
const shownInline: ReadonlySet<string> = new Set(["application/pdf", "image/png", "image/jpeg"]);

/** Bytes in the store and how to present them. */
export interface Sendable {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** Answers with stored bytes, all or the part that is asked for (RFC 9110 §13–15). The caller has checked who may. */
export async function send(koa: Request, services: Services, file: Sendable): Promise<void> {
  const { name, mediaType, size, sha256 } = file;
  const tag = `"${sha256}"`;
  koa.set({
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-disposition": contentDisposition(shownInline.has(mediaType) ? "inline" : "attachment", name),
    // A document from outside runs nothing and reaches nothing, wherever it is shown.
    "content-security-policy": "default-src 'none'; frame-ancestors 'self'; sandbox",
    "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
    etag: tag,
  });
  if (namesTag(koa.get("if-none-match"), tag)) {
    koa.status = 304;
    return;
  }
  const ifRange = koa.get("if-range");
  const isRanged = koa.method === "GET" && (ifRange === "" || ifRange === tag);
  const part = isRanged ? partOf(koa.get("range"), size) : "whole";
  if (part === "unsatisfiable")
    throw new Refusal(416, "RANGE_NOT_SATISFIABLE", "Không có khoảng dữ liệu này.", "There is no such range.", {
      "content-range": `bytes */${size}`,
    });
  const range: ByteRange | undefined = part === "whole" ? undefined : part;
  if (range) koa.set("content-range", `bytes ${range.start}-${range.end - 1}/${size}`);
  koa.set({ "content-type": mediaType, "content-length": String(range ? range.end - range.start : size) });
  const status = range ? 206 : 200;
  if (koa.method === "HEAD") {
    koa.status = status;
    return;
  }
  const bytes = await services.store.get(sha256, range);
  koa.respond = false;
  koa.res.writeHead(status);
  await pipeline(bytes, lastOneHeld, koa.res).catch((error: unknown) => {
    if (!koa.state.gone?.aborted) throw error;
  });
}

/**
 * Gives the last chunk only once the store has reported the end, and so that the digest was right: with a
 * Content-Length the client would otherwise have the whole of a damaged file before we know.
 */
async function* lastOneHeld(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer | undefined;
  for await (const chunk of source) {
    if (held) yield held;
    held = chunk;
  }
  if (held) yield held;
}
