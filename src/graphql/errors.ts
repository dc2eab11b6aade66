import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { type Failure, failureOf, Refusal } from "../http/failures.ts";

/** What the formatting of errors depends on. */
export interface Asker {
  readonly requestId: string;
  readonly log: Logger;
  /** Whether errors may name what else the schema has. */
  readonly mayIntrospect: boolean;
}

type Place = Pick<GraphQLFormattedError, "locations" | "path">;

/** An error as GraphQL has it: the Vietnamese sentence, its code and both sentences in the extensions. */
export function errorOf({ code, vi, en, details }: Failure, at: Place = {}): GraphQLFormattedError {
  return { message: vi, ...at, extensions: { ...details, code, vi, en } };
}

/** The cause under what GraphQL has wrapped around it. */
function causeOf(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; cause instanceof GraphQLError && cause.originalError && depth < 10; depth++)
    cause = cause.originalError;
  return cause;
}

/**
 * Shows an error of parsing, validation or execution; faults of ours are logged and leave no trace but a request id.
 */
export function formatted(error: unknown, asker: Asker): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? error : undefined;
  const at = { ...(place?.locations && { locations: place.locations }), ...(place?.path && { path: place.path }) };
  const cause = causeOf(error);
  // Without a path nothing was executed; with one, GraphQL's own complaint about an argument still names its place.
  const isAboutQuery = cause instanceof GraphQLError && (!place?.path || (cause.nodes?.length ?? 0) > 0);
  if (isAboutQuery) {
    const message = place?.path ? cause.message : (place ?? cause).message;
    return errorOf(badQuery(asker.mayIntrospect ? message : withoutSuggestions(message)), at);
  }
  const failure = failureOf(cause, asker.requestId);
  if (failure.code === "INTERNAL") asker.log.error({ err: cause, path: place?.path }, "a field failed");
  else if (failure.code === "UNAVAILABLE")
    asker.log.warn({ err: cause, path: place?.path }, "a field could not be served");
  return errorOf(failure, at);
}

const badQuery = (message: string): Failure =>
  new Refusal(400, "BAD_QUERY", `Truy vấn không hợp lệ: ${message}`, message);

/** graphql-js ends such messages with names that do exist: introspection by guessing. */
const withoutSuggestions = (message: string) => message.replace(/ ?Did you mean[^]*$/, "");
