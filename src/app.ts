import Router from "@koa/router";
import type { GraphQLSchema } from "graphql";
import Koa, { type Middleware } from "koa";
import { demoPassword } from "./demo/province.ts";
import { graphqlEndpoint } from "./graphql/endpoint.ts";
import { errorOf } from "./graphql/errors.ts";
import { schema as ownSchema } from "./graphql/schema.ts";
import { demoPeople } from "./http/demo-people.ts";
import { download } from "./http/downloads.ts";
import { maskFailures, Refusal } from "./http/failures.ts";
import { alive, ready } from "./http/health.ts";
import { metrics } from "./http/metrics.ts";
import { logRequests, type RequestState } from "./http/request.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { stoppingOf } from "./http/serve.ts";
import { identify } from "./http/session.ts";
import { startPage, startPagePolicy } from "./http/start-page.ts";
import { upload } from "./http/uploads.ts";
import { notFound } from "./errors.ts";
import type { Services } from "./services.ts";

/** The HTTP side of the server; opens no port (see http/serve.ts). */
export function buildApp(services: Services, schema: GraphQLSchema = ownSchema): Koa<RequestState> {
  const { config, log } = services;
  const app = new Koa<RequestState>();
  // Whatever gets past the mask is a connection that broke; Koa itself would write it to stderr.
  app.on("error", (error: unknown) => log.debug({ err: error }, "a connection failed"));
  const stopping = stoppingOf(app);
  const figures = metrics(services);
  const identified = identify(services);

  const router = new Router<RequestState>();
  const at = (path: string, methods: readonly ("get" | "head" | "post")[], ...steps: Middleware<RequestState>[]) => {
    const named: Middleware<RequestState> = (koa, next) => {
      koa.state.route = path;
      return next();
    };
    router.register(path, [...methods], [named, ...steps] as never);
  };
  router.all("/graphql", ...([
    async (koa, next) => {
      koa.state.route = "/graphql";
      await next();
    },
    maskFailures((failure) => ({ errors: [errorOf(failure)] })),
    identified,
    graphqlEndpoint(services, schema, { stopping, counted: figures.operationCounted }),
  ] satisfies Middleware<RequestState>[] as never[]));
  at("/files", ["post"], identified, upload(services));
  at("/files/:id", ["get", "head"], identified, download(services));
  at("/healthz", ["get", "head"], alive);
  at("/readyz", ["get", "head"], ready(services, stopping));
  at("/metrics", ["get"], figures.route);
  at("/", ["get", "head"], async (koa) => {
    const demo = config.demo && { people: await demoPeople(services), password: demoPassword, url: config.publicUrl };
    koa.set({ "content-security-policy": startPagePolicy, "cache-control": "no-cache" });
    koa.type = "text/html; charset=utf-8";
    koa.body = startPage(demo || null);
  });

  app.use(logRequests(config, log, figures.requestEnded));
  app.use(securityHeaders(config.publicUrl));
  app.use(maskFailures(({ code, vi, en, details }) => ({ error: { code, vi, en, details } })));
  app.use(router.routes() as never);
  app.use(async (koa) => {
    const allowed = (koa as { matched?: { methods: string[] }[] }).matched?.flatMap(({ methods }) => methods) ?? [];
    if (allowed.length === 0) throw notFound("path");
    throw new Refusal(405, "METHOD_NOT_ALLOWED", "Phương thức không được dùng ở đây.", "This method is not for this path.", {
      allow: [...new Set(allowed)].join(", "),
    });
  });
  return app;
}
