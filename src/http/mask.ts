import type { IncomingMessage } from "node:http";
import type { Middleware } from "koa";
import { type Failure, failureOf } from "./failures.ts";
import type { Request, RequestState } from "./request.ts";

/** What a refused sender may still send before the line is cut, so that it gets to read the answer. */
const lingering = { bytes: 16 << 20, milliseconds: 1_500 };

/**
 * Turns whatever a route throws into an answer; `shape` is its JSON. Faults of ours are logged in full, and only there.
 */
export function maskFailures(shape: (failure: Failure) => object): Middleware<RequestState> {
  return async (koa, next) => {
    try {
      await next();
    } catch (error) {
      const failure = failureOf(error, koa.state.requestId);
      if (failure.code === "INTERNAL") koa.state.log.error({ err: error }, "a request failed");
      else if (failure.code === "UNAVAILABLE") koa.state.log.warn({ err: error }, "a request could not be served");
      if (koa.res.headersSent || koa.res.destroyed) {
        koa.res.destroy();
        koa.respond = false;
        return;
      }
      koa.remove("content-length");
      koa.set({ ...failure.headers, "cache-control": "no-store" });
      await answerEarly(koa, failure.status, shape(failure));
    }
  };
}

/**
 * Answers with JSON. If the body has not been read to its end the connection is closed, but not before the sender has
 * had a chance to read why: closing at once would reset the line and the answer would be lost (RFC 9112 §9.6).
 */
async function answerEarly(koa: Request, status: number, json: object): Promise<void> {
  const { "content-length": length, "transfer-encoding": encoding } = koa.req.headers;
  if (koa.req.complete || (encoding === undefined && Number(length ?? 0) === 0)) {
    koa.body = json;
    koa.status = status;
    return;
  }
  koa.respond = false;
  const text = JSON.stringify(json);
  koa.set({
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
  });
  koa.res.writeHead(status);
  koa.res.write(text);
  await discard(koa.req);
  koa.res.end();
  koa.req.socket.end();
}

async function discard(request: IncomingMessage): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const timer = setTimeout(enough.resolve, lingering.milliseconds);
  let rest = lingering.bytes;
  request.on("data", (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) enough.resolve();
  });
  for (const event of ["end", "close", "error"]) request.once(event, () => enough.resolve());
  request.resume();
  await enough.promise;
  clearTimeout(timer);
  request.pause();
}
