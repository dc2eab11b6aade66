import type { Middleware } from "koa";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { notFound } from "../errors.ts";
import type { Counted } from "../graphql/endpoint.ts";
import type { Services } from "../services.ts";
import type { Request, RequestState } from "./request.ts";

/** The process's own figures and those of its requests. */
export interface Metrics {
  readonly requestEnded: (koa: Request, seconds: number) => void;
  readonly operationCounted: Counted;
  /** `/metrics` in the text form of Prometheus, for the machine itself only. */
  readonly route: Middleware<RequestState>;
}

/** Makes the figures of one app; each has a registry of its own. */
export function metrics({ pool }: Services): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "congvan_http_request_seconds",
    help: "Time from a request's head to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  });
  const operations = new Counter({
    name: "congvan_graphql_operations_total",
    help: "GraphQL operations by type and outcome",
    labelNames: ["type", "outcome"],
    registers,
  });
  new Gauge({
    name: "congvan_database_connections",
    help: "Connections of the pool by state, and those who wait for one",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "idle" }, pool.idleCount);
      this.set({ state: "busy" }, pool.totalCount - pool.idleCount);
      this.set({ state: "waited for" }, pool.waitingCount);
    },
  });
  const methods = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]);
  return {
    requestEnded: (koa, seconds) => {
      // Labels come from short lists: what a client makes up must not make new series.
      const method = methods.has(koa.method) ? koa.method : "other";
      requests.observe({ method, route: koa.state.route, status: koa.res.statusCode }, seconds);
    },
    operationCounted: (type, outcome) => operations.inc({ type, outcome }),
    route: async (koa) => {
      const peer = koa.req.socket.remoteAddress ?? "";
      // A proxy on this machine is loopback too, but it says for whom it asks.
      const isOwn = /^(127\.|::1$|::ffff:127\.)/.test(peer) && !koa.get("x-forwarded-for") && !koa.get("forwarded");
      if (!isOwn) throw notFound("metrics");
      koa.body = await registry.metrics();
      koa.type = registry.contentType;
    },
  };
}
