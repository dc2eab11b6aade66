import { createSourceEventStream, execute, type ExecutionResult, type GraphQLSchema, OperationTypeNode } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Context } from "../context.ts";
import { unauthenticated } from "../errors.ts";
import type { Operation } from "./documents.ts";
import { type Asker, formatted } from "./errors.ts";
import type { Execute } from "./jit.ts";
import type { Variables } from "./limits.ts";

/** An operation that has been let in, to be answered as server-sent events. */
export interface StreamedRequest {
  readonly query: string;
  readonly operation: Operation;
  readonly variables: Variables;
  readonly context: Context;
  /**
   * A new Context for each event, since rights may have been withdrawn meanwhile; null where nobody is signed in any
   * more.
   */
  readonly renew: () => Promise<Context | null>;
  readonly asker: Asker;
  /** Ends the stream: the client is gone or the server stops. */
  readonly signal: AbortSignal;
}

/** Results as a client may see them, errors masked. */
export function shown(result: ExecutionResult, asker: Asker): object {
  const { errors, ...rest } = result;
  return errors ? { errors: errors.map((error) => formatted(error, asker)), ...rest } : rest;
}

/**
 * The whole answer to an operation that is refused: the errors are an event, since EventSource hides other statuses.
 */
export const refusalAsEvents = (result: object): string =>
  `event: next\ndata: ${JSON.stringify(result)}\n\nevent: complete\ndata:\n\n`;

/** Answers operations as server-sent events (graphql-sse, distinct connections mode) by GraphQL Yoga. */
export function streamer(schema: GraphQLSchema, run: Execute): (request: StreamedRequest) => Promise<Response> {
  // The document has passed the limits and rules already: Yoga executes that one and parses nothing itself.
  const admitted: Plugin<StreamedRequest> = {
    onParse: ({ context, setParsedDocument }) => setParsedDocument(context.operation.document),
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setExecuteFn }) => {
      const { operation, context, variables, asker } = requestOf(args.contextValue);
      setExecuteFn(() => masked(asker, async () => shown(await run(operation, context, variables), asker)));
    },
    onSubscribe: ({ args, setSubscribeFn }) => {
      const request = requestOf(args.contextValue);
      setSubscribeFn(() => masked(request.asker, () => events(schema, request)));
    },
  };
  const yoga = createYoga<{ request: Request } & Record<"streamed", StreamedRequest>>({
    schema,
    plugins: [admitted],
    // Node's own classes: Yoga's stand-ins cannot be turned into a Node stream.
    fetchAPI: { Headers, ReadableStream, Request, Response, TextEncoder },
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    // Everything is masked by `shown` before it comes here, as on the fast path.
    maskedErrors: false,
    multipart: false,
    parserAndValidationCache: false,
  });
  return async (streamed) => {
    const { query, operation, variables, signal } = streamed;
    const headers = { accept: "text/event-stream", "content-type": "application/json" };
    const body = JSON.stringify({ query, operationName: operation.name, variables });
    return yoga.fetch("http://server/graphql", { method: "POST", headers, body, signal }, streamed as never);
  };
}

const requestOf = (contextValue: unknown): StreamedRequest => contextValue as StreamedRequest;

/** What is thrown, and not given as an error, would go to the client as it is. */
async function masked<T>(asker: Asker, work: () => Promise<T>): Promise<T | object> {
  try {
    return await work();
  } catch (error) {
    return { errors: [formatted(error, asker)] };
  }
}

async function events(schema: GraphQLSchema, request: StreamedRequest): Promise<AsyncIterable<object> | object> {
  const { operation, variables, context, asker } = request;
  const { document, name: operationName } = operation;
  const source = await createSourceEventStream({
    schema,
    document,
    operationName,
    contextValue: context,
    variableValues: { ...variables },
  });
  return Symbol.asyncIterator in source ? answers(schema, request, source) : shown(source, asker);
}

async function* answers(
  schema: GraphQLSchema,
  { operation, variables, renew, asker, signal }: StreamedRequest,
  source: AsyncIterable<unknown>,
): AsyncGenerator<object> {
  const { document, name: operationName } = operation;
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const event = await nextOf(iterator, signal);
      if (event.done) return;
      const contextValue = await renew();
      if (!contextValue) {
        yield { errors: [formatted(unauthenticated(), asker)] };
        return;
      }
      const rootValue = event.value;
      const variableValues = { ...variables };
      yield shown(await execute({ schema, document, operationName, rootValue, contextValue, variableValues }), asker);
    }
  } catch (error) {
    yield { errors: [formatted(error, asker)] };
  } finally {
    // Not waited for: a source that is asleep only hears of it when it wakes.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** The next event, or the end as soon as the signal says so. */
function nextOf(iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<IteratorResult<unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<unknown>>();
  const stop = () => resolve({ done: true, value: undefined });
  if (signal.aborted) stop();
  else {
    signal.addEventListener("abort", stop, { once: true });
    iterator.next().then(resolve, reject);
  }
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

export const isSubscription = ({ definition }: Operation) => definition.operation === OperationTypeNode.SUBSCRIPTION;
