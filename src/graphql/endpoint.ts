import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ExecutionResult, GraphQLError, type GraphQLSchema, Kind, OperationTypeNode } from "graphql";
import type { Middleware } from "koa";
import type { Viewer } from "../context.ts";
import { AppError, forbidden } from "../errors.ts";
import { readJsonObject, refuseUnstorable } from "../http/body.ts";
import { methodNotAllowed, Refusal, unavailable } from "../http/failures.ts";
import { Gate } from "../http/gate.ts";
import type { Request, RequestState } from "../http/request.ts";
import type { Services } from "../services.ts";
import { BadQuery, Documents, type Operation } from "./documents.ts";
import { type Asker, formatted } from "./errors.ts";
import { executor } from "./jit.ts";
import { limits, type Variables } from "./limits.ts";
import { isSubscription, refusalAsEvents, shown, streamer } from "./streams.ts";

/** How many operations run and streams are open at a time, in all and for one office or address; and for how long. */
export interface EndpointLimits {
  readonly operations: number;
  readonly operationsOfOne: number;
  readonly streams: number;
  readonly streamsOfOne: number;
  readonly milliseconds: number;
}

const usual: EndpointLimits = {
  operations: 200,
  operationsOfOne: 50,
  streams: 2_000,
  streamsOfOne: 20,
  milliseconds: 15_000,
};

const types = ["application/json", "application/graphql-response+json", "text/event-stream"] as const;
type MediaType = (typeof types)[number];

