import type { Middleware } from "koa";

const always = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** What every answer tells browsers not to do; a route may set its own value afterwards. */
export function securityHeaders(publicUrl: string): Middleware {
  const headers: Record<string, string> = {
    ...always,
    ...(publicUrl.startsWith("https:") && { "strict-transport-security": "max-age=31536000; includeSubDomains" }),
  };
  return async (koa, next) => {
    koa.set(headers);
    await next();
  };
}
