import type { Middleware } from "koa";
import { viewerOf } from "./viewer.ts";
import { Context, type Viewer } from "../context.ts";
import { forbidden, unauthenticated } from "../errors.ts";
import type { Services } from "../services.ts";
import { Refusal } from "../http/failures.ts";
import type { RequestState } from "../http/request.ts";

const cookieName = "congvan_session";

/** Value of a cookie in a Cookie header (RFC 6265 §4.2.1), or undefined. */
function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const [key, value] = pair.split("=", 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}

/**
 * The session cookie; a null token takes it away. No script reads it, and other sites send it with plain links alone.
 */
export function sessionCookie(token: string | null, expiresAt: Date | null, isSecure: boolean): string {
  const expires = token && expiresAt ? expiresAt : new Date(0);
  return [
    `${cookieName}=${token ?? ""}`,
    "Path=/",
    `Expires=${expires.toUTCString()}`,
    "HttpOnly",
    "SameSite=Lax",
    ...(isSecure ? ["Secure"] : []),
  ].join("; ");
}

/**
 * Finds out who asks, by session cookie or personal token, and makes the request's Context. UNAUTHENTICATED for a token
 * that is none; a cookie that has run out is nobody's.
 */
export function identify(services: Services): Middleware<RequestState> {
  const isSecure = services.config.publicUrl.startsWith("https:");
  return async (koa, next) => {
    const authorization = koa.get("authorization");
    const bearer = /^Bearer (cv_[\w-]{20,190})$/i.exec(authorization)?.[1];
    if (authorization && !bearer) throw unauthenticated();
    const cookie = cookieOf(koa.get("cookie"), cookieName);
    // A personal token in a cookie would be a session that outlives signing out.
    const token = bearer ?? (cookie?.startsWith("cv_") ? undefined : cookie);
    const viewer = token ? await viewerOf(services, token) : null;
    if (bearer && !viewer) throw unauthenticated();
    // Files and registers are read by plain GET, which no operation's admission guards.
    if (viewer?.scopes && koa.method !== "POST" && !viewer.scopes.has("READ") && !viewer.scopes.has("WRITE"))
      throw forbidden("scope READ");
    if (!bearer) refuseForgery(koa.method, koa.get("x-congvan-csrf"), koa.get("sec-fetch-site"));

    const gone = new AbortController();
    koa.res.once("close", () => gone.abort("gone"));
    const contextFor = (who: Viewer | null) => {
      const made = new Context(services, who, koa.state.origin);
      made.signal = gone.signal;
      return made;
    };
    const context = contextFor(viewer);
    context.setSession = (given, expiresAt) => koa.append("set-cookie", sessionCookie(given, expiresAt, isSecure));
    koa.state.context = context;
    koa.state.gone = gone.signal;
    koa.state.renew = context.renew = async () => {
      if (!viewer || !token) return contextFor(null);
      const still = await viewerOf(services, token);
      return still && contextFor(still);
    };
    koa.set("cache-control", "no-store");
    koa.vary("Authorization, Cookie");
    await next();
  };
}

/** Browsers let no other site set a header of its own making, so its presence shows that a page of ours is asking. */
function refuseForgery(method: string, header: string, site: string): void {
  if (method === "GET" || method === "HEAD") return;
  if (!header || site === "cross-site")
    throw new Refusal(
      403,
      "CSRF",
      "Yêu cầu phải có tiêu đề x-congvan-csrf và không đến từ trang khác.",
      "The request must have the header x-congvan-csrf and must not come from another site.",
    );
}