interface Parameters {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** What the endpoint tells of each operation, for metrics. */
export type Counted = (type: OperationTypeNode | "none", outcome: "ok" | "errors" | "refused") => void;

/**
 * `/graphql` (GraphQL over HTTP, and over server-sent events for subscriptions). Both ways read, limit, validate and
 * mask by the same code. `stopping` ends the streams.
 */
export function graphqlEndpoint(
  services: Services,
  schema: GraphQLSchema,
  { stopping, counted, bounds = usual }: { stopping: AbortSignal; counted: Counted; bounds?: EndpointLimits },
): Middleware<RequestState> {
  const documents = new Documents(schema);
  const run = executor(schema);
  const stream = streamer(schema, run);
  const operations = new Gate(bounds.operations, bounds.operationsOfOne);
  const streams = new Gate(bounds.streams, bounds.streamsOfOne);

  return async (koa) => {
    if (koa.method !== "POST") throw methodNotAllowed("POST");
    const type = koa.accepts([...types]) as MediaType | false;
    if (!type)
      throw new Refusal(406, "NOT_ACCEPTABLE", "Không có dạng trả lời phù hợp.", "No accepted type can be given.");
    const parameters = parametersOf(await readJsonObject(koa, services.config.maxBodyBytes));
    const context = koa.state.context!;
    const { viewer } = context;
    const mayIntrospect = services.config.demo || viewer?.scopes?.has("INTROSPECT") === true;
    const asker: Asker = { requestId: koa.state.requestId, log: koa.state.log, mayIntrospect };

    let operation: Operation | undefined;
    try {
      operation = documents.operation(parameters.query, parameters.operationName, mayIntrospect);
      admit(operation, parameters.variables, type, viewer);
    } catch (error) {
      counted(operation?.definition.operation ?? "none", "refused");
      const errors = error instanceof BadQuery ? error.errors : error instanceof AppError ? [error] : undefined;
      if (!errors) throw error;
      answer(koa, type, { errors: errors.map((each) => formatted(each, asker)) });
      return;
    }
    const kind = operation.definition.operation;
    const one = viewer?.appointmentId ?? koa.state.origin;
    if (type === "text/event-stream") {
      const leave = streams.enter(one);
      try {
        const signal = AbortSignal.any([stopping, koa.state.gone!]);
        const renew = koa.state.renew!;
        await pour(koa, await stream({ ...parameters, operation, context, renew, asker, signal }), signal);
        counted(kind, "ok");
      } finally {
        leave();
      }
      return;
    }
    const leave = operations.enter(one);
    // The place is kept until the work is over, even if nobody waits for its answer any more.
    const work = run(operation, context, parameters.variables).finally(leave);
    const result = await inTime(work, bounds.milliseconds, koa.state.gone!, kind);
    counted(kind, result.errors ? "errors" : "ok");
    answer(koa, type, shown(result, asker));
  };
}

/** The request's parameters, of the right types (GraphQL over HTTP §5.1), or BAD_REQUEST. */
function parametersOf(body: Readonly<Record<string, unknown>>): Parameters {
  const { query, operationName, variables, extensions } = body;
  const isMap = (value: unknown) => (value ?? null) === null || (typeof value === "object" && !Array.isArray(value));
  const isName = operationName === undefined || operationName === null || typeof operationName === "string";
  if (typeof query !== "string" || !isName || !isMap(variables) || !isMap(extensions))
    throw new Refusal(
      400,
      "BAD_REQUEST",
      "Cần query là chuỗi; operationName, variables, extensions đúng kiểu.",
      "query must be a string, operationName a string, variables and extensions objects.",
    );
  refuseUnstorable(variables);
  return { query, operationName: operationName ?? undefined, variables: (variables ?? {}) as Variables };
}

/** Refuses an operation that costs too much, goes by the wrong transport, or needs more than the token's scopes. */
function admit(operation: Operation, variables: Variables, type: MediaType, viewer: Viewer | null): void {
  const refuse = (message: string) => {
    throw new BadQuery([new GraphQLError(message)]);
  };
  const kind = operation.definition.operation;
  if (operation.cost(variables) > limits.cost)
    refuse(`More than ${limits.cost} field values are expected: ask for fewer.`);
  const isStream = type === "text/event-stream";
  if (isSubscription(operation) && !isStream) refuse("A subscription is answered with Accept: text/event-stream only.");
  // The answer's head, with the session cookie, would be gone before a mutation is done.
  if (kind === OperationTypeNode.MUTATION && isStream)
    refuse("A mutation is answered with Accept: application/json only.");
  const scopes = viewer?.scopes;
  if (!scopes || scopes.has("WRITE")) return;
  if (kind === OperationTypeNode.MUTATION) throw forbidden("scope WRITE");
  if (!scopes.has("READ") && !isAboutSchema(operation)) throw forbidden("scope READ");
}

const isAboutSchema = ({ definition }: Operation) =>
  definition.selectionSet.selections.every((each) => each.kind === Kind.FIELD && each.name.value.startsWith("__"));

/** GraphQL over HTTP §6.4: only the newer type says by its status that nothing was executed. */
function answer(koa: Request, type: MediaType, result: object): void {
  if (type === "text/event-stream") {
    koa.body = refusalAsEvents(result);
    koa.type = "text/event-stream; charset=utf-8";
    koa.status = 200;
    return;
  }
  // As bytes: of a string Koa and Node would each count and encode them again.
  koa.body = Buffer.from(JSON.stringify(result));
  koa.type = `${type}; charset=utf-8`;
  koa.status = type === "application/json" || "data" in result ? 200 : 400;
}

async function inTime(
  work: Promise<ExecutionResult>,
  milliseconds: number,
  gone: AbortSignal,
  kind: OperationTypeNode,
): Promise<ExecutionResult> {
  const late = Promise.withResolvers<never>();
  const stop = () => late.reject(kind === OperationTypeNode.MUTATION ? unknownOutcome() : unavailable());
  const timer = setTimeout(stop, milliseconds);
  gone.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    gone.removeEventListener("abort", stop);
    work.catch(() => undefined);
  }
}

const unknownOutcome = () =>
  new AppError(
    "UNAVAILABLE",
    "Chưa biết kết quả; vui lòng gửi lại với cùng khóa chống lặp.",
    "The outcome is not known yet; repeat the request with the same idempotency key.",
    { retryAfterSeconds: 5 },
  );

async function pour(koa: Request, response: Response, signal: AbortSignal): Promise<void> {
  koa.respond = false;
  koa.set({ "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
  koa.res.writeHead(response.status);
  koa.res.flushHeaders();
  // A client that leaves is the usual end of a stream, not a failure.
  await pipeline(Readable.fromWeb(response.body as never), koa.res).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
