import { randomUUID } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Middleware, ParameterizedContext } from "koa";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Context } from "../context.ts";

/** What is known of a request beside its bytes. */
export interface RequestState {
  requestId: string;
  log: Logger;
  /** The client's address. */
  origin: string;
  /** The route's pattern, for metrics: paths themselves are without number. */
  route: string;
  /** These once it is known who asks (see session.ts); `gone` ends when the client goes away. */
  context?: Context;
  renew?: () => Promise<Context | null>;
  gone?: AbortSignal;
}

export type Request = ParameterizedContext<RequestState>;

/** A path that a module answers; `app.ts` mounts it, for who is identified or for anybody. */
export interface Route {
  readonly method: "get" | "post";
  readonly path: string;
  readonly answer: (koa: Request) => Promise<void>;
}

/** The client's address: the last hop, noted by our own proxy where there is one; those before it may be made up. */
export function originOf(config: Config, peer: string | undefined, forwarded: string | undefined): string {
  const last = config.behindProxy ? forwarded?.split(",").at(-1)?.trim() : undefined;
  const address = last && /^[0-9A-Fa-f.:]{2,45}$/.test(last) ? last : (peer ?? "unknown");
  const v4 = address.startsWith("::ffff:") ? address.slice(7) : address;
  return isIPv4(v4) ? v4 : address;
}

/** Numbers the request and logs its end: no bodies, query strings or headers, since any of them may hold a secret. */
export function logRequests(
  config: Config,
  log: Logger,
  ended: (koa: Request, seconds: number) => void,
): Middleware<RequestState> {
  return async (koa, next) => {
    const began = performance.now();
    const requestId = randomUUID();
    const origin = originOf(config, koa.req.socket.remoteAddress, koa.get("x-forwarded-for"));
    Object.assign(koa.state, { requestId, origin, log: log.child({ requestId }), route: "none" });
    koa.set("x-request-id", requestId);
    koa.res.once("close", () => {
      const milliseconds = performance.now() - began;
      ended(koa, milliseconds / 1_000);
      koa.state.log.info(
        {
          method: koa.method,
          path: koa.path.slice(0, 200),
          status: koa.res.statusCode,
          ms: Math.round(milliseconds * 10) / 10,
          origin,
          appointmentId: koa.state.context?.viewer?.appointmentId,
          ...(!koa.res.writableFinished && { cutOff: true }),
        },
        "request",
      );
    });
    await next();
  };
}
