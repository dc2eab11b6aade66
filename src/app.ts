import Router from "@koa/router";
import type { GraphQLSchema } from "graphql";
import Koa, { type Middleware } from "koa";
import { demoAuthorityRoutes } from "./demo/authority-http.ts";
import { demoPassword } from "./demo/province.ts";
import { notFound } from "./errors.ts";
import { graphqlEndpoint } from "./graphql/endpoint.ts";
import { errorOf } from "./graphql/errors.ts";
import { schema as ownSchema } from "./graphql/schema.ts";
import { demoPeople } from "./demo/people.ts";
import { download } from "./files/downloads.ts";
import { methodNotAllowed } from "./http/failures.ts";
import { alive, ready } from "./http/health.ts";
import { maskFailures } from "./http/mask.ts";
import { metrics } from "./http/metrics.ts";
import { logRequests, type RequestState } from "./http/request.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { stoppingOf } from "./http/serve.ts";
import { identify } from "./auth/session.ts";
import { startPage, startPagePolicy } from "./http/start-page.ts";
import { upload } from "./files/uploads.ts";
import { exchangeRoutes } from "./exchange/http.ts";
import { registerRoutes } from "./outgoing/http.ts";
import { signingRoutes } from "./signing/http.ts";
import { reportRoutes } from "./verification/report-http.ts";
import { verificationRoutes } from "./verification/http.ts";
import type { Services } from "./services.ts";

type Step = Middleware<RequestState>;

/** The HTTP side of the server; opens no port (see http/serve.ts). */
export function buildApp(services: Services, schema: GraphQLSchema = ownSchema): Koa<RequestState> {
  const { config, log } = services;
  const app = new Koa<RequestState>();
  // What gets past the mask is a connection that broke; Koa by itself would write it to stderr.
  app.on("error", (error: unknown) => log.debug({ err: error }, "a connection failed"));
  const stopping = stoppingOf(app);
  const figures = metrics(services);
  const identified = identify(services);
  const endpoint = graphqlEndpoint(services, schema, { stopping, counted: figures.operationCounted });

  const router = new Router<RequestState>();
  const graphqlMask = maskFailures((failure) => ({ errors: [errorOf(failure)] }));
  router.all("/graphql", named("/graphql"), graphqlMask, identified, endpoint);
  router.post("/files", named("/files"), identified, upload(services));
  router.get("/files/:id", named("/files/:id"), identified, download(services));
  for (const { method, path, answer } of [...registerRoutes, ...exchangeRoutes, ...reportRoutes])
    router[method](path, named(path), identified, answer);
  const forAnybody = [
    ...signingRoutes(services),
    ...verificationRoutes(services),
    ...(config.demo ? demoAuthorityRoutes(services) : []),
  ];
  for (const { method, path, answer } of forAnybody) router[method](path, named(path), answer);
  router.get("/healthz", named("/healthz"), alive);
  router.get("/readyz", named("/readyz"), ready(services, stopping));
  router.get("/metrics", named("/metrics"), figures.route);
  router.get("/", named("/"), async (koa) => {
    const people = config.demo ? await demoPeople(services) : null;
    koa.set({ "content-security-policy": startPagePolicy, "cache-control": "no-cache" });
    koa.type = "text/html; charset=utf-8";
    koa.body = startPage(people && { people, password: demoPassword, url: config.publicUrl });
  });

  app.use(logRequests(config, log, figures.requestEnded));
  app.use(securityHeaders(config.publicUrl));
  app.use(maskFailures(({ code, vi, en, details }) => ({ error: { code, vi, en, details } })));
  app.use(router.routes());
  app.use(async (koa) => {
    const methods = router.match(koa.path, koa.method).path.flatMap((layer) => layer.methods);
    if (methods.length === 0) throw notFound("path");
    throw methodNotAllowed([...new Set(methods)].join(", "));
  });
  return app;
}

/** Notes the route's pattern for the metrics. */
function named(route: string): Step {
  return (koa, next) => {
    koa.state.route = route;
    return next();
  };
}
